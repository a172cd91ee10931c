//! What is done with a policy or a roster: the options that both have.

use std::path::PathBuf;

use baton_cloud::TopicPrefix;
use clap::{Args as Arguments, Subcommand};

use crate::deployment::DeploymentArgs;

/// What to do with a document.
#[derive(Debug, Subcommand)]
pub enum DocumentCommand {
    /// Read FILE and report every mistake with its line
    Check {
        /// The TOML document
        file: PathBuf,
    },
    /// Put FILE into force on a deployment, within a minute and without deploying
    Publish {
        /// The TOML document
        file: PathBuf,
        /// The other document, when the two only fit each other: both or neither come into force
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
        /// The deployment it is published to.
        #[command(flatten)]
        at: DeploymentArgs,
        /// Whose topics are made, and who is subscribed to them.
        #[command(flatten)]
        people: SubscriptionArgs,
    },
    /// Every edition that was published, newest first
    History {
        /// The deployment it is published to.
        #[command(flatten)]
        at: DeploymentArgs,
    },
    /// Put an earlier edition into force again
    Rollback {
        /// Its number in the history
        number: u64,
        /// The deployment it is published to.
        #[command(flatten)]
        at: DeploymentArgs,
        /// Whose topics are made, and who is subscribed to them.
        #[command(flatten)]
        people: SubscriptionArgs,
    },
}

/// Whom a roster's publication makes topics for, and subscribes to them. A policy alone needs
/// none of it.
#[derive(Clone, Debug, Arguments)]
pub struct SubscriptionArgs {
    /// What people's topics begin with: the output TopicPrefix of the stack. A roster needs it
    #[arg(long, value_name = "ARN-PREFIX", env = "BATON_TOPIC_PREFIX")]
    pub topics: Option<TopicPrefix>,
    /// Make no topics and subscribe nobody, for a table from which nobody is to be told
    #[arg(long)]
    pub no_topics: bool,
    /// End the subscriptions of people who are not on the roster even if they are most of those
    /// whom alerts reach now
    #[arg(long)]
    pub let_go: bool,
}
