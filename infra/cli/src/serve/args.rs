//! The options of `baton serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as Arguments;

use crate::clock_choice::{ClockChoice, parse_clock};

/// How to run the whole system.
#[derive(Clone, Debug, Arguments)]
pub struct ServeArgs {
    /// Address to answer on; beyond loopback the /local routes are off
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Folder that keeps the data over restarts
    #[arg(long, default_value = "baton-data", value_name = "DIR", conflicts_with = "memory")]
    pub data: PathBuf,
    /// Keep nothing over restarts
    #[arg(long)]
    pub memory: bool,
    /// Policy to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Roster to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Keys and secrets (TOML); made with fresh keys if absent [default: secrets.toml in the data
    /// folder]
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Where the time comes from: `system`, or `manual:2026-03-01T09:00:00Z` and moved by
    /// POST /local/clock [default: the manual clock that the data folder was kept by, if it was;
    /// else system]
    #[arg(long, value_name = "CLOCK", value_parser = parse_clock)]
    pub clock: Option<ClockChoice>,
    /// Address that links in alerts begin with [default: http:// and the address answered on]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}
