//! How the reader of a page reads: their time zone, and how they write numbers and moments.

use baton_http::Request;
use baton_wording::human_time;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::locale::Locale;

#[derive(Clone, Debug)]
pub(crate) struct Reader {
    zone: TimeZone,
    locale: Locale,
    pub(crate) now: Timestamp,
}

/// A moment for a `<time>` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// RFC 3339, in UTC.
    pub(crate) utc: String,
    /// In the reader's time zone.
    pub(crate) words: String,
}

impl Reader {
    pub(crate) fn new(request: &Request, zone: TimeZone, now: Timestamp) -> Self {
        Self { zone, locale: Locale::accepted(request.header("accept-language")), now }
    }

    /// `Wed 8 Apr 2026, 14:30 (Stockholm)`.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        let (day, time) = match self.locale.is_american {
            true => ("%a, %b %-d, %Y", "%-I:%M %p"),
            false => ("%a %-d %b %Y", "%H:%M"),
        };
        let local = self.local(at);
        let words = format!("{}, {}", local.strftime(day), local.strftime(time));
        self.moment_in(at, format!("{words} ({})", human_time::place(at, &self.zone)))
    }

    /// `Wed 8 Apr 14:30`.
    pub(crate) fn short(&self, at: Timestamp) -> Moment {
        let form =
            if self.locale.is_american { "%a, %b %-d, %-I:%M %p" } else { "%a %-d %b %H:%M" };
        self.moment_in(at, self.local(at).strftime(form).to_string())
    }

    /// `Wed 8 Apr`, with the year if it is another year.
    pub(crate) fn day(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let form = match (self.locale.is_american, local.year() == self.local(self.now).year()) {
            (true, true) => "%a, %b %-d",
            (true, false) => "%a, %b %-d, %Y",
            (false, true) => "%a %-d %b",
            (false, false) => "%a %-d %b %Y",
        };
        self.moment_in(at, local.strftime(form).to_string())
    }

    /// `8 Apr`.
    pub(crate) fn day_of_year(&self, at: Timestamp) -> String {
        let form = if self.locale.is_american { "%b %-d" } else { "%-d %b" };
        self.local(at).strftime(form).to_string()
    }

    /// Midnights in the reader's time zone between two moments, so many days apart.
    pub(crate) fn midnights(&self, from: Timestamp, until: Timestamp, days: i64) -> Vec<Timestamp> {
        let mut date = self.local(from).date();
        let mut found = Vec::new();
        while let Ok(midnight) = date.to_zoned(self.zone.clone()) {
            let at = midnight.timestamp();
            if at >= until {
                break;
            }
            let begins = at < from;
            found.extend((!begins).then_some(at));
            let Ok(next) = date.checked_add(Span::new().days(if begins { 1 } else { days })) else {
                break;
            };
            date = next;
        }
        found
    }

    /// `8 Apr 2026`, for a day that is the same in every time zone.
    pub(crate) fn date(&self, date: Date) -> String {
        let form = if self.locale.is_american { "%b %-d, %Y" } else { "%-d %b %Y" };
        date.strftime(form).to_string()
    }

    /// The city of their time zone: `Stockholm`.
    pub(crate) fn place(&self) -> String {
        human_time::place(self.now, &self.zone)
    }

    /// `1,234`.
    pub(crate) fn count(&self, n: impl Into<i64>) -> String {
        let n = n.into();
        let digits = n.unsigned_abs().to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(self.locale.group);
            }
            grouped.push(digit);
        }
        if n < 0 { format!("−{grouped}") } else { grouped }
    }

    /// `1,234.5`, with so many decimals.
    pub(crate) fn decimal(&self, x: f64, places: usize) -> String {
        let text = format!("{:.places$}", x.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let is_negative = x < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        let sign = if is_negative { "−" } else { "" };
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |n: i64| self.count(n));
        let point = if rest.is_empty() { String::new() } else { self.locale.decimal.to_string() };
        format!("{sign}{whole}{point}{rest}")
    }

    /// `58 %`, of a share from 0 to 1.
    pub(crate) fn percent(&self, share: f64) -> String {
        format!("{}\u{202f}%", self.decimal(share * 100.0, 0))
    }

    #[cfg(test)]
    pub(crate) fn in_stockholm(languages: &str, now: &str) -> Self {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        Self { zone, locale: Locale::accepted(Some(languages)), now: now.parse().unwrap() }
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    fn moment_in(&self, at: Timestamp, words: String) -> Moment {
        Moment { utc: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(languages: &str) -> Reader {
        Reader::in_stockholm(languages, "2026-04-08T12:30:05.4Z")
    }

    #[test]
    fn moments_are_on_the_readers_wall_in_the_readers_order() {
        let at = |reader: Reader| (reader.moment(reader.now), reader.short(reader.now));
        let (moment, short) = at(reader("sv"));
        assert_eq!(moment.utc, "2026-04-08T12:30:05Z");
        assert_eq!(moment.words, "Wed 8 Apr 2026, 14:30 (Stockholm)");
        assert_eq!(short.words, "Wed 8 Apr 14:30");
        let (moment, short) = at(reader("en-US"));
        assert_eq!(moment.words, "Wed, Apr 8, 2026, 2:30 PM (Stockholm)");
        assert_eq!(short.words, "Wed, Apr 8, 2:30 PM");
    }

    #[test]
    fn days_begin_at_midnight_on_the_readers_wall_also_when_clocks_change() {
        let reader = reader("sv");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let days = reader.midnights(at("2026-03-22T23:00:01Z"), at("2026-04-08T12:30Z"), 7);
        let told: Vec<_> = days.iter().map(|&day| (day, reader.day_of_year(day))).collect();
        let expected = [("2026-03-23T23:00:00Z", "24 Mar"), ("2026-03-30T22:00:00Z", "31 Mar")];
        let expected = expected.map(|(day, told)| (at(day), told.to_owned()));
        assert_eq!(told[..2], expected);
        assert_eq!(told.len(), 3);
        assert_eq!(reader.day(days[0]).words, "Tue 24 Mar");
        assert_eq!(reader.day(at("2025-12-31T23:00:00Z")).words, "Thu 1 Jan");
        assert_eq!(reader.day(at("2025-12-31T22:00:00Z")).words, "Wed 31 Dec 2025");
    }

    #[test]
    fn numbers_are_grouped_and_pointed_as_the_reader_does() {
        for (languages, count, decimal) in [
            ("en", "−1,234,567", "1,234.50"),
            ("de-DE", "−1.234.567", "1.234,50"),
            ("de-CH", "−1’234’567", "1’234.50"),
            ("fr", "−1\u{202f}234\u{202f}567", "1\u{202f}234,50"),
        ] {
            assert_eq!(reader(languages).count(-1_234_567), count);
            assert_eq!(reader(languages).decimal(1234.5, 2), decimal);
        }
        let english = reader("en");
        assert_eq!([0, 7, 999].map(|n| english.count(n)), ["0", "7", "999"]);
        assert_eq!(
            [-0.001, -0.5, 99.996].map(|x| english.decimal(x, 2)),
            ["0.00", "−0.50", "100.00"]
        );
        assert_eq!(english.percent(0.583), "58\u{202f}%");
    }
}
