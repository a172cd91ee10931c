//! Which leads a number stands for: one predicate, by which they are counted and by which they are
//! listed, so that a number and its list can't disagree.

use baton_core::id::{PersonId, RuleName, SourceName};
use baton_core::lead::{QualifiedBy, Status};
use baton_core::text::InvalidValue;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::occurrence::{ExitPath, Occurrence, OccurrenceKind};

/// What a number counts. All but the last two count what happened in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Leads that became MQLs.
    Qualified,
    /// Alerts to the first owner that were sent.
    Alerted,
    /// Assignments to an owner.
    Assigned,
    /// Leads that their owner accepted.
    Accepted,
    /// Times that a lead was not accepted in time.
    Escalated,
    /// Times that an owner got more time.
    Extended,
    /// Leads that became a contact or opportunity.
    Converted,
    /// Leads that went back to marketing, on whichever path.
    Returned,
    /// Leads that were ruled out.
    Disqualified,
    /// Leads that were turned down, and so returned or disqualified.
    Rejected,
    /// Leads that became MQLs in one week.
    Cohort,
    /// Leads that marketing takes back soon, as of now.
    NearLimit,
}

/// Every metric, with its word in a query.
const METRICS: [(Metric, &str); 12] = [
    (Metric::Qualified, "qualified"),
    (Metric::Alerted, "alerted"),
    (Metric::Assigned, "assigned"),
    (Metric::Accepted, "accepted"),
    (Metric::Escalated, "escalated"),
    (Metric::Extended, "extended"),
    (Metric::Converted, "converted"),
    (Metric::Returned, "returned"),
    (Metric::Disqualified, "disqualified"),
    (Metric::Rejected, "rejected"),
    (Metric::Cohort, "cohort"),
    (Metric::NearLimit, "near"),
];

/// Which outcome a trip into sales must have had to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// It was accepted, whatever came then.
    Accepted,
    /// It is waiting to be accepted.
    Waiting,
    /// It is being worked.
    Working,
    /// It became a contact or opportunity.
    Converted,
    /// It went back to marketing.
    Returned,
    /// It was ruled out.
    Disqualified,
}

const OUTCOMES: [(OutcomeFilter, &str); 6] = [
    (OutcomeFilter::Accepted, "accepted"),
    (OutcomeFilter::Waiting, "waiting"),
    (OutcomeFilter::Working, "working"),
    (OutcomeFilter::Converted, "converted"),
    (OutcomeFilter::Returned, "returned"),
    (OutcomeFilter::Disqualified, "disqualified"),
];

const WAYS: [(ExitPath, &str); 3] = [
    (ExitPath::Rejected, "rejected"),
    (ExitPath::TakenBack, "taken_back"),
    (ExitPath::GivenBack, "given_back"),
];

const PATHS: [(QualifiedBy, &str); 3] = [
    (QualifiedBy::Score, "score"),
    (QualifiedBy::FastTrack, "fast_track"),
    (QualifiedBy::Manual, "manual"),
];

/// Stands for nobody, or for qualification by hand. No id or name is written like this.
const NOBODY: &str = "-";

/// Which leads a number counts: the query for the list behind it. A field that is `None` does not
/// narrow the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drilldown {
    /// What the number counts.
    pub metric: Metric,
    /// How the leads qualified.
    pub path: Option<QualifiedBy>,
    /// The source whose activity qualified them; `Some(None)` if a person did.
    pub source: Option<Option<SourceName>>,
    /// The fast-track rule that qualified them.
    pub rule: Option<RuleName>,
    /// Why they were turned down or given back.
    pub reason: Option<String>,
    /// How they left sales.
    pub way: Option<ExitPath>,
    /// Who held them; `Some(None)`: nobody.
    pub owner: Option<Option<PersonId>>,
    /// To whom the holder reported; `Some(None)`: to nobody.
    pub team: Option<Option<PersonId>>,
    /// Only leads that were accepted within this time, which is the policy's.
    pub in_time: Option<SignedDuration>,
    /// What became of the trip.
    pub outcome: Option<OutcomeFilter>,
    /// The Monday of the week in which they became MQLs.
    pub cohort: Option<Date>,
}

impl Drilldown {
    /// Everything that the metric counts.
    #[must_use]
    pub fn all(metric: Metric) -> Self {
        Self {
            metric,
            path: None,
            source: None,
            rule: None,
            reason: None,
            way: None,
            owner: None,
            team: None,
            in_time: None,
            outcome: None,
            cohort: None,
        }
    }

    /// The keys and values of the query.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let or_nobody = |name: &Option<String>| name.clone().unwrap_or_else(|| NOBODY.to_owned());
        let source = self.source.as_ref().map(|s| or_nobody(&s.as_ref().map(ToString::to_string)));
        let person = |who: &Option<Option<PersonId>>| {
            who.as_ref().map(|who| or_nobody(&who.as_ref().map(ToString::to_string)))
        };
        let pairs = [
            ("what", Some(word(&METRICS, self.metric).to_owned())),
            ("path", self.path.map(|path| word(&PATHS, path).to_owned())),
            ("source", source),
            ("rule", self.rule.as_ref().map(ToString::to_string)),
            ("reason", self.reason.clone()),
            ("way", self.way.map(|way| word(&WAYS, way).to_owned())),
            ("owner", person(&self.owner)),
            ("team", person(&self.team)),
            ("in_time", self.in_time.map(|_| "1".to_owned())),
            ("fate", self.outcome.map(|outcome| word(&OUTCOMES, outcome).to_owned())),
            ("cohort", self.cohort.map(|monday| monday.to_string())),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Takes one key and value of a query. `accept_within` is the policy's.
    ///
    /// # Errors
    ///
    /// When the key is one of ours and the value can't be understood. Any other key is `Ok(false)`.
    pub fn take(
        &mut self,
        key: &str,
        value: &str,
        accept_within: SignedDuration,
    ) -> Result<bool, InvalidValue> {
        let person = || or_none(value, PersonId::parse).map(Some);
        match key {
            "what" => self.metric = of_word(&METRICS, value)?,
            "path" => self.path = Some(of_word(&PATHS, value)?),
            "source" => self.source = Some(or_none(value, SourceName::parse)?),
            "rule" => self.rule = Some(RuleName::parse(value)?),
            "reason" => self.reason = Some(value.to_owned()),
            "way" => self.way = Some(of_word(&WAYS, value)?),
            "owner" => self.owner = person()?,
            "team" => self.team = person()?,
            "in_time" if value == "1" => self.in_time = Some(accept_within),
            "in_time" => return Err(InvalidValue::new("is no yes", "in_time=1, or nothing")),
            "fate" => self.outcome = Some(of_word(&OUTCOMES, value)?),
            "cohort" => {
                let flaw = |_| InvalidValue::new("is no date", "a Monday, as 2026-03-09");
                self.cohort = Some(value.parse().map_err(flaw)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Serialize for Drilldown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.pairs())
    }
}

/// The word of a value in a list of values and words.
fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

fn of_word<T: Copy>(words: &[(T, &'static str)], text: &str) -> Result<T, InvalidValue> {
    let found = words.iter().find(|(_, word)| *word == text).map(|(value, _)| *value);
    found.ok_or_else(|| {
        let known: Vec<_> = words.iter().map(|(_, word)| *word).collect();
        InvalidValue::new("is not known", format!("one of {}", known.join(", ")))
    })
}

fn or_none<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, InvalidValue>,
) -> Result<Option<T>, InvalidValue> {
    if text == NOBODY { Ok(None) } else { parse(text).map(Some) }
}

impl Metric {
    /// The word in a query.
    #[must_use]
    pub fn word(self) -> &'static str {
        word(&METRICS, self)
    }
}

impl OutcomeFilter {
    /// The word in a query.
    #[must_use]
    pub fn word(self) -> &'static str {
        word(&OUTCOMES, self)
    }
}

/// The word of a way in a query.
#[must_use]
pub fn exit_path_word(way: ExitPath) -> &'static str {
    word(&WAYS, way)
}

/// The word of a path in a query.
#[must_use]
pub fn path_word(path: QualifiedBy) -> &'static str {
    word(&PATHS, path)
}

/// Whether the number counts this occurrence. The caller checks the days.
#[must_use]
pub fn matches(one: &Occurrence, behind: &Drilldown) -> bool {
    let is = |wanted: &Option<Option<PersonId>>, who: &Option<PersonId>| {
        wanted.as_ref().is_none_or(|wanted| wanted == who)
    };
    is_metric(one, behind.metric)
        && behind.path.is_none_or(|path| one.path == Some(path))
        && behind.source.as_ref().is_none_or(|source| one.source == *source)
        && behind.rule.as_ref().is_none_or(|rule| is_by(one, rule))
        && behind.reason.as_ref().is_none_or(|reason| one.reason.as_ref() == Some(reason))
        && behind.way.is_none_or(|way| one.way == Some(way))
        && is(&behind.owner, &one.holder)
        && is(&behind.team, &one.team)
        && behind.in_time.is_none_or(|within| one.took.is_some_and(|took| took <= within))
        && behind.outcome.is_none_or(|outcome| has_outcome(one, outcome))
        && behind.cohort.is_none_or(|monday| one.week == Some(monday))
}

fn is_by(one: &Occurrence, rule: &RuleName) -> bool {
    one.path == Some(QualifiedBy::FastTrack) && one.reason.as_deref() == Some(rule.as_str())
}

fn is_metric(one: &Occurrence, metric: Metric) -> bool {
    match metric {
        Metric::Qualified | Metric::Cohort => one.kind == OccurrenceKind::Qualified,
        Metric::Alerted => one.kind == OccurrenceKind::Alerted,
        Metric::Assigned => one.kind == OccurrenceKind::Assigned,
        Metric::Accepted => one.kind == OccurrenceKind::Accepted,
        Metric::Escalated => one.kind == OccurrenceKind::Escalated,
        Metric::Extended => one.kind == OccurrenceKind::Extended,
        Metric::Converted => one.kind == OccurrenceKind::Converted,
        Metric::Returned => one.kind == OccurrenceKind::Returned,
        Metric::Disqualified => one.kind == OccurrenceKind::Disqualified,
        Metric::Rejected => one.way == Some(ExitPath::Rejected),
        Metric::NearLimit => false,
    }
}

fn has_outcome(one: &Occurrence, ended: OutcomeFilter) -> bool {
    one.outcome.is_some_and(|outcome| match ended {
        OutcomeFilter::Accepted => outcome.is_accepted,
        OutcomeFilter::Waiting => outcome.status == Status::Mql,
        OutcomeFilter::Working => outcome.status == Status::Working,
        OutcomeFilter::Converted => outcome.status == Status::Converted,
        OutcomeFilter::Returned => outcome.status == Status::Returned,
        OutcomeFilter::Disqualified => outcome.status == Status::Disqualified,
    })
}
