//! Which column says what: by the names that badge apps and organisers give their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::text::squashed;

/// What a column can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Email,
    ScanId,
    BadgeId,
    Time,
    Date,
    Name,
    FirstName,
    LastName,
    Title,
    Company,
    Country,
    Phone,
    Employees,
}

/// The names of a field, as [`squashed`] leaves them; of two columns for one field the one whose
/// name comes first here is taken, and the other where that one is blank.
const NAMES: &[(Field, &str)] = &[
    (
        Field::Email,
        "workemail businessemail companyemail corporateemail emailwork workemailaddress \
         businessemailaddress email emailaddress emailadresse contactemail attendeeemail \
         primaryemail email1 mail emailid adresseemail courriel correo correoelectronico",
    ),
    (
        Field::ScanId,
        "scanid scannumber scanno scanref scanreference scanuuid captureid recordid \
         transactionid leadscanid",
    ),
    (
        Field::BadgeId,
        "badgeid badge badgenumber badgeno badgecode badgebarcode barcode attendeeid \
         attendeenumber registrantid registrationid registrationnumber registrationno regid \
         visitorid participantid delegateid personid contactid ticketid ticketnumber id",
    ),
    (
        Field::Time,
        "scantime scantimestamp scandatetime scandateandtime scannedat datetimescanned \
         capturedat capturetime visitedat visittime checkedinat checkintime occurredat \
         timestamp datetime dateandtime createdat scanned time zeitpunkt scanzeit uhrzeit \
         zeit",
    ),
    (
        Field::Date,
        "scandate datescanned capturedate visitdate date scandatum datum createddate fecha",
    ),
    (Field::Name, "fullname attendeename contactname visitorname name"),
    (Field::FirstName, "firstname givenname forename vorname prenom prénom nombre"),
    (Field::LastName, "lastname surname familyname nachname nom apellido apellidos"),
    (
        Field::Title,
        "jobtitle jobrole jobposition position role function funktion fonction cargo title",
    ),
    (
        Field::Company,
        "company companyname organisation organization organisationname organizationname \
         employer account accountname firma unternehmen société societe entreprise empresa",
    ),
    (Field::Country, "country countryname countryregion countrycode land pays país pais"),
    (
        Field::Phone,
        "workphone businessphone directphone phone phonenumber telephone telephonenumber tel \
         mobile mobilephone mobilenumber cell cellphone telefon telefonnummer téléphone \
         teléfono",
    ),
    (
        Field::Employees,
        "employees numberofemployees noofemployees ofemployees employeecount companysize \
         organisationsize organizationsize headcount mitarbeiter mitarbeiterzahl \
         anzahlmitarbeiter",
    ),
];

/// The columns of a list.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    by_field: BTreeMap<Field, Vec<usize>>,
    keys: Vec<String>,
}

impl Columns {
    /// Reads the names of the columns.
    pub(super) fn read(header: &[String]) -> Self {
        let mut by_field: BTreeMap<Field, Vec<(usize, usize)>> = BTreeMap::new();
        for (index, name) in header.iter().enumerate() {
            if let Some((field, rank)) = field(name) {
                by_field.entry(field).or_default().push((rank, index));
            }
        }
        // "Vorname, Name" is first name and last name.
        let has = |field| by_field.contains_key(&field);
        if has(Field::FirstName) && has(Field::Name) && !has(Field::LastName) {
            let names = by_field.remove(&Field::Name).unwrap_or_default();
            by_field.insert(Field::LastName, names);
        }
        let in_order = |(field, mut columns): (Field, Vec<(usize, usize)>)| {
            columns.sort_unstable();
            (field, columns.into_iter().map(|(_, index)| index).collect())
        };
        Self { by_field: by_field.into_iter().map(in_order).collect(), keys: keys(header) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.keys.len()
    }

    /// How many of them say something we know.
    pub(super) fn known(&self) -> usize {
        self.by_field.values().map(Vec::len).sum()
    }

    /// Whether a field has a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.by_field.contains_key(&field)
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
        let columns = self.columns.by_field.get(&field)?;
        let mut filled = columns.iter().filter_map(|&at| Some((at, cell(self.values, at)?)));
        let (at, text) = filled.next()?;
        self.taken.insert(at);
        Some(text)
    }

    /// Leaves the cell of a field, so that it is among [`Self::others`] as well.
    pub(super) fn keep(&mut self, field: Field) {
        for at in self.columns.by_field.get(&field).into_iter().flatten() {
            self.taken.remove(at);
        }
    }

    /// What else the record says, by key.
    pub(super) fn others(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (columns, values) = (self.columns, self.values);
        let free = (0..columns.keys.len()).filter(|at| !self.taken.contains(at));
        free.filter_map(move |at| Some((columns.keys[at].as_str(), cell(values, at)?)))
    }
}

/// What apps write into a cell that has nothing in it.
const BLANK: &[&str] = &["-", "--", "—", "n/a", "#n/a", "null", "(null)", "(blank)"];

fn cell(values: &[String], at: usize) -> Option<&str> {
    let text = values.get(at)?.trim();
    let is_blank = text.is_empty() || BLANK.iter().any(|blank| text.eq_ignore_ascii_case(blank));
    (!is_blank).then_some(text)
}

/// What a column of this name says: with what it has in brackets, "Email (work)", or without,
/// "Scan time (local)".
fn field(name: &str) -> Option<(Field, usize)> {
    let plain = name.split_once('(').map_or(name, |(plain, _)| plain);
    [name, plain].into_iter().map(squashed).find_map(|name| {
        let rank = |names: &str| names.split(' ').position(|known| known == name);
        NAMES.iter().find_map(|(field, names)| Some((*field, rank(names)?)))
    })
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

    fn columns(header: &[&str]) -> Columns {
        Columns::read(&texts(header))
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_name_of_a_column_is_written_as_it_is_compared_and_means_one_thing() {
        let names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.split(' ')).collect();
        assert!(names.iter().all(|name| squashed(name) == *name));
        let different: BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len());
    }

    #[test]
    fn columns_are_known_however_they_are_written() {
        for (name, expected) in [
            ("E-mail", Field::Email),
            ("E-Mail Address", Field::Email),
            ("WORK EMAIL", Field::Email),
            ("First name", Field::FirstName),
            ("Job Title", Field::Title),
            ("Organisation", Field::Company),
            ("# of Employees", Field::Employees),
            ("Company size", Field::Employees),
            ("scanned_at", Field::Time),
            ("Scan Time (local)", Field::Time),
            ("Email (work)", Field::Email),
            ("Timestamp", Field::Time),
            ("Badge ID", Field::BadgeId),
            ("attendee id", Field::BadgeId),
            ("ScanID", Field::ScanId),
        ] {
            assert_eq!(field(name).map(|(field, _)| field), Some(expected), "{name}");
        }
        for other in ["Notes", "", "(x)"] {
            assert_eq!(field(other), None, "{other}");
        }
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
    fn keys_of_other_columns_are_plain_and_different() {
        let columns = columns(&["Booth No.", "Notes", "notes", "", "Größe"]);
        assert_eq!(columns.keys, ["booth_no", "notes", "notes_3", "column_4", "größe"]);
    }
}
