//! A lead never goes silent: with nobody there, the bus down, alerts down, or two timers at once.

use std::sync::Arc;

use baton_core::commands::{Accept, Actor, Command, CommandRequest};
use baton_core::id::LeadId;
use baton_core::lead::{Deadline, DeadlineKind, Status};
use baton_engine::{Rules, Services};
use baton_tests::{Fate, TestHarness, activity, request, rules_with, run, sample_roster};
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn deadline(kind: DeadlineKind, text: &str) -> Option<Deadline> {
    Some(Deadline { kind, at: at(text) })
}

/// A lead at the booth, told by the trade show.
async fn visit(harness: &TestHarness, name: &str) -> LeadId {
    let who = format!("{name}@acme.example");
    let visit = activity(name, "event.booth_visited", &who, "DE");
    harness.record(visit).await.unwrap().lead.lead
}

async fn by_crm(services: &Services, lead: LeadId, command: impl Into<Command>) {
    services.execute(lead, &CommandRequest::new(command, Actor::Crm, request())).await.unwrap();
}

/// A lead that Ana accepted, and whose warning is due now.
async fn about_to_be_warned(harness: &TestHarness, name: &str) -> LeadId {
    harness.post.connect(harness.route.clone());
    let lead = visit(harness, name).await;
    by_crm(&harness.services, lead, Accept {}).await;
    harness.pass(DAY * 30);
    lead
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nobody_there_the_lead_keeps_a_clock_and_the_house_hears_of_it_every_day() {
    let away = "away = [{ from = 2026-02-27, until = 2026-03-03 }]";
    let people = ["ana", "ben", "carla", "diego", "hana"];
    let ids = people.map(|id| (format!("id = \"{id}\""), format!("id = \"{id}\"\n{away}")));
    let changes = ids.each_ref().map(|(from, to)| (from.as_str(), to.as_str()));
    let harness = TestHarness::open(rules_with(&sample_roster(&changes))).await;
    harness.post.connect(harness.route.clone());
    let lead = visit(&harness, "kim").await;

    let waiting = harness.lead(lead).await;
    assert_eq!((waiting.status(), waiting.owner()), (Status::Mql, None));
    assert_eq!(waiting.deadline(), deadline(DeadlineKind::Route, "2026-03-01T09:15:00Z"));
    let told = |times: &[&str]| -> Vec<_> {
        times.iter().map(|time| ((*time).to_owned(), "sofia".to_owned())).collect()
    };
    assert_eq!(harness.post.told("unrouted"), told(&["2026-03-01T09:00:00Z"]));
    // Each quarter of an hour; then by the hour, as if the timer had been late.
    let quarters = std::iter::repeat_n(HOUR / 4, 12);
    for step in quarters.chain(std::iter::repeat_n(HOUR * 7, 6)) {
        harness.pass(step);
        harness.sweep().await;
        let again = Deadline { kind: DeadlineKind::Route, at: harness.clock.now() + HOUR / 4 };
        assert_eq!(harness.lead(lead).await.deadline(), Some(again));
    }
    let times = ["2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"];
    assert_eq!(harness.post.told("unrouted"), told(&times));

    // Midnight in Tokyo is Hana's first day back; in Madrid and Berlin it is still the day off.
    harness.clock.advance_to(at("2026-03-03T15:00:00Z"));
    harness.sweep().await;
    let assigned = harness.lead(lead).await;
    assert_eq!(assigned.owner().map(ToString::to_string).as_deref(), Some("hana"));
    assert_eq!(assigned.deadline(), deadline(DeadlineKind::Accept, "2026-03-04T15:00:00Z"));
    let hana = ("2026-03-03T15:00:00Z".to_owned(), "hana".to_owned());
    assert_eq!(harness.post.told("assigned"), [hana]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_the_bus_lost_is_made_good_by_the_timer() {
    let harness = TestHarness::open(Rules::sample()).await;
    // Taken by the bus, and never delivered.
    let lost = visit(&harness, "lost").await;
    // Not even taken: the bus says no, or nothing at all.
    harness
        .out
        .when(|call| if call.operation == "PutEvents" { Fate::Refuse(403) } else { Fate::Pass });
    let refused = visit(&harness, "refused").await;
    harness.out.when(|_| Fate::Lose);
    let unheard = visit(&harness, "unheard").await;
    harness
        .out
        .when(|call| if call.operation == "PutEvents" { Fate::Refuse(403) } else { Fate::Pass });
    for lead in [lost, refused, unheard] {
        let route = deadline(DeadlineKind::Route, "2026-03-01T09:02:00Z");
        assert_eq!(harness.lead(lead).await.deadline(), route);
    }
    harness.minutes(2).await;
    for lead in [lost, refused, unheard] {
        let lead = harness.lead(lead).await;
        assert_eq!(lead.deadline(), deadline(DeadlineKind::Accept, "2026-03-02T09:02:00Z"));
        let alert = |letter: &baton_tests::Letter| letter.lead == lead.lead.to_string();
        assert_eq!(harness.post.letters().iter().filter(|l| alert(l)).count(), 1);
    }
    // The events it could not take are delivered once it can.
    assert_eq!(harness.post.events().len(), 1);
    harness.out.heal();
    harness.minutes(2).await;
    let names: Vec<_> =
        harness.post.events().iter().map(|e| e["detail-type"].to_string()).collect();
    let count = |name: &str| names.iter().filter(|n| n.contains(name)).count();
    assert_eq!((count("lead.qualified"), count("lead.assigned")), (3, 3), "{names:?}");
    let report = harness.sweep().await;
    assert_eq!((report.delivered, report.failed), (0, 0));
}

/// The bus answers 200, and says of the entry in it that it was not taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_the_bus_did_not_take_is_put_again() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness.out.when(|_| Fate::NotTaken);
    let lead = visit(&harness, "kim").await;
    harness.out.heal();
    harness.minutes(1).await;
    assert_eq!(harness.post.events()[0]["detail-type"], "lead.qualified");
    let accept = deadline(DeadlineKind::Accept, "2026-03-02T09:01:00Z");
    assert_eq!(harness.lead(lead).await.deadline(), accept, "routed a minute late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_that_could_not_leave_are_sent_once_they_can() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    let lead = visit(&harness, "kim").await;
    harness.minutes(10).await;
    assert!(harness.post.letters().is_empty());
    assert_eq!(harness.lead(lead).await.status(), Status::Mql);
    harness.out.heal();
    harness.minutes(1).await;
    let ana = ("2026-03-01T09:11:00Z".to_owned(), "ana".to_owned());
    assert_eq!(harness.post.told("assigned"), [ana]);
    harness.minutes(3).await;
    assert_eq!(harness.post.letters().len(), 1, "and once only");
}

/// Rule 8: a day of grace from when the warning left, not from when it was due.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_loses_a_lead_on_a_warning_that_had_not_left() {
    let harness = TestHarness::open(Rules::sample()).await;
    let lead = about_to_be_warned(&harness, "kim").await;
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    for _ in 0..40 {
        harness.sweep().await;
        harness.pass(HOUR);
    }
    let unwarned = harness.lead(lead).await;
    assert_eq!((unwarned.status(), unwarned.marks().warned_at), (Status::Working, None));
    assert!(unwarned.deadline().is_some());

    harness.out.heal();
    harness.sweep().await;
    let sent = harness.clock.now();
    let warned = harness.lead(lead).await;
    assert_eq!(warned.marks().warned_at, Some(sent));
    assert_eq!(warned.deadline(), Some(Deadline { kind: DeadlineKind::TakeBack, at: sent + DAY }));
    let told = ["ana", "sven"].map(|to| (sent.to_string(), to.to_owned()));
    assert_eq!(harness.post.told("take_back_warned"), told);
    harness.pass(DAY - HOUR);
    harness.sweep().await;
    assert_eq!(harness.lead(lead).await.status(), Status::Working);
    harness.pass(HOUR);
    harness.sweep().await;
    assert_eq!(harness.lead(lead).await.status(), Status::Returned);
}

/// The owner is the one who can do something about it: the supervisor's copy is not enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_grace_runs_from_when_the_owner_was_warned() {
    let harness = TestHarness::open(Rules::sample()).await;
    let lead = about_to_be_warned(&harness, "kim").await;
    let to_ana = |call: &baton_tests::Request| {
        call.operation == "Publish" && call.body.contains("baton-ana")
    };
    harness.out.when(move |call| if to_ana(call) { Fate::Refuse(403) } else { Fate::Pass });
    harness.sweep().await;
    assert_eq!(harness.post.told("take_back_warned").len(), 1, "Sven has his");
    for _ in 0..30 {
        harness.pass(HOUR);
        harness.sweep().await;
    }
    harness.out.heal();
    harness.minutes(31).await;
    let ana = harness.post.told("take_back_warned").into_iter().find(|(_, to)| to == "ana");
    let sent = at(&ana.expect("Ana's warning is sent once it can be").0);
    let lead = harness.lead(lead).await;
    assert_eq!(lead.status(), Status::Working, "Ana was warned {sent} and has a day");
    assert!(lead.deadline().unwrap().at >= sent + DAY);
}

/// Rule 10: down over two deadlines, each missed step happens once, late, in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_long_night_each_step_is_taken_once_with_its_full_grace() {
    let harness = TestHarness::open(Rules::sample()).await;
    let lead = about_to_be_warned(&harness, "kim").await;
    harness.pass(DAY * 5);
    harness.sweep().await;
    harness.sweep().await;
    let late = harness.clock.now();
    let warned = harness.lead(lead).await;
    assert_eq!(warned.status(), Status::Working);
    assert_eq!(warned.deadline(), Some(Deadline { kind: DeadlineKind::TakeBack, at: late + DAY }));
    harness.pass(DAY * 3);
    harness.sweep().await;
    assert_eq!(harness.lead(lead).await.status(), Status::Returned);
    let expected = [
        "record by source:tradeshow",
        "assign by router",
        "accept by crm",
        "lapse by clock",
        "lapse by clock",
    ];
    assert_eq!(harness.story(lead).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn timers_that_run_at_once_take_each_step_once() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    let mut leads = Vec::new();
    for n in 0..24 {
        leads.push(visit(&harness, &format!("p{n}")).await);
    }
    harness.pass(DAY);
    let sweeps = (0..4).map(|_| {
        let services = Arc::clone(&harness.services);
        tokio::spawn(async move { services.sweeper.sweep(&run()).await.unwrap() })
    });
    let mut lapsed = 0;
    for sweep in sweeps.collect::<Vec<_>>() {
        let swept = sweep.await.unwrap();
        assert_eq!(swept.failed, 0);
        lapsed += swept.lapsed;
    }
    assert_eq!(lapsed, leads.len());
    for lead in &leads {
        let told = harness.services.table().story(*lead).await.unwrap();
        assert_eq!(told.history.len(), 3, "qualified, assigned, escalated");
        assert_eq!(harness.lead(*lead).await.escalations(), 1);
    }
    harness.minutes(2).await;
    let overdue = harness.told().into_iter().filter(|told| told.kind == "accept_overdue");
    assert_eq!(overdue.count(), 2 * leads.len());
}

/// One promise that can't be kept holds up no other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_whose_step_fails_holds_up_no_other() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    let stuck = visit(&harness, "stuck").await;
    harness.pass(HOUR);
    let other = visit(&harness, "other").await;
    let id = stuck.to_string();
    harness.table.when(move |call| {
        let commits = call.operation == "TransactWriteItems" && call.is_about(&id);
        if commits { Fate::Refuse(400) } else { Fate::Pass }
    });
    harness.pass(DAY);
    let report = harness.sweep().await;
    assert_eq!((report.lapsed, report.failed), (1, 1));
    assert_eq!(harness.lead(other).await.escalations(), 1);
    harness.table.heal();
    harness.minutes(1).await;
    assert_eq!(harness.lead(stuck).await.escalations(), 1, "it is tried again");
}

#[tokio::test]
async fn a_sweep_says_how_long_the_oldest_undelivered_message_waits() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.out.when(|_| Fate::Refuse(500));
    visit(&harness, "kim").await;
    harness.pass(SignedDuration::from_mins(20));
    let report = harness.sweep().await;
    // Left to whoever committed it for a minute first.
    assert_eq!((report.failed, report.undelivered_ms), (1, 19 * 60 * 1000));
    assert_eq!(harness.codes(), ["message_late"]);
    harness.out.heal();
    assert_eq!(harness.sweep().await.undelivered_ms, 0);
}
