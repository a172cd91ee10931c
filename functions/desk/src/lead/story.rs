//! What happened, and who was told: every decision, newest first.

use std::collections::BTreeMap;

use baton_cloud::Sent;
use baton_core::decision::History;
use baton_core::id::PersonId;
use baton_core::lead::{Clock, QualifiedBy, Status};
use baton_core::message::{AlertKind, Message};
use baton_core::when::span;
use jiff::SignedDuration;

use super::names::{capital, listed, reason, spaced};
use super::said::{Said, said};
use super::scene::Scene;
use crate::reader::Moment;

/// The newest decisions that are shown; JSON has them all.
pub(super) const ROWS: usize = 75;

/// The longest reason that is shown whole; the page's own forms take no longer one.
const REASON_CHARS: usize = 120;

/// What leaves within this time left at once.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(1);

/// The history of a page.
pub(super) struct Story {
    pub(super) rows: Vec<Row>,
    /// Decisions before those.
    pub(super) older: Option<String>,
}

pub(super) struct Row {
    pub(super) class: &'static str,
    pub(super) at: Moment,
    pub(super) what: Said,
    pub(super) told: Vec<Word>,
}

/// What some people were told in one way.
pub(super) struct Word {
    /// "Told you and Ben by e-mail: new lead – "
    pub(super) text: String,
    pub(super) fate: Fate,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    AtOnce,
    /// After so long, and when.
    Later(String, String),
    NotYet,
    Withdrawn,
}

impl Story {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let mut told: BTreeMap<u64, Vec<&Sent>> = BTreeMap::new();
        for sent in &scene.told.messages {
            told.entry(sent.id.version).or_default().push(sent);
        }
        let row = |line: &History| {
            let (what, class) = deed(line, scene);
            let told = told.get(&line.version).map_or(&[][..], Vec::as_slice);
            Row { class, at: scene.reader.short(line.at), what, told: words(told, scene) }
        };
        let lines = &scene.told.history;
        let older = lines.len().saturating_sub(ROWS);
        Self {
            rows: lines.iter().rev().take(ROWS).map(row).collect(),
            older: (older > 0).then(|| scene.reader.count(older as i64)),
        }
    }
}

/// What was decided, and whether that was a stage of the trip or a slip.
fn deed(line: &History, scene: &Scene<'_>) -> (Said, &'static str) {
    match (line.from == line.to, line.to) {
        (false, Status::Mql) => (qualified(line, scene), "stage"),
        (false, Status::Working) => (said(accepted(line, scene)), "stage"),
        (false, Status::Converted) => {
            let by = asker(line, scene);
            (said(format!("{by} converted it: a contact or opportunity")), "stage")
        }
        (false, Status::Returned) => left(line, scene, "gave it back to marketing"),
        (false, Status::Disqualified) => left(line, scene, "ruled it out"),
        (false, Status::Nurturing) | (true, _) => stayed(line, scene),
    }
}

fn qualified(line: &History, scene: &Scene<'_>) -> Said {
    let by_hand = line.command == "qualify" || line.path == Some(QualifiedBy::Manual);
    match (by_hand, &line.reason) {
        (true, _) => {
            let by = scene.names.asker(&line.by).unwrap_or_else(|| "a colleague".to_owned());
            quoted(said(format!("Passed to sales by {by}")), line, scene)
        }
        (false, Some(rule)) => said(format!("Became an MQL by fast track: {}", spaced(rule))),
        (false, None) => said("Became an MQL by score"),
    }
}

/// "Sven Lindqvist accepted it for you".
pub(super) fn accepted(line: &History, scene: &Scene<'_>) -> String {
    let by = asker(line, scene);
    let by_owner = |owner: &PersonId| line.by.to_string() == owner.as_str();
    match line.owner.as_ref().filter(|owner| !by_owner(owner)) {
        Some(owner) => format!("{by} accepted it for {}", scene.names.of(owner)),
        None => format!("{by} accepted it"),
    }
}

fn left(line: &History, scene: &Scene<'_>, by_hand: &str) -> (Said, &'static str) {
    if line.clock.is_some() {
        return (said("Marketing took it back: not converted in time"), "late");
    }
    let did = if line.command == "reject" { "turned it down" } else { by_hand };
    (quoted(said(format!("{} {did}", asker(line, scene))), line, scene), "stage")
}

fn stayed(line: &History, scene: &Scene<'_>) -> (Said, &'static str) {
    let nobody = || "nobody".to_owned();
    let owner = line.owner.as_ref().map_or_else(nobody, |owner| scene.names.of(owner));
    match (line.clock, line.command.as_str()) {
        (Some(Clock::Accept), _) => (said(format!("Not accepted by {owner} in time")), "late"),
        (Some(Clock::Convert), _) => {
            let grace = span(scene.rules.policy.clocks.take_back_after);
            let text = format!(
                "Not converted by {owner} in time: marketing takes it back {grace} after the \
                 warning"
            );
            (said(text), "late")
        }
        (Some(Clock::Route), _) if line.owner.is_none() => {
            (said("Waits for an owner: nobody is available"), "late")
        }
        (_, "accept") => (said(accepted(line, scene)), "stage"),
        (_, "extend") => {
            let text = format!("{} asked for more time", asker(line, scene));
            (quoted(said(text), line, scene), "")
        }
        (_, "reassign") => {
            let text = format!("{} gave it to {owner}", asker(line, scene));
            (quoted(said(text), line, scene), "")
        }
        (_, _) => (said(format!("Given to {owner}")), ""),
    }
}

fn asker(line: &History, scene: &Scene<'_>) -> String {
    capital(&scene.names.asker(&line.by).unwrap_or_else(|| "Baton".to_owned()))
}

fn quoted(text: Said, line: &History, scene: &Scene<'_>) -> Said {
    match &line.reason {
        Some(why) => text.quote(cut(&reason(why, &scene.rules.policy))),
        None => text,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(REASON_CHARS) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Who was told: those who were told the same in the same way stand together.
fn words(sent: &[&Sent], scene: &Scene<'_>) -> Vec<Word> {
    let mut words: BTreeMap<(&str, &str, Fate), Vec<String>> = BTreeMap::new();
    for sent in sent {
        let Message::Alert(alert) = &sent.message else { continue };
        let person = scene.rules.roster.person(&alert.to);
        let has_sms = person.is_some_and(|person| person.sms.is_some());
        let by = if has_sms { "by e-mail and SMS" } else { "by e-mail" };
        let people = words.entry((by, about(alert.kind), fate(sent, scene))).or_default();
        people.push(scene.names.of(&alert.to));
    }
    let word = |((by, about, fate), people): ((&str, &str, Fate), Vec<String>)| Word {
        text: format!("{} {by}: {about} – ", listed(&people)),
        fate,
    };
    words.into_iter().map(word).collect()
}

fn about(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Assigned => "new lead",
        AlertKind::AcceptOverdue => "not accepted in time",
        AlertKind::TakeBackWarned => "warning: marketing takes it back",
        AlertKind::TakenBack => "back with marketing",
        AlertKind::HandedOver => "given to a colleague",
        AlertKind::Unrouted => "nobody available",
    }
}

fn fate(sent: &Sent, scene: &Scene<'_>) -> Fate {
    match (sent.delivered_at, sent.withdrawn_at) {
        (Some(at), _) => match at.duration_since(sent.at) {
            late if late < AT_ONCE => Fate::AtOnce,
            late => Fate::Later(span(late), scene.reader.short(at).words),
        },
        (None, Some(_)) => Fate::Withdrawn,
        (None, None) => Fate::NotYet,
    }
}
