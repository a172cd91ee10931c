//! Texts with a limit: a subject, and a short message with its link. The lead's name gives way
//! first, then the pleasantries; the link never.

use super::plain::cut;
use super::script::septets;

/// A subject's limit: SNS refuses 100 characters and more, and anything but printable ASCII
/// beginning with a letter, digit or mark (SNS API reference, Publish, Subject).
pub(super) const SUBJECT_CHARS: usize = 99;
/// A short message's limit: one message, not two.
pub(super) const SMS_SEPTETS: usize = 160;
/// A name shorter than this says nothing.
const NAME_CHARS_AT_LEAST: usize = 8;

/// A text with a place for the lead's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameTemplate {
    /// What comes before the name.
    pub(super) before: String,
    /// What comes after it.
    pub(super) after: String,
}

/// A template of the words before and after the lead's name.
pub(super) fn name_template(before: impl Into<String>, after: impl Into<String>) -> NameTemplate {
    NameTemplate { before: before.into(), after: after.into() }
}

impl NameTemplate {
    /// The words with the name, without doubling the full stop of "Acme Inc.".
    pub(super) fn name(&self, name: &str) -> String {
        let after = match self.after.strip_prefix('.') {
            Some(after) if name.ends_with('.') => after,
            Some(_) | None => &self.after,
        };
        format!("{}{name}{after}", self.before)
    }

    /// The words with as much of the name as fits; `None` if that is next to nothing.
    fn cut_to(&self, name: &str, room: usize) -> Option<String> {
        let words = self.before.chars().count() + self.after.chars().count();
        let left = room.checked_sub(words).filter(|&left| left >= NAME_CHARS_AT_LEAST)?;
        Some(self.name(&cut(name, left)))
    }
}

/// The wordings of a short message, all in the basic table of GSM-7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sms {
    /// With the lead's name, the richest first.
    pub(super) wordings: Vec<NameTemplate>,
    /// The wording without the lead's name, for when even a cut name leaves no room.
    pub(super) bare: String,
}

/// A subject SNS takes: `name` is in ASCII, and so are the words.
pub(super) fn subject(words: &NameTemplate, name: &str) -> String {
    let whole = words.name(name);
    let fits = whole.len() <= SUBJECT_CHARS;
    let text = if fits { whole } else { words.cut_to(name, SUBJECT_CHARS).unwrap_or(whole) };
    cut(&text, SUBJECT_CHARS)
}

/// The richest wording that leaves room for the link. `name` is in the basic table of GSM-7.
pub(super) fn sms(text: &Sms, name: &str, link: &str) -> String {
    let room = SMS_SEPTETS.saturating_sub(septets(link) + 1);
    let fits = |text: &String| septets(text) <= room;
    let whole = || text.wordings.iter().map(|words| words.name(name)).find(fits);
    let cut = || text.wordings.last()?.cut_to(name, room);
    let bare = || Some(text.bare.clone()).filter(fits);
    match whole().or_else(cut).or_else(bare) {
        Some(words) => format!("{words} {link}"),
        None => link.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, link_chars: usize) -> String {
        let wordings = vec![
            name_template("Baton: new lead ", ". Please accept:"),
            name_template("New lead ", "."),
        ];
        let text =
            sms(&Sms { wordings, bare: "New lead.".to_owned() }, name, &"l".repeat(link_chars));
        assert!(septets(&text) <= SMS_SEPTETS || text.starts_with('l'));
        text.trim_end_matches('l').to_owned()
    }

    #[test]
    fn the_name_gives_way_first_and_the_link_never() {
        let name = "Kim Lee, Acme Holding GmbH";
        assert_eq!(told(name, 70), "Baton: new lead Kim Lee, Acme Holding GmbH. Please accept: ");
        assert_eq!(told(name, 120), "New lead Kim Lee, Acme Holding GmbH. ");
        assert_eq!(told(name, 130), "New lead Kim Lee, Acme... ");
        assert_eq!(told(name, 141), "New lead Kim... ");
        assert_eq!(told(name, 142), "New lead. ");
        assert_eq!(told(name, 155), "");
        assert_eq!(told(name, 400), "");
    }

    #[test]
    fn a_full_stop_is_not_doubled() {
        assert_eq!(name_template("", ". Accept").name("Acme Inc."), "Acme Inc. Accept");
        assert_eq!(name_template("", ". Accept").name("Acme"), "Acme. Accept");
    }

    #[test]
    fn a_subject_keeps_what_follows_the_name() {
        let words = name_template("New lead: ", " - accept by Mon 2 Mar 10:00");
        let text = subject(&words, &"long name ".repeat(20));
        assert!(text.len() <= SUBJECT_CHARS);
        assert!(text.ends_with("... - accept by Mon 2 Mar 10:00"), "{text}");
    }
}
