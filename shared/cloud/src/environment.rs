//! The names of the environment's variables by which the deployment's template tells every function
//! where its resources are. A function that reads another one says so itself.

/// The name of the event bus.
pub const BUS: &str = "BATON_BUS";
/// The name or ARN of the secret whose text is a secrets file.
pub const SECRET: &str = "BATON_SECRET";
/// The name of the table.
pub const TABLE: &str = "BATON_TABLE";
/// The ARN of every person's topic, but for the person's id at its end.
pub const TOPIC_PREFIX: &str = "BATON_TOPIC_PREFIX";
/// The address that links begin with.
pub const URL: &str = "BATON_URL";

/// What a variable holds.
///
/// # Errors
///
/// That it is not set.
pub fn needed(name: &'static str) -> Result<String, Unset> {
    std::env::var(name).map_err(|_| Unset(name))
}

/// A variable that the deployment should have set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {0} is not set")]
pub struct Unset(pub(crate) &'static str);

/// All of them.
pub const VARIABLES: [&str; 5] = [BUS, SECRET, TABLE, TOPIC_PREFIX, URL];
