//! AWS on this machine: what the functions' own SDK clients talk to under `baton serve`.
//!
//! [`EmbeddedDynamo`] is the table's endpoint, DynamoDB on one SQLite file; [`LocalAws`] is the
//! endpoint of SNS and EventBridge. Both speak the services' own protocols on loopback and refuse
//! what the services refuse, so the code that runs here is the code that runs in the cloud. Neither
//! knows leads, tables, the time or chance: what arrives goes, as sent, to a [`Subscriber`].

/// A client of one SDK for an endpoint on this machine, which tries everything once.
#[cfg(test)]
macro_rules! client {
    ($sdk:ident, $endpoint:expr) => {{
        use $sdk::config::{Config, Credentials, Region, retry::RetryConfig};
        let config = Config::builder()
            .behavior_version_latest()
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .retry_config(RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url($endpoint);
        $sdk::Client::from_conf(config.build())
    }};
}

mod data_folder;
mod embedded_dynamo;
mod eventbridge;
mod fault;
mod local_aws;
mod open_error;
mod sns;
mod sqs;
mod subscriber;

pub use embedded_dynamo::{EmbeddedDynamo, Store};
pub use eventbridge::PutEvent;
pub use local_aws::LocalAws;
pub use open_error::OpenError;
pub use sns::Published;
pub use sqs::delivery;
pub use subscriber::Subscriber;

pub(crate) use data_folder::is_used;

// The workspace's tests and benches still import it by this name.
