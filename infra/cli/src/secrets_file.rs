//! The secrets file: read where it is, made with fresh keys where it isn't.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use baton_core::id::SourceName;
use baton_engine::{Secrets, SecretsError};
use baton_intake::Sources;
use serde::Deserialize;

use crate::files::{private, private_folder};

/// Why there are no secrets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretsFileError {
    /// It can't be read or made.
    #[error("the secrets file {} can't be {verb}", file.display())]
    Io {
        file: PathBuf,
        /// "read" or "made".
        verb: &'static str,
        source: io::Error,
    },
    /// It says something we can't use.
    #[error("the secrets file {} can't be used", file.display())]
    Content { file: PathBuf, source: SecretsError },
    /// There is no key for a source.
    #[error("the secrets file {} has no key for source '{name}'; it needs [sources.{name}] current",
        file.display())]
    NoSource { file: PathBuf, name: SourceName },
}

/// Reads the file, or makes it with fresh keys; tells which.
///
/// # Errors
///
/// When it can't be read, made, or used.
pub(crate) fn read_or_make(
    file: &Path,
    sources: &Sources,
) -> Result<(Secrets, bool), SecretsFileError> {
    let io = |verb| move |source| SecretsFileError::Io { file: file.to_owned(), verb, source };
    let (text, made) = match fs::read_to_string(file) {
        Ok(text) => (text, false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (make(file, sources).map_err(io("made"))?, true)
        }
        Err(error) => return Err(io("read")(error)),
    };
    let content = |source| SecretsFileError::Content { file: file.to_owned(), source };
    Ok((Secrets::read(&text).map_err(content)?, made))
}

/// Where `baton serve` keeps its secrets unless told otherwise.
pub(crate) const DEFAULT_FILE: &str = "baton-data/secrets.toml";

/// The keys of a file, as they are written.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    sources: BTreeMap<String, KeyEntry>,
    desk: KeyEntry,
}

#[derive(Deserialize)]
struct KeyEntry {
    current: String,
}

/// The current desk key, to ask with.
///
/// # Errors
///
/// When the file can't be read or used.
pub(crate) fn desk_key(file: &Path) -> Result<String, SecretsFileError> {
    Ok(keys(file)?.desk.current)
}

/// The current key of a source, to send with.
///
/// # Errors
///
/// When the file can't be read or has no such source.
pub(crate) fn source_key(file: &Path, name: &SourceName) -> Result<String, SecretsFileError> {
    let missing = || SecretsFileError::NoSource { file: file.to_owned(), name: name.clone() };
    keys(file)?.sources.remove(name.as_str()).map(|pair| pair.current).ok_or_else(missing)
}

fn keys(file: &Path) -> Result<File, SecretsFileError> {
    let io = |source| SecretsFileError::Io { file: file.to_owned(), verb: "read", source };
    let content = |source| SecretsFileError::Content { file: file.to_owned(), source };
    let text = fs::read_to_string(file).map_err(io)?;
    Secrets::read(&text).map_err(content)?;
    let unread = |_| content(SecretsError::Shape { line: 1 });
    toml::from_str(&text).map_err(unread)
}

fn make(file: &Path, sources: &Sources) -> io::Result<String> {
    let text = fresh_file(sources);
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder)?;
    }
    let mut file = private().write(true).create_new(true).open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

/// Fresh keys, as the text of a secrets file.
fn fresh_file(sources: &Sources) -> String {
    let mut text = format!(
        "# Keys and secrets of this Baton. Keep it private; every key can be rotated by moving it\n\
         # to `previous` and writing a new `current`.\n\
         link_key = \"{}\"\n\n[desk]\ncurrent = \"{}\"\n",
        fresh_key(),
        fresh_key(),
    );
    let mut secrets: BTreeMap<&str, String> =
        DEFAULT_SOURCES.map(|name| (name, fresh_key())).into();
    for source in sources.values().filter(|source| source.verify.needs_secret()) {
        secrets.insert(source.name.as_str(), fresh_secret(source.preset.as_deref()));
    }
    for (name, secret) in secrets {
        text += &format!("\n[sources.{name}]\ncurrent = \"{secret}\"\n");
    }
    text
}

/// Sources that post our own shape, so that no policy has to describe them.
const DEFAULT_SOURCES: [&str; 2] = ["website", "tradeshow"];

/// A secret for a source on this preset. Standard Webhooks writes its own in base64 behind a
/// prefix.
pub(crate) fn fresh_secret(preset: Option<&str>) -> String {
    match preset {
        Some("standard_webhooks") => format!("whsec_{}", STANDARD.encode(random_bytes())),
        Some(_) | None => fresh_key(),
    }
}

fn fresh_key() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes())
}

/// 192 bits from the operating system.
fn random_bytes() -> [u8; 24] {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
