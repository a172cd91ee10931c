//! What a word of the CRM's asks for.

use crate::lead::Status;

/// What a word of the CRM's asks for when it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrmWord {
    /// Pass it to sales.
    Qualify,
    /// Sales works it.
    Accept,
    /// It became a contact or opportunity.
    Convert,
    /// Give it back to marketing.
    Return,
    /// Rule it out.
    Disqualify,
    /// Nothing: the word only echoes what Baton said, or means nothing to it.
    Ignore,
}

impl CrmWord {
    /// Every one, in the order of the trip.
    pub const ALL: [Self; 6] =
        [Self::Qualify, Self::Accept, Self::Convert, Self::Return, Self::Disqualify, Self::Ignore];

    /// The word in the policy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Qualify => "qualify",
            Self::Accept => "accept",
            Self::Convert => "convert",
            Self::Return => "return",
            Self::Disqualify => "disqualify",
            Self::Ignore => "ignore",
        }
    }

    /// Where a lead stands once it is done; none if nothing is asked for.
    pub fn leads_to(self) -> Option<Status> {
        match self {
            Self::Qualify => Some(Status::Mql),
            Self::Accept => Some(Status::Working),
            Self::Convert => Some(Status::Converted),
            Self::Return => Some(Status::Returned),
            Self::Disqualify => Some(Status::Disqualified),
            Self::Ignore => None,
        }
    }
}
