//! The names of the environment's variables by which the deployment's template tells every function
//! where its resources are. A function that reads another one says so itself.

pub(crate) const BUS: &str = "BATON_BUS";
pub(crate) const SECRET: &str = "BATON_SECRET";
pub(crate) const TABLE: &str = "BATON_TABLE";
pub(crate) const TOPIC_PREFIX: &str = "BATON_TOPIC_PREFIX";
pub(crate) const URL: &str = "BATON_URL";

/// All of them.
pub const VARIABLES: [&str; 5] = [BUS, SECRET, TABLE, TOPIC_PREFIX, URL];
