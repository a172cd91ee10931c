//! Which lines of the board are asked for.

use baton_core::id::{PersonId, QueueName, SourceName};
use baton_core::lead::QualifiedBy;
use jiff::Timestamp;

use super::row::{Row, Urgency};

/// What a row must have to be shown; what is not asked for, any row has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who holds it.
    pub owner: Option<PersonId>,
    /// The queue it was dealt from.
    pub queue: Option<QueueName>,
    /// The source whose activity made it an MQL.
    pub source: Option<SourceName>,
    /// How it became one.
    pub path: Option<QualifiedBy>,
    /// Whether its promise must have been broken.
    pub late: bool,
}

impl Filter {
    /// Whether a row is one of those asked for.
    pub fn admits(&self, row: &Row, now: Timestamp) -> bool {
        is(&self.owner, &row.owner)
            && is(&self.queue, &row.queue)
            && is(&self.source, &row.source)
            && is(&self.path, &row.path)
            && (!self.late || row.urgency(now) == Urgency::Late)
    }

    /// How many things are asked for.
    pub fn asks(&self) -> usize {
        let asked = [
            self.owner.is_some(),
            self.queue.is_some(),
            self.source.is_some(),
            self.path.is_some(),
            self.late,
        ];
        asked.into_iter().filter(|asked| *asked).count()
    }
}

fn is<T: PartialEq>(wanted: &Option<T>, has: &Option<T>) -> bool {
    wanted.is_none() || wanted == has
}
