//! One request, decoded: what the gateway encoded is undone here and nowhere else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_core::correlation::Correlation;
use baton_core::limits;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use crate::{Payload, Problem};

/// A decoded request.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked.
    pub method: Method,
    /// The path's segments, percent-decoded: `/leads/email%3Akim@acme.example/accept` is three.
    pub path: Vec<String>,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers; names in lower case.
    pub headers: HeaderMap,
    /// The cookies, each `NAME=VALUE`.
    pub cookies: Vec<String>,
    /// The body's bytes as they were sent.
    pub body: Vec<u8>,
    /// What everything that follows from it is found by.
    pub correlation: Correlation,
}

/// The trace that the caller says a request belongs to, else the gateway's own id of it.
pub fn correlation(payload: &Payload) -> Option<Correlation> {
    let trace = payload.headers.get("traceparent").and_then(|value| value.to_str().ok());
    let id = payload.request_context.request_id.as_deref();
    trace.and_then(Correlation::of_trace).or(id.and_then(|id| Correlation::parse(id).ok()))
}

impl Request {
    /// Decodes a payload.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the body is too large or is not what the gateway says it is.
    pub fn read(payload: Payload, correlation: Correlation) -> Result<Self, Problem> {
        let raw = payload.raw_path.as_deref().unwrap_or("/");
        let stage = payload.request_context.stage.as_deref().unwrap_or("$default");
        let path = without_stage(raw, stage);
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let query = payload.raw_query_string.as_deref().unwrap_or_default();
        let body = body(payload.body.unwrap_or_default(), payload.is_base64_encoded)?;
        Ok(Self {
            method: payload.request_context.http.method,
            path: segments.map(decode).collect(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: payload.headers,
            cookies: payload.cookies.unwrap_or_default(),
            body,
            correlation,
        })
    }

    /// The method; a HEAD is answered as the GET it asks about, and changes as little.
    pub fn verb(&self) -> &str {
        match self.method.as_str() {
            "HEAD" => "GET",
            verb => verb,
        }
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query key.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The values of a cookie: a browser may send several of one name (RFC 6265 §5.4).
    pub fn cookies<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        let named = self.cookies.iter().filter_map(|cookie| cookie.trim().split_once('='));
        named.filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The key behind `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, key) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    }

    /// Whether the sender would rather have a page than JSON: a browser says so, a script doesn't.
    pub fn wants_page(&self) -> bool {
        let accept = self.header("accept").unwrap_or_default();
        let place = |word: &str| accept.find(word).unwrap_or(usize::MAX);
        place("text/html") < place("application/json")
    }

    /// Whether a browser sends this for a page that is not of `ours`, such as
    /// `https://baton.acme.example`, or of the host it was sent to.
    ///
    /// Pages that tell no referrer send their own forms with `Origin: null` (Fetch, "append a
    /// request `Origin` header"), so that says nothing; every browser since 2023 says by
    /// `Sec-Fetch-Site` what it is.
    pub fn is_cross_site(&self, ours: &str) -> bool {
        if let Some(site) = self.header("sec-fetch-site") {
            return !["same-origin", "none"].contains(&site);
        }
        let Some(origin) = self.header("origin").filter(|origin| *origin != "null") else {
            return false;
        };
        let host = origin.split_once("://").map(|(_, host)| host);
        origin != ours && (host.is_none() || host != self.header("host"))
    }

    /// Whether the body is an HTML form's.
    pub fn is_form(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
    }
}

/// The gateway puts the stage's name before the path, unless it is the default stage.
fn without_stage<'a>(raw: &'a str, stage: &str) -> &'a str {
    if stage == "$default" {
        return raw;
    }
    let rest = raw.strip_prefix('/').and_then(|path| path.strip_prefix(stage));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(raw)
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn body(body: String, is_base64: bool) -> Result<Vec<u8>, Problem> {
    let bytes = match is_base64 {
        false => body.into_bytes(),
        true => STANDARD.decode(body).map_err(|_| {
            Problem::new(400, "invalid_body", "the body is said to be base64 and is not")
        })?,
    };
    if bytes.len() > limits::BODY_BYTES {
        let detail = format!(
            "the body is {} bytes long; at most {} are taken: send fewer activities at once",
            bytes.len(),
            limits::BODY_BYTES
        );
        return Err(Problem::new(413, "body_too_large", detail));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(json: &str) -> Payload {
        serde_json::from_str(json).unwrap()
    }

    fn read(json: &str) -> Result<Request, Problem> {
        Request::read(payload(json), Correlation::none())
    }

    const FORM: &str = r#"{"version":"2.0","rawPath":"/prod/leads/email%3Akim%40acme.example/accept",
        "rawQueryString":"t=a%2Bb&x=","headers":{"Authorization":"bearer  k","accept":"text/html"},
        "requestContext":{"stage":"prod","http":{"method":"POST","path":"/"}},
        "body":"dG9rZW49YWJj","isBase64Encoded":true}"#;

    #[test]
    fn what_the_gateway_encoded_is_undone() {
        let request = read(FORM).unwrap();
        assert_eq!(request.path, ["leads", "email:kim@acme.example", "accept"]);
        assert_eq!(request.query("t"), Some("a+b"));
        assert_eq!(request.body, b"token=abc");
        assert_eq!(request.bearer(), Some("k"));
        assert!(request.wants_page());
    }

    #[test]
    fn cookies_come_beside_the_headers() {
        let json = FORM.replace(r#""body""#, r#""cookies":["a=1","b=x=y"," a=2","c"],"body""#);
        let request = read(&json).unwrap();
        assert_eq!(request.cookies("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(request.cookies("b").next(), Some("x=y"));
        assert_eq!(request.cookies("c").next(), None);
    }

    #[test]
    fn a_form_of_another_site_is_told_by_what_its_browser_says() {
        let sent = |headers: &str| {
            let json = FORM.replace(r#""headers":{"#, &format!(r#""headers":{{{headers},"#));
            read(&json).unwrap().is_cross_site("https://baton.acme.example")
        };
        for (headers, is_cross_site) in [
            (r#""x":"y""#, false),
            (r#""sec-fetch-site":"same-origin","origin":"null""#, false),
            (r#""sec-fetch-site":"none""#, false),
            (r#""sec-fetch-site":"same-site""#, true),
            (r#""sec-fetch-site":"cross-site","origin":"https://baton.acme.example""#, true),
            (r#""origin":"https://baton.acme.example""#, false),
            (r#""origin":"http://127.0.0.1:8787","host":"127.0.0.1:8787""#, false),
            (r#""origin":"null""#, false),
            (r#""origin":"https://evil.example","host":"baton.acme.example""#, true),
            (r#""origin":"https://baton.acme.example.evil.example""#, true),
            (r#""origin":"evil""#, true),
        ] {
            assert_eq!(sent(headers), is_cross_site, "{headers}");
        }
    }

    #[test]
    fn a_request_is_known_by_its_trace_or_else_by_the_gateways_id() {
        let known_by = |more: &str| {
            let json = format!(
                r#"{{"requestContext":{{"requestId":"JKJaXmPLvHcESHA=","http":{{"method":"GET"}}}},
                    "headers":{{{more}}}}}"#
            );
            correlation(&payload(&json)).map(String::from).unwrap_or_default()
        };
        const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
        let header = format!(r#""Traceparent":"00-{TRACE}-00f067aa0ba902b7-01""#);
        assert_eq!(known_by(&header), TRACE);
        for not_a_trace in ["", r#""traceparent":"kim""#, r#""x-correlation-id":"kim""#] {
            assert_eq!(known_by(not_a_trace), "JKJaXmPLvHcESHA=", "{not_a_trace}");
        }
    }

    #[test]
    fn a_body_beyond_the_limit_or_not_base64_is_a_problem() {
        let big = FORM.replace("dG9rZW49YWJj", &"YWJj".repeat(limits::BODY_BYTES / 3 + 1));
        assert_eq!(read(&big).unwrap_err().status, 413);
        let broken = FORM.replace("dG9rZW49YWJj", "***");
        assert_eq!(read(&broken).unwrap_err().status, 400);
    }
}
