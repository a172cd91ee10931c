//! `baton policy publish | history | rollback`, and the same of the roster: what runs on AWS is an
//! edition in the table, taken up within a minute and without deploying.

use std::io::Write;
use std::path::Path;

use baton_cloud::{Aws, Clock, Document, Edition, PublishError, Table};

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
        Edit::Publish { file, at } => runtime.block_on(publish(document, file, at, out)),
        Edit::History { at } => runtime.block_on(history(document, at, out)),
        Edit::Rollback { number, at } => runtime.block_on(roll_back(document, *number, at, out)),
    }
}

async fn publish(document: Document, file: &Path, at: &At, out: &mut impl Write) -> Done {
    let text = check::read(file)?;
    let table = table(at)?;
    let before = table.number_in_force(document).await?;
    let name = file.display().to_string();
    let now = Clock::System.now();
    let published = table.publish_text(document, &name, &text, now).await;
    tell(document, before, &published.map_err(mistaken)?, out)
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
