//! One day, as it is told: what came in, who qualified, what people did, what the clock did.

use jiff::civil::Date;

use super::tally::Counts;

/// Columns of a line.
const COLUMNS: usize = 96;
/// Columns of the date.
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
    /// MQLs by path.
    pub(super) qualified: Counts,
    /// Leads dealt, by name.
    pub(super) dealt: Counts,
    /// What people did.
    pub(super) done: Counts,
    /// Reasons for turning leads down.
    pub(super) turned_down: Counts,
    /// Leads not accepted in time, by who has them.
    pub(super) overdue: Counts,
    /// Leads not converted in time, by who has them.
    pub(super) warned: Counts,
    /// Leads that marketing took back, by who had them.
    pub(super) taken_back: Counts,
    /// Single leads' fates.
    pub(super) stories: Vec<String>,
    /// Alerts shown whole.
    pub(super) alerts: Vec<String>,
}

impl Day {
    /// The day in lines; none if nothing happened.
    pub(super) fn lines(&self, date: Date) -> Vec<String> {
        let sentences = [self.intake(), self.handing_over(), self.work(), self.clocks()];
        let told = self.news.iter().cloned().chain(sentences.into_iter().flatten());
        let told = told.map(|text| fold(&text, ""));
        let stories = self.stories.iter().map(|text| fold(text, "- "));
        let alerts = self.alerts.iter().map(|text| frame(text));
        let mut lines: Vec<String> = told.chain(stories).chain(alerts).flatten().collect();
        if let Some(first) = lines.first_mut() {
            let date = date.strftime("%a %e %b").to_string();
            first.replace_range(..date.len(), &date);
        }
        lines
    }

    fn intake(&self) -> Option<String> {
        let counted = |n: usize, words: &str| (n > 0).then(|| format!(", {n} {words}"));
        let asides = [
            counted(self.outcomes.of("duplicate"), "of them sent before"),
            counted(self.outcomes.of("invalid"), "unusable"),
            counted(self.outcomes.of("excluded"), "by excluded people"),
            counted(self.still_returned, "by returned leads, not enough to come back"),
        ];
        let asides: String = asides.into_iter().flatten().collect();
        match self.outcomes.total() {
            0 => None,
            1 => Some(format!("1 activity from the web{asides}.")),
            n => Some(format!("{n} activities from the web{asides}.")),
        }
    }

    fn handing_over(&self) -> Option<String> {
        let how = self.qualified.told("by ");
        let how = how.split_once(' ').filter(|_| !how.contains(',')).map_or(
            format!("qualify: {how}"),
            |(_, by)| match self.qualified.total() {
                1 => format!("qualifies {by}"),
                _ => format!("qualify {by}"),
            },
        );
        let dealt = self.dealt.words();
        let dealt = if dealt.is_empty() { dealt } else { format!("; dealt to {dealt}") };
        let total = self.qualified.total();
        (total > 0).then(|| format!("{total} {how}{dealt}."))
    }

    fn work(&self) -> Option<String> {
        let words = self.done.told("");
        let reasons = match self.turned_down.words() {
            reasons if reasons.is_empty() => reasons,
            reasons => format!("; turned down for {reasons}"),
        };
        (!words.is_empty()).then(|| format!("Sales: {words}{reasons}."))
    }

    fn clocks(&self) -> Option<String> {
        let said = |counts: &Counts, words: &str| match counts.total() {
            0 => None,
            n => Some(format!("{n} {words} ({})", counts.words())),
        };
        let clocks = [
            said(&self.overdue, "not accepted in time, owner and supervisor told"),
            said(&self.warned, "not converted in 30 days, owner and supervisor warned"),
            said(&self.taken_back, "taken back a day after the warning"),
        ];
        let text = clocks.into_iter().flatten().collect::<Vec<_>>().join("; ");
        (!text.is_empty()).then(|| format!("Clock: {text}."))
    }
}

/// A text in lines that leave the margin free.
fn fold(text: &str, mark: &str) -> Vec<String> {
    let mut lines = vec![format!("{:MARGIN$}{mark}", "")];
    // What is set apart stays so; what goes on after a dash goes on below the words.
    let further = match mark {
        "| " => lines[0].clone(),
        _ => " ".repeat(MARGIN + mark.len()),
    };
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a line from the start");
        if !is_empty && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(format!("{further}{word}"));
            continue;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines
}

/// A text as it is, set apart.
fn frame(text: &str) -> Vec<String> {
    let lines = text.lines().flat_map(|line| match line.chars().count() + MARGIN + 2 > COLUMNS {
        true => fold(line, "| "),
        false => vec![format!("{:MARGIN$}| {line}", "").trim_end().to_owned()],
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_news_is_not_told() {
        assert!(Day::default().lines(Date::constant(2026, 3, 8)).is_empty());
    }

    #[test]
    fn a_long_text_keeps_to_its_columns() {
        let day = Day { stories: vec!["word ".repeat(40)], ..Day::default() };
        let lines = day.lines(Date::constant(2026, 3, 3));
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= COLUMNS));
        assert!(lines[0].starts_with("Tue  3 Mar  - word word"));
        assert!(lines[1].starts_with("              word"));
    }
}
