//! The two alphabets alerts must do with: ASCII in a subject, GSM-7 in a short message.

use std::ops::RangeInclusive;

use super::plain::{defuse, is_mark};

/// The basic table of GSM 03.38 (3GPP TS 23.038 §6.2.1) beyond ASCII letters and digits, without
/// its line breaks. Signs of the extension table cost two septets and are spelled otherwise.
const GSM_SIGNS: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// GSM-7 has those Greek capitals that look like no Latin letter, and no small ones: a name in a
/// mixture of both scripts would be unreadable.
const GREEK_CAPITALS: RangeInclusive<char> = 'Α'..='Ω';

/// Signs of the extension table: two septets each.
const GSM_EXTENSION: &str = "^{}\\[~]|€";

/// The text in ASCII.
pub(super) fn ascii(text: &str) -> String {
    spell(text, |c| c.is_ascii_graphic() || c == ' ')
}

/// The text in the basic table of GSM-7: one septet for each character.
pub(super) fn gsm(text: &str) -> String {
    let spelled = spell(text, |c| is_gsm(c) && !GREEK_CAPITALS.contains(&c));
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

/// Spells the text in the characters that `is_kept` allows. A letter of another script is
/// transliterated ("Дмитрий" is "Dmitrii"), one that has no spelling is `?`, and a sign without a
/// replacement is left out. Characters may meet only now, so the result is made harmless anew.
fn spell(text: &str, is_kept: fn(char) -> bool) -> String {
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars() {
        match replacement(c) {
            _ if is_kept(c) => spelled.push(c),
            Some(replacement) => spelled.push_str(replacement),
            None if is_mark(c) => {}
            None if c.is_alphanumeric() => spelled.extend(transliterated(c)),
            None => {}
        }
    }
    defuse(&spelled)
}

/// A letter in ASCII letters, digits and blanks; the signs that stand for a soft or hard letter
/// are left out. Chinese characters are read in Mandarin, and each ends in a blank.
fn transliterated(c: char) -> impl Iterator<Item = char> {
    let latin = deunicode::deunicode_char(c).unwrap_or("?");
    latin.chars().filter(|&c| c.is_ascii_alphanumeric() || c == ' ' || c == '?')
}

/// What is written for a sign, and for a letter that Europeans spell otherwise than
/// [`transliterated`] does: umlauts as in passports (ICAO 9303 part 3, section 6).
fn replacement(c: char) -> Option<&'static str> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_europe_stay_readable() {
        for (name, in_ascii, in_gsm) in [
            ("José Núñez", "Jose Nunez", "José Nuñez"),
            ("Łukasz Kőszegi", "Lukasz Koszegi", "Lukasz Koszegi"),
            ("Đặng Žižka", "Dang Zizka", "Dang Zizka"),
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
    fn names_in_other_scripts_are_spelled_in_latin_letters() {
        for (name, latin) in [
            ("Дмитрий Щербаков", "Dmitrii Shcherbakov"),
            ("Игорь Соболь", "Igor Sobol"),
            ("Δημήτρης Παπαδόπουλος", "Demetres Papadopoulos"),
            ("王小明", "Wang Xiao Ming"),
            ("Li 李", "Li Li"),
            ("さくら", "sakura"),
            ("김민준", "gimminjun"),
        ] {
            assert_eq!((ascii(name).as_str(), gsm(name).as_str()), (latin, latin));
        }
    }

    #[test]
    fn a_name_of_question_marks_is_no_name() {
        let unspelled = "\u{13000}\u{13001}";
        assert_eq!(gsm(unspelled), "??");
        assert!(!is_readable(&gsm(unspelled)));
        assert!(is_readable(&gsm("Łukasz")) && is_readable(&gsm("Li 李")));
    }

    proptest! {
        #[test]
        fn every_character_is_spelled_in_the_alphabet_asked_for(text in any::<String>()) {
            prop_assert!(ascii(&text).chars().all(|c| c == ' ' || c.is_ascii_graphic()));
            prop_assert!(gsm(&text).chars().all(is_gsm));
        }
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
