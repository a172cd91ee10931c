//! The two cookies there are: a session's, and where its reader was going before they signed in.

use jiff::SignedDuration;

/// How long it is remembered where a reader was going: longer than a link to sign in works.
const NEXT: SignedDuration = SignedDuration::from_mins(20);

/// A name that a browser lets nobody but this very host set, by HTTPS alone (RFC 6265bis
/// §4.1.3.2); on a machine of one's own there is no HTTPS.
pub(crate) fn session_name(is_https: bool) -> &'static str {
    if is_https { "__Host-baton" } else { "baton" }
}

pub(crate) fn next_name(is_https: bool) -> &'static str {
    if is_https { "__Host-baton-next" } else { "baton-next" }
}

/// Keeps a session.
pub(crate) fn session(value: &str, is_https: bool) -> String {
    cookie(session_name(is_https), value, baton_cloud::SESSION, is_https)
}

/// Keeps where a reader was going.
pub(crate) fn next(path: &str, is_https: bool) -> String {
    let value: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    cookie(next_name(is_https), &value, NEXT, is_https)
}

/// Forgets a cookie.
pub(crate) fn gone(name: &str, is_https: bool) -> String {
    cookie(name, "", SignedDuration::ZERO, is_https)
}

/// `Lax`, for people come from their mail; what changes something proves itself besides.
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
