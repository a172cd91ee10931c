//! The whole system over a folder, as `serve` opens it, without its port.

use std::path::Path;
use std::sync::Arc;

use baton::local::Store;
use baton::local_stack::{LocalStack, Plan};
use baton_cloud::Clock;
use baton_engine::{Rules, Secrets};
use baton_tests::{BASE_URL, secrets_file};

/// The house whose table is in `folder`, with the sample rules.
pub(crate) async fn open(folder: &Path, clock: Clock) -> Arc<LocalStack> {
    let plan = Plan {
        store: Store::Folder(folder.to_owned()),
        rules: Rules::sample(),
        secrets: Secrets::read(&secrets_file()).expect("good secrets"),
        clock,
        base_url: BASE_URL.to_owned(),
        sns: None,
    };
    Arc::new(LocalStack::open(plan).await.expect("a house"))
}
