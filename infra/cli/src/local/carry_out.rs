//! DynamoDB's operations, by name, on the embedded database: what its server would do, without one.

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Carries out one operation, and gives the status and the body of the answer over HTTP. An error is
/// answered in DynamoDB's own words.
pub fn carry_out(database: &Database, operation: &str, body: &str) -> (u16, String) {
    match ask(database, operation, body) {
        Ok(body) => (200, body),
        Err(error) => (error.status_code(), error.to_json()),
    }
}

/// The operations that Baton asks for, and no other.
fn ask(database: &Database, operation: &str, body: &str) -> Result<String, DynoxideError> {
    match operation {
        "BatchGetItem" => written(database.batch_get_item(read(body)?)),
        "BatchWriteItem" => written(database.batch_write_item(read(body)?)),
        "CreateTable" => written(database.create_table(read(body)?)),
        "DeleteItem" => written(database.delete_item(read(body)?)),
        "DescribeTable" => written(database.describe_table(read(body)?)),
        "GetItem" => written(database.get_item(read(body)?)),
        "PutItem" => written(database.put_item(read(body)?)),
        "Query" => written(database.query(read(body)?)),
        "Scan" => written(database.scan(read(body)?)),
        "TransactWriteItems" => written(database.transact_write_items(read(body)?)),
        "UpdateItem" => written(database.update_item(read(body)?)),
        other => {
            let why = format!("The embedded database is never asked for {other}");
            Err(DynoxideError::ValidationException(why))
        }
    }
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, DynoxideError> {
    serde_json::from_str(body)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))
}

fn written(done: Result<impl Serialize, DynoxideError>) -> Result<String, DynoxideError> {
    let done = done?;
    serde_json::to_string(&done)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
