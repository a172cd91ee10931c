//! The policy and the roster in force: read together, checked against each other.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use baton_cloud::{Document, Error, Table, causes};
use baton_core::decision::Editions;
use baton_core::{Policy, Roster};
use baton_documents::{Mistakes, policy, roster};
use baton_intake::Sources;
use jiff::{SignedDuration, Timestamp};

/// A policy and a roster that fit each other.
#[derive(Clone, Debug)]
pub struct Rules {
    /// How leads are scored, qualified and routed, and how long everybody has.
    pub policy: Policy,
    /// The tools that post payloads of their own, by name.
    pub sources: Sources,
    /// The rules as they were written.
    pub policy_text: String,
    /// Who is in which queue, who reports to whom, who is away.
    pub roster: Roster,
    /// The people as they were written.
    pub roster_text: String,
    /// The numbers both were published under, if they were.
    pub editions: Option<Editions>,
}

/// Why the rules can't be used: every mistake with its line.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct RulesError(String);

impl RulesError {
    /// The mistakes of a document of that name.
    pub(crate) fn of(mistakes: &Mistakes, name: &str) -> Self {
        Self(mistakes.render(name))
    }
}

impl Rules {
    /// Reads both documents; each comes with the name its mistakes are reported under.
    ///
    /// # Errors
    ///
    /// All mistakes of both, a line each; nothing is half-applied.
    pub fn read(policy: (&str, &str), roster: (&str, &str)) -> Result<Self, RulesError> {
        let parsed = policy::parse(policy.1).map_err(|m| RulesError::of(&m, policy.0))?;
        let people = roster::parse(roster.1).map_err(|m| RulesError::of(&m, roster.0))?;
        policy::check_against(&parsed.policy, &people).map_err(|m| RulesError::of(&m, policy.0))?;
        Ok(Self {
            policy: parsed.policy,
            sources: parsed.sources,
            policy_text: policy.1.to_owned(),
            roster: people,
            roster_text: roster.1.to_owned(),
            editions: None,
        })
    }

    /// The rules used when none are given.
    pub fn sample() -> Self {
        let (policy, roster) =
            (("sample policy", policy::SAMPLE), ("sample roster", roster::SAMPLE));
        Self::read(policy, roster).expect("a test reads the samples")
    }
}

/// The rules in force: given once, or published in the table and looked at again and again.
#[derive(Clone, Debug)]
pub struct InForce(Arc<State>);

#[derive(Debug)]
struct State {
    rules: RwLock<Arc<Rules>>,
    /// Of published rules: which they are, and when somebody last looked.
    published: Option<Mutex<Published>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Published {
    /// Numbers of the policy and the roster; 0 is the sample.
    numbers: (u64, u64),
    looked_at: Option<Timestamp>,
}

/// What was published does not read. Its mistakes quote it, people's entries included, so they are
/// told to whoever checks it, and not to the log.
#[derive(Debug, thiserror::Error)]
#[error(
    "edition {} of the policy and {} of the roster don't read or don't fit each other; \
     'baton policy check' and 'baton roster check' say why", .0.0, .0.1
)]
struct Unfit((u64, u64));

/// How long published rules are taken for the newest: what is published is in force everywhere
/// within a minute, and looking costs two small reads.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(30);

impl InForce {
    /// Rules that don't change.
    pub fn fixed(rules: Rules) -> Self {
        Self::new(rules, None)
    }

    /// Whatever is published; the samples until something is.
    pub fn published() -> Self {
        Self::new(Rules::sample(), Some(Published::default()))
    }

    fn new(rules: Rules, published: Option<Published>) -> Self {
        let rules = RwLock::new(Arc::new(rules));
        Self(Arc::new(State { rules, published: published.map(Mutex::new) }))
    }

    /// The rules at this moment.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.0.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks whether something newer is published, if nobody has looked lately. Documents that
    /// don't read or don't fit each other change nothing: the running ones stay.
    pub(crate) async fn refresh(&self, table: &Table, now: Timestamp) {
        let Some(published) = self.due(now) else { return };
        match self.newer(table, published).await {
            Ok(Some((numbers, rules))) => {
                let (policy, roster) = numbers;
                tracing::info!(policy, roster, "rules in force: policy {policy}, roster {roster}");
                self.set(Arc::new(rules), numbers);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = %causes(&*error),
                    "published rules can't be used; the running ones stay");
            }
        }
    }

    /// Takes the turn to look.
    fn due(&self, now: Timestamp) -> Option<Published> {
        let published = self.0.published.as_ref()?;
        let mut published = published.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: Timestamp| now.duration_since(at).abs() < LOOK_EVERY;
        if published.looked_at.is_some_and(fresh) {
            return None;
        }
        published.looked_at = Some(now);
        Some(*published)
    }

    async fn newer(
        &self,
        table: &Table,
        known: Published,
    ) -> Result<Option<((u64, u64), Rules)>, Box<dyn std::error::Error + Send + Sync>> {
        let policy = table.number_in_force(Document::Policy);
        let roster = table.number_in_force(Document::Roster);
        let numbers = futures::future::try_join(policy, roster).await?;
        if numbers == known.numbers {
            return Ok(None);
        }
        let policy = text(table, Document::Policy, numbers.0).await?;
        let roster = text(table, Document::Roster, numbers.1).await?;
        let rules =
            Rules::read(("the published policy", &policy), ("the published roster", &roster));
        let rules = rules.map_err(|_| Unfit(numbers))?;
        let (policy, roster) = numbers;
        let editions = Some(Editions { policy, roster });
        Ok(Some((numbers, Rules { editions, ..rules })))
    }

    fn set(&self, rules: Arc<Rules>, numbers: (u64, u64)) {
        *self.0.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
        if let Some(published) = &self.0.published {
            published.lock().unwrap_or_else(PoisonError::into_inner).numbers = numbers;
        }
    }
}

/// What is in force of a document until an edition is published.
pub(crate) fn sample(document: Document) -> &'static str {
    match document {
        Document::Policy => policy::SAMPLE,
        Document::Roster => roster::SAMPLE,
    }
}

/// The text of an edition; of number 0, which is before the first, the sample.
pub(crate) async fn text(table: &Table, document: Document, number: u64) -> Result<String, Error> {
    if number == 0 {
        return Ok(sample(document).to_owned());
    }
    let edition = table.edition(document, number).await?;
    edition.map(|edition| edition.text).ok_or_else(|| {
        let subject = format!("edition {number} of the {}", document.word());
        Error::Unreadable { subject }
    })
}
