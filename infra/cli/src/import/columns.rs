//! Which column holds which field: as the mapping says, else by the names that badge apps and
//! organisers give their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Field, field};
use super::mapping::{Mapping, Target};

/// The columns of a list.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    by_target: BTreeMap<Target, Vec<usize>>,
    keys: Vec<String>,
}

impl Columns {
    /// Reads the names of the columns. The mapping goes before guesses by name.
    pub(super) fn read(header: &[String], mapping: &Mapping) -> Self {
        let mut by_target = mapping.places(header);
        for (target, places) in guess(header, &by_target) {
            by_target.entry(target).or_insert(places);
        }
        Self { by_target, keys: keys(header) }
    }

    pub(super) fn count(&self) -> usize {
        self.keys.len()
    }

    /// How many of them hold a known field.
    pub(super) fn known(&self) -> usize {
        self.by_target.values().map(Vec::len).sum()
    }

    /// Whether a field has a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.by_target.contains_key(&Target::Field(field))
    }

    /// The cells of a record.
    pub(super) fn cells<'a>(&'a self, values: &'a [String]) -> Cells<'a> {
        Cells { columns: self, values, taken: BTreeSet::new() }
    }
}

/// The cells of one record, taken one by one.
pub(super) struct Cells<'a> {
    columns: &'a Columns,
    values: &'a [String],
    taken: BTreeSet<usize>,
}

impl<'a> Cells<'a> {
    /// What a field says, unless it is blank.
    pub(super) fn take(&mut self, field: Field) -> Option<&'a str> {
        self.take_from(self.columns.by_target.get(&Target::Field(field))?)
    }

    /// What the columns for keys of the profile say.
    pub(super) fn take_profile(&mut self) -> Vec<(&'a str, &'a str)> {
        let columns = self.columns;
        let own = columns.by_target.iter().filter_map(|(target, places)| match target {
            Target::Profile(key) => Some((key.as_str(), places)),
            Target::Field(_) => None,
        });
        own.filter_map(|(key, places)| Some((key, self.take_from(places)?))).collect()
    }

    /// Leaves the cell of a field, so that it is among [`Self::others`] as well.
    pub(super) fn keep(&mut self, field: Field) {
        for at in self.columns.by_target.get(&Target::Field(field)).into_iter().flatten() {
            self.taken.remove(at);
        }
    }

    fn take_from(&mut self, places: &[usize]) -> Option<&'a str> {
        let mut filled = places.iter().filter_map(|&at| Some((at, cell(self.values, at)?)));
        let (at, text) = filled.next()?;
        self.taken.insert(at);
        Some(text)
    }

    /// What else the record says, by key.
    pub(super) fn others(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (columns, values) = (self.columns, self.values);
        let free = (0..columns.keys.len()).filter(|at| !self.taken.contains(at));
        free.filter_map(move |at| Some((columns.keys[at].as_str(), cell(values, at)?)))
    }
}

/// What apps write into an empty cell.
const BLANK: &[&str] = &["-", "--", "—", "n/a", "#n/a", "null", "(null)", "(blank)"];

fn cell(values: &[String], at: usize) -> Option<&str> {
    let text = values.get(at)?.trim();
    let is_blank = text.is_empty() || BLANK.iter().any(|blank| text.eq_ignore_ascii_case(blank));
    (!is_blank).then_some(text)
}

/// Guesses by its name what each unmapped column holds, but for fields that are mapped.
fn guess(header: &[String], named: &BTreeMap<Target, Vec<usize>>) -> BTreeMap<Target, Vec<usize>> {
    let mut guessed: BTreeMap<Field, Vec<(usize, usize)>> = BTreeMap::new();
    let is_named = |index: usize| named.values().flatten().any(|&place| place == index);
    for (index, name) in header.iter().enumerate().filter(|(index, _)| !is_named(*index)) {
        if let Some((field, rank)) = field(name) {
            guessed.entry(field).or_default().push((rank, index));
        }
    }
    guessed.retain(|&field, _| !named.contains_key(&Target::Field(field)));
    // "Vorname, Name" is first name and last name.
    let has = |field| guessed.contains_key(&field) || named.contains_key(&Target::Field(field));
    if has(Field::FirstName) && !has(Field::LastName) && guessed.contains_key(&Field::Name) {
        let names = guessed.remove(&Field::Name).unwrap_or_default();
        guessed.insert(Field::LastName, names);
    }
    let in_order = |(field, mut columns): (Field, Vec<(usize, usize)>)| {
        columns.sort_unstable();
        (Target::Field(field), columns.into_iter().map(|(_, index)| index).collect())
    };
    guessed.into_iter().map(in_order).collect()
}

/// A key for each column: its name in snake case, so that a policy can say `"data.booth_no"`.
fn keys(header: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let keys = header.iter().enumerate().map(|(index, name)| {
        let plain = key(name);
        let number = index + 1;
        let key = if plain.is_empty() { format!("column_{number}") } else { plain };
        if seen.insert(key.clone()) {
            return key;
        }
        let other = format!("{key}_{number}");
        seen.insert(other.clone());
        other
    });
    keys.collect()
}

/// The longest key, in characters.
const KEY_CHARS: usize = 48;

fn key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let key = words.map(str::to_lowercase).collect::<Vec<_>>().join("_");
    key.chars().take(KEY_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::mapping::parse_mapping;

    fn columns(header: &[&str]) -> Columns {
        Columns::read(&texts(header), &Mapping::default())
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn of_two_columns_the_better_name_is_taken_and_the_other_where_it_is_blank() {
        let columns = columns(&["Title", "Job title", "Email"]);
        let row = texts(&["Ms", "CTO", "N/A"]);
        let mut cells = columns.cells(&row);
        assert_eq!((cells.take(Field::Title), cells.take(Field::Email)), (Some("CTO"), None));
        assert_eq!(cells.others().collect::<Vec<_>>(), [("title", "Ms")]);
        let row = texts(&["CTO", " ", "-"]);
        assert_eq!(columns.cells(&row).take(Field::Title), Some("CTO"));
    }

    #[test]
    fn a_name_beside_a_first_name_is_the_last_name() {
        let columns = columns(&["Vorname", "Name"]);
        let row = texts(&["Jürgen", "Müller"]);
        let mut cells = columns.cells(&row);
        assert_eq!(cells.take(Field::LastName), Some("Müller"));
        assert_eq!(cells.take(Field::Name), None);
    }

    #[test]
    fn a_column_that_was_named_holds_that_and_nothing_else() {
        let named = ["email=Kontakt", "title=Name", "industry=Branche", "phone=Tel"];
        let named: Vec<_> = named.iter().map(|text| parse_mapping(text).unwrap()).collect();
        let header = texts(&["Email", "Kontakt", "Vorname", "Name", "Branche", "Tel", "Phone"]);
        let columns = Columns::read(&header, &Mapping::new(&named));
        let row = texts(&["old@a.example", "kim@a.example", "Kim", "CTO", "Pumps", "", "12"]);
        let mut cells = columns.cells(&row);
        assert_eq!(cells.take(Field::Email), Some("kim@a.example"));
        assert_eq!(cells.take(Field::Title), Some("CTO"));
        assert_eq!(cells.take(Field::LastName), None);
        assert_eq!(cells.take(Field::Phone), None, "nothing is guessed beside what was named");
        assert_eq!(cells.take_profile(), [("industry", "Pumps")]);
        let others: Vec<_> = cells.others().collect();
        assert_eq!(others, [("email", "old@a.example"), ("vorname", "Kim"), ("phone", "12")]);
    }

    #[test]
    fn keys_of_other_columns_are_plain_and_different() {
        let columns = columns(&["Booth No.", "Notes", "notes", "", "Größe"]);
        assert_eq!(columns.keys, ["booth_no", "notes", "notes_3", "column_4", "größe"]);
    }
}
