//! The funnel by team and person: whoever held the lead then, and to whom they reported then.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::PersonId;
use serde::Serialize;

use super::behind::{Behind, What};
use super::happening::Happening;
use super::{Book, Count, Question};

/// Those who report to one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Team {
    /// To whom; `None` for those who report to nobody, and for leads that nobody held.
    pub team: Option<PersonId>,
    /// All of them.
    pub all: Row,
    /// Each of them.
    pub people: Vec<Row>,
}

/// What a person or a team did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
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
pub(super) fn all(question: &Question<'_>, book: &Book) -> Vec<Team> {
    let (now, before) = book.both();
    let mut teams: BTreeMap<Person, BTreeMap<Person, Vec<&Happening>>> = BTreeMap::new();
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
            let all = Behind { team: Some(team.clone()), ..Behind::all(What::Accepted) };
            let of = |(person, some): (Person, Vec<_>)| {
                let behind = Behind { owner: Some(person.clone()), ..all.clone() };
                Row { person, ..Row::of(question, book, &some, &behind) }
            };
            Team {
                all: Row::of(question, book, &whole, &all),
                people: people.into_iter().map(of).collect(),
                team,
            }
        })
        .collect();
    teams.sort_by_key(|team| team.team.is_none());
    teams
}

/// Members of queues, who have a row though nothing happened.
fn expected(question: &Question<'_>) -> BTreeSet<(Person, PersonId)> {
    let members = question.roster.queues.values().flat_map(|queue| &queue.members);
    let people = members.filter_map(|member| question.roster.person(&member.person));
    let active = people.filter(|person| person.active);
    let of = active.map(|person| (person.supervisor.clone(), person.id.clone()));
    of.filter(|(team, _)| question.team.is_none_or(|head| team.as_ref() == Some(head))).collect()
}

/// Whether it is in one of the columns.
fn is_of_somebody(one: &Happening) -> bool {
    COLUMNS.iter().any(|what| super::matches(one, &Behind::all(*what)))
}

const COLUMNS: [What; 5] =
    [What::Assigned, What::Accepted, What::Converted, What::Escalated, What::Returned];

impl Row {
    fn of(question: &Question<'_>, book: &Book, some: &[&Happening], behind: &Behind) -> Self {
        let of = |what| book.number_among(some, Behind { what, ..behind.clone() });
        let within = Some(question.policy.clocks.accept_within);
        let in_time = Behind { what: What::Accepted, in_time: within, ..behind.clone() };
        Self {
            person: None,
            assigned: of(What::Assigned),
            accepted: of(What::Accepted),
            in_time: book.number_among(some, in_time),
            converted: of(What::Converted),
            escalated: of(What::Escalated),
            returned: of(What::Returned),
        }
    }
}
