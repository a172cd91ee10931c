//! The score over time: decaying behaviour with a step for each activity, on top of fit; the
//! threshold; and a forecast of what happens if nothing does.

mod curve;

use askama::Template;
use baton_core::score::Points;
use baton_core::time::later;
use baton_wording::human_time;
use jiff::{SignedDuration, Timestamp};

use super::{Px, TimeScale, anchor};
use crate::reader::Reader;
use curve::Curve;
pub(crate) use curve::Step;

/// Steps that are drawn at most, the newest. The others still count.
const STEPS: usize = 100;

/// Changes of status that are drawn at most, the newest.
const MARKS: usize = 8;

/// Height of the plane, and its distance from the upper edge, both in pixels.
const HEIGHT: f64 = 200.0;
const TOP: f64 = 22.0;

/// The shortest time that the chart covers, for leads that are minutes old.
const SHORTEST: SignedDuration = SignedDuration::from_hours(6);

#[derive(Clone, Debug)]
pub(crate) struct ScoreData {
    /// The name of the lead.
    pub(crate) name: String,
    /// What counted, oldest first.
    pub(crate) steps: Vec<Step>,
    pub(crate) fit: Points,
    pub(crate) threshold: Points,
    pub(crate) half_life: SignedDuration,
    /// When the lead got which status, oldest first.
    pub(crate) marks: Vec<(Timestamp, &'static str)>,
    /// When the lead was made.
    pub(crate) since: Timestamp,
}

#[derive(Clone, Debug, Template)]
#[template(path = "chart/score.html")]
pub(crate) struct Score {
    title: String,
    description: String,
    fit: Option<(Px, Px, Px)>,
    area: String,
    past: String,
    ahead: String,
    grid: Vec<GridLine>,
    threshold: GridLine,
    /// Whether the label of the threshold stands at the left edge.
    is_left: bool,
    marks: Vec<Mark>,
    now: Px,
    dots: Vec<Dot>,
    numbers: Vec<Number>,
    ticks: Vec<Tick>,
}

#[derive(Clone, Debug)]
struct GridLine {
    y: Px,
    text_y: Px,
    points: Points,
}

#[derive(Clone, Debug)]
struct Mark {
    x: Px,
    anchor: &'static str,
    /// Empty where the label of a newer mark is too near.
    text: &'static str,
}

#[derive(Clone, Debug)]
struct Dot {
    x: Px,
    y: Px,
    counts: bool,
}

#[derive(Clone, Debug)]
struct Number {
    x: Px,
    y: Px,
    anchor: &'static str,
    text: String,
}

#[derive(Clone, Debug)]
struct Tick {
    x: Px,
    anchor: &'static str,
    text: String,
}

pub(crate) fn draw(mut data: ScoreData, reader: &Reader) -> Score {
    let numbered = data.steps.iter_mut().rev().filter(|step| step.number.is_some());
    let hidden = numbered.skip(STEPS).map(|step| step.number = None).count();
    let skipped = data.marks.len().saturating_sub(MARKS);
    data.marks.drain(..skipped);
    Plane::of(&data, hidden > 0, reader.now).draw(&data, reader)
}

/// Positions of moments and points.
struct Plane {
    time: TimeScale,
    now: Timestamp,
    first: Timestamp,
    low: f64,
    top: f64,
    curve: Curve,
    fit: f64,
}

impl Plane {
    fn of(data: &ScoreData, is_cut: bool, now: Timestamp) -> Self {
        let drawn = data.steps.iter().find(|step| step.number.is_some());
        let oldest = drawn.map_or(data.since, |step| step.at);
        let first = if is_cut { oldest } else { oldest.min(data.since) };
        let span = now.duration_since(first).max(SHORTEST);
        let from = now.saturating_sub(span + span / 50).unwrap_or(first);
        let until = later(now, span / 7);
        let time = TimeScale { from, until };
        let curve = Curve::new(&data.steps, data.half_life, (from, now, until));
        let (fit, threshold) = (data.fit as f64, data.threshold as f64);
        let values = || curve.points.iter().map(|&(_, value)| value);
        let peak = values().map(|value| value + fit.max(0.0)).fold(threshold.max(1.0), f64::max);
        let low = values().map(|value| value + fit).fold(fit.min(0.0), f64::min);
        Self { time, now, first, low, top: peak * 1.12, curve, fit }
    }

    fn x(&self, at: Timestamp) -> f64 {
        self.time.x(at)
    }

    fn y(&self, points: f64) -> f64 {
        TOP + HEIGHT * (1.0 - (points - self.low) / (self.top - self.low))
    }

    fn draw(&self, data: &ScoreData, reader: &Reader) -> Score {
        let dots = self.dots(data);
        Score {
            title: format!("The score of {} since {}", data.name, reader.day(self.first).words),
            description: description(data, &self.curve, reader),
            fit: (data.fit > 0).then(|| {
                let (ground, zero) = (self.y(self.fit), self.y(0.0));
                (Px(ground), Px(self.x(self.now)), Px(zero - ground))
            }),
            area: self.area(),
            past: self.path(|at| at <= self.now),
            ahead: self.path(|at| at >= self.now),
            grid: self.grid(data.threshold),
            threshold: self.line(data.threshold),
            is_left: self.gap(data, 0.0, 38.0) >= self.gap(data, 62.0, 100.0),
            marks: self.marks(data),
            now: Px(self.x(self.now)),
            numbers: numbers(&dots),
            dots: dots.into_iter().map(|(dot, _)| dot).collect(),
            ticks: self.ticks(reader),
        }
    }

    /// The points of the curve, on a plane that is a thousand wide.
    fn path(&self, is_in: impl Fn(Timestamp) -> bool) -> String {
        let points = self.curve.points.iter().filter(|(at, _)| is_in(*at));
        let text = points.map(|&(at, value)| {
            let y = self.y(value + self.fit) - TOP;
            format!("{:.1},{:.1}", 10.0 * self.x(at), y)
        });
        text.collect::<Vec<_>>().join("L")
    }

    fn area(&self) -> String {
        let ground = Px(self.y(self.fit) - TOP);
        let past = self.path(|at| at <= self.now);
        format!("0,{ground}L{past}L{},{ground}Z", Px(10.0 * self.x(self.now)))
    }

    fn line(&self, points: Points) -> GridLine {
        let y = self.y(points as f64);
        GridLine { y: Px(y), text_y: Px(y + 4.0), points }
    }

    /// At most four lines and the axis, none of them near the threshold.
    fn grid(&self, threshold: Points) -> Vec<GridLine> {
        let step = nice_step(self.top - self.low);
        let first = (self.low / step as f64).ceil() as Points;
        let lines = (first..).map(|n| n * step).take_while(|&points| (points as f64) < self.top);
        let clear = |points: &Points| 10 * (points - threshold).abs() > 3 * step;
        lines.filter(clear).map(|points| self.line(points)).collect()
    }

    /// The least distance of the curve from the threshold between two positions.
    fn gap(&self, data: &ScoreData, left: f64, right: f64) -> f64 {
        let within = |at: Timestamp| (left..=right).contains(&self.x(at));
        let points = self.curve.points.iter().filter(|(at, _)| within(*at));
        let gaps = points.map(|(_, value)| (value + self.fit - data.threshold as f64).abs());
        gaps.fold(f64::INFINITY, f64::min)
    }

    /// Newer labels win: an older one is left out where both would overlap.
    fn marks(&self, data: &ScoreData) -> Vec<Mark> {
        let mut free_until = f64::INFINITY;
        let mut marks = Vec::new();
        for &(at, text) in data.marks.iter().rev().filter(|(at, _)| self.x(*at) >= 0.0) {
            let x = self.x(at);
            let is_free = free_until - x > 16.0;
            if is_free {
                free_until = x;
            }
            let text = if is_free { text } else { "" };
            marks.push(Mark { x: Px(x), anchor: anchor(x), text });
        }
        marks.reverse();
        marks
    }

    fn dots(&self, data: &ScoreData) -> Vec<(Dot, usize)> {
        let dot = |step: &Step| {
            let number = step.number?;
            let y = self.y(self.curve.at(step.at) + self.fit);
            let dot = Dot { x: Px(self.x(step.at)), y: Px(y), counts: step.counted != 0.0 };
            Some((dot, number))
        };
        data.steps.iter().filter_map(dot).collect()
    }

    fn ticks(&self, reader: &Reader) -> Vec<Tick> {
        let span = self.now.duration_since(self.time.from);
        let days = [2, 7, 14, 28, 56, 112].into_iter();
        let days = days.clone().find(|days| span.as_hours() / 24 / days <= 5).unwrap_or(224);
        let moments = reader.midnights(self.time.from, self.now, days).into_iter();
        let clear = moments.filter(|&at| self.x(self.now) - self.x(at) > 8.0);
        let tick = |at| (at, reader.day_of_year(at));
        let all = clear.map(tick).chain([(self.now, "now".to_owned())]);
        let place = |(at, text)| {
            let x = self.x(at);
            Tick { x: Px(x), anchor: anchor(x), text }
        };
        all.map(place).collect()
    }
}

/// The chart in words, for people who do not see it.
fn description(data: &ScoreData, curve: &Curve, reader: &Reader) -> String {
    use std::fmt::Write;
    let days = human_time::span(data.half_life);
    let behaviour = curve.at(reader.now).round() as Points;
    let ScoreData { fit, threshold, .. } = data;
    let total = behaviour + fit;
    let mut text = format!(
        "Behaviour steps up with each activity and halves every {days} between them; fit \
         adds {fit}. Today: {behaviour} for behaviour and {fit} for fit, {total} in all. The \
         threshold is {threshold}."
    );
    for &(at, what) in &data.marks {
        let _infallible = write!(text, " {what} on {}.", reader.day(at).words);
    }
    text
}

/// Dots that are so near that their numbers would overlap share one: `3–5`.
fn numbers(dots: &[(Dot, usize)]) -> Vec<Number> {
    let mut groups: Vec<&[(Dot, usize)]> = Vec::new();
    let mut rest = dots;
    while let Some((first, _)) = rest.first() {
        let near = |(dot, _): &&(Dot, usize)| dot.x.0 - first.x.0 < 6.0;
        let (group, others) = rest.split_at(rest.iter().take_while(near).count().max(1));
        groups.push(group);
        rest = others;
    }
    groups.into_iter().filter_map(number).collect()
}

fn number(group: &[(Dot, usize)]) -> Option<Number> {
    let ((first, from), (last, to)) = (group.first()?, group.last()?);
    let x = f64::midpoint(first.x.0, last.x.0);
    let y = group.iter().map(|(dot, _)| dot.y.0).fold(f64::INFINITY, f64::min) - 8.0;
    let text = if from == to { from.to_string() } else { format!("{from}–{to}") };
    Some(Number { x: Px(x), y: Px(y), anchor: anchor(x), text })
}

/// A round number that goes into `points` at most four times.
fn nice_step(points: f64) -> Points {
    let round = |power: u32| [10, 20, 25, 50].map(|step: Points| step * Points::pow(10, power));
    let steps = (0..12).flat_map(round);
    steps.into_iter().find(|&step| points / step as f64 <= 4.2).unwrap_or(Points::MAX / 16)
}

#[cfg(test)]
#[path = "score/tests.rs"]
mod tests;
