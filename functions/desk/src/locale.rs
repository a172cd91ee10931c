//! How a reader writes numbers and moments. The words of the pages stay English.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Locale {
    tag: &'static str,
    /// The decimal separator.
    pub(crate) decimal: char,
    /// The separator of thousands.
    pub(crate) group: char,
    /// `Apr 8, 2:30 PM` instead of `8 Apr 14:30`.
    pub(crate) is_american: bool,
}

/// A narrow space and a plain one, both without a line break. Separators are those of CLDR 46
/// (<https://github.com/unicode-org/cldr-json>, `numbers.json`, `symbols-numberSystem-latn`).
const THIN: char = '\u{202f}';
const WIDE: char = '\u{a0}';

const fn of(tag: &'static str, decimal: char, group: char) -> Locale {
    Locale { tag, decimal, group, is_american: false }
}

/// The first is for readers whose languages we do not know.
const LOCALES: [Locale; 21] = [
    of("en", '.', ','),
    Locale { is_american: true, ..of("en-US", '.', ',') },
    of("de-CH", '.', '’'),
    of("de-AT", ',', WIDE),
    of("de", ',', '.'),
    of("es", ',', '.'),
    of("it", ',', '.'),
    of("pt", ',', '.'),
    of("nl", ',', '.'),
    of("da", ',', '.'),
    of("tr", ',', '.'),
    of("el", ',', '.'),
    of("fr", ',', THIN),
    of("sv", ',', WIDE),
    of("nb", ',', WIDE),
    of("no", ',', WIDE),
    of("fi", ',', WIDE),
    of("pl", ',', WIDE),
    of("cs", ',', WIDE),
    of("uk", ',', WIDE),
    of("ja", '.', ','),
];

impl Locale {
    /// The first language of an `Accept-Language` that we know, with its region before without.
    /// Browsers send them in order of preference.
    pub(crate) fn accepted(header: Option<&str>) -> Self {
        let tags = header.unwrap_or_default().split(',');
        let tags = tags.map(|part| part.split(';').next().unwrap_or_default().trim());
        tags.filter_map(known).next().unwrap_or(LOCALES[0])
    }
}

fn known(tag: &str) -> Option<Locale> {
    let language = tag.split('-').next().unwrap_or_default();
    let named = |name: &str| LOCALES.iter().find(|locale| locale.tag.eq_ignore_ascii_case(name));
    named(tag).or_else(|| named(language)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_counts_with_its_region_if_that_writes_otherwise() {
        for (header, tag) in [
            (None, "en"),
            (Some(""), "en"),
            (Some("de-DE,de;q=0.9,en;q=0.8"), "de"),
            (Some("de-CH"), "de-CH"),
            (Some("en-US,en;q=0.9"), "en-US"),
            (Some("en-GB,en-US;q=0.9"), "en"),
            (Some("tlh, FR-fr;q=0.5"), "fr"),
            (Some("*"), "en"),
        ] {
            assert_eq!(Locale::accepted(header).tag, tag, "{header:?}");
        }
    }
}
