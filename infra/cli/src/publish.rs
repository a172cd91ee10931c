//! `baton policy publish | history | rollback`, and the same of the roster: what runs on AWS is an
//! edition in the table, taken up within a minute and without deploying.

use std::io::Write;
use std::path::Path;

use baton_cloud::{Aws, Clock, Document, Draft, Edition, PublishError, Table};

use crate::args::{At, Edit};
use crate::check;
use crate::run::Done;

pub(crate) fn run(document: Document, verb: &Edit, out: &mut impl Write) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match verb {
        Edit::Check { file } => match document {
            Document::Policy => check::policy(file, out),
            Document::Roster => check::roster(file, out),
        },
        Edit::Publish { file, with, at } => {
            runtime.block_on(publish(document, file, with.as_deref(), at, out))
        }
        Edit::History { at } => runtime.block_on(history(document, at, out)),
        Edit::Rollback { number, at } => runtime.block_on(roll_back(document, *number, at, out)),
    }
}

async fn publish(
    document: Document,
    file: &Path,
    with: Option<&Path>,
    at: &At,
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
    let published = table.publish_drafts(&drafts, Clock::System.now()).await.map_err(mistaken)?;
    for ((draft, before), edition) in drafts.iter().zip(before).zip(&published) {
        tell(draft.document, before, edition, out)?;
    }
    Ok(())
}

async fn roll_back(document: Document, number: u64, at: &At, out: &mut impl Write) -> Done {
    let table = table(at)?;
    let before = table.number_in_force(document).await?;
    let published = table.roll_back(document, number, Clock::System.now()).await;
    tell(document, before, &published.map_err(mistaken)?, out)
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
fn mistaken(error: PublishError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        PublishError::Rules(mistakes) => check::mistaken(mistakes.to_string()),
        other @ (PublishError::Overtaken(_)
        | PublishError::NoEdition { .. }
        | PublishError::Error(_)) => other.into(),
    }
}

fn table(at: &At) -> Result<Table, Box<dyn std::error::Error + Send + Sync>> {
    Ok(Aws::table_from_env(&at.table)?)
}
