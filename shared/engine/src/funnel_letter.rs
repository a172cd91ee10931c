//! The funnel by mail, to those who meet over it: once to each, on the day of the meeting.

use baton_cloud::{Error, Happened, IdempotencyMarker, Outbound, Table};
use baton_core::Role;
use baton_core::correlation::Correlation;
use baton_core::id::PersonId;
use baton_core::meeting::{self, Due};
use baton_core::time::later;
use baton_reports::funnel::{Dataset, Funnel, FunnelQuery, Window};
use jiff::{SignedDuration, Timestamp};

use crate::outbox::Outbox;
use crate::rules::Rules;
use crate::settings::Settings;

/// How long it is remembered who was sent a letter: longer than one is due.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

/// Mails the funnel to those who meet over it.
#[derive(Clone, Debug)]
pub struct FunnelLetter {
    table: Table,
    outbox: Outbox,
    settings: Settings,
}

impl FunnelLetter {
    pub(crate) fn new(table: Table, outbox: Outbox, settings: Settings) -> Self {
        Self { table, outbox, settings }
    }

    /// Sends the funnel to everybody the policy names who has not been sent it, if there is a meeting
    /// today. Gives how many letters left. Costs what happened in the days it looks back on, once; and
    /// one small read a person at each later call on that day.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or a letter can't be sent: who was not sent theirs is sent it
    /// the next time. Somebody is sent a second one if we die between sending it and remembering.
    pub async fn send_if_due(&self, run: &Correlation) -> Result<usize, Error> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let Some(due) = meeting::due(&rules.policy, now) else { return Ok(0) };
        let mut happened = None;
        let mut sent = 0;
        for person in &rules.policy.meeting.to {
            let Some(role) = Role::of(person, &rules.roster).filter(Role::sees_funnel) else {
                continue;
            };
            let once = IdempotencyMarker::Prepared(person, due.day);
            if self.table.has_happened(once).await? {
                continue;
            }
            if happened.is_none() {
                happened = Some(self.looked_back(&due, &rules, now).await?);
            }
            let Some(seen) = &happened else { continue };
            let team = (!role.sees_all()).then_some(person);
            self.send_meeting(person, &rules, seen, team, run).await?;
            self.table.happens(once, later(now, REMEMBERED)).await?;
            sent += 1;
        }
        Ok(sent)
    }

    async fn looked_back(
        &self,
        due: &Due,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<LookBack, Error> {
        let window = Window { from: due.from, to: due.to };
        let reach = window.reach(&rules.policy.time_zone, now);
        let happened = self.table.happened(reach.start, reach.end).await?;
        Ok(LookBack { window, happened, near: self.table.near(now).await?, now })
    }

    async fn send_meeting(
        &self,
        to: &PersonId,
        rules: &Rules,
        seen: &LookBack,
        team: Option<&PersonId>,
        run: &Correlation,
    ) -> Result<(), Error> {
        let LookBack { window, happened, near, now } = seen;
        let (policy, roster) = (&rules.policy, &rules.roster);
        let Some(reader) = roster.person(to) else { return Ok(()) };
        let question = FunnelQuery { window: *window, team, policy, roster, now: *now };
        let dataset = Dataset::new(&question, &happened.lines, &happened.alerts);
        let funnel = Funnel::of(&question, &dataset, near);
        let base = self.settings.links.base_url();
        let link = format!("{base}/funnel?from={}&to={}", window.from, window.to);
        let content = baton_wording::meeting(&funnel, reader, roster, &link);
        let outbound = Outbound {
            to,
            reader: Some(reader),
            content: &content,
            kind: "meeting",
            lead: None,
            correlation: run,
        };
        self.outbox.send_letter(&outbound).await?;
        tracing::info!(%to, correlation = %run, "the funnel left for {to}, for {run}");
        Ok(())
    }
}

/// What the letters are made of.
struct LookBack {
    window: Window,
    happened: Happened,
    near: Vec<baton_core::Lead>,
    now: Timestamp,
}
