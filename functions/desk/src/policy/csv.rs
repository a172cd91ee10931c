//! The rules as CSV, one a line.

use baton_http::{Answer, Problem};

use super::view::PolicyView;
use crate::csv::{Cell, Csv};

const HEAD: [&str; 8] =
    ["kind", "rule", "words", "points", "at_most_per_day", "fired", "capped", "qualified"];

pub(super) fn csv(view: &PolicyView) -> Result<Answer, Problem> {
    let mut table = Csv::new(&HEAD)?;
    for row in &view.rules {
        let number = |n: Option<i64>| n.map_or(Cell::Empty, Cell::count);
        table.line(&[
            Cell::text(row.kind.word()),
            Cell::text(row.rule.as_str()),
            Cell::text(row.words.as_str()),
            number(row.points),
            number(row.at_most_per_day),
            Cell::count(row.times.fired),
            Cell::count(row.times.capped),
            Cell::count(row.times.qualified),
        ])?;
    }
    table.file(&format!("policy-{}-{}.csv", view.from, view.to))
}
