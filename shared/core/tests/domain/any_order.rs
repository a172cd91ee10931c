//! Rule 2: one score, whenever activities are heard of and whatever was edited in between.

use baton_core::activity::Activity;
use baton_core::commands::{Actor, Qualify, Recount, Return};
use baton_core::id::RuleName;
use baton_core::ledger::{brought_up_to_date, replay};
use baton_core::policy::Policy;
use baton_core::policy::condition::{Condition, Field, Test};
use baton_fixtures::desk::{Desk, activity, click};
use baton_fixtures::sample;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::ledger::{at, days, desk, edited, worths};

/// Something a prospect did, and when we hear of it.
#[derive(Clone, Debug)]
struct Deed {
    kind: &'static str,
    /// When it was done, in quarters of an hour from the beginning.
    quarter: i64,
    link: Option<&'static str>,
    title: Option<&'static str>,
}

fn deed() -> impl Strategy<Value = Deed> {
    let kinds = vec![
        "form.submitted",
        "pricing.viewed",
        "pricing.viewed",
        "webinar.attended",
        "email.clicked",
        "email.clicked",
        "email.unsubscribed",
        "unheard.of",
    ];
    let link = prop::sample::select(&[None, Some("a"), Some("b")][..]);
    let title = prop::sample::select(&[None, None, None, Some("CTO"), Some("VP")][..]);
    // Half of them are close together: on one day, in one second.
    let quarter = prop_oneof![0..40_i64, 0..80_i64, 0..4 * 24 * 760_i64];
    (prop::sample::select(kinds), quarter, link, title)
        .prop_map(|(kind, quarter, link, title)| Deed { kind, quarter, link, title })
}

impl Deed {
    fn activity(&self, id: usize) -> Activity {
        let moment = moment(self.quarter);
        let told: Vec<_> = self.title.into_iter().map(|title| ("title", title)).collect();
        let id = id.to_string();
        match self.link.filter(|_| self.kind == "email.clicked") {
            Some(link) => Activity {
                profile: activity(&id, "x", moment, &told).profile,
                ..click(&id, moment, link)
            },
            None => activity(&id, self.kind, moment, &told),
        }
    }
}

/// When the score is looked at: the first activities are older than 24 months by then.
const END: i64 = 4 * 24 * 770;

fn moment(quarter: i64) -> Timestamp {
    at("2024-01-01T20:00:00Z") + SignedDuration::from_mins(15 * quarter)
}

/// Rules that score otherwise: another half-life, floor or time zone, other points and caps, and
/// points that only some people get.
fn policy(number: usize) -> Policy {
    let mut policy = sample::policy().clone();
    policy.scoring.threshold = 1_000_000;
    policy.fast_tracks.clear();
    let title = Condition::Field(Field::Profile("title".to_owned()), Test::Exists(true));
    match number {
        0 => {}
        1 => policy.scoring.half_life = days(20),
        2 => policy.scoring.floor = -60,
        3 => policy.activities = edited(&policy, |rule| rule.when = title.clone()),
        4 => policy.activities = edited(&policy, |rule| rule.at_most_per_day = Some(25)),
        5 => policy.scanners.types.clear(),
        _ => policy.time_zone = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
    }
    policy
}

/// What happens to a lead: what it did is heard of at some time, rules are edited, it is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Edit(usize),
    Return,
    Hear(usize),
}

/// The lead after all deeds are heard of, each so many quarters after it was done.
fn heard(deeds: &[Deed], delays: &[i64], lags: &[bool], plan: &Plan) -> Desk {
    let mut desk = desk("2024-01-01T19:00:00Z");
    let mut steps: Vec<(Timestamp, Step)> = deeds
        .iter()
        .enumerate()
        .map(|(n, deed)| (moment((deed.quarter + delays[n]).min(END)), Step::Hear(n)))
        .chain(plan.edits.iter().map(|(quarter, number)| (moment(*quarter), Step::Edit(*number))))
        .chain(
            plan.returned
                .map(|quarter| (moment(quarter) + SignedDuration::from_mins(7), Step::Return)),
        )
        .collect();
    steps.sort();
    for (when, step) in steps {
        desk.now = when;
        match step {
            Step::Edit(number) => desk.policy = policy(number),
            Step::Return if desk.lead.is_none() => {}
            Step::Return => {
                let _ = desk.order(Qualify { reason: None }, Actor::Crm);
                desk.order(Return { reason: "not_now".into() }, Actor::Crm).unwrap();
            }
            Step::Hear(n) => {
                let changed_at = desk.lead.as_ref().map(|lead| lead.changed_at);
                let is_behind = lags[n] && changed_at == Some(when);
                let newest = desk.index.pop().filter(|_| is_behind);
                if newest.is_none() {
                    desk.catch_up();
                }
                desk.record(deeds[n].activity(n));
                desk.catch_up();
            }
        }
    }
    desk.now = moment(END);
    desk.policy = policy(plan.last);
    if desk.lead().recount_at.is_some() {
        desk.order(Recount {}, Actor::Clock).unwrap();
    }
    desk
}

#[derive(Clone, Debug)]
struct Plan {
    edits: Vec<(i64, usize)>,
    returned: Option<i64>,
    last: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    let quarter = || prop_oneof![0..100_i64, 0..4 * 24 * 760_i64];
    let edits = prop::collection::vec((quarter(), 0..7_usize), 0..4);
    (edits, prop::option::of(quarter()), 0..7_usize).prop_map(|(edits, returned, last)| Plan {
        edits,
        returned,
        last,
    })
}

type Delays = Vec<i64>;

/// Deeds, and two ways of hearing of them: on time or late, and while the index is behind.
fn hearsay() -> impl Strategy<Value = (Vec<Deed>, [Delays; 2], Vec<bool>)> {
    prop::collection::vec(deed(), 1..40).prop_flat_map(|deeds| {
        let delay = || prop_oneof![Just(0), Just(0), 0..200_i64, 0..4 * 24 * 700_i64];
        let delays = |count| prop::collection::vec(delay(), count);
        let lags = prop::collection::vec(any::<bool>(), deeds.len());
        let delays = [delays(deeds.len()), delays(deeds.len())];
        (Just(deeds), delays, lags)
    })
}

proptest! {
    /// The definition is [`replay`]; what commands do on their quicker way is held against it.
    #[test]
    fn the_same_activities_give_the_same_score_whenever_they_are_heard_of_and_whatever_was_edited(
        (deeds, delays, lags) in hearsay(),
        plan in plan(),
    ) {
        // A lead that is not known yet can't be returned: the first deed is heard of on time.
        let first = deeds.iter().map(|deed| deed.quarter).min().unwrap_or(0);
        let plan = Plan { returned: plan.returned.map(|quarter| quarter.max(first)), ..plan };
        let outcomes = delays.map(|mut delays| {
            let earliest = deeds.iter().position(|deed| deed.quarter == first).unwrap();
            delays[earliest] = 0;
            let desk = heard(&deeds, &delays, &lags, &plan);
            let lead = desk.lead();
            let half_life = desk.policy.scoring.half_life;
            let counted = replay(lead, &desk.index, None, &desk.policy, desk.now);
            let shown = brought_up_to_date(lead.clone(), &desk.index, &desk.policy, desk.now);
            let behaviour = shown.behaviour.at(desk.now, half_life);
            let exact = counted.behaviour.at(desk.now, half_life);
            prop_assert!((behaviour - exact).abs() < 1e-6, "{behaviour}, not {exact}");
            let sum: f64 = worths(&desk)
                .into_iter()
                .zip(&desk.index)
                .filter(|(_, entry)| entry.era == lead.era)
                .map(|((_, worth), _)| worth)
                .sum();
            prop_assert!((sum - exact).abs() < 1e-6, "{sum} in the ledger, not {exact}");
            Ok((exact, counted.caps, counted.mark))
        });
        let [one, other] = outcomes;
        let (one, other) = (one?, other?);
        prop_assert!((one.0 - other.0).abs() < 1e-6, "{} and {}", one.0, other.0);
        prop_assert_eq!((one.1, one.2), (other.1, other.2));
    }
}

#[test]
fn the_rules_of_the_property_score_differently() {
    let prints: std::collections::BTreeSet<_> =
        (0..7).map(|n| policy(n).scoring_fingerprint()).collect();
    assert_eq!(prints.len(), 7);
    let name = RuleName::parse("other").unwrap();
    let mut other = policy(0);
    other.fit.retain(|rule| rule.name == name);
    other.scoring.threshold = 1;
    assert!(prints.contains(&other.scoring_fingerprint()), "what scores no activity is left out");
}
