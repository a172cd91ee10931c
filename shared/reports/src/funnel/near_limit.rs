//! Leads that marketing takes back soon.

use baton_core::id::{LeadId, PersonId};
use baton_core::lead::{DeadlineKind, Lead};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::FunnelQuery;

/// A lead is listed when it is taken back, or its owner warned, within this time.
pub const NEAR_LIMIT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A lead that marketing takes back soon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearLimit {
    /// The lead's id.
    pub lead: LeadId,
    /// The person's name, if they gave one.
    pub name: Option<String>,
    /// The title that the person gave last.
    pub title: Option<String>,
    /// The company that the person gave last.
    pub company: Option<String>,
    /// Who holds it.
    pub owner: Option<PersonId>,
    /// To whom the owner reported when they got it.
    pub supervisor: Option<PersonId>,
    /// When it is taken back or, if nobody has been warned, when they are.
    pub due: Timestamp,
    /// Whether they have been warned: one day is left then.
    pub is_warned: bool,
    /// When its owner accepted it.
    pub accepted_at: Option<Timestamp>,
    /// How often its time was extended.
    pub extensions: u32,
    /// What the prospect did last, in words that follow their name.
    pub last_activity: Option<String>,
    /// When they did that.
    pub last_activity_at: Option<Timestamp>,
}

/// Those of the leads that are near the limit: the warned first, then by the time that is left.
pub(super) fn all(leads: &[Lead], question: &FunnelQuery<'_>) -> Vec<NearLimit> {
    let is_theirs = |lead: &&Lead| question.team.is_none_or(|t| lead.supervisor() == Some(t));
    let near = leads.iter().filter(is_theirs).filter_map(|lead| near(lead, question.now));
    let mut near: Vec<_> = near.collect();
    near.sort_by_key(|near| (!near.is_warned, near.due, near.lead));
    near
}

fn near(lead: &Lead, now: Timestamp) -> Option<NearLimit> {
    let deadline = lead.deadline()?;
    let is_warned = match deadline.kind {
        DeadlineKind::TakeBack => true,
        DeadlineKind::Convert if deadline.at.duration_since(now) <= NEAR_LIMIT => false,
        DeadlineKind::Convert | DeadlineKind::Route | DeadlineKind::Accept => return None,
    };
    let text = |key| lead.profile.text(key).map(str::to_owned);
    let last = lead.recent.first();
    Some(NearLimit {
        lead: lead.lead,
        name: lead.profile.name(),
        title: text("title"),
        company: text("company"),
        owner: lead.owner().cloned(),
        supervisor: lead.supervisor().cloned(),
        due: deadline.at,
        is_warned,
        accepted_at: lead.marks().accepted_at,
        extensions: lead.extensions(),
        last_activity: last.map(|last| last.label.clone()),
        last_activity_at: last.map(|last| last.at),
    })
}
