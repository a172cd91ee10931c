//! SNS `Publish`: what the service accepts, and its refusals in its own words.
//!
//! The query protocol: a form in, XML out. A message the service would refuse is refused here
//! with the service's own code, so a subject that loses an alert in the cloud loses it on a desk
//! first. Nothing is sent from here; a [`Published`] says what was asked for.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;

/// A subject has fewer characters than this.
const SUBJECT_CHARS: usize = 100;
/// A message and its attributes together, unless the topic says otherwise.
const MESSAGE_BYTES: usize = 256 * 1024;

/// One SNS Publish, as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The ARN of the topic.
    pub topic_arn: String,
    /// The subject line of an e-mail.
    pub subject: Option<String>,
    /// The message exactly as it came: a JSON object of bodies if it was sent as one.
    pub message: String,
    /// What a subscriber gets whose protocol has no body of its own.
    pub default: String,
    /// The bodies that were sent for one protocol alone, by its name; see [`Published::text_for`].
    pub bodies: BTreeMap<String, String>,
    /// The message attributes: a string's own text, a binary's base64.
    pub attributes: BTreeMap<String, String>,
}

impl Published {
    /// What a subscriber gets: the body for its protocol, else the default.
    #[must_use]
    pub fn text_for(&self, protocol: &str) -> &str {
        self.bodies.get(protocol).unwrap_or(&self.default)
    }
}

/// The bodies of a message sent with `MessageStructure=json`. A body that is no string is passed
/// over, as the service does; a key named twice fails to parse.
#[derive(Deserialize)]
struct Bodies {
    default: Option<Value>,
    email: Option<Value>,
    sms: Option<Value>,
}

/// Reads and checks a request: its form fields by name.
pub(super) fn parse(mut form: BTreeMap<String, String>) -> Result<Published, Fault> {
    if form.get("Action").map(String::as_str) != Some("Publish") {
        return Err(Fault::sender("InvalidAction", "The action is not valid for this endpoint."));
    }
    let topic_arn = topic(form.remove("TopicArn"))?;
    let subject = form.remove("Subject").map(subject).transpose()?;
    let message = form.remove("Message").unwrap_or_default();
    let attributes = attributes(&form)?;
    if message.is_empty() {
        return Err(invalid("Empty message"));
    }
    if message.len() + attributes.bytes > MESSAGE_BYTES {
        return Err(invalid("Message too long"));
    }
    let (default, bodies) = match form.get("MessageStructure").map(String::as_str) {
        None => (message.clone(), BTreeMap::new()),
        Some("json") => bodies(&message)?,
        Some(_) => return Err(invalid("Invalid message structure. Must be json")),
    };
    let attributes = attributes.values;
    Ok(Published { topic_arn, subject, message, default, bodies, attributes })
}

/// The answer to a publish. The ids are ours, so nothing in them needs escaping.
pub(super) fn accepted(message_id: &str, request_id: &str) -> Response {
    let result = format!("<PublishResult><MessageId>{message_id}</MessageId></PublishResult>");
    let metadata = format!("<RequestId>{request_id}</RequestId>");
    xml(
        StatusCode::OK,
        "PublishResponse",
        &format!("{result}<ResponseMetadata>{metadata}</ResponseMetadata>"),
    )
}

/// The answer to what was refused. Faults speak in fixed words, so nothing needs escaping.
pub(super) fn refused(fault: &Fault, request_id: &str) -> Response {
    let Fault { status, code, message } = fault;
    let side = if status.is_server_error() { "Receiver" } else { "Sender" };
    let error = format!("<Type>{side}</Type><Code>{code}</Code><Message>{message}</Message>");
    let body = format!("<Error>{error}</Error><RequestId>{request_id}</RequestId>");
    xml(*status, "ErrorResponse", &body)
}

fn xml(status: StatusCode, root: &str, inner: &str) -> Response {
    const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";
    let body = format!(r#"<{root} xmlns="{NAMESPACE}">{inner}</{root}>"#);
    (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
}

fn topic(arn: Option<String>) -> Result<String, Fault> {
    let arn = arn
        .ok_or_else(|| invalid("TopicArn or TargetArn Reason: no value for required parameter"))?;
    // arn:partition:sns:region:account:name
    let well_formed = arn.starts_with("arn:") && arn.split(':').count() >= 6;
    if well_formed { Ok(arn) } else { Err(invalid("TopicArn")) }
}

/// The older, stricter rule of the API reference. Newer wording allows UTF-8, but not everywhere
/// that we deliver to; what passes here passes both.
fn subject(subject: String) -> Result<String, Fault> {
    let starts_well = subject.chars().next().is_some_and(|first| first.is_ascii_graphic());
    let printable = subject.chars().all(|c| c.is_ascii() && !c.is_ascii_control());
    if starts_well && printable && subject.chars().count() < SUBJECT_CHARS {
        Ok(subject)
    } else {
        Err(invalid("Subject"))
    }
}

/// The default body of a structured message, and those for e-mail and SMS.
fn bodies(message: &str) -> Result<(String, BTreeMap<String, String>), Fault> {
    let Bodies { default, email, sms } = serde_json::from_str(message)
        .map_err(|_| invalid("Message Structure - JSON message body failed to parse"))?;
    let default = text(default)
        .ok_or_else(|| invalid("Message Structure - No default entry in JSON message body"))?;
    let own = [("email", email), ("sms", sms)].into_iter();
    let own = own.filter_map(|(protocol, body)| Some((protocol.to_owned(), text(body)?)));
    Ok((default, own.collect()))
}

fn text(value: Option<Value>) -> Option<String> {
    value.and_then(|value| value.as_str().map(str::to_owned))
}

struct Attributes {
    values: BTreeMap<String, String>,
    /// Names, types and values: what counts towards a message's size.
    bytes: usize,
}

/// Reads `MessageAttributes.entry.N.{Name, Value.DataType, Value.StringValue}`, N from 1.
fn attributes(form: &BTreeMap<String, String>) -> Result<Attributes, Fault> {
    let mut read = Attributes { values: BTreeMap::new(), bytes: 0 };
    for number in 1.. {
        let field = |part: &str| form.get(&format!("MessageAttributes.entry.{number}.{part}"));
        let Some(name) = field("Name") else { break };
        let kind = field("Value.DataType").map_or(0, String::len);
        let value = field("Value.StringValue").or_else(|| field("Value.BinaryValue"));
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Err(Fault::sender(
                "ParameterValueInvalid",
                "A message attribute must contain a non-empty value for its type.",
            ));
        };
        read.bytes += name.len() + kind + value.len();
        read.values.insert(name.clone(), value.clone());
    }
    Ok(read)
}

fn invalid(what: &str) -> Fault {
    Fault::sender("InvalidParameter", &format!("Invalid parameter: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:baton-kim";

    fn form(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let base = [("Action", "Publish"), ("TopicArn", TOPIC), ("Message", "Hello")];
        let fields = base.iter().chain(fields);
        fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn code(fields: &[(&str, &str)]) -> &'static str {
        parse(form(fields)).unwrap_err().code
    }

    fn structured(message: &str) -> Result<Published, Fault> {
        parse(form(&[("Message", message), ("MessageStructure", "json")]))
    }

    #[test]
    fn a_plain_message_serves_every_protocol() {
        let published = parse(form(&[("Subject", "Lead: Kim & Co")])).unwrap();
        assert_eq!(published.topic_arn, TOPIC);
        assert_eq!(published.subject.as_deref(), Some("Lead: Kim & Co"));
        assert_eq!((published.text_for("email"), published.text_for("sms")), ("Hello", "Hello"));
        assert!(published.bodies.is_empty());
    }

    #[test]
    fn a_structured_message_gives_each_protocol_its_body_else_the_default() {
        let whole = structured(r#"{"default":"d","email":"e","sms":"s","http":"h"}"#).unwrap();
        assert_eq!((whole.text_for("email"), whole.text_for("sms")), ("e", "s"));
        let partial = structured(r#"{"default":"d","email":7}"#).unwrap();
        assert_eq!((partial.text_for("email"), partial.text_for("sms")), ("d", "d"));
        assert!(partial.bodies.is_empty());
        assert_eq!(partial.message, r#"{"default":"d","email":7}"#);
    }

    #[test]
    fn a_structured_message_without_a_string_default_is_refused() {
        for message in ["{}", r#"{"email":"e"}"#, r#"{"default":7}"#, "[]", "nonsense", "7"] {
            assert_eq!(structured(message).unwrap_err().code, "InvalidParameter", "{message}");
        }
        let twice = structured(r#"{"default":"a","default":"b"}"#);
        assert_eq!(twice.unwrap_err().code, "InvalidParameter");
    }

    #[test]
    fn a_subject_the_service_would_refuse_is_refused() {
        let long = "x".repeat(SUBJECT_CHARS);
        for subject in ["", " x", "two\nlines", "tab\there", "bell\u{7}", "Zoë", &long] {
            assert_eq!(code(&[("Subject", subject)]), "InvalidParameter", "{subject:?}");
        }
        let longest = "x".repeat(SUBJECT_CHARS - 1);
        assert!(parse(form(&[("Subject", &longest)])).is_ok());
    }

    #[test]
    fn a_message_is_neither_empty_nor_over_the_limit_with_its_attributes() {
        assert_eq!(code(&[("Message", "")]), "InvalidParameter");
        let full = "x".repeat(MESSAGE_BYTES);
        assert!(parse(form(&[("Message", &full)])).is_ok());
        let attribute = [
            ("Message", full.as_str()),
            ("MessageAttributes.entry.1.Name", "kind"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", "assigned"),
        ];
        assert_eq!(code(&attribute), "InvalidParameter");
        assert_eq!(parse(form(&attribute[1..])).unwrap().attributes["kind"], "assigned");
    }

    #[test]
    fn an_attribute_without_a_value_is_refused() {
        let name = ("MessageAttributes.entry.1.Name", "kind");
        assert_eq!(code(&[name]), "ParameterValueInvalid");
    }

    #[test]
    fn an_unknown_action_and_a_missing_topic_are_refused() {
        assert_eq!(code(&[("Action", "Subscribe")]), "InvalidAction");
        assert_eq!(code(&[("TopicArn", "kim")]), "InvalidParameter");
    }
}
