//! The page an alert's link opens: who, why now, what by when, and a button for it.

use askama::Template;
use baton_cloud::{Handoff, Told};
use baton_core::alert;
use baton_core::id::PersonId;
use baton_core::lead::{Clock, Evidence, Lead, Status};
use baton_core::roster::{Person, Roster};
use baton_http::{Answer, Problem, Request};

use crate::access::{Access, Proof};
use crate::frame::Frame;
use crate::reader::Reader;
use crate::story;

/// What the reader may do now.
struct Buttons {
    accept: bool,
    work: bool,
    extend: bool,
    reassign: bool,
    qualify: bool,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage<'a> {
    frame: Frame,
    id: String,
    version: u64,
    proof: Proof,
    title: String,
    facts: Vec<(&'static str, String)>,
    standing: String,
    why: Vec<String>,
    story: Vec<String>,
    buttons: Buttons,
    reasons: Vec<(&'a str, &'a str)>,
    colleagues: Vec<&'a Person>,
    another_cycle: bool,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    title: &'a str,
    detail: &'a str,
}

/// The lead's page for the holder of a link or of a session. Its buttons carry the same proof:
/// looking at a link does not put off its expiry.
pub(crate) fn lead(
    request: &Request,
    lead: &Lead,
    access: &Access,
    story: &Told,
    handoff: &Handoff,
) -> Result<Answer, Problem> {
    let settings = handoff.settings();
    let rules = settings.rules();
    let known = access.person().and_then(|person| rules.roster.person(person));
    let (Some(reader), Some(proof)) = (known, access.proof()) else {
        return Err(Problem::unavailable());
    };
    let reasons = rules.policy.reject_reasons.iter();
    let colleagues = rules.roster.queues.values().flat_map(|queue| &queue.members);
    let wall = Reader::new(request, reader.time_zone.clone(), settings.clock.now());
    let is_current = access.cycle().is_none_or(|cycle| cycle == lead.cycle);
    let page = LeadPage {
        frame: Frame::of(reader, access.nav(), None, &wall),
        id: lead.lead.to_string(),
        version: lead.version,
        proof,
        title: name_of(lead),
        facts: facts(lead, handoff),
        standing: standing(lead, &rules.roster, reader),
        why: lead.marks.evidence.iter().map(|evidence| line(evidence, reader)).collect(),
        story: story::in_words(story, &rules.roster, reader),
        buttons: buttons(lead, &reader.id, is_current),
        reasons: reasons.map(|(name, reason)| (name.as_str(), reason.label.as_str())).collect(),
        colleagues: colleagues
            .filter_map(|member| rules.roster.person(&member.person))
            .filter(|person| !lead.is_owned_by(&person.id))
            .collect(),
        another_cycle: !is_current,
    };
    render(200, &page)
}

/// A problem, for somebody looking at a browser.
pub(crate) fn problem(problem: &Problem) -> Answer {
    let page = ProblemPage { frame: Frame::bare(), title: problem.title, detail: &problem.detail };
    render(problem.status, &page).unwrap_or_else(Answer::from).telling(problem)
}

/// A page, made.
pub(crate) fn render(status: u16, page: &impl Template) -> Result<Answer, Problem> {
    page.render().map(|html| Answer::page(status, html)).map_err(|_| Problem::unavailable())
}

/// What the person is called, as far as anybody knows.
pub(crate) fn name_of(lead: &Lead) -> String {
    let profile = &lead.profile;
    let parts = [profile.text("first_name"), profile.text("last_name")];
    let full = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match profile.text("name") {
        Some(name) => name.to_owned(),
        None if !full.is_empty() => full,
        None => lead.who.email().map_or("A lead without a name".to_owned(), ToString::to_string),
    }
}

fn facts(lead: &Lead, handoff: &Handoff) -> Vec<(&'static str, String)> {
    let score = handoff.score(lead);
    let text = |label, key| lead.profile.text(key).map(|text| (label, text.to_owned()));
    let profile = [
        text("Title", "title"),
        text("Company", "company"),
        text("Country", "country"),
        text("Phone", "phone"),
    ];
    let email = lead.who.email().map(|email| ("E-mail", email.to_string()));
    let words = format!("{} ({} behaviour, {} fit)", score.total, score.behaviour, score.fit);
    profile.into_iter().flatten().chain(email).chain([("Score", words)]).collect()
}

/// Where the lead stands, in a sentence.
fn standing(lead: &Lead, roster: &Roster, reader: &Person) -> String {
    let owner = lead.owner.as_ref().and_then(|owner| roster.person(owner));
    let owner = owner.map_or("somebody no longer here", |owner| owner.name.as_str());
    let by = |at| alert::moment(at, reader);
    let deadline = lead.deadline.as_ref().map(|deadline| (deadline.kind, by(deadline.at)));
    match (lead.status, deadline) {
        (_, Some((Clock::Route, _))) => "Waiting for an owner.".to_owned(),
        (_, Some((Clock::Accept, at))) => format!("With {owner}, to be accepted by {at}."),
        (_, Some((Clock::Convert, at))) => {
            format!("Accepted by {owner}, to be converted by {at}.")
        }
        (_, Some((Clock::TakeBack, at))) => {
            format!("With {owner}. Marketing takes it back on {at}, unless it is converted.")
        }
        (Status::Converted, None) => format!("Converted by {owner}. Well done."),
        (Status::Returned, None) => "Back with marketing, which nurtures it on.".to_owned(),
        (Status::Disqualified, None) => "Disqualified.".to_owned(),
        (Status::Nurturing | Status::Mql | Status::Working, None) => {
            "Nurtured by marketing.".to_owned()
        }
    }
}

fn line(evidence: &Evidence, reader: &Person) -> String {
    let Evidence { label, at, points, .. } = evidence;
    let when = alert::moment(*at, reader);
    if *points > 0 { format!("{when}: {label} (+{points})") } else { format!("{when}: {label}") }
}

fn buttons(lead: &Lead, reader: &PersonId, current: bool) -> Buttons {
    let clock = lead.deadline.as_ref().map(|deadline| deadline.kind);
    let accepted = matches!(clock, Some(Clock::Convert | Clock::TakeBack));
    let supervises = lead.supervisor.as_ref() == Some(reader);
    Buttons {
        accept: current && clock == Some(Clock::Accept),
        work: current && accepted,
        extend: current && accepted,
        reassign: current && clock.is_some() && (supervises || clock == Some(Clock::Route)),
        qualify: current && lead.status == Status::Returned,
    }
}
