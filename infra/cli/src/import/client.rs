//! Posting a batch to a Baton, and what can go wrong on the way, each as one clear sentence.

use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, io, thread};

use baton_core::id::SourceName;
use http::{Response, StatusCode, Uri, header};
use serde::Deserialize;
use ureq::{Agent, Body, Proxy};

use super::activity_result::{ActivityResult, Problem};
use super::encoding::for_terminal;

/// Tries before one batch is given up.
const TRIES: u32 = 8;
/// The wait before the second try; every further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait, whatever the server asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long one answer may take: a full batch that alerts everybody on a slow disk.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// The most of an answer that is read, in bytes: a full batch in which every field is wrong.
const ANSWER_BYTES: u64 = 16 * 1024 * 1024;

/// Where the key of a source was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyFrom {
    Environment,
    File(PathBuf),
}

impl fmt::Display for KeyFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment variable BATON_SOURCE_KEY"),
            Self::File(file) => f.write_str(&file.display().to_string()),
        }
    }
}

/// A source's key, and where it was found.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) source: SourceName,
    pub(super) text: String,
    pub(super) from: KeyFrom,
}

/// Why rows could not be posted.
#[derive(Debug, thiserror::Error)]
pub(super) enum PostError {
    #[error("'{url}' is no address; it reads like http://127.0.0.1:8787 or https://baton.example")]
    InvalidUrl { url: String },
    #[error("the key in {from} has a character that keys can't have")]
    InvalidKey { from: KeyFrom },
    #[error(
        "no Baton answers on {url}; start it with `baton serve`, or say where it is with --url"
    )]
    Unreachable { url: String, source: io::Error },
    #[error("no secure connection to {url} can be made")]
    Tls { url: String, source: io::Error },
    #[error(
        "Baton on {url} does not take the key of source '{source_name}' found in {from}; it takes \
         the one in the secrets file it was started with: give that file with --secrets, or the \
         key in BATON_SOURCE_KEY"
    )]
    WrongKey { url: String, source_name: SourceName, from: KeyFrom },
    #[error("what answers on {url} is not a Baton ({what}); say where it is with --url")]
    NotBaton { url: String, what: String },
    #[error("Baton on {url} refused the request: {detail}")]
    Refused { url: String, detail: String },
    #[error("Baton on {url} was tried {TRIES} times in vain; the last time it {what}")]
    GaveUp { url: String, what: String },
}

/// Why one attempt failed.
enum AttemptError {
    /// Another attempt may help; `after` is how long the server asks to wait.
    Transient { what: String, after: Option<Duration> },
    /// Nothing answers there. If it did a moment ago, another attempt may help.
    Unreachable(io::Error),
    /// Another attempt will not help.
    Permanent(PostError),
}

/// Is called before each wait with what went wrong and how long the wait is.
pub(super) type OnRetry<'a> = &'a mut dyn FnMut(&str, Duration);

/// An HTTP client of one running Baton.
pub(super) struct Client {
    agent: Agent,
    url: String,
    key: Key,
    authorization: String,
    has_answered: bool,
}

impl Client {
    pub(super) fn new(url: &str, key: Key) -> Result<Self, PostError> {
        let wrong = || PostError::InvalidUrl { url: for_terminal(url) };
        let uri: Uri = url.trim().parse().map_err(|_| wrong())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.query().is_some() {
            return Err(wrong());
        }
        let key_is_sendable = key.text.bytes().all(|byte| byte.is_ascii_graphic());
        if !key_is_sendable {
            return Err(PostError::InvalidKey { from: key.from });
        }
        // A proxy is for requests that leave this machine.
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(if is_here { None } else { Proxy::try_from_env() })
            .timeout_connect(Some(CONNECT_WITHIN))
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("baton-import/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            url: url.trim().trim_end_matches('/').to_owned(),
            authorization: format!("Bearer {}", key.text),
            key,
            has_answered: false,
        })
    }

    /// Posts a batch of `count` activities until it is on record: the same ids, so that however
    /// often it arrives it counts once. Tells whether it took more than one try.
    pub(super) fn post(
        &mut self,
        body: &[u8],
        count: usize,
        on_retry: OnRetry<'_>,
    ) -> Result<(Vec<ActivityResult>, bool), PostError> {
        let mut last = String::new();
        for attempt in 1..=TRIES {
            let (what, after) = match self.try_once(body, count) {
                Ok(answers) => {
                    self.has_answered = true;
                    return Ok((answers, attempt > 1));
                }
                Err(AttemptError::Permanent(error)) => return Err(error),
                Err(AttemptError::Unreachable(source)) if !self.has_answered => {
                    return Err(PostError::Unreachable { url: self.url.clone(), source });
                }
                Err(AttemptError::Unreachable(source)) => {
                    (format!("did not answer ({source})"), None)
                }
                Err(AttemptError::Transient { what, after }) => (what, after),
            };
            if attempt < TRIES {
                let wait = wait_after(attempt, after);
                on_retry(&what, wait);
                thread::sleep(wait);
            }
            last = what;
        }
        Err(PostError::GaveUp { url: self.url.clone(), what: last })
    }

    fn try_once(&self, body: &[u8], count: usize) -> Result<Vec<ActivityResult>, AttemptError> {
        let response = self
            .agent
            .post(format!("{}/activities", self.url))
            .header(header::AUTHORIZATION, &self.authorization)
            .content_type("application/json")
            .send(body)
            .map_err(|error| self.classify(error))?;
        let status = response.status();
        let after = retry_after(&response);
        let kind = kind(&response);
        match status.as_u16() {
            200 => self.answers(response, count),
            401 => Err(AttemptError::Permanent(PostError::WrongKey {
                url: self.url.clone(),
                source_name: self.key.source.clone(),
                from: self.key.from.clone(),
            })),
            408 | 429 | 500 | 502..=504 => {
                let what = format!("answered {}", words(status));
                Err(AttemptError::Transient { what, after })
            }
            300..=399 => {
                let to = response.headers().get(header::LOCATION);
                let to = to.and_then(|to| to.to_str().ok()).map(for_terminal).unwrap_or_default();
                Err(self.not_baton(format!("it redirects to {to}")))
            }
            _ if kind.starts_with("application/problem+json") => Err(self.refused(response)),
            _ => Err(self.not_baton(format!("it answered {} as {kind}", words(status)))),
        }
    }

    fn answers(
        &self,
        mut response: Response<Body>,
        count: usize,
    ) -> Result<Vec<ActivityResult>, AttemptError> {
        #[derive(Deserialize)]
        struct Results {
            results: Vec<ActivityResult>,
        }
        let kind = kind(&response);
        let body = response.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec();
        let body = body.map_err(|error| self.classify(error))?;
        let answers = serde_json::from_slice(&body).map(|Results { results }| results);
        match answers {
            Ok(answers) if answers.len() == count => Ok(answers),
            _ => Err(self.not_baton(format!("it answered something else, as {kind}"))),
        }
    }

    fn refused(&self, mut response: Response<Body>) -> AttemptError {
        let body = response.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec();
        let problem: Problem =
            body.ok().and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default();
        AttemptError::Permanent(PostError::Refused {
            url: self.url.clone(),
            detail: problem.to_string(),
        })
    }

    fn not_baton(&self, what: String) -> AttemptError {
        AttemptError::Permanent(PostError::NotBaton { url: self.url.clone(), what })
    }

    /// Classifies an error by whether another attempt may help.
    fn classify(&self, error: ureq::Error) -> AttemptError {
        if is_unreachable(&error) {
            return AttemptError::Unreachable(error.into_io());
        }
        let what = if let ureq::Error::Io(source) = error {
            // rustls reports an untrusted certificate, or a peer without TLS, by this kind.
            if source.kind() == io::ErrorKind::InvalidData {
                return AttemptError::Permanent(PostError::Tls { url: self.url.clone(), source });
            }
            format!("broke off ({source})")
        } else if let ureq::Error::Timeout(_) = &error {
            format!("did not answer within {} seconds", ANSWER_WITHIN.as_secs())
        } else {
            return self.not_baton(error.to_string());
        };
        AttemptError::Transient { what, after: None }
    }
}

fn is_unreachable(error: &ureq::Error) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable};
    if let ureq::Error::Io(io) = error {
        let nobody = [ConnectionRefused, HostUnreachable, NetworkUnreachable, AddrNotAvailable];
        return nobody.contains(&io.kind());
    }
    matches!(
        error,
        ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve)
    )
}

/// How long to wait after a failed attempt: as the server asks, else twice as long every time.
fn wait_after(attempt: u32, asked: Option<Duration>) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << (attempt - 1).min(16));
    asked.unwrap_or(doubled).min(LONGEST_WAIT)
}

fn words(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim().to_owned()
}

fn kind(response: &Response<Body>) -> String {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.map_or_else(|| "nothing known".to_owned(), for_terminal)
}

/// The `Retry-After` header in seconds. Its other form, a date, is ignored: it would need a clock.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let text = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_but_for_what_the_server_asks_and_are_bounded() {
        let seconds = |attempt, asked: Option<u64>| {
            wait_after(attempt, asked.map(Duration::from_secs)).as_secs_f64()
        };
        assert_eq!([1, 2, 3].map(|attempt| seconds(attempt, None)), [0.5, 1.0, 2.0]);
        assert_eq!(seconds(1, Some(5)), 5.0);
        assert_eq!(seconds(1, Some(86_400)), 60.0);
        assert_eq!(seconds(u32::MAX, None), 60.0);
    }

    #[test]
    fn only_an_http_address_and_a_key_of_plain_characters_are_taken() {
        let client = |url: &str, text: &str| {
            let source = SourceName::parse("tradeshow").unwrap();
            let key = Key { source, text: text.to_owned(), from: KeyFrom::Environment };
            Client::new(url, key).map(|client| client.url)
        };
        for url in ["http://127.0.0.1:8787/", " https://baton.example/prod ", "http://[::1]:1"] {
            let expected = url.trim().trim_end_matches('/');
            assert_eq!(client(url, "key").unwrap(), expected);
        }
        for url in ["", "127.0.0.1:8787", "ftp://a.example", "http://", "http://a.example/?x=1"] {
            assert!(matches!(client(url, "key"), Err(PostError::InvalidUrl { .. })), "{url}");
        }
        assert!(matches!(client("http://a.example", "k\ney"), Err(PostError::InvalidKey { .. })));
    }
}
