//! The one table of arrows: which status follows which, and on whose word.

use crate::lead::Status;

/// A way out of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where the lead stood.
    pub from: Status,
    /// What moves the lead.
    pub transition: Transition,
    /// Where it stands then.
    pub to: Status,
}

/// What moves a lead from one status to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// It became marketing-qualified: by score, by fast track or by hand.
    Qualify,
    /// A salesperson took it.
    Accept,
    /// It became a contact or opportunity.
    Convert,
    /// It went back to marketing.
    Return,
    /// It was ruled out.
    Disqualify,
    /// Its end was a mistake: marketing has it back.
    Reopen,
}

/// Every arrow there is. Those from `nurturing` and `returned` straight to `working` and
/// `converted` are for what sales did outside the system.
pub const ARROWS: [Arrow; 14] = [
    arrow(Status::Nurturing, Transition::Qualify, Status::Mql),
    arrow(Status::Nurturing, Transition::Accept, Status::Working),
    arrow(Status::Nurturing, Transition::Convert, Status::Converted),
    arrow(Status::Returned, Transition::Qualify, Status::Mql),
    arrow(Status::Returned, Transition::Accept, Status::Working),
    arrow(Status::Returned, Transition::Convert, Status::Converted),
    arrow(Status::Mql, Transition::Accept, Status::Working),
    arrow(Status::Mql, Transition::Return, Status::Returned),
    arrow(Status::Mql, Transition::Disqualify, Status::Disqualified),
    arrow(Status::Working, Transition::Convert, Status::Converted),
    arrow(Status::Working, Transition::Return, Status::Returned),
    arrow(Status::Working, Transition::Disqualify, Status::Disqualified),
    arrow(Status::Converted, Transition::Reopen, Status::Returned),
    arrow(Status::Disqualified, Transition::Reopen, Status::Returned),
];

const fn arrow(from: Status, transition: Transition, to: Status) -> Arrow {
    Arrow { from, transition, to }
}

/// Whether any arrow leads from one status to the other.
pub fn connects(from: Status, to: Status) -> bool {
    ARROWS.iter().any(|a| a.from == from && a.to == to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_arrows() {
        let lines: Vec<_> = ARROWS
            .iter()
            .map(|a| {
                format!(
                    "{:<12} --{:-<11}> {}",
                    a.from.word(),
                    format!("{:?}", a.transition),
                    a.to.word()
                )
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn from_a_status_a_transition_leads_to_one_status() {
        for (i, a) in ARROWS.iter().enumerate() {
            assert!(
                !ARROWS[i + 1..].iter().any(|b| (a.from, a.transition) == (b.from, b.transition))
            );
        }
    }
}
