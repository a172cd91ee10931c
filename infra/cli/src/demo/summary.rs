//! The last screen: the month in numbers.

use std::io::{self, Write};

use baton_core::lead::Status;
use baton_core::message::EventName;

use super::script::{self, DAYS};
use super::stats::{Counts, Stats};
use super::wrap::fold;

/// The width of a label, in columns.
const LABEL: usize = 13;

pub(super) fn write(stats: &Stats, out: &mut impl Write) -> io::Result<()> {
    let date = |at: jiff::Timestamp| at.strftime("%-d %B %Y").to_string();
    let (from, to) = (date(script::start()), date(script::end()));
    writeln!(out, "\n{DAYS} days in numbers, {from} to {to}\n")?;
    let lines = [
        ("activities", activities(stats)),
        ("leads", leads(stats)),
        ("qualified", qualified(stats)),
        ("accepted", accepted(stats)),
        ("turned down", turned_down(&stats.turned_down)),
        ("escalations", escalations(stats)),
        ("day 30", day_30(stats)),
        ("left sales", left(stats)),
        ("now", now(stats)),
    ];
    for (label, text) in lines {
        for line in fold(&format!("  {label:<LABEL$}"), &" ".repeat(2 + LABEL), &text) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out, "  {:<24}{:>6}{:>6}", "alerts sent", "e-mail", "SMS")?;
    for (kind, (emails, sms)) in &stats.alerts {
        writeln!(out, "    {kind:<22}{emails:>6}{sms:>6}")?;
    }
    writeln!(out)
}

fn activities(stats: &Stats) -> String {
    let (outcomes, rows) = (&stats.outcomes, stats.unusable_rows);
    let unusable = outcomes.of("invalid") + rows;
    let total = outcomes.total() + rows;
    let counted = outcomes.of("scored") + outcomes.of("excluded");
    let known = outcomes.of("duplicate");
    format!("{total} received: {counted} new, {known} sent before, {unusable} unusable")
}

fn leads(stats: &Stats) -> String {
    let excluded = stats.leads.values().filter_map(|lead| lead.excluded_by.as_deref());
    let excluded: Counts = excluded.collect();
    format!("{}, of whom excluded: {}", stats.leads.len(), excluded.words())
}

fn qualified(stats: &Stats) -> String {
    let (total, again) = (stats.qualified.total(), stats.again);
    format!("{total}: by {}; {again} of them for the 2nd time", stats.qualified.words())
}

fn accepted(stats: &Stats) -> String {
    format!("{}, {} of them within 24 h", stats.accepted, stats.accepted_in_time)
}

fn turned_down(reasons: &Counts) -> String {
    format!("{}: {}", reasons.total(), reasons.words())
}

fn escalations(stats: &Stats) -> String {
    let by_lead = &stats.escalations;
    let (total, most) = (by_lead.values().sum::<usize>(), by_lead.values().max().unwrap_or(&0));
    format!("{total} about {} leads, up to {most} about one", by_lead.len())
}

fn day_30(stats: &Stats) -> String {
    let (warned, taken_back) = (stats.count(EventName::Warned), stats.returned_by.of("lapse"));
    let extended = stats.count(EventName::Extended);
    format!("{warned} warned, {extended} extended, {taken_back} taken back a day later")
}

fn left(stats: &Stats) -> String {
    let ways = &stats.returned_by;
    format!(
        "{} converted, {} disqualified, {} returned: {} turned down, {} given back, {} taken back",
        stats.count(EventName::Converted),
        stats.count(EventName::Disqualified),
        ways.total(),
        ways.of("reject"),
        ways.of("return"),
        ways.of("lapse"),
    )
}

fn now(stats: &Stats) -> String {
    let standing: Counts = stats.leads.values().map(|lead| lead.status.as_str()).collect();
    let in_grace = stats.leads.values().filter(|lead| lead.is_in_grace).count();
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
