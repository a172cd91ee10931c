//! The query of `GET /board`, checked against the role of who asks.

use std::collections::BTreeSet;

use baton_core::Roster;
use baton_core::id::{PersonId, QueueName, SourceName};
use baton_core::lead::{DeadlineKind, QualifiedBy};
use baton_core::limits::PAGE_LEADS;
use baton_core::role::Role;
use baton_core::text::InvalidValue;
use baton_http::{Problem, Request};
use baton_reports::board::{Filter, Position, Scope};
use serde::Deserialize;
use serde::de::value::StrDeserializer;

use crate::fields::invalid;
use crate::problems::not_yours;
use crate::query::{self, only, parsed};
use crate::visitor::Visitor;

/// Leads on a page, if the query does not say how many.
pub(super) const PAGE: usize = 25;

const KEYS: [&str; 10] =
    ["whose", "stage", "owner", "queue", "source", "path", "late", "after", "size", "as"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BoardScope {
    Me,
    Team,
    All,
    /// The leads of the people who report to that person.
    TeamOf(PersonId),
}

#[derive(Clone, Debug)]
pub(crate) struct BoardQuery {
    pub(crate) whose: BoardScope,
    /// Whether they would see the same without saying whose leads they want.
    pub(crate) is_usual: bool,
    pub(crate) stage: Option<DeadlineKind>,
    pub(crate) filter: Filter,
    pub(crate) after: Option<Position>,
    pub(crate) size: Option<usize>,
}

impl BoardQuery {
    pub(crate) fn read(
        request: &Request,
        visitor: &Visitor,
        roster: &Roster,
    ) -> Result<Self, Problem> {
        only(request, &KEYS)?;
        let whose = whose(request, visitor, roster)?;
        let query = Self {
            is_usual: whose == usual(visitor),
            whose,
            stage: word(request, "stage", "route, accept, take_back or convert")?,
            filter: Filter {
                owner: parsed(request, "owner", PersonId::parse)?,
                queue: parsed(request, "queue", QueueName::parse)?,
                source: parsed(request, "source", SourceName::parse)?,
                path: word::<QualifiedBy>(request, "path", "score, fast_track or manual")?,
                late: parsed(request, "late", late)?.unwrap_or(false),
            },
            after: parsed(request, "after", Position::parse)?,
            size: parsed(request, "size", size)?,
        };
        match &query.filter.owner {
            Some(owner) if !visitor.sees(|role| role.sees_leads_of(owner)) => Err(not_yours()),
            Some(_) | None => Ok(query),
        }
    }

    /// Whose leads have to be read: of one owner only, if the filter names one.
    pub(crate) fn scope(&self, visitor: &Visitor, roster: &Roster) -> Scope {
        let of = |people: BTreeSet<PersonId>, unowned| match &self.filter.owner {
            Some(owner) => {
                let people = people.into_iter().filter(|person| person == owner).collect();
                Scope::Of { people, unowned: false }
            }
            None => Scope::Of { people, unowned },
        };
        let role = visitor.role();
        match (&self.whose, role) {
            (BoardScope::All, _) => match &self.filter.owner {
                Some(owner) => of([owner.clone()].into(), false),
                None => Scope::All,
            },
            (BoardScope::TeamOf(supervisor), _) => {
                of(reports(roster, supervisor), is_house(roster, supervisor))
            }
            (BoardScope::Team, Some(role)) => of(role.reports.clone(), role.sees_unrouted()),
            (BoardScope::Me, Some(role)) => of([role.person.clone()].into(), false),
            (BoardScope::Team | BoardScope::Me, None) => of(BTreeSet::new(), false),
        }
    }

    /// The people of the team that is asked about, if the query is about a team.
    pub(crate) fn team(&self, visitor: &Visitor, roster: &Roster) -> Option<BTreeSet<PersonId>> {
        match (&self.whose, visitor.role()) {
            (BoardScope::Team, Some(role)) => Some(role.reports.clone()),
            (BoardScope::TeamOf(supervisor), _) => Some(reports(roster, supervisor)),
            (BoardScope::Team | BoardScope::Me | BoardScope::All, _) => None,
        }
    }

    /// The value of `whose`.
    pub(crate) fn word(&self) -> &str {
        match &self.whose {
            BoardScope::Me => "me",
            BoardScope::Team => "team",
            BoardScope::All => "all",
            BoardScope::TeamOf(supervisor) => supervisor.as_str(),
        }
    }
}

/// The people who report to somebody. Those who have left count, too: their leads are still theirs.
fn reports(roster: &Roster, supervisor: &PersonId) -> BTreeSet<PersonId> {
    let reports = roster.people.values();
    let reports = reports.filter(|person| person.supervisor.as_ref() == Some(supervisor));
    reports.map(|person| person.id.clone()).collect()
}

fn is_house(roster: &Roster, supervisor: &PersonId) -> bool {
    baton_core::route::house_supervisors(roster).contains(supervisor)
}

/// Whose leads a visitor sees if they do not say.
fn usual(visitor: &Visitor) -> BoardScope {
    match visitor.role() {
        Some(role) if role.is_supervisor() && !role.sees_all() => BoardScope::Team,
        Some(role) if !role.sees_all() => BoardScope::Me,
        Some(_) | None => BoardScope::All,
    }
}

fn word<'a, T: Deserialize<'a>>(
    request: &'a Request,
    key: &str,
    expected: &'static str,
) -> Result<Option<T>, Problem> {
    let Some(text) = query::text(request, key) else { return Ok(None) };
    let read = T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text));
    read.map(Some).map_err(|_| invalid(key, InvalidValue::new("is no word for that", expected)))
}

fn late(text: &str) -> Result<bool, InvalidValue> {
    if text == "1" { Ok(true) } else { Err(InvalidValue::new("is not a yes", "1, or nothing")) }
}

fn size(text: &str) -> Result<usize, InvalidValue> {
    let size = text.parse().ok().filter(|size| (1..=PAGE_LEADS).contains(size));
    size.ok_or_else(|| InvalidValue::new("is no size of a page", "a number from 1 to 100"))
}

fn whose(request: &Request, visitor: &Visitor, roster: &Roster) -> Result<BoardScope, Problem> {
    match (query::text(request, "whose"), visitor.role()) {
        (None, _) => Ok(usual(visitor)),
        (Some("me"), Some(_)) => Ok(BoardScope::Me),
        (Some("team"), Some(role)) if role.is_supervisor() => Ok(BoardScope::Team),
        (Some("team"), Some(_)) => Err(not_yours()),
        (Some("all"), _) => visitor.require(Role::sees_all).map(|()| BoardScope::All),
        (Some("me" | "team"), None) => {
            let expected = "all, or the id of somebody to whom others report";
            let flaw = InvalidValue::new("is for people: a key has no leads", expected);
            Err(invalid("whose", flaw))
        }
        (Some(name), _) => team_of(name, visitor, roster),
    }
}

fn team_of(name: &str, visitor: &Visitor, roster: &Roster) -> Result<BoardScope, Problem> {
    let person = PersonId::parse(name).ok();
    let is_theirs = |person: &PersonId| visitor.role().is_some_and(|role| role.sees_team(person));
    if !visitor.sees(Role::sees_all) && !person.as_ref().is_some_and(is_theirs) {
        return Err(not_yours());
    }
    match person.filter(|person| !reports(roster, person).is_empty()) {
        Some(person) => Ok(BoardScope::TeamOf(person)),
        None => {
            let expected = "me, team, all, or the id of somebody to whom others report";
            Err(invalid("whose", InvalidValue::new("is nobody's team", expected)))
        }
    }
}
