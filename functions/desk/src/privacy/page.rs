//! The pages of the privacy desk.

use askama::Template;
use baton_core::commands::Actor;
use baton_core::id::Identity;
use baton_core::lead::{Lead, Status};
use baton_engine::{Erased, Holding, Settings};
use baton_http::{Answer, Problem};

use super::subject::Subject;
use crate::frame::{Frame, PRIVACY};
use crate::page::render;
use crate::reader::{Moment, Reader};
use crate::visitor::Visitor;
use crate::words::{capital, listed, name_of};

pub(super) struct PageContext<'a> {
    pub(super) reader: Reader,
    pub(super) visitor: &'a Visitor,
    pub(super) settings: &'a Settings,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FindFailure {
    NotFound,
    Unreadable,
}

#[derive(Template)]
#[template(path = "privacy/find.html")]
struct Find {
    frame: Frame,
    csrf: String,
    why: Option<FindFailure>,
}

#[derive(Template)]
#[template(path = "privacy/found.html")]
struct Found<'a> {
    frame: Frame,
    csrf: String,
    id: String,
    /// The address. Each form carries it if there is no lead.
    who: String,
    name: String,
    facts: Vec<(&'static str, &'a str)>,
    status: Option<(&'static str, Option<Moment>)>,
    counts: Counts,
    span: Option<(Moment, Moment)>,
    has_lead: bool,
    erased_at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "privacy/erase.html")]
struct Erase {
    frame: Frame,
    csrf: String,
    id: String,
    who: String,
    name: String,
    has_lead: bool,
    what: String,
    is_mismatch: bool,
}

#[derive(Template)]
#[template(path = "privacy/erased.html")]
struct ErasedPage {
    frame: Frame,
    id: String,
    at: Moment,
    by: String,
    counts: Counts,
}

struct Counts {
    activities: String,
    decisions: String,
    messages: String,
    quarantined: String,
}

impl PageContext<'_> {
    fn frame(&self) -> Frame {
        self.visitor.frame(Some(PRIVACY), &self.reader, self.settings)
    }

    /// The secret of the session. A program's key needs none.
    fn csrf(&self) -> String {
        match self.visitor {
            Visitor::Desk => String::new(),
            Visitor::Person(person) => person.session.csrf.clone(),
        }
    }

    fn counts(&self, of: [usize; 4]) -> Counts {
        let count = |n| self.reader.count(i64::try_from(n).unwrap_or(i64::MAX));
        let [activities, decisions, messages, quarantined] = of.map(count);
        Counts { activities, decisions, messages, quarantined }
    }
}

/// The page does not repeat whom somebody looked for.
pub(super) fn find(
    status: u16,
    context: &PageContext<'_>,
    why: Option<FindFailure>,
) -> Result<Answer, Problem> {
    render(status, &Find { frame: context.frame(), csrf: context.csrf(), why })
}

pub(super) fn found(
    context: &PageContext<'_>,
    subject: &Subject,
    held: &Holding,
) -> Result<Answer, Problem> {
    let reader = &context.reader;
    let ends = held.ledger.first().zip(held.ledger.last());
    let who = identity_text(subject.identity(held));
    let page = Found {
        frame: context.frame(),
        csrf: context.csrf(),
        id: subject.id.to_string(),
        name: held.lead.as_ref().map_or_else(|| who.clone(), name_of),
        facts: held.lead.as_ref().map(facts).unwrap_or_default(),
        status: held.lead.as_ref().map(|lead| standing(lead, reader)),
        counts: context.counts(sizes(held)),
        span: ends.map(|(a, b)| (reader.short(a.occurred_at), reader.short(b.occurred_at))),
        has_lead: held.lead.is_some(),
        erased_at: held.tombstone.as_ref().map(|stone| reader.moment(stone.erased.at)),
        who,
    };
    render(200, &page)
}

/// Asks for confirmation; with 422, because another address was typed.
pub(super) fn erase(
    status: u16,
    context: &PageContext<'_>,
    subject: &Subject,
    held: &Holding,
) -> Result<Answer, Problem> {
    let who = identity_text(subject.identity(held));
    let [activities, decisions, messages, quarantined] = sizes(held);
    let parts = [
        held.lead.is_some().then(|| "the lead".to_owned()),
        many(activities, "activity", "activities"),
        many(decisions, "decision", "decisions"),
        many(messages, "message", "messages"),
        many(quarantined, "delivery in quarantine", "deliveries in quarantine"),
    ];
    let page = Erase {
        frame: context.frame(),
        csrf: context.csrf(),
        id: subject.id.to_string(),
        name: held.lead.as_ref().map_or_else(|| who.clone(), name_of),
        has_lead: held.lead.is_some(),
        what: capital(&listed(&parts.into_iter().flatten().collect::<Vec<_>>())),
        is_mismatch: status != 200,
        who,
    };
    render(status, &page)
}

pub(super) fn erased(
    context: &PageContext<'_>,
    erased: &Erased,
    by: &Actor,
) -> Result<Answer, Problem> {
    let rules = context.settings.rules();
    let name = match by {
        Actor::Person(person) => rules.roster.person(person).map(|person| person.name.clone()),
        Actor::Crm | Actor::Source(_) | Actor::Router | Actor::Clock => None,
    };
    let removed = erased.removed;
    let of = [removed.activities, removed.history, removed.messages, erased.quarantined];
    let page = ErasedPage {
        frame: context.frame(),
        id: erased.lead.to_string(),
        at: context.reader.moment(erased.at),
        by: name.unwrap_or_else(|| "a program with the desk key".to_owned()),
        counts: context.counts(of),
    };
    render(200, &page)
}

fn sizes(held: &Holding) -> [usize; 4] {
    let Holding { told, ledger, quarantined, .. } = held;
    [ledger.len(), told.history.len(), told.messages.len(), quarantined.len()]
}

fn facts(lead: &Lead) -> Vec<(&'static str, &str)> {
    let fields = [("Title", "title"), ("Company", "company"), ("Country", "country")];
    let fields = fields.into_iter().filter_map(|(name, key)| Some((name, lead.profile.text(key)?)));
    let email = lead.email().map(|email| ("E-mail", email.as_str()));
    fields.chain(email).collect()
}

/// The status of the lead, and since when.
fn standing(lead: &Lead, reader: &Reader) -> (&'static str, Option<Moment>) {
    let marks = lead.marks();
    let (words, since) = match lead.status() {
        Status::Nurturing => ("With marketing", Some(lead.created_at)),
        Status::Mql => ("With sales", marks.mql_at),
        Status::Working => ("Being worked by sales", marks.accepted_at),
        Status::Converted => ("Converted", marks.converted_at),
        Status::Returned => ("Back with marketing", marks.returned_at),
        Status::Disqualified => ("Disqualified", marks.disqualified_at),
    };
    (words, since.map(|at| reader.moment(at)))
}

fn identity_text(who: Option<&Identity>) -> String {
    match who {
        Some(Identity::Email(email)) => email.to_string(),
        Some(Identity::Source { source, id }) => format!("{source}:{}", id.as_str()),
        None => String::new(),
    }
}

fn many(n: usize, one: &str, more: &str) -> Option<String> {
    match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {more}")),
    }
}
