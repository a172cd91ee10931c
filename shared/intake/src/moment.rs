//! Times as form and event tools write them.

use baton_core::text::InvalidValue;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

const EXPECTED: &str = "a time: RFC 3339, 2026-03-01 09:00:00, RFC 2822, or seconds or \
                        milliseconds since 1970";

/// From this number on it is milliseconds since 1970: as seconds, it would be the year 5138.
const FIRST_MILLISECOND: u64 = 100_000_000_000;

/// Reads a time; one without an offset is in `zone`.
///
/// # Errors
///
/// When the value has none of the forms above.
pub fn parse(value: &Value, zone: &TimeZone) -> Result<Timestamp, InvalidValue> {
    let flaw = || InvalidValue::new("is not a time", EXPECTED);
    match value {
        Value::Number(number) => {
            let whole = number.as_i64().or_else(|| number.as_f64().map(|n| n as i64));
            whole.and_then(since_1970).ok_or_else(flaw)
        }
        Value::String(text) => text_time(text.trim(), zone).ok_or_else(flaw),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(flaw()),
    }
}

fn text_time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<i64>() {
        return since_1970(number);
    }
    let absolute = text.parse::<Timestamp>().ok();
    let local = || {
        let civil: DateTime = text.contains(':').then(|| text.parse().ok())??;
        civil.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
    };
    let mail = || jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    absolute.or_else(local).or_else(mail)
}

fn since_1970(number: i64) -> Option<Timestamp> {
    match number.unsigned_abs() < FIRST_MILLISECOND {
        true => Timestamp::from_second(number).ok(),
        false => Timestamp::from_millisecond(number).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_is_the_same_moment() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        for form in [
            "2026-03-01T09:00:00Z",
            "2026-03-01T10:00:00+01:00",
            "2026-03-01T10:00:00",
            "2026-03-01 10:00:00",
            "2026-03-01 10:00",
            "Sun, 1 Mar 2026 09:00:00 +0000",
            "1772355600",
            "1772355600000",
        ] {
            let read = parse(&Value::from(form), &zone).unwrap();
            assert_eq!(read.to_string(), "2026-03-01T09:00:00Z", "{form}");
        }
        let number = parse(&Value::from(1_772_355_600_000_i64), &zone).unwrap();
        assert_eq!(number.to_string(), "2026-03-01T09:00:00Z");
    }

    #[test]
    fn a_number_beyond_all_times_is_none() {
        for beyond in [Value::from(i64::MIN), Value::from(-1e300), Value::from(i64::MAX)] {
            assert!(parse(&beyond, &TimeZone::UTC).is_err(), "{beyond}");
        }
    }

    #[test]
    fn a_date_alone_and_words_are_no_time() {
        for bad in ["", "2026-03-01", "yesterday", "3/1/2026 09:00", "99999999999999999999"] {
            assert!(parse(&Value::from(bad), &TimeZone::UTC).is_err(), "{bad}");
        }
    }
}
