//! The options of `baton roster`.

use baton_cloud::TopicPrefix;
use baton_core::id::PersonId;
use clap::{Args as Arguments, Subcommand};

use crate::deployment::DeploymentArgs;
use crate::publish::DocumentCommand;

/// What to do with a roster.
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// What is done with every document.
    #[command(flatten)]
    Edit(DocumentCommand),
    /// How the e-mail and SMS of everybody on the published roster stand; ends with 1 if one of
    /// them is not confirmed, or somebody is told who should not be
    Channels {
        /// The deployment whose roster it is.
        #[command(flatten)]
        at: DeploymentArgs,
        /// The topics of the people on the roster.
        #[command(flatten)]
        topics: TopicArgs,
    },
    /// Confirm an e-mail address by the link in the mail that SNS sent there, so that only your
    /// account can end the subscription
    Confirm {
        /// The link as it was copied, not opened; or the token in it
        #[arg(value_name = "LINK-OR-TOKEN")]
        link: String,
        /// Whose it is: a link says so itself, a token does not
        #[arg(long, value_name = "ID", value_parser = PersonId::parse)]
        person: Option<PersonId>,
        /// The deployment whose roster it is.
        #[command(flatten)]
        at: DeploymentArgs,
        /// The topics of the people on the roster.
        #[command(flatten)]
        topics: TopicArgs,
    },
}

/// The topics of the people on a roster.
#[derive(Clone, Debug, Arguments)]
pub struct TopicArgs {
    /// What they begin with: the output TopicPrefix of the stack
    #[arg(long = "topics", value_name = "ARN-PREFIX", env = "BATON_TOPIC_PREFIX")]
    pub prefix: TopicPrefix,
}
