//! Secrets are compared in constant time, because there is no other way to compare them.
//!
//! What this can't show is the time itself: that is `subtle`'s and `hmac`'s promise, and the
//! compiler's. It shows that nobody goes around them.

use std::fs;
use std::path::{Path, PathBuf};

use baton_engine::{Keys, LinkKey, Secrets};

trait Comparable<Whether> {
    const SEEN: bool = true;
}
struct Equal;
impl<T> Comparable<()> for T {}
impl<T: PartialEq> Comparable<Equal> for T {}

/// Does not compile if one of them can be compared by `==`: it would not be clear which is meant.
#[test]
fn a_secret_has_no_equality() {
    let seen = [<Keys as Comparable<_>>::SEEN, <LinkKey as Comparable<_>>::SEEN];
    assert_eq!(seen, [<Secrets as Comparable<_>>::SEEN; 2]);
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A file's own code, without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// Where the text of a secret, or a MAC, can be had at all, nothing is compared but what is listed.
#[test]
fn where_secrets_are_at_hand_nothing_is_compared_by_their_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let at_hand = [
        ("shared/engine/src/secrets.rs", vec![]),
        (
            "shared/engine/src/signed_token.rs",
            // The tag only finds the person; the MAC binds them.
            vec!["let person = roster.people.keys().find(|id| tag(id) == found)?;"],
        ),
        ("shared/engine/src/link.rs", vec![]),
        // What comes after the MAC was found good.
        ("shared/engine/src/sign_in/token.rs", vec!["if bytes[0] != VERSION || now >= until {"]),
        ("shared/engine/src/session.rs", vec!["if bytes[0] != VERSION || now >= until {"]),
        ("functions/score/src/webhook/hmac.rs", vec![]),
    ];
    for (file, expected) in &at_hand {
        let text = code(&root.join(file));
        let compares = |line: &&str| {
            ["==", "!=", "starts_with(", "contains(", ".cmp(", ".eq("]
                .iter()
                .any(|op| line.contains(op))
        };
        let compared: Vec<_> = text.lines().map(str::trim).filter(compares).collect();
        assert_eq!(&compared, expected, "{file}: is this the text of a secret?");
    }
    // And nobody else gets at it.
    let mut found = Vec::new();
    ["shared", "functions", "infra/cli/src"]
        .iter()
        .for_each(|folder| sources(&root.join(folder), &mut found));
    let takers: Vec<_> = found.iter().filter(|path| code(path).contains(".texts()")).collect();
    assert_eq!(takers.len(), 1, "{takers:?}");
    assert!(takers[0].ends_with(at_hand[5].0), "{takers:?}");
}
