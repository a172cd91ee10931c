//! Messages out: facts to the bus, words to people. At least once; the table says which are left.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_sdk_sns::operation::publish::builders::PublishFluentBuilder;
use baton_core::alert::{self, Written};
use baton_core::correlation::Correlation;
use baton_core::id::{LeadId, PersonId};
use baton_core::message::{Alert, EventName, Facts, Message};
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
    pub(crate) message: &'a Message,
    pub(crate) correlation: &'a Correlation,
    pub(crate) rules: &'a Rules,
    pub(crate) links: &'a Links,
    pub(crate) now: Timestamp,
}

/// All that writing and sending a digest takes, but for its alerts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest<'a> {
    pub(crate) to: &'a PersonId,
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
        let link = link(alert, links, now);
        let written = alert::write(&alert.sent_at(now), &rules.roster, &link);
        let letter = self.letter(&alert.to, &written, &written.email, correlation);
        let letter = letter
            .message_attributes("kind", attribute(alert.kind.word()))
            .message_attributes("lead", attribute(&alert.facts.lead.to_string()));
        letter.send().await.map_err(Error::aws("Publish"))?;
        Ok(())
    }

    /// One letter about many leads, to the one reader that all these alerts have.
    pub(crate) async fn send_digest<'a>(
        &self,
        alerts: impl Iterator<Item = &'a Alert>,
        digest: &Digest<'_>,
    ) -> Result<(), Error> {
        let Digest { to, correlation, rules, links, now } = *digest;
        let notice = |alert: &Alert| alert::Notice {
            link: link(alert, links, now),
            alert: alert.sent_at(now),
        };
        let notices: Vec<_> = alerts.map(notice).collect();
        let Some(written) = alert::digest(&notices, &rules.roster) else { return Ok(()) };
        // What is meant for neither channel is short: a whole list twice would be too long for SNS.
        let letter = self.letter(to, &written, &written.sms, correlation);
        let letter = letter.message_attributes("kind", attribute("digest"));
        letter.send().await.map_err(Error::aws("Publish"))?;
        Ok(())
    }

    /// A letter about no lead in particular.
    pub(crate) async fn send_written(
        &self,
        to: &PersonId,
        written: &Written,
        kind: &str,
        correlation: &Correlation,
    ) -> Result<(), Error> {
        let letter = self.letter(to, written, &written.email, correlation);
        let letter = letter.message_attributes("kind", attribute(kind));
        letter.send().await.map_err(Error::aws("Publish"))?;
        Ok(())
    }

    fn letter(
        &self,
        to: &PersonId,
        written: &Written,
        otherwise: &str,
        correlation: &Correlation,
    ) -> PublishFluentBuilder {
        let bodies = json!({ "default": otherwise, "email": &written.email, "sms": &written.sms });
        self.alerts
            .publish()
            .topic_arn(format!("{}{to}", self.topic_prefix))
            .subject(&written.subject)
            .message(bodies.to_string())
            .message_structure("json")
            .message_attributes("correlation", attribute(correlation.as_str()))
    }
}

/// The address of an alert's lead, for its reader.
fn link(alert: &Alert, links: &Links, now: Timestamp) -> String {
    let Facts { lead, cycle, erasures, .. } = alert.facts;
    links.url(&Link { lead, erasures, cycle, person: alert.to.clone() }, now)
}

fn attribute(value: &str) -> aws_sdk_sns::types::MessageAttributeValue {
    aws_sdk_sns::types::MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .expect("the type is given")
}
