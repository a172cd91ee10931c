//! The funnel for people: each number a link to the leads behind it, unless it is nought.

use askama::Template;
use baton_cloud::Settings;
use baton_core::id::PersonId;
use baton_http::{Answer, Problem};
use baton_reports::funnel::{Drilldown, Funnel, Window};
use baton_wording::human_time::tight;
use jiff::SignedDuration;

use super::rows::{MOST_NEAR, Maker};
use super::words;
use crate::chart::bars::{Bar, Pair};
use crate::chart::dial::Dial;
use crate::chart::ranges::Ranges;
use crate::chart::stacked::Stacked;
use crate::frame::{FUNNEL, Frame};
use crate::page::render;
use crate::reader::{Moment, Reader};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "funnel/funnel.html")]
struct FunnelPage {
    frame: Frame,
    these: String,
    those: String,
    days: String,
    zone: String,
    team: Option<String>,
    from: String,
    to: String,
    teams: Vec<(String, String, bool)>,
    windows: Vec<(u16, String)>,
    dials: Vec<StepRow>,
    sentences: Vec<String>,
    steps: Vec<StepRow>,
    near: Vec<NearRow>,
    near_all: Num,
    sources: Vec<String>,
    paths: Vec<(&'static str, Vec<Num>, Num)>,
    by_source: Vec<Num>,
    mqls: Num,
    origins: Stacked,
    cohorts: Vec<CohortRow>,
    fates: Stacked,
    speeds: Vec<SpeedRow>,
    ranges: Ranges,
    within: String,
    in_time: Num,
    in_time_share: String,
    in_time_before: String,
    people: Vec<TeamRows>,
    reasons: Vec<ReasonRow>,
    unused: String,
    returns: Vec<(&'static str, Bar, Num)>,
    csv: String,
    json: String,
    place: String,
    policy: String,
}

/// A number, and where its leads are.
pub(super) struct Num {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

pub(super) struct StepRow {
    pub(super) name: &'static str,
    pub(super) bars: Pair,
    pub(super) now: Num,
    pub(super) before: Num,
    pub(super) change: String,
    pub(super) against: String,
}

pub(super) struct NearRow {
    pub(super) lead: String,
    pub(super) name: String,
    pub(super) of: String,
    pub(super) owner: String,
    pub(super) last: String,
    pub(super) class: &'static str,
    pub(super) dial: Option<Dial>,
    pub(super) left: String,
    pub(super) then: &'static str,
    pub(super) at: Moment,
}

pub(super) struct CohortRow {
    pub(super) week: String,
    pub(super) mqls: Num,
    pub(super) accepted: Num,
    pub(super) accepted_share: String,
    pub(super) converted: Num,
    pub(super) converted_share: String,
    pub(super) returned: Num,
    pub(super) disqualified: Num,
    pub(super) working: Num,
    pub(super) waiting: Num,
}

pub(super) struct SpeedRow {
    pub(super) name: &'static str,
    pub(super) leads: Num,
    pub(super) median: String,
    pub(super) p90: String,
    pub(super) before: String,
}

pub(super) struct TeamRows {
    pub(super) name: String,
    pub(super) all: PersonRow,
    pub(super) people: Vec<PersonRow>,
}

pub(super) struct PersonRow {
    pub(super) name: String,
    pub(super) numbers: Vec<Num>,
    pub(super) in_time: String,
}

pub(super) struct ReasonRow {
    pub(super) label: String,
    pub(super) leads_to: &'static str,
    pub(super) bars: Pair,
    pub(super) now: Num,
    pub(super) before: Num,
}

pub(super) fn funnel(
    funnel: &Funnel,
    visitor: &Visitor,
    reader: &Reader,
    settings: &Settings,
) -> Result<Answer, Problem> {
    let rules = settings.rules();
    let maker = Maker { funnel, reader, roster: &rules.roster };
    let (window, origins) = (funnel.window, &funnel.origins);
    let steps = maker.steps();
    let page = FunnelPage {
        frame: visitor.frame(Some(FUNNEL), reader, settings),
        these: maker.days(window),
        those: maker.days(funnel.before),
        days: reader.count(window.days()),
        zone: funnel.time_zone.clone(),
        team: funnel.team.as_ref().map(|head| words::person(Some(head), &rules.roster)),
        from: window.from.to_string(),
        to: window.to.to_string(),
        teams: maker.teams_offered(visitor),
        windows: maker.windows(),
        dials: maker.dials(),
        sentences: funnel.summary(),
        steps,
        near: funnel.near.iter().take(MOST_NEAR).map(|near| maker.near(near)).collect(),
        near_all: maker.near_all(),
        sources: origins.sources.iter().map(|s| words::source(s.as_ref())).collect(),
        paths: maker.paths(),
        by_source: origins.by_source.iter().map(|count| maker.now(count)).collect(),
        mqls: maker.now(&origins.all),
        origins: maker.origins(),
        cohorts: maker.cohorts(),
        fates: maker.fates(),
        speeds: maker.speeds(),
        ranges: maker.ranges(),
        within: tight(SignedDuration::from_secs_f64(funnel.in_time.within_seconds)),
        in_time: maker.now(&funnel.in_time.in_time),
        in_time_share: maker.percent(funnel.in_time.share),
        in_time_before: maker.percent(funnel.in_time.share_before),
        people: maker.people(),
        reasons: maker.reasons(),
        unused: maker.unused(),
        returns: maker.returns(),
        csv: maker.self_as("csv"),
        json: maker.self_as("json"),
        place: reader.place(),
        policy: rules.policy.version.clone(),
    };
    render(200, &page)
}

/// Where the funnel of a window is.
pub(super) fn home(window: Window, team: Option<&PersonId>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &window.from.to_string());
    query.append_pair("to", &window.to.to_string());
    if let Some(team) = team {
        query.append_pair("team", team.as_str());
    }
    format!("/funnel?{}", query.finish())
}

/// Where the leads behind a number are.
pub(super) fn address(
    path: &str,
    window: Window,
    behind: &Drilldown,
    more: &[(&str, &str)],
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(behind.pairs());
    query.append_pair("from", &window.from.to_string());
    query.append_pair("to", &window.to.to_string());
    query.extend_pairs(more);
    format!("{path}?{}", query.finish())
}
