//! The facts an alert may tell, gathered while the decision is made.

use super::DecisionBuilder;
use crate::id::PersonId;
use crate::lead::DeadlineKind;
use crate::message::{Alert, AlertKind, Facts};

/// An alert about the lead as the decision leaves it.
pub(super) fn alert(
    decision: &DecisionBuilder<'_>,
    to: &PersonId,
    kind: AlertKind,
    reason: Option<&str>,
) -> Alert {
    let (lead, marks) = (decision.lead(), decision.lead().marks());
    let clocks = decision.clocks();
    let text = |key| lead.profile.text(key).map(str::to_owned);
    let can_extend = lead.extensions() < clocks.extensions_at_most;
    let to_accept = lead.stage.countdown().filter(|(kind, _)| *kind == DeadlineKind::Accept);
    let facts = Facts {
        lead: lead.lead,
        cycle: lead.cycle(),
        erasures: lead.erasures(),
        at: decision.now(),
        by: decision.by().clone(),
        status: lead.status(),
        name: lead.profile.name(),
        title: text("title"),
        company: text("company"),
        country: text("country"),
        email: lead.email().map(|email| email.as_str().to_owned()),
        phone: text("phone"),
        mql_by: marks.mql_by,
        mql_at: marks.mql_at,
        mql_because: marks.mql_because.map(str::to_owned),
        score_at_mql: marks.score_at_mql,
        evidence: marks.evidence.to_vec(),
        owner: marks.owner.cloned(),
        supervisor: marks.supervisor.cloned(),
        assigned_at: marks.assigned_at,
        accept_by: to_accept.map(|(_, countdown)| countdown.promised_at),
        accepted_at: marks.accepted_at,
        deadline: lead.deadline(),
        escalations: lead.escalations(),
        extend_by: can_extend.then_some(clocks.extend_by),
        reason: reason.map(str::to_owned),
    };
    Alert { to: to.clone(), kind, facts, correlation: Some(decision.correlation().clone()) }
}
