//! Text that a stranger typed, made harmless: one line, nothing invisible, nothing to click on.
//!
//! Mail programs and phones turn whatever looks like a link into one, on our behalf and in our
//! name. What looks like a host name gets its dots in brackets, schemes go, and no word is left
//! that ends in a colon, as header fields do.

use baton_core::email::Email;

/// The longest name of a person, in characters. Longer texts are cut, here and below.
pub(super) const NAME_CHARS: usize = 60;
/// The longest job title, in characters.
pub(super) const TITLE_CHARS: usize = 80;
/// The longest name of a company, in characters.
pub(super) const COMPANY_CHARS: usize = 60;
/// The longest name of a country, in characters.
pub(super) const COUNTRY_CHARS: usize = 40;
/// The longest telephone number, in characters.
pub(super) const PHONE_CHARS: usize = 40;
/// The longest reason, of a person or a rule, in characters.
pub(super) const REASON_CHARS: usize = 300;

/// Accents one letter may carry; more of them are drawn over the neighbouring lines.
const MARKS_PER_LETTER: usize = 2;

/// The text, harmless and at most so many characters long; `None` if nothing is left of it.
pub(super) fn plain(text: &str, at_most: usize) -> Option<String> {
    let text = cut(&defuse(&visible(text)), at_most);
    (!text.is_empty()).then_some(text)
}

/// A telephone number: four groups of digits are not taken for a network address.
pub(super) fn phone(text: &str) -> Option<String> {
    let dialled = |c: char| c.is_ascii_digit() || "+-()./ ".contains(c);
    let seen = visible(text);
    let text = if seen.chars().all(dialled) { seen } else { defuse(&seen) };
    Some(cut(&text, PHONE_CHARS)).filter(|text| !text.is_empty())
}

/// An e-mail address, as it is; what only resembles one is treated as any other text.
pub(super) fn address(text: &str) -> Option<String> {
    let usual = |c: char| c.is_alphanumeric() || "@._+-'&=~%!#$*".contains(c);
    match Email::parse(text) {
        Ok(email) if email.as_str().chars().all(usual) => Some(email.to_string()),
        Ok(_) | Err(_) => plain(text, NAME_CHARS),
    }
}

/// Shortens a text to so many characters, between words if that loses little, and shows it.
pub(super) fn cut(text: &str, at_most: usize) -> String {
    const DOTS: &str = "...";
    if text.chars().count() <= at_most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(at_most.saturating_sub(DOTS.len())).collect();
    let kept = match kept.rsplit_once(' ') {
        Some((words, _)) if 2 * words.len() >= kept.len() => words,
        Some(_) | None => &kept,
    };
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || ".,:-([".contains(c));
    format!("{kept}{DOTS}").chars().take(at_most).collect()
}

/// Takes away the means to click: schemes, the dots of host names, and colons but in 16:30.
/// Leaves what it has already made harmless as it is.
pub(super) fn defuse(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut safe = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        match chars[i] {
            ':' if chars[i + 1..].starts_with(&['/', '/']) => {
                let scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
                safe.truncate(safe.trim_end_matches(scheme).len());
                safe.push(' ');
                i += 2;
            }
            ':' if !(i > 0 && digit(i - 1) && digit(i + 1)) => safe.push_str(" - "),
            '.' if joins_host(&chars, i) => safe.push_str("[.]"),
            '\\' => safe.push('/'),
            c => safe.push(c),
        }
        i += 1;
    }
    let line = safe.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_matches([' ', '-']).to_owned()
}

/// Whether a dot may belong to a host name: two letters or more follow it, as every top-level
/// domain has them, or it is one of the three in a network address.
fn joins_host(chars: &[char], dot: usize) -> bool {
    let (before, after) = (&chars[..dot], &chars[dot + 1..]);
    if before.last().is_none_or(|&c| c == '.' || c.is_whitespace()) {
        return false;
    }
    let ends = |c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '-');
    let label = after.iter().take_while(|&&c| !ends(c));
    let mut label = label.filter(|c| c.is_alphanumeric() || **c == '-');
    let named = label.next().is_some_and(|c| c.is_alphabetic()) && label.next().is_some();
    let numeric = |c: &&char| c.is_ascii_digit() || **c == '.';
    let from = dot - before.iter().rev().take_while(numeric).count();
    let until = dot + 1 + after.iter().take_while(numeric).count();
    let groups = chars[from..until].split(|&c| c == '.').map(<[char]>::len);
    let numbered = groups.clone().count() == 4 && groups.clone().all(|n| (1..=3).contains(&n));
    named || numbered
}

/// What a reader sees: blanks for line breaks and control characters, nothing invisible, and
/// look-alikes of ASCII signs as those signs.
fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars().filter(|&c| !is_invisible(c)) {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            c if c.is_control() || c.is_whitespace() => seen.push(' '),
            _ if marks > MARKS_PER_LETTER => {}
            '\u{3002}' | '\u{ff61}' | '\u{2024}' => seen.push('.'),
            '\u{2025}' => seen.push_str(".."),
            '\u{2026}' => seen.push_str("..."),
            '\u{ff01}'..='\u{ff5e}' => {
                seen.push(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(' '));
            }
            c => seen.push(c),
        }
    }
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters without a shape: direction and joining controls, fillers, tags, selectors.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Accents that combine with the letter before them.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> String {
        plain(text, NAME_CHARS).unwrap_or_default()
    }

    #[test]
    fn what_a_program_would_link_is_no_longer_linkable() {
        for (typed, shown) in [
            ("http://evil.example/login", "evil[.]example/login"),
            ("hthttp://tp://evil.example", "evil[.]example"),
            ("see HTTPS://evil.example", "see evil[.]example"),
            ("www.evil.example", "www[.]evil[.]example"),
            ("evil.co.uk", "evil[.]co[.]uk"),
            ("evil\u{200b}.\u{ad}com", "evil[.]com"),
            ("evil.\u{301}com", "evil[.]\u{301}com"),
            ("evil。com and evil．com", "evil[.]com and evil[.]com"),
            ("http：／／evil.com", "evil[.]com"),
            ("пример.рф", "пример[.]рф"),
            ("http://10.0.0.1/x", "10[.]0[.]0[.]1/x"),
            ("mailto:a@b.example", "mailto - a@b[.]example"),
            ("javascript:alert(1)", "javascript - alert(1)"),
            ("tel:0900123", "tel - 0900123"),
            (r"\\evil\share", "//evil/share"),
            ("booking.com", "booking[.]com"),
        ] {
            assert_eq!(name(typed), shown, "{typed}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for usual in [
            "Acme Inc.",
            "J.R.R. Tolkien",
            "O'Brien-Łukasz & Co. KG",
            "Dr. Kim Lee",
            ".NET guild",
            "U.S. Steel",
            "Room 16:30",
            "Version 2.0",
            "王小明",
            "Zoë 🚀",
        ] {
            assert_eq!(name(usual), usual);
        }
    }

    #[test]
    fn nobody_types_a_second_line_or_a_header_field() {
        assert_eq!(name("Kim\r\nSubject: You won\u{2028}x"), "Kim Subject - You won x");
        assert_eq!(name("Bcc : all@staff.example"), "Bcc - all@staff[.]example");
        assert_eq!(name("a\0\t\u{b} b\u{85}c\u{202e}d\u{feff}"), "a b cd");
        assert_eq!(name(" \u{200b}\n"), "");
    }

    #[test]
    fn accents_do_not_pile_up() {
        assert_eq!(name("e\u{301}\u{302}\u{303}\u{304}x"), "e\u{301}\u{302}x");
    }

    #[test]
    fn long_texts_are_cut_between_words_where_that_loses_little() {
        assert_eq!(cut("Kim Lee, Acme Holding GmbH", 20), "Kim Lee, Acme...");
        assert_eq!(cut("Kim Rindfleischetikettierung", 20), "Kim Rindfleischet...");
        assert_eq!(cut("Kim, Lee", 7), "Kim...");
        assert_eq!((cut("Kim", 3).as_str(), cut("Kimberly", 2).as_str()), ("Kim", ".."));
    }

    #[test]
    fn a_telephone_number_keeps_its_dots() {
        assert_eq!(phone("069.123.45.67").as_deref(), Some("069.123.45.67"));
        assert_eq!(phone("call.evil.example").as_deref(), Some("call[.]evil[.]example"));
        assert_eq!(phone(" "), None);
    }

    #[test]
    fn an_address_is_shown_as_it_is_unless_it_is_none() {
        assert_eq!(address("kim.lee@acme.example").as_deref(), Some("kim.lee@acme.example"));
        let odd = address("www.evil.example/x@acme.example");
        assert_eq!(odd.as_deref(), Some("www[.]evil[.]example/x@acme[.]example"));
        assert_eq!(address("evil.example").as_deref(), Some("evil[.]example"));
    }
}
