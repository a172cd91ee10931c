//! An alert in words, for the person who gets it: what happened, why now, and what to do by when.
//!
//! An alert is rendered once, into its [`Content`]; each channel lays that out as it needs it, an
//! [`email`] or an [`sms`] here.
//!
//! Promises: writing never fails, whatever the lead typed; a subject is one SNS takes; a short
//! message fits in one, link included; nothing of the lead's can be clicked, breaks a line or
//! passes for one of ours. Knows nothing of how a text is delivered, nor of the time: an alert
//! speaks as of the moment in its facts.

#[cfg(test)]
mod alert_test;
mod assigned;
mod body;
mod content;
mod digest;
#[cfg(test)]
mod digest_test;
pub mod email;
mod handed_over;
#[cfg(test)]
mod harmless_test;
pub mod human_time;
mod meeting;
mod overdue;
mod plain;
mod prospect;
mod reader;
mod script;
mod short_text;
mod sign_in;
pub mod sms;
mod taken_back;
#[cfg(test)]
mod testing;
mod unrouted;
mod warned;

use baton_core::message::{Alert, AlertKind};
use baton_core::roster::Roster;

use body::MessageBody;
pub use body::{Field, Line};
pub use content::Content;
pub use digest::{Notice, digest};
pub use meeting::meeting;
use reader::Reader;
use short_text::{NameTemplate, Sms};
pub use sign_in::sign_in;

/// Renders an alert for its reader. `link` leads to the lead's page and is theirs alone.
pub fn render(alert: &Alert, roster: &Roster, link: &str) -> Content {
    let reader = Reader::new(alert, roster, link);
    let AlertParts { subject, body, sms } = match alert.kind {
        AlertKind::Assigned => assigned::parts(&reader),
        AlertKind::AcceptOverdue => overdue::parts(&reader),
        AlertKind::TakeBackWarned => warned::parts(&reader),
        AlertKind::TakenBack => taken_back::parts(&reader),
        AlertKind::HandedOver => handed_over::parts(&reader),
        AlertKind::Unrouted => unrouted::parts(&reader),
    };
    let about = Some(reader.prospect);
    Content { headline: subject, about, body, brief: sms, link: link.to_owned() }
}

/// The parts of an alert that differ by its kind.
struct AlertParts {
    subject: NameTemplate,
    body: MessageBody,
    sms: Sms,
}
