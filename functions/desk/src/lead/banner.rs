//! The banner on top of a page: what a button did, or why it did nothing.

use baton_core::commands::{Actor, CommandKind};
use baton_core::decision::History;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::refusal::Refusal;

use super::rich_text::{RichText, rich_text};
use super::sentence::{plain, sentence};
use super::view::LeadView;
use crate::words::{capital, times};

pub(super) struct Banner {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) text: RichText,
}

/// A command counts as just done within so many newest lines of the history.
const JUST_NOW: usize = 3;

/// The banner for a command that was just done; none for an unknown word, or if it is long ago.
pub(super) fn done(word: &str, view: &LeadView<'_>) -> Option<Banner> {
    let done = |kind: &CommandKind| kind.done().filter(|done| done.word == word);
    let (kind, done) = CommandKind::ALL.iter().find_map(|kind| Some((kind, done(kind)?)))?;
    let mut newest = view.told.history.iter().rev().take(JUST_NOW);
    newest.find(|line| line.command == *kind)?;
    let (title, text) = (plain(done.title, view), sentence(done.text, None, view));
    Some(Banner { class: "good", title, text })
}

pub(super) fn another_cycle() -> Banner {
    let text = "The lead has been passed to sales again since. The newest alert has the link to \
                act on it.";
    Banner {
        class: "",
        title: "This link is from an earlier time".to_owned(),
        text: rich_text(text),
    }
}

/// The banner for a command that was refused. The page below shows the lead as it is now.
pub(super) fn refused(refusal: &Refusal, view: &LeadView<'_>) -> Banner {
    let Banner { class, title, text } = why(refusal, view);
    let text = text.and(" Your tap changed nothing. Below is how the lead stands now.");
    Banner { class, title, text }
}

fn why(refusal: &Refusal, view: &LeadView<'_>) -> Banner {
    match refusal {
        Refusal::AlreadyAccepted { .. } => accepted(view),
        Refusal::AlreadyConverted => by_whom("converted", "converted", Status::Converted, view),
        Refusal::AlreadyReturned => by_whom("given back", "gave back", Status::Returned, view),
        Refusal::AlreadyDisqualified => {
            by_whom("ruled out", "ruled out", Status::Disqualified, view)
        }
        Refusal::NotYours => not_yours(view),
        Refusal::AnotherCycle => another_cycle(),
        Refusal::Changed => {
            banner("It has changed since you opened this page", "Somebody was there before you.")
        }
        Refusal::AlreadyExtended => {
            banner("You asked for more time already", "It was given the first time.")
        }
        Refusal::NoExtensionsLeft(n) => banner(
            "No extension is left",
            format!("It has been extended {}, as often as the policy allows.", times(*n)),
        ),
        Refusal::Unavailable(person) => banner(
            format!("{} is away", capital(&view.names.of(person))),
            "They get no leads now. Choose somebody else.",
        ),
        Refusal::AlreadyTheirs(person) => {
            banner(format!("It is with {} already", view.names.of(person)), "")
        }
        Refusal::AlreadyQualified(_) | Refusal::AlreadyAssigned => {
            banner("It is with sales already", "Somebody passed it on before you.")
        }
        // Whoever no longer holds the lead need not know that the new owner has yet to accept it.
        Refusal::NotAccepted if !view.can(CommandKind::Accept) => not_yours(view),
        Refusal::NotAccepted => banner("Nobody has accepted it yet", "Accept it first."),
        Refusal::NotAssigned => banner("It has no owner yet", "Baton is looking for one."),
        Refusal::NotQualified => banner("It is with marketing", "Marketing is still nurturing it."),
        Refusal::NobodyAvailable(queue) => banner(
            format!("Nobody in {queue} is there"),
            "Choose another queue, or somebody by name.",
        ),
        Refusal::UnknownReason { .. } | Refusal::UnknownPerson | Refusal::UnknownQueue => banner(
            "That choice is gone",
            "The policy or the roster has changed since you opened this page. Choose again.",
        ),
        Refusal::Erased
        | Refusal::BeforeErasure
        | Refusal::NotDue
        | Refusal::AlreadyWarned
        | Refusal::Stale
        | Refusal::Ignored
        | Refusal::UnknownCycle(_) => {
            banner("That is not possible now", capital(&refusal.to_string()) + ".")
        }
    }
}

fn banner(title: impl Into<String>, text: impl Into<String>) -> Banner {
    Banner { class: "", title: title.into(), text: rich_text(text) }
}

fn not_yours(view: &LeadView<'_>) -> Banner {
    match view.lead.owner() {
        Some(owner) => banner(
            format!("{} has this lead now", view.names.name(owner)),
            "Only its owner, their supervisor or marketing can act on it.",
        ),
        None => banner("It is not yours", "Only marketing can act on it now."),
    }
}

fn accepted(view: &LeadView<'_>) -> Banner {
    let Some(line) = view.newest(|line| line.command == CommandKind::Accept) else {
        return banner("Already accepted", "");
    };
    let at = view.reader.short(line.at);
    let mine = if view.is_mine() { " It is yours." } else { "" };
    if is_by_reader(line, view) {
        let text = rich_text("You accepted this lead ").at(at).and(".").and(mine);
        return Banner { class: "", title: "You have accepted it already".to_owned(), text };
    }
    let by = asker(line, view);
    let whom = if view.is_mine() { " for you" } else { "" };
    let title = format!("Already accepted{whom} by {by}");
    let text = rich_text(format!("{} accepted this lead ", capital(&by))).at(at).and(".").and(mine);
    Banner { class: "", title, text }
}

/// The banner for a lead that somebody has already taken out of sales.
fn by_whom(done: &str, did: &str, to: Status, view: &LeadView<'_>) -> Banner {
    let Some(line) = view.newest(|line| line.from != line.to && line.to == to) else {
        return banner(format!("Already {done}"), "");
    };
    let at = view.reader.short(line.at);
    if line.clock == Some(DeadlineKind::TakeBack) {
        let text = rich_text("It was not converted in time, and went back ").at(at).and(".");
        return Banner { class: "", title: "Marketing took it back".to_owned(), text };
    }
    let (done, did) = match line.command == CommandKind::Reject {
        true => ("turned down", "turned down"),
        false => (done, did),
    };
    let by = asker(line, view);
    let title = match is_by_reader(line, view) {
        true => format!("You have {done} it already"),
        false => format!("Already {done} by {by}"),
    };
    let text = rich_text(format!("{} {did} this lead ", capital(&by))).at(at).and(".");
    Banner { class: "", title, text }
}

fn is_by_reader(line: &History, view: &LeadView<'_>) -> bool {
    matches!(&line.by, Actor::Person(person) if view.names.is_reader(person))
}

fn asker(line: &History, view: &LeadView<'_>) -> String {
    view.names.asker(&line.by).unwrap_or_else(|| "Baton".to_owned())
}
