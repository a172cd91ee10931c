//! What the viewer can do now, and only that: a form for each command that would be carried out.

use std::collections::BTreeSet;

use baton_core::commands::{self, Command, CommandKind};
use baton_core::id::PersonId;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::roster::Person;
use baton_core::time::later;
use baton_wording::human_time::span;

use super::said::{Said, said};
use super::scene::Scene;
use crate::words::times;

/// Colleagues to choose from; a list of more would be the whole page.
const COLLEAGUES: usize = 250;

/// The forms of a page.
pub(super) struct Acts {
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
    pub(super) reassign: Vec<Group>,
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
    pub(super) hint: Said,
}

/// People of one queue.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) people: Vec<Choice>,
}

pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: String,
    /// Why they can't be chosen.
    pub(super) not: Option<String>,
}

impl Acts {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let lead = scene.lead;
        let owner = scene.names.owner(lead);
        let accept = match scene.is_mine() {
            true => "Accept this lead".to_owned(),
            false => format!("Accept for {owner}"),
        };
        let reject = reject(scene, &owner);
        Self {
            lead: lead.lead.to_string(),
            seen: lead.deadline().map(|deadline| deadline.to_string()),
            version: lead.version,
            accept: scene.can(CommandKind::Accept).then_some(accept),
            convert: scene.can(CommandKind::Convert),
            extend: scene.can(CommandKind::Extend).then(|| extend(scene)),
            // Rejecting is how a lead is given back that nobody has accepted.
            give_back: reject.is_none() && scene.can(CommandKind::Return),
            reject,
            reassign: colleagues(scene),
            qualify: scene.can(CommandKind::Qualify),
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

fn reject(scene: &Scene<'_>, owner: &str) -> Option<Reject> {
    let (mut back, mut out) = (Vec::new(), Vec::new());
    for command in scene.can {
        let Command::Reject(commands::Reject { reason }) = command else { continue };
        let Some(rule) = scene.rules.policy.reject_reasons.get(reason.as_str()) else { continue };
        let list = if rule.leads_to == Status::Disqualified { &mut out } else { &mut back };
        list.push((reason.to_string(), rule.label.clone()));
    }
    let summary = match scene.is_mine() {
        true => "Not for you? Reject it".to_owned(),
        false => format!("Reject it for {owner}"),
    };
    (!back.is_empty() || !out.is_empty()).then_some(Reject { summary, back, out })
}

fn extend(scene: &Scene<'_>) -> Extend {
    let (lead, clocks) = (scene.lead, &scene.rules.policy.clocks);
    let until = later(scene.reader.now, clocks.extend_by);
    let running = lead.deadline().filter(|deadline| deadline.kind == DeadlineKind::Convert);
    let until = running.map_or(until, |deadline| deadline.at.max(until));
    let left = clocks.extensions_at_most.saturating_sub(lead.extensions());
    let often = match left {
        1 => ". This is the last extension.".to_owned(),
        left => format!(". You can extend {}.", times(left)),
    };
    let hint = said("The clock then runs until ").at(scene.reader.moment(until)).and(often);
    Extend { by: span(clocks.extend_by), hint }
}

/// Whoever can get the lead, by queue, the lead's own first; and who could, but is away.
fn colleagues(scene: &Scene<'_>) -> Vec<Group> {
    let takers: BTreeSet<&PersonId> = scene.can.iter().filter_map(taker).collect();
    if takers.is_empty() {
        return Vec::new();
    }
    let roster = &scene.rules.roster;
    let mut listed = BTreeSet::new();
    let mut queues: Vec<_> = roster.queues.values().collect();
    queues.sort_by_key(|queue| Some(&queue.name) != scene.lead.queue());
    let mut groups = Vec::new();
    for queue in queues {
        let members = queue.members.iter().map(|member| &member.person);
        let members = members.filter(|person| listed.insert((*person).clone()));
        let people = members.filter_map(|id| choice(roster.person(id)?, &takers, scene)).collect();
        groups.push(Group { name: format!("{} queue", queue.name), people });
    }
    let others = takers.iter().filter(|person| !listed.contains(**person));
    let others = others.filter_map(|id| choice(roster.person(id)?, &takers, scene)).collect();
    groups.push(Group { name: "Others".to_owned(), people: others });
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

fn choice(person: &Person, takers: &BTreeSet<&PersonId>, scene: &Scene<'_>) -> Option<Choice> {
    let not = match takers.contains(&person.id) {
        true => None,
        false if scene.lead.is_owned_by(&person.id) || !person.active => return None,
        false => Some(away(person, scene)),
    };
    Some(Choice { id: person.id.to_string(), name: person.name.clone(), not })
}

/// Until when somebody is away: "away until 8 Apr 2026".
fn away(person: &Person, scene: &Scene<'_>) -> String {
    let today = scene.reader.now.to_zoned(person.time_zone.clone()).date();
    let range = person.away.iter().find(|range| range.from <= today && today <= range.until);
    let until =
        |range: &baton_core::roster::Away| format!("away until {}", scene.reader.date(range.until));
    range.map_or_else(|| "away".to_owned(), until)
}
