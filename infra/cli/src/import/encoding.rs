//! From bytes to text: which files are no lists, and how the others are encoded.

/// What a file turns out to be instead of a list.
///
/// Told from its first bytes; `None` when it may well be a list.
pub(super) fn other_format(head: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| head.starts_with(with);
    if begins(b"PK\x03\x04") || begins(b"\xd0\xcf\x11\xe0") {
        return Some("is a spreadsheet or an archive; open it and save it as 'CSV UTF-8'");
    }
    if begins(b"\xff\xfe") || begins(b"\xfe\xff") {
        return Some("is UTF-16 text; open it in a spreadsheet and save it as 'CSV UTF-8'");
    }
    if begins(b"%PDF") {
        return Some("is a PDF; ask for the list as CSV");
    }
    if head.trim_ascii_start().starts_with(b"<") {
        return Some("is a web page or XML; export the list as CSV");
    }
    // A zero byte below the first line makes that line bad, not the file.
    if head.split(|byte| matches!(byte, b'\n' | b'\r')).next().is_some_and(|l| l.contains(&0)) {
        return Some("is not text; export the list as 'CSV UTF-8'");
    }
    None
}

/// Which encoding a record is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// What Excel writes as plain "CSV" in Western Europe and the Americas.
    Windows1252,
}

impl Encoding {
    /// The encoding of these bytes; `None` when they are in neither, or in both at once.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if std::str::from_utf8(bytes).is_ok() {
            return Some(Self::Utf8);
        }
        // UTF-8 with a broken character would read as Windows-1252, and every other name in it
        // as gibberish.
        let has_utf8 = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        let is_assigned = bytes.iter().all(|&byte| windows_1252(byte).is_some());
        (is_assigned && !has_utf8).then_some(Self::Windows1252)
    }

    /// The text of bytes in this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Windows1252 => bytes.iter().filter_map(|&byte| windows_1252(byte)).collect(),
        }
    }
}

/// The characters of 0x80 to 0x9F (WHATWG Encoding Standard, index windows-1252); the five that
/// are not assigned are spaces here.
const WINDOWS_1252_HIGH: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => {
            let high = WINDOWS_1252_HIGH.chars().nth(usize::from(byte - 0x80));
            high.filter(|&c| c != ' ')
        }
        _ => Some(char::from(byte)),
    }
}

/// The most that a message quotes, in characters.
const SHOWN_CHARS: usize = 40;

/// A piece of the file, fit for a terminal: short, and without anything that moves the cursor or
/// turns the text around.
pub(super) fn for_terminal(text: &str) -> String {
    let plain = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown: String = text.chars().filter(plain).take(SHOWN_CHARS).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_told_by_its_first_bytes() {
        for (head, word) in [
            (&b"PK\x03\x04\x14\0"[..], "spreadsheet"),
            (b"\xff\xfee\0m\0", "UTF-16"),
            (b"%PDF-1.7", "PDF"),
            (b"\n <!doctype html>", "web page"),
            (b"e\0m\0a\0", "not text"),
        ] {
            assert!(other_format(head).unwrap().contains(word), "{word}");
        }
        assert_eq!(other_format(b"E-mail;Name\n"), None);
    }

    #[test]
    fn each_record_is_utf_8_or_windows_1252_and_never_half_of_both() {
        for (bytes, expected) in [
            ("Müller".as_bytes(), Some((Encoding::Utf8, "Müller"))),
            (b"M\xfcller \x80 5", Some((Encoding::Windows1252, "Müller € 5"))),
            (b"\x9f\x9e", Some((Encoding::Windows1252, "Ÿž"))),
            (b"M\xc3\xbcller M\xfcller", None),
            (b"\x81", None),
        ] {
            let encoding = Encoding::of(bytes);
            let read = encoding.map(|encoding| (encoding, encoding.decode(bytes)));
            assert_eq!(read, expected.map(|(e, t)| (e, t.to_owned())));
        }
        assert_eq!(WINDOWS_1252_HIGH.chars().count(), 32);
    }

    #[test]
    fn what_is_quoted_cannot_play_with_the_terminal() {
        assert_eq!(for_terminal("a\u{1b}[2Jb\u{202e}c"), "a[2Jbc");
        assert_eq!(for_terminal(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    }
}
