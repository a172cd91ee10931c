//! Numbers of employees, as forms offer them: "250", "1,000+", "201-500", "5k".

/// More digits than any company has employees.
const MOST_DIGITS: usize = 8;

/// The least that the text can mean; `None` when it names no least number.
pub fn at_least(text: &str) -> Option<u32> {
    let lower = text.trim().to_lowercase();
    if lower.starts_with(['<', '≤'])
        || ["up to", "under", "less"].iter().any(|w| lower.starts_with(w))
    {
        return None;
    }
    let start = lower.find(|c: char| c.is_ascii_digit())?;
    if lower[..start].chars().any(char::is_alphanumeric) {
        return None;
    }
    let (digits, rest) = digits(&lower[start..]);
    let number: u32 = digits.get(..digits.len().min(MOST_DIGITS + 1))?.parse().ok()?;
    let is_fraction =
        rest.starts_with(['.', ',']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if digits.len() > MOST_DIGITS || is_fraction {
        return None;
    }
    let is_thousands = rest.strip_prefix('k').is_some_and(|r| !r.starts_with(char::is_alphabetic));
    if is_thousands { number.checked_mul(1000) } else { Some(number) }
}

/// The digits of a number with or without marks between its thousands, and what follows.
fn digits(text: &str) -> (String, &str) {
    let end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (first, mut rest) = text.split_at(end(text));
    let mut digits = first.to_owned();
    while let Some(next) = rest.strip_prefix([',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}']) {
        let length = end(next);
        if length != 3 || digits.len() > MOST_DIGITS {
            break;
        }
        digits.push_str(&next[..length]);
        rest = &next[length..];
    }
    (digits, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_counts_as_its_lower_end() {
        for (text, expected) in [
            ("250", Some(250)),
            ("201-500", Some(201)),
            ("201 – 500 employees", Some(201)),
            ("1,000+", Some(1000)),
            ("10.000", Some(10_000)),
            ("1 000 000", Some(1_000_000)),
            ("> 5000", Some(5000)),
            ("5k-10k", Some(5000)),
            ("1001 to 5000", Some(1001)),
        ] {
            assert_eq!(at_least(text), expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_least_number_stays_text() {
        for text in ["", "<50", "up to 10", "self-employed", "1.5k", "9999999999999", "SME (10)"] {
            assert_eq!(at_least(text), None, "{text}");
        }
    }
}
