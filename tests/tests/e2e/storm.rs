//! Many leads at once: people get a few letters and everything in them, never faster than their
//! channels bear, whatever fails meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::commands::{Accept, Actor, CommandRequest};
use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{
    Fate, Letter, ReceivedAlert, TestHarness, WEBSITE_KEY, World, activity, request, run,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

async fn connected() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
}

/// Leads of one queue that qualify one after another.
async fn qualify(harness: &TestHarness, count: usize, apart: SignedDuration) -> Vec<LeadId> {
    let mut leads = Vec::new();
    for n in 0..count {
        let (id, who) = (n.to_string(), format!("p{n}@acme.example"));
        let visit = activity(&id, "event.booth_visited", &who, "DE");
        leads.push(harness.record(visit).await.unwrap().lead.lead);
        harness.pass(apart);
    }
    leads
}

/// Who was told of which new lead.
fn told_of(harness: &TestHarness, letters: &[Letter]) -> Vec<(String, String)> {
    let told = letters.iter().flat_map(|letter| harness.told_by(letter));
    let mut told: Vec<_> = told
        .map(|ReceivedAlert { to, kind, lead }| {
            assert_eq!(kind, "assigned");
            (to, lead)
        })
        .collect();
    told.sort();
    told
}

/// What each owner has to be told, each lead once.
async fn expected(harness: &TestHarness, leads: &[LeadId]) -> Vec<(String, String)> {
    let mut owned = Vec::new();
    for lead in leads {
        owned.push((harness.lead(*lead).await.owner().unwrap().to_string(), lead.to_string()));
    }
    owned.sort();
    owned
}

/// Letters by reader, each reader's in their order; nobody was sent more than five in a second.
fn by_reader(letters: Vec<Letter>) -> BTreeMap<String, Vec<Letter>> {
    let mut readers: BTreeMap<String, Vec<Letter>> = BTreeMap::new();
    for letter in letters {
        readers.entry(letter.to.clone()).or_default().push(letter);
    }
    for letters in readers.values() {
        let is_soon = |six: &[Letter]| six[5].at.duration_since(six[0].at) < MILLISECOND * 1000;
        assert!(!letters.windows(6).any(is_soon), "six letters in a second");
    }
    readers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_leads_in_a_minute_are_a_handful_of_letters() {
    let harness = connected().await;
    let leads = qualify(&harness, 500, MILLISECOND * 120).await;
    harness.minutes(5).await;
    let letters = harness.post.letters();
    assert_eq!(told_of(&harness, &letters), expected(&harness, &leads).await);
    for (reader, letters) in by_reader(letters) {
        let digests = letters.iter().filter(|letter| letter.kind == "digest").count();
        assert!(letters.len() <= 15, "{reader}: {} letters", letters.len());
        assert!((1..=5).contains(&digests), "{reader}: {digests} digests");
    }
    for lead in leads {
        let told = harness.services.table().story(lead).await.unwrap();
        assert!(told.messages.iter().all(|sent| sent.delivered_at.is_some()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_fifteen_hours_without_alerts_the_oldest_are_told_first_and_only_what_is_true() {
    let harness = connected().await;
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    let leads = qualify(&harness, 340, MILLISECOND * 100).await;
    for _ in 0..5 {
        harness.pass(HOUR * 3);
        harness.sweep().await;
    }
    let (accepted, waiting) = leads.split_at(20);
    for lead in accepted {
        let order = CommandRequest::new(Accept {}, Actor::Crm, request());
        harness.services.execute(*lead, &order).await.unwrap();
    }
    harness.out.heal();
    harness.minutes(10).await;
    let letters = harness.post.letters();
    assert_eq!(told_of(&harness, &letters), expected(&harness, waiting).await);
    let number =
        |told: &ReceivedAlert| leads.iter().position(|one| one.to_string() == told.lead).unwrap();
    for (reader, letters) in by_reader(letters) {
        assert!(letters.len() <= 3, "{reader}: {} letters", letters.len());
        let ages = letters.iter().map(|letter| {
            let numbers: Vec<_> = harness.told_by(letter).iter().map(number).collect();
            (*numbers.iter().min().unwrap(), *numbers.iter().max().unwrap())
        });
        let ages: Vec<_> = ages.collect();
        assert!(ages.windows(2).all(|two| two[0].1 < two[1].0), "{reader}: {ages:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_late_that_a_lead_waits_which_was_accepted_meanwhile() {
    let harness = connected().await;
    let leads = qualify(&harness, 60, MILLISECOND).await;
    harness.minutes(3).await;
    let told_before = harness.told().len();
    harness.pass(HOUR * 20);
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    for _ in 0..15 {
        harness.pass(HOUR);
        harness.sweep().await;
    }
    let (accepted, waiting) = leads.split_at(20);
    for lead in accepted {
        let order = CommandRequest::new(Accept {}, Actor::Crm, request());
        harness.services.execute(*lead, &order).await.unwrap();
    }
    harness.out.heal();
    harness.minutes(10).await;
    let mut told = harness.told().split_off(told_before);
    let mut overdue = Vec::new();
    for (owner, lead) in expected(&harness, waiting).await {
        let kind = "accept_overdue".to_owned();
        let to_sven =
            ReceivedAlert { to: "sven".to_owned(), kind: kind.clone(), lead: lead.clone() };
        overdue.extend([ReceivedAlert { to: owner, kind, lead }, to_sven]);
    }
    told.sort();
    overdue.sort();
    assert_eq!(told, overdue);
    by_reader(harness.post.letters());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn functions_that_deliver_at_once_tell_each_lead_once() {
    let harness = connected().await;
    let leads = qualify(&harness, 60, MILLISECOND).await;
    harness.pass(HOUR / 30);
    let sweeps = (0..4).map(|_| {
        let services = Arc::clone(&harness.services);
        tokio::spawn(async move { services.sweeper.sweep(&run()).await.unwrap() })
    });
    for sweep in sweeps.collect::<Vec<_>>() {
        assert_eq!(sweep.await.unwrap().failed, 0);
    }
    harness.minutes(3).await;
    let letters = harness.post.letters();
    assert_eq!(told_of(&harness, &letters), expected(&harness, &leads).await);
    by_reader(letters);
}

/// The letter had left; that it had was not written down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_dies_after_sending_tells_again_and_loses_nothing() {
    let harness = connected().await;
    let leads = qualify(&harness, 40, MILLISECOND).await;
    let at_once = harness.told().len();
    harness.table.when(|call| {
        let is_noted = call.operation == "UpdateItem" && call.body.contains("delivered_at");
        if is_noted { Fate::Refuse(400) } else { Fate::Pass }
    });
    harness.pass(HOUR / 30);
    assert_eq!(harness.sweep().await.delivered, 0);
    harness.table.heal();
    harness.minutes(3).await;
    let mut told = told_of(&harness, &harness.post.letters());
    assert_eq!(told.len(), 2 * leads.len() - at_once, "what had left, and no more, leaves again");
    told.dedup();
    assert_eq!(told, expected(&harness, &leads).await);
    assert_eq!(harness.sweep().await.delivered, 0);
}

/// Rule 8, for each lead of the letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_in_a_digest_starts_its_leads_grace() {
    let harness = connected().await;
    let leads = qualify(&harness, 24, MILLISECOND).await;
    for lead in &leads {
        let order = CommandRequest::new(Accept {}, Actor::Crm, request());
        harness.services.execute(*lead, &order).await.unwrap();
    }
    harness.pass(HOUR * 24 * 30);
    harness.minutes(3).await;
    let digests = harness.post.told("digest");
    assert!(digests.iter().any(|(_, to)| to == "ana"), "{digests:?}");
    for lead in leads {
        let lead = harness.lead(lead).await;
        let warned_at = lead.marks().warned_at.expect("it was warned of");
        let told = harness.services.table().story(lead.lead).await.unwrap();
        let is_owners = |sent: &&baton_cloud::Sent| {
            let message = serde_json::to_value(&sent.message).unwrap();
            let owner = lead.owner().unwrap().as_str();
            sent.message.word() == "take_back_warned" && message["alert"]["to"] == owner
        };
        let warning = told.messages.iter().find(is_owners).unwrap();
        assert_eq!(warning.delivered_at, Some(warned_at));
        assert_eq!(lead.deadline().unwrap().at, warned_at + HOUR * 24);
    }
}

/// Five at one moment, and the rest in a letter a minute later.
#[test]
fn under_serve_the_rest_leaves_when_the_clock_moves() {
    let world = World::open();
    let visits: Vec<_> = (0..40)
        .map(|n| {
            json!({ "id": n.to_string(), "type": "event.booth_visited",
                "email": format!("p{n}@acme.example"), "profile": { "country": "DE" } })
        })
        .collect();
    let visits = world.call("POST", "/activities").key(WEBSITE_KEY).json(&json!(visits));
    visits.send().expect(200);
    let count = |inbox: &[Value], kind: &str| {
        let letters = inbox.iter();
        letters.filter(|letter| letter["to"] == "ana" && letter["kind"] == kind).count()
    };
    let at_once = world.inbox();
    assert_eq!((count(&at_once, "assigned"), count(&at_once, "digest")), (2 * 5, 0));
    world.advance("1m");
    let later = world.inbox();
    assert_eq!((count(&later, "assigned"), count(&later, "digest")), (2 * 5, 2), "mail and SMS");
    let digest = later.iter().find(|letter| letter["kind"] == "digest");
    assert_eq!(digest.unwrap()["lead"], Value::Null);
}
