//! What can be typed after `baton`: the verbs. Each has its own options, in its own file.

use clap::{Parser, Subcommand};

use crate::demo::Demo;
use crate::fsck::Fsck;
use crate::import::Import;
use crate::publish::Edit;
use crate::quarantine::Quarantine;
use crate::roster::Roster;
use crate::secrets::Secrets;
use crate::serve::Serve;
use crate::source::Source;

/// Passes leads from marketing to sales and does not let anyone drop them.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Play the hand-off on sample data: 32 days in seconds, told as a timeline
    Demo(Demo),
    /// Run the whole system on this machine
    Serve(Serve),
    /// Look through a whole table and say everything that is wrong, and what to do about it
    Fsck(Fsck),
    /// Send a trade-show list (CSV) to a running Baton; safe to run twice
    Import(Import),
    /// Make the keys of a new deployment
    Secrets {
        /// What to do with them.
        #[command(subcommand)]
        verb: Secrets,
    },
    /// Write the mapping of a tool that posts payloads of its own
    Source {
        /// What to do with it.
        #[command(subcommand)]
        verb: Source,
    },
    /// Look after deliveries nothing could be made of
    Quarantine {
        /// What to do with them.
        #[command(subcommand)]
        verb: Quarantine,
    },
    /// Check a policy, publish it to a deployment, bring an earlier one back
    Policy {
        /// What to do with it.
        #[command(subcommand)]
        verb: Edit,
    },
    /// Check a roster, publish it to a deployment, look after people's e-mail and SMS
    Roster {
        /// What to do with it.
        #[command(subcommand)]
        verb: Roster,
    },
}
