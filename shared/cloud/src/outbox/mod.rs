//! Messages out: facts to the bus, words to people. At least once; the table says which are left.

mod channel;
mod sns;

use std::sync::Arc;

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use baton_core::correlation::Correlation;
use baton_core::delivery::Delivery;
use baton_core::id::{LeadId, PersonId};
use baton_core::message::{Alert, EventName, Facts, Message};
use jiff::Timestamp;
use serde::Serialize;

use crate::aws::Aws;
use crate::error::{Error, Trouble, causes};
use crate::link::{Link, Links};
use crate::rules::Rules;
use channel::send_by;

pub(crate) use channel::{Channel, Outbound, Receipt};
pub(crate) use sns::Sns;

/// What the bus calls us.
const SOURCE: &str = "baton";

/// Every way out to people.
pub(crate) fn every_channel(aws: &Aws) -> Vec<Arc<dyn Channel>> {
    vec![Arc::new(aws.sns())]
}

/// The way out for messages.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    pub(crate) bus: aws_sdk_eventbridge::Client,
    pub(crate) bus_name: String,
    pub(crate) channels: Vec<Arc<dyn Channel>>,
}

/// A message, and all that writing and sending it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parcel<'a> {
    pub(crate) message: &'a Message,
    /// By which channels it left when it was last tried.
    pub(crate) before: &'a [Delivery],
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
    /// Sends one message. An event leaves by no channel, for it is for nobody in person.
    pub(crate) async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, Error> {
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
    ) -> Result<Receipt, Error> {
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
            None => Ok(Receipt::default()),
            Some(code) => Err(Error::trouble("PutEvents", Trouble::refused(Some(code), 200))),
        }
    }

    /// Tells somebody of one alert, by the channels that have not taken it before.
    async fn notify(&self, alert: &Alert, parcel: &Parcel<'_>) -> Result<Receipt, Error> {
        let Parcel { rules, links, correlation, before, now, .. } = *parcel;
        let link = link(alert, links, now);
        let content = baton_wording::render(&alert.sent_at(now), &rules.roster, &link);
        let outbound = Outbound {
            to: &alert.to,
            reader: rules.roster.person(&alert.to),
            content: &content,
            kind: alert.kind.word(),
            lead: Some(alert.facts.lead),
            correlation,
        };
        send_by(&self.channels, &outbound, before, now).await
    }

    /// One letter about many leads, to the one reader that all these alerts have.
    pub(crate) async fn send_digest<'a>(
        &self,
        alerts: impl Iterator<Item = &'a Alert>,
        digest: &Digest<'_>,
    ) -> Result<Receipt, Error> {
        let Digest { to, correlation, rules, links, now } = *digest;
        let notice = |alert: &Alert| baton_wording::Notice {
            link: link(alert, links, now),
            alert: alert.sent_at(now),
        };
        let notices: Vec<_> = alerts.map(notice).collect();
        let Some(content) = baton_wording::digest(&notices, &rules.roster) else {
            return Ok(Receipt::default());
        };
        let reader = rules.roster.person(to);
        let (content, kind, lead) = (&content, "digest", None);
        let outbound = Outbound { to, reader, content, kind, lead, correlation };
        send_by(&self.channels, &outbound, &[], now).await
    }

    /// A letter that no message stands for. It has left once any channel took it.
    pub(crate) async fn send_letter(
        &self,
        outbound: &Outbound<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Outbound { to, kind, correlation, .. } = outbound;
        let receipt = send_by(&self.channels, outbound, &[], now).await?;
        if let Some(error) = receipt.owed {
            tracing::warn!(%to, kind, %correlation, error = %causes(&error),
                "{kind} to {to} did not leave by every channel, for {correlation}");
        }
        Ok(())
    }
}

/// The address of an alert's lead, for its reader.
fn link(alert: &Alert, links: &Links, now: Timestamp) -> String {
    let Facts { lead, cycle, erasures, .. } = alert.facts;
    links.url(&Link { lead, erasures, cycle, person: alert.to.clone() }, now)
}
