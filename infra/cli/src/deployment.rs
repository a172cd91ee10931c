//! The deployment that a command is about, and the AWS account it is in.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use baton_cloud::{Aws, Channels, Table, TopicPrefix, TopicPrefixError};
use clap::Args as Arguments;

/// A deployment, by its table. Credentials and region are found as the AWS CLI finds them: in the
/// environment, or in the profile that AWS_PROFILE names, SSO included
#[derive(Clone, Debug, Arguments)]
pub struct DeploymentArgs {
    /// The deployment's table: the output TableName of its stack
    #[arg(long, value_name = "NAME", env = "BATON_TABLE")]
    pub table: String,
}

/// An operator's AWS account: the region, and credentials that are renewed as they expire.
pub(crate) struct Account {
    region: String,
    credentials: SharedCredentialsProvider,
}

/// Why an operator's account can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    #[error(
        "no AWS region is set: name the deployment's in AWS_REGION, or a profile that has one in \
         AWS_PROFILE"
    )]
    NoRegion,
    #[error(
        "no AWS credentials were found: sign in with `aws sso login` or `aws configure` and name \
         the profile in AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    NoCredentials,
    #[error(
        "the AWS credentials can't be used; `aws sso login` renews a session that has expired, and \
         AWS_PROFILE chooses another profile"
    )]
    Credentials(#[source] CredentialsError),
}

impl Account {
    /// Finds the region and the credentials as the AWS CLI does, and tries the credentials once:
    /// later, the refusal of some request would hide why.
    pub(crate) async fn load() -> Result<Self, AccountError> {
        let loader = aws_config::defaults(BehaviorVersion::latest());
        Self::of(&loader.http_client(Aws::http_client()).load().await).await
    }

    async fn of(config: &SdkConfig) -> Result<Self, AccountError> {
        let region = config.region().ok_or(AccountError::NoRegion)?.to_string();
        let credentials = config.credentials_provider().ok_or(AccountError::NoCredentials)?;
        match credentials.provide_credentials().await {
            Ok(_) => Ok(Self { region, credentials }),
            Err(CredentialsError::CredentialsNotLoaded(_)) => Err(AccountError::NoCredentials),
            Err(source) => Err(AccountError::Credentials(source)),
        }
    }

    pub(crate) fn table(&self, name: &str) -> Table {
        Aws::operators_table(name, &self.region, self.credentials.clone())
    }

    pub(crate) fn channels(&self, prefix: &TopicPrefix) -> Result<Channels, TopicPrefixError> {
        Aws::operators_channels(prefix, &self.region, self.credentials.clone())
    }
}
