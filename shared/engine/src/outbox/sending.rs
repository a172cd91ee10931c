//! Writing a message for its reader, and sending it: facts to the bus, words to people.

use baton_cloud::{Error, Outbound, Receipt, causes, send_by};
use baton_core::correlation::Correlation;
use baton_core::delivery::Delivery;
use baton_core::id::PersonId;
use baton_core::message::{Alert, Facts, Message};
use baton_wording::Notice;
use jiff::Timestamp;

use super::Outbox;
use crate::link::{Link, Links};

impl Outbox {
    /// Sends one message, by the channels that have not taken it before. An event leaves by no
    /// channel, for it is for nobody in person.
    pub(crate) async fn send(
        &self,
        message: &Message,
        before: &[Delivery],
        correlation: &Correlation,
    ) -> Result<Receipt, Error> {
        match message {
            Message::Event(event) => {
                self.bus.publish(event.name, event.lead, event).await?;
                Ok(Receipt::default())
            }
            Message::Erased(news) => {
                self.bus.publish(news.name, news.lead, news).await?;
                Ok(Receipt::default())
            }
            Message::Alert(alert) => self.notify(alert, before, correlation).await,
        }
    }

    /// Tells somebody of one alert, by the channels that have not taken it before.
    async fn notify(
        &self,
        alert: &Alert,
        before: &[Delivery],
        correlation: &Correlation,
    ) -> Result<Receipt, Error> {
        let (rules, now) = (self.settings().rules(), self.settings().clock.now());
        let link = link(alert, &self.settings().links, now);
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
        to: &PersonId,
        alerts: impl Iterator<Item = &'a Alert>,
        correlation: &Correlation,
    ) -> Result<Receipt, Error> {
        let (rules, now) = (self.settings().rules(), self.settings().clock.now());
        let links = &self.settings().links;
        let notice =
            |alert: &Alert| Notice { link: link(alert, links, now), alert: alert.sent_at(now) };
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
    pub(crate) async fn send_letter(&self, outbound: &Outbound<'_>) -> Result<(), Error> {
        let Outbound { to, kind, correlation, .. } = outbound;
        let receipt = send_by(&self.channels, outbound, &[], self.settings().clock.now()).await?;
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
