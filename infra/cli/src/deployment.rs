//! Which deployment a verb is about.

use clap::Args as Arguments;

/// A deployment, by its table. Credentials and region come from the environment:
/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION
#[derive(Clone, Debug, Arguments)]
pub struct DeploymentArgs {
    /// The deployment's table: the output TableName of its stack
    #[arg(long, value_name = "NAME", env = "BATON_TABLE")]
    pub table: String,
}
