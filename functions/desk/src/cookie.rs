//! Our two cookies: the session's, and the page that a reader wanted before they signed in.

use jiff::SignedDuration;

/// Longer than a link to sign in works.
const NEXT: SignedDuration = SignedDuration::from_mins(20);

/// The prefix lets only this host set the cookie, and only by HTTPS (RFC 6265bis §4.1.3.2). On a
/// developer's machine there is no HTTPS.
pub(crate) fn session_name(is_https: bool) -> &'static str {
    if is_https { "__Host-baton" } else { "baton" }
}

pub(crate) fn next_name(is_https: bool) -> &'static str {
    if is_https { "__Host-baton-next" } else { "baton-next" }
}

pub(crate) fn session(value: &str, is_https: bool) -> String {
    cookie(session_name(is_https), value, baton_engine::SESSION, is_https)
}

/// Remembers the page that a reader wanted.
pub(crate) fn next(path: &str, is_https: bool) -> String {
    let value: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    cookie(next_name(is_https), &value, NEXT, is_https)
}

pub(crate) fn gone(name: &str, is_https: bool) -> String {
    cookie(name, "", SignedDuration::ZERO, is_https)
}

/// `Lax`, because people come from their mail. Whatever changes something is proved by a token
/// besides.
fn cookie(name: &str, value: &str, lasts: SignedDuration, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let seconds = lasts.as_secs();
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        assert_eq!(
            session("v", true),
            "__Host-baton=v; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(session("v", false), "baton=v; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax");
        assert!(gone("baton", false).starts_with("baton=; Path=/; Max-Age=0;"));
        assert!(next("/board?a=b;c", true).starts_with("__Host-baton-next=%2Fboard%3Fa%3Db%3Bc; "));
    }
}
