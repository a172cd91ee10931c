//! The two alphabets alerts must do with: ASCII in a subject, GSM-7 in a short message.

use super::plain::{defuse, is_mark};

/// The basic table of GSM 03.38 (3GPP TS 23.038 §6.2.1) beyond ASCII letters and digits, without
/// its line breaks. Signs of the extension table cost two septets and are spelled otherwise.
const GSM_SIGNS: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// Signs of the extension table: two septets each.
const GSM_EXTENSION: &str = "^{}\\[~]|€";

/// The letters of U+00C0 to U+017F without their accents; `?` where there is no such letter.
const LATIN: &str = "AAAAAA?CEEEEIIIIDNOOOOOxOUUUUY??aaaaaa?ceeeeiiiidnooooo?ouuuuy?y\
                     AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLl??Ll\
                     NnNnNnnNnOoOoOo??RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// The same for U+1E00 to U+1EFF: Vietnamese, mostly.
const LATIN_ADDITIONAL: &str = "\
    AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnN\
    nOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZz\
    htwy??????AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoO\
    oOoUuUuUuUuUuUuUuYyYyYyYy??????";

/// The text in ASCII.
pub(super) fn ascii(text: &str) -> String {
    spell(text, |c| c.is_ascii_graphic() || c == ' ')
}

/// The text in the basic table of GSM-7: one septet for each character.
pub(super) fn gsm(text: &str) -> String {
    let spelled = spell(text, is_gsm);
    spelled.replace('[', "(").replace(']', ")")
}

/// Whether a character is in the basic table of GSM-7.
pub(super) fn is_gsm(c: char) -> bool {
    c.is_ascii_alphanumeric() || GSM_SIGNS.contains(c)
}

/// What a text costs in a short message.
pub(super) fn septets(text: &str) -> usize {
    text.chars().map(|c| if GSM_EXTENSION.contains(c) { 2 } else { 1 }).sum()
}

/// Whether at least half of the letters survived: a name of question marks is no name.
pub(super) fn is_readable(text: &str) -> bool {
    let lost = text.chars().filter(|&c| c == '?').count();
    let kept = text.chars().filter(|c| c.is_alphanumeric()).count();
    kept > 0 && kept >= lost
}

/// Writes the text with the characters at hand: the nearest spelling, `?` for a foreign letter,
/// nothing for a sign. Made harmless anew, as two characters may only now have met.
fn spell(text: &str, at_hand: fn(char) -> bool) -> String {
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars() {
        match (sign(c), letter(c)) {
            _ if at_hand(c) => spelled.push(c),
            (Some(sign), _) => spelled.push_str(sign),
            (None, Some(letter)) => spelled.push(letter),
            (None, None) if is_mark(c) => {}
            (None, None) if c.is_alphanumeric() => spelled.push('?'),
            (None, None) => {}
        }
    }
    defuse(&spelled)
}

/// Signs and letters that take more than one character, or another sign. Umlauts as in passports
/// (ICAO 9303 part 3, section 6).
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | '`' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐'..='―' | '−' | '•' | '·' | '~' => "-",
        '[' | '{' => "(",
        ']' | '}' => ")",
        '|' | '\\' => "/",
        '€' => "EUR",
        '£' => "GBP",
        'Ä' => "Ae",
        'ä' => "ae",
        'Ö' => "Oe",
        'ö' => "oe",
        'Ü' => "Ue",
        'ü' => "ue",
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'ß' => "ss",
        'ẞ' => "SS",
        'Þ' => "Th",
        'þ' => "th",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'Ŀ' => "L",
        'ŀ' => "l",
        _ => return None,
    })
}

/// A Latin letter without its accents.
fn letter(c: char) -> Option<char> {
    let (table, first) = match c {
        'Ơ' | 'ơ' => ("Oo", 'Ơ'),
        'Ư' | 'ư' => ("Uu", 'Ư'),
        'Ș'..='ț' => ("SsTt", 'Ș'),
        '\u{c0}'..='\u{17f}' => (LATIN, '\u{c0}'),
        '\u{1e00}'..='\u{1eff}' => (LATIN_ADDITIONAL, '\u{1e00}'),
        _ => return None,
    };
    let place = u32::from(c) - u32::from(first);
    table.chars().nth(place as usize).filter(|&letter| letter != '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_europe_stay_readable() {
        for (name, in_ascii, in_gsm) in [
            ("José Núñez", "Jose Nunez", "José Nuñez"),
            ("Łukasz Kőszegi", "Lukasz Koszegi", "Lukasz Koszegi"),
            ("Jürgen Groß", "Juergen Gross", "Jürgen Groß"),
            ("François Lefèvre", "Francois Lefevre", "Francois Lefèvre"),
            ("Øyvind Ærø", "Oyvind AEro", "Øyvind Ærø"),
            ("Nguyễn Thị Ươm", "Nguyen Thi Uom", "Nguyen Thi Uom"),
            ("Ștefan Ţepeş", "Stefan Tepes", "Stefan Tepes"),
            (
                "Rene\u{301} “Bob” O’Neil – CEO",
                "Rene \"Bob\" O'Neil - CEO",
                "Rene \"Bob\" O'Neil - CEO",
            ),
            ("Zoë 🚀 [x] €5", "Zoe [x] EUR5", "Zoe (x) EUR5"),
        ] {
            assert_eq!((ascii(name).as_str(), gsm(name).as_str()), (in_ascii, in_gsm));
        }
    }

    #[test]
    fn the_basic_table_has_125_characters_beside_line_breaks_and_escape() {
        let characters: std::collections::BTreeSet<char> = GSM_SIGNS.chars().collect();
        assert_eq!(characters.len() + 26 + 26 + 10, 128 - "\n\r\u{1b}".len());
        assert!(!GSM_SIGNS.contains(|c| GSM_EXTENSION.contains(c)));
    }

    #[test]
    fn every_letter_of_the_tables_has_its_place() {
        assert_eq!((LATIN.chars().count(), LATIN_ADDITIONAL.chars().count()), (192, 256));
        assert_eq!((letter('ž'), letter('ỹ'), letter('đ')), (Some('z'), Some('y'), Some('d')));
    }

    #[test]
    fn a_name_of_question_marks_is_no_name() {
        assert!(!is_readable(&gsm("山田太郎")) && !is_readable(&gsm("Иван")));
        assert!(is_readable(&gsm("Łukasz")) && is_readable(&gsm("Li 李")));
    }

    #[test]
    fn characters_that_meet_only_when_spelled_make_no_link() {
        assert_eq!(ascii("evil.\u{20dd}com"), "evil[.]com");
        assert_eq!(gsm("evil.\u{20dd}com"), "evil(.)com");
    }

    #[test]
    fn signs_of_the_extension_table_count_double() {
        assert_eq!((septets("abc"), septets("a~[]")), (3, 7));
    }
}
