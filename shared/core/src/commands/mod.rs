//! What somebody, or the clock, can ask to be done to a lead: a file a command.
//!
//! Each file has the command's fields, what it does and who may ask for it, and how history and
//! pages tell it. Whoever adds a command adds its file and its line in [`Command`] and
//! [`CommandKind`]; every match on them then asks for it. What no compiler asks for, its form on the
//! page and its place in the API's document, is named in `shared/docs/how-to.md`.

mod accept;
mod assign;
mod body;
mod convert;
mod disqualify;
mod extend;
mod lapse;
mod leave_sales;
mod qualify;
mod reason;
mod reassign;
mod recipient;
mod record;
mod reject;
mod reopen;
mod report;
mod request;
mod return_to_marketing;
mod take_up;
mod telling;
mod warning_sent;

use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::refusal::Refusal;

pub use crate::actor::Actor;
pub use crate::command_kind::CommandKind;
pub use accept::Accept;
pub use assign::Assign;
pub use body::{BodyError, Fields};
pub use convert::Convert;
pub use disqualify::Disqualify;
pub use extend::Extend;
pub use lapse::Lapse;
pub use qualify::Qualify;
pub use reason::Reason;
pub use reassign::Reassign;
pub use recipient::Recipient;
pub use record::Record;
pub use reject::Reject;
pub use reopen::Reopen;
pub use report::Report;
pub use request::CommandRequest;
pub use return_to_marketing::Return;
pub use telling::{Done, Part, Telling, Tone};
pub use warning_sent::WarningSent;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each type says what it asks for")]
pub enum Command {
    Record(Record),
    Assign(Assign),
    Lapse(Lapse),
    WarningSent(WarningSent),
    Accept(Accept),
    Reject(Reject),
    Convert(Convert),
    Extend(Extend),
    Return(Return),
    Disqualify(Disqualify),
    Reassign(Reassign),
    Qualify(Qualify),
    Reopen(Reopen),
    Report(Report),
}

impl Command {
    /// Which command it is.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Record(_) => CommandKind::Record,
            Self::Assign(_) => CommandKind::Assign,
            Self::Lapse(_) => CommandKind::Lapse,
            Self::WarningSent(_) => CommandKind::WarningSent,
            Self::Accept(_) => CommandKind::Accept,
            Self::Reject(_) => CommandKind::Reject,
            Self::Convert(_) => CommandKind::Convert,
            Self::Extend(_) => CommandKind::Extend,
            Self::Return(_) => CommandKind::Return,
            Self::Disqualify(_) => CommandKind::Disqualify,
            Self::Reassign(_) => CommandKind::Reassign,
            Self::Qualify(_) => CommandKind::Qualify,
            Self::Reopen(_) => CommandKind::Reopen,
            Self::Report(_) => CommandKind::Report,
        }
    }

    /// Does it, or refuses: then nothing has changed.
    pub(crate) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        match self {
            Self::Record(command) => command.apply(decision),
            Self::Assign(command) => command.apply(decision),
            Self::Lapse(command) => command.apply(decision),
            Self::WarningSent(command) => command.apply(decision),
            Self::Accept(command) => command.apply(decision),
            Self::Reject(command) => command.apply(decision),
            Self::Convert(command) => command.apply(decision),
            Self::Extend(command) => command.apply(decision),
            Self::Return(command) => command.apply(decision),
            Self::Disqualify(command) => command.apply(decision),
            Self::Reassign(command) => command.apply(decision),
            Self::Qualify(command) => command.apply(decision),
            Self::Reopen(command) => command.apply(decision),
            Self::Report(command) => command.apply(decision),
        }
    }
}

impl CommandKind {
    /// Reads the fields somebody sent with it.
    ///
    /// # Errors
    ///
    /// [`BodyError`] says which field is wrong and what would be right. A command that only our own
    /// functions give has no fields that anybody could send: `None`.
    pub fn read(self, fields: &Fields) -> Option<Result<Command, BodyError>> {
        match self {
            Self::Accept => Some(body::read::<Accept>(fields)),
            Self::Reject => Some(body::read::<Reject>(fields)),
            Self::Convert => Some(body::read::<Convert>(fields)),
            Self::Extend => Some(body::read::<Extend>(fields)),
            Self::Return => Some(body::read::<Return>(fields)),
            Self::Disqualify => Some(body::read::<Disqualify>(fields)),
            Self::Reassign => Some(body::read::<Reassign>(fields)),
            Self::Qualify => Some(body::read::<Qualify>(fields)),
            Self::Reopen => Some(body::read::<Reopen>(fields)),
            Self::Record | Self::Assign | Self::Lapse | Self::WarningSent | Self::Report => None,
        }
    }

    /// What a page says when somebody has just done it; none of what nobody does by hand.
    pub fn done(self) -> Option<Done> {
        match self {
            Self::Accept => Some(accept::DONE),
            Self::Reject => Some(reject::DONE),
            Self::Convert => Some(convert::DONE),
            Self::Extend => Some(extend::DONE),
            Self::Return => Some(return_to_marketing::DONE),
            Self::Disqualify => Some(disqualify::DONE),
            Self::Reassign => Some(reassign::DONE),
            Self::Qualify => Some(qualify::DONE),
            Self::Reopen => Some(reopen::DONE),
            Self::Record | Self::Assign | Self::Lapse | Self::WarningSent | Self::Report => None,
        }
    }
}

/// How a page tells a line of the history.
pub fn tell(line: &History) -> Telling<'_> {
    match line.command {
        CommandKind::Record => record::tell(line),
        CommandKind::Assign => assign::tell(line),
        CommandKind::Lapse => lapse::tell(line),
        CommandKind::WarningSent => warning_sent::tell(line),
        CommandKind::Accept => accept::tell(line),
        CommandKind::Reject => reject::tell(line),
        CommandKind::Convert => convert::tell(line),
        CommandKind::Extend => extend::tell(line),
        CommandKind::Return => return_to_marketing::tell(line),
        CommandKind::Disqualify => disqualify::tell(line),
        CommandKind::Reassign => reassign::tell(line),
        CommandKind::Qualify => qualify::tell(line),
        CommandKind::Reopen => reopen::tell(line),
        CommandKind::Report => report::tell(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_its_command_and_json_has_the_same_word() {
        for &kind in CommandKind::ALL {
            assert_eq!(CommandKind::named(kind.word()), Some(kind));
            assert_eq!(serde_json::json!(kind), kind.word());
        }
        assert_eq!(CommandKind::WarningSent.word(), "warning_sent");
        assert_eq!(CommandKind::named("Accept"), None);
    }

    #[test]
    fn what_can_be_sent_is_what_can_be_done_by_hand() {
        for kind in CommandKind::ALL {
            assert_eq!(kind.read(&Fields::default()).is_some(), kind.done().is_some(), "{kind:?}");
        }
    }
}
