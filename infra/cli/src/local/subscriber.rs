//! Delivery to whoever subscribes to the local SNS and EventBridge.
//!
//! A subscriber runs to its end even if the caller hangs up, and one that panics fails only
//! the call that reached it. Like the services, this delivers at least once: a caller that
//! repeats a call whose answer it never saw delivers twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::eventbridge::PutEvent;
use super::sns::Published;

/// Receives the messages that were published and the events that were put.
pub trait Subscriber: Send + Sync + 'static {
    /// A message was published to a topic. The publisher waits for this.
    fn published(&self, message: Published) -> impl Future<Output = ()> + Send;

    /// An event was put on a bus, under this id. The sender waits for this.
    fn put(&self, id: String, event: PutEvent) -> impl Future<Output = ()> + Send;
}

/// The subscriber panicked, and the panic hook has reported it.
#[derive(Debug)]
pub(super) struct Panicked;

/// Hands messages and events to the subscriber, and gives them their ids.
pub(super) struct Dispatcher<S> {
    subscriber: Arc<S>,
    ids: AtomicU64,
}

impl<S: Subscriber> Dispatcher<S> {
    pub(super) fn to(subscriber: Arc<S>) -> Self {
        Self { subscriber, ids: AtomicU64::new(1) }
    }

    /// A counter in the form of a UUID: unique within one run only.
    pub(super) fn next_id(&self) -> String {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-0000-4000-8000-{:012x}", number >> 48, number & 0xffff_ffff_ffff)
    }

    /// Gives the message's id once the subscriber is done with it.
    pub(super) async fn publish(&self, message: Published) -> Result<String, Panicked> {
        let subscriber = Arc::clone(&self.subscriber);
        to_the_end(async move { subscriber.published(message).await }).await?;
        Ok(self.next_id())
    }

    /// Gives the event's id once the subscriber is done with it.
    pub(super) async fn put(&self, event: PutEvent) -> Result<String, Panicked> {
        let id = self.next_id();
        let (subscriber, given) = (Arc::clone(&self.subscriber), id.clone());
        to_the_end(async move { subscriber.put(given, event).await }).await?;
        Ok(id)
    }
}

/// Runs it in a task of its own, which outlives the connection.
async fn to_the_end(work: impl Future<Output = ()> + Send + 'static) -> Result<(), Panicked> {
    tokio::spawn(work).await.map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tokio::sync::Notify;

    use super::*;

    #[derive(Default)]
    struct Slow {
        may_go_on: Notify,
        heard: Mutex<Vec<String>>,
    }

    impl Subscriber for Slow {
        async fn published(&self, message: Published) {
            panic!("told to: {}", message.message);
        }

        async fn put(&self, id: String, _: PutEvent) {
            self.may_go_on.notified().await;
            self.heard.lock().unwrap().push(id);
        }
    }

    fn event() -> PutEvent {
        let detail = serde_json::json!({});
        let [source, detail_type, bus] = ["baton.score", "lead.qualified", "baton"].map(Into::into);
        PutEvent { source, detail_type, detail, bus, resources: vec![] }
    }

    #[tokio::test]
    async fn a_subscriber_runs_to_its_end_though_the_caller_hangs_up() {
        let slow = Arc::new(Slow::default());
        let dispatcher = Dispatcher::to(Arc::clone(&slow));
        let call = dispatcher.put(event());
        tokio::time::timeout(Duration::from_millis(20), call).await.unwrap_err();
        slow.may_go_on.notify_one();
        while slow.heard.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_subscriber_that_panics_fails_its_own_call() {
        let dispatcher = Dispatcher::to(Arc::new(Slow::default()));
        let body = || "a message".to_owned();
        let message = Published {
            topic_arn: body(),
            subject: None,
            message: body(),
            default: body(),
            bodies: [].into(),
            attributes: [].into(),
        };
        assert!(dispatcher.publish(message).await.is_err());
        dispatcher.subscriber.may_go_on.notify_one();
        assert!(dispatcher.put(event()).await.is_ok());
    }
}
