//! The panel with the deadline of a lead, the time that is left, and what happens next.

use baton_core::commands::CommandKind;
use baton_core::lead::{Countdown, DeadlineKind, Ended, Hold, Stage, Trip, Work, WorkDeadline};
use baton_reports::board::Urgency;
use baton_wording::human_time::{span, tight};
use jiff::{SignedDuration, Timestamp};

use super::names::reason;
use super::rich_text::{RichText, rich_text};
use super::view::LeadView;
use crate::chart::class;
use crate::chart::clock::{self, ClockData};
use crate::reader::Moment;
use crate::words::{capital, listed, spaced, times};

/// When less than a quarter of the time to accept is left, it is urgent.
const SOON_SHARE: i32 = 4;

/// When less than a week is left to convert, it is urgent.
const SOON_TO_CONVERT: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) struct DeadlinePanel {
    pub(super) class: &'static str,
    pub(super) heading: String,
    pub(super) left: TimeLeft,
    pub(super) by: RichText,
    pub(super) clock: Option<clock::Clock>,
    pub(super) next: Vec<RichText>,
}

/// The large words of the panel.
pub(super) enum TimeLeft {
    /// The script counts these words down to the moment.
    Counted(Moment, String),
    Plain(String),
}

impl DeadlinePanel {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        match &view.lead.stage {
            Stage::AwaitingOwner { trip, countdown, house_told_at, .. } => {
                route(view, trip.mql_at, countdown.due_at, house_told_at.is_some())
            }
            Stage::AwaitingAcceptance { hold, countdown, .. } => accept(view, hold, countdown),
            Stage::Working { work, next: WorkDeadline::Convert(countdown), .. } => {
                convert(view, work, countdown.due_at)
            }
            Stage::Working { work, next: WorkDeadline::TakeBack(countdown), .. } => {
                take_back(view, work, countdown.due_at)
            }
            Stage::Converted { trip, at, .. } => out_of_sales(converted(view, trip, *at)),
            Stage::Returned(ended) => out_of_sales(returned(view, ended)),
            Stage::Disqualified(ended) => out_of_sales(disqualified(view, ended)),
            Stage::Nurturing => out_of_sales(nurtured(view)),
        }
    }
}

fn route(view: &LeadView<'_>, since: Timestamp, next_try: Timestamp, late: bool) -> DeadlinePanel {
    let (lead, reader) = (view.lead, view.reader);
    let mut next = Vec::new();
    if late {
        let clocks = &view.rules.policy.clocks;
        let house = capital(&listed(&view.names.supervisors(lead)));
        let remind = span(clocks.unrouted_remind_every);
        next.push(rich_text("Nobody who could get it is available."));
        next.push(rich_text("Baton tries again ").at(reader.short(next_try)).and("."));
        next.push(rich_text(format!(
            "{house} will be reminded every {remind} until somebody has it."
        )));
    } else {
        next.push(rich_text("It has just been passed to sales; an owner is found within seconds."));
    }
    if view.can(CommandKind::Reassign) {
        next.push(rich_text("You can give it to somebody now."));
    }
    DeadlinePanel {
        class: class(if late { Urgency::Late } else { Urgency::Calm }),
        heading: "Waiting for an owner".to_owned(),
        left: TimeLeft::Plain(format!("Waits for {}", tight(reader.now.duration_since(since)))),
        by: rich_text("since ").at(reader.moment(since)),
        clock: None,
        next,
    }
}

fn accept(view: &LeadView<'_>, hold: &Hold, countdown: &Countdown) -> DeadlinePanel {
    let reader = view.reader;
    // After the deadline was missed, `due_at` is the next reminder; overdue is counted from the
    // deadline as it was promised.
    let (start, due) = (hold.assigned_at, countdown.promised_at);
    let left = due.duration_since(reader.now);
    let urgency = match left {
        left if left.is_negative() || hold.escalations > 0 => Urgency::Late,
        left if left < due.duration_since(start) / SOON_SHARE => Urgency::Soon,
        _ => Urgency::Calm,
    };
    let is_late = urgency == Urgency::Late;
    let end_text = match is_late {
        true => "now".to_owned(),
        false => format!("due {}", reader.short(due).words),
    };
    let owner = view.names.owner(view.lead);
    let data = ClockData {
        start,
        start_text: format!("given {}", reader.short(start).words),
        end: due,
        end_text,
        now: reader.now,
        told: escalated_at(view, start),
        urgency,
    };
    DeadlinePanel {
        class: class(urgency),
        heading: match (is_late, view.is_mine()) {
            (true, _) => format!("With {owner}, not accepted"),
            (false, true) => "To be accepted".to_owned(),
            (false, false) => format!("With {owner}, to be accepted"),
        },
        left: counted(reader.moment(due), is_late, left),
        by: rich_text(if is_late { "It was due " } else { "until " }).at(reader.moment(due)),
        clock: Some(clock::draw(data)),
        next: if is_late { when_overdue(view, countdown.due_at) } else { to_be_accepted(view) },
    }
}

fn escalated_at(view: &LeadView<'_>, since: Timestamp) -> Vec<Timestamp> {
    let lines = view.told.history.iter();
    let told = lines.filter(|line| line.clock == Some(DeadlineKind::Accept) && line.at >= since);
    told.map(|line| line.at).collect()
}

fn to_be_accepted(view: &LeadView<'_>) -> Vec<RichText> {
    let clocks = &view.rules.policy.clocks;
    let (time, every) = (span(clocks.convert_within), span(clocks.escalate_every));
    let both = view.names.both(view.lead);
    let mut next = Vec::new();
    if view.is_mine() {
        next.push(rich_text(format!(
            "Accept it, and you have {time} to make it a contact or opportunity."
        )));
    }
    next.push(rich_text(format!(
        "If nobody acts by then, {both} are alerted, and again every {every}."
    )));
    next.push(rich_text("Opening this page changes nothing."));
    next
}

fn when_overdue(view: &LeadView<'_>, next_alert: Timestamp) -> Vec<RichText> {
    let (lead, reader) = (view.lead, view.reader);
    let both = capital(&view.names.both(lead));
    let mut next = Vec::new();
    if lead.escalations() > 0 {
        let often = times(lead.escalations());
        next.push(rich_text(format!(
            "{both} have been alerted {often}; the red marks on the scale are those alerts."
        )));
        let alert = rich_text("Next alert to both: ").at(reader.moment(next_alert));
        next.push(alert.and(", unless somebody acts."));
    } else {
        next.push(rich_text(format!("{both} are being alerted.")));
    }
    if view.is_mine() {
        next.push(rich_text("Accept it or reject it, and the alerts stop."));
    } else if view.can(CommandKind::Accept) && view.can(CommandKind::Reassign) {
        let time = span(view.rules.policy.clocks.accept_within);
        let owner = view.names.owner(lead);
        next.push(rich_text(format!(
            "You can accept or reject it for {owner}, or give it to a colleague, who gets {time} \
             of their own."
        )));
    }
    next
}

fn convert(view: &LeadView<'_>, work: &Work, at: Timestamp) -> DeadlinePanel {
    let (lead, reader, clocks) = (view.lead, view.reader, &view.rules.policy.clocks);
    let left = at.duration_since(reader.now);
    let urgency = match left {
        left if left.is_negative() => Urgency::Late,
        left if left < SOON_TO_CONVERT => Urgency::Soon,
        _ => Urgency::Calm,
    };
    let both = view.names.both(lead);
    let grace = span(clocks.take_back_after);
    let mut next = vec![
        rich_text(format!(
            "Then {both} are warned that marketing takes the lead back {grace} later."
        )),
        rich_text("Converting it at any moment stops the clock."),
    ];
    if lead.extensions() > 0 {
        next.push(rich_text(format!("It has been extended {}.", times(lead.extensions()))));
    }
    DeadlinePanel {
        class: class(urgency),
        heading: format!("With {}, working", view.names.owner(lead)),
        left: counted(reader.moment(at), left.is_negative(), left),
        by: rich_text("to convert, until ").at(reader.moment(at)),
        clock: Some(worked(view, work, at, urgency)),
        next,
    }
}

fn take_back(view: &LeadView<'_>, work: &Work, at: Timestamp) -> DeadlinePanel {
    let (lead, reader) = (view.lead, view.reader);
    let both = capital(&view.names.both(lead));
    let warned = work.warned_at;
    let passed = span(warned.unwrap_or(reader.now).duration_since(work.accepted_at));
    let first = rich_text(format!("{passed} have passed since it was accepted. "));
    let first = match warned {
        Some(warned) => first.and(format!("{both} were warned ")).at(reader.short(warned)).and("."),
        None => first.and(format!("{both} are being warned; the time runs from then.")),
    };
    let next = vec![
        first,
        rich_text("Already a contact or opportunity? Convert it: one step stops the clock."),
        rich_text("Still working on it? Extend and say what for.").and(no_more(view)),
        rich_text("If nobody does either, it goes back to marketing, which nurtures it on."),
    ];
    DeadlinePanel {
        class: class(Urgency::Soon),
        heading: "Marketing takes it back".to_owned(),
        left: counted(reader.moment(at), reader.now > at, at.duration_since(reader.now)),
        by: rich_text("on ").at(reader.moment(at)),
        clock: Some(worked(view, work, at, Urgency::Soon)),
        next,
    }
}

fn no_more(view: &LeadView<'_>) -> &'static str {
    let most = view.rules.policy.clocks.extensions_at_most;
    if view.lead.extensions() < most { "" } else { " (No extension is left.)" }
}

fn worked(view: &LeadView<'_>, work: &Work, end: Timestamp, urgency: Urgency) -> clock::Clock {
    let (reader, start) = (view.reader, work.accepted_at);
    clock::draw(ClockData {
        start,
        start_text: format!("accepted {}", reader.day(start).words),
        end,
        end_text: format!("due {}", reader.short(end).words),
        now: reader.now,
        told: work.warned_at.filter(|_| urgency == Urgency::Soon).into_iter().collect(),
        urgency,
    })
}

fn counted(at: Moment, is_late: bool, left: SignedDuration) -> TimeLeft {
    let words = match is_late {
        false => format!("{} left", tight(left)),
        true => format!("{} overdue", tight(-left)),
    };
    TimeLeft::Counted(at, words)
}

fn out_of_sales((heading, left, by, next): Words) -> DeadlinePanel {
    let left = TimeLeft::Plain(left);
    DeadlinePanel { class: "done", heading: heading.to_owned(), left, by, clock: None, next }
}

/// Heading, large words, when and why, and what happens next.
type Words = (&'static str, String, RichText, Vec<RichText>);

fn converted(view: &LeadView<'_>, trip: &Trip, at: Timestamp) -> Words {
    let by = rich_text("").at(view.reader.moment(at));
    let mut next = vec![rich_text("It is a contact or opportunity now; no clock runs.")];
    let time = span(at.duration_since(trip.mql_at));
    next.push(rich_text(format!("It took {time} from the MQL.")));
    next.extend(last_holder(view));
    ("Out of sales", "Converted".to_owned(), by, next)
}

fn returned(view: &LeadView<'_>, ended: &Ended) -> Words {
    let mut next = vec![
        rich_text("Nobody in sales holds it, and no clock runs."),
        rich_text(
            "It goes on being scored. Something new from them can qualify it again; a fast track \
             does at once.",
        ),
    ];
    next.extend(last_holder(view));
    ("Back with marketing", "Returned".to_owned(), when_and_why(view, ended), next)
}

fn disqualified(view: &LeadView<'_>, ended: &Ended) -> Words {
    let mut next =
        vec![rich_text("Nobody holds it, and no clock runs. It does not qualify again.")];
    next.extend(last_holder(view));
    ("Out of sales", "Ruled out".to_owned(), when_and_why(view, ended), next)
}

fn nurtured(view: &LeadView<'_>) -> Words {
    let scoring = &view.rules.policy.scoring;
    let score = view.lead.score(view.now(), scoring.half_life);
    let (has, needs) = (view.reader.count(score.total), view.reader.count(scoring.threshold));
    let next = match &view.lead.excluded {
        Some(rule) => {
            format!("It does not qualify by itself: {}.", spaced(rule.as_str()))
        }
        None => format!(
            "At {needs} points, or when a fast track matches, it is passed to sales at once."
        ),
    };
    let by = rich_text("scored, and not ready for sales yet");
    ("With marketing", format!("{has} of {needs} points"), by, vec![rich_text(next)])
}

fn when_and_why(view: &LeadView<'_>, ended: &Ended) -> RichText {
    let why = reason(&ended.reason, &view.rules.policy);
    rich_text("").at(view.reader.moment(ended.at)).and(format!(": {why}"))
}

fn last_holder(view: &LeadView<'_>) -> Option<RichText> {
    let holder = view.names.of(&view.lead.stage.last_hold()?.owner);
    let held = rich_text(format!("Held last by {holder}, "));
    Some(match view.lead.stage.work() {
        Some(work) => held.and("accepted ").at(view.reader.short(work.accepted_at)).and("."),
        None => held.and("never accepted."),
    })
}
