//! What a person of the roster may look at. It follows from the roster and is stored nowhere.
//!
//! Somebody may be several things at once and then sees what each of them sees. What they may *do*
//! with a lead they see is decided where it is done ([`crate::decide()`]); a role opens no door
//! that the domain keeps shut. Knows nothing of how they proved who they are.

use std::collections::BTreeSet;

use crate::id::PersonId;
use crate::lead::{Lead, Stage};
use crate::roster::Roster;
use crate::route;

/// An active person of the roster, and what they are to others on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The person whose role it is.
    pub person: PersonId,
    /// A member of a queue: leads are dealt to them.
    pub is_salesperson: bool,
    /// Told when a lead comes back: sees everything.
    pub is_marketing: bool,
    /// Told when nobody can take a lead: sees those that wait for an owner.
    pub is_house_supervisor: bool,
    /// The people who report to them, those who have left included: their leads are still theirs.
    pub reports: BTreeSet<PersonId>,
}

impl Role {
    /// What a person is; `None` if they have left or are not on the roster.
    pub fn of(person: &PersonId, roster: &Roster) -> Option<Self> {
        roster.person(person).filter(|person| person.active)?;
        let is_member = |members: &[crate::roster::Member]| {
            members.iter().any(|member| member.person == *person)
        };
        let reports = roster.people.values();
        let reports = reports.filter(|report| report.supervisor.as_ref() == Some(person));
        Some(Self {
            person: person.clone(),
            is_salesperson: roster.queues.values().any(|queue| is_member(&queue.members)),
            is_marketing: roster.marketing.contains(person),
            is_house_supervisor: route::house_supervisors(roster).contains(person),
            reports: reports.map(|report| report.id.clone()).collect(),
        })
    }

    /// Whether somebody reports to them.
    pub fn is_supervisor(&self) -> bool {
        !self.reports.is_empty()
    }

    /// Whether they see every lead and every team.
    pub fn sees_all(&self) -> bool {
        self.is_marketing
    }

    /// Whether they see the leads that wait for an owner.
    pub fn sees_unrouted(&self) -> bool {
        self.is_marketing || self.is_house_supervisor
    }

    /// Whether they see the numbers of the funnel: all of them, or their own team's.
    pub fn sees_funnel(&self) -> bool {
        self.is_marketing || self.is_supervisor()
    }

    /// Whether they see the rules in force and how often each one fired.
    pub fn sees_policy(&self) -> bool {
        self.is_marketing
    }

    /// Whether they may look up, export and erase what is held of a person.
    pub fn keeps_privacy(&self) -> bool {
        self.is_marketing
    }

    /// Whether they see the leads of that person.
    pub fn sees_leads_of(&self, whose: &PersonId) -> bool {
        self.is_marketing || self.person == *whose || self.reports.contains(whose)
    }

    /// Whether they see the team of that supervisor.
    pub fn sees_team(&self, supervisor: &PersonId) -> bool {
        self.is_marketing || (self.person == *supervisor && self.is_supervisor())
    }

    /// Whether they see a lead: their own, their team's as of now or as of when it was dealt, and
    /// what they last had of it once it has left sales, so that an old address still says what
    /// became of it.
    pub fn may_see(&self, lead: &Lead) -> bool {
        let is_theirs = lead.stage.last_hold().is_some_and(|hold| {
            self.sees_leads_of(&hold.owner) || hold.supervisor.as_ref() == Some(&self.person)
        });
        let is_unrouted = matches!(lead.stage, Stage::AwaitingOwner { .. });
        is_theirs || (is_unrouted && self.sees_unrouted()) || self.sees_all()
    }
}
