//! The store without Baton: the two requests that an activity costs, and nothing else.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Config, Credentials, Region};
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use baton::local::InProcess;
use baton_cloud::Tokenless;
use sha2::{Digest, Sha256};

/// The table under `serve`.
const TABLE: &str = "baton";

type Item = HashMap<String, AttributeValue>;

/// A client like Baton's own.
pub(crate) fn client(http: InProcess) -> Client {
    let config = Config::builder()
        .behavior_version_latest()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(http)
        .interceptor(Tokenless);
    Client::from_conf(config.build())
}

/// Somebody who writes what Baton would write about leads of their own.
pub(crate) struct Bare {
    client: Client,
    activity: Item,
    leads: Vec<String>,
    written: usize,
}

impl Bare {
    /// Goes on with these leads where Baton stopped; the newest activity is `website`'s `id`.
    pub(crate) async fn after(client: Client, id: &str, leads: Vec<String>) -> Self {
        let activity = read(&client, &activity_key(id), "activity").await;
        Self { client, activity, leads, written: 0 }
    }

    /// Reads a lead, writes it back under its version, and a new activity with it.
    pub(crate) async fn record(&mut self) {
        let id = &self.leads[self.written % self.leads.len()];
        self.written += 1;
        let mut lead = read(&self.client, &format!("lead#{id}"), "lead").await;
        let was = lead["version"].clone();
        let version: u64 = was.as_n().expect("a number").parse().expect("a whole number");
        lead.insert("version".to_owned(), AttributeValue::N((version + 1).to_string()));
        let lead = Put::builder()
            .condition_expression("version = :was")
            .expression_attribute_values(":was", was)
            .set_item(Some(lead));
        let activity = Put::builder()
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .set_item(Some(self.next_activity(id)));
        let write = self.client.transact_write_items().transact_items(put(activity));
        write.transact_items(put(lead)).send().await.expect("nobody else writes these");
    }

    fn next_activity(&self, lead: &str) -> Item {
        let mut activity = self.activity.clone();
        let key = activity_key(&format!("{}-{}", &lead[..16], self.written));
        activity.insert("pk".to_owned(), text(&key));
        activity.insert("ledger_of".to_owned(), text(lead));
        activity
    }
}

/// As long as Baton's own.
fn activity_key(id: &str) -> String {
    let hash: String = Sha256::digest(id)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("activity#website#{hash}")
}

fn put(put: PutBuilder) -> TransactWriteItem {
    let put = put.table_name(TABLE).build().expect("a table and an item");
    TransactWriteItem::builder().put(put).build()
}

async fn read(client: &Client, pk: &str, sk: &str) -> Item {
    let get = client.get_item().table_name(TABLE).key("pk", text(pk)).key("sk", text(sk));
    let got = get.consistent_read(true).send().await.expect("an answer");
    got.item.expect("the item")
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
