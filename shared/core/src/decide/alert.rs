//! The facts an alert may tell, gathered while the decision is made.

use super::Turn;
use crate::id::PersonId;
use crate::message::{Alert, AlertKind, Facts};

/// A word to somebody about the lead as the decision leaves it.
pub(super) fn about(
    turn: &Turn<'_>,
    to: &PersonId,
    kind: AlertKind,
    reason: Option<&str>,
) -> Alert {
    let (lead, marks) = (turn.lead(), &turn.lead().marks);
    let clocks = &turn.world.policy.clocks;
    let text = |key| lead.profile.text(key).map(str::to_owned);
    let can_extend = lead.extensions < clocks.extensions_at_most;
    let facts = Facts {
        lead: lead.lead,
        cycle: lead.cycle,
        erasures: lead.erasures(),
        at: turn.now,
        by: turn.order.by.clone(),
        status: lead.status,
        name: lead.profile.name(),
        title: text("title"),
        company: text("company"),
        country: text("country"),
        email: lead.who.email().map(|email| email.as_str().to_owned()),
        phone: text("phone"),
        mql_by: marks.mql_by,
        mql_at: marks.mql_at,
        mql_because: marks.mql_because.clone(),
        score_at_mql: marks.score_at_mql,
        evidence: marks.evidence.clone(),
        owner: lead.owner.clone().or_else(|| marks.owner.clone()),
        supervisor: lead.supervisor.clone().or_else(|| marks.supervisor.clone()),
        assigned_at: marks.assigned_at,
        accept_by: marks.assigned_at.and_then(|at| at.checked_add(clocks.accept_within).ok()),
        accepted_at: marks.accepted_at,
        deadline: lead.deadline.clone(),
        escalations: lead.escalations,
        extend_by: can_extend.then_some(clocks.extend_by),
        reason: reason.map(str::to_owned),
    };
    let correlation = Some(turn.order.correlation.clone());
    Alert { to: to.clone(), kind, facts, correlation }
}
