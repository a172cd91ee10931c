//! Whether a quarantined delivery, which could not be parsed, mentions a person. An erasure asks,
//! so that it can remove the delivery too.
//!
//! Finds `kim@acme.example` however forms and JSON escape it, and not within
//! `jakim@acme.example`, who is somebody else.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::id::Identity;

/// The shortest id of a source's own that is looked for, in bytes: a shorter one is everywhere.
const SHORTEST_ID: usize = 6;

/// How deep JSON may be in JSON, as in a notification of SNS.
const JSON_IN_JSON: usize = 3;

/// Whether a body or a query mentions a person.
pub fn mentions(bytes: &[u8], who: &Identity) -> bool {
    let needle = match who {
        Identity::Email(email) => email.as_str(),
        Identity::Source { id, .. } if id.as_str().len() < SHORTEST_ID => return false,
        Identity::Source { id, .. } => id.as_str(),
    };
    let needle = needle.to_lowercase();
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let form = text.replace('+', " ");
    let form = percent_decode_str(&form).decode_utf8_lossy();
    let mut json = Cow::from(text.as_str());
    for _ in 0..JSON_IN_JSON {
        if has_whole(&json, &needle) {
            return true;
        }
        json = unescaped(&json).into();
    }
    has_whole(&form, &needle)
}

/// Whether a text has the needle with nothing about it that would make it another address or id.
fn has_whole(text: &str, needle: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || "_-+".contains(c);
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + needle.len()..].chars();
        let is_longer = match after.next() {
            // The end of a sentence, or of a label of a longer domain.
            Some('.') => after.next().is_some_and(goes_on),
            next => next.is_some_and(goes_on),
        };
        !is_longer && !before.is_some_and(|c| goes_on(c) || c == '.')
    })
}

/// JSON's escapes undone, once.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        plain.push_str(before);
        let (c, length) = escaped(escape);
        plain.extend(c);
        rest = &escape[length..];
    }
    plain.push_str(rest);
    plain
}

/// The character that is meant by what follows a backslash, and how long that is.
fn escaped(text: &str) -> (Option<char>, usize) {
    let code = text.strip_prefix('u').and_then(|code| code.get(..4));
    if let Some(code) = code.and_then(|code| u32::from_str_radix(code, 16).ok()) {
        return (char::from_u32(code), 5);
    }
    match text.chars().next() {
        Some('n' | 'r' | 't' | 'b' | 'f') => (Some(' '), 1),
        Some(c) => (Some(c), c.len_utf8()),
        None => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions_kim(body: &str) -> bool {
        mentions(body.as_bytes(), &Identity::parse("email:kim+x@acme.example").unwrap())
    }

    #[test]
    fn a_person_is_found_however_they_are_escaped() {
        for body in [
            "kim+x@acme.example",
            r#"{"who":{"email":"Kim+X@ACME.example"}}"#,
            r#"{"t":"Hi,\nkim+x@acme.example."}"#,
            r#"{"email":"kim\u002bx\u0040acme.example"}"#,
            r#"{"Message":"{\"email\":\"kim\\u002bx\\u0040acme.example\"}"}"#,
            "a=1&email=kim%2Bx%40acme.example&b=2",
            "email=kim%2bx@acme.example",
            "<mailto:kim+x@acme.example>",
        ] {
            assert!(mentions_kim(body), "{body}");
        }
        let odd = [b"\xff\xfe".as_slice(), b"kim+x@acme.example\0"].concat();
        assert!(mentions(&odd, &Identity::parse("email:kim+x@acme.example").unwrap()));
    }

    #[test]
    fn somebody_else_is_not_taken_for_them() {
        for body in [
            "",
            "\\",
            r"\u00",
            "kim@acme.example",
            "jakim+x@acme.example",
            "a.kim+x@acme.example",
            "kim+x@acme.example.org",
            "kim+x@acme.examples",
            "x%40acme.example",
        ] {
            assert!(!mentions_kim(body), "{body}");
        }
    }

    #[test]
    fn a_badge_is_found_whole_and_a_number_that_is_everywhere_is_not_looked_for() {
        let badge = |id: &str| Identity::parse(&format!("tradeshow:{id}")).unwrap();
        assert!(mentions(br#"{"badge":"BADGE-77"}"#, &badge("badge-77")));
        assert!(!mentions(br#"{"badge":"badge-778"}"#, &badge("badge-77")));
        assert!(!mentions(br#"{"count":7}"#, &badge("7")));
    }
}
