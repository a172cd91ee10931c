//! Lists as they come, and what is read of them.

use serde_json::{Value, json};

use super::*;
use crate::import::mapping::parse_mapping;

fn reading() -> Reading {
    let kind = ActivityType::parse("event.booth_visited").unwrap();
    Reading { zone: TimeZone::get("Europe/Berlin").unwrap(), ..Reading::of(kind) }
}

fn rows(list: &[u8]) -> Vec<Result<Row, BadLine>> {
    Rows::open(list, reading()).unwrap().collect()
}

fn good(list: &str) -> Vec<Row> {
    rows(list.as_bytes()).into_iter().map(Result::unwrap).collect()
}

fn refused(list: &[u8]) -> String {
    Rows::open(list, reading()).err().expect("no list").to_string()
}

fn ids(list: &str) -> Vec<String> {
    good(list).iter().map(|row| row.id.as_str().to_owned()).collect()
}

const DIRTY: &str = "\u{feff}Badge ID;First name;Last name;E-mail;Job title;Company;Country;\
Employees;Scan date;Scan time;Notes\r\n\
B-1;Kim;Lee; Kim.Lee@ACME.example ;VP Sales;\"Acme; Inc.\";Germany;201-500;03.03.2026;14:05;\
\"asked twice:\r\n\"\"when?\"\"\"\r\n\
\r\n\
B-1;Kim;Lee;kim.lee@acme.example;VP Sales;\"Acme; Inc.\";Germany;201-500;03.03.2026;14:05;\r\n\
B-2;Ana;Ruiz;n/a;;Orbit;Wakanda;;03.03.2026;14:10;\r\n\
;Bo;Nilsson;;;;;;03.03.2026;14:11;\r\n\
B-4;Ed;Stone;ed(at)stone.example;;;;;03.03.2026;14:12;\r\n\
B-5;\"Open;Quote;x@y.example;;;;;03.03.2026;14:13;\r\n\
;;;;;;;;;;\r\n\
B-6;Jo;Ek;jo @ek.example;;;;;03.04.26;14:14;\r\n\
B-7;Al;Day;al@day.example;;;uk;\"1,000+\";;;\r\n";

#[test]
fn a_dirty_list_gives_every_person_and_every_bad_line() {
    let told: Vec<Value> = rows(DIRTY.as_bytes())
        .into_iter()
        .map(|row| match row {
            Ok(row) => {
                let notes: Vec<String> = row.notes.iter().map(|n| format!("{n:?}")).collect();
                json!({"line": row.line, "sent": row, "notes": notes})
            }
            Err(bad) => json!({"line": bad.line, "reason": bad.reason}),
        })
        .collect();
    insta::assert_json_snapshot!(told);
}

#[test]
fn a_repeated_person_has_the_same_id_and_another_visit_another() {
    let list = "email,scan time\nkim@a.example,2026-03-03 14:05\n KIM@a.example,3.3.2026 14:05\n\
                kim@a.example,2026-03-03 15:00\n";
    let ids = ids(list);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[test]
fn another_export_of_the_same_list_has_the_same_ids() {
    let one = "Email,Company,Scan time,Notes\nkim@a.example,Acme,2026-03-03 14:05,hot\n";
    let other =
        "sep=;\r\nscanned at;firma;e-mail\r\n03.03.2026 14:05:00;Acme GmbH;Kim@A.example\r\n";
    assert_eq!(ids(one), ids(other));
    let mut elsewhere = reading();
    elsewhere.zone = TimeZone::UTC;
    let row = Rows::open(one.as_bytes(), elsewhere).unwrap().next().unwrap().unwrap();
    assert_eq!(row.id.as_str(), ids(one)[0], "a corrected --time-zone makes nobody come twice");
}

#[test]
fn without_a_time_the_whole_line_tells_two_visits_apart() {
    let list = "email,show\nkim@a.example,Hannover\nkim@a.example,Hannover\nkim@a.example,Paris\n";
    let ids = ids(list);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[test]
fn a_scan_id_is_the_id_of_the_visit() {
    let list = "scan id,badge id,email\nS-1,B-1,kim@a.example\nS-2,B-2,\nS-3,,\n";
    let rows = good(list);
    assert_eq!(ids(list), ["S-1", "S-2", "S-3"]);
    let people = rows.iter().map(|row| row.person_id.as_ref().map(SourceId::as_str));
    assert_eq!(people.collect::<Vec<_>>(), [None, Some("B-2"), None]);
    assert_eq!(rows[0].data["badge_id"], "B-1");
    let source = baton_core::id::SourceName::parse("tradeshow").unwrap();
    let who = |text| baton_core::id::Identity::parse(text).unwrap();
    assert_eq!(rows[1].identity(&source), who("tradeshow:B-2"));
    assert_eq!(rows[2].identity(&source), who("tradeshow:S-3"));
}

#[test]
fn addresses_lose_their_spaces_and_the_name_before_them() {
    for (written, read) in [
        (" kim@a.example\u{a0}", "kim@a.example"),
        ("kim @a.example", "kim@a.example"),
        ("\u{feff}kim@a.example\u{200b}", "kim@a.example"),
        ("Kim Lee <Kim@A.example>", "kim@a.example"),
    ] {
        let row = good(&format!("email\n{written}\n")).remove(0);
        assert_eq!(row.email.unwrap().as_str(), read);
    }
}

#[test]
fn the_delimiter_is_the_one_that_makes_sense_of_the_header() {
    for list in [
        "email,first name\nk@a.example,Kim\n",
        "email;first name\nk@a.example;Kim\n",
        "email\tfirst name\nk@a.example\tKim\n",
        "email|first name\nk@a.example|Kim\n",
        "\"notes, long\";email;first name\n;k@a.example;Kim\n",
        "\r\n\r\nemail,first name\rk@a.example,Kim\r",
    ] {
        let row = good(list).remove(0);
        assert_eq!(row.profile["first_name"], Scalar::Text("Kim".to_owned()), "{list}");
    }
}

#[test]
fn a_line_that_is_not_utf_8_is_read_as_excel_wrote_it() {
    let list =
        b"email;first name\nj@m.example;J\xfcrgen\nz@m.example;Zo\xc3\xab\nq@m.example;\x81\n";
    let rows = rows(list);
    let first = rows[0].as_ref().unwrap();
    assert_eq!(first.profile["first_name"], Scalar::Text("Jürgen".to_owned()));
    assert_eq!(first.notes, [Note::Windows1252]);
    let second = rows[1].as_ref().unwrap();
    assert_eq!(second.profile["first_name"], Scalar::Text("Zoë".to_owned()));
    let bad = rows[2].as_ref().unwrap_err();
    assert_eq!((bad.line, bad.reason.as_str()), (4, "is neither UTF-8 nor Windows-1252 text"));
}

#[test]
fn what_is_no_list_is_refused_with_what_would_be_right() {
    for (list, said) in [
        (&b""[..], "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n \r\n", "is empty"),
        (b"PK\x03\x04\x14\0\x06", "save it as 'CSV UTF-8'"),
        (b"\xff\xfee\0m\0a\0", "is UTF-16"),
        (b"kim@a.example,Kim\nana@b.example,Ana\n", "has no header"),
        (b"Name,Company\nKim,Acme\n", "columns are: Name, Company"),
        (b"\"email,name\nkim@a.example,Kim\n", "its first line can't be read"),
    ] {
        let refused = refused(list);
        assert!(refused.contains(said), "{refused}");
    }
}

fn named(reading: Reading, columns: &[&str]) -> Reading {
    let columns: Vec<_> = columns.iter().map(|text| parse_mapping(text).unwrap()).collect();
    Reading { mapping: Mapping::new(&columns), ..reading }
}

#[test]
fn columns_of_any_name_are_read_when_somebody_says_what_they_hold() {
    let list = "Kontakt;Nr;Wann;Branche;Land der Firma\nkim@a.example;17;3.3.2026 14:05;Pumps;DE\n";
    let columns = ["email=Kontakt", "id=Nr", "occurred_at=Wann", "industry=Branche"];
    let mut rows = Rows::open(list.as_bytes(), named(reading(), &columns)).unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!((row.id.as_str(), row.email.unwrap().as_str()), ("17", "kim@a.example"));
    assert_eq!(row.occurred_at.unwrap().to_string(), "2026-03-03T13:05:00Z");
    assert_eq!(row.profile["industry"], Scalar::Text("Pumps".to_owned()));
    assert_eq!(row.data.keys().collect::<Vec<_>>(), ["land_der_firma"]);
}

#[test]
fn naming_what_is_guessed_already_changes_no_id() {
    let list = "email,first name,scan time\nkim@a.example,Kim,2026-03-03 14:05\n\
                ana@a.example,Ana,\n";
    let columns = ["email=email", "first_name=first name", "occurred_at=scan time"];
    let rows = Rows::open(list.as_bytes(), named(reading(), &columns)).unwrap();
    let named: Vec<String> = rows.map(|row| row.unwrap().id.as_str().to_owned()).collect();
    assert_eq!(named, ids(list));
}

#[test]
fn a_named_column_that_is_not_there_is_told_with_the_nearest() {
    let list = "Work e-mail,Name\nkim@a.example,Kim\n";
    let refused = Rows::open(list.as_bytes(), named(reading(), &["email=Wrok e-mail"])).err();
    assert_eq!(
        refused.unwrap().to_string(),
        "has no column 'Wrok e-mail' for email; did you mean 'Work e-mail'? Its columns are: Work \
         e-mail, Name"
    );
}

#[test]
fn a_delimiter_that_is_said_is_not_guessed() {
    let list = "email|first name,last name\nkim@a.example|Kim, Lee\n";
    let reading = Reading { delimiter: Some(b'|'), ..reading() };
    let row = Rows::open(list.as_bytes(), reading).unwrap().next().unwrap().unwrap();
    assert_eq!(row.data["first_name_last_name"], "Kim, Lee");
}

#[test]
fn a_disk_that_fails_in_the_middle_is_told_after_the_good_rows() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the stick was pulled"))
        }
    }
    let head = format!("email\n{}", "kim@a.example\n".repeat(LINE_BYTES / 14 + 1));
    let mut rows = Rows::open(head.as_bytes().chain(Failing), reading()).unwrap();
    assert!(rows.by_ref().count() > 4_000);
    assert_eq!(rows.failure().unwrap().to_string(), "the stick was pulled");
    assert!(rows.next().is_none());
}
