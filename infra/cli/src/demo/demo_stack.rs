//! A local stack, and the requests that tools, the CRM and people with a link make to it.

use std::fs;
use std::path::Path;

use aws_lambda_events::encodings::Body;
use baton_cloud::Clock;
use baton_core::id::{LeadId, PersonId};
use baton_documents::policy;
use baton_engine::{Rules, Secrets};
use baton_http::{Payload, Reply};
use http::{HeaderValue, Method, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::form::Form;
use super::script;
use crate::exit::BoxError;
use crate::local::Store;
use crate::local_stack::{LocalStack, Plan};
use crate::secrets_file;

/// Where links in alerts lead: to the `baton serve` that may follow.
const BASE_URL: &str = "http://127.0.0.1:8787";
/// The sample roster, with two people away for a while.
const ROSTER: &str = include_str!("../../demo/roster.toml");

/// Keys of a stack that no network leads to: the same every time, and so are the links.
const KEYS: &str = "link_key = 'a demo needs no secret, only a link that never changes'\n\
                    desk.current = 'the desk of the demo'\n\
                    sources.website.current = 'the website of the demo'\n\
                    sources.tradeshow.current = 'the trade show of the demo'\n";

/// A local stack, and the keys for it.
pub(super) struct DemoStack {
    pub(super) stack: LocalStack,
    pub(super) rules: Rules,
    pub(super) clock: Clock,
    keys: Keys,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    Website,
    TradeShow,
    Desk,
}

/// An answer that the demo did not expect: something is wrong with Baton or with its data.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path} was answered with {status}: {body}")]
struct Unexpected {
    method: Method,
    path: String,
    status: i64,
    body: String,
}

#[derive(Deserialize)]
struct Keys {
    desk: KeyEntry,
    sources: Sources,
}

#[derive(Deserialize)]
struct Sources {
    website: KeyEntry,
    tradeshow: KeyEntry,
}

#[derive(Deserialize)]
struct KeyEntry {
    current: String,
}

pub(super) type DemoResult<T> = Result<T, BoxError>;

impl DemoStack {
    /// Opens a stack in memory, or in a folder with keys of its own.
    pub(super) async fn open(keep: Option<&Path>) -> DemoResult<Self> {
        let rules =
            Rules::read(("the sample policy", policy::SAMPLE), ("the demo's roster", ROSTER))?;
        let (store, keys) = match keep {
            None => (Store::Memory, KEYS.to_owned()),
            Some(folder) => {
                let file = folder.join("secrets.toml");
                secrets_file::read_or_make(&file, &rules.sources)?;
                (Store::Folder(folder.to_owned()), fs::read_to_string(file)?)
            }
        };
        let clock = Clock::manual(script::start());
        let plan = Plan {
            store,
            rules: rules.clone(),
            secrets: Secrets::read(&keys)?,
            clock: clock.clone(),
            base_url: BASE_URL.to_owned(),
            sns: None,
        };
        Ok(Self {
            stack: LocalStack::open(plan).await?,
            rules,
            clock,
            keys: toml::from_str(&keys)?,
        })
    }

    /// `POST /activities`: an outcome for each activity.
    pub(super) async fn send(&self, caller: Caller, body: &Value) -> DemoResult<Vec<Value>> {
        let mut payload = self.payload(Method::POST, "/activities", Some(caller));
        payload.body = Some(body.to_string());
        let reply = self.stack.http(payload).await;
        let mut answer: Value = serde_json::from_str(&text(&reply))?;
        match (reply.status_code, answer["results"].take()) {
            (200, Value::Array(results)) => Ok(results),
            (200, _) => Ok(vec![answer]),
            // A single activity that can't be used is a request that can't be used.
            (422, _) if answer["code"] == "invalid_activity" => {
                Ok(vec![json!({ "outcome": "invalid", "error": answer })])
            }
            _ => Err(unexpected(Method::POST, "/activities", &reply)),
        }
    }

    /// The lead as JSON, or something about it: `/history`.
    pub(super) async fn get_lead(&self, lead: LeadId, what: &str) -> DemoResult<Value> {
        let path = format!("/leads/{lead}{what}");
        let reply = self.stack.http(self.payload(Method::GET, &path, Some(Caller::Desk))).await;
        match reply.status_code {
            200 => Ok(serde_json::from_str(&text(&reply))?),
            _ => Err(unexpected(Method::GET, &path, &reply)),
        }
    }

    /// The lead that a link leads to, and the person whose link it is.
    pub(super) fn target_of(&self, link: &str) -> Option<(LeadId, PersonId)> {
        let (_, token) = link.split_once("/l/")?;
        let links = &self.stack.services().settings().links;
        let link = links.read(token, &self.rules.roster, self.stack.now())?;
        Some((link.lead, link.person))
    }

    /// The CRM, or somebody at the desk, says something about a lead.
    pub(super) async fn command(
        &self,
        method: Method,
        lead: LeadId,
        word: &str,
        body: &Value,
    ) -> DemoResult<()> {
        let path = format!("/leads/{lead}/{word}");
        let mut payload = self.payload(method.clone(), &path, Some(Caller::Desk));
        payload.body = Some(body.to_string());
        let reply = self.stack.http(payload).await;
        if reply.status_code == 200 { Ok(()) } else { Err(unexpected(method, &path, &reply)) }
    }

    /// Opens the page that a link leads to.
    pub(super) async fn open_link(&self, link: &str) -> DemoResult<String> {
        let path = link.trim_start_matches(BASE_URL);
        let mut payload = self.payload(Method::GET, path, None);
        payload.headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        let reply = self.stack.http(payload).await;
        match reply.status_code {
            200 => Ok(text(&reply)),
            _ => Err(unexpected(Method::GET, "/l/…", &reply)),
        }
    }

    /// Presses the button of a form.
    pub(super) async fn submit(&self, form: &Form<'_>, fields: &[(&str, &str)]) -> DemoResult<()> {
        const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut payload = self.payload(Method::POST, form.action, None);
        payload.headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        payload.headers.insert(header::CONTENT_TYPE, FORM);
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("token", form.token).extend_pairs(fields);
        payload.body = Some(body.finish());
        let reply = self.stack.http(payload).await;
        match reply.status_code {
            303 => Ok(()),
            _ => Err(unexpected(Method::POST, form.action, &reply)),
        }
    }

    /// A request as API Gateway hands it to a function.
    fn payload(&self, method: Method, path: &str, caller: Option<Caller>) -> Payload {
        let mut payload = Payload::default();
        payload.version = Some("2.0".to_owned());
        payload.raw_path = Some(path.to_owned());
        payload.request_context.stage = Some("$default".to_owned());
        payload.request_context.http.path = Some(path.to_owned());
        payload.request_context.http.method = method;
        if let Some(caller) = caller {
            let bearer = format!("Bearer {}", self.keys.of(caller));
            // A key that is no header value opens nothing, and the answer says so.
            if let Ok(value) = HeaderValue::try_from(bearer) {
                payload.headers.insert(header::AUTHORIZATION, value);
            }
        }
        payload
    }
}

impl Keys {
    fn of(&self, caller: Caller) -> &str {
        match caller {
            Caller::Website => &self.sources.website.current,
            Caller::TradeShow => &self.sources.tradeshow.current,
            Caller::Desk => &self.desk.current,
        }
    }
}

/// Finds the links in a message: one, or many if it is a digest.
pub(super) fn links_in(message: &str) -> impl Iterator<Item = &str> {
    message.split_whitespace().filter(|word| word.starts_with(&format!("{BASE_URL}/l/")))
}

fn text(reply: &Reply) -> String {
    match &reply.body {
        Some(Body::Text(text)) => text.clone(),
        Some(_) | None => String::new(),
    }
}

fn unexpected(method: Method, path: &str, reply: &Reply) -> BoxError {
    let (status, body) = (reply.status_code, text(reply));
    Unexpected { method, path: path.to_owned(), status, body }.into()
}
