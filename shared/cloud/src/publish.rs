//! Publishing a policy or a roster: checked against the other one, numbered, in force at once.

use jiff::Timestamp;

use crate::error::Error;
use crate::rules::{self, Rules, RulesError};
use crate::table::{Document, Edition, Table};

/// Why a document is not published. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It has mistakes, or does not fit the other document in force.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// Somebody published another edition meanwhile.
    #[error("somebody published another {} meanwhile; look at its history and try again", .0.word())]
    Overtaken(Document),
    /// There is no such edition.
    #[error("there is no edition {number} of the {}", document.word())]
    NoEdition {
        /// Of what.
        document: Document,
        /// Which.
        number: u64,
    },
    /// The world failed.
    #[error(transparent)]
    Error(#[from] Error),
}

impl Table {
    /// Publishes a document under the name its mistakes are reported under. The text that is in
    /// force already is not published again: its edition is given.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; the edition in force stays.
    pub async fn publish_text(
        &self,
        document: Document,
        name: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<Edition, PublishError> {
        self.next(document, name, text, None, now).await
    }

    /// Brings an earlier edition back, as a new one: the history only grows.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; the edition in force stays.
    pub async fn roll_back(
        &self,
        document: Document,
        number: u64,
        now: Timestamp,
    ) -> Result<Edition, PublishError> {
        let missing = PublishError::NoEdition { document, number };
        let edition = self.edition(document, number).await?.ok_or(missing)?;
        let name = format!("edition {number}");
        self.next(document, &name, &edition.text, Some(number), now).await
    }

    async fn next(
        &self,
        document: Document,
        name: &str,
        text: &str,
        again: Option<u64>,
        now: Timestamp,
    ) -> Result<Edition, PublishError> {
        let version = self.checked(document, name, text).await?;
        let newest = self.number_in_force(document).await?;
        let running = self.edition(document, newest).await?;
        if let Some(running) = running.filter(|running| running.text == text) {
            return Ok(running);
        }
        let (number, text) = (newest + 1, text.to_owned());
        let edition = Edition { number, version, published_at: now, again, text };
        match self.publish(document, &edition).await? {
            true => Ok(edition),
            false => Err(PublishError::Overtaken(document)),
        }
    }

    /// Reads the document beside the other one in force; gives its own name for itself.
    async fn checked(
        &self,
        document: Document,
        name: &str,
        text: &str,
    ) -> Result<String, PublishError> {
        let other = match document {
            Document::Policy => Document::Roster,
            Document::Roster => Document::Policy,
        };
        let number = self.number_in_force(other).await?;
        let beside = rules::text(self, other, number).await?;
        let beside_name = format!("the {} in force", other.word());
        let beside = (beside_name.as_str(), beside.as_str());
        let rules = match document {
            Document::Policy => Rules::read((name, text), beside)?,
            Document::Roster => Rules::read(beside, (name, text))?,
        };
        Ok(match document {
            Document::Policy => rules.policy.version,
            Document::Roster => rules.roster.version,
        })
    }
}
