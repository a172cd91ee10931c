//! What the viewer can do now: a form for each command that would be carried out, and no other.

use std::collections::BTreeSet;

use baton_core::commands::{self, Command, CommandKind, Reassign, Recipient};
use baton_core::id::PersonId;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::roster::Person;
use baton_core::time::later;
use baton_wording::human_time::span;

use super::rich_text::{RichText, rich_text};
use super::view::LeadView;
use crate::words::times;

/// The most colleagues that a page offers; a longer list would fill it.
const COLLEAGUES: usize = 250;

/// The forms of a page, and the hidden fields they share.
pub(super) struct Actions {
    /// The lead's id, for the addresses of the forms.
    pub(super) lead: String,
    /// The deadline that the page shows. A command is refused once another one runs.
    pub(super) seen: Option<String>,
    /// The lead's version: a form that is sent twice extends once.
    pub(super) version: u64,
    pub(super) forms: Vec<Form>,
}

/// The form of a command, with what the page says about it.
pub(super) enum Form {
    /// The words of the button.
    Accept(String),
    Convert,
    Reject(RejectForm),
    Extend(ExtendForm),
    Return,
    /// Colleagues by queue.
    Reassign(Vec<QueueGroup>),
    Qualify,
    Reopen,
}

pub(super) struct RejectForm {
    pub(super) summary: String,
    /// Reasons after which the lead goes back to marketing: name and label.
    pub(super) back: Vec<(String, String)>,
    /// Reasons after which the lead is disqualified: name and label.
    pub(super) out: Vec<(String, String)>,
}

pub(super) struct ExtendForm {
    pub(super) by: String,
    pub(super) hint: RichText,
}

pub(super) struct QueueGroup {
    pub(super) name: String,
    pub(super) people: Vec<Colleague>,
}

pub(super) struct Colleague {
    pub(super) id: String,
    pub(super) name: String,
    /// Why they can't be chosen, if they can't.
    pub(super) unavailable: Option<String>,
}

impl Actions {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let lead = view.lead;
        let offered = CommandKind::ALL.iter().filter(|kind| view.can(**kind));
        let mut forms: Vec<_> = offered.filter_map(|kind| form(*kind, view)).collect();
        forms.sort_by_key(|(place, _)| *place);
        Self {
            lead: lead.lead.to_string(),
            seen: lead.deadline().map(|deadline| deadline.to_string()),
            version: lead.version,
            forms: forms.into_iter().map(|(_, form)| form).collect(),
        }
    }
}

/// The form of a command that the viewer can give, and its place on the page.
fn form(kind: CommandKind, view: &LeadView<'_>) -> Option<(u8, Form)> {
    match kind {
        CommandKind::Accept => Some((1, Form::Accept(accept(view)))),
        CommandKind::Convert => Some((2, Form::Convert)),
        CommandKind::Reject => reject(view).map(|form| (3, Form::Reject(form))),
        CommandKind::Extend => Some((4, Form::Extend(extend(view)))),
        // A lead that nobody has accepted is given back by rejecting it.
        CommandKind::Return => reject(view).is_none().then_some((5, Form::Return)),
        CommandKind::Reassign => Some((6, Form::Reassign(colleagues(view)))),
        CommandKind::Qualify => Some((7, Form::Qualify)),
        CommandKind::Reopen => Some((8, Form::Reopen)),
        // People rule a lead out by rejecting it; the CRM sends the command itself.
        CommandKind::Disqualify => None,
        // Only our own functions give these; a report is the CRM's.
        CommandKind::Record
        | CommandKind::Assign
        | CommandKind::Lapse
        | CommandKind::WarningSent
        | CommandKind::Report => None,
    }
}

fn accept(view: &LeadView<'_>) -> String {
    match view.is_mine() {
        true => "Accept this lead".to_owned(),
        false => format!("Accept for {}", view.names.owner(view.lead)),
    }
}

fn reject(view: &LeadView<'_>) -> Option<RejectForm> {
    let (mut back, mut out) = (Vec::new(), Vec::new());
    for command in view.can {
        let Command::Reject(commands::Reject { reason }) = command else { continue };
        let Some(rule) = view.rules.policy.reject_reasons.get(reason.as_str()) else { continue };
        let list = if rule.leads_to == Status::Disqualified { &mut out } else { &mut back };
        list.push((reason.to_string(), rule.label.clone()));
    }
    let summary = match view.is_mine() {
        true => "Not for you? Reject it".to_owned(),
        false => format!("Reject it for {}", view.names.owner(view.lead)),
    };
    (!back.is_empty() || !out.is_empty()).then_some(RejectForm { summary, back, out })
}

fn extend(view: &LeadView<'_>) -> ExtendForm {
    let (lead, clocks) = (view.lead, &view.rules.policy.clocks);
    let until = later(view.reader.now, clocks.extend_by);
    let running = lead.deadline().filter(|deadline| deadline.kind == DeadlineKind::Convert);
    let until = running.map_or(until, |deadline| deadline.at.max(until));
    let left = clocks.extensions_at_most.saturating_sub(lead.extensions());
    let often = match left {
        1 => ". This is the last extension.".to_owned(),
        left => format!(". You can extend {}.", times(left)),
    };
    let hint = rich_text("The clock then runs until ").at(view.reader.moment(until)).and(often);
    ExtendForm { by: span(clocks.extend_by), hint }
}

/// Whoever can get the lead or is only away, by queue, the lead's own queue first.
fn colleagues(view: &LeadView<'_>) -> Vec<QueueGroup> {
    let takers: BTreeSet<&PersonId> = view.can.iter().filter_map(taker).collect();
    let roster = &view.rules.roster;
    let mut listed = BTreeSet::new();
    let whole = view.can.iter().filter_map(queue);
    let whole = QueueGroup { name: "Whoever's turn it is".to_owned(), people: whole.collect() };
    let mut queues: Vec<_> = roster.queues.values().collect();
    queues.sort_by_key(|queue| Some(&queue.name) != view.lead.queue());
    let mut groups = Vec::new();
    for queue in queues {
        let members = queue.members.iter().map(|member| &member.person);
        let members = members.filter(|person| listed.insert((*person).clone()));
        let people =
            members.filter_map(|id| colleague(roster.person(id)?, &takers, view)).collect();
        groups.push(QueueGroup { name: format!("{} queue", queue.name), people });
    }
    let others = takers.iter().filter(|person| !listed.contains(**person));
    let others = others.filter_map(|id| colleague(roster.person(id)?, &takers, view)).collect();
    groups.push(QueueGroup { name: "Others".to_owned(), people: others });
    groups.push(whole);
    let mut room = COLLEAGUES;
    for group in &mut groups {
        group.people.truncate(room);
        room -= group.people.len();
    }
    groups.retain(|group| !group.people.is_empty());
    groups
}

fn taker(command: &Command) -> Option<&PersonId> {
    match command {
        Command::Reassign(Reassign { to: Recipient::Person(person), .. }) => Some(person),
        _ => None,
    }
}

/// A queue that could get the lead, to be chosen as a person is.
fn queue(command: &Command) -> Option<Colleague> {
    match command {
        Command::Reassign(Reassign { to: to @ Recipient::Queue(queue), .. }) => {
            let name = format!("{queue} queue");
            Some(Colleague { id: to.to_string(), name, unavailable: None })
        }
        _ => None,
    }
}

fn colleague(
    person: &Person,
    takers: &BTreeSet<&PersonId>,
    view: &LeadView<'_>,
) -> Option<Colleague> {
    let unavailable = match takers.contains(&person.id) {
        true => None,
        false if view.lead.is_owned_by(&person.id) || !person.active => return None,
        false => Some(away(person, view)),
    };
    Some(Colleague { id: person.id.to_string(), name: person.name.clone(), unavailable })
}

/// Until when somebody is away: "away until 8 Apr 2026".
fn away(person: &Person, view: &LeadView<'_>) -> String {
    let today = view.reader.now.to_zoned(person.time_zone.clone()).date();
    let range = person.away.iter().find(|range| range.from <= today && today <= range.until);
    let until =
        |range: &baton_core::roster::Away| format!("away until {}", view.reader.date(range.until));
    range.map_or_else(|| "away".to_owned(), until)
}
