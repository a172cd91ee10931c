//! The note on top of a page: what a button did, or why it did nothing.

use baton_core::commands::{Actor, CommandKind};
use baton_core::decision::History;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::refusal::Refusal;

use super::said::{Said, said};
use super::scene::Scene;
use super::telling::{plain, sentence};
use crate::words::{capital, times};

/// A note.
pub(super) struct Note {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) text: Said,
}

/// Lines of the history within which what a page says was just done must be.
const JUST_NOW: usize = 3;

/// That a button did what it says; nothing for any other word, nor of what is long ago.
pub(super) fn done(word: &str, scene: &Scene<'_>) -> Option<Note> {
    let done = |kind: &CommandKind| kind.done().filter(|done| done.word == word);
    let (kind, done) = CommandKind::ALL.iter().find_map(|kind| Some((kind, done(kind)?)))?;
    let mut newest = scene.told.history.iter().rev().take(JUST_NOW);
    newest.find(|line| line.command == *kind)?;
    let (title, text) = (plain(done.title, scene), sentence(done.text, None, scene));
    Some(Note { class: "good", title, text })
}

/// That the link is of another trip into sales.
pub(super) fn another_cycle() -> Note {
    let text = "The lead has been passed to sales again since. The newest alert has the link to \
                act on it.";
    Note { class: "", title: "This link is from an earlier time".to_owned(), text: said(text) }
}

/// Why a button did nothing. The page below shows how the lead stands by now.
pub(super) fn refused(refusal: &Refusal, scene: &Scene<'_>) -> Note {
    let Note { class, title, text } = why(refusal, scene);
    let text = text.and(" Your tap changed nothing. Below is how the lead stands now.");
    Note { class, title, text }
}

fn why(refusal: &Refusal, scene: &Scene<'_>) -> Note {
    match refusal {
        Refusal::AlreadyAccepted { .. } => accepted(scene),
        Refusal::AlreadyConverted => by_whom("converted", "converted", Status::Converted, scene),
        Refusal::AlreadyReturned => by_whom("given back", "gave back", Status::Returned, scene),
        Refusal::AlreadyDisqualified => {
            by_whom("ruled out", "ruled out", Status::Disqualified, scene)
        }
        Refusal::NotYours => not_yours(scene),
        Refusal::AnotherCycle => another_cycle(),
        Refusal::Changed => {
            note("It has changed since you opened this page", "Somebody was there before you.")
        }
        Refusal::AlreadyExtended => {
            note("You asked for more time already", "It was given the first time.")
        }
        Refusal::NoExtensionsLeft(n) => note(
            "No extension is left",
            format!("It has been extended {}, as often as the policy allows.", times(*n)),
        ),
        Refusal::Unavailable(person) => note(
            format!("{} is away", capital(&scene.names.of(person))),
            "They get no leads now. Choose somebody else.",
        ),
        Refusal::AlreadyTheirs(person) => {
            note(format!("It is with {} already", scene.names.of(person)), "")
        }
        Refusal::AlreadyQualified(_) | Refusal::AlreadyAssigned => {
            note("It is with sales already", "Somebody passed it on before you.")
        }
        // Who lost it to a colleague need not hear that the colleague has yet to accept it.
        Refusal::NotAccepted if !scene.can(CommandKind::Accept) => not_yours(scene),
        Refusal::NotAccepted => note("Nobody has accepted it yet", "Accept it first."),
        Refusal::NotAssigned => note("It has no owner yet", "Baton is looking for one."),
        Refusal::NotQualified => note("It is with marketing", "Marketing is still nurturing it."),
        Refusal::UnknownReason { .. } | Refusal::UnknownPerson => note(
            "That choice is gone",
            "The policy or the roster has changed since you opened this page. Choose again.",
        ),
        Refusal::Erased | Refusal::BeforeErasure | Refusal::NotDue | Refusal::AlreadyWarned => {
            note("That is not possible now", capital(&refusal.to_string()) + ".")
        }
    }
}

fn note(title: impl Into<String>, text: impl Into<String>) -> Note {
    Note { class: "", title: title.into(), text: said(text) }
}

fn not_yours(scene: &Scene<'_>) -> Note {
    match scene.lead.owner() {
        Some(owner) => note(
            format!("{} has this lead now", scene.names.name(owner)),
            "Only its owner, their supervisor or marketing can act on it.",
        ),
        None => note("It is not yours", "Only marketing can act on it now."),
    }
}

fn accepted(scene: &Scene<'_>) -> Note {
    let Some(line) = scene.newest(|line| line.command == CommandKind::Accept) else {
        return note("Already accepted", "");
    };
    let at = scene.reader.short(line.at);
    let mine = if scene.is_mine() { " It is yours." } else { "" };
    if is_by_reader(line, scene) {
        let text = said("You accepted this lead ").at(at).and(".").and(mine);
        return Note { class: "", title: "You have accepted it already".to_owned(), text };
    }
    let by = asker(line, scene);
    let whom = if scene.is_mine() { " for you" } else { "" };
    let title = format!("Already accepted{whom} by {by}");
    let text = said(format!("{} accepted this lead ", capital(&by))).at(at).and(".").and(mine);
    Note { class: "", title, text }
}

/// Who took the lead out of sales, and when.
fn by_whom(done: &str, did: &str, to: Status, scene: &Scene<'_>) -> Note {
    let Some(line) = scene.newest(|line| line.from != line.to && line.to == to) else {
        return note(format!("Already {done}"), "");
    };
    let at = scene.reader.short(line.at);
    if line.clock == Some(DeadlineKind::TakeBack) {
        let text = said("It was not converted in time, and went back ").at(at).and(".");
        return Note { class: "", title: "Marketing took it back".to_owned(), text };
    }
    let (done, did) = match line.command == CommandKind::Reject {
        true => ("turned down", "turned down"),
        false => (done, did),
    };
    let by = asker(line, scene);
    let title = match is_by_reader(line, scene) {
        true => format!("You have {done} it already"),
        false => format!("Already {done} by {by}"),
    };
    let text = said(format!("{} {did} this lead ", capital(&by))).at(at).and(".");
    Note { class: "", title, text }
}

fn is_by_reader(line: &History, scene: &Scene<'_>) -> bool {
    matches!(&line.by, Actor::Person(person) if scene.names.is_reader(person))
}

fn asker(line: &History, scene: &Scene<'_>) -> String {
    scene.names.asker(&line.by).unwrap_or_else(|| "Baton".to_owned())
}
