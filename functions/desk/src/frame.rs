//! What stands around every page: the mark, the way to the other pages, who reads, as of when.

use baton_core::roster::Person;

use crate::asset::{self, Asset};
use crate::reader::{Moment, Reader};

/// A page of the desk that others lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tab {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) path: &'static str,
}

/// Leads by stage.
pub(crate) const BOARD: Tab = Tab { name: "Board", path: "/board" };
/// What became of leads, in numbers.
pub(crate) const FUNNEL: Tab = Tab { name: "Funnel", path: "/funnel" };
/// The rules in force.
pub(crate) const POLICY: Tab = Tab { name: "Policy", path: "/policy" };
/// What is held of a person.
pub(crate) const PRIVACY: Tab = Tab { name: "Privacy", path: "/privacy" };

/// The pages somebody may go to, and the way out.
#[derive(Clone, Debug)]
pub(crate) struct Nav {
    /// Theirs by role.
    pub(crate) tabs: Vec<Tab>,
    /// What their forms prove themselves with.
    pub(crate) csrf: String,
}

/// The frame of one page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Whom the page is for.
    pub(crate) name: Option<String>,
    /// For somebody signed in.
    pub(crate) nav: Option<Nav>,
    /// The tab that is open.
    pub(crate) here: Option<Tab>,
    /// Whether something on it counts down.
    pub(crate) is_live: bool,
    /// As of when, on the reader's wall.
    pub(crate) as_of: Option<Moment>,
}

impl Frame {
    /// Around a page for nobody in particular.
    pub(crate) fn bare() -> Self {
        Self { name: None, nav: None, here: None, is_live: false, as_of: None }
    }

    /// Around a page for a person, by a link of theirs or signed in.
    pub(crate) fn of(
        person: &Person,
        nav: Option<Nav>,
        here: Option<Tab>,
        reader: &Reader,
    ) -> Self {
        let as_of = Some(reader.moment(reader.now));
        Self { name: Some(person.name.clone()), nav, here, is_live: false, as_of }
    }

    /// Around a page for a program's key.
    pub(crate) fn of_desk(here: Option<Tab>, reader: &Reader) -> Self {
        Self { here, as_of: Some(reader.moment(reader.now)), ..Self::bare() }
    }

    /// The same, with the script that counts down.
    pub(crate) fn live(self) -> Self {
        Self { is_live: true, ..self }
    }

    /// Where the mark leads.
    pub(crate) fn home(&self) -> &'static str {
        if self.nav.is_some() { "/board" } else { "/sign-in" }
    }

    pub(crate) fn is_here(&self, tab: &Tab) -> bool {
        self.here.as_ref() == Some(tab)
    }

    pub(crate) fn style(&self) -> &'static Asset {
        &asset::STYLE
    }

    pub(crate) fn script(&self) -> &'static Asset {
        &asset::SCRIPT
    }

    pub(crate) fn icon(&self) -> &'static Asset {
        &asset::ICON
    }
}
