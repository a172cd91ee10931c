//! Builds the rows of the funnel's page: numbers with their links, and the bars beside them.

use baton_core::id::{PersonId, SourceName};
use baton_core::lead::Status;
use baton_core::roster::Roster;
use baton_reports::board::Urgency;
use baton_reports::funnel::{
    Cohort, Count, Drilldown, Funnel, Metric, NearLimit, PersonFigures, Reason, Speed, Spread,
    Window, share,
};
use baton_wording::human_time::tight;
use jiff::SignedDuration;

use super::links::{address, home};
use super::view::{
    CohortRow, LinkedCount, NearRow, PersonRow, ReasonRow, SpeedRow, StepRow, TeamRows,
};
use super::{list, words};
use crate::chart::bars::{self, Bar};
use crate::chart::ranges::{self, Ranges};
use crate::chart::stacked::{self, Stacked};
use crate::chart::{class, dial};
use crate::reader::Reader;
use crate::visitor::Visitor;
use crate::words::NO_NAME;

/// Leads near the limit that the page shows. The list behind has them all.
pub(super) const MOST_NEAR: usize = 24;
/// Windows that the page offers, in days.
const WINDOWS: [u16; 3] = [14, 28, 91];

pub(super) struct RowBuilder<'a> {
    pub(super) funnel: &'a Funnel,
    pub(super) reader: &'a Reader,
    pub(super) roster: &'a Roster,
}

impl RowBuilder<'_> {
    fn count(&self, n: usize) -> String {
        self.reader.count(i64::try_from(n).unwrap_or(i64::MAX))
    }

    fn number(&self, n: usize, window: Window, behind: &Drilldown) -> LinkedCount {
        let href = (n > 0).then(|| address("/funnel/leads", window, behind, &[]));
        LinkedCount { text: self.count(n), href }
    }

    pub(super) fn now(&self, count: &Count) -> LinkedCount {
        self.number(count.now, self.funnel.window, &count.behind)
    }

    fn before(&self, count: &Count) -> LinkedCount {
        self.number(count.before.unwrap_or(0), self.funnel.before, &count.behind)
    }

    pub(super) fn percent(&self, share: Option<f64>) -> String {
        share.map_or_else(|| "–".to_owned(), |share| self.reader.percent(share))
    }

    pub(super) fn days(&self, window: Window) -> String {
        format!("{} – {}", self.reader.date(window.from), self.reader.date(window.to))
    }

    pub(super) fn self_as(&self, format: &str) -> String {
        format!("{}&as={format}", home(self.funnel.window, self.funnel.team.as_ref()))
    }

    /// Links to windows that end yesterday, for the same team.
    pub(super) fn windows(&self) -> Vec<(u16, String)> {
        let team = self.funnel.team.as_ref().map(|team| format!("&team={team}"));
        let team = team.unwrap_or_default();
        WINDOWS.map(|days| (days, format!("/funnel?days={days}{team}"))).into()
    }

    /// Heads of teams that the reader may choose: id, name, and whether it is chosen.
    pub(super) fn teams_offered(&self, visitor: &Visitor) -> Vec<(String, String, bool)> {
        if visitor.role().is_some_and(|role| !role.sees_all()) {
            return Vec::new();
        }
        let mut heads: Vec<_> =
            self.roster.people.values().filter_map(|person| person.supervisor.as_ref()).collect();
        heads.sort();
        heads.dedup();
        let is_chosen = |head: &PersonId| self.funnel.team.as_ref() == Some(head);
        let offer = |head: &PersonId| {
            (head.to_string(), words::person(Some(head), self.roster), is_chosen(head))
        };
        heads.into_iter().map(offer).collect()
    }

    pub(super) fn steps(&self) -> Vec<StepRow> {
        self.funnel.steps.iter().map(|count| self.step(count)).collect()
    }

    /// The four steps that the page shows large.
    pub(super) fn highlights(&self) -> Vec<StepRow> {
        let shown = [Metric::Qualified, Metric::Accepted, Metric::Converted, Metric::Returned];
        let is_shown = |c: &&Count| shown.contains(&c.behind.metric) && c.behind.outcome.is_none();
        self.funnel.steps.iter().filter(is_shown).map(|count| self.step(count)).collect()
    }

    fn step(&self, count: &Count) -> StepRow {
        let most = self.funnel.steps.iter().flat_map(|c| [c.now, c.before.unwrap_or(0)]).max();
        let before = count.before.unwrap_or(0);
        let change = change(self.reader, count.now, before);
        let against = match count.now == before {
            true => "as many as before".to_owned(),
            false => format!("{change} against {} before", self.count(before)),
        };
        StepRow {
            name: words::what(count.behind.metric, count.behind.outcome),
            bars: bars::pair(count.now, before, most.unwrap_or(1)),
            now: self.now(count),
            before: self.before(count),
            change,
            against,
        }
    }

    pub(super) fn near(&self, near: &NearLimit) -> NearRow {
        let now = self.reader.now;
        let urgency = match near.is_warned {
            true => Urgency::Late,
            false => Urgency::Soon,
        };
        let of = [&near.title, &near.company].into_iter().flatten().cloned().collect::<Vec<_>>();
        NearRow {
            lead: near.lead.to_string(),
            name: near.name.clone().unwrap_or_else(|| NO_NAME.to_owned()),
            of: of.join(", "),
            owner: words::person(near.owner.as_ref(), self.roster),
            last: list::last(near, self.reader),
            class: class(urgency),
            dial: near.accepted_at.map(|since| dial::draw(since, near.due, now, urgency)),
            left: format!("{} left", tight(near.due.duration_since(now))),
            then: if near.is_warned { "warned; back on" } else { "until" },
            at: self.reader.short(near.due),
        }
    }

    pub(super) fn near_all(&self) -> LinkedCount {
        let team = self.funnel.team.clone().map(Some);
        let behind = Drilldown { team, ..Drilldown::all(Metric::NearLimit) };
        self.number(self.funnel.near.len(), self.funnel.window, &behind)
    }

    pub(super) fn paths(&self) -> Vec<(&'static str, Vec<LinkedCount>, LinkedCount)> {
        let rows = self.funnel.origins.paths.iter();
        rows.map(|row| {
            let by_source = row.by_source.iter().map(|count| self.now(count)).collect();
            (words::path(row.path), by_source, self.now(&row.all))
        })
        .collect()
    }

    pub(super) fn origins(&self) -> Stacked {
        let origins = &self.funnel.origins;
        let names = origins.paths.iter().map(|row| words::path(row.path)).collect();
        let row = |(n, source): (usize, &Option<SourceName>)| {
            let parts: Vec<_> = origins.paths.iter().map(|row| row.by_source[n].now).collect();
            let all = self.count(parts.iter().sum());
            (format!("{}: {all}", words::source(source.as_ref())), parts)
        };
        let rows = origins.sources.iter().enumerate().map(row).collect();
        stacked::draw("paths", "MQLs by source, each split by path", names, rows)
    }

    pub(super) fn cohorts(&self) -> Vec<CohortRow> {
        self.shown().map(|cohort| self.cohort(cohort)).collect()
    }

    fn shown(&self) -> impl Iterator<Item = &Cohort> {
        self.funnel.cohorts.iter().filter(|cohort| cohort.mqls.now > 0)
    }

    fn cohort(&self, cohort: &Cohort) -> CohortRow {
        let part = |count: &Count| self.percent(share(count.now, cohort.mqls.now));
        CohortRow {
            week: self.reader.date(cohort.week),
            mqls: self.now(&cohort.mqls),
            accepted: self.now(&cohort.accepted),
            accepted_share: part(&cohort.accepted),
            converted: self.now(&cohort.converted),
            converted_share: part(&cohort.converted),
            returned: self.now(&cohort.returned),
            disqualified: self.now(&cohort.disqualified),
            working: self.now(&cohort.working),
            waiting: self.now(&cohort.waiting),
        }
    }

    pub(super) fn outcomes(&self) -> Stacked {
        let names = vec!["Converted", "Being worked", "To be accepted", "Returned", "Ruled out"];
        let rows = self.shown().map(|c| {
            let parts = [&c.converted, &c.working, &c.waiting, &c.returned, &c.disqualified];
            let text = format!("week of {}: {}", self.reader.date(c.week), self.count(c.mqls.now));
            (text, parts.map(|count| count.now).into())
        });
        let title = "MQLs by week, split by where they stand";
        stacked::draw("cohorts", title, names, rows.collect())
    }

    pub(super) fn speeds(&self) -> Vec<SpeedRow> {
        let span = |seconds: Option<f64>| match seconds {
            Some(seconds) => tight(SignedDuration::from_secs_f64(seconds)),
            None => "–".to_owned(),
        };
        let row = |speed: &Speed| SpeedRow {
            name: speed_name(speed.behind.metric),
            leads: self.number(speed.now.leads, self.funnel.window, &speed.behind),
            median: span(speed.now.median_seconds),
            p90: span(speed.now.p90_seconds),
            before: span(speed.before.median_seconds),
        };
        self.funnel.speeds.iter().map(row).collect()
    }

    pub(super) fn ranges(&self) -> Ranges {
        let range = |of: &Spread| of.median_seconds.zip(of.p90_seconds);
        let rows = self.funnel.speeds.iter().map(|speed| {
            (speed_name(speed.behind.metric), range(&speed.now), range(&speed.before))
        });
        let rows: Vec<_> = rows.collect();
        ranges::draw("speed", "Median and 90th percentile of three spans of time", &rows)
    }

    pub(super) fn people(&self) -> Vec<TeamRows> {
        let rows = self.funnel.teams.iter().map(|team| TeamRows {
            name: match &team.team {
                Some(head) => format!("{}’s team", words::person(Some(head), self.roster)),
                None => "Reporting to nobody".to_owned(),
            },
            all: self.row(String::new(), &team.all),
            people: team
                .people
                .iter()
                .map(|row| self.row(words::person(row.person.as_ref(), self.roster), row))
                .collect(),
        });
        rows.collect()
    }

    fn row(&self, name: String, row: &PersonFigures) -> PersonRow {
        let numbers = [&row.assigned, &row.accepted, &row.converted, &row.escalated, &row.returned];
        PersonRow {
            name,
            numbers: numbers.map(|count| self.now(count)).into(),
            in_time: self.percent(share(row.in_time.now, row.accepted.now)),
        }
    }

    pub(super) fn reasons(&self) -> Vec<ReasonRow> {
        let rows = &self.funnel.reasons;
        let most = rows.iter().flat_map(|row| [row.count.now, row.count.before.unwrap_or(0)]).max();
        let is_used = |row: &&Reason| is_used(&row.count);
        let row = |row: &Reason| ReasonRow {
            label: row.label.clone(),
            leads_to: match row.leads_to {
                Some(Status::Disqualified) => "ruled out",
                Some(_) => "returned",
                None => "no reason any more",
            },
            bars: bars::pair(row.count.now, row.count.before.unwrap_or(0), most.unwrap_or(1)),
            now: self.now(&row.count),
            before: self.before(&row.count),
        };
        rows.iter().filter(is_used).map(row).collect()
    }

    pub(super) fn unused(&self) -> String {
        let unused = self.funnel.reasons.iter().filter(|row| !is_used(&row.count));
        unused.map(|row| row.label.clone()).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn returns(&self) -> Vec<(&'static str, Bar, LinkedCount)> {
        let rows = &self.funnel.returns;
        let most = rows.iter().map(|row| row.count.now).max().unwrap_or(1);
        let bar = |count: &Count| bars::bar(count.now, most);
        rows.iter().map(|r| (words::way(r.way), bar(&r.count), self.now(&r.count))).collect()
    }
}

fn is_used(count: &Count) -> bool {
    count.now > 0 || count.before.is_some_and(|before| before > 0)
}

fn speed_name(what: Metric) -> &'static str {
    const NAMES: [(Metric, &str); 3] = [
        (Metric::Alerted, "MQL to alert"),
        (Metric::Accepted, "Given to accepted"),
        (Metric::Converted, "MQL to converted"),
    ];
    NAMES.iter().find(|(known, _)| *known == what).map_or("", |(_, name)| name)
}

fn change(reader: &Reader, now: usize, before: usize) -> String {
    let by = i64::try_from(now.abs_diff(before)).unwrap_or(i64::MAX);
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "the same".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", reader.count(by)),
        std::cmp::Ordering::Less => reader.count(-by),
    }
}
