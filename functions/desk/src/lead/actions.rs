//! What the viewer can do now, and only that: a form for each command that would be carried out.

use std::collections::BTreeSet;

use baton_core::commands::{self, Command, CommandKind};
use baton_core::id::PersonId;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::roster::Person;
use baton_core::time::later;
use baton_wording::human_time::span;

use super::rich_text::{RichText, rich_text};
use super::view::LeadView;
use crate::words::times;

/// Colleagues to choose from; a list of more would be the whole page.
const COLLEAGUES: usize = 250;

/// The forms of a page.
pub(super) struct Actions {
    /// The lead's, for their address.
    pub(super) lead: String,
    /// The promise the page shows.
    pub(super) seen: Option<String>,
    /// The lead's version: a request from this page extends once.
    pub(super) version: u64,
    pub(super) accept: Option<String>,
    pub(super) convert: bool,
    pub(super) reject: Option<Reject>,
    pub(super) extend: Option<Extend>,
    pub(super) give_back: bool,
    pub(super) reassign: Vec<QueueGroup>,
    pub(super) qualify: bool,
}

pub(super) struct Reject {
    pub(super) summary: String,
    /// Reasons after which the lead goes back to marketing, by name and in words.
    pub(super) back: Vec<(String, String)>,
    /// Those that rule it out.
    pub(super) out: Vec<(String, String)>,
}

pub(super) struct Extend {
    pub(super) by: String,
    pub(super) hint: RichText,
}

/// People of one queue.
pub(super) struct QueueGroup {
    pub(super) name: String,
    pub(super) people: Vec<Colleague>,
}

pub(super) struct Colleague {
    pub(super) id: String,
    pub(super) name: String,
    /// Why they can't be chosen.
    pub(super) not: Option<String>,
}

impl Actions {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let lead = view.lead;
        let owner = view.names.owner(lead);
        let accept = match view.is_mine() {
            true => "Accept this lead".to_owned(),
            false => format!("Accept for {owner}"),
        };
        let reject = reject(view, &owner);
        Self {
            lead: lead.lead.to_string(),
            seen: lead.deadline().map(|deadline| deadline.to_string()),
            version: lead.version,
            accept: view.can(CommandKind::Accept).then_some(accept),
            convert: view.can(CommandKind::Convert),
            extend: view.can(CommandKind::Extend).then(|| extend(view)),
            // Rejecting is how a lead is given back that nobody has accepted.
            give_back: reject.is_none() && view.can(CommandKind::Return),
            reject,
            reassign: colleagues(view),
            qualify: view.can(CommandKind::Qualify),
        }
    }

    /// Whether there is anything to do.
    pub(super) fn is_any(&self) -> bool {
        self.accept.is_some()
            || self.convert
            || self.reject.is_some()
            || self.extend.is_some()
            || self.give_back
            || !self.reassign.is_empty()
            || self.qualify
    }
}

fn reject(view: &LeadView<'_>, owner: &str) -> Option<Reject> {
    let (mut back, mut out) = (Vec::new(), Vec::new());
    for command in view.can {
        let Command::Reject(commands::Reject { reason }) = command else { continue };
        let Some(rule) = view.rules.policy.reject_reasons.get(reason.as_str()) else { continue };
        let list = if rule.leads_to == Status::Disqualified { &mut out } else { &mut back };
        list.push((reason.to_string(), rule.label.clone()));
    }
    let summary = match view.is_mine() {
        true => "Not for you? Reject it".to_owned(),
        false => format!("Reject it for {owner}"),
    };
    (!back.is_empty() || !out.is_empty()).then_some(Reject { summary, back, out })
}

fn extend(view: &LeadView<'_>) -> Extend {
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
    Extend { by: span(clocks.extend_by), hint }
}

/// Whoever can get the lead, by queue, the lead's own first; and who could, but is away.
fn colleagues(view: &LeadView<'_>) -> Vec<QueueGroup> {
    let takers: BTreeSet<&PersonId> = view.can.iter().filter_map(taker).collect();
    if takers.is_empty() {
        return Vec::new();
    }
    let roster = &view.rules.roster;
    let mut listed = BTreeSet::new();
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
    let mut room = COLLEAGUES;
    for group in &mut groups {
        group.people.truncate(room);
        room -= group.people.len();
    }
    groups.retain(|group| !group.people.is_empty());
    groups
}

fn taker(command: &Command) -> Option<&PersonId> {
    if let Command::Reassign(reassign) = command { Some(&reassign.to) } else { None }
}

fn colleague(
    person: &Person,
    takers: &BTreeSet<&PersonId>,
    view: &LeadView<'_>,
) -> Option<Colleague> {
    let not = match takers.contains(&person.id) {
        true => None,
        false if view.lead.is_owned_by(&person.id) || !person.active => return None,
        false => Some(away(person, view)),
    };
    Some(Colleague { id: person.id.to_string(), name: person.name.clone(), not })
}

/// Until when somebody is away: "away until 8 Apr 2026".
fn away(person: &Person, view: &LeadView<'_>) -> String {
    let today = view.reader.now.to_zoned(person.time_zone.clone()).date();
    let range = person.away.iter().find(|range| range.from <= today && today <= range.until);
    let until =
        |range: &baton_core::roster::Away| format!("away until {}", view.reader.date(range.until));
    range.map_or_else(|| "away".to_owned(), until)
}
