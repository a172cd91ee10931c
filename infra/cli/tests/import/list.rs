//! Lists that arrive: once, however often they are sent.

use baton::local::Store;
use baton_core::Status;

use crate::running::{Desk, Running, folder};

const LIST: &str = "\u{feff}Badge ID;First name;Last name;E-mail;Job title;Country;Scan time\r\n\
B-1;Kim;Lee; Kim.Lee@ACME.example ;VP Sales;Germany;03.03.2026 14:05\r\n\
B-1;Kim;Lee;kim.lee@acme.example;VP Sales;Germany;03.03.2026 14:05\r\n\
\r\n\
B-2;Ana;Ruiz;;Buyer;Spain;03.03.2026 14:10\r\n\
;Bo;Nilsson;;;;03.03.2026 14:11\r\n\
B-4;Cy;Young;cy@competitor.example;;;03.03.2026 14:12\r\n\
B-5;Ed;Stone;ed@stone.example;;;03.03.2031 14:12\r\n\
B-6;Jo;Ek;jo@ek.example;;;3/4/2026 2:14 PM\r\n\
B-7;Al;Day;al@day.example;\"Head of \r\nthings\";USA;03.03.2026 15:00\r\n";

#[test]
fn importing_a_list_again_adds_nothing() {
    let baton = Running::new(Store::Memory);
    let desk = Desk::new(LIST);
    let first = desk.import(&baton.url);
    insta::assert_snapshot!("a_first_import", format!("{}---\n{}", first.err, first.out));
    assert!(first.is_success);
    let messages = baton.messages();
    assert!(messages > 0);

    let second = desk.import(&baton.url);
    insta::assert_snapshot!("a_second_import", format!("{}---\n{}", second.err, second.out));
    assert!(second.is_success);
    assert_eq!(baton.messages(), messages);
}

#[test]
fn everybody_on_the_list_becomes_a_lead_with_what_it_says_of_them() {
    let baton = Running::new(Store::Memory);
    let desk = Desk::new(LIST);
    let more = ["--type", "event.booth_visited", "--time-zone", "Europe/Berlin"];
    assert!(desk.import_with(&baton.url, &more, None).is_success);

    let kim = baton.lead("email:kim.lee@acme.example").unwrap();
    assert_eq!((kim.status(), kim.profile.text("country")), (Status::Mql, Some("DE")));
    assert_eq!(kim.recent.len(), 1);
    assert_eq!(kim.recent[0].at.to_string(), "2026-03-03T13:05:00Z");
    let ana = baton.lead("tradeshow:B-2").unwrap();
    assert_eq!((ana.status(), ana.profile.text("last_name")), (Status::Mql, Some("Ruiz")));
    assert_eq!(baton.lead("email:cy@competitor.example").unwrap().status(), Status::Nurturing);
    assert!(baton.lead("email:jo@ek.example").is_none());
}

#[test]
fn an_import_that_was_interrupted_goes_on_where_it_stopped() {
    let store = tempfile::tempdir().unwrap();
    let person = |n| format!("p{n}@acme.example,2026-03-03 14:05\n");
    let people: String = (0..230).map(person).collect();
    let desk = Desk::new(format!("email,scan time\n{people}"));
    let webinar = ["--type", "webinar.attended"];
    {
        let baton = Running::new(folder(store.path()));
        baton.goes_down(1, 7);
        let stopped = desk.import_with(&baton.url, &webinar, None);
        assert!(!stopped.is_success);
        assert!(stopped.err.contains("stopped at line 102 of list.csv"), "{}", stopped.err);
        assert!(stopped.err.contains("or again with --from-line 102,"), "{}", stopped.err);
        assert!(stopped.err.contains("answered 503 Service Unavailable"), "{}", stopped.err);
        assert!(stopped.out.contains("    100  scored\n"), "{}", stopped.out);
    }
    let baton = Running::new(folder(store.path()));
    let whole = desk.import_with(&baton.url, &webinar, None);
    assert!(whole.is_success, "{}", whole.err);
    // The second batch was on record, though its answer was lost.
    assert!(whole.out.contains("    200  on record already\n"), "{}", whole.out);
    assert!(whole.out.contains("     30  scored\n"), "{}", whole.out);
    for person in [0, 99, 100, 199, 229] {
        let lead = baton.lead(&format!("email:p{person}@acme.example")).unwrap();
        assert_eq!(lead.recent.len(), 1);
    }
}

#[test]
fn an_import_begins_at_the_line_it_is_told() {
    let baton = Running::new(Store::Memory);
    let desk = Desk::new("email\n\"kim\n\"@acme.example\nana@acme.example\nbo@acme.example\n");
    let more = ["--type", "webinar.attended", "--from-line", "5"];
    let said = desk.import_with(&baton.url, &more, None);
    assert!(said.out.starts_with("list.csv as webinar.attended of tradeshow: 1 lines\n"));
    assert!(baton.lead("email:ana@acme.example").is_none());
    assert!(baton.lead("email:bo@acme.example").is_some());
}

#[test]
fn a_lost_answer_is_asked_for_again_and_nobody_counts_twice() {
    let baton = Running::new(Store::Memory);
    baton.goes_down(0, 1);
    let said = Desk::new("email\nkim@acme.example\n").import(&baton.url);
    assert!(said.is_success, "{}", said.err);
    assert!(said.err.contains("Baton answered 503 Service Unavailable; trying again"));
    assert!(said.err.contains("No column says when people were scanned"));
    assert!(said.out.contains("1  on record already (some perhaps by a first try of this run)"));
    assert_eq!(baton.lead("email:kim@acme.example").unwrap().recent.len(), 1);
}

#[test]
fn the_policy_names_the_columns_of_its_sources_and_what_is_typed_goes_before() {
    let baton = Running::new(Store::Memory);
    let desk = Desk::new("Work,Private,Nr\nkim@acme.example,kim@home.example,B-7\n");
    let source = "\n[[source]]\nname = 'tradeshow'\nverify = { scheme = 'url' }\n\
                  type = 'event.booth_visited'\nemail = 'email'\n\
                  columns = { email = 'Private', badge = 'Nr' }\n";
    let policy = format!("{}{source}", baton_documents::policy::SAMPLE);
    std::fs::write(desk.path("policy.toml"), &policy).unwrap();
    let mut more = vec!["--type", "event.booth_visited", "--policy", "policy.toml"];
    assert!(desk.import_with(&baton.url, &more, None).is_success);
    assert!(baton.lead("email:kim@home.example").is_some());
    more.extend(["--map", "email=Work"]);
    assert!(desk.import_with(&baton.url, &more, None).is_success);
    assert!(baton.lead("email:kim@acme.example").is_some());

    std::fs::write(desk.path("policy.toml"), policy.replace("{ email =", "{ emial =")).unwrap();
    let said = desk.import_with(&baton.url, &more, None);
    let sentence = "baton: the policy's columns of source 'tradeshow' can't be used: 'emial' is no \
                    field; did you mean email?";
    assert!(said.err.starts_with(sentence), "{}", said.err);
}

#[test]
fn a_type_that_nobody_knows_is_doubted_aloud() {
    let baton = Running::new(Store::Memory);
    let desk = Desk::new("email\nkim@acme.example\n");
    let said = desk.import_with(&baton.url, &["--type", "event.booth_visitd"], None);
    assert!(said.out.ends_with("does the policy know event.booth_visitd?\n"), "{}", said.out);
}

#[test]
fn a_list_whose_columns_nobody_could_guess_is_imported_as_it_is_told() {
    let baton = Running::new(Store::Memory);
    let list = "Nr|Kontakt|Anrede, Name|Wann|Branche\n\
                7|kim@acme.example|\"Kim\nLee\"|2026-03-03 14:05|Pumps\n";
    let mut more = vec!["--type", "event.booth_visited", "--delimiter", "|"];
    for column in ["id=Nr", "email=kontakt", "name=Anrede, Name", "industry=Branche"] {
        more.extend(["--map", column]);
    }
    more.extend(["--map", "occurred_at=Wann"]);
    let said = Desk::new(list).import_with(&baton.url, &more, None);
    assert!(said.is_success, "{}", said.err);
    let kim = baton.lead("email:kim@acme.example").unwrap();
    assert_eq!(kim.profile.text("name"), Some("Kim\nLee"));
    assert_eq!(kim.profile.text("industry"), Some("Pumps"));
    assert_eq!(kim.recent[0].at.to_string(), "2026-03-03T14:05:00Z");
}
