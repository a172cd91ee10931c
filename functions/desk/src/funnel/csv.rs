//! The funnel as CSV: one number a line, so that a spreadsheet can filter and sum them.

use baton_http::{Answer, Problem};
use baton_reports::funnel::{Count, Funnel, NearLimit, Spread, exit_path_word, path_word};
use jiff::Timestamp;

use crate::csv::{Cell, Csv};

const HEAD: [&str; 6] = ["section", "row", "column", "value", "value_before", "unit"];

struct FunnelCsv(Csv);

pub(super) fn csv(funnel: &Funnel) -> Result<Answer, Problem> {
    let mut table = FunnelCsv(Csv::new(&HEAD)?);
    table.steps(funnel)?;
    table.origins(funnel)?;
    table.cohorts(funnel)?;
    table.speeds(funnel)?;
    table.people(funnel)?;
    table.reasons(funnel)?;
    for near in &funnel.near {
        table.near(near)?;
    }
    table.0.file(&format!("funnel-{}-{}.csv", funnel.window.from, funnel.window.to))
}

impl FunnelCsv {
    fn count(
        &mut self,
        section: &str,
        row: &str,
        column: &str,
        count: &Count,
    ) -> Result<(), Problem> {
        let before = count.before.map_or(Cell::Empty, Cell::count);
        self.line([section, row, column], Cell::count(count.now), before, "leads")
    }

    fn line(
        &mut self,
        names: [&str; 3],
        value: Cell<'_>,
        before: Cell<'_>,
        unit: &str,
    ) -> Result<(), Problem> {
        let [section, row, column] = names.map(|name| Cell::text(name.to_owned()));
        self.0.line(&[section, row, column, value, before, Cell::text(unit.to_owned())])
    }

    fn steps(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        for step in &funnel.steps {
            let fate = step.behind.outcome.map_or("all", |fate| fate.word());
            self.count("steps", step.behind.metric.word(), fate, step)?;
        }
        Ok(())
    }

    fn origins(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        let origins = &funnel.origins;
        let sources =
            || origins.sources.iter().map(|s| s.as_ref().map_or("by hand", |s| s.as_str()));
        for row in &origins.paths {
            for (source, count) in sources().zip(&row.by_source) {
                self.count("origins", path_word(row.path), source, count)?;
            }
            self.count("origins", path_word(row.path), "all", &row.all)?;
        }
        for (source, count) in sources().zip(&origins.by_source) {
            self.count("origins", "all", source, count)?;
        }
        self.count("origins", "all", "all", &origins.all)
    }

    fn cohorts(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        for cohort in &funnel.cohorts {
            let week = cohort.week.to_string();
            for (column, count) in [
                ("mqls", &cohort.mqls),
                ("accepted", &cohort.accepted),
                ("converted", &cohort.converted),
                ("working", &cohort.working),
                ("waiting", &cohort.waiting),
                ("returned", &cohort.returned),
                ("disqualified", &cohort.disqualified),
            ] {
                self.count("cohorts", &week, column, count)?;
            }
        }
        Ok(())
    }

    fn speeds(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        let number = |n: Option<f64>| n.map_or(Cell::Empty, Cell::Number);
        for speed in &funnel.speeds {
            let (what, now, before) = (speed.behind.metric.word(), &speed.now, &speed.before);
            let leads = |of: &Spread| Cell::count(of.leads);
            self.line(["speeds", what, "leads"], leads(now), leads(before), "leads")?;
            for (column, of) in COLUMNS {
                let (now, before) = (number(of(now)), number(of(before)));
                self.line(["speeds", what, column], now, before, "seconds")?;
            }
        }
        let in_time = &funnel.in_time;
        self.count("in_time", "accepted", "in_time", &in_time.in_time)?;
        let shares = (number(in_time.share), number(in_time.share_before));
        self.line(["in_time", "accepted", "share"], shares.0, shares.1, "share")
    }

    fn people(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        for team in &funnel.teams {
            let head = team.team.as_ref().map_or("-", |head| head.as_str());
            for row in [&team.all].into_iter().chain(&team.people) {
                let is_all = std::ptr::eq(row, &raw const team.all);
                let person = row.person.as_ref().map_or("-", |person| person.as_str());
                let name = if is_all { head.to_owned() } else { format!("{head}/{person}") };
                for (column, count) in [
                    ("assigned", &row.assigned),
                    ("accepted", &row.accepted),
                    ("in_time", &row.in_time),
                    ("converted", &row.converted),
                    ("escalated", &row.escalated),
                    ("returned", &row.returned),
                ] {
                    self.count("teams", &name, column, count)?;
                }
            }
        }
        Ok(())
    }

    fn reasons(&mut self, funnel: &Funnel) -> Result<(), Problem> {
        for row in &funnel.reasons {
            self.count("reasons", &row.reason, "rejected", &row.count)?;
        }
        for row in &funnel.returns {
            self.count("returns", exit_path_word(row.way), "returned", &row.count)?;
        }
        Ok(())
    }

    fn near(&mut self, near: &NearLimit) -> Result<(), Problem> {
        let lead = near.lead.to_string();
        let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let person = |who: &Option<baton_core::id::PersonId>| who.as_ref().map(ToString::to_string);
        let texts = [
            ("name", near.name.clone(), "text"),
            ("company", near.company.clone(), "text"),
            ("owner", person(&near.owner), "text"),
            ("due", time(Some(near.due)), "time"),
            ("is_warned", Some(near.is_warned.to_string()), "text"),
            ("last_activity", near.last_activity.clone(), "text"),
            ("last_activity_at", time(near.last_activity_at), "time"),
        ];
        for (column, text, unit) in texts {
            let value = text.map_or(Cell::Empty, Cell::text);
            self.line(["near", &lead, column], value, Cell::Empty, unit)?;
        }
        Ok(())
    }
}

type Column = (&'static str, fn(&Spread) -> Option<f64>);

const COLUMNS: [Column; 2] = [("median", |of| of.median_seconds), ("p90", |of| of.p90_seconds)];
