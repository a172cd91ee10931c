//! Everything that is stored about a person, as one value to hand to them.

use baton_cloud::{Quarantined, Sent};
use baton_core::lead::Lead;
use baton_engine::{Holding, Services};
use jiff::Timestamp;
use serde::Serialize;

use crate::lead::json::{self, HistoryJson, LeadJson, LedgerJson};

/// The shapes of the contract, and what is stored beyond them.
#[derive(Serialize)]
pub(super) struct Export<'h> {
    exported_at: Timestamp,
    lead: Option<LeadJson<'h>>,
    /// The lead as it is stored.
    record: Option<&'h Lead>,
    history: Vec<HistoryJson>,
    ledger: Option<LedgerJson>,
    messages: &'h [Sent],
    quarantined: Vec<QuarantinedView<'h>>,
}

#[derive(Serialize)]
struct QuarantinedView<'h> {
    #[serde(flatten)]
    held: &'h baton_cloud::Held,
    body: String,
}

pub(super) fn all<'h>(held: &'h Holding, services: &Services, now: Timestamp) -> Export<'h> {
    let Holding { lead, told, ledger, quarantined, tombstone: _ } = held;
    let settings = services.settings();
    let view = |Quarantined { held, body }: &'h Quarantined| QuarantinedView {
        held,
        body: String::from_utf8_lossy(body).into_owned(),
    };
    Export {
        exported_at: now,
        lead: lead.as_ref().map(|lead| json::lead(lead, services)),
        record: lead.as_ref(),
        history: json::history(told.clone(), &settings.rules().roster),
        ledger: lead.as_ref().map(|lead| json::ledger(lead, ledger.clone(), settings)),
        messages: &told.messages,
        quarantined: quarantined.iter().map(view).collect(),
    }
}
