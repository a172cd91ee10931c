//! The form that filters the board: its choices, and which of them are chosen.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::lead::QualifiedBy;
use baton_core::role::Role;
use baton_core::roster::Roster;
use baton_intake::Sources;
use baton_reports::board::Row;

use super::export::word;
use super::query::{BoardQuery, BoardScope};
use crate::visitor::Visitor;

pub(super) struct Filters {
    pub(super) in_use: usize,
    pub(super) stage: Option<String>,
    pub(super) selects: Vec<Select>,
    pub(super) late: bool,
}

pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) choices: Vec<FilterChoice>,
}

pub(super) struct FilterChoice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) is_chosen: bool,
}

/// The sources of the policy, and those of the leads on the board.
pub(super) fn sources(rows: &[Row], sources: &Sources) -> BTreeSet<String> {
    let of_rows = rows.iter().filter_map(|row| row.source.as_ref());
    of_rows.chain(sources.keys()).map(ToString::to_string).collect()
}

/// The form of filters, unless the visitor sees only their own leads.
pub(super) fn filters(
    query: &BoardQuery,
    visitor: &Visitor,
    roster: &Roster,
    sources: &BTreeSet<String>,
) -> Option<Filters> {
    let whose = whose(query, visitor, roster);
    if whose.choices.len() < 2 && query.whose == BoardScope::Me {
        return None;
    }
    let filter = &query.filter;
    let mut selects = vec![whose];
    if query.whose != BoardScope::Me {
        let owners = owners(query, visitor, roster);
        selects.push(select("owner", "Owner", "Anybody", owners, &filter.owner));
    }
    let queues = roster.queues.keys().map(|name| (name.to_string(), name.to_string()));
    selects.push(select("queue", "Queue", "Any", queues, &filter.queue));
    let sources = sources.iter().map(|name| (name.clone(), name.clone()));
    selects.push(select("source", "Source", "Any", sources, &filter.source));
    let paths = [
        (QualifiedBy::FastTrack, "By fast track"),
        (QualifiedBy::Score, "By score"),
        (QualifiedBy::Manual, "By hand"),
    ];
    let paths = paths.map(|(path, words)| (word(&path), words.to_owned()));
    let path = filter.path.map(|path| word(&path));
    selects.push(select("path", "Qualified", "In any way", paths, &path));
    Some(Filters {
        in_use: filter.asks(),
        stage: query.stage.map(|stage| word(&stage)),
        selects,
        late: filter.late,
    })
}

fn whose(query: &BoardQuery, visitor: &Visitor, roster: &Roster) -> Select {
    let mut choices = Vec::new();
    if visitor.sees(Role::sees_all) {
        choices.push(("all".to_owned(), "Everybody".to_owned()));
    }
    if let Some(role) = visitor.role() {
        if role.is_supervisor() {
            choices.push(("team".to_owned(), "My team".to_owned()));
        }
        choices.push(("me".to_owned(), "Mine".to_owned()));
    }
    if visitor.sees(Role::sees_all) {
        let supervisors: BTreeSet<_> =
            roster.people.values().filter_map(|person| person.supervisor.as_ref()).collect();
        let supervisors = supervisors.into_iter().filter_map(|id| roster.person(id));
        choices.extend(supervisors.map(|p| (p.id.to_string(), format!("{}’s team", p.name))));
    }
    Select { name: "whose", label: "Whose", choices: chosen_among(choices, query.word()) }
}

/// People who may hold a lead that is shown: their names by id.
fn owners(query: &BoardQuery, visitor: &Visitor, roster: &Roster) -> BTreeMap<String, String> {
    let members = roster.queues.values().flat_map(|queue| &queue.members);
    let people = query.team(visitor, roster);
    let people = people.unwrap_or_else(|| members.map(|member| member.person.clone()).collect());
    let named = people.iter().chain(&query.filter.owner);
    let named = named.filter_map(|id| roster.person(id));
    named.map(|person| (person.id.to_string(), person.name.clone())).collect()
}

fn select<T: ToString>(
    name: &'static str,
    label: &'static str,
    any: &str,
    choices: impl IntoIterator<Item = (String, String)>,
    chosen: &Option<T>,
) -> Select {
    let chosen = chosen.as_ref().map(ToString::to_string).unwrap_or_default();
    let choices = [(String::new(), any.to_owned())].into_iter().chain(choices);
    Select { name, label, choices: chosen_among(choices, &chosen) }
}

fn chosen_among(
    choices: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
) -> Vec<FilterChoice> {
    let choice = |(value, words): (String, String)| {
        let is_chosen = value == chosen;
        FilterChoice { value, words, is_chosen }
    };
    choices.into_iter().map(choice).collect()
}
