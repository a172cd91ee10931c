//! SNS and EventBridge on this machine, as one router.
//!
//! A call is answered once its subscriber is done with it. The entries of one call are handed over
//! one after another, in the order they were sent; calls do not wait for each other.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;

use super::eventbridge::{self, EntryFault};
use super::fault::Fault;
use super::sns;
use super::subscriber::{Dispatcher, Panicked, Subscriber};

/// The largest body, in bytes: the largest request of either service, with every byte escaped.
const BODY_BYTES: usize = 8 * 1024 * 1024;
/// The header in which a JSON protocol names its operation.
const TARGET: &str = "x-amz-target";

/// Answers the calls of both services, and hands over what was sent.
pub fn router(subscriber: Arc<impl Subscriber>) -> Router {
    Router::new()
        .route("/", post(answer))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(Arc::new(Dispatcher::to(subscriber)))
}

/// EventBridge names its operation in a header; SNS, in the form.
async fn answer<S: Subscriber>(
    dispatcher: State<Arc<Dispatcher<S>>>,
    request: Request,
) -> Response {
    let request_id = dispatcher.next_id();
    if request.headers().contains_key(TARGET) {
        match put(&dispatcher, request).await {
            Ok(results) => eventbridge::answered(results, &request_id),
            Err(fault) => eventbridge::refused(&fault, &request_id),
        }
    } else {
        match publish(&dispatcher, request).await {
            Ok(message_id) => sns::accepted(&message_id, &request_id),
            Err(fault) => sns::refused(&fault, &request_id),
        }
    }
}

async fn publish<S: Subscriber>(
    dispatcher: &Dispatcher<S>,
    request: Request,
) -> Result<String, Fault> {
    let Form(form) = Form::from_request(request, &())
        .await
        .map_err(|_| Fault::sender("MalformedQueryString", "The form cannot be read."))?;
    let message = sns::parse(form)?;
    dispatcher.publish(message).await.map_err(|Panicked| Fault {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        code: "InternalError",
        message: "The subscriber failed.".to_owned(),
    })
}

async fn put<S: Subscriber>(
    dispatcher: &Dispatcher<S>,
    request: Request,
) -> Result<Vec<Result<String, EntryFault>>, Fault> {
    let target = request.headers().get(TARGET).cloned();
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|_| Fault::sender("SerializationException", "The body cannot be read."))?;
    let mut results = Vec::new();
    for entry in eventbridge::parse(target.as_ref().map(HeaderValue::as_bytes), &body)? {
        results.push(match entry {
            Ok(event) => dispatcher.put(event).await.map_err(|Panicked| EntryFault::internal()),
            Err(fault) => Err(fault),
        });
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use aws_sdk_eventbridge::error::ProvideErrorMetadata;
    use aws_sdk_eventbridge::types::PutEventsRequestEntry;
    use aws_sdk_sns::types::MessageAttributeValue;

    use super::super::{EmbeddedDynamo, InProcess, Published, PutEvent, Store};
    use super::*;

    const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:baton-kim";

    /// Keeps what it is told, after a moment's work; a detail type or subject of `panic` ends it.
    #[derive(Default)]
    struct Recorder {
        published: Mutex<Vec<Published>>,
        put: Mutex<Vec<(String, PutEvent)>>,
    }

    impl Subscriber for Recorder {
        async fn published(&self, message: Published) {
            assert_ne!(message.subject.as_deref(), Some("panic"));
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.published.lock().unwrap().push(message);
        }

        async fn put(&self, id: String, event: PutEvent) {
            assert_ne!(event.detail_type, "panic");
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.put.lock().unwrap().push((id, event));
        }
    }

    fn start() -> (Arc<Recorder>, InProcess) {
        let recorder = Arc::new(Recorder::default());
        let messaging = router(Arc::clone(&recorder));
        (recorder, InProcess::to(EmbeddedDynamo::open(&Store::Memory).unwrap(), messaging))
    }

    fn sns(local: &InProcess) -> aws_sdk_sns::Client {
        client!(aws_sdk_sns, local.clone())
    }

    fn eventbridge(local: &InProcess) -> aws_sdk_eventbridge::Client {
        client!(aws_sdk_eventbridge, local.clone())
    }

    fn entry(detail_type: &str, detail: &str) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .source("baton.score")
            .detail_type(detail_type)
            .detail(detail)
            .event_bus_name("baton")
            .build()
    }

    #[tokio::test]
    async fn a_published_message_reaches_the_subscriber_before_the_publisher_is_answered() {
        let (recorder, local) = start();
        let kind = MessageAttributeValue::builder()
            .data_type("String")
            .string_value("accept_overdue")
            .build();
        let body = r#"{"default":"d","email":"Zoë & Søn <b>\n100 % = +1","sms":"now"}"#;
        let publish = sns(&local).publish().topic_arn(TOPIC).subject("Lead: Acme, score 120");
        let publish = publish.message(body).message_structure("json");
        let sent = publish.message_attributes("kind", kind.unwrap()).send().await.unwrap();
        assert!(sent.message_id().is_some_and(|id| id.len() == 36));

        let published = recorder.published.lock().unwrap();
        let [published] = published.as_slice() else { panic!("{published:?}") };
        assert_eq!(published.topic_arn, TOPIC);
        assert_eq!(published.subject.as_deref(), Some("Lead: Acme, score 120"));
        assert_eq!(published.message, body);
        assert_eq!(published.text_for("email"), "Zoë & Søn <b>\n100 % = +1");
        assert_eq!(published.text_for("sms"), "now");
        assert_eq!(published.attributes["kind"], "accept_overdue");
    }

    #[tokio::test]
    async fn a_bad_subject_is_refused_with_the_services_own_error() {
        let (recorder, local) = start();
        let publish = sns(&local).publish().topic_arn(TOPIC).message("m").subject("two\nlines");
        let refused = publish.send().await.unwrap_err().into_service_error();
        assert!(refused.is_invalid_parameter_exception(), "{refused:?}");
        assert_eq!(refused.meta().message(), Some("Invalid parameter: Subject"));
        assert!(recorder.published.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn events_are_delivered_in_order_before_the_sender_is_answered() {
        let (recorder, local) = start();
        let first = entry("lead.qualified", r#"{"lead":"l-1"}"#);
        let bad = entry("lead.qualified", "no object");
        let last = entry("lead.returned", r#"{"lead":"l-2"}"#);
        let put = eventbridge(&local).put_events().entries(first).entries(bad).entries(last);
        let answer = put.send().await.unwrap();

        assert_eq!(answer.failed_entry_count(), 1);
        assert_eq!(answer.entries()[1].error_code(), Some("MalformedDetail"));
        let seen = recorder.put.lock().unwrap();
        let seen = seen.iter().map(|(id, event)| (id.as_str(), event.detail["lead"].as_str()));
        let id = |index: usize| answer.entries()[index].event_id().unwrap();
        assert_eq!(seen.collect::<Vec<_>>(), [(id(0), Some("l-1")), (id(2), Some("l-2"))]);
    }

    #[tokio::test]
    async fn a_batch_over_the_limits_is_refused_whole() {
        let (recorder, local) = start();
        let large = format!(r#"{{"x":"{}"}}"#, "\\\"".repeat(600 * 1024));
        for (count, detail) in [(11, "{}"), (1, large.as_str())] {
            let entries = vec![entry("lead.qualified", detail); count];
            let put = eventbridge(&local).put_events().set_entries(Some(entries));
            let refused = put.send().await.unwrap_err().into_service_error();
            assert_eq!(refused.code(), Some("ValidationException"), "{refused:?}");
        }
        assert!(recorder.put.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_subscriber_that_panics_is_the_services_fault_and_spares_the_rest() {
        let (recorder, local) = start();
        let put = eventbridge(&local).put_events();
        let put = put.entries(entry("panic", "{}")).entries(entry("lead.qualified", "{}"));
        let answer = put.send().await.unwrap();
        assert_eq!(answer.entries()[0].error_code(), Some("InternalFailure"));
        assert_eq!(recorder.put.lock().unwrap().len(), 1);

        let publish = sns(&local).publish().topic_arn(TOPIC).message("m").subject("panic");
        let failed = publish.send().await.unwrap_err().into_service_error();
        assert!(failed.is_internal_error_exception(), "{failed:?}");
    }

    #[tokio::test]
    async fn an_unknown_operation_gets_its_protocols_own_error() {
        let (_, local) = start();
        let topics = sns(&local).list_topics().send().await.unwrap_err();
        assert_eq!(topics.into_service_error().code(), Some("InvalidAction"));
        let rules = eventbridge(&local).list_rules().send().await.unwrap_err();
        assert_eq!(rules.into_service_error().code(), Some("UnknownOperationException"));
    }
}
