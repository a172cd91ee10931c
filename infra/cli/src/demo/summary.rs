//! The last screen: the month in numbers.

use std::io::{self, Write};

use baton_core::lead::Status;
use baton_core::message::EventName;

use super::script::{self, DAYS};
use super::tally::{Counts, Tally};
use super::text::fold;

/// Columns of a label.
const LABEL: usize = 13;

/// Writes the screen.
pub(super) fn write(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    let date = |at: jiff::Timestamp| at.strftime("%-d %B %Y").to_string();
    let (from, to) = (date(script::start()), date(script::end()));
    writeln!(out, "\n{DAYS} days in numbers, {from} to {to}\n")?;
    let lines = [
        ("activities", activities(tally)),
        ("leads", leads(tally)),
        ("qualified", qualified(tally)),
        ("accepted", accepted(tally)),
        ("turned down", turned_down(&tally.turned_down)),
        ("escalations", escalations(tally)),
        ("day 30", day_30(tally)),
        ("left sales", left(tally)),
        ("now", now(tally)),
    ];
    for (label, text) in lines {
        for line in fold(&format!("  {label:<LABEL$}"), &" ".repeat(2 + LABEL), &text) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out, "  {:<24}{:>6}{:>6}", "alerts sent", "e-mail", "SMS")?;
    for (kind, (emails, sms)) in &tally.alerts {
        writeln!(out, "    {kind:<22}{emails:>6}{sms:>6}")?;
    }
    writeln!(out)
}

fn activities(tally: &Tally) -> String {
    let (outcomes, rows) = (&tally.outcomes, tally.unusable_rows);
    let unusable = outcomes.of("invalid") + rows;
    let total = outcomes.total() + rows;
    let counted = outcomes.of("scored") + outcomes.of("excluded");
    let known = outcomes.of("duplicate");
    format!("{total} received: {counted} new, {known} sent before, {unusable} unusable")
}

fn leads(tally: &Tally) -> String {
    let excluded = tally.leads.values().filter_map(|lead| lead.excluded_by.as_deref());
    let excluded: Counts = excluded.collect();
    format!("{}, of whom excluded: {}", tally.leads.len(), excluded.words())
}

fn qualified(tally: &Tally) -> String {
    let (total, again) = (tally.qualified.total(), tally.again);
    format!("{total}: by {}; {again} of them for the 2nd time", tally.qualified.words())
}

fn accepted(tally: &Tally) -> String {
    format!("{}, {} of them within 24 h", tally.accepted, tally.accepted_in_time)
}

fn turned_down(reasons: &Counts) -> String {
    format!("{}: {}", reasons.total(), reasons.words())
}

fn escalations(tally: &Tally) -> String {
    let by_lead = &tally.escalations;
    let (total, most) = (by_lead.values().sum::<usize>(), by_lead.values().max().unwrap_or(&0));
    format!("{total} about {} leads, up to {most} about one", by_lead.len())
}

fn day_30(tally: &Tally) -> String {
    let (warned, taken_back) = (tally.count(EventName::Warned), tally.returned_by.of("lapse"));
    let extended = tally.count(EventName::Extended);
    format!("{warned} warned, {extended} extended, {taken_back} taken back a day later")
}

fn left(tally: &Tally) -> String {
    let ways = &tally.returned_by;
    format!(
        "{} converted, {} disqualified, {} returned: {} turned down, {} given back, {} taken back",
        tally.count(EventName::Converted),
        tally.count(EventName::Disqualified),
        ways.total(),
        ways.of("reject"),
        ways.of("return"),
        ways.of("lapse"),
    )
}

fn now(tally: &Tally) -> String {
    let standing: Counts = tally.leads.values().map(|lead| lead.status.as_str()).collect();
    let in_grace = tally.leads.values().filter(|lead| lead.is_in_grace).count();
    let words = Status::ALL.map(|status| {
        let count = standing.of(status.word());
        match status {
            Status::Working => format!("{count} working ({in_grace} in grace)"),
            Status::Nurturing
            | Status::Mql
            | Status::Converted
            | Status::Returned
            | Status::Disqualified => format!("{count} {}", status.word()),
        }
    });
    words.join(", ")
}
