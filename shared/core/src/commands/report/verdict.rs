//! What a report comes to, by the lead as it is: nothing, for it is late or says what is so, or the
//! next step towards what it says.

use jiff::{SignedDuration, Timestamp};

use super::Report;
use crate::commands::take_up::Progress;
use crate::id::PersonId;
use crate::lead::{Lead, Stage};
use crate::policy::CrmWord;
use crate::refusal::Refusal;

/// For how long the word by which sales let go of a lead is taken for an echo, if the report says
/// neither which trip it is about nor when it became so.
const ECHOES_FOR: SignedDuration = SignedDuration::from_hours(72);

/// What a report comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is about an earlier time.
    Stale,
    /// It asks for nothing, or for what is so already.
    Ignored,
    /// This is to be done next.
    Next(Step),
}

/// One step towards what is reported.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Qualify,
    Accept,
    Convert,
    Return,
    Disqualify,
    /// The CRM names another owner.
    HandOver(PersonId),
    /// Sales did it outside the system.
    TakeUp(Progress),
}

pub(super) fn of(report: &Report, lead: &Lead, now: Timestamp) -> Result<Verdict, Refusal> {
    if report.word == CrmWord::Ignore {
        return Ok(Verdict::Ignored);
    }
    match report.cycle {
        Some(cycle) if cycle > lead.cycle() => return Err(Refusal::UnknownCycle(lead.cycle())),
        Some(cycle) if cycle < lead.cycle() => return Ok(Verdict::Stale),
        Some(_) | None => {}
    }
    if is_so(report, lead) {
        return Ok(Verdict::Ignored);
    }
    if is_older(report, lead) || is_echo(report, lead, now) {
        return Ok(Verdict::Stale);
    }
    Ok(Verdict::Next(step(report, lead)))
}

/// Whether the lead is where the report says. An owner who has yet to accept a lead that is in work
/// accepts it by the CRM's word for that.
pub(super) fn is_so(report: &Report, lead: &Lead) -> bool {
    match (report.word, &lead.stage) {
        (CrmWord::Ignore, _) => true,
        (CrmWord::Qualify, stage) => stage.status().is_in_sales(),
        (CrmWord::Accept, Stage::Working { .. }) => !names_another(report, lead),
        (CrmWord::Convert, Stage::Converted { .. })
        | (CrmWord::Return, Stage::Returned(_))
        | (CrmWord::Disqualify, Stage::Disqualified(_)) => true,
        (
            CrmWord::Accept | CrmWord::Convert | CrmWord::Return | CrmWord::Disqualify,
            Stage::Nurturing
            | Stage::AwaitingOwner { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Working { .. }
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_),
        ) => false,
    }
}

fn names_another(report: &Report, lead: &Lead) -> bool {
    report.owner.is_some() && report.owner.as_ref() != lead.owner()
}

/// Whether something was decided since that the report would undo. CRMs keep whole seconds, so that
/// a report of the same second is none of before.
fn is_older(report: &Report, lead: &Lead) -> bool {
    let (Some(at), Some(decided)) = (report.at, undone(report.word, &lead.stage)) else {
        return false;
    };
    at.as_second() < decided.as_second()
}

/// When the newest decision was made that the word would undo. To go on undoes only what came
/// between: an acceptance undoes no assignment but is of one, a conversion is of the whole trip.
fn undone(word: CrmWord, stage: &Stage) -> Option<Timestamp> {
    match (stage, word) {
        (Stage::Nurturing, _) => None,
        (Stage::AwaitingOwner { trip, .. }, _)
        | (
            Stage::AwaitingAcceptance { trip, .. } | Stage::Working { trip, .. },
            CrmWord::Convert,
        ) => Some(trip.mql_at),
        (Stage::AwaitingAcceptance { hold, .. }, _) => Some(hold.assigned_at),
        (Stage::Working { trip, hold, work, .. }, _) => {
            let taken = work.accepted_at.max(hold.assigned_at);
            Some(trip.extended_at.map_or(taken, |extended| extended.max(taken)))
        }
        (Stage::Converted { at, .. }, _) => Some(*at),
        (Stage::Returned(ended) | Stage::Disqualified(ended), _) => Some(ended.at),
    }
}

/// Whether it repeats, late and without saying of when it is, how sales let go of the lead.
fn is_echo(report: &Report, lead: &Lead, now: Timestamp) -> bool {
    let says_when = report.cycle.is_some() || report.at.is_some();
    !says_when
        && lead.stage.let_go().is_some_and(|let_go| {
            report.word.leads_to() == Some(let_go.status)
                && now.duration_since(let_go.at) < ECHOES_FOR
        })
}

/// The next step. Where no arrow leads, it is the command that will say why not.
fn step(report: &Report, lead: &Lead) -> Step {
    match report.word {
        CrmWord::Qualify | CrmWord::Ignore => Step::Qualify,
        CrmWord::Return => Step::Return,
        CrmWord::Disqualify => Step::Disqualify,
        CrmWord::Accept => forward(report, lead, Progress::Accepted),
        CrmWord::Convert => forward(report, lead, Progress::Converted),
    }
}

/// A salesperson who converts without accepting has done both.
fn forward(report: &Report, lead: &Lead, progress: Progress) -> Step {
    let on = match progress {
        Progress::Accepted => Step::Accept,
        Progress::Converted => Step::Convert,
    };
    match &lead.stage {
        Stage::Nurturing | Stage::Returned(_) => Step::TakeUp(progress),
        Stage::AwaitingOwner { .. } | Stage::AwaitingAcceptance { .. } | Stage::Working { .. }
            if names_another(report, lead) =>
        {
            report.owner.clone().map_or(on, Step::HandOver)
        }
        Stage::AwaitingOwner { .. } | Stage::AwaitingAcceptance { earlier_work: None, .. } => {
            Step::Accept
        }
        Stage::AwaitingAcceptance { earlier_work: Some(_), .. }
        | Stage::Working { .. }
        | Stage::Converted { .. }
        | Stage::Disqualified(_) => on,
    }
}
