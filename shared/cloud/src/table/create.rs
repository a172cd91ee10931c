//! The table's shape, for `serve` and tests. On AWS the deployment's template makes it.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};

use super::{Table, keys};
use crate::error::Error;

impl Table {
    /// Creates the table unless it is there. Safe to run twice, or twice at once.
    ///
    /// # Errors
    ///
    /// When the store says anything but "made" or "there already".
    pub async fn create(&self) -> Result<(), Error> {
        let mut request = self
            .client
            .create_table()
            .table_name(&self.name)
            .billing_mode(BillingMode::PayPerRequest)
            .key_schema(key(keys::PK, KeyType::Hash))
            .key_schema(key(keys::SK, KeyType::Range));
        for (name, kind) in ATTRIBUTES {
            request = request.attribute_definitions(attribute(name, kind));
        }
        for (name, hash, range, projected) in INDEXES {
            request = request.global_secondary_indexes(index(name, hash, range, projected));
        }
        match request.send().await {
            Ok(_) => Ok(()),
            Err(e) if is_there(&e) => Ok(()),
            Err(e) => Err(Error::aws("CreateTable")(e)),
        }
    }
}

const ATTRIBUTES: [(&str, ScalarAttributeType); 9] = [
    (keys::PK, ScalarAttributeType::S),
    (keys::SK, ScalarAttributeType::S),
    (keys::DUE_SHARD, ScalarAttributeType::N),
    (keys::DUE_AT, ScalarAttributeType::N),
    (keys::HELD_BY, ScalarAttributeType::S),
    (keys::DAY, ScalarAttributeType::S),
    (keys::AT_MS, ScalarAttributeType::N),
    (keys::LEDGER_OF, ScalarAttributeType::S),
    (keys::OCCURRED_MS, ScalarAttributeType::N),
];

/// Name, partition key, sort key, and what is projected: everything, or these attributes.
const INDEXES: [(&str, &str, &str, &[&str]); 4] = [
    (keys::BY_DUE, keys::DUE_SHARD, keys::DUE_AT, &[keys::ITEM, "lead", keys::ROW]),
    (keys::BY_OWNER, keys::HELD_BY, keys::DUE_AT, &[keys::ITEM, "lead", keys::ROW]),
    (keys::BY_DAY, keys::DAY, keys::AT_MS, &[]),
    (keys::BY_LEAD, keys::LEDGER_OF, keys::OCCURRED_MS, &[]),
];

fn attribute(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    let built = AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
    built.expect("name and type are given")
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    let built = KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    built.expect("name and type are given")
}

fn index(name: &str, hash: &str, range: &str, projected: &[&str]) -> GlobalSecondaryIndex {
    let mut projection = Projection::builder().projection_type(ProjectionType::All);
    if !projected.is_empty() {
        let names = projected.iter().map(|&name| name.to_owned()).collect();
        projection = Projection::builder()
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(names));
    }
    let built = GlobalSecondaryIndex::builder()
        .index_name(name)
        .key_schema(key(hash, KeyType::Hash))
        .key_schema(key(range, KeyType::Range))
        .projection(projection.build())
        .build();
    built.expect("name and keys are given")
}

fn is_there(error: &SdkError<CreateTableError>) -> bool {
    error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception)
}
