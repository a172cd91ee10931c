//! All that is held of a person as one value, to hand to them.

use baton_cloud::{Quarantined, Sent};
use baton_core::lead::Lead;
use baton_engine::{Holding, Services};
use jiff::Timestamp;
use serde::Serialize;

use crate::reply::{self, HistoryView, LeadView, LedgerView};

/// The contract's shapes, and beside them what is kept that they leave out.
#[derive(Serialize)]
pub(super) struct Export<'h> {
    exported_at: Timestamp,
    lead: Option<LeadView<'h>>,
    /// The lead as it is stored.
    record: Option<&'h Lead>,
    history: Vec<HistoryView>,
    ledger: Option<LedgerView>,
    messages: &'h [Sent],
    quarantined: Vec<QuarantinedView<'h>>,
}

#[derive(Serialize)]
struct QuarantinedView<'h> {
    #[serde(flatten)]
    held: &'h baton_cloud::Held,
    body: String,
}

pub(super) fn all<'h>(held: &'h Holding, handoff: &Services, now: Timestamp) -> Export<'h> {
    let Holding { lead, told, ledger, quarantined, tombstone: _ } = held;
    let settings = handoff.settings();
    let view = |Quarantined { held, body }: &'h Quarantined| QuarantinedView {
        held,
        body: String::from_utf8_lossy(body).into_owned(),
    };
    Export {
        exported_at: now,
        lead: lead.as_ref().map(|lead| reply::lead(lead, handoff)),
        record: lead.as_ref(),
        history: reply::history(told.clone(), &settings.rules().roster),
        ledger: lead.as_ref().map(|lead| reply::ledger(lead, ledger.clone(), settings)),
        messages: &told.messages,
        quarantined: quarantined.iter().map(view).collect(),
    }
}
