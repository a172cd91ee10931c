//! `baton policy publish | history | rollback`, and the same of the roster: what runs on AWS is an
//! edition in the table, taken up within a minute and without deploying.

mod args;

use std::io::Write;
use std::path::Path;

use baton_cloud::{Clock, Document, Edition, Table};
use baton_engine::{Draft, PublishError, Publisher};

use crate::check;
use crate::deployment::{Account, DeploymentArgs};
use crate::exit::{BoxError, CliResult};
use crate::subscription_sync::SubscriptionSync;

pub(crate) use args::{DocumentCommand, SubscriptionArgs};

/// A roster is to be published, and no topic prefix was given.
#[derive(Debug, thiserror::Error)]
#[error(
    "a roster's people are told by topics: say what those begin with, which is the output \
     TopicPrefix of the stack, by --topics or BATON_TOPIC_PREFIX; or --no-topics to tell nobody"
)]
struct NoTopics;

pub(crate) fn run(
    document: Document,
    command: &DocumentCommand,
    out: &mut impl Write,
) -> CliResult {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match command {
        DocumentCommand::Check { file } => match document {
            Document::Policy => check::policy(file, out),
            Document::Roster => check::roster(file, out),
        },
        DocumentCommand::Publish { file, with, at, people } => {
            runtime.block_on(publish(document, file, with.as_deref(), at, people, out))
        }
        DocumentCommand::History { at } => runtime.block_on(history(document, at, out)),
        DocumentCommand::Rollback { number, at, people } => {
            runtime.block_on(roll_back(document, *number, at, people, out))
        }
    }
}

async fn publish(
    document: Document,
    file: &Path,
    with: Option<&Path>,
    at: &DeploymentArgs,
    people: &SubscriptionArgs,
    out: &mut impl Write,
) -> CliResult {
    let other = match document {
        Document::Policy => Document::Roster,
        Document::Roster => Document::Policy,
    };
    let files = [(document, Some(file)), (other, with)];
    let mut texts = Vec::new();
    for (document, file) in files {
        let Some(file) = file else { continue };
        texts.push((document, file.display().to_string(), check::read(file)?));
    }
    let drafts =
        texts.iter().map(|(document, name, text)| Draft { document: *document, name, text });
    let drafts: Vec<Draft<'_>> = drafts.collect();
    let account = Account::load().await?;
    let table = account.table(&at.table);
    let mut before = Vec::new();
    for draft in &drafts {
        before.push(table.number_in_force(draft.document).await?);
    }
    let mut sync = prepare_subscriptions(&account, &table, &drafts, people).await?;
    let published = Publisher(&table)
        .publish_drafts(&drafts, Clock::System.now())
        .await
        .map_err(publish_failure)?;
    for ((draft, before), edition) in drafts.iter().zip(before).zip(&published) {
        write_edition(draft.document, before, edition, out)?;
    }
    finish_subscriptions(sync.as_mut(), out).await
}

async fn roll_back(
    document: Document,
    number: u64,
    at: &DeploymentArgs,
    people: &SubscriptionArgs,
    out: &mut impl Write,
) -> CliResult {
    let account = Account::load().await?;
    let table = account.table(&at.table);
    let before = table.number_in_force(document).await?;
    let edition =
        Publisher(&table).edition_to_publish(document, number).await.map_err(publish_failure)?;
    let name = format!("edition {number}");
    let draft = Draft { document, name: &name, text: &edition.text };
    let mut sync = prepare_subscriptions(&account, &table, &[draft], people).await?;
    let published = Publisher(&table).roll_back(document, number, Clock::System.now()).await;
    write_edition(document, before, &published.map_err(publish_failure)?, out)?;
    finish_subscriptions(sync.as_mut(), out).await
}

/// Makes topics for a roster's people before it is in force, so that no alert goes to a topic that
/// does not exist. A document with mistakes is refused before anything is touched.
async fn prepare_subscriptions(
    account: &Account,
    table: &Table,
    drafts: &[Draft<'_>],
    people: &SubscriptionArgs,
) -> Result<Option<SubscriptionSync>, BoxError> {
    let rules = Publisher(table).check_drafts(drafts).await.map_err(publish_failure)?;
    let has_roster = drafts.iter().any(|draft| draft.document == Document::Roster);
    if !has_roster || people.no_topics {
        return Ok(None);
    }
    let prefix = people.topics.as_ref().ok_or(NoTopics)?;
    let channels = account.channels(prefix)?;
    let mut sync = SubscriptionSync::survey(channels, rules.roster).await?;
    sync.check(people.let_go)?;
    sync.subscribe().await?;
    Ok(Some(sync))
}

/// Ends the subscriptions that the roster now in force does not want.
async fn finish_subscriptions(
    sync: Option<&mut SubscriptionSync>,
    out: &mut impl Write,
) -> CliResult {
    let Some(sync) = sync else { return Ok(()) };
    sync.unsubscribe().await?;
    sync.report(out)
}

async fn history(document: Document, at: &DeploymentArgs, out: &mut impl Write) -> CliResult {
    let table = Account::load().await?.table(&at.table);
    let current = table.number_in_force(document).await?;
    let editions = table.editions(document).await?;
    if editions.is_empty() {
        writeln!(out, "No {} was published: the sample is in force.", document.word())?;
    }
    for Edition { number, version, published_at, again, .. } in editions {
        let mark = if number == current { '*' } else { ' ' };
        let again = again.map(|number| format!(", {number} again")).unwrap_or_default();
        writeln!(out, "{mark} {number}  {published_at}  {version}{again}")?;
    }
    Ok(())
}

fn write_edition(
    document: Document,
    before: u64,
    edition: &Edition,
    out: &mut impl Write,
) -> CliResult {
    let (word, Edition { number, version, .. }) = (document.word(), edition);
    match *number == before {
        true => writeln!(out, "Edition {number} of the {word} ({version}) is in force already.")?,
        false => writeln!(
            out,
            "Edition {number} of the {word} ({version}) is in force everywhere within a minute."
        )?,
    }
    Ok(())
}

/// Words a failure; the mistakes of a document as `check` words them.
pub(crate) fn publish_failure(error: PublishError) -> BoxError {
    match error {
        PublishError::Rules(mistakes) => check::invalid_document(mistakes.to_string()),
        other @ (PublishError::Overtaken(_)
        | PublishError::NoEdition { .. }
        | PublishError::Error(_)) => other.into(),
    }
}
