//! `baton serve` on a file store, killed at random moments under load, again and again: what was
//! acknowledged is stored once and counts once, and nothing is left half decided.
//!
//!     cargo run -p baton-tests --bin kills -- --kills 2000
//!
//! Each life is a store of its own, with a seed: what is sent and how long each process lives
//! follows from it. When a kill falls between two writes is the machine's doing, so a seed tells the
//! same story again, but not to the instruction.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

mod journal;
mod life;
mod load;
mod proof;

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use baton_tests::be_baton;
use clap::Parser;

use self::journal::Count;
use self::life::Life;

/// Kills `baton serve` under load and looks what became of what it had acknowledged
#[derive(Clone, Copy, Debug, Parser)]
struct Args {
    /// How often
    #[arg(long, default_value_t = 2000)]
    kills: usize,
    /// The first life's seed; the next life has the next one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Kills of one life, after which its store is looked through
    #[arg(long, default_value_t = 50)]
    per_life: usize,
    /// Lives at once
    #[arg(long, default_value_t = 2)]
    at_once: usize,
}

/// What all lives came to.
#[derive(Debug, Default)]
struct Sum {
    count: Count,
    items: usize,
    restarts: Vec<Duration>,
    /// What went wrong, with the seed of the life.
    wrong: Vec<(u64, String)>,
}

fn main() -> ExitCode {
    if be_baton() {
        return ExitCode::SUCCESS;
    }
    let args = Args::parse();
    let lives = args.kills.div_ceil(args.per_life.max(1));
    let kills = |life: usize| args.per_life.min(args.kills - life * args.per_life);
    let (next, sum) = (Mutex::new(0..lives), Mutex::new(Sum::default()));
    thread::scope(|scope| {
        for _ in 0..args.at_once.max(1) {
            scope.spawn(|| {
                loop {
                    let Some(life) = next.lock().expect("the next life").next() else { return };
                    let seed = args.seed + life as u64;
                    let lived = Life::begin(seed).live(kills(life));
                    add(&mut sum.lock().expect("the sum"), seed, lived);
                }
            });
        }
    });
    let sum = sum.into_inner().expect("the sum");
    tell(&args, &sum);
    if sum.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn add(sum: &mut Sum, seed: u64, lived: life::Lived) {
    sum.count.add(&lived.count);
    sum.items += lived.items;
    sum.restarts.extend(lived.restarts);
    sum.wrong.extend(lived.wrong.into_iter().map(|wrong| (seed, wrong)));
}

fn tell(args: &Args, sum: &Sum) {
    let Sum { count, items, restarts, wrong } = sum;
    for (seed, wrong) in wrong {
        eprintln!("seed {seed}: {wrong}");
    }
    let mut restarts = restarts.clone();
    restarts.sort_unstable();
    let at = |share: usize| restarts.get((restarts.len() * share / 100).min(restarts.len() - 1));
    let ms = |share| at(share).map_or(0, Duration::as_millis);
    let percent = 100.0 * count.again as f64 / count.deliveries.max(1) as f64;
    println!(
        "{} of {} kills, seed {}: {} deliveries, {percent:.0} % of them again; {} activities \
         acknowledged, {} lost, {} doubled; {} commands acknowledged, {} lost; {} findings in {items} \
         items; from a start to the first answer {} ms in the middle, {} ms at most",
        count.kills,
        args.kills,
        args.seed,
        count.deliveries,
        count.acknowledged,
        count.lost,
        count.doubled,
        count.commands,
        count.commands_lost,
        count.findings,
        ms(50),
        ms(100),
    );
}
