//! Months of traffic in any weather: every lead is what the contract's text says, always.

use std::io::Write;

use baton_share::Share;
use baton_tests::oracle::Rules;
use baton_tests::side_by_side;
use baton_tests::simulation::{Plan, Summary, play};
use jiff::SignedDuration;

/// Worlds played with every run of the tests, unless a share of them is asked for; the command
/// `simulate` plays more.
const SEEDS: u64 = 10;
/// Worlds in which a planted mistake must have been found.
const FOUND_WITHIN: u64 = 6;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[test]
fn in_every_seed_each_lead_is_what_the_contract_says() {
    let share = Share::from_environment();
    let seeds = share.of(0..SEEDS);
    let played = side_by_side(&seeds, |seed| play(*seed, &Plan::default()));
    let violations: Vec<_> = played.iter().filter_map(|played| played.as_ref().err()).collect();
    let mut total = Summary::default();
    played.iter().flatten().for_each(|summary| total.add(*summary));
    let (count, of_all) = (seeds.len(), share.of_all(SEEDS));
    say(&format!("{count} seeds{of_all} with {} violations: {total}", violations.len()));
    let stories: Vec<_> = violations.iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "{}", stories.join("\n"));
    let was_foul = total.faults >= 10 * count && (total.repeated > 0 || !share.is_whole());
    assert!(was_foul, "the weather was too good: {total}");
}

#[test]
fn a_seed_plays_the_same_world_again() {
    let plan = Plan { days: 20, leads: 9, ..Plan::default() };
    let played = side_by_side(&[7, 7], |seed| play(*seed, &plan).unwrap());
    assert_eq!(played[0], played[1]);
}

type Planted = (&'static str, fn(&mut Rules));

/// Mistakes that only the system is told, each of which the oracle must notice.
const PLANTED: [Planted; 16] = [
    ("a lower threshold", |rules| rules.threshold -= 10),
    ("a shorter half-life", |rules| rules.half_life = HOUR * 24 * 80),
    ("a lower floor", |rules| rules.floor -= 20),
    ("a score that never restarts", |rules| rules.restarts = !rules.restarts),
    ("points too many", |rules| rules.points[1].points += 1),
    ("a wider cap", |rules| rules.points[2].at_most_per_day = Some(40)),
    ("days by another calendar", |rules| rules.time_zone = "America/Los_Angeles".to_owned()),
    ("fit for another country", |rules| rules.countries[0].1 += 1),
    ("nobody excluded", |rules| rules.excluded = "nobody.example".to_owned()),
    ("another queue", |rules| rules.routes.swap_remove(0).1.clear()),
    ("other weights", |rules| rules.queues[0].members[0].1 *= 5),
    ("another supervisor", |rules| rules.people[0].supervisor = Some("sofia".to_owned())),
    ("a day off that counts", |rules| rules.people.iter_mut().for_each(|p| p.away.clear())),
    ("more time to accept", |rules| rules.clocks.accept_within += HOUR),
    ("less time to convert", |rules| rules.clocks.convert_within -= HOUR),
    ("less grace", |rules| rules.clocks.take_back_after -= HOUR),
];

#[test]
fn every_planted_mistake_is_found() {
    let share = Share::from_environment();
    let mistakes = share.of(PLANTED);
    let found = side_by_side(&mistakes, |(name, planted)| {
        let plan = Plan { planted: Some(*planted), leads: 30, ..Plan::default() };
        let violation = (0..FOUND_WITHIN).find_map(|seed| play(seed, &plan).err());
        violation.map(drop).ok_or(*name)
    });
    let missed: Vec<_> = found.iter().filter_map(|found| found.err()).collect();
    let (count, found) = (mistakes.len(), mistakes.len() - missed.len());
    let of_all = share.of_all(PLANTED.len());
    say(&format!("{found} of {count} planted mistakes found{of_all}"));
    assert!(missed.is_empty(), "not found: {missed:?}");
}

/// A figure, told also when the test passes.
fn say(figure: &str) {
    writeln!(std::io::stdout(), "{figure}").expect("somebody listens");
}
