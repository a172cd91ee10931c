//! The funnel for people: each number a link to the leads behind it, unless it is nought.

use askama::Template;
use baton_cloud::Settings;
use baton_http::{Answer, Problem};
use baton_reports::funnel::Funnel;
use baton_wording::human_time::tight;
use jiff::SignedDuration;

use super::rows::{MOST_NEAR, Maker};
use super::view::{CohortRow, NearRow, Num, ReasonRow, SpeedRow, StepRow, TeamRows};
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
        sentences: funnel.in_words(),
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
