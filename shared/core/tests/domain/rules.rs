//! The numbered rules of the hand-off, each by its number.

use baton_core::commands::{
    Accept, Actor, Assign, CommandRequest, Convert, Extend, Qualify, Reason, Reassign, Reject,
    Return, WarningSent,
};
use baton_core::id::QueueName;
use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, activity, person, request};

fn reason(text: &str) -> Reason {
    text.into()
}

#[test]
fn rule_1_an_activity_counts_once_and_is_dated_by_when_it_happened() {
    let mut desk = Desk::new();
    let sixty_days_ago = desk.now - jiff::SignedDuration::from_hours(90 * 24);
    for _ in 0..3 {
        desk.record(activity("late-scan", "webinar.attended", sixty_days_ago, &[]));
    }
    assert_eq!(desk.score().behaviour, 20, "one half-life old, counted once");
}

#[test]
fn rule_2_behaviour_decays_and_the_floor_digs_no_hole() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    assert_eq!(desk.does("email.unsubscribed", &[]).behaviour, 0);
    assert_eq!(desk.does("webinar.attended", &[]).behaviour, 40);
    desk.pass("90d");
    assert_eq!(desk.score().behaviour, 20);
}

#[test]
fn rule_2_a_floor_that_was_raised_holds_up_no_late_activity() {
    let mut desk = Desk::new();
    desk.policy.scoring.floor = -100;
    desk.does("email.unsubscribed", &[]);
    desk.policy.scoring.floor = 0;
    let yesterday = desk.now - jiff::SignedDuration::from_hours(24);
    desk.pass("30d");
    desk.record(activity("late", "unheard.of", yesterday, &[]));
    assert_eq!(desk.score().behaviour, -79, "a hundred, thirty days old");
}

#[test]
fn rule_2_a_policy_may_allow_negative_scores() {
    let mut desk = Desk::new();
    desk.policy.scoring.floor = -100;
    assert_eq!(desk.does("email.unsubscribed", &[]).behaviour, -100);
}

#[test]
fn rule_3_a_lead_qualifies_when_its_score_reaches_the_threshold() {
    let mut desk = Desk::new();
    desk.does("webinar.attended", &[]);
    desk.does("form.submitted", &[]);
    assert_eq!((desk.score().total, desk.lead().status()), (70, Status::Nurturing));
    assert_eq!(desk.does("form.submitted", &[]).total, 100);
    assert_eq!(desk.lead().status(), Status::Mql);
    assert_eq!(desk.lead().marks().mql_by, Some(QualifiedBy::Score));
    assert_eq!(desk.published(), ["lead.qualified"]);
}

#[test]
fn rule_3_a_score_that_shows_100_qualifies_though_its_first_points_are_hours_old() {
    let mut desk = Desk::new();
    desk.does("webinar.attended", &[]);
    desk.pass("3h");
    desk.does("form.submitted", &[]);
    desk.pass("3h");
    desk.does("form.submitted", &[]);
    assert_eq!((desk.score().total, desk.lead().status()), (100, Status::Mql));
}

#[test]
fn rule_3_a_fast_track_qualifies_at_once_even_below_zero() {
    let mut desk = Desk::new();
    desk.policy.scoring.floor = -500;
    desk.does("email.unsubscribed", &[]);
    assert_eq!(desk.does("event.booth_visited", &[]).total, -150);
    assert_eq!(desk.lead().status(), Status::Mql);
    assert_eq!(desk.lead().marks().mql_by, Some(QualifiedBy::FastTrack));
}

#[test]
fn rule_3_time_alone_never_qualifies() {
    let mut desk = Desk::new();
    desk.policy.scoring.floor = -500;
    for _ in 0..3 {
        desk.does("webinar.attended", &[]);
        desk.does("email.unsubscribed", &[]);
    }
    desk.pass("720d");
    assert!(desk.lapse().is_err());
    assert_eq!(desk.lead().status(), Status::Nurturing);
}

#[test]
fn rule_3_losing_points_never_qualifies() {
    let mut desk = Desk::new();
    desk.does("webinar.attended", &[("title", "Student")]);
    for _ in 0..6 {
        desk.does("webinar.attended", &[]);
    }
    desk.pass("1d");
    desk.does("email.unsubscribed", &[("title", "Director")]);
    assert!(desk.score().total >= 100);
    assert_eq!(desk.lead().status(), Status::Nurturing);
}

#[test]
fn rule_3_exclusions_stop_the_threshold_and_the_fast_track_visibly() {
    for (kind, times) in [("event.booth_visited", 1), ("webinar.attended", 5)] {
        let mut desk = Desk::new();
        for _ in 0..times {
            desk.does(kind, &[("title", "Student of law")]);
        }
        assert_eq!(desk.lead().status(), Status::Nurturing);
        assert!(desk.lead().excluded.is_some());
        assert!(desk.decided.last().unwrap().entry.as_ref().unwrap().excluded.is_some());
    }
}

#[test]
fn rule_3_a_person_may_qualify_a_lead_by_hand() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    let why = Some(reason("met at dinner"));
    desk.order(Qualify { reason: why, to: None }, Actor::Person(person("mia"))).unwrap();
    assert_eq!(desk.lead().marks().mql_by, Some(QualifiedBy::Manual));
    assert_eq!(desk.lead().marks().mql_because, Some("met at dinner"));
    let again = desk.order(Qualify { reason: None, to: None }, Actor::Crm);
    assert_eq!(again, Err(Refusal::AlreadyQualified(Status::Mql)));
}

#[test]
fn rule_3_a_lead_in_sales_does_not_qualify_again() {
    for mut desk in [Desk::assigned(), Desk::accepted()] {
        let (owner, clock) = (desk.owner(), desk.clock());
        for kind in ["event.booth_visited", "form.demo_requested", "webinar.attended"] {
            desk.does(kind, &[]);
            assert_eq!(desk.published(), [""; 0]);
        }
        assert_eq!((desk.lead().cycle(), desk.owner(), desk.clock()), (1, owner, clock));
    }
}

#[test]
fn rule_4_a_qualified_lead_gets_an_owner_who_is_told_and_has_24_hours() {
    let desk = Desk::assigned();
    assert_eq!(desk.told(), ["ana assigned"]);
    assert_eq!(desk.clock(), Some((DeadlineKind::Accept, 24)));
    assert_eq!(desk.lead().supervisor(), Some(&person("sven")));
    assert_eq!(desk.lead().queue().map(QueueName::as_str), Some("emea"));
}

#[test]
fn rule_4_assigning_twice_gives_one_owner() {
    let mut desk = Desk::assigned();
    assert_eq!(desk.order(Assign {}, Actor::Router), Err(Refusal::AlreadyAssigned));
}

#[test]
fn rule_4_people_away_or_gone_are_skipped() {
    let mut desk = Desk::new();
    desk.roster.people.get_mut(&person("ana")).unwrap().active = false;
    desk.does("event.booth_visited", &[("country", "DE")]);
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!(desk.owner(), person("ben"));
}

#[test]
fn rule_4_with_nobody_in_the_queue_the_fallback_takes_it() {
    let mut desk = Desk::new();
    for id in ["ana", "ben"] {
        desk.roster.people.get_mut(&person(id)).unwrap().active = false;
    }
    desk.does("event.booth_visited", &[("country", "DE")]);
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!(desk.owner(), person("hana"));
    assert_eq!(desk.lead().queue().map(QueueName::as_str), Some("house"));
}

#[test]
fn rule_4_a_lead_nobody_can_take_keeps_a_clock_and_the_house_hears_of_it() {
    let mut desk = Desk::new();
    for id in ["ana", "ben", "hana"] {
        desk.roster.people.get_mut(&person(id)).unwrap().active = false;
    }
    desk.does("event.booth_visited", &[("country", "DE")]);
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!(desk.told(), ["sofia unrouted"]);
    assert_eq!(desk.clock().map(|(clock, _)| clock), Some(DeadlineKind::Route));
    let again = desk.order(Assign {}, Actor::Router);
    assert_eq!(again, Err(Refusal::NotDue), "the event a second time: the clock tries again");
    desk.pass("15m");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), [""; 0], "tried again, in silence");
    desk.roster.people.get_mut(&person("ben")).unwrap().active = true;
    desk.pass("15m");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), ["ben assigned"]);
}

#[test]
fn rule_4_reassigning_starts_the_new_owners_clock_and_tells_both() {
    for mut desk in [Desk::assigned(), Desk::accepted()] {
        desk.pass("20h");
        let to = Reassign { to: person("ben").into(), reason: None };
        desk.order(to, Actor::Person(person("sven"))).unwrap();
        assert_eq!(desk.told(), ["ben assigned", "ana handed_over"]);
        assert_eq!(desk.clock(), Some((DeadlineKind::Accept, 24)));
        desk.order(Accept {}, Actor::Person(person("ben"))).unwrap();
        assert_eq!(desk.clock(), Some((DeadlineKind::Convert, 30 * 24)));
    }
}

#[test]
fn rule_5_accepting_starts_thirty_days_of_work() {
    let mut desk = Desk::assigned();
    desk.order(Accept {}, Actor::Person(person("ana"))).unwrap();
    assert_eq!(desk.lead().status(), Status::Working);
    assert_eq!(desk.clock(), Some((DeadlineKind::Convert, 30 * 24)));
    let again = desk.order(Accept {}, Actor::Person(person("ana")));
    assert_eq!(again, Err(Refusal::AlreadyAccepted { owner: person("ana") }));
}

#[test]
fn rule_5_a_stranger_can_not_accept() {
    let mut desk = Desk::assigned();
    let stranger = desk.order(Accept {}, Actor::Person(person("diego")));
    assert_eq!(stranger, Err(Refusal::NotYours));
}

#[test]
fn rule_5_rejecting_leads_where_the_reason_says() {
    for (why, status) in [("not_now", Status::Returned), ("bad_data", Status::Disqualified)] {
        let mut desk = Desk::assigned();
        let reject = Reject { reason: reason(why) };
        desk.order(reject, Actor::Person(person("ana"))).unwrap();
        assert_eq!((desk.lead().status(), desk.clock()), (status, None));
    }
    let mut desk = Desk::assigned();
    let reject = Reject { reason: reason("bored") };
    let refused = desk.order(reject, Actor::Crm).unwrap_err();
    assert_eq!(refused.code(), "unknown_reason");
}

#[test]
fn rule_7_after_thirty_days_both_are_warned_and_may_convert_or_extend() {
    let mut desk = Desk::accepted();
    desk.pass("30d");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), ["ana take_back_warned", "sven take_back_warned"]);
    assert_eq!(desk.clock(), Some((DeadlineKind::TakeBack, 24)));
    let extend = Extend { reason: reason("demo next week"), id: None };
    desk.order(extend.clone(), Actor::Person(person("ana"))).unwrap();
    assert_eq!(desk.clock(), Some((DeadlineKind::Convert, 14 * 24)));
    desk.order(extend.clone(), Actor::Crm).unwrap();
    let third = desk.order(extend, Actor::Crm);
    assert_eq!(third, Err(Refusal::NoExtensionsLeft(2)));
}

#[test]
fn rule_8_the_lead_goes_back_24_hours_after_the_warning_was_sent() {
    let mut desk = Desk::accepted();
    desk.pass("30d");
    desk.lapse().unwrap();
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(desk.lead().status(), Status::Working, "the warning has not left us yet");
    desk.order(WarningSent {}, Actor::Clock).unwrap();
    assert_eq!(desk.clock(), Some((DeadlineKind::TakeBack, 24)));
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), ["ana taken_back", "mia taken_back"]);
    assert_eq!((desk.lead().status(), desk.clock()), (Status::Returned, None));
}

#[test]
fn rule_8_a_warning_that_is_sent_again_gives_no_more_grace() {
    let mut desk = Desk::accepted();
    desk.pass("30d");
    desk.lapse().unwrap();
    desk.order(WarningSent {}, Actor::Clock).unwrap();
    desk.pass("23h");
    assert_eq!(desk.order(WarningSent {}, Actor::Clock), Err(Refusal::AlreadyWarned));
    assert_eq!(desk.clock(), Some((DeadlineKind::TakeBack, 1)));
}

#[test]
fn rule_8_behaviour_restarts_from_zero_and_fit_stays() {
    let mut desk = Desk::new();
    desk.does("form.demo_requested", &[("country", "DE"), ("title", "VP Sales")]);
    desk.does("webinar.attended", &[]);
    desk.order(Assign {}, Actor::Router).unwrap();
    desk.order(Return { reason: reason("no budget") }, Actor::Crm).unwrap();
    assert_eq!((desk.score().behaviour, desk.score().fit), (0, 25));
}

#[test]
fn rule_8_to_qualify_again_takes_new_evidence() {
    let mut desk = Desk::returned();
    let before = desk.now - jiff::SignedDuration::from_hours(48);
    desk.record(activity("late-booth", "event.booth_visited", before, &[]));
    desk.record(activity("late-web", "webinar.attended", before, &[]));
    assert_eq!((desk.lead().status(), desk.score().behaviour), (Status::Returned, 0));
    assert!(desk.lead().recent.is_empty(), "what came before the return is no evidence after it");
    desk.does("webinar.attended", &[]);
    desk.does("form.submitted", &[]);
    assert_eq!(desk.lead().status(), Status::Returned, "70 points are not 100");
    desk.does("event.booth_visited", &[]);
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Mql, 2));
    assert!(desk.lead().marks().first_mql_at < desk.lead().marks().mql_at);
}

#[test]
fn rule_8_a_policy_may_keep_the_score_but_still_wants_something_new() {
    let mut desk = Desk::new();
    desk.policy.scoring.restart_on_return = false;
    for _ in 0..3 {
        desk.does("webinar.attended", &[("country", "DE")]);
    }
    desk.order(Assign {}, Actor::Router).unwrap();
    desk.order(Return { reason: reason("too early") }, Actor::Crm).unwrap();
    desk.does("something.else", &[]);
    assert_eq!(desk.lead().status(), Status::Returned);
    desk.does("pricing.viewed", &[]);
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Mql, 2));
}

#[test]
fn rule_9_converting_stops_the_clocks() {
    for days in ["1d", "30d"] {
        let mut desk = Desk::accepted();
        desk.pass(days);
        let _ = desk.lapse();
        desk.order(Convert {}, Actor::Person(person("ana"))).unwrap();
        assert_eq!((desk.lead().status(), desk.clock()), (Status::Converted, None));
        assert_eq!(desk.owner(), person("ana"));
    }
}

#[test]
fn rule_9_there_is_no_arrow_from_mql_to_converted() {
    let mut desk = Desk::assigned();
    assert_eq!(desk.order(Convert {}, Actor::Crm), Err(Refusal::NotAccepted));
}

#[test]
fn rule_10_after_a_downtime_each_missed_step_happens_once_and_grace_is_whole() {
    let mut desk = Desk::accepted();
    desk.pass("90d");
    desk.lapse().unwrap();
    assert_eq!(desk.published(), ["lead.warned"]);
    assert_eq!(desk.lapse(), Err(Refusal::NotDue), "the grace period is still to come");
    assert_eq!(desk.clock(), Some((DeadlineKind::TakeBack, 24)));

    let mut desk = Desk::assigned();
    desk.pass("90d");
    desk.lapse().unwrap();
    assert_eq!(desk.lapse(), Err(Refusal::NotDue), "not one escalation for every missed day");
}

#[test]
fn rule_10_a_clock_that_steps_back_changes_nothing() {
    let mut desk = Desk::accepted();
    let (then, changed) = (desk.now, desk.lead().changed_at);
    desk.now = then - jiff::SignedDuration::from_hours(5);
    desk.order(Extend { reason: reason("x"), id: None }, Actor::Crm).unwrap();
    assert_eq!(desk.lead().changed_at, changed);
}

#[test]
fn rule_12_every_mark_is_stamped() {
    let desk = Desk::returned();
    insta::assert_json_snapshot!(desk.lead().marks());
    let commands: Vec<_> = desk
        .decided
        .iter()
        .filter_map(|decision| decision.history.as_ref().filter(|line| !line.silent))
        .map(|line| {
            format!("{} {}→{} by {}", line.command, line.from.word(), line.to.word(), line.by)
        })
        .collect();
    insta::assert_snapshot!(commands.join("\n"));
}

#[test]
fn a_link_from_an_earlier_cycle_acts_on_nothing() {
    let mut desk = Desk::returned();
    desk.does("event.booth_visited", &[]);
    desk.order(Assign {}, Actor::Router).unwrap();
    let by = Actor::Person(desk.owner());
    let stale = CommandRequest { cycle: Some(1), ..CommandRequest::new(Accept {}, by, request()) };
    assert_eq!(desk.give(&stale), Err(Refusal::AnotherCycle));
}
