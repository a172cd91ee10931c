//! `baton roster`: the document, and the e-mail and SMS of the people on it.
//!
//! Nothing here prints an address: who and by which medium is enough.

mod args;
mod channels;
mod confirm;

use std::io::Write;

use baton_cloud::{Document, Table};
use baton_engine::Publisher;

use crate::exit::{BoxError, CliResult};
use crate::publish;

pub(crate) use args::{RosterCommand, TopicArgs};

pub(crate) fn run(command: &RosterCommand, out: &mut impl Write) -> CliResult {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match command {
        RosterCommand::Edit(edit) => publish::run(Document::Roster, edit, out),
        RosterCommand::Channels { at, topics } => runtime.block_on(channels::list(at, topics, out)),
        RosterCommand::Confirm { link, person, at, topics } => {
            runtime.block_on(confirm::confirm(link, person.as_ref(), at, topics, out))
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no roster was published to this table: `baton roster publish` comes first")]
struct Unpublished;

async fn published(table: &Table) -> Result<baton_core::Roster, BoxError> {
    let roster = Publisher(table).published_roster().await?;
    Ok(roster.ok_or(Unpublished)?)
}
