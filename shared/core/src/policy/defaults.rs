//! What a policy means by what it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::date;

use super::{Clocks, Meeting, RejectReason, Scanners, Scoring};
use crate::id::ActivityType;
use crate::lead::Status;

const fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

impl Default for Scoring {
    fn default() -> Self {
        Self { threshold: 100, floor: 0, half_life: days(90), restart_on_return: true }
    }
}

impl Default for Scanners {
    fn default() -> Self {
        let clicked = ActivityType::parse("email.clicked").expect("a plain name");
        Self { types: BTreeSet::from([clicked]), after_sending: SignedDuration::from_secs(10) }
    }
}

impl Default for Clocks {
    fn default() -> Self {
        Self {
            accept_within: days(1),
            escalate_every: days(1),
            convert_within: days(30),
            take_back_after: days(1),
            extend_by: days(14),
            extensions_at_most: 2,
            route_within: SignedDuration::from_mins(2),
            route_retry_every: SignedDuration::from_mins(15),
            unrouted_remind_every: days(1),
        }
    }
}

impl Default for Meeting {
    fn default() -> Self {
        Self { to: BTreeSet::new(), first: date(2026, 1, 5), every_days: 14, hour: 7 }
    }
}

const REJECT_REASONS: [(&str, &str, Status); 8] = [
    ("not_now", "Not now, maybe later", Status::Returned),
    ("no_budget", "No budget", Status::Returned),
    ("wrong_person", "Not the right person to talk to", Status::Returned),
    ("bad_data", "The contact data is wrong", Status::Disqualified),
    ("competitor", "Works for a competitor", Status::Disqualified),
    ("student", "A student", Status::Disqualified),
    ("duplicate", "Already in the CRM", Status::Disqualified),
    ("not_a_fit", "Not a fit for what we sell", Status::Disqualified),
];

/// The reasons of a policy without `[[reject_reason]]`.
pub(super) fn reject_reasons() -> BTreeMap<String, RejectReason> {
    let reason = |(name, label, leads_to): (&str, &str, _)| {
        (name.to_owned(), RejectReason { label: label.to_owned(), leads_to })
    };
    REJECT_REASONS.into_iter().map(reason).collect()
}

/// Words that CRMs use out of the box, beside each status' own.
const CRM_WORDS: [(&str, Status); 18] = [
    ("nurture", Status::Nurturing),
    ("marketing qualified", Status::Mql),
    ("marketing qualified lead", Status::Mql),
    ("sal", Status::Working),
    ("accepted", Status::Working),
    ("sales accepted", Status::Working),
    ("sales accepted lead", Status::Working),
    ("working - contacted", Status::Working),
    ("sql", Status::Converted),
    ("sales qualified", Status::Converted),
    ("sales qualified lead", Status::Converted),
    ("closed - converted", Status::Converted),
    ("return to marketing", Status::Returned),
    ("returned to marketing", Status::Returned),
    ("recycled", Status::Returned),
    ("unqualified", Status::Disqualified),
    ("rejected", Status::Disqualified),
    ("closed - not converted", Status::Disqualified),
];

/// The words of a policy without `[crm_status]`.
pub(super) fn crm_words() -> BTreeMap<String, Status> {
    let own = Status::ALL.into_iter().map(|status| (status.word(), status));
    own.chain(CRM_WORDS).map(|(word, status)| (word.to_owned(), status)).collect()
}
