//! Why now: what made the lead ready for sales.

use baton_core::lead::{Evidence, Marks, QualifiedBy, Status};
use baton_wording::human_time;

use super::scene::Scene;
use crate::reader::Moment;
use crate::words::{capital, spaced};

/// What spoke for the lead.
pub(super) struct Why {
    pub(super) heading: &'static str,
    pub(super) how: String,
    pub(super) evidence: Vec<Deed>,
}

/// Something they did.
pub(super) struct Deed {
    pub(super) what: String,
    pub(super) day: Moment,
    /// None, if it counted by a fast track.
    pub(super) points: Option<String>,
}

impl Why {
    /// Nothing, of a lead that was never passed to sales.
    pub(super) fn of(scene: &Scene<'_>) -> Option<Self> {
        let marks = scene.lead.marks();
        let mut how = how(&marks, scene)?;
        if scene.lead.cycle() > 1 {
            let times = human_time::ordinal(scene.lead.cycle());
            how += &format!(" Sales has had this lead before: it qualified for the {times} time.");
        }
        let is_new = scene.lead.status() == Status::Mql;
        let heading = if is_new { "Why now" } else { "Why it qualified" };
        let evidence = marks.evidence.iter().map(|one| deed(one, scene)).collect();
        Some(Self { heading, how, evidence })
    }
}

fn how(marks: &Marks<'_>, scene: &Scene<'_>) -> Option<String> {
    let count = |points| scene.reader.count(points);
    let because = marks.mql_because;
    let score = marks.score_at_mql;
    Some(match (marks.mql_by?, because) {
        (QualifiedBy::Score, _) => score.map_or_else(String::new, |score| {
            let (behaviour, fit) = (count(score.behaviour), count(score.fit));
            let total = count(score.total);
            format!(
                "The score reached {total}: {behaviour} for what they did, {fit} for who they are."
            )
        }),
        (QualifiedBy::FastTrack, rule) => {
            let rule = rule.map_or_else(String::new, |rule| format!(" ({})", spaced(rule)));
            let was = score.map(|score| format!(" It was {}.", count(score.total)));
            let was = was.unwrap_or_default();
            format!("Fast track{rule}: ready for sales, whatever the score.{was}")
        }
        (QualifiedBy::Manual, Some(words)) => format!("Passed on by hand: “{words}”."),
        (QualifiedBy::Manual, None) => "Passed on by hand.".to_owned(),
    })
}

fn deed(evidence: &Evidence, scene: &Scene<'_>) -> Deed {
    let Evidence { label, at, points, .. } = evidence;
    let sign = if *points > 0 { "+" } else { "" };
    let points = (*points != 0).then(|| format!("{sign}{}", scene.reader.count(*points)));
    Deed { what: capital(label), day: scene.reader.day(*at), points }
}
