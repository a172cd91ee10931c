//! Whatever arrives first, and by whichever name: one person is one lead.

use baton_tests::World;
use proptest::prelude::*;
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";
const BADGE: &str = "tradeshow:B-17";

/// How often any order is tried.
const CASES: u32 = 24;

#[derive(Clone, Copy, Debug)]
enum Named {
    Address,
    Id,
    Both,
}

fn activities() -> impl Strategy<Value = Vec<(usize, Named, &'static str)>> {
    let named = prop::sample::select(&[Named::Address, Named::Id, Named::Both][..]);
    let kind = prop::sample::select(
        &["form.submitted", "webinar.attended", "event.booth_visited", "page.viewed"][..],
    );
    let some = prop::collection::vec((named, kind), 1..7).prop_map(|mut some| {
        // One of them says that they are one person's.
        some.push((Named::Both, "form.submitted"));
        some.into_iter().enumerate().map(|(n, (named, kind))| (n, named, kind)).collect::<Vec<_>>()
    });
    some.prop_shuffle()
}

fn activity(n: usize, named: Named, kind: &str) -> Value {
    let mut activity = json!({
        "id": format!("a{n}"), "type": kind,
        "occurred_at": format!("2026-02-{:02}T09:00:00Z", 10 + n),
        "profile": {"country": "DE"},
    });
    if matches!(named, Named::Address | Named::Both) {
        activity["email"] = "kim@acme.example".into();
    }
    if matches!(named, Named::Id | Named::Both) {
        activity["person_id"] = "B-17".into();
    }
    activity
}

/// The lead that all of them make, each sent twice; and how many leads sales holds.
fn told(activities: &[(usize, Named, &'static str)]) -> (Value, usize) {
    let world = World::open();
    for (n, named, kind) in activities {
        let sent = activity(*n, *named, kind);
        assert_eq!(world.activity(&sent)["outcome"], "scored");
        assert_eq!(world.activity(&sent)["outcome"], "duplicate");
    }
    let lead = world.lead(KIM);
    assert_eq!(lead, world.lead(BADGE));
    assert_eq!(world.ledger(KIM)["entries"].as_array().unwrap().len(), activities.len());
    assert_eq!(world.findings(), [""; 0]);
    let is_held = |item: &&Value| item["item"]["S"] == "lead" && item["held_by"].is_object();
    let held = world.table().values().filter(is_held).count();
    (lead, held)
}

fn names(lead: &Value) -> Vec<String> {
    let names = lead["identifiers"].as_array().unwrap().iter();
    let mut names: Vec<_> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES, max_shrink_iters: 50, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_order_of_one_persons_activities_makes_one_lead_with_one_owner(sent in activities()) {
        let mut in_order = sent.clone();
        in_order.sort_by_key(|(n, ..)| *n);
        let ((lead, held), (expected, also_held)) = (told(&sent), told(&in_order));
        prop_assert_eq!(names(&lead), [KIM, BADGE]);
        prop_assert_eq!(names(&lead), names(&expected));
        let score = |lead: &Value, part: &str| lead["score"][part].as_i64().unwrap();
        prop_assert!((score(&lead, "behaviour") - score(&expected, "behaviour")).abs() <= 1);
        prop_assert_eq!(score(&lead, "fit"), score(&expected, "fit"));
        prop_assert!(held <= 1 && also_held <= 1);
        prop_assert_eq!(held, usize::from(!lead["owner"].is_null()));
    }
}
