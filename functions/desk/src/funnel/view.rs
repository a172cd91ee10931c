//! The rows of the funnel's page, as the template shows them.

use crate::chart::bars::Pair;
use crate::chart::dial::Dial;
use crate::reader::Moment;

/// A number, and the link to its leads.
pub(super) struct LinkedCount {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

pub(super) struct StepRow {
    pub(super) name: &'static str,
    pub(super) bars: Pair,
    pub(super) now: LinkedCount,
    pub(super) before: LinkedCount,
    pub(super) change: String,
    pub(super) against: String,
}

pub(super) struct NearRow {
    pub(super) lead: String,
    pub(super) name: String,
    pub(super) of: String,
    pub(super) owner: String,
    pub(super) last: String,
    pub(super) class: &'static str,
    pub(super) dial: Option<Dial>,
    pub(super) left: String,
    pub(super) then: &'static str,
    pub(super) at: Moment,
}

pub(super) struct CohortRow {
    pub(super) week: String,
    pub(super) mqls: LinkedCount,
    pub(super) accepted: LinkedCount,
    pub(super) accepted_share: String,
    pub(super) converted: LinkedCount,
    pub(super) converted_share: String,
    pub(super) returned: LinkedCount,
    pub(super) disqualified: LinkedCount,
    pub(super) working: LinkedCount,
    pub(super) waiting: LinkedCount,
}

pub(super) struct SpeedRow {
    pub(super) name: &'static str,
    pub(super) leads: LinkedCount,
    pub(super) median: String,
    pub(super) p90: String,
    pub(super) before: String,
}

pub(super) struct TeamRows {
    pub(super) name: String,
    pub(super) all: PersonRow,
    pub(super) people: Vec<PersonRow>,
}

pub(super) struct PersonRow {
    pub(super) name: String,
    pub(super) numbers: Vec<LinkedCount>,
    pub(super) in_time: String,
}

pub(super) struct ReasonRow {
    pub(super) label: String,
    pub(super) leads_to: &'static str,
    pub(super) bars: Pair,
    pub(super) now: LinkedCount,
    pub(super) before: LinkedCount,
}
