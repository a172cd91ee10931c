//! What each number means, on a few leads.

use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_fixtures::funnel::{Trip, ask, at, lead, numbers, person, question, working};
use baton_reports::funnel::*;

fn now_of(funnel: &Funnel, metric: Metric) -> (usize, Option<usize>) {
    let count = funnel.steps.iter().find(|c| c.behind == Drilldown::all(metric)).unwrap();
    (count.now, count.before)
}

/// Accepted after six hours, converted on the tenth day.
fn good(name: &str, day: &str) -> Trip {
    let at_hour = |hour: &str| at(&format!("2026-{day}T{hour}:00:00Z"));
    Trip::of(name)
        .qualifies(at_hour("08"), "website", QualifiedBy::Score)
        .goes_to(at_hour("08"), "ana", Some("sven"))
        .does(at_hour("14"), "accept", Status::Working)
}

#[test]
fn a_step_counts_on_the_day_it_happened_whenever_the_lead_became_an_mql() {
    let lines =
        good("kim", "03-20").does(at("2026-04-01T10:00:00Z"), "convert", Status::Converted).lines;
    let funnel = ask(&question(), &lines, &[]);
    assert_eq!(now_of(&funnel, Metric::Qualified), (0, Some(1)));
    assert_eq!(now_of(&funnel, Metric::Accepted), (0, Some(1)));
    assert_eq!(now_of(&funnel, Metric::Converted), (1, Some(0)));
    assert_eq!(funnel.speeds[1].before.median_seconds, Some(6.0 * 3600.0));
    assert_eq!(funnel.speeds[2].now.p90_seconds, Some((12.0 * 24.0 + 2.0) * 3600.0));
}

#[test]
fn today_and_what_is_older_than_the_days_before_are_not_counted() {
    let mut lines = good("kim", "04-08").lines;
    lines.extend(good("max", "03-10").lines);
    let funnel = ask(&question(), &lines, &[]);
    assert_eq!(now_of(&funnel, Metric::Qualified), (0, Some(0)));
    let mqls: Vec<_> = funnel.cohorts.iter().map(|cohort| cohort.mqls.now).collect();
    assert_eq!(mqls, [1, 0, 0, 0, 1], "a week is whole");
}

#[test]
fn a_cohort_follows_its_leads_to_where_they_stand() {
    let mut lines = good("kim", "03-24").lines;
    let back = good("max", "03-24").lapses(
        at("2026-04-03T08:00:00Z"),
        DeadlineKind::TakeBack,
        Status::Returned,
    );
    let again = back
        .qualifies(at("2026-04-04T08:00:00Z"), "website", QualifiedBy::FastTrack)
        .because("booth_visit");
    lines.extend(again.lines);
    let funnel = ask(&question(), &lines, &[]);
    let week = |day: &str| funnel.cohorts.iter().find(|c| c.week.to_string() == day).unwrap();
    let (first, second) = (week("2026-03-23"), week("2026-03-30"));
    assert_eq!((first.mqls.now, first.accepted.now), (2, 2));
    assert_eq!((first.working.now, first.returned.now, first.waiting.now), (1, 1, 0));
    assert_eq!((second.mqls.now, second.waiting.now), (1, 1), "a second trip is a second member");
}

#[test]
fn a_return_is_of_whoever_held_the_lead_and_their_head_of_then() {
    let lines = Trip::of("kim")
        .qualifies(at("2026-03-26T08:00:00Z"), "website", QualifiedBy::Score)
        .goes_to(at("2026-03-26T08:00:00Z"), "ana", Some("sofia"))
        .lapses(at("2026-03-27T08:00:00Z"), DeadlineKind::Accept, Status::Mql)
        .does(at("2026-03-27T09:00:00Z"), "reject", Status::Returned)
        .because("not_now")
        .lines;
    let funnel = ask(&question(), &lines, &[]);
    let team = |head: &str| funnel.teams.iter().find(|t| t.team == Some(person(head))).unwrap();
    let row = team("sofia").people.iter().find(|row| row.person == Some(person("ana"))).unwrap();
    assert_eq!((row.assigned.now, row.escalated.now, row.returned.now), (1, 1, 1));
    assert_eq!(team("sven").all.returned.now, 0);
    let reason = &funnel.reasons[0];
    assert_eq!((reason.reason.as_str(), reason.count.now), ("not_now", 1));
    assert_eq!(reason.leads_to, Some(Status::Returned));
}

#[test]
fn a_supervisor_sees_the_leads_that_were_given_to_their_team() {
    let mut lines = good("kim", "03-26").lines;
    let other = Trip::of("max")
        .qualifies(at("2026-03-26T08:00:00Z"), "website", QualifiedBy::Score)
        .goes_to(at("2026-03-26T08:00:00Z"), "carla", Some("sofia"));
    lines.extend(other.lines);
    let sven = person("sven");
    let funnel = ask(&FunnelQuery { team: Some(&sven), ..question() }, &lines, &[]);
    let mqls = &funnel.steps[0];
    assert_eq!((mqls.now, mqls.behind.team.clone()), (1, Some(Some(sven.clone()))));
    assert!(funnel.teams.iter().all(|team| team.team.as_ref() == Some(&sven)));
}

#[test]
fn leads_near_the_limit_are_those_with_seven_days_or_less_and_the_warned_come_first() {
    let leads = [
        working("late", at("2026-04-15T12:00:01Z"), DeadlineKind::Convert),
        working("soon", at("2026-04-15T12:00:00Z"), DeadlineKind::Convert),
        working("sooner", at("2026-04-09T12:00:00Z"), DeadlineKind::Convert),
        working("warned", at("2026-04-09T18:00:00Z"), DeadlineKind::TakeBack),
        working("asked", at("2026-04-09T12:00:00Z"), DeadlineKind::Accept),
    ];
    let question = question();
    let funnel = Funnel::of(&question, &Dataset::new(&question, &[], &[]), &leads);
    let near: Vec<_> = funnel.near.iter().map(|near| near.lead).collect();
    assert_eq!(near, ["warned", "sooner", "soon"].map(lead));
    assert!(funnel.summary()[2].starts_with("3 leads are within 7 days"));
}

#[test]
fn lines_from_before_they_said_so_are_counted_by_what_they_do_say() {
    let mut lines = good("kim", "03-26").lines;
    lines[0].history.path = None;
    let funnel = ask(&question(), &lines, &[]);
    let paths: Vec<_> = funnel.origins.paths.iter().map(|row| row.all.now).collect();
    assert_eq!(paths, [0, 1, 0], "no rule and no person: by score");
}

#[test]
fn the_sentences_say_the_numbers() {
    let mut lines = good("kim", "03-26").lines;
    lines.extend(good("max", "03-12").lines);
    let converted =
        good("lea", "03-27").does(at("2026-04-01T10:00:00Z"), "convert", Status::Converted);
    lines.extend(converted.lines);
    insta::assert_snapshot!(ask(&question(), &lines, &[]).summary().join("\n"));
}

#[test]
fn a_funnel_of_nothing_is_all_noughts() {
    let funnel = ask(&question(), &[], &[]);
    assert!(numbers(&funnel).iter().all(|(now, before, _)| *now == 0 && before.unwrap_or(0) == 0));
    assert_eq!((funnel.in_time.share, funnel.speeds[0].now.median_seconds), (None, None));
}
