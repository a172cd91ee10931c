//! `GET /policy`: the rules in force in words, and how often each one fired. For marketing.

mod page;
mod table;
mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_cloud::{Rules, Table};
use baton_core::text::InvalidValue;
use baton_core::{Policy, Role};
use baton_http::{Answer, Problem, Request};
use baton_reports::funnel::Window;
use baton_reports::rule_stats::RuleStats;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::fields::invalid;
use crate::shape::{self, Shape};
use crate::{Desk, frame, reply};
use view::View;

/// Windows that are offered, in days; the second if none is asked for.
const WINDOWS: [u16; 3] = [14, 28, 90];

/// What fired on days that are over, which does not change: from when to when, and the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(Arc<Mutex<BTreeMap<(Timestamp, Timestamp), RuleStats>>>);

/// Days remembered: the longest window, and what midnight or another zone leaves over.
const DAYS_KNOWN: usize = 200;

impl Desk {
    pub(crate) async fn policy(&self, request: &Request) -> Result<Answer, Problem> {
        let visitor = self.visitor(request).await?;
        visitor.must(Role::sees_policy)?;
        shape::only(request, &["as", "days"])?;
        let days = days(request)?;
        let settings = self.handoff.settings();
        let (rules, now) = (settings.rules(), settings.clock.now());
        if request.query("as") == Some("toml") {
            return Ok(Answer::text(200, "application/toml", rules.policy_text.clone()));
        }
        let shape = Shape::of(request)?;
        let view = self.rules_in_force(&rules, days, now).await?;
        match shape {
            Shape::Csv => table::csv(&view),
            Shape::Page => {
                let reader = visitor.reader(request, settings);
                let frame = visitor.frame(Some(frame::POLICY), &reader, settings);
                page::page(frame, &reader, &view, &rules, days)
            }
            Shape::Json => Ok(Answer::json(200, &view)),
        }
    }

    /// Counts whole days in the policy's zone, up to yesterday: today is not over.
    async fn rules_in_force(
        &self,
        rules: &Rules,
        days: u16,
        now: Timestamp,
    ) -> Result<View, Problem> {
        let policy = &rules.policy;
        let today = now.to_zoned(policy.time_zone.clone()).date();
        let window = Window::last(days, today);
        let mut fired = RuleStats::default();
        for day in window.from.series(Span::new().days(1)).take_while(|day| *day <= window.to) {
            let sums = self.known.on(day, policy, self.handoff.table()).await;
            fired.add(&sums.map_err(|e| reply::error(&e))?);
        }
        Ok(View::of(policy, window, &fired))
    }
}

impl Known {
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
        if days.len() >= DAYS_KNOWN {
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
