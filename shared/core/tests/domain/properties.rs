//! What holds whatever happens: any orders, any deliveries, in any order.

use baton_core::activity::{Activity, Entry};
use baton_core::commands::{
    Accept, Actor, Assign, Command, CommandKind, Convert, Disqualify, Extend, Lapse, Qualify,
    Reason, Reassign, Recipient, Reject, Reopen, Report, Return, WarningSent,
};
use baton_core::decision::Decision;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::message::{Alert, AlertKind, Message};
use baton_core::policy::{ActivityRule, ActivityRules, CrmWord};
use baton_fixtures::desk::{Desk, activity, click, person};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

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
    Order(Command, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..40 * 24i64).prop_map(Step::Pass),
        (0..20usize, 0..KINDS.len(), 0..60 * 24i64).prop_map(|(id, k, ago)| Step::Does(id, k, ago)),
        (any_command(), 0..6usize).prop_map(|(command, by)| Step::Order(command, by)),
    ]
}

/// Commands of that kind; none where the steps have an activity instead.
fn commands(kind: CommandKind) -> Vec<Command> {
    let reason = Reason::from("not_now");
    let one: Command = match kind {
        CommandKind::Record => return Vec::new(),
        CommandKind::Assign => Assign {}.into(),
        CommandKind::Lapse => Lapse {}.into(),
        CommandKind::WarningSent => WarningSent {}.into(),
        CommandKind::Accept => Accept {}.into(),
        CommandKind::Reject => Reject { reason }.into(),
        CommandKind::Convert => Convert {}.into(),
        CommandKind::Extend => Extend { reason, id: None }.into(),
        CommandKind::Return => Return { reason }.into(),
        CommandKind::Disqualify => Disqualify { reason }.into(),
        CommandKind::Reassign => {
            return to().map(|to| Reassign { to, reason: None }.into()).into();
        }
        CommandKind::Qualify => {
            let to = to().map(Some).into_iter().chain([None]);
            return to.map(|to| Qualify { reason: None, to }.into()).collect();
        }
        CommandKind::Reopen => Reopen { reason }.into(),
        CommandKind::Report => return reports(),
    };
    vec![one]
}

fn to() -> [Recipient; 3] {
    ["ben", "queue:apac", "queue:emea"].map(|to| Recipient::try_from(to.to_owned()).unwrap())
}

/// What the CRM may report, of whatever trip, with and without an owner.
fn reports() -> Vec<Command> {
    let mut reports = Vec::new();
    for word in CrmWord::ALL {
        for owner in [None, Some(person("ana"))] {
            for cycle in [None, Some(1), Some(2)] {
                let reason = "reported by the CRM".into();
                let owner = owner.clone();
                reports.push(Report { word, cycle, at: None, owner, reason }.into());
            }
        }
    }
    reports
}

/// Any command but the recording of an activity.
fn any_command() -> impl Strategy<Value = Command> {
    let commands = CommandKind::ALL.iter().flat_map(|kind| commands(*kind));
    prop::sample::select(commands.collect::<Vec<_>>())
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
                Step::Pass(hours) => desk.now += SignedDuration::from_hours(hours),
                Step::Does(id, kind, ago) => {
                    let at = desk.now - SignedDuration::from_hours(ago);
                    desk.record(activity(&id.to_string(), KINDS[kind], at, &[]));
                }
                Step::Order(command, by) => drop(desk.order(command, actor(by))),
            }
            let lead = desk.lead();
            prop_assert_eq!(lead.deadline().is_some(), lead.status().is_in_sales());
            prop_assert!(lead.behaviour.value >= -1e-6, "the floor is 0");
        }
    }

    /// What is sent at once needs no second look; and no lead waits for a warning that a late
    /// delivery would take for untrue.
    #[test]
    fn an_alert_is_true_when_it_is_decided_and_a_warning_until_it_has_left(
        orders in prop::collection::vec((any_command(), 0..6usize, 0..40 * 24i64), 1..60),
    ) {
        let mut desk = Desk::new();
        desk.does("event.booth_visited", &[("country", "DE")]);
        for (command, by, hours) in orders {
            desk.now += SignedDuration::from_hours(hours);
            if desk.order(command, actor(by)).is_err() {
                continue;
            }
            let is_true = |alert: &Alert| alert.still_true_of(desk.lead(), desk.now).is_some();
            prop_assert!(alerts(desk.decided.last()).all(is_true), "{:?}", desk.decided.last());
            let lead = desk.lead();
            if desk.clock().is_some_and(|(clock, _)| clock == DeadlineKind::TakeBack)
                && lead.marks().warned_at.is_none()
            {
                let warns = |a: &&Alert| a.kind == AlertKind::TakeBackWarned && lead.is_owned_by(&a.to);
                let newest = alerts(&desk.decided).filter(warns).last();
                prop_assert!(newest.is_some_and(is_true), "{newest:?}");
            }
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
                let at = end - SignedDuration::from_hours(*hours_ago);
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
            desk.now += SignedDuration::from_hours(hours % 50);
            let at = desk.now - SignedDuration::from_hours(hours);
            desk.record(activity(&n.to_string(), KINDS[kind], at, &[]));
        }
        let half_life = desk.policy.scoring.half_life;
        let worth = |entry: &Entry| {
            let age = desk.now.duration_since(entry.occurred_at);
            entry.counted * baton_core::score::decay(age, half_life)
        };
        let sum: f64 = desk.decided.iter().filter_map(|d| d.entry.as_ref()).map(worth).sum();
        prop_assert!((sum - desk.lead().behaviour.at(desk.now, half_life)).abs() < 1e-6);
    }

    #[test]
    fn a_scan_leaves_the_same_score_in_whatever_order_its_clicks_arrive(
        (sent, shuffled) in repeated(prop::collection::vec(deed(), 1..12)),
        cap in prop::option::of(3..20i64),
    ) {
        let expected = worth_without_scans(&sent, cap);
        for deliveries in [sent, shuffled] {
            let mut desk = Desk::new();
            desk.policy.scoring.threshold = 1_000_000;
            desk.policy.activities = clicks_capped_at(cap);
            let end = desk.now;
            for (id, deed) in deliveries {
                desk.record(deed.activity(id, end));
            }
            let behaviour = desk.lead().behaviour.at(end, desk.policy.scoring.half_life);
            prop_assert!((behaviour - expected).abs() < 0.01, "{behaviour}, not {expected}");
        }
    }

    #[test]
    fn the_ledger_of_a_scanned_lead_adds_up_to_the_score_in_every_era(
        steps in prop::collection::vec((0..8usize, deed()), 1..60),
    ) {
        let mut desk = Desk::new();
        desk.does("form.submitted", &[]);
        for (n, (what, deed)) in steps.into_iter().enumerate() {
            let at = desk.now;
            match what {
                0 => drop(desk.order(Qualify { reason: None, to: None }, Actor::Crm)),
                1 => drop(desk.order(Return { reason: "not_now".into() }, Actor::Crm)),
                2 => desk.now += SignedDuration::from_secs(2),
                3 => desk.record(activity(&n.to_string(), "email.unsubscribed", at, &[])),
                _ => desk.record(deed.activity(n, at)),
            }
        }
        let half_life = desk.policy.scoring.half_life;
        let worth = |entry: &Entry| {
            let age = desk.now.duration_since(entry.occurred_at);
            entry.counted * baton_core::score::decay(age, half_life)
        };
        let entries = desk.decided.iter().filter_map(|d| d.entry.as_ref());
        let sum: f64 = entries.filter(|entry| entry.era == desk.lead().era).map(worth).sum();
        prop_assert!((sum - desk.lead().behaviour.at(desk.now, half_life)).abs() < 1e-6);
    }

    #[test]
    fn a_lead_that_left_sales_runs_against_no_clock(command in any_command(), by in 0..6usize) {
        let mut desk = Desk::accepted();
        desk.order(Convert {}, Actor::Crm).unwrap();
        let reopens = command.kind() == CommandKind::Reopen;
        let done = desk.order(command, actor(by)).is_ok();
        let left = if reopens && done { Status::Returned } else { Status::Converted };
        prop_assert_eq!(desk.lead().status(), left);
        prop_assert_eq!(desk.clock(), None);
    }
}

/// The alerts of some decisions.
fn alerts<'d>(decided: impl IntoIterator<Item = &'d Decision>) -> impl Iterator<Item = &'d Alert> {
    let messages = decided.into_iter().flat_map(|decision| &decision.messages);
    messages.filter_map(|message| match message {
        Message::Alert(alert) => Some(&**alert),
        Message::Event(_) | Message::Erased(_) => None,
    })
}

type Numbered<T> = Vec<(usize, T)>;
type Delivery = (usize, usize, i64);

/// Distinct activities worth points, and the same ones repeated and shuffled.
fn deliveries() -> impl Strategy<Value = (Vec<Delivery>, Vec<Delivery>)> {
    let sent = repeated(prop::collection::vec((0..2usize, 0..2000i64), 1..12));
    let flat = |sent: Vec<_>| sent.into_iter().map(|(n, (kind, ago))| (n, kind, ago)).collect();
    sent.prop_map(move |(sent, shuffled)| (flat(sent), flat(shuffled)))
}

/// Numbers what is sent; beside it the same repeated and shuffled.
fn repeated<T: Clone + std::fmt::Debug>(
    sent: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Numbered<T>, Numbered<T>)> {
    sent.prop_flat_map(|sent| {
        let sent: Vec<_> = sent.into_iter().enumerate().collect();
        let repeated: Vec<_> = sent.iter().chain(&sent).chain(&sent).cloned().collect();
        (Just(sent), Just(repeated).prop_shuffle())
    })
}

/// Something done within a few seconds: a click, or something else.
#[derive(Clone, Debug)]
struct Deed {
    ms_ago: i64,
    /// The link clicked, if it is a click that names one.
    link: Option<&'static str>,
    /// Whether the mail had only just been sent.
    too_soon: bool,
    is_form: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    let link = prop::sample::select(&[None, Some("a"), Some("b"), Some("c")][..]);
    let (rarely, seldom) = (prop::bool::weighted(0.1), prop::bool::weighted(0.2));
    (0..4000i64, link, rarely, seldom).prop_map(|(ms_ago, link, too_soon, is_form)| Deed {
        ms_ago,
        link,
        too_soon,
        is_form,
    })
}

impl Deed {
    fn activity(&self, id: usize, end: Timestamp) -> Activity {
        let (id, at) = (id.to_string(), end - SignedDuration::from_millis(self.ms_ago));
        if self.is_form {
            return activity(&id, "form.submitted", at, &[]);
        }
        let mut click = click(&id, at, self.link.unwrap_or_default());
        if self.link.is_none() {
            click.data = json!({});
        }
        if self.too_soon {
            click.data["sent_at"] = (at - SignedDuration::from_secs(2)).to_string().into();
        }
        click
    }

    /// Whether the other is a click on another link in the same second. The end, from which both
    /// count back, is a whole second.
    fn is_scanned_with(&self, other: &Self) -> bool {
        let second = |deed: &Self| (deed.ms_ago + 999) / 1000;
        let links = self.link.zip(other.link);
        !other.is_form && second(self) == second(other) && links.is_some_and(|(a, b)| a != b)
    }
}

/// What the rules say, worked out from all deeds at once.
fn worth_without_scans(sent: &[(usize, Deed)], cap: Option<i64>) -> f64 {
    let is_person =
        |deed: &&Deed| !deed.too_soon && !sent.iter().any(|(_, other)| deed.is_scanned_with(other));
    let forms = sent.iter().filter(|(_, deed)| deed.is_form).count();
    let clicks = sent.iter().map(|(_, deed)| deed).filter(|deed| !deed.is_form);
    let clicks = 5 * i64::try_from(clicks.filter(is_person).count()).unwrap();
    30.0 * forms as f64 + cap.map_or(clicks, |cap| clicks.min(cap)) as f64
}

fn clicks_capped_at(cap: Option<i64>) -> ActivityRules {
    let sample = Desk::new().policy.activities;
    let capped = |rule: &ActivityRule| match rule.kind.as_str() {
        "email.clicked" => ActivityRule { at_most_per_day: cap, ..rule.clone() },
        _ => rule.clone(),
    };
    ActivityRules::new(sample.iter().map(capped).collect())
}
