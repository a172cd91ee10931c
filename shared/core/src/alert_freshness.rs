//! Whether an alert that leaves late still tells the truth about the lead as it is by then.
//!
//! An alert leaves with the decision that made it known; one that could not waits in the outbox,
//! for hours if alerts are down. What the lead went through meanwhile decides whether it still has
//! to be said. Whoever sends late asks here first.

use jiff::Timestamp;

use crate::erasure::LeadRecord;
use crate::id::PersonId;
use crate::lead::{DeadlineKind, Lead, Stage, Status};
use crate::message::{Alert, AlertKind, Facts, Message, MessageId};

/// Whether a message that leaves late should still be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Freshness {
    /// It should be sent, in these words: a date in it may have moved.
    Current(Message),
    /// It is no longer true, and must not be sent.
    Outdated,
    /// It is about somebody who was erased since. The erasure removes it.
    Erased,
}

impl Message {
    /// Whether the message with this id should still be sent, given what is known of its lead now.
    /// An event is a fact and stays one; an alert must still be true of the lead.
    #[must_use]
    pub fn freshness(
        &self,
        id: MessageId,
        known: Option<&LeadRecord>,
        now: Timestamp,
    ) -> Freshness {
        let erased = known.and_then(LeadRecord::erased);
        if erased.is_some_and(|erased| erased.took_version(id.version)) {
            return Freshness::Erased;
        }
        match (self, known) {
            (Self::Event(_) | Self::Erased(_), _) => Freshness::Current(self.clone()),
            (Self::Alert(alert), Some(LeadRecord::Lead(lead))) => {
                alert.still_true_of(lead, now).map_or(Freshness::Outdated, |alert| {
                    Freshness::Current(Self::Alert(Box::new(alert)))
                })
            }
            (Self::Alert(_), Some(LeadRecord::Erased(_)) | None) => Freshness::Outdated,
        }
    }
}

impl Alert {
    /// The alert as it must read when it leaves late, or `None` if it is no longer true. While a
    /// lead waits for its owner's warning to leave (rule 8), that warning is true.
    #[must_use]
    pub fn still_true_of(&self, lead: &Lead, now: Timestamp) -> Option<Self> {
        if !is_true(self, lead) {
            return None;
        }
        let mut alert = self.sent_at(now);
        let is_warned = lead.stage.work().is_some_and(|work| work.warned_at.is_some());
        if self.kind == AlertKind::TakeBackWarned && is_warned {
            // The owner's copy has left: the grace runs already, and nobody else's moves it.
            alert.facts.deadline = lead.deadline();
        }
        if self.kind == AlertKind::HandedOver {
            alert.facts.owner = last_owner(lead).cloned();
        }
        Some(alert)
    }
}

fn is_true(alert: &Alert, lead: &Lead) -> bool {
    let Alert { to, kind, facts, .. } = alert;
    let clock = lead.deadline().map(|deadline| deadline.kind);
    let same_trip = lead.lead == facts.lead && lead.cycle() == facts.cycle;
    same_trip
        && match kind {
            AlertKind::Assigned => {
                lead.is_owned_by(to) && (waits_as_told(facts, lead) || works_as_told(facts, lead))
            }
            AlertKind::AcceptOverdue => waits_as_told(facts, lead),
            AlertKind::TakeBackWarned => {
                clock == Some(DeadlineKind::TakeBack) && same_hold(facts, lead)
            }
            AlertKind::TakenBack => lead.status() == facts.status,
            // Still so when the lead has left sales; not when it came back to them.
            AlertKind::HandedOver => last_owner(lead) != Some(to),
            // A later reminder says the same, and newer.
            AlertKind::Unrouted => {
                matches!(lead.stage, Stage::AwaitingOwner { house_told_at, .. }
                    if house_told_at == Some(facts.at))
            }
        }
}

/// Whether the same owner has yet to accept it and was not reminded since. A later escalation says
/// the same and more, and the date in this alert has passed by then.
fn waits_as_told(facts: &Facts, lead: &Lead) -> bool {
    let clock = lead.deadline().map(|deadline| deadline.kind);
    clock == Some(DeadlineKind::Accept)
        && same_hold(facts, lead)
        && lead.escalations() == facts.escalations
}

/// Whether the owner still works a lead that was dealt to them as accepted.
fn works_as_told(facts: &Facts, lead: &Lead) -> bool {
    let is_told = facts.status == Status::Working && facts.accept_by.is_none();
    is_told && matches!(lead.stage, Stage::Working { .. }) && same_hold(facts, lead)
}

/// The owner holds it since the same assignment.
fn same_hold(facts: &Facts, lead: &Lead) -> bool {
    lead.stage.hold().is_some_and(|hold| {
        Some(&hold.owner) == facts.owner.as_ref() && Some(hold.assigned_at) == facts.assigned_at
    })
}

/// Who holds it or, once it has left sales, held it last.
fn last_owner(lead: &Lead) -> Option<&PersonId> {
    lead.stage.last_hold().map(|hold| &hold.owner)
}
