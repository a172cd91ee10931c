//! What must be so before a command is carried out: where the lead stands, whose it is, and what
//! the asker believes of it.

use super::DecisionBuilder;
use crate::actor::Actor;
use crate::id::PersonId;
use crate::lead::{Hold, Stage, Trip, Work, WorkDeadline};
use crate::refusal::Refusal;
use crate::route;

impl DecisionBuilder<'_> {
    /// The owner, their supervisor, marketing and the house supervisors may act; so may the CRM
    /// and our own machinery. Anybody else's link is good for looking only.
    pub(crate) fn must_be_theirs(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = self.by() else { return Ok(()) };
        let hold = self.lead().stage.hold();
        theirs(is_holder(person, hold) || self.is_above(person, hold))
    }

    /// As [`must_be_theirs`](Self::must_be_theirs), of a lead that has left sales: whoever held it
    /// last, and those above them.
    pub(crate) fn must_have_been_theirs(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = self.by() else { return Ok(()) };
        let hold = self.lead().stage.last_hold();
        theirs(is_holder(person, hold) || self.is_above(person, hold))
    }

    /// The supervisor of whoever holds it or held it last, marketing and the house supervisors; the
    /// CRM.
    pub(crate) fn must_be_above(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = self.by() else { return Ok(()) };
        theirs(self.is_above(person, self.lead().stage.last_hold()))
    }

    /// Marketing; the CRM.
    pub(crate) fn must_be_marketing(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = self.by() else { return Ok(()) };
        theirs(self.roster().marketing.contains(person))
    }

    fn is_above(&self, person: &PersonId, hold: Option<&Hold>) -> bool {
        let roster = self.roster();
        hold.and_then(|hold| hold.supervisor.as_ref()) == Some(person)
            || hold.and_then(|hold| roster.supervisor_of(&hold.owner)) == Some(person)
            || roster.marketing.contains(person)
            || route::house_supervisors(roster).contains(person)
    }

    /// Refuses if the asker saw another deadline than the one that runs: a second tap must not
    /// extend twice, nor a page left open take a lead from somebody who just got it.
    pub(crate) fn must_be_as_seen(&self) -> Result<(), Refusal> {
        let seen = self.asked.seen;
        match seen.is_some() && seen != self.lead().deadline().as_ref() {
            true => Err(Refusal::Changed),
            false => Ok(()),
        }
    }

    /// Refuses unless sales holds the lead.
    pub(crate) fn must_be_in_sales(&self) -> Result<(), Refusal> {
        match &self.lead().stage {
            Stage::AwaitingOwner { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Working { .. } => Ok(()),
            Stage::Nurturing => Err(Refusal::NotQualified),
            Stage::Converted { .. } => Err(Refusal::AlreadyConverted),
            Stage::Returned(_) => Err(Refusal::AlreadyReturned),
            Stage::Disqualified(_) => Err(Refusal::AlreadyDisqualified),
        }
    }

    /// What is known of a lead whose owner has yet to accept it; refuses if that is not so.
    pub(crate) fn must_await_acceptance(&self) -> Result<(Trip, Hold, Option<Work>), Refusal> {
        self.must_be_in_sales()?;
        match &self.lead().stage {
            Stage::AwaitingAcceptance { trip, hold, earlier_work, .. } => {
                Ok((trip.clone(), hold.clone(), *earlier_work))
            }
            Stage::Working { hold, .. } => {
                Err(Refusal::AlreadyAccepted { owner: hold.owner.clone() })
            }
            Stage::AwaitingOwner { .. }
            | Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => Err(Refusal::NotAssigned),
        }
    }

    /// What is known of a lead in work; refuses unless its present owner has accepted it.
    pub(crate) fn must_be_in_work(&self) -> Result<(Trip, Hold, Work, WorkDeadline), Refusal> {
        self.must_be_in_sales()?;
        match &self.lead().stage {
            Stage::Working { trip, hold, work, next } => {
                Ok((trip.clone(), hold.clone(), *work, *next))
            }
            Stage::AwaitingOwner { .. } => Err(Refusal::NotAssigned),
            Stage::AwaitingAcceptance { .. }
            | Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => Err(Refusal::NotAccepted),
        }
    }
}

fn is_holder(person: &PersonId, hold: Option<&Hold>) -> bool {
    hold.is_some_and(|hold| hold.owner == *person)
}

fn theirs(it_is: bool) -> Result<(), Refusal> {
    if it_is { Ok(()) } else { Err(Refusal::NotYours) }
}
