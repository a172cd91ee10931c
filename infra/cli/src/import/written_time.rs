//! Reads the times in lists, in every common notation. An ambiguous date is refused, never guessed.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Which comes first in a date such as 3/4/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DateOrder {
    /// 3/4/2026 is the 3rd of April.
    DayFirst,
    /// 3/4/2026 is the 4th of March.
    MonthFirst,
}

/// A moment as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WrittenTime {
    /// Without an offset: local time at the show.
    Local(DateTime),
    /// With its offset, so that no time zone is needed.
    Exact(Timestamp),
}

/// Why a time can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeError {
    /// It is in no notation we know.
    Unrecognised,
    /// There is no such day or time of day.
    Impossible,
    /// The day could come first, or the month.
    Ambiguous,
}

impl WrittenTime {
    /// Reads a date with or without a time of day. A date alone is the beginning of that day.
    pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Self, TimeError> {
        let mut parser = Parser(text.trim());
        let date = parser.date(order)?;
        parser.skip(|c| c == ' ' || c == ',' || c == 'T' || c == 't');
        let time = if parser.0.is_empty() { Time::midnight() } else { parser.time()? };
        let local = date.to_datetime(time);
        parser.skip(|c| c == ' ');
        match parser.offset()? {
            None => Ok(Self::Local(local)),
            Some(offset) => {
                offset.to_timestamp(local).map(Self::Exact).map_err(|_| TimeError::Impossible)
            }
        }
    }

    /// The moment, given the show's time zone. A time that clocks skip or show twice
    /// is taken as jiff's "compatible" strategy does: with the offset in force before the change.
    pub(super) fn at(self, zone: &TimeZone) -> Result<Timestamp, TimeError> {
        match self {
            Self::Exact(at) => Ok(at),
            Self::Local(local) => zone.to_timestamp(local).map_err(|_| TimeError::Impossible),
        }
    }
}

/// The text that is left to read.
struct Parser<'a>(&'a str);

impl Parser<'_> {
    fn date(&mut self, order: Option<DateOrder>) -> Result<Date, TimeError> {
        if self.0.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.date_with_month_first();
        }
        let (first, digits) = self.number(4)?;
        let separator = self.0.chars().next().ok_or(TimeError::Unrecognised)?;
        self.skip(|c| c == separator);
        if self.0.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let month = self.month()?;
            self.skip(|c| c == ' ' || c == separator);
            return day(self.year()?, month, first);
        }
        if !"-/.".contains(separator) {
            return Err(TimeError::Unrecognised);
        }
        let (second, _) = self.number(2)?;
        self.expect(separator)?;
        if digits == 4 {
            return day(first, second, self.number(2)?.0);
        }
        let year = self.year()?;
        let day_first = || day(year, second, first);
        let month_first = || day(year, first, second);
        match (separator, order) {
            // Whoever writes dots writes the day first.
            ('.', _) | (_, Some(DateOrder::DayFirst)) => day_first(),
            (_, Some(DateOrder::MonthFirst)) => month_first(),
            (_, None) if first == second => day_first(),
            (_, None) => match (day_first(), month_first()) {
                (Ok(_), Ok(_)) => Err(TimeError::Ambiguous),
                (one, other) => one.or(other),
            },
        }
    }

    /// Reads a date such as "Mar 3, 2026".
    fn date_with_month_first(&mut self) -> Result<Date, TimeError> {
        let month = self.month()?;
        self.skip(|c| c == ' ');
        let (number, _) = self.number(2)?;
        self.skip(|c| c == ' ' || c == ',');
        day(self.year()?, month, number)
    }

    /// An English month, in full or by its first three letters.
    fn month(&mut self) -> Result<i16, TimeError> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let word = self.word();
        let is_month =
            |month: &&str| *month == word || (word.len() == 3 && month.starts_with(&word));
        let index = MONTHS.iter().position(is_month).ok_or(TimeError::Unrecognised)?;
        self.skip(|c| c == '.');
        i16::try_from(index + 1).map_err(|_| TimeError::Unrecognised)
    }

    /// Four digits, because two don't tell the century.
    fn year(&mut self) -> Result<i16, TimeError> {
        match self.number(4)? {
            (year, 4) => Ok(year),
            _ => Err(TimeError::Unrecognised),
        }
    }

    /// Reads a time such as "14:05" or "2:05:09.123 PM".
    fn time(&mut self) -> Result<Time, TimeError> {
        let (mut hour, _) = self.number(2)?;
        self.expect(':')?;
        let (minute, _) = self.number(2)?;
        let mut second = 0;
        if self.0.starts_with(':') {
            self.expect(':')?;
            second = self.number(2)?.0;
            if self.0.starts_with('.') {
                self.skip(|c| c == '.' || c.is_ascii_digit());
            }
        }
        let before_word = self.0;
        self.skip(|c| c == ' ' || c == '\u{a0}' || c == '\u{202f}');
        match self.word().as_str() {
            "am" | "pm" if !(1..=12).contains(&hour) => return Err(TimeError::Impossible),
            "am" => hour %= 12,
            "pm" => hour = hour % 12 + 12,
            _ => self.0 = before_word,
        }
        let part = |number: i16| i8::try_from(number).map_err(|_| TimeError::Impossible);
        Time::new(part(hour)?, part(minute)?, part(second)?, 0).map_err(|_| TimeError::Impossible)
    }

    /// "Z", "UTC", "+01:00", "-0500", or nothing. Other abbreviations mean different things in
    /// different places.
    fn offset(&mut self) -> Result<Option<Offset>, TimeError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        if ["Z", "UTC", "GMT"].iter().any(|utc| self.0.eq_ignore_ascii_case(utc)) {
            return Ok(Some(Offset::UTC));
        }
        let sign = match self.0.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Err(TimeError::Unrecognised),
        };
        let digits = self.0[1..].replacen(':', "", 1);
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TimeError::Unrecognised);
        }
        let number: i32 = digits.parse().map_err(|_| TimeError::Unrecognised)?;
        let seconds = sign * (number / 100 * 3600 + number % 100 * 60);
        Offset::from_seconds(seconds).map(Some).map_err(|_| TimeError::Impossible)
    }

    /// A number of at most so many digits, and how many it has.
    fn number(&mut self, most: usize) -> Result<(i16, usize), TimeError> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if digits > most {
            return Err(TimeError::Unrecognised);
        }
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        number.parse().map(|number| (number, digits)).map_err(|_| TimeError::Unrecognised)
    }

    /// The letters that come next, in lower case, but for the dots of "a.m.".
    fn word(&mut self) -> String {
        let is_part = |c: char| c.is_ascii_alphabetic();
        let end = self.0.find(|c| !is_part(c)).unwrap_or(self.0.len());
        let (mut word, mut rest) = self.0.split_at(end);
        for (dotted, plain) in [("a.m.", "am"), ("p.m.", "pm")] {
            if let Some(head) =
                self.0.get(..dotted.len()).filter(|h| h.eq_ignore_ascii_case(dotted))
            {
                (word, rest) = (plain, &self.0[head.len()..]);
            }
        }
        self.0 = rest;
        word.to_ascii_lowercase()
    }

    fn expect(&mut self, c: char) -> Result<(), TimeError> {
        self.0 = self.0.strip_prefix(c).ok_or(TimeError::Unrecognised)?;
        Ok(())
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(is_skipped);
    }
}

fn day(year: i16, month: i16, day: i16) -> Result<Date, TimeError> {
    let part = |number: i16| i8::try_from(number).map_err(|_| TimeError::Impossible);
    Date::new(year, part(month)?, part(day)?).map_err(|_| TimeError::Impossible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> WrittenTime {
        WrittenTime::Local(text.parse().unwrap())
    }

    #[test]
    fn every_common_way_to_write_a_time_is_read() {
        for text in [
            "2026-03-03 14:05",
            "2026-03-03T14:05:00",
            " 2026/3/3 14:05:00.250 ",
            "03.03.2026 14:05",
            "3.3.2026, 14:05:00",
            "3/3/2026 2:05 PM",
            "3-Mar-2026 2:05pm",
            "3 March 2026 14:05",
            "Mar 3, 2026 2:05:00 p.m.",
            "March 3 2026 14:05",
        ] {
            assert_eq!(WrittenTime::read(text, None), Ok(local("2026-03-03T14:05")), "{text}");
        }
        assert_eq!(WrittenTime::read("2026-03-03", None), Ok(local("2026-03-03T00:00")));
        assert_eq!(WrittenTime::read("3/3/2026 12:00 am", None), Ok(local("2026-03-03T00:00")));
    }

    #[test]
    fn a_time_with_its_offset_is_the_same_everywhere() {
        let at: Timestamp = "2026-03-03T13:05:00Z".parse().unwrap();
        for text in [
            "2026-03-03T13:05:00Z",
            "2026-03-03 14:05:00+01:00",
            "2026-03-03 14:05 +0100",
            "03.03.2026 13:05 UTC",
        ] {
            assert_eq!(WrittenTime::read(text, None), Ok(WrittenTime::Exact(at)), "{text}");
        }
    }

    #[test]
    fn day_and_month_are_never_guessed() {
        use DateOrder::{DayFirst, MonthFirst};
        for (text, order, expected) in [
            ("3/4/2026 2:05 PM", None, Err(TimeError::Ambiguous)),
            ("3-4-2026 14:05", None, Err(TimeError::Ambiguous)),
            ("3/4/2026 14:05", Some(DayFirst), Ok(local("2026-04-03T14:05"))),
            ("3/4/2026 14:05", Some(MonthFirst), Ok(local("2026-03-04T14:05"))),
            ("13/3/2026 14:05", None, Ok(local("2026-03-13T14:05"))),
            ("3/13/2026 14:05", None, Ok(local("2026-03-13T14:05"))),
            ("3/13/2026 14:05", Some(DayFirst), Err(TimeError::Impossible)),
        ] {
            assert_eq!(WrittenTime::read(text, order), expected, "{text} {order:?}");
        }
    }

    #[test]
    fn what_is_not_a_time_or_no_time_there_is_is_refused() {
        for text in ["", "yesterday", "46084.58", "03.03.26 14:05", "14:05", "2026-03-03 14:05 CET"]
        {
            assert_eq!(WrittenTime::read(text, None), Err(TimeError::Unrecognised), "{text}");
        }
        for text in ["2026-02-30", "2026-03-03 25:00", "3/3/2026 13:05 PM", "99/99/2026"] {
            assert_eq!(WrittenTime::read(text, None), Err(TimeError::Impossible), "{text}");
        }
    }

    #[test]
    fn times_that_clocks_skip_or_show_twice_have_one_meaning() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (text, expected) in [
            ("2026-03-03 14:05", "2026-03-03T13:05:00Z"),
            // Clocks go from 02:00 to 03:00.
            ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
            // Clocks show it twice; the first.
            ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ] {
            let at = WrittenTime::read(text, None).unwrap().at(&berlin).unwrap();
            assert_eq!(at.to_string(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", dated in "[0-9/. :-]{0,24}[APMapm+Z]{0,3}") {
            for text in [text, dated] {
                for order in [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)] {
                    if let Ok(written) = WrittenTime::read(&text, order) {
                        let _ = written.at(&TimeZone::UTC);
                    }
                }
            }
        }
    }
}
