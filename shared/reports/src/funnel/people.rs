//! The funnel by team and person: who held the lead at that time, and to whom they reported.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::PersonId;
use serde::Serialize;

use super::drilldown::{Drilldown, Metric};
use super::occurrence::Occurrence;
use super::{Count, Dataset, FunnelQuery};

/// Those who report to one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Team {
    /// To whom; `None` for those who report to nobody, and for leads that nobody held.
    pub team: Option<PersonId>,
    /// All of them.
    pub all: PersonFigures,
    /// Each of them.
    pub people: Vec<PersonFigures>,
}

/// What a person or a team did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonFigures {
    /// Who; `None` in a team's sum, and for leads that nobody held.
    pub person: Option<PersonId>,
    /// Leads they were given.
    pub assigned: Count,
    /// Leads they accepted.
    pub accepted: Count,
    /// … of them within the policy's time.
    pub in_time: Count,
    /// Leads they converted.
    pub converted: Count,
    /// How often they let one wait.
    pub escalated: Count,
    /// Leads of theirs that went back to marketing.
    pub returned: Count,
}

type Person = Option<PersonId>;

/// Teams by their head's id, those of nobody last; within a team, people by their id.
pub(super) fn all(question: &FunnelQuery<'_>, dataset: &Dataset) -> Vec<Team> {
    let (now, before) = dataset.both();
    let mut teams: BTreeMap<Person, BTreeMap<Person, Vec<&Occurrence>>> = BTreeMap::new();
    for (team, person) in expected(question) {
        teams.entry(team).or_default().entry(Some(person)).or_default();
    }
    for one in now.into_iter().chain(before).filter(|one| is_of_somebody(one)) {
        let team = teams.entry(one.team.clone()).or_default();
        team.entry(one.holder.clone()).or_default().push(one);
    }
    let mut teams: Vec<_> = teams
        .into_iter()
        .map(|(team, people)| {
            let whole: Vec<_> = people.values().flatten().copied().collect();
            let all = Drilldown { team: Some(team.clone()), ..Drilldown::all(Metric::Accepted) };
            let of = |(person, some): (Person, Vec<_>)| {
                let behind = Drilldown { owner: Some(person.clone()), ..all.clone() };
                PersonFigures { person, ..PersonFigures::of(question, dataset, &some, &behind) }
            };
            Team {
                all: PersonFigures::of(question, dataset, &whole, &all),
                people: people.into_iter().map(of).collect(),
                team,
            }
        })
        .collect();
    teams.sort_by_key(|team| team.team.is_none());
    teams
}

/// Members of queues, who have a row though nothing happened.
fn expected(question: &FunnelQuery<'_>) -> BTreeSet<(Person, PersonId)> {
    let members = question.roster.queues.values().flat_map(|queue| &queue.members);
    let people = members.filter_map(|member| question.roster.person(&member.person));
    let active = people.filter(|person| person.active);
    let of = active.map(|person| (person.supervisor.clone(), person.id.clone()));
    of.filter(|(team, _)| question.team.is_none_or(|head| team.as_ref() == Some(head))).collect()
}

/// Whether it is in one of the columns.
fn is_of_somebody(one: &Occurrence) -> bool {
    COLUMNS.iter().any(|metric| super::matches(one, &Drilldown::all(*metric)))
}

const COLUMNS: [Metric; 5] =
    [Metric::Assigned, Metric::Accepted, Metric::Converted, Metric::Escalated, Metric::Returned];

impl PersonFigures {
    fn of(
        question: &FunnelQuery<'_>,
        dataset: &Dataset,
        some: &[&Occurrence],
        behind: &Drilldown,
    ) -> Self {
        let of = |metric| dataset.number_among(some, Drilldown { metric, ..behind.clone() });
        let within = Some(question.policy.clocks.accept_within);
        let in_time = Drilldown { metric: Metric::Accepted, in_time: within, ..behind.clone() };
        Self {
            person: None,
            assigned: of(Metric::Assigned),
            accepted: of(Metric::Accepted),
            in_time: dataset.number_among(some, in_time),
            converted: of(Metric::Converted),
            escalated: of(Metric::Escalated),
            returned: of(Metric::Returned),
        }
    }
}
