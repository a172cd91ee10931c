//! Which leads a number stands for: one predicate, by which they are counted and by which they are
//! listed, so that a number and its list can't disagree.

use baton_core::id::{PersonId, RuleName, SourceName};
use baton_core::lead::{QualifiedBy, Status};
use baton_core::text::InvalidValue;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::happening::{Happening, Kind, Way};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What happened in the window: became an MQL …
    Qualified,
    /// … the first owner's alert left …
    Alerted,
    /// … somebody was given it …
    Assigned,
    /// … its owner accepted it …
    Accepted,
    /// … it was not accepted in time …
    Escalated,
    /// … its owner got more time …
    Extended,
    /// … it became a contact or opportunity …
    Converted,
    /// … it went back to marketing, however …
    Returned,
    /// … or was ruled out.
    Disqualified,
    /// It was turned down: returned or disqualified for it.
    Rejected,
    /// Leads that became MQLs in one week.
    Cohort,
    /// Leads that marketing takes back soon, as of now.
    Near,
}

/// Every thing that can be asked for, with its word in a query.
const WHATS: [(What, &str); 12] = [
    (What::Qualified, "qualified"),
    (What::Alerted, "alerted"),
    (What::Assigned, "assigned"),
    (What::Accepted, "accepted"),
    (What::Escalated, "escalated"),
    (What::Extended, "extended"),
    (What::Converted, "converted"),
    (What::Returned, "returned"),
    (What::Disqualified, "disqualified"),
    (What::Rejected, "rejected"),
    (What::Cohort, "cohort"),
    (What::Near, "near"),
];

/// What became of a lead that had become an MQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
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

const FATES: [(Ended, &str); 6] = [
    (Ended::Accepted, "accepted"),
    (Ended::Waiting, "waiting"),
    (Ended::Working, "working"),
    (Ended::Converted, "converted"),
    (Ended::Returned, "returned"),
    (Ended::Disqualified, "disqualified"),
];

const WAYS: [(Way, &str); 3] =
    [(Way::Rejected, "rejected"), (Way::TakenBack, "taken_back"), (Way::GivenBack, "given_back")];

const PATHS: [(QualifiedBy, &str); 3] = [
    (QualifiedBy::Score, "score"),
    (QualifiedBy::FastTrack, "fast_track"),
    (QualifiedBy::Manual, "manual"),
];

/// Nobody, or by hand: no name is written so.
const NOBODY: &str = "-";

/// The leads behind a number. What is `None` is not asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// What happened to them.
    pub what: What,
    /// How they qualified.
    pub path: Option<QualifiedBy>,
    /// By whose activity; `Some(None)`: by a person.
    pub source: Option<Option<SourceName>>,
    /// By which fast track they qualified.
    pub rule: Option<RuleName>,
    /// Why they were turned down or given back.
    pub reason: Option<String>,
    /// How they left sales.
    pub way: Option<Way>,
    /// Who held them; `Some(None)`: nobody.
    pub owner: Option<Option<PersonId>>,
    /// To whom the holder reported; `Some(None)`: to nobody.
    pub team: Option<Option<PersonId>>,
    /// Within the policy's time to accept.
    pub in_time: Option<SignedDuration>,
    /// What became of them.
    pub fate: Option<Ended>,
    /// The Monday of the week in which they became MQLs.
    pub cohort: Option<Date>,
}

impl Behind {
    /// Everything of that kind.
    #[must_use]
    pub fn all(what: What) -> Self {
        Self {
            what,
            path: None,
            source: None,
            rule: None,
            reason: None,
            way: None,
            owner: None,
            team: None,
            in_time: None,
            fate: None,
            cohort: None,
        }
    }

    /// As keys and values of a query.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let or_nobody = |name: &Option<String>| name.clone().unwrap_or_else(|| NOBODY.to_owned());
        let source = self.source.as_ref().map(|s| or_nobody(&s.as_ref().map(ToString::to_string)));
        let person = |who: &Option<Option<PersonId>>| {
            who.as_ref().map(|who| or_nobody(&who.as_ref().map(ToString::to_string)))
        };
        let pairs = [
            ("what", Some(word(&WHATS, self.what).to_owned())),
            ("path", self.path.map(|path| word(&PATHS, path).to_owned())),
            ("source", source),
            ("rule", self.rule.as_ref().map(ToString::to_string)),
            ("reason", self.reason.clone()),
            ("way", self.way.map(|way| word(&WAYS, way).to_owned())),
            ("owner", person(&self.owner)),
            ("team", person(&self.team)),
            ("in_time", self.in_time.map(|_| "1".to_owned())),
            ("fate", self.fate.map(|fate| word(&FATES, fate).to_owned())),
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
            "what" => self.what = of_word(&WHATS, value)?,
            "path" => self.path = Some(of_word(&PATHS, value)?),
            "source" => self.source = Some(or_none(value, SourceName::parse)?),
            "rule" => self.rule = Some(RuleName::parse(value)?),
            "reason" => self.reason = Some(value.to_owned()),
            "way" => self.way = Some(of_word(&WAYS, value)?),
            "owner" => self.owner = person()?,
            "team" => self.team = person()?,
            "in_time" if value == "1" => self.in_time = Some(accept_within),
            "in_time" => return Err(InvalidValue::new("is no yes", "in_time=1, or nothing")),
            "fate" => self.fate = Some(of_word(&FATES, value)?),
            "cohort" => {
                let flaw = |_| InvalidValue::new("is no date", "a Monday, as 2026-03-09");
                self.cohort = Some(value.parse().map_err(flaw)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Serialize for Behind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.pairs())
    }
}

/// The word of a value in such a list.
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

impl What {
    /// The word in a query.
    #[must_use]
    pub fn word(self) -> &'static str {
        word(&WHATS, self)
    }
}

impl Ended {
    /// The word in a query.
    #[must_use]
    pub fn word(self) -> &'static str {
        word(&FATES, self)
    }
}

/// The word of a way in a query.
#[must_use]
pub fn way_word(way: Way) -> &'static str {
    word(&WAYS, way)
}

/// The word of a path in a query.
#[must_use]
pub fn path_word(path: QualifiedBy) -> &'static str {
    word(&PATHS, path)
}

/// Whether something that happened is behind a number; in which days it must have happened is the
/// caller's to ask.
#[must_use]
pub fn matches(one: &Happening, behind: &Behind) -> bool {
    let is = |wanted: &Option<Option<PersonId>>, who: &Option<PersonId>| {
        wanted.as_ref().is_none_or(|wanted| wanted == who)
    };
    is_what(one, behind.what)
        && behind.path.is_none_or(|path| one.path == Some(path))
        && behind.source.as_ref().is_none_or(|source| one.source == *source)
        && behind.rule.as_ref().is_none_or(|rule| is_by(one, rule))
        && behind.reason.as_ref().is_none_or(|reason| one.reason.as_ref() == Some(reason))
        && behind.way.is_none_or(|way| one.way == Some(way))
        && is(&behind.owner, &one.holder)
        && is(&behind.team, &one.team)
        && behind.in_time.is_none_or(|within| one.took.is_some_and(|took| took <= within))
        && behind.fate.is_none_or(|fate| ended_so(one, fate))
        && behind.cohort.is_none_or(|monday| one.week == Some(monday))
}

fn is_by(one: &Happening, rule: &RuleName) -> bool {
    one.path == Some(QualifiedBy::FastTrack) && one.reason.as_deref() == Some(rule.as_str())
}

fn is_what(one: &Happening, what: What) -> bool {
    match what {
        What::Qualified | What::Cohort => one.kind == Kind::Qualified,
        What::Alerted => one.kind == Kind::Alerted,
        What::Assigned => one.kind == Kind::Assigned,
        What::Accepted => one.kind == Kind::Accepted,
        What::Escalated => one.kind == Kind::Escalated,
        What::Extended => one.kind == Kind::Extended,
        What::Converted => one.kind == Kind::Converted,
        What::Returned => one.kind == Kind::Returned,
        What::Disqualified => one.kind == Kind::Disqualified,
        What::Rejected => one.way == Some(Way::Rejected),
        What::Near => false,
    }
}

fn ended_so(one: &Happening, ended: Ended) -> bool {
    one.fate.is_some_and(|fate| match ended {
        Ended::Accepted => fate.is_accepted,
        Ended::Waiting => fate.status == Status::Mql,
        Ended::Working => fate.status == Status::Working,
        Ended::Converted => fate.status == Status::Converted,
        Ended::Returned => fate.status == Status::Returned,
        Ended::Disqualified => fate.status == Status::Disqualified,
    })
}
