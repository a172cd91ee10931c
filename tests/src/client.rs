//! A running Baton, as those see it who know nothing but its address and their key.

use std::borrow::Borrow;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ureq::http::{self, HeaderMap};

use crate::BASE_URL;

/// The key of the CRM and of scripts.
pub const DESK_KEY: &str = "desk-key-for-tests-0001";
/// The key of source `website`.
pub const WEBSITE_KEY: &str = "website-key-for-tests-0001";
/// The key that source `website` had before, while it is being rotated.
pub const OLD_WEBSITE_KEY: &str = "website-key-for-tests-0000";
/// The key of source `tradeshow`.
pub const TRADESHOW_KEY: &str = "tradeshow-key-for-tests-0001";

/// A request that takes this long hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// The secrets of every system under test: the same each time, so that links are, too.
pub fn secrets_file() -> String {
    format!(
        "link_key = \"link-key-for-tests-0123456789abcdef\"\n[desk]\ncurrent = \"{DESK_KEY}\"\n\
         [sources.website]\ncurrent = \"{WEBSITE_KEY}\"\nprevious = \"{OLD_WEBSITE_KEY}\"\n\
         [sources.tradeshow]\ncurrent = \"{TRADESHOW_KEY}\"\n\
         [sources.signed]\ncurrent = \"{}\"\n",
        hook_secret("signed")
    )
}

/// The secret of a hook.
pub fn hook_secret(source: &str) -> String {
    format!("whsec_{}", STANDARD.encode(format!("{source}-secret-for-tests-0001")))
}

/// The secret that a hook had before, while it is being rotated.
pub fn old_hook_secret(source: &str) -> String {
    format!("whsec_{}", STANDARD.encode(format!("{source}-secret-for-tests-0000")))
}

/// Where a lead is, by its id, `email:ADDRESS` or `SOURCE:ID`.
pub fn lead_path(lead: &str) -> String {
    format!("/leads/{}", encoded(lead))
}

/// A text as a segment of a path, in a query or in a form.
pub fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let encode = |b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(encode).collect()
}

/// A running Baton.
#[derive(Clone, Debug)]
pub struct Baton {
    url: String,
    agent: ureq::Agent,
}

/// A request in the making.
#[derive(Debug)]
pub struct Call<'b> {
    baton: &'b Baton,
    request: http::request::Builder,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Baton {
    /// The Baton that answers at `http://HOST:PORT`.
    pub fn at(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A connection kept over a restart would fail the first request after it.
            .max_idle_connections(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(ANSWER_WITHIN));
        Self { url: url.to_owned(), agent: config.build().into() }
    }

    /// `HOST:PORT`, for what no HTTP client would send.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Begins a request.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        let uri = format!("{}{path}", self.url);
        let request = http::Request::builder().method(method).uri(uri);
        Call { baton: self, request, body: Vec::new() }
    }

    /// Asks for a path with the desk key.
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).key(DESK_KEY).send()
    }

    /// What somebody did, told by the trade show's badge scanner; gives the answer.
    pub fn activity(&self, activity: impl Borrow<Value>) -> Value {
        self.activity_from(TRADESHOW_KEY, activity)
    }

    /// What somebody did, told by the source with that key.
    pub fn activity_from(&self, key: &str, activity: impl Borrow<Value>) -> Value {
        self.call("POST", "/activities").key(key).json(activity.borrow()).send().expect(200).json()
    }

    /// Lets time pass: every deadline on the way lapses at its own moment. Gives the time then.
    pub fn advance(&self, by: &str) -> String {
        let moved = self.call("POST", "/local/clock").json(&json!({ "advance": by })).send();
        moved.expect(200).json()["now"].as_str().expect("the clock says the time").to_owned()
    }

    /// The lead, as JSON.
    pub fn lead(&self, lead: &str) -> Value {
        self.get(&lead_path(lead)).expect(200).json()
    }

    /// Every decision about the lead.
    pub fn history(&self, lead: &str) -> Value {
        self.get(&format!("{}/history", lead_path(lead))).expect(200).json()
    }

    /// Why its score is what it is.
    pub fn ledger(&self, lead: &str) -> Value {
        self.get(&format!("{}/ledger", lead_path(lead))).expect(200).json()
    }

    /// Commands a lead with the desk key; `body` may be null.
    pub fn command(&self, lead: &str, command: &str, body: &Value) -> Answer {
        let call = self.call("POST", &format!("{}/{command}", lead_path(lead))).key(DESK_KEY);
        if body.is_null() { call.send() } else { call.json(body).send() }
    }

    /// Reports a status in the CRM's words.
    pub fn put_status(&self, lead: &str, word: &str) -> Answer {
        let call = self.call("PUT", &format!("{}/status", lead_path(lead))).key(DESK_KEY);
        call.json(&json!({ "status": word })).send()
    }

    /// Alerts that would have gone out, newest last.
    pub fn inbox(&self) -> Vec<Value> {
        self.list("/local/inbox")
    }

    /// Events published, newest last.
    pub fn events(&self) -> Vec<Value> {
        self.list("/local/events")
    }

    /// The path that the newest alert to that person links to.
    pub fn link_of(&self, person: &str) -> String {
        let inbox = self.inbox();
        let newest = inbox.iter().rev().find(|letter| letter["to"] == person);
        let body = newest.and_then(|letter| letter["body"].as_str()).expect("they have an alert");
        let start = body.find(BASE_URL).expect("an alert has a link") + BASE_URL.len();
        let rest = &body[start..];
        rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())].to_owned()
    }

    fn list(&self, path: &str) -> Vec<Value> {
        let list = self.call("GET", path).send().expect(200).json();
        list.as_array().expect("a list").clone()
    }
}

impl Call<'_> {
    /// Sends a key along.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Sends a header along.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Asks as a browser does.
    #[must_use]
    pub fn from_browser(self) -> Self {
        self.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.header("content-type", "application/json").body(value.to_string())
    }

    /// Sends a page's form.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// Sends these bytes.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it all and waits for the answer.
    pub fn send(self) -> Answer {
        self.try_send().expect("an answer in UTF-8")
    }

    /// The same of somebody who may be gone before the answer is whole.
    pub fn try_send(self) -> Option<Answer> {
        let request = self.request.body(self.body).expect("a request that HTTP allows");
        let mut response = self.baton.agent.run(request).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        let headers = response.headers().clone();
        Some(Answer { status: response.status().as_u16(), headers, text })
    }
}

impl Answer {
    /// The answer, which must have this status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| json!({ "not json": self.text }))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status and code of a problem, which must look like one.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        (self.status, problem["code"].as_str().unwrap_or_default().to_owned())
    }
}
