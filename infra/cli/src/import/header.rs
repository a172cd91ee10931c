//! The line that names the columns, and what stands between them.

use std::io::{self, Read};

use baton_core::email::Email;

use super::columns::Columns;
use super::encoding::for_terminal;
use super::field::Field;
use super::mapping::Mapping;
use super::records::Records;

/// Why a file is not a list.
#[derive(Debug, thiserror::Error)]
pub enum NotAList {
    /// It can't be read.
    #[error("can't be read")]
    Unreadable(#[from] io::Error),
    /// There is nothing in it.
    #[error("is empty; a list has a line that names its columns and a line for each person")]
    Empty,
    /// It is another kind of file.
    #[error("{0}")]
    OtherFormat(&'static str),
    /// Its first line is a person, so the columns have no names.
    #[error(
        "has no header: its first line is a person already; put a line above it that names the \
         columns, such as e-mail,first name,last name,company,scan time"
    )]
    NoHeader,
    /// A column that was named is not there.
    #[error("{0} Its columns are: {1}")]
    NoColumn(String, String),
    /// None of its columns identifies a person.
    #[error(
        "has no column of e-mail addresses, and none of badge ids; say which it is with --map \
         email=\"COLUMN\" or --map badge=\"COLUMN\". Its columns are: {0}"
    )]
    NoPerson(String),
}

/// What may stand between cells, likeliest first, and the words for it.
const DELIMITERS: [(u8, &[&str]); 4] = [
    (b',', &[",", "comma"]),
    (b';', &[";", "semicolon"]),
    (b'\t', &["\t", "\\t", "tab"]),
    (b'|', &["|", "pipe"]),
];

/// Reads what was typed for `--delimiter`.
///
/// # Errors
///
/// When it is something else; the sentence says what there is.
pub fn parse_delimiter(text: &str) -> Result<u8, String> {
    let named = DELIMITERS.into_iter().find(|(_, words)| words.contains(&text));
    named.map(|(byte, _)| byte).ok_or_else(|| "one of ',' ';' '|' or tab".to_owned())
}

/// The delimiter by which the header names the most columns that we know, else the most columns.
pub(super) fn delimiter(head: &[u8], mapping: &Mapping) -> u8 {
    let mut best = (DELIMITERS[0].0, (0, 0));
    for (delimiter, _) in DELIMITERS {
        let Ok(names) = cells(&mut Records::new(head, delimiter)) else { continue };
        let columns = Columns::read(&names, mapping);
        let found = (columns.known(), columns.count());
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// The columns, if the first record names them, all that were named, and one that says who it is.
pub(super) fn columns<R: Read>(
    records: &mut Records<R>,
    mapping: &Mapping,
) -> Result<Columns, NotAList> {
    let names = cells(records)?;
    let columns = Columns::read(&names, mapping);
    let has_person =
        [Field::Email, Field::BadgeId, Field::ScanId].into_iter().any(|field| columns.has(field));
    if !has_person && names.iter().any(|name| Email::parse(name).is_ok()) {
        return Err(NotAList::NoHeader);
    }
    if let Some(missing) = mapping.missing(&names) {
        return Err(NotAList::NoColumn(missing.to_string(), listed(&names)));
    }
    if has_person { Ok(columns) } else { Err(NotAList::NoPerson(listed(&names))) }
}

fn listed(names: &[String]) -> String {
    const MOST_SHOWN: usize = 20;
    let shown: Vec<_> =
        names.iter().take(MOST_SHOWN).map(|name| for_terminal(name.trim())).collect();
    let more = if names.len() > MOST_SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// The first record, but for the `sep=;` that Excel puts above it.
fn cells<R: Read>(records: &mut Records<R>) -> Result<Vec<String>, NotAList> {
    let mut next = || match records.read(None)? {
        Some(Ok(record)) => Ok(record.fields),
        Some(Err(_)) => Err(NotAList::OtherFormat("has no header; its first line can't be read")),
        None => Err(NotAList::Empty),
    };
    let first = next()?;
    let is_excels = first[0].trim().to_ascii_lowercase().starts_with("sep=");
    if is_excels { next() } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::mapping::parse_mapping;

    #[test]
    fn a_delimiter_is_named_by_itself_or_its_word() {
        for (text, byte) in [(",", b','), (";", b';'), ("tab", b'\t'), ("\\t", b'\t'), ("|", b'|')]
        {
            assert_eq!(parse_delimiter(text), Ok(byte));
        }
        assert!(parse_delimiter("::").is_err() && parse_delimiter("").is_err());
    }

    #[test]
    fn a_column_that_was_named_speaks_for_the_delimiter_that_finds_it() {
        let head = b"Kontakt, geschaeftlich;Nr\nkim@a.example;1\n";
        let mapping = Mapping::new(&[parse_mapping("email=Kontakt, geschaeftlich").unwrap()]);
        assert_eq!(delimiter(head, &mapping), b';');
    }
}
