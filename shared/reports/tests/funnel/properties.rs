//! Whatever happened: parts add up to wholes, and a number has as many leads behind it as it says.

use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_fixtures::funnel::{Trip, ask, at, numbers, person, question};
use baton_reports::funnel::*;
use jiff::SignedDuration;
use proptest::prelude::*;

/// What may happen next to a lead, and how many hours later.
#[derive(Clone, Copy, Debug)]
struct Next(u8, i64);

const PEOPLE: [(&str, Option<&str>); 4] =
    [("ana", Some("sven")), ("ben", Some("sven")), ("carla", Some("sofia")), ("zoe", None)];
const REASONS: [&str; 3] = ["not_now", "duplicate", "of_old"];

/// A lead to whom these things happen, as far as they can.
fn trip(name: &str, all: &[Next]) -> Trip {
    let mut time = at("2026-03-05T00:00:00Z");
    let mut trip = Trip::of(name);
    let mut status = Status::Nurturing;
    for Next(metric, hours) in all {
        time += SignedDuration::from_hours(*hours);
        let who = PEOPLE[usize::from(*metric) % PEOPLE.len()];
        let reason = REASONS[usize::from(*metric) % REASONS.len()];
        let path = [QualifiedBy::Score, QualifiedBy::FastTrack, QualifiedBy::Manual];
        (trip, status) = match (status, metric % 7) {
            (Status::Nurturing | Status::Returned, _) => {
                let path = path[usize::from(*metric) % 3];
                let source = if metric % 2 == 0 { "website" } else { "tradeshow" };
                (trip.qualifies(time, source, path), Status::Mql)
            }
            (Status::Mql | Status::Working, 0) => (trip.goes_to(time, who.0, who.1), status),
            (Status::Mql, 1 | 2) => (trip.does(time, "accept", Status::Working), Status::Working),
            (Status::Mql, 3) => (trip.lapses(time, DeadlineKind::Accept, Status::Mql), status),
            (Status::Mql, 4) => {
                let to = if *metric > 60 { Status::Returned } else { Status::Disqualified };
                (trip.does(time, "reject", to).because(reason), to)
            }
            (Status::Working, 1) => {
                (trip.does(time, "convert", Status::Converted), Status::Converted)
            }
            (Status::Working, 2) => {
                (trip.lapses(time, DeadlineKind::TakeBack, Status::Returned), Status::Returned)
            }
            (Status::Working, 3) => (trip.does(time, "extend", Status::Working), status),
            (Status::Mql | Status::Working, 5) => {
                (trip.does(time, "return", Status::Returned), Status::Returned)
            }
            (Status::Mql | Status::Working, 6) => {
                (trip.does(time, "disqualify", Status::Disqualified), Status::Disqualified)
            }
            _ => (trip, status),
        };
    }
    trip
}

prop_compose! {
    fn lines()(
        leads in prop::collection::vec(
            prop::collection::vec((0..100_u8, 0..90_i64).prop_map(|(w, h)| Next(w, h)), 0..20),
            0..12,
        )
    ) -> Vec<HistoryLine> {
        let named = leads.iter().enumerate();
        named.flat_map(|(n, all)| trip(&format!("lead{n}"), all).lines).collect()
    }
}

/// A column of the table of people, and the step it adds up to.
type Column = (fn(&PersonFigures) -> &Count, Metric);

fn sum<'a>(counts: impl IntoIterator<Item = &'a Count>) -> (usize, usize) {
    let add = |(now, before), count: &Count| (now + count.now, before + count.before.unwrap_or(0));
    counts.into_iter().fold((0, 0), add)
}

fn whole(count: &Count) -> (usize, usize) {
    (count.now, count.before.unwrap_or(0))
}

proptest! {
    #[test]
    fn a_number_has_as_many_leads_behind_it_as_it_says(lines in lines(), team in any::<bool>()) {
        let sven = person("sven");
        let question = FunnelQuery { team: team.then_some(&sven), ..question() };
        let dataset = Dataset::new(&question, &lines, &[]);
        let earlier = FunnelQuery { window: question.window.before(), ..question };
        let before_it = Dataset::new(&earlier, &lines, &[]);
        for (now, before, behind) in numbers(&Funnel::of(&question, &dataset, &[])) {
            prop_assert_eq!(dataset.list(&behind).len() as u64, now, "{:?}", behind);
            if let Some(before) = before {
                prop_assert_eq!(before_it.list(&behind).len() as u64, before, "{:?}", behind);
            }
        }
    }

    #[test]
    fn parts_add_up_to_the_whole(lines in lines(), team in any::<bool>()) {
        let sven = person("sven");
        let funnel = ask(&FunnelQuery { team: team.then_some(&sven), ..question() }, &lines, &[]);
        let step = |metric| {
            let is_it = |c: &&Count| c.behind.metric == metric && c.behind.outcome.is_none();
            whole(funnel.steps.iter().find(is_it).unwrap())
        };
        let origins = &funnel.origins;
        prop_assert_eq!(whole(&origins.all), step(Metric::Qualified));
        prop_assert_eq!(sum(&origins.by_source), whole(&origins.all));
        prop_assert_eq!(sum(origins.paths.iter().map(|row| &row.all)), whole(&origins.all));
        for row in &origins.paths {
            prop_assert_eq!(sum(&row.by_source), whole(&row.all));
        }
        for c in &funnel.cohorts {
            let parts = [&c.converted, &c.working, &c.waiting, &c.returned, &c.disqualified];
            prop_assert_eq!(sum(parts), whole(&c.mqls));
            prop_assert!(c.accepted.now <= c.mqls.now);
        }
        prop_assert_eq!(sum(funnel.returns.iter().map(|row| &row.count)), step(Metric::Returned));
        let columns: [Column; 4] = [
            (|row| &row.accepted, Metric::Accepted),
            (|row| &row.converted, Metric::Converted),
            (|row| &row.escalated, Metric::Escalated),
            (|row| &row.returned, Metric::Returned),
        ];
        for (column, metric) in columns {
            prop_assert_eq!(sum(funnel.teams.iter().map(|team| column(&team.all))), step(metric));
            for team in &funnel.teams {
                prop_assert_eq!(sum(team.people.iter().map(column)), whole(column(&team.all)));
            }
        }
    }

    #[test]
    fn the_order_in_which_lines_are_read_does_not_matter(lines in lines().prop_shuffle()) {
        let mut sorted = lines.clone();
        sorted.sort_by_key(|line| (line.history.at, line.lead, line.history.version));
        prop_assert_eq!(ask(&question(), &lines, &[]), ask(&question(), &sorted, &[]));
    }
}
