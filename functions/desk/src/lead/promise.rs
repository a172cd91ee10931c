//! The promise a lead runs against, how much time is left, and what happens next.

use baton_core::commands::CommandKind;
use baton_core::lead::{Countdown, DeadlineKind, Ended, Hold, Stage, Trip, Work, WorkDeadline};
use baton_wording::human_time::{span, tight};
use jiff::{SignedDuration, Timestamp};

use super::names::reason;
use super::said::{Said, said};
use super::scene::Scene;
use crate::chart::Urgency;
use crate::chart::clock::{self, Face};
use crate::reader::Moment;
use crate::words::{capital, listed, spaced, times};

/// Less than this share of the time to accept is little.
const LITTLE: i32 = 4;

/// Less than this is little to convert in.
const LITTLE_TO_CONVERT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The promise, as the page shows it.
pub(super) struct Promise {
    pub(super) class: &'static str,
    pub(super) heading: String,
    pub(super) left: Left,
    pub(super) by: Said,
    pub(super) clock: Option<clock::Clock>,
    pub(super) next: Vec<Said>,
}

/// The large words of it.
pub(super) enum Left {
    /// Counted down to a moment, in UTC.
    Counted(Moment, String),
    /// As they are.
    Plain(String),
}

impl Promise {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        match &scene.lead.stage {
            Stage::AwaitingOwner { trip, countdown, house_told_at } => {
                route(scene, trip.mql_at, countdown.due_at, house_told_at.is_some())
            }
            Stage::AwaitingAcceptance { hold, countdown, .. } => accept(scene, hold, countdown),
            Stage::Working { work, next: WorkDeadline::Convert(countdown), .. } => {
                convert(scene, work, countdown.due_at)
            }
            Stage::Working { work, next: WorkDeadline::TakeBack(countdown), .. } => {
                take_back(scene, work, countdown.due_at)
            }
            Stage::Converted { trip, at, .. } => out_of_sales(converted(scene, trip, *at)),
            Stage::Returned(ended) => out_of_sales(returned(scene, ended)),
            Stage::Disqualified(ended) => out_of_sales(disqualified(scene, ended)),
            Stage::Nurturing => out_of_sales(nurtured(scene)),
        }
    }
}

fn route(scene: &Scene<'_>, since: Timestamp, next_try: Timestamp, late: bool) -> Promise {
    let (lead, reader) = (scene.lead, scene.reader);
    let mut next = Vec::new();
    if late {
        let clocks = &scene.rules.policy.clocks;
        let house = capital(&listed(&scene.names.supervisors(lead)));
        let remind = span(clocks.unrouted_remind_every);
        next.push(said("Nobody who could get it is available."));
        next.push(said("Baton tries again ").at(reader.short(next_try)).and("."));
        next.push(said(format!("{house} will be reminded every {remind} until somebody has it.")));
    } else {
        next.push(said("It has just been passed to sales; an owner is found within seconds."));
    }
    if scene.can(CommandKind::Reassign) {
        next.push(said("You can give it to somebody now."));
    }
    Promise {
        class: if late { Urgency::Late } else { Urgency::Calm }.class(),
        heading: "Waiting for an owner".to_owned(),
        left: Left::Plain(format!("Waits for {}", tight(reader.now.duration_since(since)))),
        by: said("since ").at(reader.moment(since)),
        clock: None,
        next,
    }
}

fn accept(scene: &Scene<'_>, hold: &Hold, countdown: &Countdown) -> Promise {
    let reader = scene.reader;
    // Once it was missed, the deadline is the next reminder; overdue is counted from the promise.
    let (start, due) = (hold.assigned_at, countdown.promised_at);
    let left = due.duration_since(reader.now);
    let urgency = match left {
        left if left.is_negative() || hold.escalations > 0 => Urgency::Late,
        left if left < due.duration_since(start) / LITTLE => Urgency::Soon,
        _ => Urgency::Calm,
    };
    let is_late = urgency == Urgency::Late;
    let end_text = match is_late {
        true => "now".to_owned(),
        false => format!("due {}", reader.short(due).words),
    };
    let owner = scene.names.owner(scene.lead);
    let face = Face {
        start,
        start_text: format!("given {}", reader.short(start).words),
        end: due,
        end_text,
        now: reader.now,
        told: escalated_at(scene, start),
        urgency,
    };
    Promise {
        class: urgency.class(),
        heading: match (is_late, scene.is_mine()) {
            (true, _) => format!("With {owner}, not accepted"),
            (false, true) => "To be accepted".to_owned(),
            (false, false) => format!("With {owner}, to be accepted"),
        },
        left: counted(reader.moment(due), is_late, left),
        by: said(if is_late { "It was due " } else { "until " }).at(reader.moment(due)),
        clock: Some(clock::draw(face)),
        next: if is_late { when_overdue(scene, countdown.due_at) } else { to_be_accepted(scene) },
    }
}

fn escalated_at(scene: &Scene<'_>, since: Timestamp) -> Vec<Timestamp> {
    let lines = scene.told.history.iter();
    let told = lines.filter(|line| line.clock == Some(DeadlineKind::Accept) && line.at >= since);
    told.map(|line| line.at).collect()
}

fn to_be_accepted(scene: &Scene<'_>) -> Vec<Said> {
    let clocks = &scene.rules.policy.clocks;
    let (time, every) = (span(clocks.convert_within), span(clocks.escalate_every));
    let both = scene.names.both(scene.lead);
    let mut next = Vec::new();
    if scene.is_mine() {
        next.push(said(format!(
            "Accept it, and you have {time} to make it a contact or opportunity."
        )));
    }
    next.push(said(format!(
        "If nobody acts by then, {both} are alerted, and again every {every}."
    )));
    next.push(said("Opening this page changes nothing."));
    next
}

fn when_overdue(scene: &Scene<'_>, next_alert: Timestamp) -> Vec<Said> {
    let (lead, reader) = (scene.lead, scene.reader);
    let both = capital(&scene.names.both(lead));
    let mut next = Vec::new();
    if lead.escalations() > 0 {
        let often = times(lead.escalations());
        next.push(said(format!(
            "{both} have been alerted {often}; the red marks on the scale are those alerts."
        )));
        let alert = said("Next alert to both: ").at(reader.moment(next_alert));
        next.push(alert.and(", unless somebody acts."));
    } else {
        next.push(said(format!("{both} are being alerted.")));
    }
    if scene.is_mine() {
        next.push(said("Accept it or reject it, and the alerts stop."));
    } else if scene.can(CommandKind::Accept) && scene.can(CommandKind::Reassign) {
        let time = span(scene.rules.policy.clocks.accept_within);
        let owner = scene.names.owner(lead);
        next.push(said(format!(
            "You can accept or reject it for {owner}, or give it to a colleague, who gets {time} \
             of their own."
        )));
    }
    next
}

fn convert(scene: &Scene<'_>, work: &Work, at: Timestamp) -> Promise {
    let (lead, reader, clocks) = (scene.lead, scene.reader, &scene.rules.policy.clocks);
    let left = at.duration_since(reader.now);
    let urgency = match left {
        left if left.is_negative() => Urgency::Late,
        left if left < LITTLE_TO_CONVERT => Urgency::Soon,
        _ => Urgency::Calm,
    };
    let both = scene.names.both(lead);
    let grace = span(clocks.take_back_after);
    let mut next = vec![
        said(format!("Then {both} are warned that marketing takes the lead back {grace} later.")),
        said("Converting it at any moment stops the clock."),
    ];
    if lead.extensions() > 0 {
        next.push(said(format!("It has been extended {}.", times(lead.extensions()))));
    }
    Promise {
        class: urgency.class(),
        heading: format!("With {}, working", scene.names.owner(lead)),
        left: counted(reader.moment(at), left.is_negative(), left),
        by: said("to convert, until ").at(reader.moment(at)),
        clock: Some(worked(scene, work, at, urgency)),
        next,
    }
}

fn take_back(scene: &Scene<'_>, work: &Work, at: Timestamp) -> Promise {
    let (lead, reader) = (scene.lead, scene.reader);
    let both = capital(&scene.names.both(lead));
    let warned = work.warned_at;
    let passed = span(warned.unwrap_or(reader.now).duration_since(work.accepted_at));
    let first = said(format!("{passed} have passed since it was accepted. "));
    let first = match warned {
        Some(warned) => first.and(format!("{both} were warned ")).at(reader.short(warned)).and("."),
        None => first.and(format!("{both} are being warned; the time runs from then.")),
    };
    let next = vec![
        first,
        said("Already a contact or opportunity? Convert it: one step stops the clock."),
        said("Still working on it? Extend and say what for.").and(no_more(scene)),
        said("If nobody does either, it goes back to marketing, which nurtures it on."),
    ];
    Promise {
        class: Urgency::Soon.class(),
        heading: "Marketing takes it back".to_owned(),
        left: counted(reader.moment(at), reader.now > at, at.duration_since(reader.now)),
        by: said("on ").at(reader.moment(at)),
        clock: Some(worked(scene, work, at, Urgency::Soon)),
        next,
    }
}

fn no_more(scene: &Scene<'_>) -> &'static str {
    let most = scene.rules.policy.clocks.extensions_at_most;
    if scene.lead.extensions() < most { "" } else { " (No extension is left.)" }
}

/// The clock of a lead in work, from its acceptance.
fn worked(scene: &Scene<'_>, work: &Work, end: Timestamp, urgency: Urgency) -> clock::Clock {
    let (reader, start) = (scene.reader, work.accepted_at);
    clock::draw(Face {
        start,
        start_text: format!("accepted {}", reader.day(start).words),
        end,
        end_text: format!("due {}", reader.short(end).words),
        now: reader.now,
        told: work.warned_at.filter(|_| urgency == Urgency::Soon).into_iter().collect(),
        urgency,
    })
}

fn counted(at: Moment, is_late: bool, left: SignedDuration) -> Left {
    let words = match is_late {
        false => format!("{} left", tight(left)),
        true => format!("{} overdue", tight(-left)),
    };
    Left::Counted(at, words)
}

fn out_of_sales((heading, left, by, next): Words) -> Promise {
    let left = Left::Plain(left);
    Promise { class: "done", heading: heading.to_owned(), left, by, clock: None, next }
}

/// Heading, large words, when and why, and what happens next.
type Words = (&'static str, String, Said, Vec<Said>);

fn converted(scene: &Scene<'_>, trip: &Trip, at: Timestamp) -> Words {
    let by = said("").at(scene.reader.moment(at));
    let mut next = vec![said("It is a contact or opportunity now; no clock runs.")];
    let time = span(at.duration_since(trip.mql_at));
    next.push(said(format!("It took {time} from the MQL.")));
    next.extend(last_holder(scene));
    ("Out of sales", "Converted".to_owned(), by, next)
}

fn returned(scene: &Scene<'_>, ended: &Ended) -> Words {
    let mut next = vec![
        said("Nobody in sales holds it, and no clock runs."),
        said(
            "It goes on being scored. Something new from them can qualify it again; a fast track \
             does at once.",
        ),
    ];
    next.extend(last_holder(scene));
    ("Back with marketing", "Returned".to_owned(), when_and_why(scene, ended), next)
}

fn disqualified(scene: &Scene<'_>, ended: &Ended) -> Words {
    let mut next = vec![said("Nobody holds it, and no clock runs. It does not qualify again.")];
    next.extend(last_holder(scene));
    ("Out of sales", "Ruled out".to_owned(), when_and_why(scene, ended), next)
}

fn nurtured(scene: &Scene<'_>) -> Words {
    let scoring = &scene.rules.policy.scoring;
    let score = scene.lead.score(scene.now(), scoring.half_life);
    let (has, needs) = (scene.reader.count(score.total), scene.reader.count(scoring.threshold));
    let next = match &scene.lead.excluded {
        Some(rule) => {
            format!("It does not qualify by itself: {}.", spaced(rule.as_str()))
        }
        None => format!(
            "At {needs} points, or when a fast track matches, it is passed to sales at once."
        ),
    };
    let by = said("scored, and not ready for sales yet");
    ("With marketing", format!("{has} of {needs} points"), by, vec![said(next)])
}

fn when_and_why(scene: &Scene<'_>, ended: &Ended) -> Said {
    let why = reason(&ended.reason, &scene.rules.policy);
    said("").at(scene.reader.moment(ended.at)).and(format!(": {why}"))
}

fn last_holder(scene: &Scene<'_>) -> Option<Said> {
    let holder = scene.names.of(&scene.lead.stage.last_hold()?.owner);
    let held = said(format!("Held last by {holder}, "));
    Some(match scene.lead.stage.work() {
        Some(work) => held.and("accepted ").at(scene.reader.short(work.accepted_at)).and("."),
        None => held.and("never accepted."),
    })
}
