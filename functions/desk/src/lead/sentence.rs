//! The sentences that commands tell, with people as the reader knows them and times on the reader's
//! clock.

use baton_core::commands::{self, Part};
use baton_core::decision::History;
use baton_wording::human_time::span;

use super::names::reason;
use super::rich_text::RichText;
use super::view::LeadView;
use crate::words::{capital, spaced};

/// The longest reason that is shown whole. The forms of the page take none that is longer.
const REASON_CHARS: usize = 120;

pub(super) fn told_line(line: &History, view: &LeadView<'_>) -> RichText {
    sentence(&commands::tell(line).parts, Some(line), view)
}

/// A sentence; `line` is the line of the history that it is about, if any. It is left out if it
/// names a deadline and none runs.
pub(super) fn sentence(
    parts: &[Part<'_>],
    line: Option<&History>,
    view: &LeadView<'_>,
) -> RichText {
    let deadline = view.lead.deadline();
    if deadline.is_none() && parts.contains(&Part::Deadline) {
        return RichText::default();
    }
    let add = |text: RichText, part: &Part<'_>| match part {
        Part::Deadline => match &deadline {
            Some(deadline) => text.at(view.reader.moment(deadline.at)),
            None => text,
        },
        Part::Quote(why) => text.quote(cut(&reason(why, &view.rules.policy))),
        Part::Text(_)
        | Part::Asker
        | Part::Colleague
        | Part::ForOwner
        | Part::Person(_)
        | Part::Owner
        | Part::Grace
        | Part::Rule(_) => text.and(words(part, line, view)),
    };
    parts.iter().fold(RichText::default(), add)
}

/// The sentence without markup.
pub(super) fn plain(parts: &[Part<'_>], view: &LeadView<'_>) -> String {
    parts.iter().map(|part| words(part, None, view)).collect()
}

fn words(part: &Part<'_>, line: Option<&History>, view: &LeadView<'_>) -> String {
    let asker = line.and_then(|line| view.names.asker(&line.by));
    match part {
        Part::Text(text) | Part::Quote(text) => (*text).to_owned(),
        Part::Asker => capital(&asker.unwrap_or_else(|| "Baton".to_owned())),
        Part::Colleague => asker.unwrap_or_else(|| "a colleague".to_owned()),
        Part::ForOwner => line.map_or_else(String::new, |line| for_owner(line, view)),
        Part::Person(Some(person)) => view.names.of(person),
        Part::Person(None) => "nobody".to_owned(),
        Part::Owner => view.names.owner(view.lead),
        Part::Deadline => view.lead.deadline().map_or_else(String::new, |at| at.at.to_string()),
        Part::Grace => span(view.rules.policy.clocks.take_back_after),
        Part::Rule(rule) => spaced(rule),
    }
}

/// " for Ana", if somebody else did it for her.
fn for_owner(line: &History, view: &LeadView<'_>) -> String {
    let by = line.by.to_string();
    let owner = line.owner.as_ref().filter(|owner| owner.as_str() != by);
    owner.map_or_else(String::new, |owner| format!(" for {}", view.names.of(owner)))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(REASON_CHARS) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
