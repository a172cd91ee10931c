//! `baton import --dry-run`: a list read as it would be imported, and who would qualify.
//!
//! Sends nothing and asks nobody: it needs no Baton and no key. So it can't know what is on record
//! of these people, and says so. Memory grows with the people on the list, up to a bound.

use std::io::{self, Read, Write};

use baton_core::lead::QualifiedBy;
use baton_core::policy::Policy;
use baton_core::profile::Scalar;
use jiff::Timestamp;

use super::encoding::for_terminal;
use super::forecast::{Forecast, PEOPLE, Qualified, SCANS, Verdict};
use super::list_stats::{ListStats, line};
use super::progress::Progress;
use super::rows::{BadLine, Row, Rows};
use super::{ImportArgs, ImportError, worth_nothing};
use crate::exit::CliResult;

/// Reads a list and says who would qualify.
pub(super) fn run<R: Read>(
    args: &ImportArgs,
    rows: &mut Rows<R>,
    policy: &Policy,
    now: Timestamp,
    progress: Progress<'_>,
    out: &mut impl Write,
) -> CliResult {
    let forecast = Forecast::new(policy, &args.source, now);
    let (list_stats, counts) = (ListStats::new(), Counts::default());
    let mut dry_run = DryRun { args, policy, forecast, list_stats, counts, progress };
    for read in rows.by_ref() {
        dry_run.take(read, out)?;
    }
    dry_run.progress.finish();
    dry_run.sum_up(out)?;
    let file = args.file.clone();
    match rows.failure() {
        Some(source) => Err(ImportError::Closed { file, source }.into()),
        None if dry_run.has_nothing_good() => Err(ImportError::NothingGood { file }.into()),
        None => Ok(()),
    }
}

/// Lines and people, by what would become of them.
#[derive(Default)]
struct Counts {
    by_score: u64,
    by_fast_track: u64,
    again: u64,
    refused: u64,
    not_followed: u64,
}

struct DryRun<'a> {
    args: &'a ImportArgs,
    policy: &'a Policy,
    forecast: Forecast<'a>,
    list_stats: ListStats,
    counts: Counts,
    progress: Progress<'a>,
}

impl DryRun<'_> {
    fn take(&mut self, read: Result<Row, BadLine>, out: &mut impl Write) -> io::Result<()> {
        let row = match read {
            Ok(row) => row,
            Err(bad) => {
                self.list_stats.bad();
                self.progress.bad(&bad);
                return Ok(());
            }
        };
        let person = row.identity(&self.args.source).lead_id();
        self.list_stats.good(&row, person);
        match self.forecast.add(&row, person) {
            Verdict::Recorded => {}
            Verdict::Again => self.counts.again += 1,
            Verdict::NotFollowed => self.counts.not_followed += 1,
            Verdict::Refused(reason) => {
                self.counts.refused += 1;
                self.progress.bad(&BadLine { line: row.line, reason });
            }
            Verdict::Qualifies(how) => {
                match how.by {
                    QualifiedBy::FastTrack => self.counts.by_fast_track += 1,
                    QualifiedBy::Score | QualifiedBy::Manual => self.counts.by_score += 1,
                }
                writeln!(out, "line {}: {} {}", row.line, who(&row), in_words(&how))?;
            }
        }
        Ok(())
    }

    fn has_nothing_good(&self) -> bool {
        self.list_stats.lines > 0
            && self.list_stats.lines == self.list_stats.bad + self.counts.refused
    }

    fn sum_up(&self, out: &mut impl Write) -> io::Result<()> {
        let (ImportArgs { file, kind, source, .. }, policy) = (self.args, self.policy);
        let Counts { by_score, by_fast_track, again, refused, not_followed } = self.counts;
        let (file, lines, version) = (file.display(), self.list_stats.lines, &policy.version);
        writeln!(out, "{file} as {kind} of {source}, by policy {version}: {lines} lines")?;
        let (open, excluded) = self.forecast.open();
        line(out, by_score + by_fast_track, "people would qualify")?;
        line(out, by_score, "of these by score")?;
        line(out, by_fast_track, "of these by fast track")?;
        line(out, excluded, "people would not: the policy excludes them")?;
        let threshold = policy.scoring.threshold;
        line(out, open - excluded, &format!("people would not: they stay below {threshold}"))?;
        line(out, again, "lines that say again what a line above them said")?;
        line(out, refused, "lines that Baton would not take, see above")?;
        let bound = format!("lines left out: {PEOPLE} people or {SCANS} scans are followed");
        line(out, not_followed, &bound)?;
        self.list_stats.write(out)?;
        if !self.forecast.has_points() && !self.has_nothing_good() {
            writeln!(out, "{}", worth_nothing(kind))?;
        }
        writeln!(out, "Nothing was sent. What Baton has on record of them was not looked at:")?;
        writeln!(out, "everybody is taken for somebody it has never heard of.")?;
        out.flush()
    }
}

/// Who a line is about, as the list has it.
fn who(row: &Row) -> String {
    let text = |key: &str| match row.profile.get(key)? {
        Scalar::Text(text) => Some(for_terminal(text.trim())),
        Scalar::Bool(_) | Scalar::Number(_) => None,
    };
    let first_and_last = [text("first_name"), text("last_name")];
    let first_and_last = first_and_last.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = text("name").unwrap_or(first_and_last);
    let known_by = match (&row.email, &row.person_id) {
        (Some(email), _) => format!("<{}>", email.as_str()),
        (None, Some(badge)) => format!("(badge {})", for_terminal(badge.as_str())),
        (None, None) => format!("(scan {})", for_terminal(row.id.as_str())),
    };
    let company = text("company").map(|company| format!(", {company},")).unwrap_or_default();
    format!("{name} {known_by}{company}").trim_start().to_owned()
}

fn in_words(how: &Qualified) -> String {
    let Qualified { by, because, score } = how;
    let by = match (by, because) {
        (QualifiedBy::FastTrack, Some(rule)) => format!("by fast track {rule}"),
        (QualifiedBy::FastTrack, None) => "by fast track".to_owned(),
        (QualifiedBy::Score | QualifiedBy::Manual, _) => "by score".to_owned(),
    };
    let (total, behaviour, fit) = (score.total, score.behaviour, score.fit);
    format!("would qualify {by}, with {total} points ({behaviour} behaviour, {fit} fit)")
}
