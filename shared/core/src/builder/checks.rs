//! What must be so before a command is carried out: where the lead stands, whose it is, and what
//! the asker believes of it.

use super::DecisionBuilder;
use crate::actor::Actor;
use crate::lead::{Hold, Stage, Trip, Work, WorkDeadline};
use crate::refusal::Refusal;
use crate::route;

impl DecisionBuilder<'_> {
    /// The owner, their supervisor, marketing and the house supervisors may act; so may the CRM
    /// and our own machinery. Anybody else's link is good for looking only.
    pub(crate) fn must_be_theirs(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = self.by() else { return Ok(()) };
        let (lead, roster) = (self.lead(), self.roster());
        let supervisor_now = lead.owner().and_then(|owner| roster.supervisor_of(owner));
        let theirs = lead.is_owned_by(person)
            || lead.supervisor() == Some(person)
            || supervisor_now == Some(person)
            || roster.marketing.contains(person)
            || route::house_supervisors(roster).contains(person);
        if theirs { Ok(()) } else { Err(Refusal::NotYours) }
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
            Stage::Working { hold, .. } | Stage::Converted { hold, .. } => {
                Err(Refusal::AlreadyAccepted { owner: hold.owner.clone() })
            }
            Stage::AwaitingOwner { .. }
            | Stage::Nurturing
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
