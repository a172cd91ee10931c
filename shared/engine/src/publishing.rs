//! Publishing a policy or a roster: checked against the other one, numbered, in force at once.

use baton_cloud::{Document, Edition, Error, Table};
use baton_core::Roster;
use baton_core::decision::Editions;
use baton_documents::roster;
use jiff::Timestamp;

use crate::rules::{self, Rules, RulesError};

/// Why a document is not published. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It has mistakes, or does not fit the other document in force.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// Somebody published another edition meanwhile.
    #[error("somebody published another {} meanwhile; see its history and try again", .0.word())]
    Overtaken(Document),
    /// There is no such edition.
    #[error("there is no edition {number} of the {}", document.word())]
    NoEdition {
        /// The document that was asked for.
        document: Document,
        /// The number that it has no edition of.
        number: u64,
    },
    /// The world failed.
    #[error(transparent)]
    Error(#[from] Error),
}

/// A document to publish, under the name its mistakes are reported under.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Whether it is the policy or the roster.
    pub document: Document,
    /// What it is called in messages: a file's name.
    pub name: &'a str,
    /// The whole of it.
    pub text: &'a str,
}

/// When editions are published, and which earlier one comes back by that.
#[derive(Clone, Copy, Debug)]
struct Publication {
    again: Option<u64>,
    at: Timestamp,
}

/// Publishes documents in a table.
#[derive(Clone, Copy, Debug)]
pub struct Publisher<'t>(pub &'t Table);

impl Publisher<'_> {
    /// Publishes documents, one or both: together, each read beside the other or the one in force.
    /// A text that is in force already is not published again. Gives the editions then in force,
    /// in the order of the drafts.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; whatever is in force stays.
    pub async fn publish_drafts(
        self,
        drafts: &[Draft<'_>],
        now: Timestamp,
    ) -> Result<Vec<Edition>, PublishError> {
        let (rules, beside) = self.read_together(drafts).await?;
        self.put_in_force(drafts, &rules, beside, Publication { again: None, at: now }).await
    }

    /// Publishes rules that somebody gave as files, unless they are in force already; gives them
    /// with their numbers, so that each decision says which editions it was made by.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; whatever is in force stays.
    pub async fn publish_rules(self, rules: Rules, now: Timestamp) -> Result<Rules, PublishError> {
        let policy =
            Draft { document: Document::Policy, name: "the policy", text: &rules.policy_text };
        let roster =
            Draft { document: Document::Roster, name: "the roster", text: &rules.roster_text };
        let publication = Publication { again: None, at: now };
        let in_force = self.put_in_force(&[policy, roster], &rules, None, publication).await?;
        let editions = match in_force.as_slice() {
            [policy, roster] => Some(Editions { policy: policy.number, roster: roster.number }),
            _ => None,
        };
        Ok(Rules { editions, ..rules })
    }

    /// The roster in force; nothing if none was published.
    ///
    /// # Errors
    ///
    /// When the store can't be asked, or what was published does not read. Its mistakes quote it,
    /// people's addresses included, and stay unsaid: this is asked for by what ends in a log.
    pub async fn published_roster(self) -> Result<Option<Roster>, Error> {
        let number = self.0.number_in_force(Document::Roster).await?;
        if number == 0 {
            return Ok(None);
        }
        let text = rules::text(self.0, Document::Roster, number).await?;
        let subject = || format!("edition {number} of the roster");
        let roster = roster::parse(&text).map_err(|_| Error::Unreadable { subject: subject() })?;
        Ok(Some(roster))
    }

    /// Reads documents as publishing them would, and publishes nothing. Gives the rules that they
    /// would make.
    ///
    /// # Errors
    ///
    /// [`PublishError::Rules`] with every mistake, or that the store can't be asked.
    pub async fn check_drafts(self, drafts: &[Draft<'_>]) -> Result<Rules, PublishError> {
        self.read_together(drafts).await.map(|(rules, _)| rules)
    }

    /// Brings an earlier edition back, as a new one: the history only grows.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; the edition in force stays.
    pub async fn roll_back(
        self,
        document: Document,
        number: u64,
        now: Timestamp,
    ) -> Result<Edition, PublishError> {
        let edition = self.edition_to_publish(document, number).await?;
        let name = format!("edition {number}");
        let draft = Draft { document, name: &name, text: &edition.text };
        let (rules, beside) = self.read_together(&[draft]).await?;
        let publication = Publication { again: Some(number), at: now };
        let mut editions = self.put_in_force(&[draft], &rules, beside, publication).await?;
        Ok(editions.remove(0))
    }

    /// An edition that somebody wants back.
    ///
    /// # Errors
    ///
    /// [`PublishError::NoEdition`] where no edition has that number.
    pub async fn edition_to_publish(
        self,
        document: Document,
        number: u64,
    ) -> Result<Edition, PublishError> {
        let missing = PublishError::NoEdition { document, number };
        self.0.edition(document, number).await?.ok_or(missing)
    }

    /// Puts drafts in force that were read as these rules, beside that edition of the other document
    /// if they are not both.
    async fn put_in_force(
        self,
        drafts: &[Draft<'_>],
        rules: &Rules,
        beside: Option<(Document, u64)>,
        publication: Publication,
    ) -> Result<Vec<Edition>, PublishError> {
        let Publication { again, at } = publication;
        let (mut fresh, mut in_force) = (Vec::new(), Vec::new());
        for draft in drafts {
            let newest = self.0.number_in_force(draft.document).await?;
            let running = self.0.edition(draft.document, newest).await?;
            let running = running.filter(|running| running.text == draft.text);
            in_force.push(running.clone().unwrap_or_else(|| {
                let version = version_of(draft.document, rules);
                let (number, text) = (newest + 1, draft.text.to_owned());
                Edition { number, version, published_at: at, again, text }
            }));
            if running.is_none() {
                fresh.extend(in_force.last().map(|edition| (draft.document, edition.clone())));
            }
        }
        if fresh.is_empty() || self.0.publish(&fresh, beside).await? {
            return Ok(in_force);
        }
        Err(PublishError::Overtaken(fresh[0].0))
    }

    /// Reads the drafts together, or the one beside the other document in force; gives which that
    /// is.
    async fn read_together(
        self,
        drafts: &[Draft<'_>],
    ) -> Result<(Rules, Option<(Document, u64)>), PublishError> {
        let mut beside = None;
        let mut texts = Vec::new();
        for document in [Document::Policy, Document::Roster] {
            let draft = drafts.iter().find(|draft| draft.document == document);
            texts.push(match draft {
                Some(draft) => (draft.name.to_owned(), draft.text.to_owned()),
                None => {
                    let number = self.0.number_in_force(document).await?;
                    beside = Some((document, number));
                    let name = format!("the {} in force", document.word());
                    (name, rules::text(self.0, document, number).await?)
                }
            });
        }
        let [policy, roster] = [0, 1].map(|n: usize| (texts[n].0.as_str(), texts[n].1.as_str()));
        Ok((Rules::read(policy, roster)?, beside))
    }
}

fn version_of(document: Document, rules: &Rules) -> String {
    match document {
        Document::Policy => rules.policy.version.clone(),
        Document::Roster => rules.roster.version.clone(),
    }
}
