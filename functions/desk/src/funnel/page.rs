//! The funnel for people. Each number but zero is a link to the leads behind it.

use askama::Template;
use baton_engine::Settings;
use baton_http::{Answer, Problem};
use baton_reports::funnel::Funnel;
use baton_wording::human_time::tight;
use jiff::SignedDuration;

use super::rows::{MOST_NEAR, RowBuilder};
use super::view::{CohortRow, LinkedCount, NearRow, ReasonRow, SpeedRow, StepRow, TeamRows};
use super::words;
use crate::chart::bars::Bar;
use crate::chart::ranges::Ranges;
use crate::chart::stacked::Stacked;
use crate::frame::{FUNNEL, Frame};
use crate::page::render;
use crate::reader::Reader;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "funnel/funnel.html")]
struct FunnelPage {
    frame: Frame,
    this_window: String,
    window_before: String,
    days: String,
    zone: String,
    team: Option<String>,
    from: String,
    to: String,
    teams: Vec<(String, String, bool)>,
    windows: Vec<(u16, String)>,
    highlights: Vec<StepRow>,
    sentences: Vec<String>,
    steps: Vec<StepRow>,
    near: Vec<NearRow>,
    near_all: LinkedCount,
    sources: Vec<String>,
    paths: Vec<(&'static str, Vec<LinkedCount>, LinkedCount)>,
    by_source: Vec<LinkedCount>,
    mqls: LinkedCount,
    origins: Stacked,
    cohorts: Vec<CohortRow>,
    outcomes: Stacked,
    speeds: Vec<SpeedRow>,
    ranges: Ranges,
    within: String,
    in_time: LinkedCount,
    in_time_share: String,
    in_time_before: String,
    people: Vec<TeamRows>,
    reasons: Vec<ReasonRow>,
    unused: String,
    returns: Vec<(&'static str, Bar, LinkedCount)>,
    csv: String,
    json: String,
    place: String,
    policy: String,
}

pub(super) fn funnel(
    funnel: &Funnel,
    visitor: &Visitor,
    reader: &Reader,
    settings: &Settings,
) -> Result<Answer, Problem> {
    let rules = settings.rules();
    let builder = RowBuilder { funnel, reader, roster: &rules.roster };
    let (window, origins) = (funnel.window, &funnel.origins);
    let steps = builder.steps();
    let page = FunnelPage {
        frame: visitor.frame(Some(FUNNEL), reader, settings),
        this_window: builder.days(window),
        window_before: builder.days(funnel.before),
        days: reader.count(window.days()),
        zone: funnel.time_zone.clone(),
        team: funnel.team.as_ref().map(|head| words::person(Some(head), &rules.roster)),
        from: window.from.to_string(),
        to: window.to.to_string(),
        teams: builder.teams_offered(visitor),
        windows: builder.windows(),
        highlights: builder.highlights(),
        sentences: funnel.summary(),
        steps,
        near: funnel.near.iter().take(MOST_NEAR).map(|near| builder.near(near)).collect(),
        near_all: builder.near_all(),
        sources: origins.sources.iter().map(|s| words::source(s.as_ref())).collect(),
        paths: builder.paths(),
        by_source: origins.by_source.iter().map(|count| builder.now(count)).collect(),
        mqls: builder.now(&origins.all),
        origins: builder.origins(),
        cohorts: builder.cohorts(),
        outcomes: builder.outcomes(),
        speeds: builder.speeds(),
        ranges: builder.ranges(),
        within: tight(SignedDuration::from_secs_f64(funnel.in_time.within_seconds)),
        in_time: builder.now(&funnel.in_time.in_time),
        in_time_share: builder.percent(funnel.in_time.share),
        in_time_before: builder.percent(funnel.in_time.share_before),
        people: builder.people(),
        reasons: builder.reasons(),
        unused: builder.unused(),
        returns: builder.returns(),
        csv: builder.self_as("csv"),
        json: builder.self_as("json"),
        place: reader.place(),
        policy: rules.policy.version.clone(),
    };
    render(200, &page)
}
