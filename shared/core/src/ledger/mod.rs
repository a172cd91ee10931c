//! The ledger: every activity of a lead, and the score that follows from them.
//!
//! [`replay`] says what the score *is*. What a command does to the score as it goes along is only a
//! quicker way to the same number, taken where [`needs_reading`] says that it leads there.

mod counted;
mod mark;
mod quick;
mod replay;

pub use counted::{as_counted, brought_up_to_date, counted, is_up_to_date, since_erasure};
pub use mark::{LedgerMark, is_whole};
pub use quick::needs_reading;
pub use replay::{Replayed, Worth, is_of_era, replay};
