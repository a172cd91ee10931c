//! Who comes in and goes: asks for a link to sign in, uses it, is known by a cookie, signs out.
//!
//! Nobody outside learns which addresses are on the roster: whatever is answered before a letter is
//! sent is the same for any address.

mod token;

use baton_cloud::{Admission, Error, IdempotencyMarker, Outbound, Table};
use baton_core::correlation::Correlation;
use baton_core::email::Email;
use baton_core::id::PersonId;
use baton_core::time::later;
use baton_core::{Role, Roster};
use jiff::SignedDuration;

use crate::outbox::Outbox;
use crate::session::Session;
use crate::settings::Settings;

pub use token::{SIGN_IN_WITHIN, SignInLink};

/// How long it is remembered that a link was used, beyond the link's own time.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// What follows from asking for a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A letter to that person.
    Letter(PersonId),
    /// Nothing: nobody has that address, or it was asked for too often.
    Nothing,
    /// All together ask too often; in so many seconds they may again.
    Wait(u32),
}

/// Somebody who just signed in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who, and what they may see.
    pub role: Role,
    /// The cookie they are known by from now on.
    pub cookie: String,
}

/// Lets people in and out of the desk.
#[derive(Clone, Debug)]
pub struct SignIn {
    table: Table,
    outbox: Outbox,
    settings: Settings,
}

impl SignIn {
    pub(crate) fn new(table: Table, outbox: Outbox, settings: Settings) -> Self {
        Self { table, outbox, settings }
    }

    /// Counts who asks for a link to sign in, and says whom it is for. Takes as long for an address
    /// that nobody has.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn ask(&self, address: &Email) -> Result<Asked, Error> {
        let now = self.settings.clock.now();
        if let Admission::Wait(seconds) = self.table.admit_asker(now).await? {
            return Ok(Asked::Wait(seconds));
        }
        let mark = self.settings.links.mark_of_address(address.as_str());
        let admitted = self.table.admit_sign_in(&mark, now).await?;
        let rules = self.settings.rules();
        let person = having(address, &rules.roster);
        Ok(match (admitted, person) {
            (Admission::Open, Some(person)) => Asked::Letter(person),
            (Admission::Open | Admission::Wait(_), _) => Asked::Nothing,
        })
    }

    /// Sends a person a link to sign in, by their own topic.
    ///
    /// # Errors
    ///
    /// When it can't be sent.
    pub async fn send_link(&self, to: &PersonId, correlation: &Correlation) -> Result<(), Error> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let Some(person) = rules.roster.person(to) else { return Ok(()) };
        let (link, until) = self.settings.links.sign_in(to, now);
        let content = baton_wording::sign_in(person, &link, now, until);
        let (reader, kind, lead) = (Some(person), "sign_in", None);
        let outbound = Outbound { to, reader, content: &content, kind, lead, correlation };
        self.outbox.send_letter(&outbound).await?;
        tracing::info!(person = %to, %correlation, "a link to sign in left for {to}");
        Ok(())
    }

    /// Whom a link would let in now. Changes nothing.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn may_enter(&self, token: &str) -> Result<Option<Role>, Error> {
        let Some((sign_in, role)) = self.read_link(token) else { return Ok(None) };
        let is_used = self.table.has_happened(IdempotencyMarker::SignedIn(&sign_in.mark)).await?;
        Ok((!is_used).then_some(role))
    }

    /// Uses a link up, and begins a session: for the first who asks.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn enter(
        &self,
        token: &str,
        correlation: &Correlation,
    ) -> Result<Option<Entered>, Error> {
        let Some((sign_in, role)) = self.read_link(token) else { return Ok(None) };
        let until = later(sign_in.until, REMEMBERED);
        if !self.table.happens(IdempotencyMarker::SignedIn(&sign_in.mark), until).await? {
            return Ok(None);
        }
        let cookie = self.settings.sessions.begin(&role.person, self.settings.clock.now());
        let person = &role.person;
        tracing::info!(%person, %correlation, "{person} signed in");
        Ok(Some(Entered { role, cookie }))
    }

    /// Who a cookie belongs to, as long as they are active and have not signed out.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn session(&self, cookie: &str) -> Result<Option<(Session, Role)>, Error> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let session = self.settings.sessions.read(cookie, &rules.roster, now);
        let role = |session: Session| Some((Role::of(&session.person, &rules.roster)?, session));
        let Some((role, session)) = session.and_then(role) else { return Ok(None) };
        let is_ended = self.table.has_happened(IdempotencyMarker::Ended(&session.mark)).await?;
        Ok((!is_ended).then_some((session, role)))
    }

    /// Ends a session: its cookie opens nothing any more, whoever has it.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn leave(&self, session: &Session, correlation: &Correlation) -> Result<(), Error> {
        self.table.happens(IdempotencyMarker::Ended(&session.mark), session.until).await?;
        let person = &session.person;
        tracing::info!(%person, %correlation, "{person} signed out");
        Ok(())
    }

    fn read_link(&self, token: &str) -> Option<(SignInLink, Role)> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let sign_in = self.settings.links.read_sign_in(token, &rules.roster, now)?;
        let role = Role::of(&sign_in.person, &rules.roster)?;
        Some((sign_in, role))
    }
}

/// The active person with that address.
fn having(address: &Email, roster: &Roster) -> Option<PersonId> {
    let mut people = roster.people.values();
    let person = people.find(|person| person.active && person.email == *address);
    person.map(|person| person.id.clone())
}
