//! `GET /policy`, for marketing: the rules in force in words, and how often each one fired.

mod csv;
mod page;
mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_cloud::Table;
use baton_core::text::InvalidValue;
use baton_core::{Policy, Role};
use baton_engine::Rules;
use baton_http::{Answer, Problem, Request};
use baton_reports::funnel::Window;
use baton_reports::rule_stats::RuleStats;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::fields::invalid;
use crate::format::Format;
use crate::visitor::Visitor;
use crate::{Desk, frame, problems, query};
use view::PolicyView;

/// Windows that the page offers, in days. The second is the default.
const WINDOWS: [u16; 3] = [14, 28, 90];

/// How often rules fired on past days, by start and end of the day. Past days do not change.
#[derive(Clone, Debug, Default)]
pub(crate) struct FiredCache(Arc<Mutex<BTreeMap<(Timestamp, Timestamp), RuleStats>>>);

/// The longest window, with room for days of another time zone and those before midnight.
const DAYS_CACHED: usize = 200;

pub(crate) async fn policy(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    visitor.require(Role::sees_policy)?;
    query::only(request, &["as", "days"])?;
    let days = days(request)?;
    let settings = desk.services.settings();
    let (rules, now) = (settings.rules(), settings.clock.now());
    if request.query("as") == Some("toml") {
        return Ok(Answer::text(200, "application/toml", rules.policy_text.clone()));
    }
    let format = Format::of(request)?;
    let view = rules_in_force(desk, &rules, days, now).await?;
    match format {
        Format::Csv => csv::csv(&view),
        Format::Page => {
            let reader = visitor.reader(request, settings);
            let frame = visitor.frame(Some(frame::POLICY), &reader, settings);
            page::page(frame, &reader, &view, &rules, days)
        }
        Format::Json => Ok(Answer::json(200, &view)),
    }
}

/// Counts whole days in the policy's time zone, up to yesterday.
async fn rules_in_force(
    desk: &Desk,
    rules: &Rules,
    days: u16,
    now: Timestamp,
) -> Result<PolicyView, Problem> {
    let policy = &rules.policy;
    let today = now.to_zoned(policy.time_zone.clone()).date();
    let window = Window::last(days, today);
    let mut fired = RuleStats::default();
    for day in window.from.series(Span::new().days(1)).take_while(|day| *day <= window.to) {
        let sums = desk.fired_cache.on(day, policy, desk.services.table()).await;
        fired.add(&sums.map_err(|e| problems::error(&e))?);
    }
    Ok(PolicyView::of(policy, window, &fired))
}

impl FiredCache {
    async fn on(
        &self,
        day: Date,
        policy: &Policy,
        table: &Table,
    ) -> Result<RuleStats, baton_cloud::Error> {
        let span = Window { from: day, to: day }.span(&policy.time_zone);
        let key = (span.start, span.end);
        if let Some(fired) = self.days().get(&key) {
            return Ok(fired.clone());
        }
        let fired = table.fired(key.0, key.1).await?;
        let mut days = self.days();
        if days.len() >= DAYS_CACHED {
            days.pop_first();
        }
        days.insert(key, fired.clone());
        Ok(fired)
    }

    fn days(&self) -> std::sync::MutexGuard<'_, BTreeMap<(Timestamp, Timestamp), RuleStats>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn days(request: &Request) -> Result<u16, Problem> {
    const EXPECTED: &str = "14, 28 or 90";
    let Some(text) = request.query("days") else { return Ok(WINDOWS[1]) };
    let days = text.parse().ok().filter(|days| WINDOWS.contains(days));
    days.ok_or_else(|| invalid("days", InvalidValue::new("is not a window there is", EXPECTED)))
}
