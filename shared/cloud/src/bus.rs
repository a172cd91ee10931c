//! Facts out, to the event bus.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use baton_core::id::LeadId;
use baton_core::message::EventName;
use serde::Serialize;

use crate::error::{AwsError, Error};

/// What the bus calls us.
const SOURCE: &str = "baton";

/// The event bus.
#[derive(Clone, Debug)]
pub struct Bus {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Bus {
    /// Publishes one fact about a lead.
    ///
    /// # Errors
    ///
    /// When the bus can't be reached or does not take it.
    pub async fn publish(
        &self,
        name: EventName,
        lead: LeadId,
        fact: &impl Serialize,
    ) -> Result<(), Error> {
        let detail = serde_json::to_string(fact).map_err(|e| Error::Unwritable(Box::new(e)))?;
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(name.word())
            .resources(lead.to_string())
            .detail(detail)
            .build();
        let sent = self.client.put_events().entries(entry).send().await;
        let answer = sent.map_err(Error::aws("PutEvents"))?;
        match answer.entries().iter().find_map(|entry| entry.error_code()) {
            None => Ok(()),
            Some(code) => Err(Error::of_aws("PutEvents", AwsError::refused(Some(code), 200))),
        }
    }
}
