//! Time in words, for a reader with a clock on their own wall.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A clock on somebody's wall.
pub(crate) struct Wall(pub(crate) TimeZone);

impl Wall {
    /// `Mon 2 Mar 2026, 10:00 (Berlin)`.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        let local = self.local(at);
        format!("{} ({})", local.strftime("%a %-d %b %Y, %H:%M"), self.place(&local))
    }

    /// `Mon 2 Mar 10:00`.
    pub(crate) fn short(&self, at: Timestamp) -> String {
        self.local(at).strftime("%a %-d %b %H:%M").to_string()
    }

    /// `Mon 2 Mar 10:00 (Berlin)`.
    pub(crate) fn short_with_place(&self, at: Timestamp) -> String {
        let local = self.local(at);
        format!("{} ({})", local.strftime("%a %-d %b %H:%M"), self.place(&local))
    }

    /// `Mon 2 Mar`, with the year if it is not the year of `now`.
    pub(crate) fn day(&self, at: Timestamp, now: Timestamp) -> String {
        let local = self.local(at);
        let this_year = local.year() == self.local(now).year();
        local.strftime(if this_year { "%a %-d %b" } else { "%a %-d %b %Y" }).to_string()
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.0.clone())
    }

    /// The city the zone is named for; the offset too in the hour that autumn has twice.
    fn place(&self, local: &Zoned) -> String {
        let offset = match local.offset().seconds() {
            0 => "UTC".to_owned(),
            _ => format!("UTC{}", local.offset()),
        };
        let name = self.0.iana_name().filter(|name| !name.starts_with("Etc/") && *name != "UTC");
        let Some(name) = name else { return offset };
        let city = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
        let twice = self.0.to_ambiguous_timestamp(local.datetime()).is_ambiguous();
        if twice { format!("{city}, {offset}") } else { city }
    }
}

/// A length of time as people say it, rounded down: `24 hours`, `2 days 3 hours`.
pub fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let (days, hours, minutes) = (seconds / DAY, seconds / HOUR, seconds / MINUTE);
    match seconds {
        s if s < MINUTE => "less than a minute".to_owned(),
        s if s < HOUR => count(minutes, "minute"),
        s if s < 10 * HOUR => two(count(hours, "hour"), minutes % 60, "minute"),
        s if s < 2 * DAY => count(hours, "hour"),
        s if s < 7 * DAY => two(count(days, "day"), hours % 24, "hour"),
        _ => count(days, "day"),
    }
}

/// The same where room is short, as in a counter: `18 h 35 min`, `3 d 23 h`, `< 1 min`. The desk's
/// script counts down in the same words.
pub fn tight(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let (days, hours, minutes) = (seconds / DAY, seconds / HOUR, seconds / MINUTE);
    let two = |large: String, small: i64, unit: &str| match small {
        0 => large,
        small => format!("{large} {small} {unit}"),
    };
    match seconds {
        s if s < MINUTE => "< 1 min".to_owned(),
        s if s < HOUR => format!("{minutes} min"),
        s if s < DAY => two(format!("{hours} h"), minutes % 60, "min"),
        s if s < 2 * DAY => format!("{hours} h"),
        s if s < 7 * DAY => two(format!("{days} d"), hours % 24, "h"),
        _ => format!("{days} d"),
    }
}

/// The city a clock is named for: `Berlin`; the offset too in the hour that autumn has twice.
pub fn place(at: Timestamp, zone: &TimeZone) -> String {
    let wall = Wall(zone.clone());
    wall.place(&wall.local(at))
}

/// `1 point`, `2 points`, `-1 points`.
pub fn count(n: i64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub fn ordinal(n: u32) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        (_, _) => "th",
    };
    format!("{n}{ending}")
}

fn two(large: String, small: i64, thing: &str) -> String {
    if small == 0 { large } else { format!("{large} {}", count(small, thing)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(zone: &str) -> Wall {
        Wall(TimeZone::get(zone).unwrap())
    }

    #[test]
    fn a_moment_is_told_on_the_readers_own_wall() {
        let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (zone, told) in [
            ("Europe/Berlin", "Mon 2 Mar 2026, 10:00 (Berlin)"),
            ("America/New_York", "Mon 2 Mar 2026, 04:00 (New York)"),
            ("America/Argentina/Buenos_Aires", "Mon 2 Mar 2026, 06:00 (Buenos Aires)"),
            ("Asia/Kolkata", "Mon 2 Mar 2026, 14:30 (Kolkata)"),
            ("Pacific/Auckland", "Mon 2 Mar 2026, 22:00 (Auckland)"),
            ("UTC", "Mon 2 Mar 2026, 09:00 (UTC)"),
            ("Etc/GMT+5", "Mon 2 Mar 2026, 04:00 (UTC-05)"),
        ] {
            assert_eq!(wall(zone).moment(at), told);
        }
        assert_eq!(wall("Europe/Berlin").short(at), "Mon 2 Mar 10:00");
    }

    #[test]
    fn the_hour_that_autumn_has_twice_is_told_apart() {
        let (first, second) = ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
        let told = |at: &str| wall("Europe/Berlin").moment(at.parse().unwrap());
        assert_eq!(told(first), "Sun 25 Oct 2026, 02:30 (Berlin, UTC+02)");
        assert_eq!(told(second), "Sun 25 Oct 2026, 02:30 (Berlin, UTC+01)");
    }

    #[test]
    fn another_year_is_named() {
        let at = |text: &str| text.parse().unwrap();
        let (now, before) = (at("2026-01-02T09:00:00Z"), at("2025-12-31T22:00:00Z"));
        assert_eq!(wall("Europe/Berlin").day(now, now), "Fri 2 Jan");
        assert_eq!(wall("Europe/Berlin").day(before, now), "Wed 31 Dec 2025");
        assert_eq!(wall("Asia/Tokyo").day(before, now), "Thu 1 Jan");
    }

    #[test]
    fn the_ends_of_time_have_a_wording_too() {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert!(wall("Pacific/Kiritimati").moment(at).ends_with("(Kiritimati)"));
        }
    }

    #[test]
    fn lengths_are_told_in_one_unit_or_two() {
        for (seconds, told) in [
            (-5, "less than a minute"),
            (60, "1 minute"),
            (15 * MINUTE, "15 minutes"),
            (HOUR, "1 hour"),
            (90 * MINUTE, "1 hour 30 minutes"),
            (DAY + MINUTE, "24 hours"),
            (47 * HOUR, "47 hours"),
            (2 * DAY, "2 days"),
            (51 * HOUR, "2 days 3 hours"),
            (49 * HOUR, "2 days 1 hour"),
            (30 * DAY + HOUR, "30 days"),
        ] {
            assert_eq!(span(SignedDuration::from_secs(seconds)), told);
        }
    }

    #[test]
    fn where_room_is_short_lengths_are_told_in_signs() {
        for (seconds, told) in [
            (-5, "< 1 min"),
            (59, "< 1 min"),
            (60, "1 min"),
            (HOUR, "1 h"),
            (18 * HOUR + 35 * MINUTE, "18 h 35 min"),
            (23 * HOUR + 59 * MINUTE + 59, "23 h 59 min"),
            (DAY, "24 h"),
            (DAY + 5 * MINUTE, "24 h"),
            (47 * HOUR, "47 h"),
            (2 * DAY, "2 d"),
            (3 * DAY + 23 * HOUR, "3 d 23 h"),
            (7 * DAY + 5 * HOUR, "7 d"),
            (30 * DAY, "30 d"),
        ] {
            assert_eq!(tight(SignedDuration::from_secs(seconds)), told);
        }
    }

    #[test]
    fn ordinals_have_their_endings() {
        let told: Vec<_> = [1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal).into();
        assert_eq!(told.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 112th");
    }
}
