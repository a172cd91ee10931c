//! A lead's history in words, for its page.

use baton_cloud::Told;
use baton_core::alert;
use baton_core::command::Actor;
use baton_core::decision::History;
use baton_core::id::PersonId;
use baton_core::lead::{Clock, Status};
use baton_core::roster::{Person, Roster};

/// Every decision, oldest first, as the reader's wall clock shows it.
pub(crate) fn in_words(story: &Told, roster: &Roster, reader: &Person) -> Vec<String> {
    let line = |line: &History| {
        let when = alert::moment(line.at, reader);
        format!("{when}: {}", what_happened(line, roster))
    };
    story.history.iter().map(line).collect()
}

fn what_happened(line: &History, roster: &Roster) -> String {
    let owner = line.owner.as_ref().map_or("nobody".to_owned(), |owner| name(owner, roster));
    let deed = match (line.from == line.to, line.to, line.clock) {
        (false, Status::Mql, _) => "qualified".to_owned(),
        (false, Status::Working, _) => format!("accepted; {owner} works it"),
        (false, Status::Converted, _) => "became a contact or opportunity".to_owned(),
        (false, Status::Returned, _) => "went back to marketing".to_owned(),
        (false, Status::Disqualified, _) => "disqualified".to_owned(),
        (_, _, Some(Clock::Accept)) => format!("{owner} and their supervisor were told"),
        (_, _, Some(Clock::Convert)) => format!("{owner} was warned"),
        (_, _, Some(Clock::Route)) if line.owner.is_none() => "waits for an owner".to_owned(),
        (_, _, Some(Clock::Route | Clock::TakeBack)) => format!("given to {owner}"),
        (_, _, None) => match line.command.as_str() {
            "assign" | "reassign" => format!("given to {owner}"),
            "accept" => format!("accepted by {owner}"),
            "extend" => format!("{owner} got more time"),
            other => other.to_owned(),
        },
    };
    let by = match &line.by {
        Actor::Person(person) => format!(" by {}", name(person, roster)),
        Actor::Crm => " by the CRM".to_owned(),
        Actor::Source(_) | Actor::Router | Actor::Clock => String::new(),
    };
    let reason = line.reason.as_deref().map(|reason| reason.replace('_', " "));
    reason.map_or_else(|| format!("{deed}{by}"), |reason| format!("{deed}{by} ({reason})"))
}

fn name(person: &PersonId, roster: &Roster) -> String {
    roster.person(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}
