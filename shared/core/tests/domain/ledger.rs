//! Rule 2: the score is the ledger counted by the rules in force, whenever we heard of what is in it.

use baton_core::activity::Entry;
use baton_core::commands::{Actor, Qualify, Recount, Return};
use baton_core::lead::Status;
use baton_core::ledger::{as_counted, brought_up_to_date};
use baton_core::policy::condition::{Condition, Field, Test};
use baton_core::policy::{ActivityRule, ActivityRules, Policy};
use baton_core::profile::Scalar;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, activity, click};
use jiff::{SignedDuration, Timestamp};

pub(super) fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

pub(super) fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A desk at that moment, where nobody qualifies.
pub(super) fn desk(now: &str) -> Desk {
    let mut desk = Desk::new();
    desk.now = at(now);
    desk.policy.scoring.threshold = 1_000_000;
    desk.policy.fast_tracks.clear();
    desk
}

/// All orders of some things.
fn orders<T: Clone>(all: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = all.split_first() else { return vec![Vec::new()] };
    let put = |order: Vec<T>| {
        (0..=order.len()).map(move |place| {
            let mut order = order.clone();
            order.insert(place, first.clone());
            order
        })
    };
    orders(rest).into_iter().flat_map(put).collect()
}

/// What each activity is worth at the end, by its id.
pub(super) fn worths(desk: &Desk) -> Vec<(String, f64)> {
    let half_life = desk.policy.scoring.half_life;
    let worth = |entry: &Entry| {
        let age = desk.now.duration_since(entry.occurred_at);
        entry.counted * baton_core::score::decay(age, half_life)
    };
    let entries = as_counted(desk.lead(), desk.index.clone(), &desk.policy, desk.now);
    entries.iter().map(|entry| (entry.id.as_str().to_owned(), worth(entry))).collect()
}

#[test]
fn a_form_an_unsubscription_and_a_webinar_give_38_in_every_order_of_arrival() {
    let deeds = [
        ("form", "form.submitted", "2026-03-03T09:00:00Z"),
        ("bye", "email.unsubscribed", "2026-03-04T09:00:00Z"),
        ("webinar", "webinar.attended", "2026-03-05T09:00:00Z"),
    ];
    for order in orders(&deeds) {
        let mut desk = desk("2026-03-12T09:00:00Z");
        for (id, kind, moment) in &order {
            desk.record(activity(id, kind, at(moment), &[]));
        }
        assert_eq!(desk.score().behaviour, 38, "{order:?}");
        let sum: f64 = worths(&desk).iter().map(|(_, worth)| worth).sum();
        assert_eq!(sum.round() as i64, 38, "{order:?}");
    }
}

#[test]
fn seventy_days_of_price_views_heard_of_newest_first_keep_to_the_cap_of_each_day() {
    let end = at("2026-03-12T12:00:00Z");
    let view = |day: i64, n: i64| {
        let moment = end - days(day) + SignedDuration::from_mins(n);
        activity(&format!("{day}-{n}"), "pricing.viewed", moment, &[])
    };
    let behaviour = |newest_first: bool| {
        let mut desk = desk("2026-03-12T13:00:00Z");
        let mut views: Vec<_> = (0..70).flat_map(|day| (0..5).map(move |n| (day, n))).collect();
        views.sort_by_key(|(day, n)| if newest_first { (*day, -n) } else { (-day, *n) });
        views.iter().for_each(|(day, n)| desk.record(view(*day, *n)));
        for day in 0..70 {
            let of_day =
                worths(&desk).into_iter().filter(|(id, _)| id.starts_with(&format!("{day}-")));
            let worth: f64 = of_day.map(|(_, worth)| worth).sum();
            let most = 40.0 * baton_core::score::decay(days(day), desk.policy.scoring.half_life);
            assert!(worth <= most + 1e-6, "{worth} on a day {day} days ago");
        }
        desk.lead().behaviour.at(desk.now, desk.policy.scoring.half_life)
    };
    assert!((behaviour(true) - behaviour(false)).abs() < 1e-6);
}

#[test]
fn a_half_life_that_was_edited_holds_for_what_was_done_before() {
    let mut desk = desk("2026-03-01T09:00:00Z");
    desk.does("webinar.attended", &[]);
    desk.pass("30d");
    desk.does("form.submitted", &[]);
    desk.policy.scoring.half_life = days(30);
    let half = |desk: &Desk| {
        let lead = desk.lead().clone();
        brought_up_to_date(lead, &desk.index, &desk.policy, desk.now)
    };
    let shown = half(&desk).score(desk.now, desk.policy.scoring.half_life);
    assert_eq!(shown.behaviour, 50, "20 of the webinar and 30 of the form");
    desk.does("unheard.of", &[]);
    assert_eq!((desk.score().behaviour, desk.reads), (50, 1));
    desk.does("unheard.of", &[]);
    assert_eq!((desk.score().behaviour, desk.reads), (50, 1), "only the first reads");
    let sum: f64 = worths(&desk).iter().map(|(_, worth)| worth).sum();
    assert!((sum - 50.0).abs() < 1e-6);
}

#[test]
fn points_and_caps_that_were_edited_hold_for_what_was_done_before() {
    let mut desk = desk("2026-03-01T09:00:00Z");
    for _ in 0..5 {
        desk.does("pricing.viewed", &[]);
    }
    assert_eq!(desk.score().behaviour, 40);
    desk.policy.activities = edited(&desk.policy, |rule| rule.at_most_per_day = Some(60));
    desk.does("unheard.of", &[]);
    assert_eq!(desk.score().behaviour, 60);
    desk.policy.activities = edited(&desk.policy, |rule| rule.points = 1);
    desk.does("unheard.of", &[]);
    assert_eq!(desk.score().behaviour, 5);
}

/// The rules, with that of the prices edited.
pub(super) fn edited(policy: &Policy, edit: impl Fn(&mut ActivityRule)) -> ActivityRules {
    let mut rules: Vec<_> = policy.activities.iter().cloned().collect();
    rules.iter_mut().filter(|rule| rule.kind.as_str() == "pricing.viewed").for_each(edit);
    ActivityRules::new(rules)
}

#[test]
fn what_happened_before_the_return_counts_nothing_whenever_we_hear_of_it() {
    let before = |desk: &Desk| activity("late", "webinar.attended", desk.now - days(1), &[]);
    for hears_in_time in [true, false] {
        let mut desk = desk("2026-03-10T09:00:00Z");
        desk.does("form.submitted", &[]);
        let late = before(&desk);
        if hears_in_time {
            desk.record(late.clone());
        }
        desk.order(Qualify { reason: None }, Actor::Crm).unwrap();
        desk.order(Return { reason: "not_now".into() }, Actor::Crm).unwrap();
        desk.pass("1h");
        desk.does("form.submitted", &[]);
        desk.record(late);
        assert_eq!(desk.score().behaviour, 30, "{hears_in_time}");
    }
}

#[test]
fn an_activity_of_more_than_24_months_ago_counts_nothing() {
    let mut desk = desk("2024-03-02T09:00:00Z");
    desk.policy.scoring.half_life = days(3650);
    desk.does("webinar.attended", &[]);
    desk.pass("700d");
    desk.does("form.submitted", &[]);
    assert_eq!(desk.score().behaviour, 35 + 30);
    desk.pass("32d");
    let lead = brought_up_to_date(desk.lead().clone(), &desk.index, &desk.policy, desk.now);
    assert_eq!(lead.score(desk.now, desk.policy.scoring.half_life).behaviour, 30);
    desk.index.remove(0);
    desk.does("form.submitted", &[]);
    assert_eq!(desk.score().behaviour, 60, "the table may have forgotten it by then");
}

#[test]
fn each_activity_counts_with_what_was_known_of_the_person_by_then() {
    let germans_only = |desk: &mut Desk| {
        let country = Field::Profile("country".to_owned());
        let german = Condition::Field(country, Test::OneOf(vec![Scalar::Text("DE".to_owned())]));
        desk.policy.activities = edited(&desk.policy, |rule| rule.when = german.clone());
    };
    let deeds = [
        ("told", "form.submitted", 2),
        ("saw", "pricing.viewed", 1),
        ("early", "pricing.viewed", 3),
    ];
    for order in orders(&deeds) {
        let mut desk = desk("2026-03-10T09:00:00Z");
        germans_only(&mut desk);
        for (id, kind, ago) in &order {
            let told: &[_] = if *id == "told" { &[("country", "DE")] } else { &[] };
            desk.record(activity(id, kind, desk.now - days(*ago), told));
        }
        assert_eq!(desk.score().behaviour, 49, "the form, and one look at the prices: {order:?}");
    }
}

/// A lead at 120 points by rules that ask for more; then rules by which that is enough.
fn past_the_threshold() -> Desk {
    let mut desk = Desk::new();
    desk.policy.scoring.threshold = 200;
    for _ in 0..3 {
        desk.does("webinar.attended", &[]);
    }
    desk.policy.scoring.threshold = 100;
    desk
}

#[test]
fn a_publication_qualifies_nobody_nor_does_an_activity_worth_nothing_after_it() {
    let mut desk = past_the_threshold();
    desk.does("page.viewed", &[]);
    desk.does("page.viewed", &[("favourite_colour", "blue")]);
    desk.does("email.unsubscribed", &[]);
    assert_eq!(desk.lead().status(), Status::Nurturing);

    let mut desk = past_the_threshold();
    desk.does("form.submitted", &[]);
    assert_eq!(desk.lead().status(), Status::Mql, "what raises the score does");

    let mut desk = past_the_threshold();
    desk.does("page.viewed", &[("title", "VP Sales")]);
    assert_eq!(desk.lead().status(), Status::Mql, "so does who the lead turns out to be");

    let mut desk = Desk::new();
    desk.policy.scoring.threshold = 100;
    for _ in 0..2 {
        desk.does("webinar.attended", &[]);
    }
    desk.pass("90d");
    desk.policy.scoring.half_life = days(3650);
    desk.does("webinar.attended", &[]);
    assert_eq!(desk.lead().status(), Status::Mql, "40 + 40 worth more by other rules, and 40");
}

#[test]
fn what_takes_points_away_qualifies_nobody_whatever_it_tells() {
    let mut desk = past_the_threshold();
    desk.policy.activities = edited(&desk.policy, |rule| rule.points = -10);
    desk.does("pricing.viewed", &[("title", "VP Sales")]);
    assert_eq!((desk.score().total, desk.lead().status()), (130, Status::Nurturing));
}

#[test]
fn on_time_activities_read_no_ledger_nor_do_late_gains_that_nothing_stopped() {
    let mut desk = desk("2026-03-01T09:00:00Z");
    for kind in ["form.submitted", "pricing.viewed", "webinar.attended", "email.unsubscribed"] {
        desk.pass("1h");
        desk.does(kind, &[("title", "CTO")]);
        desk.record(click(kind, desk.now + SignedDuration::from_secs(1), "a"));
    }
    desk.pass("1d");
    desk.does("form.submitted", &[]);
    let late = desk.now - SignedDuration::from_hours(2);
    desk.record(activity("late", "pricing.viewed", late, &[]));
    desk.record(activity("as late", "pricing.viewed", late, &[]));
    assert_eq!(desk.reads, 0);
    desk.record(activity("over the cap", "pricing.viewed", late, &[]));
    assert_eq!(desk.reads, 1);
    desk.record(activity("before the fall", "webinar.attended", late - days(1), &[]));
    assert_eq!(desk.reads, 2);
}

#[test]
fn while_the_index_is_behind_the_score_is_an_estimate_that_a_recount_makes_right() {
    let mut desk = desk("2026-03-12T09:00:00Z");
    desk.lags = true;
    desk.record(activity("webinar", "webinar.attended", at("2026-03-05T09:00:00Z"), &[]));
    desk.record(activity("bye", "email.unsubscribed", at("2026-03-04T09:00:00Z"), &[]));
    assert_eq!(desk.score().behaviour, 0, "an estimate");
    let due = desk.lead().recount_at.unwrap();
    assert_eq!(due.duration_since(desk.now), SignedDuration::from_secs(30));
    assert_eq!(desk.order(Recount {}, Actor::Clock), Err(Refusal::NotDue), "not yet");
    desk.catch_up();
    desk.order(Recount {}, Actor::Clock).unwrap();
    assert_eq!((desk.score().behaviour, desk.lead().recount_at), (38, None));
    assert_eq!(desk.order(Recount {}, Actor::Clock), Err(Refusal::NotDue), "done");
}

#[test]
fn a_recount_qualifies_nobody() {
    let mut desk = Desk::new();
    desk.now = at("2026-03-08T09:00:00Z");
    desk.policy.scoring.threshold = 110;
    desk.lags = true;
    desk.record(activity("1", "webinar.attended", at("2026-03-07T09:00:00Z"), &[]));
    desk.record(activity("2", "webinar.attended", at("2026-03-06T09:00:00Z"), &[]));
    desk.record(activity("bye", "email.unsubscribed", at("2026-03-05T09:00:00Z"), &[]));
    desk.record(activity("3", "webinar.attended", at("2026-03-07T10:00:00Z"), &[]));
    assert_eq!(desk.score().total, 40, "an estimate");
    desk.catch_up();
    desk.order(Recount {}, Actor::Clock).unwrap();
    assert_eq!((desk.score().total, desk.lead().status()), (119, Status::Nurturing));
    assert!(desk.published().is_empty() && desk.told().is_empty());
}

#[test]
fn a_lead_stored_before_marks_were_kept_is_counted_anew_at_its_next_activity() {
    let mut desk = desk("2026-03-12T09:00:00Z");
    desk.record(activity("webinar", "webinar.attended", at("2026-03-05T09:00:00Z"), &[]));
    desk.record(activity("form", "form.submitted", at("2026-03-03T09:00:00Z"), &[]));
    let mut stored = serde_json::to_value(desk.lead()).unwrap();
    stored.as_object_mut().unwrap().remove("ledger");
    stored["behaviour"]["value"] = 7.0.into();
    desk.lead = Some(serde_json::from_value(stored).unwrap());
    desk.pass("2m");
    desk.does("unheard.of", &[]);
    assert_eq!((desk.score().behaviour, desk.reads), (66, 1));
    assert_eq!(desk.lead().ledger.unwrap().entries, 3);
}
