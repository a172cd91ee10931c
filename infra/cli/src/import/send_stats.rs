//! What became of the lines that were sent, counted.

use std::io::{self, Write};

use baton_core::Status;

use super::activity_result::{ActivityResult, Outcome};
use super::list_stats::line;

/// Counts of lines, by what Baton said of them.
#[derive(Debug, Default)]
pub(super) struct SendStats {
    pub(super) scored: u64,
    pub(super) mql: u64,
    pub(super) duplicates: u64,
    pub(super) excluded: u64,
    pub(super) refused: u64,
    pub(super) has_points: bool,
    /// Whether a batch had to be sent again: what the first try recorded is a duplicate then.
    pub(super) has_retried: bool,
}

impl SendStats {
    /// Counts what became of a line.
    pub(super) fn answered(&mut self, answer: &ActivityResult) {
        self.has_points |= answer.points != 0.0;
        match answer.outcome {
            Outcome::Scored => {
                self.scored += 1;
                self.mql += u64::from(answer.status == Some(Status::Mql));
            }
            Outcome::Duplicate => self.duplicates += 1,
            Outcome::Excluded => self.excluded += 1,
            Outcome::Invalid => self.refused += 1,
        }
    }

    /// Lines that are on record now.
    pub(super) fn on_record(&self) -> u64 {
        self.scored + self.duplicates + self.excluded
    }

    /// Whether lines were scored and nobody earned a point: the policy may not know their type.
    pub(super) fn is_worth_nothing(&self) -> bool {
        self.scored > 0 && self.mql == 0 && !self.has_points
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let again = match self.has_retried {
            true => "on record already (some perhaps by a first try of this run)",
            false => "on record already",
        };
        line(out, self.scored, "scored")?;
        line(out, self.mql, "of these belong to leads that are MQL now")?;
        line(out, self.duplicates, again)?;
        line(out, self.excluded, "excluded by the policy")?;
        line(out, self.refused, "not taken by Baton, see above")
    }
}
