//! A lead qualified: find its owner. The payload is EventBridge's envelope around our event.

use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use baton_cloud::{Error, Failure, Handoff};
use baton_core::command::{Actor, Command, Order};
use baton_core::message::{Event, EventName};

/// EventBridge's envelope around one of our events.
pub type Payload = EventBridgeEvent<Event>;

/// The `route` function.
#[derive(Clone, Debug)]
pub struct Route {
    handoff: Arc<Handoff>,
}

impl Route {
    /// A function over a hand-off.
    pub fn new(handoff: Arc<Handoff>) -> Self {
        Self { handoff }
    }

    /// Assigns the lead that qualified. The bus delivers at least once and out of order: a lead
    /// that has an owner by now is left alone, and so is an event that is not ours to act on.
    ///
    /// # Errors
    ///
    /// When the world fails: the bus then tries again, and the lead's own clock does too.
    pub async fn handle(&self, payload: Payload) -> Result<(), Error> {
        self.handoff.refresh().await;
        let event = payload.detail;
        if event.name != EventName::Qualified {
            return Ok(());
        }
        let order = Order { command: Command::Assign, by: Actor::Router, cycle: Some(event.cycle) };
        match self.handoff.execute(event.lead, &order).await {
            Ok(_) | Err(Failure::Refused(_) | Failure::NotFound) => Ok(()),
            Err(Failure::Error(error)) => Err(error),
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
        assert_eq!(payload.detail_type, payload.detail.name.word());
    }
}
