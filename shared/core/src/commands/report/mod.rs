//! The CRM reports what sales did, in a word of its own. The report comes to one of the other
//! commands, or changes nothing: it is late, or says what is so already.

mod verdict;

use jiff::Timestamp;

use super::take_up::{self, Progress};
use super::{
    Accept, Command, Convert, Disqualify, Part, Qualify, Reason, Reassign, Return, Telling, Tone,
};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::PersonId;
use crate::lead::{Lead, Status};
use crate::policy::CrmWord;
use crate::refusal::Refusal;
use verdict::{Step, Verdict};

/// Take the lead to where the CRM says it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What the CRM's word asks for.
    pub word: CrmWord,
    /// The trip into sales that it is about, if the CRM says.
    pub cycle: Option<u32>,
    /// When it became so in the CRM, if the CRM says.
    pub at: Option<Timestamp>,
    /// Who has the lead in the CRM, if the CRM says.
    pub owner: Option<PersonId>,
    /// Why.
    pub reason: Reason,
}

impl From<Report> for Command {
    fn from(command: Report) -> Self {
        Self::Report(command)
    }
}

impl Report {
    /// Whether the lead is where the report says. A lead that is reported converted is accepted
    /// first, and one with another owner is handed over first: the report is given again until so.
    pub fn is_settled(&self, lead: &Lead) -> bool {
        verdict::is_so(self, lead)
    }

    /// The rest of the report, when its first step has been taken on the lead as it is by now.
    #[must_use]
    pub fn rest(self, lead: &Lead) -> Self {
        Self { cycle: Some(lead.cycle()), at: None, ..self }
    }

    /// Whether the lead would be dealt to somebody.
    pub(crate) fn deals(&self, lead: &Lead) -> bool {
        match lead.status() {
            Status::Nurturing | Status::Returned => {
                self.word == CrmWord::Accept && self.owner.is_none()
            }
            Status::Mql | Status::Working | Status::Converted | Status::Disqualified => false,
        }
    }

    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let step = match verdict::of(self, decision.lead(), decision.now())? {
            Verdict::Stale => return Err(Refusal::Stale),
            Verdict::Ignored => return Err(Refusal::Ignored),
            Verdict::Next(step) => step,
        };
        let reason = self.reason.clone();
        let command: Command = match step {
            Step::TakeUp(progress) => return self.take_up(decision, progress),
            Step::Accept => Accept {}.into(),
            Step::Convert => Convert {}.into(),
            Step::Return => Return { reason }.into(),
            Step::Disqualify => Disqualify { reason }.into(),
            Step::Qualify => {
                let to = self.owner.clone().map(Into::into);
                Qualify { reason: Some(reason), to }.into()
            }
            Step::HandOver(to) => Reassign { to: to.into(), reason: Some(reason) }.into(),
        };
        decision.comes_to(command.kind());
        command.apply(decision)
    }

    /// The CRM or marketing says what sales did outside the system.
    fn take_up(
        &self,
        decision: &mut DecisionBuilder<'_>,
        progress: Progress,
    ) -> Result<(), Refusal> {
        decision.must_be_marketing()?;
        take_up::take_up(decision, progress, self.owner.as_ref(), Some(self.reason.as_str()))
    }
}

pub(super) fn tell(line: &History) -> Telling<'_> {
    let what = match line.to {
        Status::Converted => " reported it converted: a contact or opportunity",
        Status::Nurturing
        | Status::Mql
        | Status::Working
        | Status::Returned
        | Status::Disqualified => " reported that sales works it",
    };
    Telling::new(Tone::Stage, [Part::Asker, Part::Text(what), Part::ForOwner])
        .quoting(line.reason.as_deref())
}
