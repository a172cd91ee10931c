//! The words of a policy that says nothing of them.

use std::collections::BTreeMap;

use baton_core::lead::Status;
use baton_core::policy::{CrmWord, RejectReason};

use super::words::by_status;

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
const CRM_WORDS: [(&str, CrmWord); 18] = [
    ("nurture", CrmWord::Ignore),
    ("marketing qualified", CrmWord::Ignore),
    ("marketing qualified lead", CrmWord::Ignore),
    ("sal", CrmWord::Accept),
    ("accepted", CrmWord::Accept),
    ("sales accepted", CrmWord::Accept),
    ("sales accepted lead", CrmWord::Accept),
    ("working - contacted", CrmWord::Accept),
    ("sql", CrmWord::Convert),
    ("sales qualified", CrmWord::Convert),
    ("sales qualified lead", CrmWord::Convert),
    ("closed - converted", CrmWord::Convert),
    ("return to marketing", CrmWord::Return),
    ("returned to marketing", CrmWord::Return),
    ("recycled", CrmWord::Return),
    ("unqualified", CrmWord::Disqualify),
    ("rejected", CrmWord::Disqualify),
    ("closed - not converted", CrmWord::Disqualify),
];

/// The words of a policy without `[crm_status]`.
pub(super) fn crm_words() -> BTreeMap<String, CrmWord> {
    let own = Status::ALL.into_iter().map(|status| (status.word(), by_status(status)));
    own.chain(CRM_WORDS).map(|(word, meaning)| (word.to_owned(), meaning)).collect()
}
