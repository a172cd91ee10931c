//! The funnel: what happened to leads in a window of days, what became of them, how fast, at whose
//! hands, and which are about to slip.
//!
//! Pure: what happened, the leads near the limit, the rules and the moment are arguments. Page, CSV,
//! JSON and mail are made of the one value [`Funnel`], and each number in it knows which leads are
//! behind it ([`Behind`]). In words: `shared/docs/funnel.md`.

mod behind;
mod book;
mod happening;
mod near;
mod people;
mod speed;
mod window;
mod words;

use baton_core::id::{PersonId, SourceName};
use baton_core::lead::{Lead, QualifiedBy, Status};
use baton_core::policy::Policy;
use baton_core::roster::Roster;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use behind::{Behind, Ended, What, matches, path_word, way_word};
pub use book::Book;
pub use happening::{Delivered, Fate, Happening, Kind, Line, Way};
pub use near::{NEAR, Near};
pub use people::{Row, Team};
pub use speed::{InTime, Speed, Spread};
pub use window::{COHORT_WEEKS, FOLLOWED_DAYS, USUAL_DAYS, Window};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The days in which things must have happened to be counted.
    pub window: Window,
    /// Only the leads of whoever reports to this person.
    pub team: Option<&'a PersonId>,
    /// The rules: whose days they are, how long there is to accept, why leads are turned down.
    pub policy: &'a Policy,
    /// Who reports to whom now.
    pub roster: &'a Roster,
    /// As of when.
    pub now: Timestamp,
}

impl Question<'_> {
    /// The zone whose days are counted.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.policy.time_zone
    }

    /// From when to before when what happened must be known.
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
    pub behind: Behind,
}

/// Everything about a window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Funnel {
    /// The days in which things must have happened to be counted.
    pub window: Window,
    /// The days they are held against.
    pub before: Window,
    /// In which zone.
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
    pub near: Vec<Near>,
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
    /// Which: the `way` of the leads behind it.
    #[serde(serialize_with = "as_word")]
    pub way: Way,
    /// How many leads, and which.
    #[serde(flatten)]
    pub count: Count,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn as_word<S: serde::Serializer>(way: &Way, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(way_word(*way))
}

/// The steps that are counted, in the order of the trip.
const STEPS: [(What, Option<Ended>); 8] = [
    (What::Qualified, None),
    (What::Accepted, None),
    (What::Accepted, Some(Ended::Working)),
    (What::Converted, None),
    (What::Returned, None),
    (What::Disqualified, None),
    (What::Escalated, None),
    (What::Extended, None),
];

impl Funnel {
    /// Counts. `book` has what happened; `near` may be any leads: those that marketing does not
    /// take back soon are left out.
    #[must_use]
    pub fn of(question: &Question<'_>, book: &Book, near: &[Lead]) -> Self {
        let number = |behind| book.number(behind);
        let steps = STEPS.map(|(what, fate)| number(Behind { fate, ..Behind::all(what) }));
        Self {
            window: question.window,
            before: question.window.before(),
            time_zone: question.zone().iana_name().unwrap_or("UTC").to_owned(),
            as_of: question.now.min(question.reach().end),
            team: question.team.cloned(),
            steps: steps.into(),
            origins: Origins::of(book),
            cohorts: question.window.cohorts().into_iter().map(|w| Cohort::of(w, book)).collect(),
            speeds: speed::all(book),
            in_time: InTime::of(question.policy.clocks.accept_within, book),
            teams: people::all(question, book),
            reasons: reasons(question.policy, book),
            returns: [Way::TakenBack, Way::GivenBack, Way::Rejected]
                .map(|way| Return {
                    way,
                    count: number(Behind { way: Some(way), ..Behind::all(What::Returned) }),
                })
                .into(),
            near: near::all(near, question),
        }
    }

    /// Those of the leads that marketing takes back soon: warned first, then by what is left.
    #[must_use]
    pub fn near(leads: &[Lead], question: &Question<'_>) -> Vec<Near> {
        near::all(leads, question)
    }

    /// How often a step was taken, in the window and before it.
    pub fn step(&self, what: What) -> (usize, usize) {
        let is_it = |count: &&Count| count.behind.what == what && count.behind.fate.is_none();
        let found = self.steps.iter().find(is_it);
        found.map_or((0, 0), |count| (count.now, count.before.unwrap_or(0)))
    }

    /// What happened, in sentences: for the head of a page and of a mail.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        words::of(self)
    }
}

impl Origins {
    fn of(book: &Book) -> Self {
        let mqls = || Behind::all(What::Qualified);
        let sources = book.sources();
        let by_source = |behind: &Behind| {
            let of = |source: &Option<SourceName>| Some(source.clone());
            let one = |source| book.number(Behind { source: of(source), ..behind.clone() });
            sources.iter().map(one).collect::<Vec<_>>()
        };
        let row = |path| {
            let behind = Behind { path: Some(path), ..mqls() };
            PathRow { path, by_source: by_source(&behind), all: book.number(behind) }
        };
        let paths = [QualifiedBy::FastTrack, QualifiedBy::Score, QualifiedBy::Manual];
        Self {
            paths: paths.map(row).into(),
            by_source: by_source(&mqls()),
            all: book.number(mqls()),
            sources,
        }
    }
}

impl Cohort {
    fn of(week: Date, book: &Book) -> Self {
        let of =
            |fate| book.number(Behind { cohort: Some(week), fate, ..Behind::all(What::Cohort) });
        Self {
            week,
            mqls: of(None),
            accepted: of(Some(Ended::Accepted)),
            converted: of(Some(Ended::Converted)),
            working: of(Some(Ended::Working)),
            waiting: of(Some(Ended::Waiting)),
            returned: of(Some(Ended::Returned)),
            disqualified: of(Some(Ended::Disqualified)),
        }
    }
}

/// Those of the policy, and those that only an older policy had.
fn reasons(policy: &Policy, book: &Book) -> Vec<Reason> {
    let known = policy.reject_reasons.keys().cloned();
    let mut names: Vec<String> = known.chain(book.reasons()).collect();
    names.sort();
    names.dedup();
    let row = |reason: String| {
        let known = policy.reject_reasons.get(&reason);
        Reason {
            label: known.map_or_else(|| reason.clone(), |known| known.label.clone()),
            leads_to: known.map(|known| known.leads_to),
            count: book
                .number(Behind { reason: Some(reason.clone()), ..Behind::all(What::Rejected) }),
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
