//! Who may send, who may command, and what links are signed with.

use std::collections::BTreeMap;
use std::fmt;

use baton_core::id::SourceName;
use baton_intake::Sources;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::signed_token::LinkKey;

/// The shortest key that is taken, in characters.
const SHORTEST_KEY: usize = 16;
/// The shortest link key that is taken, in characters.
const SHORTEST_LINK_KEY: usize = 32;

/// All secrets. Never printed: `Debug` shows names only.
#[derive(Clone)]
pub struct Secrets {
    /// What links are signed with.
    pub link_key: LinkKey,
    /// Keys of the tools that send activities.
    pub sources: BTreeMap<SourceName, Keys>,
    /// The key of the CRM and of scripts.
    pub desk: Keys,
}

/// A key and, while it is being rotated, the one before it. Never printed.
#[derive(Clone)]
pub struct Keys {
    current: Key,
    previous: Option<Key>,
}

/// A key, and its digest to compare by.
#[derive(Clone)]
struct Key {
    text: String,
    digest: [u8; 32],
}

/// Why a secrets file can't be used. Never quotes a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Not the TOML we expect.
    #[error(
        "the secrets are not as expected at line {line}; expected link_key, [desk] current and \
         [sources.NAME] current, each with previous if there is one, in TOML"
    )]
    Shape {
        /// Where it was noticed, counted from 1.
        line: usize,
    },
    /// A key that could be guessed.
    #[error("{name} is {length} characters long; it must have at least {shortest}")]
    Short {
        /// The key's place in the secrets, as `sources.website.current`.
        name: String,
        /// How long it is.
        length: usize,
        /// How long it must be.
        shortest: usize,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    link_key: String,
    desk: Pair,
    #[serde(default)]
    sources: BTreeMap<SourceName, Pair>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
}

impl Secrets {
    /// Reads the TOML of a secrets file: `link_key`, `[desk] current, previous?` and
    /// `[sources.NAME] current, previous?`.
    ///
    /// # Errors
    ///
    /// When the shape is wrong or a key is empty or short.
    pub fn read(text: &str) -> Result<Self, SecretsError> {
        // Where, and not what: the parser quotes what it found, and that is a secret.
        let line = |at: std::ops::Range<usize>| 1 + text[..at.start].matches('\n').count();
        let file: File = toml::from_str(text)
            .map_err(|e| SecretsError::Shape { line: e.span().map_or(1, line) })?;
        long_enough("link_key", &file.link_key, SHORTEST_LINK_KEY)?;
        let mut sources = BTreeMap::new();
        for (name, pair) in file.sources {
            let keys = Keys::read(&format!("sources.{name}"), &pair)?;
            sources.insert(name, keys);
        }
        let desk = Keys::read("desk", &file.desk)?;
        Ok(Self { link_key: LinkKey::new(file.link_key.as_bytes()), sources, desk })
    }

    /// The sources that prove themselves by a secret, and have none here.
    pub fn lacking<'p>(&self, sources: &'p Sources) -> Vec<&'p SourceName> {
        let sources = sources.values().filter(|source| source.verify.needs_secret());
        sources.map(|source| &source.name).filter(|name| !self.sources.contains_key(name)).collect()
    }

    /// The source that a bearer key belongs to. Takes the same time whichever it is.
    pub fn source_of(&self, bearer: &str) -> Option<&SourceName> {
        let offered = digest(bearer);
        let mut found = None;
        for (name, keys) in &self.sources {
            if keys.open_with(&offered) {
                found = Some(name);
            }
        }
        found
    }

    /// Whether a bearer key is the desk's.
    pub fn is_desk(&self, bearer: &str) -> bool {
        self.desk.open_with(&digest(bearer))
    }
}

impl Keys {
    fn read(name: &str, pair: &Pair) -> Result<Self, SecretsError> {
        long_enough(&format!("{name}.current"), &pair.current, SHORTEST_KEY)?;
        if let Some(previous) = &pair.previous {
            long_enough(&format!("{name}.previous"), previous, SHORTEST_KEY)?;
        }
        Ok(Self {
            current: Key::new(&pair.current),
            previous: pair.previous.as_deref().map(Key::new),
        })
    }

    /// Whether a text is one of the keys. Takes the same time wherever they differ.
    pub fn is(&self, offered: &str) -> bool {
        self.open_with(&digest(offered))
    }

    /// The keys themselves, the current one first: what a signature is checked with.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().map(|key| &*key.text)
    }

    fn open_with(&self, offered: &[u8; 32]) -> bool {
        let current = self.current.digest.ct_eq(offered);
        let previous = self.previous.as_ref().map_or(0.into(), |key| key.digest.ct_eq(offered));
        (current | previous).into()
    }
}

impl Key {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), digest: digest(text) }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("sources", &self.sources.keys()).finish_non_exhaustive()
    }
}

fn long_enough(name: &str, key: &str, shortest: usize) -> Result<(), SecretsError> {
    let length = key.trim().chars().count();
    if length >= shortest {
        return Ok(());
    }
    Err(SecretsError::Short { name: name.to_owned(), length, shortest })
}

/// Digests of equal length, so that a comparison tells nothing of where two keys differ.
fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
link_key = "0123456789abcdef0123456789abcdef"
[desk]
current = "desk-key-0123456789"
[sources.website]
current = "website-key-new-123"
previous = "website-key-old-123"
"#;

    #[test]
    fn a_key_names_its_source_and_the_previous_key_still_does() {
        let secrets = Secrets::read(FILE).unwrap();
        for key in ["website-key-new-123", "website-key-old-123"] {
            assert_eq!(secrets.source_of(key).map(SourceName::as_str), Some("website"));
        }
        for key in ["", "desk-key-0123456789", "website-key-new-12"] {
            assert_eq!(secrets.source_of(key), None);
        }
        assert!(secrets.is_desk("desk-key-0123456789") && !secrets.is_desk(""));
    }

    #[test]
    fn empty_and_short_keys_are_refused_at_start() {
        let short = FILE.replace("desk-key-0123456789", "");
        let error = Secrets::read(&short).unwrap_err();
        assert_eq!(
            error.to_string(),
            "desk.current is 0 characters long; it must have at least 16"
        );
    }

    #[test]
    fn neither_debug_nor_an_error_shows_a_secret() {
        let secrets = Secrets::read(FILE).unwrap();
        let mut told = vec![format!("{secrets:?}")];
        for (from, to) in [
            ("[desk]", "[desk"),
            ("[desk]\ncurrent =", "desk ="),
            ("[sources.website]", "website ="),
            ("current = \"desk", "\"desk-key-0123\" = \"desk"),
        ] {
            let broken = Secrets::read(&FILE.replace(from, to)).unwrap_err();
            told.extend([broken.to_string(), format!("{broken:?}")]);
        }
        for text in told {
            assert!(!text.contains("key-") && !text.contains("0123"), "{text}");
        }
    }
}
