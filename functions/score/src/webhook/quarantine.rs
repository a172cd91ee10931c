//! `/quarantine`: deliveries nothing could be made of, for whoever mends the mapping.

use baton_cloud::{Held, Quarantined};
use baton_core::correlation::Correlation;
use baton_core::id::SourceName;
use baton_http::{Answer, Problem, Request};
use baton_intake::Source;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{InQuarantine, body, nothing};
use crate::Score;
use crate::activities::unavailable;

/// Deliveries listed of one source.
const LISTED: usize = 200;

#[derive(Serialize)]
struct List {
    quarantined: Vec<Held>,
    /// Whether a source has more than are listed.
    has_more: bool,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    held: Held,
    body: String,
}

impl Score {
    pub(crate) async fn quarantine(
        &self,
        path: &[&str],
        request: &Request,
    ) -> Result<Answer, Problem> {
        const WHO: &str = "send a desk key as 'Authorization: Bearer KEY'";
        if !request.bearer().is_some_and(|key| self.secrets.is_desk(key)) {
            return Err(Problem::unauthorised(WHO));
        }
        match (request.verb(), path) {
            ("GET", []) => self.list(request.query("source")).await,
            ("GET", [source, id]) => {
                let Quarantined { held, body } = self.found(source, id).await?;
                let body = String::from_utf8_lossy(&body).into_owned();
                Ok(Answer::json(200, &Shown { held, body }))
            }
            ("POST", [source, id, "retry"]) => {
                self.retry(self.found(source, id).await?, &request.correlation).await
            }
            (_, [] | [_, _]) => Err(Problem::wrong_method("GET")),
            (_, [_, _, "retry"]) => Err(Problem::wrong_method("POST")),
            _ => Err(Problem::no_route()),
        }
    }

    async fn list(&self, only: Option<&str>) -> Result<Answer, Problem> {
        let rules = self.services.settings().rules();
        let sources = &rules.sources;
        let wanted = |source: &&SourceName| only.is_none_or(|only| source.as_str() == only);
        let mut list = List { quarantined: Vec::new(), has_more: false };
        for source in sources.keys().filter(wanted) {
            let waiting = self.services.table().waiting(source, LISTED).await;
            let waiting = waiting.map_err(|e| unavailable(&e))?;
            list.has_more |= waiting.len() == LISTED;
            list.quarantined.extend(waiting);
        }
        Ok(Answer::json(200, &list))
    }

    async fn found(&self, source: &str, id: &str) -> Result<Quarantined, Problem> {
        let missing = || Problem::new(404, "not_in_quarantine", "there is no such delivery");
        let source = SourceName::parse(source).map_err(|_| missing())?;
        if id.is_empty() || id.len() > ID_DIGITS {
            return Err(missing());
        }
        let found = self.services.table().quarantined(&source, id).await;
        found.map_err(|e| unavailable(&e))?.ok_or_else(missing)
    }

    /// Tries a delivery again with the mapping as it is now. Whoever retries a suspicious delivery
    /// vouches for it. Retrying twice does no harm: what was recorded already is a duplicate.
    async fn retry(
        &self,
        quarantined: Quarantined,
        correlation: &Correlation,
    ) -> Result<Answer, Problem> {
        let Quarantined { held, body } = quarantined;
        if !held.is_waiting() {
            return Ok(Answer::json(200, &nothing()));
        }
        let rules = self.services.settings().rules();
        let source = rules.sources.get(&held.source).ok_or_else(|| {
            let detail = format!("the policy has no source {} any more", held.source);
            Problem::new(409, "no_such_source", detail)
        })?;
        let request = replayed(&held, body, correlation);
        let delivered = match body::read(&request, source).await {
            Ok(delivery) => self.record(source, delivery, &request).await?,
            Err(flaw) => {
                let reasons = vec![format!("the body {flaw}")];
                let quarantined = Some(InQuarantine { id: held.id.clone(), reasons });
                super::Delivered { quarantined, ..nothing() }
            }
        };
        if delivered.quarantined.is_none() {
            let taken = self.services.table().taken(&held, self.now()).await;
            taken.map_err(|e| unavailable(&e))?;
        }
        Ok(Answer::json(200, &delivered))
    }

    /// A delivery on its way into quarantine.
    pub(super) fn held(
        &self,
        source: &Source,
        request: &Request,
        reasons: Vec<String>,
        is_suspect: bool,
    ) -> Quarantined {
        let held = Held {
            source: source.name.clone(),
            id: id(source, request),
            received_at: self.now(),
            reasons,
            is_suspect,
            headers: body::headers(request, source),
            query: body::query(request, source),
            taken_at: None,
            erased_at: None,
        };
        Quarantined { held, body: request.body.clone() }
    }
}

/// Hexadecimal digits of a delivery's id.
const ID_DIGITS: usize = 24;

/// The same for the same delivery: the hash of its source, its kind and its body.
fn id(source: &Source, request: &Request) -> String {
    let kind = request.header("content-type").unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [source.name.as_str().as_bytes(), kind.as_bytes(), &request.body] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())[..ID_DIGITS].to_owned()
}

/// The request as it was, but for what proved it.
fn replayed(held: &Held, body: Vec<u8>, correlation: &Correlation) -> Request {
    let header = |(name, value): (&String, &String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    };
    let headers: HeaderMap = held.headers.iter().filter_map(header).collect();
    let path = vec!["webhooks".to_owned(), held.source.to_string()];
    let (query, correlation) = (held.query.clone(), correlation.clone());
    let cookies = Vec::new();
    Request { method: Method::POST, path, query, headers, cookies, body, correlation }
}
