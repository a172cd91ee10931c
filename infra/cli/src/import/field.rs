//! The fields that every list has, and the names that people, badge apps and organisers give them.

use baton_core::text::squashed;

/// What a column can hold.
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

/// The words for fields, as they are suggested and shown: of two for one field the first.
pub(super) const WORDS: &[(&str, Field)] = &[
    ("email", Field::Email),
    ("first_name", Field::FirstName),
    ("last_name", Field::LastName),
    ("name", Field::Name),
    ("title", Field::Title),
    ("company", Field::Company),
    ("country", Field::Country),
    ("phone", Field::Phone),
    ("employees", Field::Employees),
    ("occurred_at", Field::Time),
    ("scan_time", Field::Time),
    ("scan_date", Field::Date),
    ("person_id", Field::BadgeId),
    ("badge", Field::BadgeId),
    ("id", Field::ScanId),
    ("scan_id", Field::ScanId),
];

/// What a column of this name says: with what it has in brackets, "Email (work)", or without,
/// "Scan time (local)".
pub(super) fn field(name: &str) -> Option<(Field, usize)> {
    let plain = name.split_once('(').map_or(name, |(plain, _)| plain);
    [name, plain].into_iter().map(squashed).find_map(|name| {
        let rank = |names: &str| names.split(' ').position(|known| known == name);
        NAMES.iter().find_map(|(field, names)| Some((*field, rank(names)?)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

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
}
