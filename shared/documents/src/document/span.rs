//! Spans of time as people write them: `10s`, `15m`, `24h`, `30d`.

use jiff::SignedDuration;

/// What is written, in messages.
pub(crate) const SHAPE: &str = "a whole number and a unit in quotes, such as \"10s\", \"15m\", \
                                \"24h\" or \"30d\" (a day is exactly 24 hours)";

/// The units, longest first, in seconds.
const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads `10s`, `15m`, `24h` or `30d`.
pub(crate) fn parse(text: &str) -> Option<SignedDuration> {
    let (_, seconds) = UNITS.into_iter().find(|(unit, _)| text.ends_with(*unit))?;
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    number.checked_mul(seconds).map(SignedDuration::from_secs)
}

/// A span as it is written, in the longest unit that leaves no rest.
pub(crate) fn words(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    let fits = |(_, unit): &(char, i64)| seconds >= *unit && seconds % unit == 0;
    let (unit, length) = UNITS.into_iter().find(fits).unwrap_or(('s', 1));
    format!("{}{unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_is_a_span_and_a_day_is_24_hours() {
        assert_eq!(parse("15m"), Some(SignedDuration::from_mins(15)));
        assert_eq!(parse("60s"), parse("1m"));
        assert_eq!(parse("24h"), parse("1d"));
        for bad in ["", "m", "15", "1.5h", "-1h", "1h30m", "15 m", "15M", "9999999999999999d", "é"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_span_reads_back_as_written() {
        for text in ["0s", "10s", "90s", "15m", "1h", "36h", "30d"] {
            assert_eq!(words(parse(text).unwrap()), text);
        }
    }
}
