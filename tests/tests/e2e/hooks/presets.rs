//! Every preset's recorded payload, posted to a running Baton.

use baton_tests::old_hook_secret;
use serde_json::Value;

use super::sender::{NOW_MS, Proof, SENDERS, Sender, world};

/// Outcomes of an answer, in order; a public form tells nobody.
fn outcomes(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().into_iter().flatten();
    results.map(|result| result["outcome"].as_str().unwrap()).collect()
}

fn tells(sender: &Sender) -> bool {
    sender.proof != Proof::Origin
}

#[test]
fn the_first_time_it_is_scored_and_the_second_time_it_is_a_duplicate() {
    let world = world();
    for sender in &SENDERS {
        for outcome in ["scored", "duplicate"] {
            let answer = sender.post(&world).send().expect(200).json();
            assert_eq!(answer.get("quarantined"), None, "{}: {answer}", sender.preset);
            if tells(sender) {
                assert_eq!(outcomes(&answer), vec![outcome; sender.people], "{}", sender.preset);
            } else {
                assert_eq!(answer, serde_json::json!({"status": "received"}));
            }
        }
    }
    let ledger = world.ledger("email:kim.li@acme.example");
    let entries = ledger["entries"].as_array().unwrap();
    assert_eq!(entries.len(), SENDERS.len(), "one each, Cvent's second person is another lead");
    for entry in entries {
        let sender = SENDERS.iter().find(|sender| entry["source"] == sender.preset).unwrap();
        assert_eq!(entry["type"], sender.kind, "{}", sender.preset);
        assert_eq!(entry["profile"]["company"], "Acme GmbH", "{}", sender.preset);
        assert_eq!(entry["profile"]["title"], "VP Marketing", "{}", sender.preset);
    }
}

#[test]
fn with_one_byte_changed_it_is_refused_and_nothing_is_kept() {
    let world = world();
    let before = world.table();
    for sender in SENDERS.iter().filter(|sender| sender.signs()) {
        let refused = sender.post(&world).tampered().send();
        assert_eq!(refused.problem(), (401, "unauthorised".to_owned()), "{}", sender.preset);
    }
    for sender in SENDERS.iter().filter(|s| s.proof != Proof::Origin && s.proof != Proof::Sns) {
        let refused = sender.post(&world).with_secret("whsec_bm90LXRoZS1zZWNyZXQtYXQtYWxs").send();
        assert_eq!(refused.problem(), (401, "unauthorised".to_owned()), "{}", sender.preset);
    }
    assert_eq!(world.table(), before);
}

#[test]
fn the_previous_secret_is_still_taken() {
    let world = world();
    for sender in SENDERS.iter().filter(|s| s.proof != Proof::Origin && s.proof != Proof::Sns) {
        let post = sender.post(&world).with_secret(&old_hook_secret(sender.preset));
        let answer = post.send().expect(200).json();
        assert_eq!(outcomes(&answer), vec!["scored"; sender.people], "{}", sender.preset);
    }
}

#[test]
fn a_stale_timestamp_is_refused_and_one_of_four_minutes_is_not() {
    let world = world();
    for sender in SENDERS.iter().filter(|sender| sender.dates()) {
        for off_ms in [-301_000, 301_000] {
            let refused = sender.post(&world).signed_at(NOW_MS + off_ms).send();
            assert_eq!(refused.problem().0, 401, "{}", sender.preset);
        }
        for off_ms in [-240_000, 240_000] {
            sender.post(&world).signed_at(NOW_MS + off_ms).send().expect(200);
        }
    }
}
