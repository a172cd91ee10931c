//! `cargo run -p baton-tests --bin simulate -- --seeds 10000`: as many worlds as you like.

use std::process::ExitCode;

use baton_tests::side_by_side;
use baton_tests::simulation::{self, Plan, Summary};
use clap::Parser;

/// Plays simulated worlds and holds each lead to the contract.
#[derive(Parser)]
struct Args {
    /// How many worlds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// This one world: what a violation named.
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// How long traffic comes in, in days.
    #[arg(long, default_value_t = Plan::default().days)]
    days: i64,
    /// At most so many leads in one world.
    #[arg(long, default_value_t = Plan::default().leads)]
    leads: usize,
}

#[expect(clippy::print_stdout, reason = "what it is for")]
fn main() -> ExitCode {
    let args = Args::parse();
    let plan = Plan { days: args.days, leads: args.leads, planted: None };
    let seeds = match args.seed {
        Some(seed) => vec![seed],
        None => (args.from..args.from + args.seeds).collect(),
    };
    let played = side_by_side(&seeds, |seed| {
        let played = simulation::play(*seed, &plan);
        if let Err(violation) = &played {
            println!("{violation}");
        }
        played.ok()
    });
    let violations = played.iter().filter(|played| played.is_none()).count();
    let mut total = Summary::default();
    played.into_iter().flatten().for_each(|summary| total.add(summary));
    println!("{} seeds with {violations} violations: {total}", seeds.len());
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
