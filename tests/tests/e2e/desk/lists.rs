//! What lists are made of: the rows that indexes keep, and the leads they name.

use baton_core::commands::{Actor, CommandRequest, Return};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::DeadlineKind;
use baton_engine::Rules;
use baton_reports::board::Scope;
use baton_tests::{Fate, TestHarness, activity, request};
use jiff::SignedDuration;

const MANY: usize = 130;

/// People at the booth, and whose they are by now.
async fn visits(harness: &TestHarness, count: usize) -> Vec<LeadId> {
    let mut leads = Vec::new();
    for n in 0..count {
        let who = format!("kim{n}@acme.example");
        let visit = activity(&format!("{n}"), "event.booth_visited", &who, "DE");
        leads.push(harness.record(visit).await.unwrap().lead.lead);
    }
    leads
}

fn of(people: &[&str], unowned: bool) -> Scope {
    let people = people.iter().map(|id| PersonId::parse(id).unwrap()).collect();
    Scope::Of { people, unowned }
}

async fn rows(harness: &TestHarness, scope: &Scope) -> Vec<LeadId> {
    let open = harness.services.table().open(scope).await.unwrap();
    assert!(!open.is_cut);
    open.rows.iter().map(|row| row.lead).collect()
}

#[tokio::test]
async fn a_lead_is_in_the_list_of_whoever_holds_it_and_of_nobody_until_then() {
    let harness = TestHarness::open(Rules::sample()).await;
    let lead = visits(&harness, 1).await[0];
    assert_eq!(rows(&harness, &Scope::All).await, [lead]);
    assert_eq!(rows(&harness, &of(&[], true)).await, [lead]);
    assert_eq!(rows(&harness, &of(&["ana", "ben", "hana"], false)).await, []);

    harness.pass(SignedDuration::from_hours(1));
    harness.sweep().await;
    let owner = harness.lead(lead).await.owner().cloned().unwrap();
    assert_eq!(rows(&harness, &of(&[owner.as_str()], true)).await, [lead]);
    assert_eq!(rows(&harness, &of(&[], true)).await, []);
    let row = harness.services.table().open(&Scope::All).await.unwrap().rows.remove(0);
    assert_eq!((row.stage, row.owner), (DeadlineKind::Accept, Some(owner)));

    let reason = "not now".into();
    let order = CommandRequest::new(Return { reason }, Actor::Crm, request());
    harness.services.execute(lead, &order).await.unwrap();
    assert_eq!(rows(&harness, &Scope::All).await, []);
}

#[tokio::test]
async fn leads_come_in_the_order_they_were_asked_for_without_those_who_were_erased() {
    let harness = TestHarness::open(Rules::sample()).await;
    let mut leads = visits(&harness, MANY).await;
    leads.reverse();
    let gone = leads.remove(7);
    let none = baton_tests::lead_id("nobody@acme.example");
    let erased = harness.services.erasure.erase(gone, None, &Actor::Crm, &request()).await;
    erased.unwrap();
    harness.table.taken();
    let asked = [&leads[..90], &[none, gone], &leads[90..]].concat();
    let found = harness.services.table().leads(&asked).await.unwrap();
    assert_eq!(found.iter().map(|lead| lead.lead).collect::<Vec<_>>(), leads);
    let operations: Vec<_> = harness.table.taken().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["BatchGetItem", "BatchGetItem"]);
}

#[tokio::test]
async fn what_the_table_had_no_time_for_is_asked_for_again() {
    let harness = TestHarness::open(Rules::sample()).await;
    let leads = visits(&harness, 3).await;
    harness.table.taken();
    let mut times = 0;
    let refuses = move |_: &_| {
        times += 1;
        if times < 3 { Fate::NotTaken } else { Fate::Pass }
    };
    harness.table.when(refuses);
    let found = harness.services.table().leads(&leads).await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(harness.table.taken().len(), 3);

    harness.table.when(|_| Fate::NotTaken);
    let error = harness.services.table().leads(&leads).await.unwrap_err();
    assert!(error.to_string().contains("BatchGetItem leads"), "{error}");
}
