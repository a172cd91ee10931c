//! An alert in words, for the person who gets it: what happened, why now, and what to do by when.
//!
//! Promises: writing never fails, whatever the lead typed; a subject is one SNS takes; a short
//! message fits in one, link included; nothing of the lead's can be clicked, breaks a line or
//! passes for one of ours. Knows nothing of how a text is delivered, nor of the time: an alert
//! speaks as of the moment in its facts.

#[cfg(test)]
mod alert_test;
mod assigned;
mod brief;
mod digest;
#[cfg(test)]
mod digest_test;
mod handed_over;
#[cfg(test)]
mod harmless_test;
mod letter;
mod meeting;
mod overdue;
mod plain;
mod prospect;
mod reader;
mod script;
mod sign_in;
mod taken_back;
#[cfg(test)]
mod testing;
mod unrouted;
mod warned;

use crate::message::{Alert, AlertKind};
use crate::roster::Roster;
use brief::{Around, Sms};
pub use digest::{Notice, digest};
use letter::Letter;
pub use meeting::meeting;
use reader::Reader;
pub use sign_in::sign_in;

/// An alert as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Printable ASCII, begins with a letter, shorter than 100 characters.
    pub subject: String,
    /// The e-mail's body: plain text in lines of at most 78 columns, but for a link or an address.
    pub email: String,
    /// At most 160 septets of GSM-7, the link included and last; the link alone if it is longer.
    pub sms: String,
}

/// Writes an alert for its reader. `link` leads to the lead's page and is theirs alone.
pub fn write(alert: &Alert, roster: &Roster, link: &str) -> Written {
    let reader = Reader::new(alert, roster, link);
    let draft = match alert.kind {
        AlertKind::Assigned => assigned::draft(&reader),
        AlertKind::AcceptOverdue => overdue::draft(&reader),
        AlertKind::TakeBackWarned => warned::draft(&reader),
        AlertKind::TakenBack => taken_back::draft(&reader),
        AlertKind::HandedOver => handed_over::draft(&reader),
        AlertKind::Unrouted => unrouted::draft(&reader),
    };
    let name_in = |script| reader.prospect.called_in(script);
    Written {
        subject: brief::subject(&draft.subject, &name_in(script::ascii)),
        email: draft.letter.finish(),
        sms: brief::sms(&draft.sms, &name_in(script::gsm), link),
    }
}

/// An alert's texts, before they are made to fit.
struct Draft {
    subject: Around,
    letter: Letter,
    sms: Sms,
}
