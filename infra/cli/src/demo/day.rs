//! One day, or a few quiet ones, as they are written: what came in, who qualified, what people did,
//! what the clock did.

use jiff::Timestamp;
use jiff::civil::Date;

use super::stats::Counts;
use super::wrap::{fold, frame};

/// The width of the date, in columns.
const MARGIN: usize = 12;

/// What is worth telling of a day.
#[derive(Default)]
pub(super) struct Day {
    /// Whole sentences that come first.
    pub(super) news: Vec<String>,
    /// Activities by what became of them.
    pub(super) outcomes: Counts,
    /// Activities of leads that are back with marketing and stay there.
    pub(super) still_returned: usize,
    /// MQLs by how they qualified.
    pub(super) qualified: Counts,
    /// Leads dealt, by name.
    pub(super) dealt: Counts,
    /// What people did, by verb.
    pub(super) done: Counts,
    /// Reasons for turning leads down.
    pub(super) turned_down: Counts,
    /// Leads not accepted in time, by who has them.
    pub(super) escalated: Counts,
    /// Leads not converted in time, by who has them.
    pub(super) warned: Counts,
    /// Leads that marketing took back, by who had them.
    pub(super) taken_back: Counts,
    /// What happened to single leads.
    pub(super) notes: Vec<(Timestamp, String)>,
    /// Alerts shown whole.
    pub(super) alerts: Vec<String>,
    is_several: bool,
}

impl Day {
    /// Whether nothing happened but people's work.
    pub(super) fn is_quiet(&self) -> bool {
        let events = [&self.outcomes, &self.qualified, &self.escalated, &self.warned];
        self.news.is_empty()
            && events.iter().all(|counts| counts.total() == 0)
            && self.taken_back.total() == 0
    }

    /// Tells another quiet day together with this one.
    pub(super) fn join(&mut self, other: Self) {
        self.is_several = true;
        self.done.join(&other.done);
        self.turned_down.join(&other.turned_down);
        self.notes.extend(other.notes);
    }

    /// The day in lines, the first of which begins with its date; none if nothing happened.
    pub(super) fn lines(&self, date: Date) -> Vec<String> {
        let paragraphs =
            [vec![self.intake(), self.handing_over()], vec![self.work(), self.clock()]];
        let texts = paragraphs.into_iter().map(|sentences| {
            sentences.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        });
        let texts = self.news.iter().cloned().chain(texts).filter(|text| !text.is_empty());
        let indent = " ".repeat(MARGIN);
        let texts = texts.flat_map(|text| fold(&indent, &indent, &text));
        let (dash, below) = (format!("{indent}- "), format!("{indent}  "));
        let time = if self.is_several { "%a %H:%M" } else { "%H:%M" };
        let notes = self
            .notes
            .iter()
            .flat_map(|(at, text)| fold(&dash, &below, &format!("{} {text}", at.strftime(time))));
        let bar = format!("{indent}| ");
        let alerts = self.alerts.iter().flat_map(|text| frame(&bar, text));
        let mut lines: Vec<String> = texts.chain(notes).chain(alerts).collect();
        if let Some(first) = lines.first_mut() {
            let date = date.strftime("%a %e %b").to_string();
            first.replace_range(..date.len(), &date);
        }
        lines
    }

    fn intake(&self) -> String {
        let counted = |n: usize, words: &str| (n > 0).then(|| format!("{n} {words}"));
        let asides = [
            counted(self.outcomes.of("duplicate"), "sent before"),
            counted(self.outcomes.of("invalid"), "unusable"),
            counted(self.outcomes.of("excluded"), "excluded"),
            counted(self.still_returned, "of returned leads"),
        ];
        let asides = match asides.into_iter().flatten().collect::<Vec<_>>().join(", ") {
            asides if asides.is_empty() => asides,
            asides => format!(" ({asides})"),
        };
        match self.outcomes.total() {
            0 => String::new(),
            1 => format!("1 web activity{asides}."),
            n => format!("{n} web activities{asides}."),
        }
    }

    fn handing_over(&self) -> String {
        let (total, dealt) = (self.qualified.total(), self.dealt.words());
        let verb = if total == 1 { "qualifies" } else { "qualify" };
        let to = if dealt.is_empty() { "nobody yet" } else { &dealt };
        match self.qualified.single() {
            _ if total == 0 => String::new(),
            Some(path) => format!("{total} {verb} by {path}; dealt to {to}."),
            None => format!("{total} {verb}: {}; dealt to {to}.", self.qualified.told("by ")),
        }
    }

    fn work(&self) -> String {
        if self.done.total() == 0 {
            return String::new();
        }
        let who = if self.is_several { "Sales this week" } else { "Sales" };
        let reasons = self.turned_down.words();
        let reasons = if reasons.is_empty() { reasons } else { format!(" ({reasons})") };
        format!("{who}: {}{reasons}.", self.done.told(""))
    }

    fn clock(&self) -> String {
        let said = |words: &str, counts: &Counts| match counts.total() {
            0 => None,
            _ => Some(format!("{words}: {}.", counts.words())),
        };
        let clocks = [
            said("Escalated after 24 h", &self.escalated),
            said("Warned on day 30", &self.warned),
            said("Taken back a day later", &self.taken_back),
        ];
        clocks.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_news_is_not_told() {
        assert!(Day::default().is_quiet());
        assert!(Day::default().lines(Date::constant(2026, 3, 8)).is_empty());
    }

    #[test]
    fn the_first_line_of_a_day_begins_with_its_date() {
        let day =
            Day { notes: vec![(Timestamp::UNIX_EPOCH, "word ".repeat(40))], ..Day::default() };
        let lines = day.lines(Date::constant(2026, 3, 3));
        assert!(lines[0].starts_with("Tue  3 Mar  - 00:00 word word"));
        assert!(lines[1].starts_with("              word"));
    }
}
