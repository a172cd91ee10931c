//! A promise that fails is put off, and set aside if it fails again and again.

use std::fmt;

use baton_cloud::{DueKey, Error, PutOff, Sample, causes};
use baton_core::backoff;
use baton_core::correlation::Correlation;
use baton_core::id::LeadId;

use super::Sweeper;

/// A promise that could not be kept, in words for the log.
#[derive(Clone, Copy)]
pub(super) struct Failed<'a> {
    pub(super) place: &'a DueKey,
    pub(super) lead: Option<LeadId>,
    /// What a message tells, if that could be read.
    pub(super) word: Option<&'static str>,
    pub(super) why: &'a Error,
    pub(super) correlation: &'a Correlation,
}

impl Sweeper {
    /// Puts off a promise that could not be kept, and says so. If that fails too, it stays due.
    pub(super) async fn put_off(&self, failed: Failed<'_>) {
        let Failed { place, why, .. } = failed;
        match self.table().put_off(place, why, self.settings().clock.now()).await {
            Ok(Some(put_off)) => self.say_put_off(failed, put_off),
            // Whoever was faster says what became of it.
            Ok(None) => {}
            Err(error) => self.say_stays_due(failed, &error),
        }
    }

    fn say_put_off(&self, failed: Failed<'_>, put_off: PutOff) {
        let Failed { place, lead, why, correlation, .. } = failed;
        let (rules, lead) = (self.settings().rules(), lead.map(tracing::field::display));
        let (policy, error) = (&rules.policy.version, causes(why));
        let PutOff { tries, until } = put_off;
        if why.is_passing() || !backoff::is_dead_letter(tries) {
            tracing::warn!(lead, promise = %place, policy, %correlation, %error, tries, %until,
                "{failed}, by policy {policy}, for {correlation}; tried again at {until}");
            return;
        }
        self.settings().record(Sample::count("SetAside", 1));
        tracing::error!(lead, promise = %place, policy, %correlation, %error, tries, %until,
            "{failed}, by policy {policy}, for {correlation}; set aside after {tries} failed \
             tries, tried again at {until}");
    }

    fn say_stays_due(&self, failed: Failed<'_>, error: &Error) {
        let Failed { place, lead, why, correlation, .. } = failed;
        let (rules, lead) = (self.settings().rules(), lead.map(tracing::field::display));
        let policy = &rules.policy.version;
        tracing::error!(lead, promise = %place, policy, %correlation,
            error = %causes(why),
            put_off = %causes(error),
            "{failed}, by policy {policy}, for {correlation}, nor put off; it stays due");
    }
}

impl fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.lead, self.word) {
            (Some(lead), Some(word)) => write!(f, "lead {lead}: {word} not delivered"),
            (Some(lead), None) => write!(f, "lead {lead}: a promise could not be kept"),
            (None, _) => write!(f, "{}: a promise could not be kept", self.place),
        }
    }
}
