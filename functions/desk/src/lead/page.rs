//! The page of a lead. Its size is bounded: it shows only the newest rows of the ledger and the
//! history.

use askama::Template;
use baton_core::refusal::Refusal;
use baton_http::{Answer, Problem};

use super::actions::{Actions, Form};
use super::banner::{self, Banner};
use super::deadline_panel::{DeadlinePanel, TimeLeft};
use super::head::Head;
use super::qualification::Qualification;
use super::score::ScorePanel;
use super::timeline::{DeliveryOutcome, Timeline};
use super::view::{LeadView, Viewer};
use crate::access::FormProof;
use crate::frame::{self, Frame};
use crate::page::render;

/// Why a page is shown.
pub(super) enum PageReason<'a> {
    Opened,
    /// A button did what it says. The word is the command's, as `accepted`.
    Done(&'a str),
    /// The command of a button was refused.
    Refused(&'a Refusal),
    /// The link in the alert belongs to another trip into sales.
    AnotherCycle,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage<'a> {
    frame: Frame,
    proof: &'a FormProof,
    banner: Option<Banner>,
    head: Head,
    deadline: DeadlinePanel,
    actions: Actions,
    qualification: Option<Qualification>,
    score: ScorePanel,
    timeline: Timeline,
}

pub(super) fn page(
    view: &LeadView<'_>,
    viewer: &Viewer,
    reason: &PageReason<'_>,
) -> Result<Answer, Problem> {
    let frame = Frame::of(&viewer.person, viewer.nav.clone(), Some(frame::BOARD), view.reader);
    let (status, banner) = match reason {
        PageReason::Opened => (200, None),
        PageReason::Done(word) => (200, banner::done(word, view)),
        PageReason::Refused(refusal) => (409, Some(banner::refused(refusal, view))),
        PageReason::AnotherCycle => (200, Some(banner::another_cycle())),
    };
    let page = LeadPage {
        frame: frame.live(),
        proof: &viewer.proof,
        banner,
        head: Head::of(view),
        deadline: DeadlinePanel::of(view),
        actions: Actions::of(view),
        qualification: Qualification::of(view),
        score: ScorePanel::of(view),
        timeline: Timeline::of(view),
    };
    render(status, &page)
}
