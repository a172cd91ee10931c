//! The dates and reasons stamped on a lead, as JSON and pages show them: a view of its stage.

use jiff::Timestamp;
use serde::Serialize;

use super::{Evidence, Hold, Lead, QualifiedBy, Stage, Trip, Work};
use crate::id::{PersonId, SourceName};
use crate::score::Score;

/// The dates and reasons stamped on a lead (rule 12); the newest cycle's, but for `first_mql_at`,
/// which is stamped once. What has not happened is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Marks<'a> {
    /// When it first became an MQL.
    pub first_mql_at: Option<Timestamp>,
    /// When it last became an MQL.
    pub mql_at: Option<Timestamp>,
    /// How it became one.
    pub mql_by: Option<QualifiedBy>,
    /// The source of the activity that made it one; none if a person did.
    pub mql_source: Option<&'a SourceName>,
    /// What spoke for it: the activities that counted, newest first.
    pub evidence: &'a [Evidence],
    /// The fast-track rule's name, or the person's reason.
    pub mql_because: Option<&'a str>,
    /// The score when it last became an MQL.
    pub score_at_mql: Option<Score>,
    /// When the present or last owner got it.
    pub assigned_at: Option<Timestamp>,
    /// When it was last accepted.
    pub accepted_at: Option<Timestamp>,
    /// When its owner was last warned that marketing takes it back.
    pub warned_at: Option<Timestamp>,
    /// When it became a contact or opportunity.
    pub converted_at: Option<Timestamp>,
    /// When it went back to marketing.
    pub returned_at: Option<Timestamp>,
    /// Why it went back.
    pub returned_reason: Option<&'a str>,
    /// When it was ruled out.
    pub disqualified_at: Option<Timestamp>,
    /// Why it was ruled out.
    pub disqualified_reason: Option<&'a str>,
    /// The present or last owner.
    pub owner: Option<&'a PersonId>,
    /// Whom they reported to when they got it.
    pub supervisor: Option<&'a PersonId>,
}

impl Lead {
    /// The dates and reasons stamped on it.
    pub fn marks(&self) -> Marks<'_> {
        let marks = self.marks_of_work();
        match &self.stage {
            Stage::Converted { at, .. } => Marks { converted_at: Some(*at), ..marks },
            Stage::Returned(end) => {
                Marks { returned_at: Some(end.at), returned_reason: Some(&end.reason), ..marks }
            }
            Stage::Disqualified(end) => Marks {
                disqualified_at: Some(end.at),
                disqualified_reason: Some(&end.reason),
                ..marks
            },
            Stage::Nurturing
            | Stage::AwaitingOwner { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Working { .. } => marks,
        }
    }

    fn marks_of_work(&self) -> Marks<'_> {
        let marks = self.marks_of_hold();
        let Some(&Work { accepted_at, warned_at }) = self.stage.work() else { return marks };
        Marks { accepted_at: Some(accepted_at), warned_at, ..marks }
    }

    fn marks_of_hold(&self) -> Marks<'_> {
        let marks = self.marks_of_trip();
        let Some(hold) = self.stage.last_hold() else { return marks };
        let Hold { owner, supervisor, queue: _, assigned_at, escalations: _ } = hold;
        Marks {
            assigned_at: Some(*assigned_at),
            owner: Some(owner),
            supervisor: supervisor.as_ref(),
            ..marks
        }
    }

    fn marks_of_trip(&self) -> Marks<'_> {
        let Some(trip) = self.stage.trip() else { return Marks::default() };
        let Trip {
            cycle: _,
            first_mql_at,
            mql_at,
            mql_by,
            mql_source,
            evidence,
            mql_because,
            score_at_mql,
            extensions: _,
            extended_by: _,
            extended_at: _,
            reported: _,
            let_go: _,
        } = trip;
        Marks {
            first_mql_at: Some(*first_mql_at),
            mql_at: Some(*mql_at),
            mql_by: Some(*mql_by),
            mql_source: mql_source.as_ref(),
            evidence,
            mql_because: mql_because.as_deref(),
            score_at_mql: Some(*score_at_mql),
            ..Marks::default()
        }
    }
}
