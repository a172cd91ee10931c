//! The page of the rules.

use askama::Template;
use baton_core::lead::Status;
use baton_core::roster::Roster;
use baton_engine::Rules;
use baton_http::{Answer, Problem};
use baton_wording::human_time;

use super::WINDOWS;
use super::view::{PolicyView, RuleKind, RuleRow};
use crate::frame::Frame;
use crate::page::render;
use crate::reader::Reader;

#[derive(Template)]
#[template(path = "policy.html")]
struct PolicyPage<'a> {
    frame: Frame,
    reader: &'a Reader,
    view: &'a PolicyView,
    days: u16,
    half_life: String,
    queues: Vec<Queue>,
    clocks: Vec<(&'static str, String)>,
    reasons: Vec<(&'a str, &'static str)>,
}

/// A queue, its people, and the leads that go there.
struct Queue {
    name: String,
    whose: String,
    people: String,
}

pub(super) fn page(
    frame: Frame,
    reader: &Reader,
    view: &PolicyView,
    rules: &Rules,
    days: u16,
) -> Result<Answer, Problem> {
    let reasons = rules.policy.reject_reasons.values();
    let page = PolicyPage {
        frame,
        reader,
        view,
        days,
        half_life: human_time::span(rules.policy.scoring.half_life),
        queues: queues(rules),
        clocks: clocks(rules),
        reasons: reasons.map(|reason| (reason.label.as_str(), leads_to(reason.leads_to))).collect(),
    };
    render(200, &page)
}

impl PolicyPage<'_> {
    /// The length of a rule's bar, relative to the longest of its kind.
    fn share(&self, row: &RuleRow) -> String {
        let most = self.view.of_kind(row.kind).iter().map(|row| row.times.fired).max();
        let share = row.times.fired as f64 / most.unwrap_or(0).max(1) as f64;
        format!("{:.1}%", share * 100.0)
    }

    fn count(&self, n: u64) -> String {
        self.reader.count(i64::try_from(n).unwrap_or(i64::MAX))
    }

    fn points(&self, row: &RuleRow) -> String {
        let points = row.points.unwrap_or_default();
        let sign = if points > 0 { "+" } else { "" };
        format!("{sign}{}", self.reader.count(points))
    }
}

fn queues(rules: &Rules) -> Vec<Queue> {
    let (policy, roster) = (&rules.policy, &rules.roster);
    let mut queues = Vec::new();
    for route in &policy.routes {
        let whose = match route.when.in_words() {
            words if words.is_empty() => "Everybody".to_owned(),
            words => format!("If {words}"),
        };
        let people = people(&route.queue, roster);
        queues.push(Queue { name: route.queue.to_string(), whose, people });
    }
    let whose = "Everybody else, and whoever nobody else can take".to_owned();
    let fallback = &roster.fallback;
    queues.push(Queue { name: fallback.to_string(), whose, people: people(fallback, roster) });
    queues
}

fn people(queue: &baton_core::id::QueueName, roster: &Roster) -> String {
    let members = roster.queues.get(queue).into_iter().flat_map(|queue| &queue.members);
    let told = members.filter_map(|member| {
        let name = &roster.person(&member.person)?.name;
        Some(if member.weight == 1 { name.clone() } else { format!("{name} ({})", member.weight) })
    });
    told.collect::<Vec<_>>().join(", ")
}

fn clocks(rules: &Rules) -> Vec<(&'static str, String)> {
    let clocks = &rules.policy.clocks;
    let extensions = match clocks.extensions_at_most {
        0 => "not possible".to_owned(),
        most => format!("{}, at most {most} times", human_time::span(clocks.extend_by)),
    };
    vec![
        ("A new lead is to be accepted within", human_time::span(clocks.accept_within)),
        (
            "Not accepted: owner and supervisor are alerted, and again every",
            human_time::span(clocks.escalate_every),
        ),
        ("An accepted lead is to be converted within", human_time::span(clocks.convert_within)),
        ("After the warning, marketing takes it back in", human_time::span(clocks.take_back_after)),
        ("An extension adds", extensions),
        ("Nobody available: tried again every", human_time::span(clocks.route_retry_every)),
        (
            "… and the fallback’s supervisors are told every",
            human_time::span(clocks.unrouted_remind_every),
        ),
    ]
}

fn leads_to(status: Status) -> &'static str {
    if status == Status::Disqualified { "ruled out" } else { "back to marketing" }
}
