//! Deliveries of several people.

use baton_documents::policy;
use baton_intake::map::{Delivery, Mapped, map};
use serde_json::{Value, json};

fn read(email: &str, body: Value) -> Mapped {
    let text = format!(
        "version = '1'\n[[source]]\nname = 'tool'\nverify = {{ scheme = 'bearer' }}\n\
         type = 'form.submitted'\npeople = 'people'\nid = 'batch'\nemail = '{email}'\n"
    );
    let document = policy::parse(&text).unwrap();
    let source = document.sources.values().next().unwrap();
    let delivery = Delivery { body, ..Delivery::default() };
    map(source, delivery, &document.policy.time_zone, "2026-03-01T09:00:00Z".parse().unwrap())
}

fn ids(mapped: &Mapped) -> Vec<&str> {
    mapped.activities.iter().map(|activity| activity.id.as_str()).collect()
}

#[test]
fn one_id_for_two_people_is_told_apart_by_the_lead() {
    let two = json!({"batch": "b1", "people": [{"mail": "a@x.example"}, {"mail": "b@x.example"}]});
    let mapped = read("people.mail", two);
    let (first, second) = (ids(&mapped)[0], ids(&mapped)[1]);
    assert!(first.starts_with("b1/") && second.starts_with("b1/") && first != second);
}

#[test]
fn mending_the_mapping_changes_nobodys_id() {
    let body = json!({"batch": "b1", "people": [
        {"mail": "a at x"}, {"mail": "b@x.example"}]});
    let mut mended = body.clone();
    mended["people"][0]["mail"] = "a@x.example".into();
    let before = read("people.mail", body);
    let after = read("people.mail", mended);
    assert_eq!(before.unusable.len(), 1);
    assert_eq!(ids(&before), ids(&after)[1..]);
}

#[test]
fn the_same_person_twice_in_an_array_keeps_the_senders_id() {
    let one = json!({"batch": "b1", "people": {"mail": "a@x.example"}});
    let mapped = read("people.mail", json!([one, one]));
    assert_eq!(ids(&mapped), ["b1", "b1"]);
}
