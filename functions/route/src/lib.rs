//! A lead qualified: find its owner. The payload is what waits in the inbox that the bus fills:
//! messages of SQS, each with EventBridge's envelope around one of our events.

use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::sqs::SqsEventObj;
use baton_cloud::{Error, causes};
use baton_core::commands::{Actor, Assign, CommandRequest};
use baton_core::message::{Event, EventName};
use baton_engine::{Failure, Services};
use tracing::Instrument;

/// Messages of SQS, each with EventBridge's envelope around one of our events.
pub type Payload = SqsEventObj<EventBridgeEvent<Event>>;

/// The `route` function.
#[derive(Clone, Debug)]
pub struct Route {
    services: Arc<Services>,
}

impl Route {
    /// A function over a hand-off.
    pub fn new(services: Arc<Services>) -> Self {
        Self { services }
    }

    /// Assigns each lead that qualified. Bus and inbox deliver at least once and out of order: a
    /// lead that has an owner by now is left alone, and so is an event that is not ours to act on.
    ///
    /// # Errors
    ///
    /// When the world fails: all the messages then wait in the inbox to be tried again, and the
    /// lead's own clock runs too.
    pub async fn handle(&self, payload: Payload) -> Result<(), Error> {
        self.services.refresh().await;
        for message in payload.records {
            self.assign(message.body.detail).await?;
        }
        Ok(())
    }

    async fn assign(&self, event: Event) -> Result<(), Error> {
        if event.name != EventName::Qualified {
            return Ok(());
        }
        let correlation = event.correlation.unwrap_or_else(baton_cloud::correlation);
        let order = CommandRequest::new(Assign {}, Actor::Router, correlation);
        let order = CommandRequest { cycle: Some(event.cycle), told_of: Some(event.lead), ..order };
        let span = tracing::info_span!("event", correlation = %order.correlation);
        match self.services.execute(event.lead, &order).instrument(span).await {
            Ok(_) | Err(Failure::Refused(_) | Failure::NotFound) => Ok(()),
            Err(Failure::Error(error)) => {
                tracing::error!(lead = %event.lead, correlation = %order.correlation,
                    error = %causes(&error),
                    "lead {}: not assigned, for {}; its message waits to be tried again",
                    event.lead, order.correlation);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_event_reads() {
        let recorded = include_str!("../events/lead-qualified.json");
        let payload: Payload = serde_json::from_str(recorded).unwrap();
        let envelope = &payload.records[0].body;
        assert_eq!(envelope.detail_type, envelope.detail.name.word());
    }
}
