//! `baton policy publish | history | rollback`, and the same of the roster: what runs on AWS is an
//! edition in the table, taken up within a minute and without deploying.

mod args;

use std::io::Write;
use std::path::Path;

use baton_cloud::{Aws, Clock, Document, Edition, Table};
use baton_engine::{Draft, PublishError, Publisher};

use crate::check;
use crate::deployment::At;
use crate::exit::Done;
use crate::subscription_sync::SubscriptionSync;

pub(crate) use args::{Edit, People};

/// A roster is to be published, and nobody says where its people are told.
#[derive(Debug, thiserror::Error)]
#[error(
    "a roster's people are told by topics: say what those begin with, which is the output \
     TopicPrefix of the stack, by --topics or BATON_TOPIC_PREFIX; or --no-topics to tell nobody"
)]
struct NoTopics;

pub(crate) fn run(document: Document, verb: &Edit, out: &mut impl Write) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match verb {
        Edit::Check { file } => match document {
            Document::Policy => check::policy(file, out),
            Document::Roster => check::roster(file, out),
        },
        Edit::Publish { file, with, at, people } => {
            runtime.block_on(publish(document, file, with.as_deref(), at, people, out))
        }
        Edit::History { at } => runtime.block_on(history(document, at, out)),
        Edit::Rollback { number, at, people } => {
            runtime.block_on(roll_back(document, *number, at, people, out))
        }
    }
}

async fn publish(
    document: Document,
    file: &Path,
    with: Option<&Path>,
    at: &At,
    people: &People,
    out: &mut impl Write,
) -> Done {
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
    let table = table(at)?;
    let mut before = Vec::new();
    for draft in &drafts {
        before.push(table.number_in_force(draft.document).await?);
    }
    let mut care = care(&table, &drafts, people).await?;
    let published =
        Publisher(&table).publish_drafts(&drafts, Clock::System.now()).await.map_err(mistaken)?;
    for ((draft, before), edition) in drafts.iter().zip(before).zip(&published) {
        tell(draft.document, before, edition, out)?;
    }
    finish(care.as_mut(), out).await
}

async fn roll_back(
    document: Document,
    number: u64,
    at: &At,
    people: &People,
    out: &mut impl Write,
) -> Done {
    let table = table(at)?;
    let before = table.number_in_force(document).await?;
    let edition = Publisher(&table).edition_to_publish(document, number).await.map_err(mistaken)?;
    let name = format!("edition {number}");
    let draft = Draft { document, name: &name, text: &edition.text };
    let mut care = care(&table, &[draft], people).await?;
    let published = Publisher(&table).roll_back(document, number, Clock::System.now()).await;
    tell(document, before, &published.map_err(mistaken)?, out)?;
    finish(care.as_mut(), out).await
}

/// What comes before a roster is in force: its people are asked, so that no alert goes to a topic
/// that is not there. A document with mistakes is refused before anything is touched.
async fn care(
    table: &Table,
    drafts: &[Draft<'_>],
    people: &People,
) -> Result<Option<SubscriptionSync>, Box<dyn std::error::Error + Send + Sync>> {
    let rules = Publisher(table).check_drafts(drafts).await.map_err(mistaken)?;
    let has_roster = drafts.iter().any(|draft| draft.document == Document::Roster);
    if !has_roster || people.no_topics {
        return Ok(None);
    }
    let prefix = people.topics.as_ref().ok_or(NoTopics)?;
    let channels = Aws::channels_from_env(prefix)?;
    let mut care = SubscriptionSync::survey(channels, rules.roster).await?;
    care.check(people.let_go)?;
    care.give().await?;
    Ok(Some(care))
}

/// What comes after: whoever the roster in force does not want told is told no more.
async fn finish(care: Option<&mut SubscriptionSync>, out: &mut impl Write) -> Done {
    let Some(care) = care else { return Ok(()) };
    care.take_away().await?;
    care.report(out)
}

async fn history(document: Document, at: &At, out: &mut impl Write) -> Done {
    let table = table(at)?;
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

fn tell(document: Document, before: u64, edition: &Edition, out: &mut impl Write) -> Done {
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

/// Mistakes of a document are told as `check` tells them.
pub(crate) fn mistaken(error: PublishError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        PublishError::Rules(mistakes) => check::mistaken(mistakes.to_string()),
        other @ (PublishError::Overtaken(_)
        | PublishError::NoEdition { .. }
        | PublishError::Error(_)) => other.into(),
    }
}

pub(crate) fn table(at: &At) -> Result<Table, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Aws::table_from_env(&at.table)?)
}
