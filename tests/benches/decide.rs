//! What a decision costs, and whether a longer policy costs more than its length.
//!
//! `decide(Record)` over a lead with a history, under policies of 10, 100 and 1000 rules in the
//! sample policy's own proportions. Reference: itself at another length.

#[path = "support/measure.rs"]
mod measure;

use std::fmt::Write;
use std::hint::black_box;

use baton_core::activity::{Activity, Fingerprint};
use baton_core::commands::{Actor, CommandRequest, Record};
use baton_core::correlation::Correlation;
use baton_core::decide::{Context, decide};
use baton_core::id::{ActivityType, Identity, SourceId, SourceName};
use baton_core::lead::Lead;
use baton_core::profile::{Said, Scalar};
use baton_core::{Decision, Policy, Roster};
use baton_documents::{policy, roster};
use divan::Bencher;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use measure::{median, say, timed, verdict};

/// One decision under 100 rules, in microseconds.
const DECISION_US: f64 = 3.0;
/// The cost of a rule among 1000, to its cost among 100.
const GROWTH: f64 = 1.3;

/// Decisions of each policy, taken in turn.
const DECISIONS: usize = 20_001;

fn main() {
    divan::main();
    let cases = [10, 100, 1000].map(Case::new);
    let mut rounds: [Vec<f64>; 3] = Default::default();
    for _ in 0..DECISIONS {
        for (case, figures) in cases.iter().zip(&mut rounds) {
            figures.push(case.microseconds());
        }
    }
    let [ten, hundred, thousand] = rounds.map(median);
    let few = (hundred - ten) / 90.0;
    let many = (thousand - hundred) / 900.0;
    say(&format!("decide(Record): {ten:.2} / {hundred:.2} / {thousand:.2} µs at 10 / 100 / 1000"));
    say(&format!(
        "a rule more costs {:.1} ns up to 100, {:.1} ns up to 1000",
        few * 1e3,
        many * 1e3
    ));
    verdict("decide(Record) with 100 rules", hundred, " µs", ..=DECISION_US);
    verdict("cost of a rule at 1000, to 100", many / few, "", ..=GROWTH);
}

#[divan::bench(args = [10, 100, 1000])]
fn record(bencher: Bencher<'_, '_>, rules: usize) {
    let case = Case::new(rules);
    bencher.with_inputs(|| case.lead.clone()).bench_values(|lead| case.decide(lead));
}

/// A lead with a history, the next activity, and the rules.
struct Case {
    policy: Policy,
    roster: Roster,
    lead: Lead,
    order: CommandRequest,
    now: Timestamp,
}

impl Case {
    fn new(rules: usize) -> Self {
        let policy =
            policy::parse(&policy_text(rules)).expect("the generated policy is valid").policy;
        assert_eq!(rule_count(&policy), rules);
        let roster = roster::parse(roster::SAMPLE).expect("a test reads the sample");
        let now = "2026-03-01T09:00:00Z".parse().expect("a time");
        let order = order(0, now);
        let mut case = Self { policy, roster, lead: Lead::new(who(), now), order, now };
        case.lead = case.with_history();
        case
    }

    fn with_history(&self) -> Lead {
        (1..=12).rev().fold(self.lead.clone(), |lead, day| {
            let at = self.now - SignedDuration::from_hours(24 * day);
            let world = Context { now: at, ..self.world() };
            decide(lead, &order(day, at), &world).expect("a fact is never refused").lead
        })
    }

    fn world(&self) -> Context<'_> {
        Context {
            policy: &self.policy,
            roster: &self.roster,
            editions: None,
            turn: None,
            now: self.now,
        }
    }

    fn decide(&self, lead: Lead) -> Decision {
        decide(lead, black_box(&self.order), &self.world()).expect("a fact is never refused")
    }

    /// One decision; making the lead's copy and dropping the decision are not part of it. One goes
    /// before it unmeasured: the other policies' decisions have taken the processor's caches.
    fn microseconds(&self) -> f64 {
        drop(self.decide(self.lead.clone()));
        let lead = self.lead.clone();
        let (decision, took) = timed(|| self.decide(lead));
        assert!(decision.history.is_none(), "nobody qualifies");
        took.as_secs_f64() * 1e6
    }
}

fn who() -> Identity {
    Identity::parse("email:kim@acme.example").expect("an address")
}

fn order(number: i64, at: Timestamp) -> CommandRequest {
    let source = SourceName::parse("website").expect("a name");
    let activity = Activity {
        source: source.clone(),
        id: SourceId::parse(&format!("visit-{number}")).expect("an id"),
        kind: ActivityType::parse("pricing.viewed").expect("a name"),
        occurred_at: at,
        who: who(),
        person_id: None,
        fingerprint: Fingerprint::of(&json!(null)),
        profile: profile(),
        data: json!({ "page": "/pricing", "plan": "team", "seconds": 74, "visit": number }),
    };
    CommandRequest::new(Record::new(activity), Actor::Source(source), Correlation::none())
}

fn profile() -> Said {
    let texts = [
        ("first_name", "Kim"),
        ("last_name", "Okafor"),
        ("title", "Senior Purchasing Manager, Industrial Equipment"),
        ("company", "Acme Industrial Holdings"),
        ("country", "CH"),
        ("city", "Winterthur"),
        ("phone", "+41 52 555 01 23"),
        ("industry", "Mechanical engineering"),
        ("language", "de"),
    ];
    let text = |(key, value): (&str, &str)| (key.to_owned(), Scalar::Text(value.to_owned()));
    let mut said: Said = texts.into_iter().map(text).collect();
    said.insert("employees".to_owned(), Scalar::Number(120.0));
    said
}

/// A policy of so many rules, in the proportions of the sample: of 15 rules 5 are about
/// activities, 4 about who the lead is, 2 fast tracks, 2 exclusions, 2 routes. The activity at
/// hand has a rule of its own in every 60. None of them qualifies the lead, and no exclusion
/// holds: each is asked to the end.
fn policy_text(rules: usize) -> String {
    let mut text = "version = \"bench\"\n[score]\nthreshold = 1000000\n".to_owned();
    for number in 0..rules {
        let kind = if number % 60 == 0 { "pricing.viewed" } else { &format!("kind.{number}") };
        let rule = match number % 15 {
            0 => activity_rule(number, kind, "at_most_per_day = 40"),
            1..5 => activity_rule(number, kind, "when = { 'data.page' = '/pricing' }"),
            5 => fit(number, r"{ title = { matches = '(?i)\b(director|vp|vice president)\b' } }"),
            6 => fit(number, "{ employees = { at_least = 200 } }"),
            7 => fit(number, "{ country = ['DE', 'FR', 'GB', 'ES', 'IT', 'NL', 'US', 'CA'] }"),
            8 => fit(number, "{ email_domain = ['gmail.com', 'gmx.de', 'web.de', 'yahoo.com'] }"),
            9 | 10 => format!("[[fast_track]]\ntype = '{kind}'"),
            11 => exclusion(number, "{ email_domain = 'competitor.example' }"),
            12 => exclusion(number, r"{ title = { matches = '(?i)\bstudent\b' } }"),
            _ => route(number, "{ country = ['DE', 'FR', 'GB'] }"),
        };
        writeln!(text, "{rule}").expect("memory");
    }
    text
}

fn activity_rule(number: usize, kind: &str, more: &str) -> String {
    format!("[[activity]]\ntype = '{kind}'\nname = 'a{number}'\npoints = 20\n{more}")
}

fn fit(number: usize, when: &str) -> String {
    format!("[[fit]]\nname = 'f{number}'\npoints = 1\nwhen = {when}")
}

fn exclusion(number: usize, when: &str) -> String {
    format!("[[exclusion]]\nname = 'x{number}'\nwhen = {when}")
}

fn route(number: usize, when: &str) -> String {
    format!("[[route]]\nname = 'r{number}'\nqueue = 'emea'\nwhen = {when}")
}

fn rule_count(policy: &Policy) -> usize {
    policy.activities.iter().count()
        + policy.fit.len()
        + policy.fast_tracks.len()
        + policy.exclusions.len()
        + policy.routes.len()
}
