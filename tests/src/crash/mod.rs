//! Every crash point: each call that a function makes of the table, the bus and SNS, in every part
//! of the hand-off, is broken in every way that a call can break; what recovers from it must leave
//! the world in which nothing broke.

mod fault;
mod play;
mod scenes;
mod tape;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use fault::Fault;
pub use scenes::{SCENES, Scene, Step};
use tape::Call;
use world::World;

/// One call of one scene, and how it breaks.
#[derive(Clone, Debug)]
pub struct Point {
    scene: &'static Scene,
    call: usize,
    fault: Fault,
    /// In words: `accept: TransactWriteItems (call 3) is killed`.
    pub name: String,
}

/// What came of all points.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many there are.
    pub points: usize,
    /// Messages that went out twice, of all points together.
    pub repeated: usize,
    /// What went wrong, by point.
    pub wrong: Vec<String>,
}

/// A scene in which nothing breaks.
struct Straight {
    calls: Vec<Call>,
    end: World,
}

/// Plays every scene once to learn its calls, and then once for each point.
pub fn every_point() -> Outcome {
    let straight: Vec<_> = side_by_side(SCENES, |scene| {
        let played = play::scene(scene, None);
        Straight { calls: played.calls, end: played.end }
    });
    let points: Vec<_> = SCENES.iter().zip(&straight).flat_map(points).collect();
    let results = side_by_side(&points, |point| {
        let index = SCENES.iter().position(|scene| scene.name == point.scene.name);
        verdict(point, &straight[index.expect("one of ours")])
    });
    let mut outcome = Outcome { points: points.len(), ..Outcome::default() };
    for (point, result) in points.iter().zip(results) {
        match result {
            Ok(repeated) => outcome.repeated += repeated,
            Err(why) => outcome.wrong.push(format!("{}\n{why}", point.name)),
        }
    }
    outcome
}

fn points((scene, straight): (&'static Scene, &Straight)) -> impl Iterator<Item = Point> {
    straight.calls.iter().enumerate().flat_map(move |(index, call)| {
        Fault::of(call).map(move |fault| {
            let name = format!("{}: {} (call {index}) {fault}", scene.name, call.operation);
            Point { scene, call: index, fault, name }
        })
    })
}

/// How many messages went out twice, which must be none but those whose answer got lost.
fn verdict(point: &Point, straight: &Straight) -> Result<usize, String> {
    let played = play::scene(point.scene, Some((point.call, point.fault)));
    if !played.struck {
        return Err("the call was not made again".to_owned());
    }
    let repeatable = tape::repeatable(&straight.calls, point.call, point.fault);
    let repeatable: Vec<_> =
        repeatable.into_iter().map(|call| straight.end.words_of(call)).collect();
    world::same(&straight.end, &played.end, &repeatable)
}

/// As many at once as the machine has cores, in the order asked.
fn side_by_side<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O>
where
    for<'i> &'i I: Send,
{
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            // As a main thread has: unoptimised futures are large.
            let worker = thread::Builder::new().stack_size(8 << 20);
            let worker = worker.spawn_scoped(scope, || {
                while let Some((index, item)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = work(item);
                    done.lock().expect("nobody panicked").push((index, result));
                }
            });
            worker.expect("a thread");
        }
    });
    let mut done = done.into_inner().expect("nobody panicked");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
