//! The `--clock` option of the commands that open a data folder.

use std::path::Path;

use baton_cloud::Clock;
use jiff::Timestamp;

use crate::local_stack;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChoice {
    /// The clock of the machine.
    System,
    /// A clock that stands at this moment until it is moved by HTTP.
    Manual(Timestamp),
}

impl ClockChoice {
    /// The clock that was chosen, else the one that the folder's data was made by.
    pub(crate) fn resolve(chosen: Option<Self>, folder: Option<&Path>) -> Self {
        let kept = || local_stack::kept_time(&local_stack::clock_file(folder?));
        chosen.or_else(|| kept().map(Self::Manual)).unwrap_or(Self::System)
    }

    pub(crate) fn open(self) -> Clock {
        match self {
            Self::System => Clock::System,
            Self::Manual(at) => Clock::manual(at),
        }
    }
}

/// Parses the option's value.
pub(crate) fn parse_clock(text: &str) -> Result<ClockChoice, String> {
    match (text, text.strip_prefix("manual:")) {
        ("system", _) => Ok(ClockChoice::System),
        (_, Some(time)) => time
            .parse()
            .map(ClockChoice::Manual)
            .map_err(|_| "after 'manual:' comes a time such as 2026-03-01T09:00:00Z".to_owned()),
        _ => Err("'system' or 'manual:' and a time such as 2026-03-01T09:00:00Z".to_owned()),
    }
}
