//! `baton policy check` and `baton roster check`: every mistake with its line, before it matters.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use baton_documents::policy::{self, PolicyDocument};
use baton_documents::roster;
use baton_engine::{Rules, RulesError};

use crate::exit::{BoxError, CliResult};

/// A file that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be read", file.display())]
pub(crate) struct Unreadable {
    file: PathBuf,
    source: std::io::Error,
}

#[derive(Debug, thiserror::Error)]
#[error("nothing is applied until this is mended:\n{0}")]
struct InvalidDocument(String);

pub(crate) fn read(file: &Path) -> Result<String, Unreadable> {
    fs::read_to_string(file).map_err(|source| Unreadable { file: file.to_owned(), source })
}

/// The rules of two files, each the sample if absent.
pub(crate) fn rules(policy: Option<&Path>, roster: Option<&Path>) -> Result<Rules, BoxError> {
    let text = |file: Option<&Path>, sample: &str, name: &str| match file {
        Some(file) => Ok((file.display().to_string(), read(file)?)),
        None => Ok::<_, Unreadable>((name.to_owned(), sample.to_owned())),
    };
    let policy = text(policy, policy::SAMPLE, "the sample policy")?;
    let roster = text(roster, roster::SAMPLE, "the sample roster")?;
    let read = Rules::read((&policy.0, &policy.1), (&roster.0, &roster.1));
    read.map_err(|mistakes: RulesError| InvalidDocument(mistakes.to_string()).into())
}

/// An error that shows a document's mistakes, a line each.
pub(crate) fn invalid_document(lines: String) -> BoxError {
    InvalidDocument(lines).into()
}

pub(crate) fn read_policy(file: &Path) -> Result<PolicyDocument, BoxError> {
    let text = read(file)?;
    let name = file.display().to_string();
    Ok(policy::parse(&text).map_err(|mistakes| InvalidDocument(mistakes.render(&name)))?)
}

pub(crate) fn policy(file: &Path, out: &mut impl Write) -> CliResult {
    let name = file.display();
    let PolicyDocument { policy, sources, warnings } = read_policy(file)?;
    writeln!(
        out,
        "{name} is a good policy: version {}, {} activity rules, {} fit rules, {} fast tracks, \
         {} exclusions, {} routes, {} sources.",
        policy.version,
        policy.activities.iter().count(),
        policy.fit.len(),
        policy.fast_tracks.len(),
        policy.exclusions.len(),
        policy.routes.len(),
        sources.len(),
    )?;
    for warning in warnings {
        writeln!(out, "warning: {}", warning.render(&name.to_string()))?;
    }
    Ok(())
}

pub(crate) fn roster(file: &Path, out: &mut impl Write) -> CliResult {
    let text = read(file)?;
    let name = file.display().to_string();
    let roster = roster::parse(&text).map_err(|m| InvalidDocument(m.render(&name)))?;
    writeln!(
        out,
        "{name} is a good roster: version {}, {} people, {} queues, fallback {}.",
        roster.version,
        roster.people.len(),
        roster.queues.len(),
        roster.fallback,
    )?;
    Ok(())
}
