//! Messages out: facts to the bus, words to people. At least once; the table says which are left.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use baton_core::alert;
use baton_core::correlation::Correlation;
use baton_core::id::LeadId;
use baton_core::message::{Alert, EventName, Facts, Message, MessageId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::error::{Error, Trouble};
use crate::link::{Link, Links};
use crate::rules::Rules;

/// What the bus calls us.
const SOURCE: &str = "baton";

/// The way out for messages.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    pub(crate) bus: aws_sdk_eventbridge::Client,
    pub(crate) alerts: aws_sdk_sns::Client,
    pub(crate) bus_name: String,
    pub(crate) topic_prefix: String,
}

/// A message, and all that writing and sending it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parcel<'a> {
    pub(crate) id: MessageId,
    pub(crate) message: &'a Message,
    pub(crate) correlation: &'a Correlation,
    pub(crate) rules: &'a Rules,
    pub(crate) links: &'a Links,
    pub(crate) now: Timestamp,
}

impl Outbox {
    /// Sends one message.
    pub(crate) async fn send(&self, parcel: &Parcel<'_>) -> Result<(), Error> {
        match parcel.message {
            Message::Event(event) => self.publish(event.name, event.lead, event).await,
            Message::Erased(news) => self.publish(news.name, news.lead, news).await,
            Message::Alert(alert) => self.notify(alert, parcel).await,
        }
    }

    async fn publish(
        &self,
        name: EventName,
        lead: LeadId,
        fact: &impl Serialize,
    ) -> Result<(), Error> {
        let detail = serde_json::to_string(fact).map_err(|e| Error::Unwritable(Box::new(e)))?;
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus_name)
            .source(SOURCE)
            .detail_type(name.word())
            .resources(lead.to_string())
            .detail(detail)
            .build();
        let sent = self.bus.put_events().entries(entry).send().await;
        let answer = sent.map_err(Error::aws("PutEvents"))?;
        match answer.entries().iter().find_map(|entry| entry.error_code()) {
            None => Ok(()),
            Some(code) => Err(Error::trouble("PutEvents", Trouble::refused(Some(code), 200))),
        }
    }

    /// One topic a person; what each of their channels carries is written for that channel.
    async fn notify(&self, alert: &Alert, parcel: &Parcel<'_>) -> Result<(), Error> {
        let Parcel { rules, links, correlation, now, .. } = *parcel;
        let Facts { lead, cycle, erasures, .. } = alert.facts;
        let link = Link { lead, erasures, cycle, person: alert.to.clone() };
        let written = alert::write(&alert.sent_at(now), &rules.roster, &links.url(&link, now));
        let bodies =
            json!({ "default": &written.email, "email": &written.email, "sms": &written.sms });
        self.alerts
            .publish()
            .topic_arn(format!("{}{}", self.topic_prefix, alert.to))
            .subject(&written.subject)
            .message(bodies.to_string())
            .message_structure("json")
            .message_attributes("kind", attribute(alert.kind.word()))
            .message_attributes("lead", attribute(&lead.to_string()))
            .message_attributes("correlation", attribute(correlation.as_str()))
            .send()
            .await
            .map_err(Error::aws("Publish"))?;
        Ok(())
    }
}

fn attribute(value: &str) -> aws_sdk_sns::types::MessageAttributeValue {
    aws_sdk_sns::types::MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .expect("the type is given")
}
