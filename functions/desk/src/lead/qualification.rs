//! Why now: what made the lead ready for sales.

use baton_core::lead::{Evidence, Marks, QualifiedBy, Status};
use baton_wording::human_time;

use super::view::LeadView;
use crate::reader::Moment;
use crate::words::{capital, spaced};

pub(super) struct Qualification {
    pub(super) heading: &'static str,
    pub(super) how: String,
    pub(super) evidence: Vec<EvidenceRow>,
}

pub(super) struct EvidenceRow {
    pub(super) what: String,
    pub(super) day: Moment,
    /// None for an activity that counted by a fast track.
    pub(super) points: Option<String>,
}

impl Qualification {
    /// None for a lead that was never passed to sales.
    pub(super) fn of(view: &LeadView<'_>) -> Option<Self> {
        let marks = view.lead.marks();
        let mut how = how(&marks, view)?;
        if view.lead.cycle() > 1 {
            let times = human_time::ordinal(view.lead.cycle());
            how += &format!(" Sales has had this lead before: it qualified for the {times} time.");
        }
        let is_new = view.lead.status() == Status::Mql;
        let heading = if is_new { "Why now" } else { "Why it qualified" };
        let evidence = marks.evidence.iter().map(|one| evidence_row(one, view)).collect();
        Some(Self { heading, how, evidence })
    }
}

fn how(marks: &Marks<'_>, view: &LeadView<'_>) -> Option<String> {
    let count = |points| view.reader.count(points);
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

fn evidence_row(evidence: &Evidence, view: &LeadView<'_>) -> EvidenceRow {
    let Evidence { label, at, points, .. } = evidence;
    let sign = if *points > 0 { "+" } else { "" };
    let points = (*points != 0).then(|| format!("{sign}{}", view.reader.count(*points)));
    EvidenceRow { what: capital(label), day: view.reader.day(*at), points }
}
