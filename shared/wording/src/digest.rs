//! Many alerts in one message: a person with more alerts at once than anybody reads gets a digest
//! that lists them, the most urgent first, each with its own link.

use std::collections::BTreeSet;

use baton_core::limits;
use baton_core::message::{Alert, AlertKind};
use baton_core::roster::Roster;

use super::body::MessageBody;
use super::content::Content;
use super::plain::cut;
use super::prospect::newest;
use super::reader::{Reader, Role};
use super::short_text::{Sms, name_template};
use crate::human_time::{count, span};

/// Why, in one line of a list, in characters.
const WHY_CHARS: usize = 140;

/// An alert of a digest, and the link that is its reader's alone.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The alert to list.
    pub alert: Alert,
    /// Leads to its lead's page.
    pub link: String,
}

/// Renders a digest, for the one reader that all its alerts have; `None` if there are none. At most
/// [`limits::DIGEST`] of them fit into what SNS carries, all channels together.
pub fn digest(notices: &[Notice], roster: &Roster) -> Option<Content> {
    debug_assert!(notices.len() <= limits::DIGEST, "a digest has a limit");
    let mut readers: Vec<_> = notices.iter().map(|notice| Entry::new(notice, roster)).collect();
    readers.sort_by_key(Entry::urgency);
    let first = readers.first()?;
    let leads: BTreeSet<_> = notices.iter().map(|notice| notice.alert.facts.lead).collect();
    let leads = count(i64::try_from(leads.len()).unwrap_or(i64::MAX), "lead");
    let short = Sms {
        wordings: vec![
            name_template(format!("Baton: {leads}, most urgent: "), ". All are in your e-mail:"),
            name_template(format!("{leads}, first: "), ". See your e-mail:"),
        ],
        bare: format!("{leads}: see your e-mail"),
    };
    Some(Content {
        headline: name_template(format!("Baton: {leads}, first "), ""),
        about: Some(first.reader.prospect.clone()),
        body: body(&readers, &leads),
        brief: short,
        link: first.reader.link.to_owned(),
    })
}

struct Entry<'a> {
    kind: AlertKind,
    reader: Reader<'a>,
}

impl<'a> Entry<'a> {
    fn new(notice: &'a Notice, roster: &'a Roster) -> Self {
        let Notice { alert, link } = notice;
        Self { kind: alert.kind, reader: Reader::new(alert, roster, link) }
    }

    /// By kind, then by what is due first, then by what was decided first.
    fn urgency(&self) -> impl Ord + use<> {
        let facts = self.reader.facts;
        let due = facts.deadline.as_ref().map(|deadline| deadline.at);
        (rank(self.kind), due, facts.at, facts.lead)
    }

    fn write(&self, body: &mut MessageBody) {
        body.gap().item(&self.reader.prospect.called());
        body.item(&cut(&self.why(), WHY_CHARS)).link(self.reader.link);
    }

    /// Why the reader is told, and by when to act.
    fn why(&self) -> String {
        let reader = &self.reader;
        let facts = reader.facts;
        let from = || match reader.role {
            Role::Owner => String::new(),
            Role::Supervisor | Role::House => format!(" from {}", reader.owner_in_gsm()),
        };
        let due = facts.deadline.as_ref().map(|due| reader.wall.short_with_place(due.at));
        let by = |word: &str| due.as_ref().map_or(String::new(), |due| format!(" {word} {due}"));
        let did = newest(facts, &reader.wall);
        match self.kind {
            AlertKind::Assigned => {
                let did =
                    did.map_or(String::new(), |did| format!(": {}", cut(&did, WHY_CHARS / 2)));
                format!("Accept{}{did}", by("by"))
            }
            AlertKind::AcceptOverdue => {
                let held = facts.assigned_at.map(|at| span(facts.at.duration_since(at)));
                let held = held.map_or(String::new(), |held| format!(", for {held}"));
                format!("Held by {}{held}, and not accepted", reader.owner_in_gsm())
            }
            AlertKind::TakeBackWarned => format!("Taken back{}{}", from(), by("on")),
            AlertKind::TakenBack => {
                let why = reader.reason().unwrap_or_else(|| "no reason was given".to_owned());
                format!("Why: {why}")
            }
            AlertKind::HandedOver => format!("Now with {}", reader.owner_in_gsm()),
            AlertKind::Unrouted => {
                did.map_or("Waits for an owner".to_owned(), |did| format!("Waits: {did}"))
            }
        }
    }
}

fn body(entries: &[Entry<'_>], leads: &str) -> MessageBody {
    let mut body = MessageBody::default();
    let name = entries.first().map_or(String::new(), |first| format!(", {}", first.reader.name()));
    body.say(&format!("{leads} at once{name}, so here they are in one letter."));
    body.say("The most urgent come first. Each link opens one lead, and changes nothing yet.");
    for group in entries.chunk_by(|a, b| a.kind == b.kind) {
        let Some(first) = group.first() else { continue };
        body.heading(&format!("{} ({})", heading(first.kind), group.len()));
        group.iter().for_each(|entry| entry.write(&mut body));
    }
    body
}

/// The most urgent first.
fn rank(kind: AlertKind) -> u8 {
    match kind {
        AlertKind::TakeBackWarned => 0,
        AlertKind::AcceptOverdue => 1,
        AlertKind::Assigned => 2,
        AlertKind::Unrouted => 3,
        AlertKind::HandedOver => 4,
        AlertKind::TakenBack => 5,
    }
}

fn heading(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::TakeBackWarned => "Marketing takes them back soon: convert or extend",
        AlertKind::AcceptOverdue => "Not accepted in time: accept, reject, or give them away",
        AlertKind::Assigned => "New leads: accept or reject each",
        AlertKind::Unrouted => "Nobody is available: give them to somebody",
        AlertKind::HandedOver => "Handed over to a colleague: no longer with you",
        AlertKind::TakenBack => "Out of sales: nothing for sales to do",
    }
}
