//! The funnel: what happened to leads in a window of days, what became of them, how fast, at whose
//! hands, and which are about to slip.
//!
//! Pure: what happened, the leads near the limit, the rules and the moment are arguments. Page, CSV,
//! JSON and mail are made of the one value [`Funnel`], and each number in it carries the query for
//! the leads it counts ([`Drilldown`]). In words: `shared/docs/funnel.md`.

mod dataset;
mod drilldown;
mod near_limit;
mod occurrence;
mod people;
mod speed;
mod summary;
mod window;

use baton_core::id::{PersonId, SourceName};
use baton_core::lead::{Lead, QualifiedBy, Status};
use baton_core::policy::Policy;
use baton_core::roster::Roster;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use dataset::Dataset;
pub use drilldown::{Drilldown, Metric, OutcomeFilter, exit_path_word, matches, path_word};
pub use near_limit::{NEAR_LIMIT, NearLimit};
pub use occurrence::{ExitPath, HistoryLine, Occurrence, OccurrenceKind, Outcome, SentAlert};
pub use people::{PersonFigures, Team};
pub use speed::{InTime, Speed, Spread};
pub use window::{COHORT_WEEKS, FOLLOWED_DAYS, USUAL_DAYS, Window};

/// Which days and whose leads are counted, by which rules.
#[derive(Clone, Copy, Debug)]
pub struct FunnelQuery<'a> {
    /// The days in which things must have happened to be counted.
    pub window: Window,
    /// Only the leads of whoever reports to this person.
    pub team: Option<&'a PersonId>,
    /// The rules: whose days they are, how long there is to accept, why leads are turned down.
    pub policy: &'a Policy,
    /// Who reports to whom now.
    pub roster: &'a Roster,
    /// The moment as of which is counted.
    pub now: Timestamp,
}

impl FunnelQuery<'_> {
    /// The zone whose days are counted.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.policy.time_zone
    }

    /// The time for which history and alerts must be known.
    #[must_use]
    pub fn reach(&self) -> std::ops::Range<Timestamp> {
        self.window.reach(self.zone(), self.now)
    }
}

/// A number, and the leads behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Count {
    /// In the window; of a cohort, in its week.
    pub now: usize,
    /// In the days before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<usize>,
    /// The query for the leads that are counted.
    pub behind: Drilldown,
}

/// Everything about a window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Funnel {
    /// The days in which things must have happened to be counted.
    pub window: Window,
    /// The days that they are compared with.
    pub before: Window,
    /// The IANA name of the zone whose days they are.
    pub time_zone: String,
    /// Where leads stand, they stand at this moment.
    pub as_of: Timestamp,
    /// The person whose reports' leads are counted; `None` where all leads are.
    pub team: Option<PersonId>,
    /// How often each step was taken.
    pub steps: Vec<Count>,
    /// MQLs by path and source.
    pub origins: Origins,
    /// MQLs by week, and what became of them; newest last.
    pub cohorts: Vec<Cohort>,
    /// How long things took.
    pub speeds: Vec<Speed>,
    /// How many were accepted in time.
    pub in_time: InTime,
    /// By team and person.
    pub teams: Vec<Team>,
    /// Why leads were turned down, the most frequent first.
    pub reasons: Vec<Reason>,
    /// How leads came back.
    pub returns: Vec<Return>,
    /// Leads that marketing takes back soon.
    pub near: Vec<NearLimit>,
}

/// MQLs by path and source: a table with its sums.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Origins {
    /// What the columns are: a source, or `None` where a person said so.
    pub sources: Vec<Option<SourceName>>,
    /// One row a path.
    pub paths: Vec<PathRow>,
    /// The sums of the columns.
    pub by_source: Vec<Count>,
    /// All MQLs of the table or the row.
    pub all: Count,
}

/// MQLs of one path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathRow {
    /// How they qualified.
    pub path: QualifiedBy,
    /// By source, in the order of the columns.
    pub by_source: Vec<Count>,
    /// All MQLs of the table or the row.
    pub all: Count,
}

/// The MQLs of one week, and what became of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cohort {
    /// The Monday that the week begins with.
    pub week: Date,
    /// All of them.
    pub mqls: Count,
    /// Accepted at some time.
    pub accepted: Count,
    /// These five add up to all of them.
    pub converted: Count,
    /// Accepted, and still worked by their owner.
    pub working: Count,
    /// Not accepted yet.
    pub waiting: Count,
    /// Back with marketing.
    pub returned: Count,
    /// Disqualified: they do not come back.
    pub disqualified: Count,
}

/// Leads turned down for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// Its name in the policy.
    pub reason: String,
    /// The reason in words, as the policy has it.
    pub label: String,
    /// What becomes of the lead; `None` if the policy has no such reason any more.
    pub leads_to: Option<Status>,
    /// How many leads, and which.
    #[serde(flatten)]
    pub count: Count,
}

/// Leads that came back in one way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Return {
    /// The path, as the `way` of the query for its leads says it.
    #[serde(serialize_with = "as_word")]
    pub way: ExitPath,
    /// How many leads, and which.
    #[serde(flatten)]
    pub count: Count,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn as_word<S: serde::Serializer>(way: &ExitPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(exit_path_word(*way))
}

/// The steps that are counted, in the order of the trip.
const STEPS: [(Metric, Option<OutcomeFilter>); 8] = [
    (Metric::Qualified, None),
    (Metric::Accepted, None),
    (Metric::Accepted, Some(OutcomeFilter::Working)),
    (Metric::Converted, None),
    (Metric::Returned, None),
    (Metric::Disqualified, None),
    (Metric::Escalated, None),
    (Metric::Extended, None),
];

impl Funnel {
    /// Counts. `book` has what happened; `near` may be any leads: those that marketing does not
    /// take back soon are left out.
    #[must_use]
    pub fn of(question: &FunnelQuery<'_>, dataset: &Dataset, near: &[Lead]) -> Self {
        let number = |behind| dataset.number(behind);
        let steps =
            STEPS.map(|(metric, outcome)| number(Drilldown { outcome, ..Drilldown::all(metric) }));
        Self {
            window: question.window,
            before: question.window.before(),
            time_zone: question.zone().iana_name().unwrap_or("UTC").to_owned(),
            as_of: question.now.min(question.reach().end),
            team: question.team.cloned(),
            steps: steps.into(),
            origins: Origins::of(dataset),
            cohorts: question
                .window
                .cohorts()
                .into_iter()
                .map(|w| Cohort::of(w, dataset))
                .collect(),
            speeds: speed::all(dataset),
            in_time: InTime::of(question.policy.clocks.accept_within, dataset),
            teams: people::all(question, dataset),
            reasons: reasons(question.policy, dataset),
            returns: [ExitPath::TakenBack, ExitPath::GivenBack, ExitPath::Rejected]
                .map(|way| Return {
                    way,
                    count: number(Drilldown { way: Some(way), ..Drilldown::all(Metric::Returned) }),
                })
                .into(),
            near: near_limit::all(near, question),
        }
    }

    /// Those of the leads that marketing takes back soon: warned first, then by what is left.
    #[must_use]
    pub fn near(leads: &[Lead], question: &FunnelQuery<'_>) -> Vec<NearLimit> {
        near_limit::all(leads, question)
    }

    /// How often a step was taken, in the window and before it.
    pub fn step(&self, metric: Metric) -> (usize, usize) {
        let is_it =
            |count: &&Count| count.behind.metric == metric && count.behind.outcome.is_none();
        let found = self.steps.iter().find(is_it);
        found.map_or((0, 0), |count| (count.now, count.before.unwrap_or(0)))
    }

    /// What happened, in sentences: for the head of a page and of a mail.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        summary::of(self)
    }
}

impl Origins {
    fn of(dataset: &Dataset) -> Self {
        let mqls = || Drilldown::all(Metric::Qualified);
        let sources = dataset.sources();
        let by_source = |behind: &Drilldown| {
            let of = |source: &Option<SourceName>| Some(source.clone());
            let one = |source| dataset.number(Drilldown { source: of(source), ..behind.clone() });
            sources.iter().map(one).collect::<Vec<_>>()
        };
        let row = |path| {
            let behind = Drilldown { path: Some(path), ..mqls() };
            PathRow { path, by_source: by_source(&behind), all: dataset.number(behind) }
        };
        let paths = [QualifiedBy::FastTrack, QualifiedBy::Score, QualifiedBy::Manual];
        Self {
            paths: paths.map(row).into(),
            by_source: by_source(&mqls()),
            all: dataset.number(mqls()),
            sources,
        }
    }
}

impl Cohort {
    fn of(week: Date, dataset: &Dataset) -> Self {
        let of = |outcome| {
            dataset.number(Drilldown {
                cohort: Some(week),
                outcome,
                ..Drilldown::all(Metric::Cohort)
            })
        };
        Self {
            week,
            mqls: of(None),
            accepted: of(Some(OutcomeFilter::Accepted)),
            converted: of(Some(OutcomeFilter::Converted)),
            working: of(Some(OutcomeFilter::Working)),
            waiting: of(Some(OutcomeFilter::Waiting)),
            returned: of(Some(OutcomeFilter::Returned)),
            disqualified: of(Some(OutcomeFilter::Disqualified)),
        }
    }
}

/// Those of the policy, and those that only an older policy had.
fn reasons(policy: &Policy, dataset: &Dataset) -> Vec<Reason> {
    let known = policy.reject_reasons.keys().cloned();
    let mut names: Vec<String> = known.chain(dataset.reasons()).collect();
    names.sort();
    names.dedup();
    let row = |reason: String| {
        let known = policy.reject_reasons.get(&reason);
        Reason {
            label: known.map_or_else(|| reason.clone(), |known| known.label.clone()),
            leads_to: known.map(|known| known.leads_to),
            count: dataset.number(Drilldown {
                reason: Some(reason.clone()),
                ..Drilldown::all(Metric::Rejected)
            }),
            reason,
        }
    };
    let mut rows: Vec<_> = names.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.count.now, row.count.before)));
    rows
}

/// A share of a number of leads, if there are any.
#[must_use]
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Seconds, to the millisecond.
fn seconds(span: SignedDuration) -> f64 {
    span.as_millis() as f64 / 1000.0
}
