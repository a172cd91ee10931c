//! The board for people: an overview of the stages, or one stage page by page.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use baton_core::id::LeadId;
use baton_core::lead::{DeadlineKind, Lead};
use baton_engine::{Rules, Settings};
use baton_http::{Answer, Problem};
use baton_reports::board::{self, Page, Row, STAGES, Tally};

use super::export::word;
use super::filters::{self, Filters};
use super::query::{BoardQuery, BoardScope, PAGE};
use super::words::{about, name, nothing, urgent};
use crate::card::{Card, CardContext};
use crate::frame::{BOARD, Frame};
use crate::page::render;
use crate::reader::Reader;
use crate::visitor::Visitor;
use crate::words::listed;

/// Leads that the overview shows of each stage, and of each stage of one person.
const MOST: usize = 8;
const MOST_OF_ONE: usize = 5;
/// A team with more people is counted, not named.
const NAMES: usize = 4;

pub(super) struct BoardContext<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) query: &'a BoardQuery,
    pub(super) stages: [Tally; 4],
    pub(super) is_cut: bool,
    pub(super) lists: &'a [StageList<'a>],
    pub(super) leads: &'a HashMap<LeadId, Lead>,
    pub(super) sources: BTreeSet<String>,
    pub(super) reader: &'a Reader,
    pub(super) rules: &'a Rules,
    pub(super) settings: &'a Settings,
}

pub(super) struct StageList<'a> {
    stage: DeadlineKind,
    pub(super) page: Page<'a>,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    frame: Frame,
    policy: String,
    place: String,
    title: String,
    heading: &'static str,
    whose: Option<String>,
    intro: String,
    stages: Vec<Stage>,
    filters: Option<Filters>,
    sections: Vec<Section>,
    nothing: Option<&'static str>,
    show_all: Option<String>,
}

/// A stage in the strip above the lists.
struct Stage {
    name: &'static str,
    href: String,
    is_here: bool,
    open: String,
    class: &'static str,
    urgent: String,
}

struct Section {
    word: String,
    name: &'static str,
    about: String,
    open: String,
    cards: Vec<Card>,
    start: usize,
    more: Option<String>,
    pages: Option<Pager>,
}

struct Pager {
    first: Option<String>,
    range: String,
    next: Option<(String, usize)>,
}

/// The lists of a page: the stage that was asked for, or the most urgent leads of each stage that
/// has any.
pub(super) fn lists<'a>(
    query: &BoardQuery,
    board: &'a board::Board,
    found: Page<'a>,
) -> Vec<StageList<'a>> {
    if let Some(stage) = query.stage {
        return vec![StageList { stage, page: found }];
    }
    let most = if query.whose == BoardScope::Me { MOST_OF_ONE } else { MOST };
    let lists = STAGES.map(|stage| StageList { stage, page: board.page(Some(stage), None, most) });
    lists.into_iter().filter(|list| list.page.of > 0).collect()
}

pub(super) fn board(board: &BoardContext<'_>) -> Result<Answer, Problem> {
    let BoardContext { query, reader, rules, .. } = board;
    let open: usize = board.stages.iter().map(|tally| tally.open).sum();
    let heading = board.heading();
    let stage = query.stage.map(name);
    let is_filtered = query.filter.asks() > 0;
    let is_empty = board.lists.iter().all(|list| list.page.of == 0);
    let page = BoardPage {
        frame: board.visitor.frame(Some(BOARD), reader, board.settings),
        policy: rules.policy.version.clone(),
        place: reader.place(),
        title: stage.map_or(heading.to_owned(), |stage| format!("{stage} · {heading}")),
        heading,
        whose: board.team_of(),
        intro: board.intro(open),
        stages: board.stages.iter().map(|tally| board.stage(tally)).collect(),
        filters: filters::filters(query, board.visitor, &rules.roster, &board.sources),
        sections: board.lists.iter().map(|list| board.section(list)).collect(),
        nothing: is_empty.then(|| nothing(query.stage, is_filtered)),
        show_all: (is_empty && is_filtered)
            .then(|| address(query.link_query().without_filter(), None)),
    };
    render(200, &page)
}

impl BoardContext<'_> {
    fn heading(&self) -> &'static str {
        match self.query.whose {
            BoardScope::Me => "Your leads",
            BoardScope::Team => "Your team’s leads",
            BoardScope::All => "Everybody’s leads",
            BoardScope::TeamOf(_) => "A team’s leads",
        }
    }

    fn team_of(&self) -> Option<String> {
        match &self.query.whose {
            BoardScope::TeamOf(supervisor) => {
                let person = self.rules.roster.person(supervisor);
                Some(format!("The team of {}.", person.map_or("somebody", |p| p.name.as_str())))
            }
            BoardScope::Me | BoardScope::Team | BoardScope::All => None,
        }
    }

    /// `35 open leads with Ana Ruiz and Ben Fischer; 4 overdue. Most urgent first.`
    fn intro(&self, open: usize) -> String {
        let late = self.stages.iter().filter(|tally| tally.stage != DeadlineKind::Route);
        let late: usize = late.map(|tally| tally.late).sum();
        let matching = if self.query.filter.asks() > 0 { " match" } else { "" };
        let people = self.people().map(|names| format!(" with {names}")).unwrap_or_default();
        let overdue = if late > 0 { format!("; {late} overdue") } else { String::new() };
        let leads = match open {
            0 => "No open leads".to_owned(),
            1 => "1 open lead".to_owned(),
            open => format!("{} open leads", self.reader.count(open as i64)),
        };
        let first = match open {
            0 => "",
            _ if self.is_cut => {
                " More are open than a board holds; these are due first: choose a team."
            }
            _ => " Most urgent first.",
        };
        format!("{leads}{matching}{people}{overdue}.{first}")
    }

    /// The names of the team, or how many they are; nothing if no team is asked about.
    fn people(&self) -> Option<String> {
        let roster = &self.rules.roster;
        let people = self.query.team(self.visitor, roster)?;
        let names = people.iter().filter_map(|id| roster.person(id));
        let names: Vec<&str> = names.map(|person| person.name.as_str()).collect();
        match names.len() {
            0 => None,
            1..=NAMES => Some(listed(&names)),
            many => Some(format!("{many} people")),
        }
    }

    fn stage(&self, tally: &Tally) -> Stage {
        let clocks = &self.rules.policy.clocks;
        let (class, urgent) = urgent(tally, clocks);
        Stage {
            name: name(tally.stage),
            href: address(self.query.link_query(), Some(tally.stage)),
            is_here: self.query.stage == Some(tally.stage),
            open: self.reader.count(tally.open as i64),
            class,
            urgent,
        }
    }

    fn section(&self, list: &StageList<'_>) -> Section {
        let StageList { stage, page } = list;
        let rules = self.rules;
        let context = CardContext {
            reader: self.reader,
            policy: &rules.policy,
            roster: &rules.roster,
            names_owner: self.query.whose != BoardScope::Me,
        };
        let card = |row: &Row| Some(Card::new(row, self.leads.get(&row.lead)?, context));
        let is_one_stage = self.query.stage.is_some();
        let has_more = page.next.is_some();
        let all = self.reader.count(page.of as i64);
        let address = address(self.query.link_query(), Some(*stage));
        Section {
            word: word(stage),
            name: name(*stage),
            about: about(*stage, &rules.policy.clocks),
            open: all.clone(),
            cards: page.rows.iter().filter_map(card).collect(),
            start: page.before + 1,
            more: (!is_one_stage && has_more).then(|| address.clone()),
            pages: (is_one_stage && (has_more || page.before > 0))
                .then(|| self.pages(page, &address)),
        }
    }

    fn pages(&self, page: &Page<'_>, address: &str) -> Pager {
        let count = |n: usize| self.reader.count(n as i64);
        let end = page.before + page.rows.len();
        let size = self.query.size.map(|size| format!("&size={size}")).unwrap_or_default();
        let left = (page.of - end).min(self.query.size.unwrap_or(PAGE));
        Pager {
            first: (page.before > 0).then(|| format!("{address}{size}")),
            range: format!(
                "Leads {} to {} of {}",
                count(page.before + 1),
                count(end),
                count(page.of)
            ),
            next: page.next.map(|next| (format!("{address}{size}&after={next}"), left)),
        }
    }
}

/// The part of a query that links within the board carry along.
struct LinkQuery<'a> {
    whose: Option<&'a str>,
    filter: Vec<(&'static str, String)>,
}

impl BoardQuery {
    fn link_query(&self) -> LinkQuery<'_> {
        let filter = &self.filter;
        let asked = [
            ("owner", filter.owner.as_ref().map(ToString::to_string)),
            ("queue", filter.queue.as_ref().map(ToString::to_string)),
            ("source", filter.source.as_ref().map(ToString::to_string)),
            ("path", filter.path.map(|path| word(&path))),
            ("late", filter.late.then(|| "1".to_owned())),
        ];
        let asked = asked.into_iter().filter_map(|(key, value)| Some((key, value?)));
        LinkQuery { whose: (!self.is_usual).then(|| self.word()), filter: asked.collect() }
    }
}

impl<'a> LinkQuery<'a> {
    fn without_filter(self) -> LinkQuery<'a> {
        LinkQuery { filter: Vec::new(), ..self }
    }
}

fn address(kept: LinkQuery<'_>, stage: Option<DeadlineKind>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept.whose.map(|whose| ("whose", whose)));
    query.extend_pairs(kept.filter);
    query.extend_pairs(stage.map(|stage| ("stage", word(&stage))));
    let query = query.finish();
    if query.is_empty() { "/board".to_owned() } else { format!("/board?{query}") }
}
