//! What may become of a call, and what a service says that does not do what it was asked.

use serde_json::json;

use super::Request;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is answered.
    Pass,
    /// The service says no, with this status, and does nothing.
    Refuse(u16),
    /// The same, by a service that quotes the whole request in its error.
    RefuseQuoting(u16),
    /// The service has a fault of its own, and does nothing.
    Fail,
    /// The service is asked too much, and does nothing.
    Throttle,
    /// Another transaction has the item, and nothing is written. Reads pass.
    Conflict,
    /// The service answers that it did not get to any of the keys or entries, and does nothing.
    NotTaken,
    /// It never arrives: the connection breaks.
    Lose,
    /// It is carried out, and the connection breaks before the answer.
    LoseAnswer,
    /// It never arrives, and the sender waits until it has had enough.
    Hang,
    /// It is carried out, and the sender waits until it has had enough.
    HangAfter,
    /// It arrives once the sender has stopped waiting, and is carried out then.
    Late,
    /// The function that sends it ends there, before it is sent.
    Kill,
    /// It is carried out, and the function that sent it ends there.
    KillAfter,
}

impl Fate {
    /// Whether what is asked for is done.
    pub fn is_carried_out(self) -> bool {
        match self {
            Self::Pass | Self::LoseAnswer | Self::HangAfter | Self::Late | Self::KillAfter => true,
            Self::Refuse(_)
            | Self::RefuseQuoting(_)
            | Self::Fail
            | Self::Throttle
            | Self::Conflict
            | Self::NotTaken
            | Self::Lose
            | Self::Hang
            | Self::Kill => false,
        }
    }
}

/// An answer: its status and its body.
pub(crate) type Answer = (u16, String);

/// A no of a kind that no SDK takes for a passing one by its name.
pub(super) fn refused(status: u16, message: &str) -> Answer {
    (status, json!({ "__type": "ValidationException", "message": message }).to_string())
}

/// Success, but for all of it: the keys of a batch, or the bus's one entry.
pub(super) fn not_taken(request: &Request) -> Answer {
    if request.operation == "BatchGetItem" {
        let left = &request.json()["RequestItems"];
        return (200, json!({ "Responses": {}, "UnprocessedKeys": left }).to_string());
    }
    let entries = [json!({ "ErrorCode": "ThrottlingException", "ErrorMessage": "by the test" })];
    (200, json!({ "FailedEntryCount": 1, "Entries": entries }).to_string())
}

pub(super) fn failed(request: &Request) -> Answer {
    match request.operation.as_str() {
        "Publish" => (500, xml("InternalError")),
        _ => (500, error("InternalServerError")),
    }
}

pub(super) fn throttled(request: &Request) -> Answer {
    match request.operation.as_str() {
        "Publish" => (429, xml("Throttled")),
        "TransactWriteItems" => cancelled(request, "ThrottlingError"),
        _ => (400, error("ThrottlingException")),
    }
}

/// What a write is told whose item another transaction has; `None` for what cannot conflict.
pub(super) fn conflicting(request: &Request) -> Option<Answer> {
    match request.operation.as_str() {
        "TransactWriteItems" => Some(cancelled(request, "TransactionConflict")),
        "PutItem" | "UpdateItem" | "DeleteItem" => {
            Some((400, error("TransactionConflictException")))
        }
        _ => None,
    }
}

/// The last item is the one; the reasons are in the order of the items.
fn cancelled(request: &Request, code: &str) -> Answer {
    let items = request.transact_items();
    let code = |n| if n + 1 == items { code } else { "None" };
    let reasons: Vec<_> = (0..items).map(|n| json!({ "Code": code(n) })).collect();
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "cancelled by the test", "CancellationReasons": reasons,
    });
    (400, body.to_string())
}

fn error(code: &str) -> String {
    json!({ "__type": code, "message": "said by the test" }).to_string()
}

fn xml(code: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error>\
         <Type>Receiver</Type><Code>{code}</Code><Message>said by the test</Message></Error>\
         <RequestId>0</RequestId></ErrorResponse>"
    )
}
