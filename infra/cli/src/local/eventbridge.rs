//! EventBridge `PutEvents`: what the service accepts, and its refusals in its own words.
//!
//! JSON 1.1 both ways. Too many or too large entries refuse the request whole; an entry that is
//! not an event fails alone, in its place in the answer, and the others are taken.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fault::Fault;

/// The most entries of one request.
const ENTRIES: usize = 10;
/// All entries of a request together are smaller than this.
const TOTAL_BYTES: usize = 1024 * 1024;
/// What an entry's time adds to its size, however it is written.
const TIME_BYTES: usize = 14;
/// The longest detail type, in characters.
const DETAIL_TYPE_CHARS: usize = 128;
/// The bus of an entry that names none.
const DEFAULT_BUS: &str = "default";

/// One EventBridge entry, as sent.
#[derive(Debug, Clone, PartialEq)]
pub struct PutEvent {
    /// The system that put it: `baton`.
    pub source: String,
    /// The event's name, such as `lead.qualified`.
    pub detail_type: String,
    /// The event's data: a JSON object.
    pub detail: Value,
    /// The bus, by name or ARN as the sender wrote it; `default` if it named none.
    pub bus: String,
    /// The lead that it is about, by its id.
    pub resources: Vec<String>,
}

/// Why one entry was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EntryFault {
    code: &'static str,
    message: String,
}

impl EntryFault {
    /// A fault of the service, after which the entry may be sent again.
    pub(super) fn internal() -> Self {
        Self { code: "InternalFailure", message: "The subscriber failed.".to_owned() }
    }

    fn argument(name: &str, reason: &str) -> Self {
        let message = format!("Parameter {name} is not valid. Reason: {name} {reason}.");
        Self { code: "InvalidArgument", message }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    source: Option<String>,
    detail_type: Option<String>,
    detail: Option<String>,
    event_bus_name: Option<String>,
    resources: Option<Vec<String>>,
    time: Option<Value>,
}

impl Entry {
    /// As the user guide counts it ("Calculating PutEvents event entry size").
    fn bytes(&self) -> usize {
        let strings = [&self.source, &self.detail_type, &self.detail].into_iter().flatten();
        let resources = self.resources.iter().flatten();
        let time = self.time.as_ref().map_or(0, |_| TIME_BYTES);
        strings.chain(resources).map(String::len).sum::<usize>() + time
    }

    fn check(self) -> Result<PutEvent, EntryFault> {
        let source = required("Source", self.source)?;
        let detail_type = required("DetailType", self.detail_type)?;
        let detail = required("Detail", self.detail)?;
        if detail_type.chars().count() > DETAIL_TYPE_CHARS {
            return Err(EntryFault::argument("DetailType", "is longer than 128 characters"));
        }
        if source.starts_with("aws.") {
            let message = "Not authorized for the source.".to_owned();
            return Err(EntryFault { code: "NotAuthorizedForSourceException", message });
        }
        let detail =
            serde_json::from_str(&detail).ok().filter(Value::is_object).ok_or_else(|| {
                EntryFault { code: "MalformedDetail", message: "Detail is malformed.".to_owned() }
            })?;
        let bus = self.event_bus_name.unwrap_or_else(|| DEFAULT_BUS.to_owned());
        let resources = self.resources.unwrap_or_default();
        Ok(PutEvent { source, detail_type, detail, bus, resources })
    }
}

fn required(name: &str, value: Option<String>) -> Result<String, EntryFault> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| EntryFault::argument(name, "is a required argument"))
}

/// Reads and checks a request: each entry on its own once the whole is within its limits.
pub(super) fn parse(
    target: Option<&[u8]>,
    body: &[u8],
) -> Result<Vec<Result<PutEvent, EntryFault>>, Fault> {
    if target != Some(b"AWSEvents.PutEvents") {
        return Err(Fault::sender("UnknownOperationException", "Only PutEvents is known here."));
    }
    let request: Request = serde_json::from_slice(body)
        .map_err(|_| Fault::sender("SerializationException", "The body is not a PutEvents."))?;
    let entries = request.entries;
    if entries.is_empty() || entries.len() > ENTRIES {
        return Err(Fault::sender(
            "ValidationException",
            "1 validation error detected: Value at 'entries' failed to satisfy constraint: \
             Member must have length between 1 and 10",
        ));
    }
    if entries.iter().map(Entry::bytes).sum::<usize>() >= TOTAL_BYTES {
        return Err(Fault::sender(
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        ));
    }
    Ok(entries.into_iter().map(Entry::check).collect())
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum Outcome {
    Taken { event_id: String },
    Failed { error_code: &'static str, error_message: String },
}

/// The answer: for each entry, in order, its event id or its fault.
pub(super) fn answered(results: Vec<Result<String, EntryFault>>, request_id: &str) -> Response {
    let failed = results.iter().filter(|result| result.is_err()).count();
    let entries = results.into_iter().map(|result| match result {
        Ok(event_id) => Outcome::Taken { event_id },
        Err(EntryFault { code, message }) => {
            Outcome::Failed { error_code: code, error_message: message }
        }
    });
    let entries = entries.collect::<Vec<_>>();
    reply(StatusCode::OK, &json!({"FailedEntryCount": failed, "Entries": entries}), request_id)
}

/// The answer to a request refused whole.
pub(super) fn refused(fault: &Fault, request_id: &str) -> Response {
    let body = json!({"__type": fault.code, "message": fault.message});
    reply(fault.status, &body, request_id)
}

fn reply(status: StatusCode, body: &Value, request_id: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/x-amz-json-1.1"),
        ("x-amzn-requestid", request_id),
    ];
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Option<&[u8]> = Some(b"AWSEvents.PutEvents");

    fn entry() -> Value {
        json!({"Source": "baton.score", "DetailType": "lead.qualified", "Detail": "{}"})
    }

    fn with(field: &str, value: Value) -> Value {
        let mut entry = entry();
        entry[field] = value;
        entry
    }

    fn parse_all(entries: &[Value]) -> Result<Vec<Result<PutEvent, EntryFault>>, Fault> {
        parse(TARGET, json!({ "Entries": entries }).to_string().as_bytes())
    }

    #[test]
    fn an_entry_arrives_as_it_was_sent() {
        let sent = json!({
            "Source": "baton.score", "DetailType": "lead.qualified", "Time": 1_700_000_000,
            "Detail": r#"{"lead":"l-1"}"#, "EventBusName": "baton", "Resources": ["arn:aws:x"],
        });
        let expected = PutEvent {
            source: "baton.score".to_owned(),
            detail_type: "lead.qualified".to_owned(),
            detail: json!({"lead": "l-1"}),
            bus: "baton".to_owned(),
            resources: vec!["arn:aws:x".to_owned()],
        };
        assert_eq!(parse_all(&[sent]).unwrap(), [Ok(expected)]);
    }

    #[test]
    fn a_bad_entry_fails_alone_with_the_services_code() {
        for (bad, code) in [
            (with("Source", Value::Null), "InvalidArgument"),
            (with("DetailType", json!("")), "InvalidArgument"),
            (with("DetailType", json!("x".repeat(129))), "InvalidArgument"),
            (with("Detail", Value::Null), "InvalidArgument"),
            (with("Detail", json!("[]")), "MalformedDetail"),
            (with("Detail", json!("{")), "MalformedDetail"),
            (with("Source", json!("aws.ec2")), "NotAuthorizedForSourceException"),
        ] {
            let results = parse_all(&[bad, entry()]).unwrap();
            assert_eq!(results[0].as_ref().unwrap_err().code, code);
            assert_eq!(results[1].as_ref().unwrap().bus, DEFAULT_BUS);
        }
    }

    #[test]
    fn more_than_ten_entries_or_none_are_refused_whole() {
        assert!(parse_all(&vec![entry(); ENTRIES]).is_ok());
        for count in [0, ENTRIES + 1] {
            let fault = parse_all(&vec![entry(); count]).unwrap_err();
            assert_eq!(fault.code, "ValidationException");
        }
    }

    #[test]
    fn entries_that_reach_a_megabyte_together_are_refused_whole() {
        // Two details, their sources and types, and one time come to one byte short of the limit.
        let rest = 2 * ("baton.score".len() + "lead.qualified".len()) + TIME_BYTES;
        let detail = |bytes: usize| format!(r#"{{"x":"{}"}}"#, "x".repeat(bytes - 8));
        let half = (TOTAL_BYTES - rest) / 2;
        let first = with("Detail", json!(detail(half)));
        let mut second = with("Detail", json!(detail(half - 1)));
        second["Time"] = json!(1_700_000_000);
        assert!(parse_all(&[first.clone(), second.clone()]).is_ok());
        second["Resources"] = json!(["x"]);
        assert_eq!(parse_all(&[first, second]).unwrap_err().code, "ValidationException");
    }

    #[test]
    fn another_operation_and_a_body_that_is_no_request_are_refused() {
        let unknown = parse(Some(b"AWSEvents.PutRule"), b"{}").unwrap_err();
        assert_eq!(unknown.code, "UnknownOperationException");
        for body in [&b""[..], b"{}", b"[]", b"\xff", br#"{"Entries":[7]}"#] {
            assert_eq!(parse(TARGET, body).unwrap_err().code, "SerializationException");
        }
    }
}
