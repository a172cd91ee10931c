//! What the ARNs of everybody's topics begin with.

use std::str::FromStr;

use baton_core::limits;

/// What a topic's name may have.
const NAME_CHARS: usize = 256;

/// The ARN of a topic without the person's id at its end:
/// `arn:aws:sns:eu-central-1:123456789012:baton-to-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPrefix {
    text: String,
    region: String,
}

/// Why a text is no such prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicPrefixError {
    /// It does not have the parts.
    #[error(
        "`{0}` is not what people's topics begin with, which is the output TopicPrefix of the \
         stack: arn:aws:sns:REGION:ACCOUNT:STACK-to-"
    )]
    Shape(String),
    /// A person's id would not fit behind it.
    #[error(
        "`{0}` is too long: with a person's id behind it, a topic's name would have more than \
         {max} characters",
        max = NAME_CHARS
    )]
    Long(String),
    /// It is of another region than the environment.
    #[error("the topics are in {topics}, and AWS_REGION is {environment}")]
    Region {
        /// Where the topics are.
        topics: String,
        /// What the environment says.
        environment: String,
    },
}

impl TopicPrefix {
    /// The prefix as it was given: an ARN without the person's id at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_in(&self, region: &str) -> Result<(), TopicPrefixError> {
        if self.region == region {
            return Ok(());
        }
        let (topics, environment) = (self.region.clone(), region.to_owned());
        Err(TopicPrefixError::Region { topics, environment })
    }
}

impl FromStr for TopicPrefix {
    type Err = TopicPrefixError;

    fn from_str(text: &str) -> Result<Self, TopicPrefixError> {
        let shape = || TopicPrefixError::Shape(text.to_owned());
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "sns", region, account, name] = parts[..] else {
            return Err(shape());
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let named = !name.is_empty() && name.chars().all(plain);
        if partition.is_empty() || region.is_empty() || !digits(account) || !named {
            return Err(shape());
        }
        if name.len() + limits::NAME_BYTES > NAME_CHARS {
            return Err(TopicPrefixError::Long(text.to_owned()));
        }
        Ok(Self { text: text.to_owned(), region: region.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "arn:aws:sns:eu-central-1:123456789012:baton-to-";

    #[test]
    fn the_stacks_output_is_taken_and_its_region_known() {
        let prefix: TopicPrefix = GOOD.parse().unwrap();
        assert_eq!(prefix.as_str(), GOOD);
        assert!(prefix.is_in("eu-central-1").is_ok());
        let told = prefix.is_in("us-east-1").unwrap_err().to_string();
        assert_eq!(told, "the topics are in eu-central-1, and AWS_REGION is us-east-1");
    }

    #[test]
    fn what_is_no_prefix_is_told_what_would_be() {
        for bad in [
            "",
            "None",
            "baton-to-",
            "arn:aws:sqs:eu-central-1:123456789012:baton-to-",
            "arn:aws:sns:eu-central-1:1234:baton-to-",
            "arn:aws:sns::123456789012:baton-to-",
            "arn:aws:sns:eu-central-1:123456789012:",
            "arn:aws:sns:eu-central-1:123456789012:baton to ",
            "arn:aws:sns:eu-central-1:123456789012:baton-to-ana:1",
        ] {
            let told = TopicPrefix::from_str(bad).unwrap_err().to_string();
            assert!(told.contains("output TopicPrefix"), "{told}");
        }
        let long = format!("{GOOD}{}", "x".repeat(200));
        assert!(matches!(long.parse::<TopicPrefix>(), Err(TopicPrefixError::Long(_))));
    }
}
