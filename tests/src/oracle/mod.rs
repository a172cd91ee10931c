//! The hand-off once more, from the text of its contract and not from the code: plain values, sums
//! over whole lists, nothing decided where the text leaves it open.
//!
//! Knows nothing of `baton-core`: what a lead must look like after each thing that happens is
//! worked out here from the numbered rules, the policy's reference and its worked examples alone.
//! Who of several people is dealt a lead is not predicted; that it is one of those who may be, and
//! that everybody gets their share, is.

mod clocks;
mod desk;
mod erasure;
mod intake;
mod lead;
mod reports;
mod routing;
mod rules;
mod score;
mod shares;
mod truth;

pub use desk::{Asker, REASON, Said};
pub use erasure::Past;
pub use intake::Deed;
pub use lead::{About, Deadline, ExpectedAlert, Kind, Lead, Marks, Status};
pub use reports::Reported;
pub use rules::{Away, Clocks, Person, Points, Queue, Rules};
pub use score::whole;
pub use shares::Shares;
