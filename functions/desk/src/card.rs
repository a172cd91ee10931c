//! A lead in a list: who it is, why it is there, and what must happen by when. The `card` macro of
//! `card.html` draws it.

use std::fmt::Write;

use baton_core::id::LeadId;
use baton_core::lead::{DeadlineKind, Lead, QualifiedBy};
use baton_core::{Policy, Roster};
use baton_reports::board::{Row, Urgency};
use baton_wording::human_time::{ordinal, tight};
use jiff::Timestamp;

use crate::chart::class;
use crate::chart::dial::{self, Dial};
use crate::reader::{Moment, Reader};
use crate::words::{name_of, spaced, title_and_company};

#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) lead: LeadId,
    pub(crate) name: String,
    /// Title and company: "Buyer, Acme".
    pub(crate) of: String,
    pub(crate) why: String,
    /// Which time it is an MQL, if not the first: "2nd time".
    pub(crate) again: Option<String>,
    /// Who holds it, unless the whole page is about one person.
    pub(crate) held: Option<String>,
    pub(crate) class: &'static str,
    pub(crate) dial: Option<Dial>,
    /// The time that is left or overdue, in words.
    pub(crate) counter: String,
    /// What happens when the time is up.
    pub(crate) next: NextStep,
}

/// A moment with words before and after it.
#[derive(Debug, Default)]
pub(crate) struct NextStep {
    pub(crate) before: String,
    pub(crate) at: Option<Moment>,
    pub(crate) after: &'static str,
}

/// What all cards of a page share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CardContext<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) policy: &'a Policy,
    pub(crate) roster: &'a Roster,
    /// Whether each card says who holds its lead.
    pub(crate) names_owner: bool,
}

impl Card {
    pub(crate) fn new(row: &Row, lead: &Lead, context: CardContext<'_>) -> Self {
        let now = context.reader.now;
        let due = row.promised_by();
        let urgency = row.urgency(now);
        let begins = begins(row, due, context.policy);
        Self {
            lead: row.lead,
            name: name_of(lead),
            of: title_and_company(lead),
            why: why(lead, context.reader),
            again: (lead.cycle() > 1).then(|| format!("{} time", ordinal(lead.cycle()))),
            held: context.names_owner.then(|| held(row, context.roster)),
            class: class(urgency),
            dial: Some(dial::draw(begins, due, now, urgency)),
            counter: counter(row, due, now),
            next: next_step(row, lead, due, context.reader),
        }
    }
}

/// How it became an MQL: `Fast track: demo request`.
fn why(lead: &Lead, reader: &Reader) -> String {
    let marks = lead.marks();
    let because = marks.mql_because;
    match marks.mql_by {
        Some(QualifiedBy::Score) => {
            let score = marks.score_at_mql.map_or(0, |score| score.total);
            let mut words = format!("Score {}", reader.count(score));
            if let Some(newest) = marks.evidence.first() {
                let _ = write!(words, "; {}", newest.label);
            }
            words
        }
        Some(QualifiedBy::FastTrack) => {
            let rule = because.map(|rule| format!(": {}", spaced(rule)));
            format!("Fast track{}", rule.unwrap_or_default())
        }
        Some(QualifiedBy::Manual) => {
            let reason = because.map(|reason| format!(": “{reason}”"));
            format!("By hand{}", reason.unwrap_or_default())
        }
        None => String::new(),
    }
}

/// Who holds it, and from which queue: `Ana Ruiz, emea`.
fn held(row: &Row, roster: &Roster) -> String {
    let owner = match &row.owner {
        Some(owner) => roster.name_of(owner),
        None => "No owner yet",
    };
    match &row.queue {
        Some(queue) => format!("{owner}, {queue}"),
        None => owner.to_owned(),
    }
}

/// The start of the dial. An extension makes the dial as long as a whole deadline, not longer.
fn begins(row: &Row, due: Timestamp, policy: &Policy) -> Timestamp {
    match row.stage {
        DeadlineKind::Route | DeadlineKind::Accept | DeadlineKind::TakeBack => row.since,
        DeadlineKind::Convert => {
            let whole = due.saturating_sub(policy.clocks.convert_within);
            row.since.max(whole.unwrap_or(row.since))
        }
    }
}

fn counter(row: &Row, due: Timestamp, now: Timestamp) -> String {
    let left = due.duration_since(now);
    match row.stage {
        DeadlineKind::Route => format!("waiting {}", tight(now.duration_since(row.since))),
        _ if row.urgency(now) == Urgency::Late => format!("{} overdue", tight(-left)),
        DeadlineKind::Accept | DeadlineKind::TakeBack | DeadlineKind::Convert => {
            format!("{} left", tight(left))
        }
    }
}

fn next_step(row: &Row, lead: &Lead, due: Timestamp, reader: &Reader) -> NextStep {
    let at = |before: &str, at| NextStep {
        before: before.to_owned(),
        at: Some(reader.short(at)),
        ..NextStep::default()
    };
    let times = match lead.escalations() {
        0 | 1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    match row.stage {
        DeadlineKind::Route if row.slipped => at("nobody available, tried again ", row.due),
        DeadlineKind::Route => at("being given to somebody, by ", row.due),
        DeadlineKind::Accept if row.slipped => at(&format!("alerted {times}, again "), row.due),
        DeadlineKind::Accept => at("until ", due),
        DeadlineKind::TakeBack => at("back on ", due),
        DeadlineKind::Convert if lead.extensions() > 0 => {
            NextStep { after: ", extended", ..at("until ", due) }
        }
        DeadlineKind::Convert => at("until ", due),
    }
}
