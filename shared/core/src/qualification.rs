//! Rule 3: when an activity makes a lead an MQL. At the threshold by what itself raises the score,
//! or at once by a fast track; never what takes points away, never who is excluded, and after a
//! return only what is new.

use jiff::Timestamp;

use crate::activity::Activity;
use crate::lead::{Lead, Stage};
use crate::policy::{FastTrack, Scoring};
use crate::score::Points;

/// What makes a lead an MQL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Qualifies<'a> {
    /// The score reached the threshold.
    Score,
    /// A rule matched, whatever the score.
    FastTrack(&'a FastTrack),
}

/// What an activity did to the score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gain {
    /// The points that the rules gave it.
    pub(crate) points: Points,
    /// Whether the score is higher by it: for what was done, or for who the lead turned out to be.
    pub(crate) raises: bool,
}

/// Whether an activity that did this to the score makes the lead an MQL, and by what. Whatever else
/// changed the score, time or other rules, qualifies nobody.
pub(crate) fn by_activity<'a>(
    lead: &Lead,
    activity: &Activity,
    gain: Gain,
    fast_track: Option<&'a FastTrack>,
    scoring: &Scoring,
    now: Timestamp,
) -> Option<Qualifies<'a>> {
    let (may_score, may_fast_track) = match &lead.stage {
        Stage::Nurturing => (gain.points >= 0, true),
        Stage::Returned(ended) => {
            let is_new = activity.occurred_at >= ended.at;
            (is_new, is_new)
        }
        Stage::AwaitingOwner { .. }
        | Stage::AwaitingAcceptance { .. }
        | Stage::Working { .. }
        | Stage::Converted { .. }
        | Stage::Disqualified(_) => (false, false),
    };
    if lead.excluded.is_some() {
        return None;
    }
    if let Some(rule) = fast_track.filter(|_| may_fast_track) {
        return Some(Qualifies::FastTrack(rule));
    }
    let reached = || lead.score(now, scoring.half_life).total >= scoring.threshold;
    (may_score && gain.raises && reached()).then_some(Qualifies::Score)
}
