//! A recorded payload as the request it was.

use baton_core::correlation::Correlation;
use baton_http::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// Parses `NAME:VALUE`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    const SHAPE: &str = "a header reads 'Name: value'";
    let (name, value) = text.split_once(':').ok_or(SHAPE)?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| SHAPE)?;
    HeaderValue::from_str(&value).map_err(|_| SHAPE)?;
    Ok((name, value))
}

/// The request that brought a body. Without a content type, the body's beginning decides on one.
pub(super) fn request(body: Vec<u8>, headers: &[(String, String)], query: &str) -> Request {
    let mut map = HeaderMap::new();
    let told = headers.iter().any(|(name, _)| name == "content-type");
    let guessed = (!told).then(|| ("content-type".to_owned(), content_type(&body)));
    for (name, value) in headers.iter().chain(&guessed) {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
    let query = query.trim_start_matches('?');
    let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (path, correlation) = (Vec::new(), Correlation::none());
    Request {
        method: Method::POST,
        path,
        query,
        headers: map,
        cookies: Vec::new(),
        body,
        correlation,
    }
}

fn content_type(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    match (start.strip_prefix("--"), start.starts_with(['{', '['])) {
        (Some(rest), _) => {
            let boundary = rest.lines().next().unwrap_or_default().trim();
            format!("multipart/form-data; boundary={boundary}")
        }
        (None, true) => "application/json".to_owned(),
        (None, false) => "application/x-www-form-urlencoded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let good = header("X-Signature: a:b").unwrap();
        assert_eq!(good, ("x-signature".to_owned(), "a:b".to_owned()));
        for bad in ["", "no colon", "bad name: x", "x: \u{1}"] {
            assert!(header(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_kind_of_a_body_is_guessed_from_its_beginning() {
        let kind = |body: &str| content_type(body.as_bytes());
        assert_eq!(kind(" {\"a\":1}"), "application/json");
        assert_eq!(kind("email=kim%40acme.example"), "application/x-www-form-urlencoded");
        assert_eq!(kind("--b-1\r\nContent"), "multipart/form-data; boundary=b-1");
    }
}
