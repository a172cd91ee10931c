//! What holds whatever happens: any orders, any deliveries, in any order.

use proptest::prelude::*;

use super::testing::{Desk, activity, person};
use crate::command::{Actor, Command};
use crate::lead::Status;

const KINDS: [&str; 7] = [
    "form.submitted",
    "webinar.attended",
    "pricing.viewed",
    "email.clicked",
    "email.unsubscribed",
    "event.booth_visited",
    "unheard.of",
];

#[derive(Clone, Debug)]
enum Step {
    Pass(i64),
    Does(usize, usize, i64),
    Order(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..40 * 24i64).prop_map(Step::Pass),
        (0..20usize, 0..KINDS.len(), 0..60 * 24i64).prop_map(|(id, k, ago)| Step::Does(id, k, ago)),
        (0..11usize, 0..6usize).prop_map(|(command, by)| Step::Order(command, by)),
    ]
}

fn command(index: usize) -> Command {
    let reason = "not_now".to_owned();
    match index {
        0 => Command::Assign,
        1 => Command::Lapse,
        2 => Command::WarningSent,
        3 => Command::Accept,
        4 => Command::Reject { reason },
        5 => Command::Convert,
        6 => Command::Extend { reason },
        7 => Command::Return { reason },
        8 => Command::Disqualify { reason },
        9 => Command::Reassign { to: person("ben"), reason: None },
        _ => Command::Qualify { reason: None },
    }
}

fn actor(index: usize) -> Actor {
    match index {
        0 => Actor::Crm,
        1 => Actor::Clock,
        2 => Actor::Person(person("ana")),
        3 => Actor::Person(person("sven")),
        4 => Actor::Person(person("mia")),
        _ => Actor::Person(person("diego")),
    }
}

proptest! {
    /// Rule 11 among them: `Desk::give` checks every invariant after every decision.
    #[test]
    fn rule_11_every_reachable_lead_has_exactly_the_deadline_it_should(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut desk = Desk::new();
        desk.does("form.submitted", &[("country", "DE")]);
        for step in steps {
            match step {
                Step::Pass(hours) => desk.now += jiff::SignedDuration::from_hours(hours),
                Step::Does(id, kind, ago) => {
                    let at = desk.now - jiff::SignedDuration::from_hours(ago);
                    desk.record(activity(&id.to_string(), KINDS[kind], at, &[]));
                }
                Step::Order(which, by) => drop(desk.order(command(which), actor(by))),
            }
            let lead = desk.lead();
            prop_assert_eq!(lead.deadline.is_some(), lead.status.is_in_sales());
            prop_assert!(lead.behaviour.value >= -1e-6, "the floor is 0");
        }
    }

    #[test]
    fn any_order_of_deliveries_with_duplicates_counts_each_activity_once(
        (sent, shuffled) in deliveries(),
    ) {
        let score = |deliveries: &[(usize, usize, i64)]| {
            let mut desk = Desk::new();
            desk.policy.scoring.threshold = 1_000_000;
            let end = desk.now;
            for (id, kind, hours_ago) in deliveries {
                let at = end - jiff::SignedDuration::from_hours(*hours_ago);
                desk.record(activity(&id.to_string(), KINDS[*kind], at, &[]));
            }
            let counted: Vec<_> = desk.decided.iter().filter_map(|d| d.entry.as_ref()).collect();
            assert_eq!(counted.len(), sent.len());
            let half_life = desk.policy.scoring.half_life;
            desk.lead().behaviour.at(end, half_life)
        };
        // Points are given, none taken away, and no cap is reached: see KINDS.
        prop_assert!((score(&sent) - score(&shuffled)).abs() < 1e-6);
    }

    #[test]
    fn the_ledger_adds_up_to_the_score(steps in prop::collection::vec((0..7usize, 0..2000i64), 1..40)) {
        let mut desk = Desk::new();
        desk.policy.scoring.threshold = 1_000_000;
        desk.policy.fast_tracks.clear();
        for (n, (kind, hours)) in steps.into_iter().enumerate() {
            desk.now += jiff::SignedDuration::from_hours(hours % 50);
            let at = desk.now - jiff::SignedDuration::from_hours(hours);
            desk.record(activity(&n.to_string(), KINDS[kind], at, &[]));
        }
        let half_life = desk.policy.scoring.half_life;
        let worth = |entry: &crate::activity::Entry| {
            let age = desk.now.duration_since(entry.occurred_at);
            entry.counted * crate::points::decay(age, half_life)
        };
        let sum: f64 = desk.decided.iter().filter_map(|d| d.entry.as_ref()).map(worth).sum();
        prop_assert!((sum - desk.lead().behaviour.at(desk.now, half_life)).abs() < 1e-6);
    }

    #[test]
    fn a_lead_that_left_sales_runs_against_no_clock(command_index in 0..11usize, by in 0..6usize) {
        let mut desk = Desk::accepted();
        desk.order(Command::Convert, Actor::Crm).unwrap();
        let _ = desk.order(command(command_index), actor(by));
        prop_assert_eq!(desk.lead().status, Status::Converted);
        prop_assert_eq!(desk.clock(), None);
    }
}

type Delivery = (usize, usize, i64);

/// Distinct activities worth points, and the same ones repeated and shuffled.
fn deliveries() -> impl Strategy<Value = (Vec<Delivery>, Vec<Delivery>)> {
    let one = (0..2usize, 0..2000i64);
    prop::collection::vec(one, 1..12).prop_flat_map(|sent| {
        let sent: Vec<_> = sent.into_iter().enumerate().map(|(n, (k, ago))| (n, k, ago)).collect();
        let repeated: Vec<_> = sent.iter().chain(&sent).chain(&sent).copied().collect();
        (Just(sent), Just(repeated).prop_shuffle())
    })
}
