//! The ways in which something can be wrong: a code that stays, the words, and what to do.

use std::fmt;

use baton_core::id::PersonId;
use baton_core::lead::DeadlineKind;
use jiff::Timestamp;

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Violation {
    /// The item has no shape that we know.
    Unreadable,
    /// Its key is not what its content says.
    Misplaced,
    /// What it has for an index, or its expiry, is not what its content says: these attributes.
    IndexWrong(Vec<&'static str>),
    /// It belongs to a lead that is not there.
    Orphan,
    /// It should be gone, as an erasure's, and nothing will remove it.
    Leftover,
    /// An erasure should have gone on at that time.
    ErasureLate(Timestamp),
    /// The lead's owner is not on the roster, or has left.
    OwnerUnknown(PersonId),
    /// What is stamped on the lead can't be, by this rule.
    MarksWrong(&'static str),
    /// A deadline passed at that time, and its step was not taken.
    Overdue(DeadlineKind, Timestamp),
    /// The behaviour score is not what the ledger adds up to, at the newest activity's time.
    ScoreWrong {
        /// What the lead has.
        score: f64,
        /// What its entries add up to.
        ledger: f64,
    },
    /// There are more entries and decisions than the lead has versions.
    CountWrong {
        /// Entries and decisions.
        made: u64,
        /// The versions that the lead has had.
        versions: u64,
    },
    /// An entry's points contradict each other, by this rule.
    EntryWrong(&'static str),
    /// The history has a gap or a step that there is not, by this rule.
    HistoryBroken(&'static str),
    /// It was made by a decision the lead does not know of.
    VersionAhead {
        /// The newest version that the lead knows of.
        version: u64,
    },
    /// A message that no decision in the history made.
    DecisionMissing,
    /// A decision whose messages are not all there.
    NewsMissing,
    /// A message that is not delivered, and that nothing will deliver.
    MessageStuck,
    /// A message is not delivered, decided at that time.
    MessageLate(Timestamp),
    /// A promise that failed so often that it is tried ever less often.
    SetAside {
        /// How often it has failed.
        tries: u32,
    },
    /// A queue's turn is no turn, by this rule.
    TurnWrong(&'static str),
    /// The edition in force, or one before it, is not there.
    EditionMissing {
        /// The edition's number.
        number: u64,
    },
    /// The newest edition is not the one in force.
    NotInForce {
        /// The edition's number.
        number: u64,
    },
    /// The policy and the roster in force don't read, or don't fit each other.
    RulesUnfit,
}

impl Violation {
    /// The code, which stays the same.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Misplaced => "misplaced",
            Self::IndexWrong(_) => "index_wrong",
            Self::Orphan => "orphan",
            Self::Leftover => "leftover",
            Self::ErasureLate(_) => "erasure_late",
            Self::OwnerUnknown(_) => "owner_unknown",
            Self::MarksWrong(_) => "marks_wrong",
            Self::Overdue(..) => "overdue",
            Self::ScoreWrong { .. } => "score_wrong",
            Self::CountWrong { .. } => "count_wrong",
            Self::EntryWrong(_) => "entry_wrong",
            Self::HistoryBroken(_) => "history_broken",
            Self::VersionAhead { .. } => "version_ahead",
            Self::DecisionMissing => "decision_missing",
            Self::NewsMissing => "news_missing",
            Self::MessageStuck => "message_stuck",
            Self::MessageLate(_) => "message_late",
            Self::SetAside { .. } => "set_aside",
            Self::TurnWrong(_) => "turn_wrong",
            Self::EditionMissing { .. } => "edition_missing",
            Self::NotInForce { .. } => "not_in_force",
            Self::RulesUnfit => "rules_unfit",
        }
    }

    /// What somebody does about it.
    pub fn repair(&self) -> &'static str {
        match self {
            Self::Unreadable => {
                "if a newer Baton wrote it, check with that one; else bring the item back from a \
                 backup"
            }
            Self::IndexWrong(_) => {
                "a lead's next decision writes its own anew, so POST /leads/ID/reassign if sales \
                 has it; else bring the item back from a backup"
            }
            Self::Orphan => {
                "bring the lead back from a backup, or delete the item if the lead was deleted by \
                 hand"
            }
            Self::Leftover => {
                "erase the person again: DELETE /leads/ID finds what is left; a delivery in \
                 quarantine goes 90 days after it came"
            }
            Self::ErasureLate(_) | Self::Overdue(..) => WATCH_THE_SWEEP,
            Self::OwnerUnknown(_) => "POST /leads/ID/reassign to somebody who is there",
            Self::Misplaced
            | Self::MarksWrong(_)
            | Self::HistoryBroken(_)
            | Self::VersionAhead { .. } => BY_HAND,
            Self::ScoreWrong { .. } => {
                "GET /leads/ID/ledger has every entry and what it is worth; bring the entries that \
                 are missing, or the lead, back from a backup"
            }
            Self::CountWrong { .. } | Self::EntryWrong(_) => BY_HAND,
            Self::DecisionMissing | Self::NewsMissing => {
                "GET /leads/ID/history shows who was told what; tell whoever was not, and bring \
                 the item back from a backup"
            }
            Self::MessageStuck => "GET /leads/ID/history says who was not told what: tell them",
            Self::MessageLate(_) | Self::SetAside { .. } => {
                "mend what the log of sla names; then it goes on by itself within half an hour"
            }
            Self::TurnWrong(_) => {
                "delete the item while nothing runs: everybody in the queue starts even"
            }
            Self::EditionMissing { .. } | Self::NotInForce { .. } | Self::RulesUnfit => {
                "publish the policy and the roster again: baton policy publish --with"
            }
        }
    }
}

const WATCH_THE_SWEEP: &str =
    "see that the sweep runs; if it does, the log of sla says why it fails at this";
const BY_HAND: &str =
    "nothing of Baton's writes this: find in backups since when it is so, and bring the item back";

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => write!(f, "can't be read"),
            Self::Misplaced => write!(f, "its key is not what it says"),
            Self::IndexWrong(names) => {
                write!(f, "{} not what the item says", is_or_are(names))
            }
            Self::Orphan => write!(f, "its lead is not there"),
            Self::Leftover => write!(f, "it should be gone, and nothing will remove it"),
            Self::ErasureLate(since) => write!(f, "an erasure should have gone on at {since}"),
            Self::OwnerUnknown(owner) => {
                write!(f, "{owner} holds the lead and is not on the roster, or has left")
            }
            Self::MarksWrong(rule) | Self::EntryWrong(rule) | Self::HistoryBroken(rule) => {
                write!(f, "this does not hold: {rule}")
            }
            Self::TurnWrong(rule) => write!(f, "this does not hold: {rule}"),
            Self::Overdue(clock, since) => {
                write!(f, "the clock {clock:?} ran out at {since}, and nothing followed")
            }
            Self::ScoreWrong { score, ledger } => {
                write!(f, "the behaviour score is {score} and its ledger adds up to {ledger}")
            }
            Self::CountWrong { made, versions } => {
                write!(f, "{made} entries and decisions, and only {versions} versions")
            }
            Self::VersionAhead { version } => {
                write!(f, "the lead is at version {version} and never made it")
            }
            Self::DecisionMissing => write!(f, "the history has no decision that made it"),
            Self::NewsMissing => write!(f, "a message that the decision made is not there"),
            Self::SetAside { tries } => write!(f, "failed {tries} times, and is set aside"),
            Self::MessageStuck => write!(f, "not delivered, and the sweep does not see it"),
            Self::MessageLate(since) => write!(f, "not delivered since {since}"),
            Self::EditionMissing { number } => write!(f, "edition {number} is not there"),
            Self::NotInForce { number } => write!(f, "edition {number} is not in force"),
            Self::RulesUnfit => {
                write!(f, "the policy and the roster in force don't read or don't fit")
            }
        }
    }
}

fn is_or_are(names: &[&str]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}

/// How long it waits beyond what is usual.
pub(super) fn is_late(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) > super::LATE
}
