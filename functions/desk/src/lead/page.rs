//! The lead's page: who, why now, what by when, what can be done, the score, and what happened.
//!
//! Bounded: of a ledger and a history of any length the newest rows are shown.

use askama::Template;
use baton_cloud::Told;
use baton_core::activity::Entry;
use baton_core::commands::Command;
use baton_core::lead::Lead;
use baton_core::refusal::Refusal;
use baton_engine::Rules;
use baton_http::{Answer, Problem};

use super::acts::Acts;
use super::head::Head;
use super::names::Names;
use super::note::{self, Note};
use super::promise::{Left, Promise};
use super::scene::{Scene, Viewer};
use super::score::Part;
use super::story::{Fate, Story};
use super::why::Why;
use crate::access::Proof;
use crate::frame::{self, Frame};
use crate::page::render;
use crate::reader::Reader;

/// Why a page is shown.
pub(super) enum Occasion<'a> {
    /// Somebody opened it.
    Look,
    /// A button did what it says: the word for that.
    Done(&'a str),
    /// A button did nothing.
    Refused(&'a Refusal),
    /// Somebody opened it by a link of another trip into sales.
    AnotherCycle,
}

/// What a page is made from.
pub(super) struct Known<'a> {
    pub(super) lead: &'a Lead,
    pub(super) told: &'a Told,
    pub(super) entries: &'a [Entry],
    pub(super) can: &'a [Command],
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage<'a> {
    frame: Frame,
    proof: &'a Proof,
    note: Option<Note>,
    head: Head,
    promise: Promise,
    acts: Acts,
    why: Option<Why>,
    score: Part,
    story: Story,
}

/// The page for a viewer.
pub(super) fn page(
    known: &Known<'_>,
    viewer: &Viewer,
    occasion: &Occasion<'_>,
    rules: &Rules,
    reader: &Reader,
) -> Result<Answer, Problem> {
    let &Known { lead, told, entries, can } = known;
    let names = Names::new(&rules.roster, &viewer.person);
    let scene = Scene { lead, told, entries, rules, names, reader, can };
    let (status, note) = match occasion {
        Occasion::Look => (200, None),
        Occasion::Done(word) => (200, note::done(word, &scene)),
        Occasion::Refused(refusal) => (409, Some(note::refused(refusal, &scene))),
        Occasion::AnotherCycle => (200, Some(note::another_cycle())),
    };
    let page = LeadPage {
        frame: Frame::of(&viewer.person, viewer.nav.clone(), Some(frame::BOARD), reader).live(),
        proof: &viewer.proof,
        note,
        head: Head::of(&scene),
        promise: Promise::of(&scene),
        acts: Acts::of(&scene),
        why: Why::of(&scene),
        score: Part::of(&scene),
        story: Story::of(&scene),
    };
    render(status, &page)
}
