//! The local end of SQS: a message of the queue, as Lambda hands it to the
//! function that reads the queue.

use serde_json::{Value, json};

/// The payload in which Lambda hands over one message: an event in EventBridge's envelope.
pub fn delivery(envelope: &Value) -> Value {
    json!({ "Records": [{
        "messageId": envelope["id"],
        "receiptHandle": envelope["id"],
        "body": envelope.to_string(),
        "attributes": { "ApproximateReceiveCount": "1" },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:baton-route-inbox",
        "awsRegion": "us-east-1",
    }] })
}
