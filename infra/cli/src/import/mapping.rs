//! Which column holds which field, as `--map FIELD=COLUMN` or the policy says.
//!
//! Knows the words for fields, and which one was probably meant by a word it does not know. Does
//! not guess columns: [`super::columns`] does.

use std::collections::BTreeMap;
use std::fmt;

use baton_core::limits;
use baton_core::text::{printable, squashed};

use super::encoding::for_terminal;
use super::field::{Field, WORDS, field};

/// What a column is said to hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// Something that every list has.
    Field(Field),
    /// Something that only this policy asks about, under its key in the profile.
    Profile(String),
}

/// One column that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedColumn {
    target: Target,
    column: String,
}

/// The columns that were named, by what they hold; of several for one the first that is filled
/// counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    columns: BTreeMap<Target, Vec<String>>,
}

/// A column that was named and is not in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MissingColumn {
    pub(super) target: Target,
    pub(super) column: String,
    pub(super) nearest: Option<String>,
}

/// Before a key of the profile that may read like a slip of a field's word.
const PROFILE: &str = "profile.";

/// Reads `FIELD=COLUMN`.
///
/// # Errors
///
/// When it is something else, or the field is misspelt; the sentence says what would be right.
pub fn parse_mapping(text: &str) -> Result<MappedColumn, String> {
    let (field, column) =
        text.split_once('=').ok_or("it reads like email=\"Work E-mail\": FIELD=COLUMN")?;
    MappedColumn::read(field, column)
}

impl MappedColumn {
    fn read(field: &str, column: &str) -> Result<Self, String> {
        let column = column.trim().to_owned();
        if column.is_empty() {
            return Err(format!("after '{}=' comes the name of a column", for_terminal(field)));
        }
        Ok(Self { target: Target::read(field.trim())?, column })
    }
}

impl Target {
    fn read(word: &str) -> Result<Self, String> {
        if let Some(key) = word.strip_prefix(PROFILE) {
            return profile(key);
        }
        let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, field)| *field);
        if let Some(field) = known.or_else(|| field(word).map(|(field, _)| field)) {
            return Ok(Self::Field(field));
        }
        match nearest(word, WORDS.iter().map(|(known, _)| *known)) {
            None => profile(word),
            Some(meant) => Err(format!(
                "'{word}' is no field; did you mean {meant}? A key of the profile that is really \
                 called so is written {PROFILE}{word}"
            )),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(key) => f.write_str(&for_terminal(key)),
            Self::Field(field) => {
                let word = WORDS.iter().find(|(_, known)| known == field);
                f.write_str(word.map_or("a column", |(word, _)| word))
            }
        }
    }
}

impl fmt::Display for MissingColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, column, nearest } = self;
        write!(f, "has no column '{}' for {target}", for_terminal(column))?;
        match nearest {
            Some(near) => write!(f, "; did you mean '{}'?", for_terminal(near)),
            None => f.write_str("."),
        }
    }
}

impl Mapping {
    /// The mapping that was typed with `--map`.
    pub fn new(typed: &[MappedColumn]) -> Self {
        let mut mapping = Self::default();
        for MappedColumn { target, column } in typed.iter().cloned() {
            mapping.columns.entry(target).or_default().push(column);
        }
        mapping
    }

    /// This mapping, and for fields it does not name what the policy says of the source.
    ///
    /// # Errors
    ///
    /// When a field of the policy's is misspelt.
    pub fn over(mut self, policy: Option<&BTreeMap<String, String>>) -> Result<Self, String> {
        let entries = policy.into_iter().flatten();
        let policy: Result<Vec<_>, _> = entries.map(|(f, c)| MappedColumn::read(f, c)).collect();
        for (target, columns) in Self::new(&policy?).columns {
            self.columns.entry(target).or_insert(columns);
        }
        Ok(self)
    }

    /// Where in a header its columns are.
    pub(super) fn places(&self, header: &[String]) -> BTreeMap<Target, Vec<usize>> {
        let place = |(target, columns): (&Target, &Vec<String>)| {
            let places: Vec<usize> = columns.iter().flat_map(|name| find(name, header)).collect();
            (!places.is_empty()).then(|| (target.clone(), places))
        };
        self.columns.iter().filter_map(place).collect()
    }

    /// The first column that the header does not have.
    pub(super) fn missing(&self, header: &[String]) -> Option<MissingColumn> {
        let named = self.columns.iter().flat_map(|(target, c)| c.iter().map(move |c| (target, c)));
        let (target, column) = named.into_iter().find(|(_, name)| find(name, header).is_empty())?;
        let nearest = nearest(column, header.iter().map(|name| name.trim()));
        Some(MissingColumn { target: target.clone(), column: column.clone(), nearest })
    }
}

/// The columns of this name; if there is none, those that have it in other letters.
fn find(name: &str, header: &[String]) -> Vec<usize> {
    let all = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let indexed = header.iter().enumerate();
        indexed.filter(|(_, column)| is_it(column.trim())).map(|(index, _)| index).collect()
    };
    let exact = all(&|column| column == name);
    if !exact.is_empty() {
        return exact;
    }
    let lower = name.to_lowercase();
    all(&|column| column.to_lowercase() == lower)
}

fn profile(key: &str) -> Result<Target, String> {
    const KEY: &str = "a key of 1 to 64 bytes of printable text";
    if key.is_empty() || key.len() > limits::PROFILE_KEY_BYTES {
        return Err(format!("a field has {KEY}; '{}' has {} bytes", for_terminal(key), key.len()));
    }
    printable(key, KEY)
        .map_err(|problem| format!("the field '{}' {problem}", for_terminal(key)))?;
    Ok(Target::Profile(key.to_owned()))
}

/// Names longer than this have no near names: comparing them costs more than it helps.
const LONGEST_NAME_CHARS: usize = 64;

/// Of these names the one written most alike, if any is; case and punctuation don't count.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let written = squashed(name);
    let length = written.chars().count();
    let slips = |other: &str| (length.max(other.chars().count()) / 3).max(1);
    let near = names.map(|name| (squashed(name), name)).filter_map(|(other, name)| {
        let is_short = length.max(other.chars().count()) <= LONGEST_NAME_CHARS;
        let slipped = is_short.then(|| strsim::damerau_levenshtein(&written, &other))?;
        (slipped <= slips(&other) && slipped < length).then_some((slipped, name))
    });
    near.min_by_key(|(slipped, _)| *slipped).map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::args::IMPORT_HELP;

    fn mapping(typed: &[&str]) -> Mapping {
        Mapping::new(&typed.iter().map(|text| parse_mapping(text).unwrap()).collect::<Vec<_>>())
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_field_is_named_in_our_word_or_as_a_column_would_be() {
        for (text, expected) in [
            ("email=Work E-mail", Field::Email),
            (" e-mail = x", Field::Email),
            ("occurred_at=x", Field::Time),
            ("badge=x", Field::BadgeId),
            ("badge_id=x", Field::BadgeId),
            ("id=x", Field::ScanId),
            ("job title=x", Field::Title),
        ] {
            assert_eq!(parse_mapping(text).unwrap().target, Target::Field(expected), "{text}");
        }
        let industry = parse_mapping("industry=Branche=1").unwrap();
        assert_eq!(industry.target, Target::Profile("industry".to_owned()));
        assert_eq!(industry.column, "Branche=1");
    }

    #[test]
    fn every_word_for_a_field_is_in_the_help_and_on_the_page_about_lists() {
        let page = include_str!("../../../../shared/docs/import.md");
        for (word, _) in WORDS {
            assert!(page.contains(&format!("`{word}`")), "{word}");
            assert!(IMPORT_HELP.contains(word), "{word}");
        }
    }

    #[test]
    fn a_misspelt_field_is_refused_with_the_one_that_was_meant() {
        for (text, hint) in [
            ("emial=x", "did you mean email?"),
            ("frist_name=x", "did you mean first_name?"),
            ("email", "reads like email="),
            ("email= ", "the name of a column"),
            ("=x", "a key of 1 to 64 bytes"),
            ("profile.=x", "a key of 1 to 64 bytes"),
            ("a\u{7}b=x", "the field 'ab'"),
        ] {
            let said = parse_mapping(text).unwrap_err();
            assert!(said.contains(hint), "{said}");
        }
        let meant = parse_mapping("profile.emial=x").unwrap().target;
        assert_eq!(meant, Target::Profile("emial".to_owned()));
    }

    #[test]
    fn a_column_is_found_by_its_name_then_by_its_name_in_other_letters() {
        let header = header(&["email", " EMAIL ", "Work E-mail"]);
        let places = |typed| mapping(&[typed]).places(&header);
        let email =
            |places: &[usize]| BTreeMap::from([(Target::Field(Field::Email), places.to_vec())]);
        assert_eq!(places("email=EMAIL"), email(&[1]));
        assert_eq!(places("email=Email"), email(&[0, 1]));
        let two = mapping(&["email=work e-mail", "email=email"]);
        assert_eq!(two.places(&header), email(&[2, 0]));
        assert_eq!(two.missing(&header), None);
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_the_nearest_that_is() {
        let header = header(&["Name", "Work e-mail adress", "Badge"]);
        let said = |typed: &str| mapping(&[typed]).missing(&header).unwrap().to_string();
        assert_eq!(
            said("email=Work E-mail address"),
            "has no column 'Work E-mail address' for email; did you mean 'Work e-mail adress'?"
        );
        assert_eq!(said("industry=Branche"), "has no column 'Branche' for industry.");
    }

    #[test]
    fn what_is_typed_goes_over_the_policy() {
        let text = |text: &str| text.to_owned();
        let policy =
            BTreeMap::from([(text("email"), text("E-mail")), (text("badge"), text("Badge no"))]);
        let both = mapping(&["email=Work"]).over(Some(&policy)).unwrap();
        assert_eq!(both, mapping(&["email=Work", "person_id=Badge no"]));
        let slip = BTreeMap::from([(text("emial"), text("E-mail"))]);
        assert!(Mapping::default().over(Some(&slip)).unwrap_err().contains("mean email?"));
    }
}
