//! What holds of the board, whatever is on it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use baton_core::id::{Identity, LeadId, PersonId, QueueName, SourceName};
use baton_core::lead::{DeadlineKind, Hold, Lead, QualifiedBy, Stage};
use baton_fixtures::leads;
use baton_reports::board::{Board, Filter, Position, Row, STAGES, Urgency};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-04-08T12:30:00Z".parse().unwrap()
}

fn hours(n: i64) -> Timestamp {
    now() + SignedDuration::from_hours(n)
}

fn row(lead: u8, stage: DeadlineKind, due_in_hours: i64) -> Row {
    Row {
        lead: LeadId::from([lead; 12]),
        owner: None,
        supervisor: None,
        queue: None,
        stage,
        due: hours(due_in_hours),
        promised: hours(-24),
        since: hours(-48),
        slipped: false,
        path: Some(QualifiedBy::Score),
        source: None,
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let stages = prop::sample::select(&STAGES[..]);
    let paths = [QualifiedBy::Score, QualifiedBy::FastTrack, QualifiedBy::Manual];
    let any = (
        (any::<u8>(), stages, -50..200i64, -60..0i64, any::<bool>()),
        option::of(prop::sample::select(vec!["ana", "ben"])),
        option::of(prop::sample::select(vec!["emea", "house"])),
        option::of(prop::sample::select(vec!["website", "tradeshow"])),
        prop::sample::select(paths.to_vec()),
    );
    let made =
        any.prop_map(|((lead, stage, due, since, slipped), owner, queue, source, path)| Row {
            owner: owner.map(|name| PersonId::parse(name).unwrap()),
            queue: queue.map(|name| QueueName::parse(name).unwrap()),
            source: source.map(|name| SourceName::parse(name).unwrap()),
            path: Some(path),
            since: hours(since),
            slipped: slipped && matches!(stage, DeadlineKind::Route | DeadlineKind::Accept),
            ..row(lead, stage, due)
        });
    vec(made, 0..60).prop_map(|mut rows| {
        rows.sort_by_key(|row| row.lead);
        rows.dedup_by_key(|row| row.lead);
        rows
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let owner = option::of(prop::sample::select(vec!["ana", "ben", "zed"]));
    let queue = option::of(prop::sample::select(vec!["emea", "house"]));
    let source = option::of(prop::sample::select(vec!["website", "tradeshow"]));
    let path = option::of(prop::sample::select(vec![QualifiedBy::Score, QualifiedBy::Manual]));
    (owner, queue, source, path, any::<bool>()).prop_map(|(owner, queue, source, path, late)| {
        Filter {
            owner: owner.map(|name| PersonId::parse(name).unwrap()),
            queue: queue.map(|name| QueueName::parse(name).unwrap()),
            source: source.map(|name| SourceName::parse(name).unwrap()),
            path,
            late,
        }
    })
}

fn stage() -> impl Strategy<Value = Option<DeadlineKind>> {
    option::of(prop::sample::select(&STAGES[..]))
}

proptest! {
    #[test]
    fn the_pages_of_a_list_are_the_list(
        rows in rows(), filter in filter(), stage in stage(), size in 1..7usize,
    ) {
        let board = Board::new(rows, &filter, now());
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = board.page(stage, after, size);
            prop_assert_eq!(page.before, seen.len());
            prop_assert_eq!(page.of, board.of(stage).len());
            prop_assert!(page.rows.len() <= size);
            seen.extend_from_slice(page.rows);
            after = page.next;
            if after.is_none() { break }
        }
        prop_assert_eq!(seen.as_slice(), board.of(stage));
    }

    #[test]
    fn a_count_is_the_length_of_its_list(rows in rows(), filter in filter()) {
        let board = Board::new(rows.clone(), &filter, now());
        for tally in board.tallies() {
            let counted = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| {
                row.stage == tally.stage && filter.admits(row, now()) && is(row)
            }).count();
            prop_assert_eq!(tally.open, board.of(Some(tally.stage)).len());
            prop_assert_eq!(tally.open, counted(&|_| true));
            prop_assert_eq!(tally.late, counted(&|row| row.urgency(now()) == Urgency::Late));
            prop_assert_eq!(tally.soon, counted(&|row| row.urgency(now()) == Urgency::Soon));
        }
        let open: usize = board.tallies().iter().map(|tally| tally.open).sum();
        prop_assert_eq!(open, board.of(None).len());
    }

    #[test]
    fn in_each_stage_the_late_come_before_the_others_and_those_before_the_calm(rows in rows()) {
        let board = Board::new(rows, &Filter::default(), now());
        for stage in STAGES {
            let urgency: Vec<_> =
                board.of(Some(stage)).iter().map(|row| row.urgency(now())).collect();
            prop_assert!(urgency.is_sorted(), "{:?}", urgency);
        }
    }

    #[test]
    fn a_page_goes_on_where_it_was_though_its_last_row_has_left(
        rows in rows(), stage in stage(), size in 1..7usize,
    ) {
        let board = Board::new(rows.clone(), &Filter::default(), now());
        let Some(next) = board.page(stage, None, size).next else { return Ok(()) };
        let last = board.page(stage, None, size).rows.last().unwrap().lead;
        let mut fewer = rows;
        fewer.retain(|row| row.lead != last);
        let later = Board::new(fewer, &Filter::default(), now());
        let whole = board.page(stage, Some(next), size);
        prop_assert_eq!(later.page(stage, Some(next), size).rows, whole.rows);
    }

    #[test]
    fn a_position_reads_back(rows in rows()) {
        for row in rows {
            let position = row.position();
            prop_assert_eq!(Position::parse(&position.to_string()), Ok(position));
        }
    }

    #[test]
    fn what_is_no_position_is_refused_and_not_repeated(text in ".{0,60}") {
        if let Err(flaw) = Position::parse(&text) {
            prop_assert!(text.len() < 8 || !flaw.to_string().contains(&text));
        }
    }
}

#[test]
fn positions_that_nobody_gave_are_refused() {
    let lead = "000000000000000000000000";
    for bad in ["", "1", &format!("4.1.5.{lead}"), &format!("1.2.5.{lead}"), "1.1.5.zz"] {
        assert!(Position::parse(bad).is_err(), "{bad}");
    }
    assert!(Position::parse(&format!("1.1.+5.{lead}")).is_err());
    assert!(Position::parse(&format!("3.0.-5.{lead}")).is_ok());
}

#[test]
fn a_promise_that_has_slipped_stays_late_however_far_its_next_reminder_is() {
    let reminded = Row { slipped: true, ..row(1, DeadlineKind::Accept, 20) };
    assert_eq!(reminded.urgency(now()), Urgency::Late);
    assert_eq!(reminded.promised_by(), hours(-24));
    assert_eq!(row(1, DeadlineKind::Accept, 20).promised_by(), hours(20));
}

#[test]
fn a_promise_is_soon_due_six_hours_before_acceptance_and_a_week_before_conversion() {
    for (stage, due_in_hours, urgency) in [
        (DeadlineKind::Accept, 6, Urgency::Calm),
        (DeadlineKind::Accept, 5, Urgency::Soon),
        (DeadlineKind::Accept, 0, Urgency::Late),
        (DeadlineKind::Convert, 7 * 24, Urgency::Calm),
        (DeadlineKind::Convert, 7 * 24 - 1, Urgency::Soon),
        (DeadlineKind::Convert, -1, Urgency::Late),
        (DeadlineKind::TakeBack, 1_000, Urgency::Soon),
        (DeadlineKind::Route, 1, Urgency::Calm),
    ] {
        assert_eq!(row(1, stage, due_in_hours).urgency(now()), urgency, "{stage:?} {due_in_hours}");
    }
}

#[test]
fn of_two_that_slipped_the_one_that_waits_longer_comes_first() {
    let waits = |lead, since| Row {
        slipped: true,
        since: hours(since),
        ..row(lead, DeadlineKind::Accept, -since)
    };
    let board = Board::new(
        vec![row(3, DeadlineKind::Accept, -1), waits(1, -30), waits(2, -100)],
        &Filter::default(),
        now(),
    );
    let order: Vec<_> = board.of(None).iter().map(|row| row.lead.bytes()[0]).collect();
    assert_eq!(order, [2, 1, 3]);
}

#[test]
fn a_lead_that_was_found_twice_is_on_the_board_once() {
    let twice = vec![
        row(1, DeadlineKind::Accept, 3),
        row(2, DeadlineKind::Accept, 4),
        row(1, DeadlineKind::Accept, 5),
    ];
    assert_eq!(Board::new(twice, &Filter::default(), now()).of(None).len(), 2);
}

/// Qualified 200 hours ago, given to ana 100 hours ago, accepted 50 hours ago: as far as it got.
fn lead(kind: DeadlineKind) -> Lead {
    let who = Identity::parse("email:kim@acme.example").unwrap();
    let hold = leads::hold("ana", "sven", hours(-100));
    let countdown = leads::until(hours(-50), hours(3));
    let stage = leads::stage(kind, hold, leads::work(hours(-50)), countdown);
    Lead { stage, ..Lead::new(who, hours(-300)) }
}

#[test]
fn a_row_is_made_of_the_lead_alone() {
    for (kind, since, owner) in [
        (DeadlineKind::Route, -100, None),
        (DeadlineKind::Accept, -100, Some("ana")),
        (DeadlineKind::Convert, -50, Some("ana")),
        (DeadlineKind::TakeBack, -50, Some("ana")),
    ] {
        let row = Row::of(&lead(kind)).unwrap();
        assert_eq!((row.stage, row.since, row.due), (kind, hours(since), hours(3)));
        assert_eq!(row.path, Some(QualifiedBy::FastTrack));
        assert_eq!(row.source.as_ref().map(SourceName::as_str), Some("tradeshow"));
        assert_eq!(row.owner.as_ref().map(PersonId::as_str), owner);
        assert!(!row.slipped);
    }
}

#[test]
fn a_lead_without_a_deadline_has_no_row() {
    let who = Identity::parse("email:kim@acme.example").unwrap();
    let lead = Lead::new(who, hours(-300));
    assert_eq!(Row::of(&lead), None);
    let stage = leads::returned(leads::hold("ana", "sven", hours(-100)), hours(-1));
    assert_eq!(Row::of(&Lead { stage, ..lead }), None);
}

#[test]
fn only_waiting_for_an_owner_or_for_acceptance_slips() {
    let slips = |stage| Row::of(&Lead { stage, ..lead(DeadlineKind::Accept) }).unwrap().slipped;
    let countdown = leads::until(hours(-50), hours(3));
    let escalated = Hold { escalations: 1, ..leads::hold("ana", "sven", hours(-100)) };
    let work = leads::work(hours(-50));
    let of = |kind| leads::stage(kind, escalated.clone(), work, countdown);
    assert!(slips(of(DeadlineKind::Accept)));
    assert!(!slips(of(DeadlineKind::Convert)));
    assert!(!slips(of(DeadlineKind::Route)));
    let (trip, house_told_at) = (leads::trip(hours(-200)), Some(hours(-1)));
    assert!(slips(Stage::AwaitingOwner { trip, countdown, house_told_at, queue: None }));
}
