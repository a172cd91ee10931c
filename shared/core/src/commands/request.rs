//! A command as it arrives: with who asks for it, and what they believe of the lead.

use super::{Actor, Command};
use crate::builder::Asked;
use crate::correlation::Correlation;
use crate::id::LeadId;
use crate::lead::Deadline;

/// A command, who asks for it, and what they believe.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandRequest {
    /// What is asked for.
    pub command: Command,
    /// The person, tool or machinery that asks.
    pub by: Actor,
    /// The cycle the asker's link was made for: in another cycle the request is refused.
    pub cycle: Option<u32>,
    /// The id under which the asker was told of that cycle; the lead's own, if none is given.
    pub told_of: Option<LeadId>,
    /// How often the person had been erased when the asker's link was made.
    pub erasures: Option<u8>,
    /// The deadline the asker saw: while another one runs, the lead is not extended, given back or
    /// given to somebody else.
    pub seen: Option<Deadline>,
    /// The request, event or timer's run that this follows from.
    pub correlation: Correlation,
}

impl CommandRequest {
    /// The request without the command's own fields.
    pub(crate) fn asked(&self) -> Asked<'_> {
        let Self { command, by, cycle: _, told_of: _, erasures: _, seen, correlation } = self;
        Asked { kind: command.kind(), by, seen: seen.as_ref(), correlation }
    }

    /// A request that is bound to no cycle and to no deadline.
    pub fn new(command: impl Into<Command>, by: Actor, correlation: Correlation) -> Self {
        let command = command.into();
        Self { command, by, cycle: None, told_of: None, erasures: None, seen: None, correlation }
    }
}
