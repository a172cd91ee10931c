//! The command line of `baton`.

use clap::{Parser, Subcommand};

use crate::demo::DemoArgs;
use crate::fsck::FsckArgs;
use crate::import::ImportArgs;
use crate::publish::DocumentCommand;
use crate::quarantine::QuarantineCommand;
use crate::roster::RosterCommand;
use crate::secrets::SecretsCommand;
use crate::serve::ServeArgs;
use crate::source::SourceCommand;

/// Passes leads from marketing to sales and does not let anyone drop them.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Args {
    /// The command that was typed.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; each has its options in a file of its own.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play the hand-off on sample data: 32 days in seconds, told as a timeline
    Demo(DemoArgs),
    /// Run the whole system on this machine
    Serve(ServeArgs),
    /// Look through a whole table and say everything that is wrong, and what to do about it
    Fsck(FsckArgs),
    /// Send a trade-show list (CSV) to a running Baton; safe to run twice
    Import(ImportArgs),
    /// Make the keys of a new deployment
    Secrets {
        /// What to do with them.
        #[command(subcommand)]
        command: SecretsCommand,
    },
    /// Write the mapping of a tool that posts payloads of its own
    Source {
        /// What to do with it.
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// Look after deliveries nothing could be made of
    Quarantine {
        /// What to do with them.
        #[command(subcommand)]
        command: QuarantineCommand,
    },
    /// Check a policy, publish it to a deployment, bring an earlier one back
    Policy {
        /// What to do with it.
        #[command(subcommand)]
        command: DocumentCommand,
    },
    /// Check a roster, publish it to a deployment, look after people's e-mail and SMS
    Roster {
        /// What to do with it.
        #[command(subcommand)]
        command: RosterCommand,
    },
}
