//! The life of one run of a function: where it is killed, nothing of it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

tokio::task_local! {
    static LIFE: Arc<Life>;
}

#[derive(Default)]
struct Life {
    is_over: AtomicBool,
    end: Notify,
}

/// Lives through one run of a function; `None` if a wire killed it. Its calls may be killed at any
/// await, so it must not hand them to tasks of their own.
pub async fn live<T>(run: impl Future<Output = T>) -> Option<T> {
    let life = Arc::new(Life::default());
    let ended = Arc::clone(&life);
    let both = async move {
        tokio::select! {
            biased;
            () = ended.end.notified() => None,
            done = run => Some(done),
        }
    };
    LIFE.scope(life, both).await
}

/// Ends the run that asks, if it is one; whoever is not just waits.
pub(super) async fn end<T>() -> T {
    // Outside of a run nobody waits for the end of one.
    let _ = LIFE.try_with(|life| {
        life.is_over.store(true, Ordering::SeqCst);
        life.end.notify_one();
    });
    std::future::pending().await
}

/// Waits for ever in a run that is over: what it does side by side ends with it.
pub(super) async fn go_on() {
    if LIFE.try_with(|life| life.is_over.load(Ordering::SeqCst)).unwrap_or(false) {
        std::future::pending::<()>().await;
    }
}
