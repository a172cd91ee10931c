//! Which queue a lead goes to.

use jiff::Timestamp;

use crate::id::{PersonId, QueueName};
use crate::lead::{Lead, Stage};
use crate::policy::Policy;
use crate::policy::condition::RuleInput;
use crate::roster::Roster;

/// The queue that somebody named for the lead, if the roster has it; else the one that the rules
/// name: the first rule that matches, else the fallback.
pub fn wanted(lead: &Lead, policy: &Policy, roster: &Roster) -> QueueName {
    if let Stage::AwaitingOwner { queue: Some(named), .. } = &lead.stage
        && roster.queues.contains_key(named)
    {
        return named.clone();
    }
    let facts = RuleInput::new(lead.who.email(), &lead.profile, None);
    let rule = policy.routes.iter().find(|rule| rule.when.holds(&facts));
    rule.map_or_else(|| roster.fallback.clone(), |rule| rule.queue.clone())
}

/// The queue to deal from now: the one wanted, or the fallback while nobody in it is available.
/// `None` when nobody is available there either.
pub fn open(lead: &Lead, policy: &Policy, roster: &Roster, now: Timestamp) -> Option<QueueName> {
    let staffed = |queue: &QueueName| !roster.available(queue, now).is_empty();
    [wanted(lead, policy, roster), roster.fallback.clone()].into_iter().find(staffed)
}

/// Who hears of a lead that nobody can take: the supervisors of the fallback queue, else
/// marketing.
pub fn house_supervisors(roster: &Roster) -> Vec<PersonId> {
    let members = roster.queues.get(&roster.fallback).map_or(&[][..], |queue| &queue.members);
    let mut people: Vec<PersonId> =
        members.iter().filter_map(|m| roster.supervisor_of(&m.person).cloned()).collect();
    people.sort();
    people.dedup();
    if people.is_empty() { roster.marketing.clone() } else { people }
}
