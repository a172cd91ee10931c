//! `POST /activities`: one object or an array of them, each with its own outcome.

use std::collections::BTreeMap;

use baton_cloud::{Admission, Error, causes};
use baton_core::activity::Activity;
use baton_core::correlation::Correlation;
use baton_core::id::{LeadId, SourceId, SourceName};
use baton_core::lead::Status;
use baton_core::limits;
use baton_core::score::{Points, Score as Points3};
use baton_core::text::InvalidValue;
use baton_engine::{Outcome, Recorded};
use baton_http::{Answer, FieldError, Problem, Request};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use serde_json::Value;

use crate::{Score, parse};

/// Leads of one batch worked on at once; the activities of one lead go one after another.
const LEADS_AT_ONCE: usize = 16;

/// What excludes an activity from before its person was erased: no rule of the policy.
const ERASED: &str = "erased";

/// What became of one activity.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Taken {
    Recorded(Line),
    Invalid { id: Option<String>, outcome: &'static str, error: Problem },
}

#[derive(Serialize)]
pub(crate) struct Line {
    id: SourceId,
    lead: LeadId,
    outcome: &'static str,
    points: Points,
    score: Points3,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded_by: Option<String>,
}

#[derive(Serialize)]
struct Results {
    results: Vec<Taken>,
}

impl Score {
    pub(crate) async fn take(&self, request: &Request) -> Result<Answer, Problem> {
        const WHO: &str = "send the source's key as 'Authorization: Bearer KEY'";
        let bearer = request.bearer().ok_or_else(|| Problem::unauthorised(WHO))?;
        let source = self.secrets.source_of(bearer).ok_or_else(|| Problem::unauthorised(WHO))?;
        self.admit(source).await?;
        let body: Value =
            serde_json::from_slice(&request.body).map_err(|e| Problem::not_json(&e))?;
        let now = self.services.settings().clock.now();
        match body {
            Value::Array(items) if items.len() > limits::BATCH => Err(too_many(items.len())),
            Value::Array(items) => {
                let parsed = items.into_iter().map(|item| parse::activity(item, source, now));
                let results = self.take_all(parsed.collect(), &request.correlation).await;
                let results = results.map_err(|e| unavailable(&e))?;
                Ok(Answer::json(200, &Results { results }))
            }
            one @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_)) => {
                let activity = parse::activity(one, source, now)
                    .map_err(|invalid| Problem::fields("invalid_activity", invalid.errors))?;
                let id = activity.id.clone();
                let recorded = self.services.record(activity, &request.correlation).await;
                match taken(id, recorded.map_err(|e| unavailable(&e))?) {
                    Taken::Recorded(line) => Ok(Answer::json(200, &line)),
                    Taken::Invalid { error, .. } => Err(error),
                }
            }
        }
    }

    /// Counts a request against its source's limit, if it has one.
    pub(crate) async fn admit(&self, source: &SourceName) -> Result<(), Problem> {
        let settings = self.services.settings();
        let limit = settings.rules().sources.get(source).and_then(|source| source.limit);
        let Some(limit) = limit else { return Ok(()) };
        let admitted = self.services.table().admit(source, limit, settings.clock.now()).await;
        match admitted.map_err(|e| unavailable(&e))? {
            Admission::Open => Ok(()),
            Admission::Wait(seconds) => Err(Problem::too_many_requests(seconds)),
        }
    }

    /// Records a batch: leads side by side, each lead's activities in the order sent.
    pub(crate) async fn take_all(
        &self,
        parsed: Vec<Result<Activity, parse::Invalid>>,
        correlation: &Correlation,
    ) -> Result<Vec<Taken>, Error> {
        let mut results: Vec<Option<Taken>> = Vec::with_capacity(parsed.len());
        let mut by_person = ByPerson::default();
        for (index, item) in parsed.into_iter().enumerate() {
            match item {
                Ok(activity) => {
                    results.push(None);
                    by_person.add(index, activity);
                }
                Err(invalid) => results.push(Some(refused(invalid))),
            }
        }
        let people = by_person.into_people();
        let leads = people.map(|activities| self.take_in_order(activities, correlation));
        let taken: Vec<_> =
            stream::iter(leads).buffer_unordered(LEADS_AT_ONCE).try_collect().await?;
        for (index, line) in taken.into_iter().flatten() {
            results[index] = Some(line);
        }
        Ok(results.into_iter().flatten().collect())
    }

    async fn take_in_order(
        &self,
        activities: Vec<(usize, Activity)>,
        correlation: &Correlation,
    ) -> Result<Vec<(usize, Taken)>, Error> {
        let mut lines = Vec::with_capacity(activities.len());
        for (index, activity) in activities {
            let id = activity.id.clone();
            lines.push((index, taken(id, self.services.record(activity, correlation).await?)));
        }
        Ok(lines)
    }
}

/// The activities of a batch, by person: what shares a name is one person's.
#[derive(Default)]
struct ByPerson {
    people: Vec<Vec<(usize, Activity)>>,
    /// Which of the people an id belongs to.
    ids: BTreeMap<LeadId, usize>,
}

impl ByPerson {
    fn add(&mut self, index: usize, activity: Activity) {
        let ids: Vec<LeadId> = activity.identifiers().map(|who| who.lead_id()).collect();
        let known: Vec<usize> = ids.iter().filter_map(|id| self.ids.get(id).copied()).collect();
        let person = known.first().copied().unwrap_or(self.people.len());
        if person == self.people.len() {
            self.people.push(Vec::new());
        }
        for other in known.into_iter().filter(|other| *other != person) {
            let theirs = std::mem::take(&mut self.people[other]);
            self.people[person].extend(theirs);
            self.ids.values_mut().filter(|one| **one == other).for_each(|one| *one = person);
        }
        self.ids.extend(ids.into_iter().map(|id| (id, person)));
        self.people[person].push((index, activity));
    }

    /// Each person's activities in the order sent.
    fn into_people(self) -> impl Iterator<Item = Vec<(usize, Activity)>> {
        self.people.into_iter().map(|mut activities| {
            activities.sort_by_key(|(index, _)| *index);
            activities
        })
    }
}

impl Taken {
    /// Whether its id was on record for another activity, so that it was not taken.
    pub(crate) fn is_of_a_reused_id(&self) -> bool {
        matches!(self, Self::Invalid { error, .. } if error.code == ID_REUSED)
    }
}

/// The stable code of an activity whose id another one has.
const ID_REUSED: &str = "id_reused";

/// What is wrong with such an id, and what would be right.
pub(crate) fn reused_id() -> InvalidValue {
    let expected = "an id of its own for each activity, such as the show's name before a number";
    InvalidValue::new("is on record for another activity of this source", expected)
}

fn taken(id: SourceId, recorded: Recorded) -> Taken {
    let Recorded { outcome, points, score, lead } = recorded;
    let (outcome, excluded_by) = match outcome {
        Outcome::Scored => ("scored", None),
        Outcome::Duplicate => ("duplicate", None),
        Outcome::Excluded => ("excluded", lead.excluded.as_ref().map(ToString::to_string)),
        Outcome::Erased => ("excluded", Some(ERASED.to_owned())),
        Outcome::IdReused => {
            let error = Problem::fields(ID_REUSED, vec![FieldError::at("/id", reused_id())]);
            return Taken::Invalid { id: Some(id.as_str().to_owned()), outcome: "invalid", error };
        }
    };
    let (lead, status) = (lead.lead, lead.status());
    Taken::Recorded(Line { id, lead, outcome, points, score, status, excluded_by })
}

fn refused(invalid: parse::Invalid) -> Taken {
    let error = Problem::fields("invalid_activity", invalid.errors);
    Taken::Invalid { id: invalid.id, outcome: "invalid", error }
}

fn too_many(count: usize) -> Problem {
    let problem = format!("has {count} elements").into();
    let expected = format!("at most {} activities in one request", limits::BATCH).into();
    let error = FieldError { field: String::new(), problem, expected };
    Problem::fields("too_many_activities", vec![error])
}

/// The world failed: logged once, here, and the sender is asked to try again.
pub(crate) fn unavailable(error: &Error) -> Problem {
    tracing::error!(error = %causes(error), "activities not recorded");
    Problem::unavailable()
}
