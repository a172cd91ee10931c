//! People's topics: what there is, and one step at a time towards what is wanted.
//!
//! Every call may be made again: SNS answers a topic or a subscription that is there already with
//! its name. Whoever calls goes one by one: SNS allows an account some 30 a second of most of
//! these (unverified), and a call after the other stays near that; what it refuses is tried again
//! by the SDK. A roster of a thousand is looked at well within a minute.

mod prefix;

use std::collections::BTreeSet;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::SdkError;
use aws_sdk_sns::operation::list_subscriptions_by_topic::ListSubscriptionsByTopicError;
use baton_core::Roster;
use baton_core::channel::{
    self, Address, ChannelName, Finding, State, Subscription, Topic, TopicStep,
};
use baton_core::id::PersonId;

use crate::error::Error;

pub use prefix::{TopicPrefix, TopicPrefixError};

/// What mail of SNS says it is from.
const DISPLAY_NAME: &str = "Baton";
/// Alerts name leads: kept encrypted while SNS has them. Whoever may publish may use this key.
const KEY: &str = "alias/aws/sns";

/// The topics of everybody, and what is subscribed to them.
#[derive(Clone, Debug)]
pub struct Channels {
    pub(crate) sns: Client,
    pub(crate) topic_prefix: String,
}

/// A topic was made that alerts will never be sent to.
#[derive(Debug, thiserror::Error)]
#[error(
    "the credentials are those of another account or region than the topics: {made} was made, and \
     should be deleted, in place of {wanted}"
)]
struct Elsewhere {
    made: String,
    wanted: String,
}

impl Channels {
    /// The ARN of a person's topic.
    pub fn arn(&self, person: &PersonId) -> String {
        format!("{}{person}", self.topic_prefix)
    }

    /// Everybody who has a topic, on the roster or not.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked.
    pub async fn people(&self) -> Result<BTreeSet<PersonId>, Error> {
        let mut pages = self.sns.list_topics().into_paginator().items().send();
        let mut people = BTreeSet::new();
        while let Some(topic) = pages.next().await {
            let topic = topic.map_err(Error::aws("ListTopics"))?;
            let id = topic.topic_arn().and_then(|arn| arn.strip_prefix(&self.topic_prefix));
            people.extend(id.and_then(|id| PersonId::parse(id).ok()));
        }
        Ok(people)
    }

    /// A person's topic, if there is one.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked.
    pub async fn topic(&self, person: &PersonId) -> Result<Option<Topic>, Error> {
        let list = self.sns.list_subscriptions_by_topic().topic_arn(self.arn(person));
        let mut pages = list.into_paginator().items().send();
        let mut topic = Topic::default();
        while let Some(found) = pages.next().await {
            match found {
                Ok(found) => topic.subscriptions.extend(subscription(&found)),
                Err(error) if is_missing(&error) => return Ok(None),
                Err(error) => return Err(Error::aws("ListSubscriptionsByTopic")(error)),
            }
        }
        Ok(Some(topic))
    }

    /// How all channels of everybody on a roster stand, and of these other people, of whose nothing
    /// is right.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked.
    pub async fn review(
        &self,
        roster: &Roster,
        others: BTreeSet<PersonId>,
    ) -> Result<Vec<Finding>, Error> {
        let has_sms = roster.people.values().any(|person| person.sms.is_some());
        let stopped = if has_sms { self.stopped().await? } else { BTreeSet::new() };
        let mut people = others;
        people.extend(roster.people.keys().cloned());
        let mut found = Vec::new();
        for person in people {
            let wanted = roster.person(&person).map(channel::wanted).unwrap_or_default();
            let topic = self.topic(&person).await?;
            found.extend(channel::review(&person, &wanted, topic.as_ref(), &stopped));
        }
        Ok(found)
    }

    /// The numbers whose owners answered STOP, of all the account's in this region.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked.
    async fn stopped(&self) -> Result<BTreeSet<String>, Error> {
        let mut pages = self.sns.list_phone_numbers_opted_out().into_paginator().items().send();
        let mut stopped = BTreeSet::new();
        while let Some(number) = pages.next().await {
            stopped.insert(number.map_err(Error::aws("ListPhoneNumbersOptedOut"))?);
        }
        Ok(stopped)
    }

    /// Whether only this account can end a subscription, not everybody who has one of its mails.
    /// SNS does not say so itself, but whether the confirmation was signed; ours always are, with
    /// that request in them.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked.
    pub async fn is_guarded(&self, subscription: &str) -> Result<bool, Error> {
        let asked = self.sns.get_subscription_attributes().subscription_arn(subscription).send();
        let answer = asked.await.map_err(Error::aws("GetSubscriptionAttributes"))?;
        let guarded = answer.attributes().and_then(|all| all.get("ConfirmationWasAuthenticated"));
        Ok(guarded.is_some_and(|value| value.eq_ignore_ascii_case("true")))
    }

    /// Takes a step for a person. Gives the subscription that it made.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked or refuses.
    pub async fn take(
        &self,
        person: &PersonId,
        step: &TopicStep,
    ) -> Result<Option<Subscription>, Error> {
        match step {
            TopicStep::MakeTopic => self.make_topic(person).await.map(|()| None),
            TopicStep::Subscribe(address) => self.subscribe(person, address).await.map(Some),
            TopicStep::Unsubscribe { id, .. } => {
                let unsubscribe = self.sns.unsubscribe().subscription_arn(id).send().await;
                unsubscribe.map(|_| None).map_err(Error::aws("Unsubscribe"))
            }
        }
    }

    async fn subscribe(&self, person: &PersonId, address: &Address) -> Result<Subscription, Error> {
        let subscribe = self.sns.subscribe().topic_arn(self.arn(person));
        let subscribe = subscribe.protocol(address.channel.word()).endpoint(&address.text);
        let made = subscribe.send().await.map_err(Error::aws("Subscribe"))?;
        // A mailbox is asked first: "pending confirmation" stands where the ARN would be.
        let state = match made.subscription_arn() {
            Some(arn) if arn.starts_with("arn:") => State::Confirmed(arn.to_owned()),
            _ => State::Waiting,
        };
        Ok(Subscription { address: address.clone(), state })
    }

    async fn make_topic(&self, person: &PersonId) -> Result<(), Error> {
        let wanted = self.arn(person);
        let name = wanted.rsplit(':').next().unwrap_or_default();
        let create = self.sns.create_topic().name(name);
        let create = create.attributes("DisplayName", DISPLAY_NAME);
        let created = create.attributes("KmsMasterKeyId", KEY).send().await;
        let made = created.map_err(Error::aws("CreateTopic"))?;
        let made = made.topic_arn().unwrap_or_default().to_owned();
        if made == wanted {
            return Ok(());
        }
        let source = Box::new(Elsewhere { made, wanted });
        Err(Error::Aws { operation: "CreateTopic", is_passing: false, source })
    }

    /// Confirms a subscription so that only this account can end it. The unsubscribe link under
    /// every mail, which mail scanners follow, does nothing then.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked, or the token is used up, too old or another topic's.
    pub async fn confirm(&self, person: &PersonId, token: &str) -> Result<(), Error> {
        let confirm = self.sns.confirm_subscription().topic_arn(self.arn(person)).token(token);
        let confirmed = confirm.authenticate_on_unsubscribe("true").send().await;
        confirmed.map(drop).map_err(Error::aws("ConfirmSubscription"))
    }
}

fn is_missing(error: &SdkError<ListSubscriptionsByTopicError>) -> bool {
    let said = error.as_service_error();
    said.is_some_and(ListSubscriptionsByTopicError::is_not_found_exception)
}

/// What SNS says of a subscription; nothing if it is neither mail nor SMS. In place of an ARN it
/// gives the words `PendingConfirmation`, and `Deleted` for a while after one was ended.
fn subscription(found: &aws_sdk_sns::types::Subscription) -> Option<Subscription> {
    let is_ours = |channel: &ChannelName| ChannelName::ON_TOPICS.contains(channel);
    let channel = ChannelName::named(found.protocol()?).filter(is_ours)?;
    let state = match found.subscription_arn()? {
        "PendingConfirmation" => State::Waiting,
        arn if arn.starts_with("arn:") => State::Confirmed(arn.to_owned()),
        _ => State::Ended,
    };
    let address = Address { channel, text: found.endpoint()?.to_owned() };
    Some(Subscription { address, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(protocol: &str, arn: &str) -> Option<Subscription> {
        let found = aws_sdk_sns::types::Subscription::builder().protocol(protocol);
        subscription(&found.subscription_arn(arn).endpoint("ana@a.example").build())
    }

    #[test]
    fn what_stands_in_place_of_an_arn_is_a_state() {
        let state = |arn| found("email", arn).unwrap().state;
        assert_eq!(state("PendingConfirmation"), State::Waiting);
        assert_eq!(state("Deleted"), State::Ended);
        let arn = "arn:aws:sns:eu-central-1:123456789012:baton-to-ana:1";
        assert_eq!(state(arn), State::Confirmed(arn.to_owned()));
        assert_eq!(found("sqs", arn), None, "somebody's archive is none of our business");
        assert_eq!(found("email-json", arn), None);
    }
}
