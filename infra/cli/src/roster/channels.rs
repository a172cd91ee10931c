//! `baton roster channels`: how everybody's e-mail and SMS stand.

use std::io::Write;

use baton_core::channel::{ChannelName, Finding, Standing};

use super::{TopicArgs, published};
use crate::deployment::{Account, DeploymentArgs};
use crate::exit::CliResult;

/// Some people's channels are not as the roster wants them.
#[derive(Debug, thiserror::Error)]
#[error("{wrong} of {all} channels are not as the published roster wants them")]
struct ChannelsDiffer {
    wrong: usize,
    all: usize,
}

pub(super) async fn list(
    at: &DeploymentArgs,
    topics: &TopicArgs,
    out: &mut impl Write,
) -> CliResult {
    let account = Account::load().await?;
    let roster = published(&account.table(&at.table)).await?;
    let channels = account.channels(&topics.prefix)?;
    let found = channels.review(&roster, channels.people().await?).await?;
    let width = found.iter().map(|one| one.person.as_str().len()).max().unwrap_or_default();
    let mut unguarded = Vec::new();
    for Finding { person, channel, standing } in &found {
        let mut words = standing.words();
        // Only e-mails carry a link that ends the subscription.
        if let (ChannelName::Email, Standing::Confirmed(id)) = (channel, standing)
            && !channels.is_guarded(id).await?
        {
            words = UNGUARDED;
            unguarded.push(id);
        }
        writeln!(out, "{:width$}  {:5}  {words}", person.as_str(), channel.word())?;
    }
    if !unguarded.is_empty() {
        writeln!(out, "{HOW_TO_GUARD}")?;
        for id in unguarded {
            writeln!(out, "    aws sns unsubscribe --subscription-arn {id}")?;
        }
    }
    match found.iter().filter(|one| !one.standing.is_right()).count() {
        0 => Ok(()),
        wrong => Err(ChannelsDiffer { wrong, all: found.len() }.into()),
    }
}

const UNGUARDED: &str = "confirmed, but anybody who has one of the mails can end it";
const HOW_TO_GUARD: &str = "\
Those were confirmed by opening the link. To confirm them so that only your account can end them,
end them now, publish the roster again, and have the new link copied for `baton roster confirm`:";
