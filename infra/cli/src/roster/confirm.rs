//! `baton roster confirm`: a link of SNS, followed with the account's signature.

use std::io::Write;

use baton_core::channel::{Address, ChannelName, wanted};
use baton_core::id::PersonId;

use super::{TopicArgs, published};
use crate::deployment::{Account, DeploymentArgs};
use crate::exit::CliResult;

/// Why a link or token is not followed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum LinkError {
    #[error(
        "this is no confirmation link of SNS, which has a TopicArn and a Token in it; quote it, \
         since it has an & too"
    )]
    NotALink,
    #[error("a token does not say whose it is: say --person ID, or give the whole link")]
    NoPerson,
    #[error("the link is for {0}, which is no topic of this deployment's people")]
    Topic(String),
    #[error("the link is {0}'s, not {1}'s")]
    OtherPerson(PersonId, PersonId),
    #[error("{0} is not on the published roster, or has left")]
    NotOnRoster(PersonId),
    #[error(
        "the link was sent to an address that is not {0}'s by the published roster; publish the \
         roster to have the right one asked"
    )]
    Address(PersonId),
}

/// The parts of a confirmation link.
#[derive(Debug, PartialEq, Eq)]
struct ConfirmationLink {
    topic: String,
    token: String,
    address: Option<String>,
}

pub(super) async fn confirm(
    text: &str,
    person: Option<&PersonId>,
    at: &DeploymentArgs,
    topics: &TopicArgs,
    out: &mut impl Write,
) -> CliResult {
    let (person, token, address) = read(text, person, topics.prefix.as_str())?;
    let account = Account::load().await?;
    let roster = published(&account.table(&at.table)).await?;
    let theirs = roster.person(&person).map(wanted).unwrap_or_default();
    if theirs.is_empty() {
        return Err(LinkError::NotOnRoster(person).into());
    }
    let is_theirs = |text| {
        let asked = Address { channel: ChannelName::Email, text };
        theirs.iter().any(|address| address.is_same(&asked))
    };
    if address.is_some_and(|text| !is_theirs(text)) {
        return Err(LinkError::Address(person).into());
    }
    account.channels(&topics.prefix)?.confirm(&person, &token).await?;
    writeln!(out, "{person}'s e-mail is confirmed; only this account can end that.")?;
    Ok(())
}

/// Whose a link or token is, the token, and the address that it was sent to if that is said.
fn read(
    text: &str,
    person: Option<&PersonId>,
    prefix: &str,
) -> Result<(PersonId, String, Option<String>), LinkError> {
    let is_token = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_token {
        let person = person.ok_or(LinkError::NoPerson)?;
        return Ok((person.clone(), text.to_owned(), None));
    }
    let asked = parse_link(text).ok_or(LinkError::NotALink)?;
    let id = asked.topic.strip_prefix(prefix).and_then(|id| PersonId::parse(id).ok());
    let of = id.ok_or(LinkError::Topic(asked.topic))?;
    match person {
        Some(person) if *person != of => Err(LinkError::OtherPerson(of, person.clone())),
        _ => Ok((of, asked.token, asked.address)),
    }
}

/// Reads a link; also one that a mail filter has wrapped into a link of its own.
fn parse_link(link: &str) -> Option<ConfirmationLink> {
    let (_, query) = link.split_once('?')?;
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let value = |key| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    match (value("TopicArn"), value("Token")) {
        (Some(topic), Some(token)) => {
            Some(ConfirmationLink { topic, token, address: value("Endpoint") })
        }
        _ => pairs.iter().find_map(|(_, value)| parse_link(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "arn:aws:sns:eu-central-1:123456789012:baton-to-";
    const LINK: &str = "https://sns.eu-central-1.amazonaws.com/confirmation.html?\
        TopicArn=arn:aws:sns:eu-central-1:123456789012:baton-to-ana&Token=2336412f37fb&\
        Endpoint=ana.ruiz@northwind.example";

    fn id(text: &str) -> PersonId {
        PersonId::parse(text).unwrap()
    }

    #[test]
    fn a_link_says_whose_it_is_and_where_it_was_sent() {
        let address = Some("ana.ruiz@northwind.example".to_owned());
        let read_as = Ok((id("ana"), "2336412f37fb".to_owned(), address));
        assert_eq!(read(LINK, None, PREFIX), read_as);
        assert_eq!(read(LINK, Some(&id("ana")), PREFIX), read_as);
        let another = LinkError::OtherPerson(id("ana"), id("ben"));
        assert_eq!(read(LINK, Some(&id("ben")), PREFIX), Err(another));
    }

    #[test]
    fn a_link_that_a_mail_filter_wrapped_is_unwrapped() {
        let wrapped: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("url", LINK)
            .append_pair("data", "05|02|")
            .finish();
        let wrapped = format!("https://filter.example/?{wrapped}");
        assert_eq!(parse_link(&wrapped), parse_link(LINK));
    }

    #[test]
    fn a_token_needs_a_person_and_other_texts_are_told_what_a_link_is() {
        let ana = id("ana");
        assert_eq!(read("2336412f", Some(&ana), PREFIX).unwrap().1, "2336412f");
        assert_eq!(read("2336412f", None, PREFIX), Err(LinkError::NoPerson));
        for text in ["", "https://a.example/", "https://a.example/?Token=1", "Token 1"] {
            assert_eq!(read(text, Some(&ana), PREFIX), Err(LinkError::NotALink));
        }
        let elsewhere = LINK.replace("baton-to-ana", "operators");
        assert!(matches!(read(&elsewhere, None, PREFIX), Err(LinkError::Topic(_))));
    }
}
