//! The frame around every page: header, tabs, the reader's name, and the time the page was made.

use baton_core::roster::Person;

use crate::asset::{self, Asset};
use crate::reader::{Moment, Reader};

/// A page that the header links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tab {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
}

pub(crate) const BOARD: Tab = Tab { name: "Board", path: "/board" };
pub(crate) const FUNNEL: Tab = Tab { name: "Funnel", path: "/funnel" };
pub(crate) const POLICY: Tab = Tab { name: "Policy", path: "/policy" };
pub(crate) const PRIVACY: Tab = Tab { name: "Privacy", path: "/privacy" };

/// The tabs of a role, and the form to sign out.
#[derive(Clone, Debug)]
pub(crate) struct Nav {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) csrf: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The name of the reader.
    pub(crate) name: Option<String>,
    /// Only for somebody who has signed in.
    pub(crate) nav: Option<Nav>,
    pub(crate) here: Option<Tab>,
    /// Whether the page counts down, for which it needs the script.
    pub(crate) is_live: bool,
    /// When the page was made.
    pub(crate) as_of: Option<Moment>,
}

impl Frame {
    /// The frame of a page for nobody in particular.
    pub(crate) fn bare() -> Self {
        Self { name: None, nav: None, here: None, is_live: false, as_of: None }
    }

    pub(crate) fn of(
        person: &Person,
        nav: Option<Nav>,
        here: Option<Tab>,
        reader: &Reader,
    ) -> Self {
        let as_of = Some(reader.moment(reader.now));
        Self { name: Some(person.name.clone()), nav, here, is_live: false, as_of }
    }

    pub(crate) fn of_desk(here: Option<Tab>, reader: &Reader) -> Self {
        Self { here, as_of: Some(reader.moment(reader.now)), ..Self::bare() }
    }

    pub(crate) fn live(self) -> Self {
        Self { is_live: true, ..self }
    }

    /// The link of the logo.
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
