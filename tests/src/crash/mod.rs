//! The crash points: each call that a function makes of the table, the bus and SNS, in every part
//! of the hand-off, is broken in every way that a call can break; what recovers from it must leave
//! the world in which nothing broke.

mod call_log;
mod fault;
mod final_state;
mod play;
mod scenarios;

use baton_share::Share;

use crate::side_by_side;
use call_log::Call;
pub use fault::Fault;
use final_state::FinalState;
pub use scenarios::{SCENARIOS, Scenario, Step};

/// One call of one scenario, and how it breaks.
#[derive(Clone, Debug)]
pub struct Point {
    scenario: &'static Scenario,
    call: usize,
    fault: Fault,
    /// In words: `accept: TransactWriteItems (call 3) is killed`.
    pub name: String,
}

/// What came of a share of the points.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many there are in all.
    pub points: usize,
    /// How many of them were tried.
    pub tried: usize,
    /// Messages that went out twice, of all points together.
    pub repeated: usize,
    /// What went wrong, by point.
    pub wrong: Vec<String>,
}

/// A scenario in which nothing breaks.
struct Straight {
    calls: Vec<Call>,
    end: FinalState,
}

/// Plays every scenario once to learn its calls, and then once for each point of a share.
pub fn points_of(share: Share) -> Outcome {
    let straight: Vec<_> = side_by_side(SCENARIOS, |scenario| {
        let played = play::scenario(scenario, None);
        Straight { calls: played.calls, end: played.end }
    });
    let all: Vec<_> = SCENARIOS.iter().zip(&straight).flat_map(points).collect();
    let count = all.len();
    let points = share.of(all);
    let results = side_by_side(&points, |point| {
        let index = SCENARIOS.iter().position(|scenario| scenario.name == point.scenario.name);
        verdict(point, &straight[index.expect("one of ours")])
    });
    let mut outcome = Outcome { points: count, tried: points.len(), ..Outcome::default() };
    for (point, result) in points.iter().zip(results) {
        match result {
            Ok(repeated) => outcome.repeated += repeated,
            Err(why) => outcome.wrong.push(format!("{}\n{why}", point.name)),
        }
    }
    outcome
}

fn points((scenario, straight): (&'static Scenario, &Straight)) -> impl Iterator<Item = Point> {
    straight.calls.iter().enumerate().flat_map(move |(index, call)| {
        Fault::of(call).map(move |fault| {
            let name = format!("{}: {} (call {index}) {fault}", scenario.name, call.operation);
            Point { scenario, call: index, fault, name }
        })
    })
}

/// How many messages went out twice, which must be none but those whose answer got lost.
fn verdict(point: &Point, straight: &Straight) -> Result<usize, String> {
    let played = play::scenario(point.scenario, Some((point.call, point.fault)));
    if !played.struck {
        return Err("the call was not made again".to_owned());
    }
    let repeatable = call_log::repeatable(&straight.calls, point.call, point.fault);
    let repeatable: Vec<_> =
        repeatable.into_iter().map(|call| straight.end.words_of(call)).collect();
    final_state::same(&straight.end, &played.end, &repeatable)
}
