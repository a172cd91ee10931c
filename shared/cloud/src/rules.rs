//! The policy and the roster in force: read together, checked against each other.

use baton_core::{Policy, Roster, policy, roster};

/// A policy and a roster that fit each other.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The rules.
    pub policy: Policy,
    /// The people.
    pub roster: Roster,
}

/// Why the rules can't be used: every mistake with its line.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct RulesError(String);

impl Rules {
    /// Reads both documents; each comes with the name its mistakes are reported under.
    ///
    /// # Errors
    ///
    /// All mistakes of both, a line each; nothing is half-applied.
    pub fn read(policy: (&str, &str), roster: (&str, &str)) -> Result<Self, RulesError> {
        let parsed = policy::parse(policy.1).map_err(|m| RulesError(m.render(policy.0)))?;
        let people = roster::parse(roster.1).map_err(|m| RulesError(m.render(roster.0)))?;
        policy::check_against(&parsed, &people).map_err(|m| RulesError(m.render(policy.0)))?;
        Ok(Self { policy: parsed, roster: people })
    }

    /// The rules used when none are given.
    pub fn sample() -> Self {
        let (policy, roster) =
            (("sample policy", policy::SAMPLE), ("sample roster", roster::SAMPLE));
        Self::read(policy, roster).expect("a test reads the samples")
    }
}
