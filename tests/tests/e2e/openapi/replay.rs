//! Examples as requests: each is sent as its own tool, person or program would send it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_documents::roster;
use baton_engine::Rules;
use baton_tests::{Answer, Call, DESK_KEY, TOPIC, WEBSITE_KEY, World, encoded, hook_secret};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::document::{Operation, content};

/// The policy that the contract is checked with.
const POLICY: &str = include_str!("../../../../infra/aws/contract/policy.toml");

/// A request that the document shows.
pub(super) struct Example<'d> {
    pub(super) operation: Operation<'d>,
    /// Empty if it has none.
    pub(super) name: &'d str,
    body: Option<(&'d str, &'d Value)>,
}

/// The contract's sources, and one that speaks SNS: it takes somebody who plays Amazon.
pub(super) fn world() -> World {
    let sns = format!(
        "[[source]]\nname = \"badges\"\npreset = \"badge_sns\"\n\
         verify = {{ scheme = \"sns\", topics = [\"{TOPIC}\"] }}\n"
    );
    let policy = format!("{POLICY}\n{sns}");
    let rules = Rules::read(("policy.toml", &policy), ("the sample roster", roster::SAMPLE));
    World::with(rules.expect("a good policy"))
}

impl<'d> Example<'d> {
    /// The requests an operation shows; one without a body is shown by its parameters.
    pub(super) fn all(operation: Operation<'d>) -> Vec<Self> {
        let bodies = operation.bodies().flat_map(move |(kind, content)| {
            let examples = operation.document.examples(content).into_iter();
            examples.map(move |(name, value)| (name, (kind, value)))
        });
        let example = |(name, body)| Self { operation, name, body: Some(body) };
        let mut all: Vec<_> = bodies.map(example).collect();
        if all.is_empty() {
            all.push(Self { operation, name: "", body: None });
        }
        all
    }

    pub(super) fn title(&self) -> String {
        format!("{} {}", self.operation.name(), self.name)
    }

    /// The status it is answered with: that of the answer of the same name, else the first there is,
    /// but for a page's form, which goes on elsewhere where it can.
    pub(super) fn status(&self) -> u16 {
        let is_named = |answer: &Value| {
            let document = self.operation.document;
            let mut names = content(answer).flat_map(|(_, shown)| document.examples(shown));
            names.any(|(name, _)| name == self.name)
        };
        let mut answers = self.operation.answers().filter(|_| !self.name.is_empty());
        let named = answers.find(|(_, answer, _)| is_named(answer));
        let is_page = self.operation.method == "post" && self.operation.is_of("pages");
        let goes_on = || self.operation.answers().find(|(status, ..)| is_page && *status == 303);
        let first = || self.operation.answers().next();
        named.or_else(goes_on).or_else(first).map_or(200, |(status, _, _)| status)
    }

    /// The answer to the letter, where the operation itself shows one. What it shares with others
    /// shows the shape, but for a GET: that shows a lead as its only visit left it.
    pub(super) fn answer(&self) -> Option<&'d Value> {
        let status = self.status();
        let mut answers = self.operation.answers();
        let (_, answer, is_shared) = answers.find(|(code, ..)| *code == status)?;
        let contents =
            content(answer).flat_map(|(_, shown)| self.operation.document.examples(shown));
        let known: Vec<_> = contents.collect();
        let named = known.iter().find(|(name, _)| *name == self.name);
        let only = known.first().filter(|_| known.len() == 1);
        let is_exact = !is_shared || self.operation.method == "get";
        named.or(only).filter(|_| is_exact).map(|(_, value)| *value)
    }

    /// Sends it, with what proves the sender or without.
    pub(super) fn send(&self, world: &World, is_proven: bool) -> Answer {
        let (mut path, mut query) = (self.operation.path.to_owned(), Vec::new());
        let mut headers = Vec::new();
        for parameter in self.operation.parameters() {
            let Some(value) = self.value_of(parameter) else { continue };
            let name = parameter["name"].as_str().unwrap();
            match parameter["in"].as_str().unwrap() {
                "path" => path = path.replace(&format!("{{{name}}}"), &encoded(&value)),
                "query" => query.push(format!("{name}={}", encoded(&value))),
                "header" => headers.push((name, value)),
                other => panic!("{}: a parameter in {other}", self.title()),
            }
        }
        let source = path.rsplit('/').next().unwrap_or_default().to_owned();
        let (kind, body) = self.bytes(world);
        if is_proven && source == "jotform" {
            query.push(format!("key={}", encoded(&hook_secret(&source))));
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let mut call = world.call(&self.operation.method.to_uppercase(), &path);
        for (name, value) in headers {
            call = call.header(name, &value);
        }
        if is_proven {
            call = self.proven(call, &source, &body);
        }
        if kind.is_empty() {
            call.send()
        } else {
            call.header("content-type", &kind).body(body).send()
        }
    }

    /// The parameter's example of this name, or its only one.
    fn value_of(&self, parameter: &'d Value) -> Option<String> {
        let known = self.operation.document.examples(parameter);
        let found = known.iter().find(|(name, _)| name.is_empty() || *name == self.name);
        let is_needed = parameter["required"] == true;
        assert!(found.is_some() || !is_needed, "{}: {}", self.title(), parameter["name"]);
        found.map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    fn proven<'w>(&self, call: Call<'w>, source: &str, body: &[u8]) -> Call<'w> {
        let security = self.operation.security();
        match (security.first().copied(), source) {
            (Some("sourceKey"), _) => call.key(WEBSITE_KEY),
            (Some("deskKey"), _) => call.key(DESK_KEY),
            (Some(""), "cloudevents") => call.key(&hook_secret(source)),
            (Some(""), "zapier") => call.header("x-api-key", &hook_secret(source)),
            (Some(""), "typeform") => call.header("typeform-signature", &signature(source, body)),
            // In the URL, by the page it is on, signed by Amazon, or open to everybody.
            (Some("") | None, _) => call,
            (Some(other), _) => panic!("{}: {other}", self.title()),
        }
    }

    /// The content type and the bytes, as the tool writes them.
    fn bytes(&self, world: &World) -> (String, Vec<u8>) {
        const BOUNDARY: &str = "baton-7d1f";
        let Some((kind, value)) = self.body else { return Default::default() };
        let fields = || value.as_object().unwrap().iter().map(|(k, v)| (k, v.as_str().unwrap()));
        let (kind, text) = match kind {
            "application/x-www-form-urlencoded" => {
                let pairs = fields().map(|(k, v)| format!("{}={}", encoded(k), encoded(v)));
                (kind.to_owned(), pairs.collect::<Vec<_>>().join("&"))
            }
            "multipart/form-data" => {
                let part = |(name, value)| {
                    let disposition = "content-disposition: form-data; name=";
                    format!("--{BOUNDARY}\r\n{disposition}\"{name}\"\r\n\r\n{value}\r\n")
                };
                let parts: String = fields().map(part).collect();
                (format!("{kind}; boundary={BOUNDARY}"), format!("{parts}--{BOUNDARY}--\r\n"))
            }
            "text/plain" => (kind.to_owned(), signed_by_amazon(value.as_str().unwrap(), world)),
            _ => (kind.to_owned(), value.to_string()),
        };
        (kind, text.into_bytes())
    }
}

/// Typeform's: base64 of the body's HMAC.
fn signature(source: &str, body: &[u8]) -> String {
    let secret = hook_secret(source);
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(body);
    format!("sha256={}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The document can't show a signature that is good; the rest of the message is as it says.
fn signed_by_amazon(message: &str, world: &World) -> String {
    let shown: Value = serde_json::from_str(message).unwrap();
    let text = |name: &str| shown[name].as_str().unwrap();
    let mut sent = world.amazon().notification(text("MessageId"), text("Message"));
    let signature = sent["Signature"].take();
    let mut bare = shown.clone();
    bare["Signature"] = Value::Null;
    assert_eq!(sent, bare);
    sent["Signature"] = signature;
    sent.to_string()
}
