//! AWS on this machine: what the functions' own SDK clients talk to under `baton serve`.
//!
//! [`EmbeddedDynamo`] is DynamoDB on one SQLite file; [`local_aws`] is SNS and EventBridge. Both take
//! the services' own requests and refuse what the services refuse, so the code that runs here is the
//! code that runs in the cloud. [`InProcess`] carries the requests, so that no port is open. None of
//! them knows leads, tables, the time or chance: what arrives goes, as sent, to a [`Subscriber`].

/// A client of one SDK for a stand-in of this process, which tries everything once.
#[cfg(test)]
macro_rules! client {
    ($sdk:ident, $http:expr) => {{
        use $sdk::config::{Config, Credentials, Region, retry::RetryConfig};
        let config = Config::builder()
            .behavior_version_latest()
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .retry_config(RetryConfig::disabled())
            .http_client($http);
        $sdk::Client::from_conf(config.build())
    }};
}

mod carry_out;
mod data_folder;
mod embedded_dynamo;
mod eventbridge;
mod fault;
mod in_process;
pub mod local_aws;
mod open_error;
mod sns;
mod sqs;
mod subscriber;

pub use carry_out::carry_out;
pub use embedded_dynamo::{EmbeddedDynamo, Store};
pub use eventbridge::PutEvent;
pub use in_process::InProcess;
pub use open_error::OpenError;
pub use sns::Published;
pub use sqs::delivery;
pub use subscriber::Subscriber;

pub(crate) use data_folder::is_used;

// The workspace's tests and benches still import it by this name.
