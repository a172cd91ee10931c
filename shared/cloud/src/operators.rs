//! The operators' topic: who is told when something is wrong with Baton itself.

use aws_sdk_sns::Client;

use crate::error::Error;

/// A way to write to the operators.
#[derive(Clone, Debug)]
pub struct Operators {
    pub(crate) sns: Client,
    pub(crate) topic: String,
}

impl Operators {
    /// Sends a letter; the subject is plain ASCII of fewer than 100 characters.
    ///
    /// # Errors
    ///
    /// When SNS can't be asked or refuses.
    pub async fn tell(&self, subject: &str, body: &str) -> Result<(), Error> {
        let letter = self.sns.publish().topic_arn(&self.topic).subject(subject).message(body);
        letter.send().await.map(drop).map_err(Error::aws("Publish to the operators"))
    }
}
