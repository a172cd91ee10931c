//! The words of a policy that says nothing of them.

use std::collections::BTreeMap;

use baton_core::lead::Status;
use baton_core::policy::RejectReason;

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
