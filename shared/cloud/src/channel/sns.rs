//! E-mail and SMS, by SNS: one topic a person, one message to it, and in it a text for each channel.

use aws_sdk_sns::Client;
use aws_sdk_sns::operation::publish::builders::PublishFluentBuilder;
use aws_sdk_sns::types::MessageAttributeValue;
use baton_core::channel::ChannelName;
use baton_wording::{email, sms};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Map, Value};

use super::{Channel, Outbound};
use crate::error::Error;

/// Everybody's topic, to send to.
#[derive(Clone, Debug)]
pub(crate) struct Sns {
    pub(crate) client: Client,
    pub(crate) topic_prefix: String,
}

impl Channel for Sns {
    fn carries(&self) -> &'static [ChannelName] {
        ChannelName::ON_TOPICS
    }

    fn send<'a>(
        &'a self,
        outbound: &'a Outbound<'a>,
        by: &'a [ChannelName],
    ) -> BoxFuture<'a, Result<(), Error>> {
        let publish = self.publish(outbound, by);
        async { publish.send().await.map(drop).map_err(Error::aws("Publish")) }.boxed()
    }
}

impl Sns {
    fn publish(&self, outbound: &Outbound<'_>, by: &[ChannelName]) -> PublishFluentBuilder {
        let Outbound { to, content, kind, lead, correlation, .. } = *outbound;
        let mail = email::lay_out(content);
        let publish = self.client.publish().topic_arn(format!("{}{to}", self.topic_prefix));
        let publish = publish
            .subject(mail.subject)
            .message(bodies(by, mail.body, sms::lay_out(content)))
            .message_structure("json")
            .message_attributes("correlation", attribute(correlation.as_str()))
            .message_attributes("kind", attribute(kind));
        match lead {
            Some(lead) => publish.message_attributes("lead", attribute(&lead.to_string())),
            None => publish,
        }
    }
}

/// A text for each channel that reaches the reader. A subscription of any other kind, or of an
/// address that is no longer on the roster, gets the short one: both together, for a long digest,
/// are as much as SNS takes.
fn bodies(by: &[ChannelName], mail: String, short: String) -> String {
    let mut bodies = Map::from_iter([("default".to_owned(), Value::from(short.as_str()))]);
    for (channel, text) in [(ChannelName::Email, mail), (ChannelName::Sms, short)] {
        if by.contains(&channel) {
            bodies.insert(channel.word().to_owned(), text.into());
        }
    }
    Value::from(bodies).to_string()
}

fn attribute(value: &str) -> MessageAttributeValue {
    let attribute = MessageAttributeValue::builder().data_type("String").string_value(value);
    attribute.build().expect("the type is given")
}
