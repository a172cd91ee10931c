//! Rules published in the table: in force within a minute, and never half or broken.

use baton_cloud::{Document, Edition};
use baton_documents::{policy, roster};
use baton_engine::{Draft, PublishError, Publisher};
use baton_tests::{TestHarness, activity};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn threshold(points: u32, version: &str) -> String {
    policy::SAMPLE.replace("threshold = 100", &format!("threshold = {points}")).replacen(
        "version = ",
        &format!("version = \"{version}\" # "),
        1,
    )
}

/// What the `sla` function, which looks first of all, runs by now.
async fn in_force(harness: &TestHarness) -> String {
    harness.sweep().await;
    harness.services.settings().rules().policy.version.clone()
}

async fn publish(harness: &TestHarness, text: &str) -> Result<Edition, PublishError> {
    draft(harness, Document::Policy, "mine.toml", text).await
}

async fn draft(
    harness: &TestHarness,
    document: Document,
    name: &str,
    text: &str,
) -> Result<Edition, PublishError> {
    let drafts = [Draft { document, name, text }];
    let published =
        Publisher(harness.services.table()).publish_drafts(&drafts, harness.clock.now()).await;
    published.map(|mut editions| editions.remove(0))
}

#[tokio::test]
async fn a_published_policy_decides_within_a_minute_and_an_earlier_one_comes_back() {
    let harness = TestHarness::published().await;
    let sample = in_force(&harness).await;
    assert_eq!(publish(&harness, &threshold(20, "eager")).await.unwrap().number, 1);
    harness.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&harness).await, "eager");
    let form = activity("f-1", "form.submitted", "kim@acme.example", "DE");
    let recorded = harness.record(form).await.unwrap();
    assert_eq!(recorded.lead.status().word(), "mql", "30 points are enough now");

    assert_eq!(publish(&harness, &threshold(90, "strict")).await.unwrap().number, 2);
    let table = harness.services.table();
    let back = Publisher(table).roll_back(Document::Policy, 1, harness.clock.now()).await.unwrap();
    assert_eq!((back.number, back.again), (3, Some(1)));
    harness.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&harness).await, "eager");
    let editions = table.editions(Document::Policy).await.unwrap();
    let told: Vec<_> = editions.iter().map(|e| (e.number, e.version.as_str())).collect();
    assert_eq!(told, [(3, "eager"), (2, "strict"), (1, "eager")]);
    assert_ne!(sample, "eager");
}

#[tokio::test]
async fn looking_costs_two_small_reads_and_no_more_than_one_look_in_half_a_minute() {
    let harness = TestHarness::published().await;
    in_force(&harness).await;
    harness.table.taken();
    for _ in 0..5 {
        harness.services.refresh().await;
    }
    assert!(harness.table.taken().is_empty());
    harness.pass(SignedDuration::from_secs(30));
    harness.services.refresh().await;
    assert_eq!(harness.table.counted(), [("GetItem".to_owned(), 2)].into());
}

#[tokio::test]
async fn a_bad_document_is_refused_with_its_line_and_the_running_one_stays() {
    let harness = TestHarness::published().await;
    publish(&harness, &threshold(20, "eager")).await.unwrap();
    for (bad, told) in [
        (threshold(20, "x").replace("points = 30", "pionts = 30"), "unknown key `pionts`"),
        (policy::SAMPLE.replace("\"emea\"", "\"emae\""), "did you mean `emea`"),
    ] {
        let refused = publish(&harness, &bad).await.unwrap_err().to_string();
        assert!(refused.starts_with("mine.toml") && refused.contains(told), "{refused}");
    }
    let lost = roster::SAMPLE.replace("\"emea\"", "\"europe\"");
    let table = harness.services.table();
    let refused = draft(&harness, Document::Roster, "r.toml", &lost).await;
    assert!(refused.unwrap_err().to_string().contains("the policy in force"));
    let none =
        Publisher(table).roll_back(Document::Roster, 7, harness.clock.now()).await.unwrap_err();
    assert_eq!(none.to_string(), "there is no edition 7 of the roster");
    harness.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&harness).await, "eager");
    assert_eq!(table.editions(Document::Policy).await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_documents_that_only_fit_each_other_come_into_force_together() {
    let harness = TestHarness::published().await;
    let ours = |text: &str| text.replace("\"emea\"", "\"europe\"");
    let (policy, roster) = (ours(&threshold(20, "ours")), ours(roster::SAMPLE));
    assert!(publish(&harness, &policy).await.is_err(), "the sample roster has no europe");
    let drafts = [(Document::Policy, &policy), (Document::Roster, &roster)];
    let drafts = drafts.map(|(document, text)| Draft { document, name: document.word(), text });
    let table = harness.services.table();
    let editions = Publisher(table).publish_drafts(&drafts, harness.clock.now()).await.unwrap();
    assert_eq!(editions.iter().map(|edition| edition.number).collect::<Vec<_>>(), [1, 1]);
    harness.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&harness).await, "ours");
}

/// Each fits what it was read beside, and they don't fit each other.
#[tokio::test]
async fn a_document_read_beside_one_that_changed_meanwhile_is_told_to_try_again() {
    let harness = TestHarness::published().await;
    let table = harness.services.table();
    let stale = Edition {
        number: 1,
        version: "stale".to_owned(),
        published_at: harness.clock.now(),
        again: None,
        text: policy::SAMPLE.to_owned(),
    };
    draft(&harness, Document::Roster, "r.toml", roster::SAMPLE).await.unwrap();
    let beside = Some((Document::Roster, 0));
    assert!(!table.publish(&[(Document::Policy, stale)], beside).await.unwrap());
    assert_eq!(table.number_in_force(Document::Policy).await.unwrap(), 0);
}

#[tokio::test]
async fn what_a_document_was_read_beside_is_checked_as_it_is_published() {
    let harness = TestHarness::published().await;
    let documents = [(Document::Roster, roster::SAMPLE), (Document::Policy, policy::SAMPLE)];
    for ((document, text), beside) in documents.into_iter().zip(["policy", "roster"]) {
        harness.table.taken();
        draft(&harness, document, "mine.toml", text).await.unwrap();
        let commit =
            harness.table.taken().into_iter().find(|call| call.transact_items() > 0).unwrap();
        let sent: Value = serde_json::from_str(&commit.body).unwrap();
        let checks = sent["TransactItems"].as_array().unwrap().iter();
        let checked = checks.filter_map(|item| item["ConditionCheck"]["Key"]["pk"]["S"].as_str());
        assert_eq!(checked.collect::<Vec<_>>(), [format!("document#{beside}")]);
    }
}

#[tokio::test]
async fn what_reached_the_table_broken_is_not_taken_up() {
    let harness = TestHarness::published().await;
    publish(&harness, &threshold(20, "eager")).await.unwrap();
    harness.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&harness).await, "eager");
    let broken = Edition {
        number: 2,
        version: "broken".to_owned(),
        published_at: harness.clock.now(),
        again: None,
        text: "version = ".to_owned(),
    };
    assert!(harness.services.table().publish(&[(Document::Policy, broken)], None).await.unwrap());
    harness.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&harness).await, "eager");
    assert_eq!(harness.codes(), ["rules_unfit"]);
}

#[tokio::test]
async fn of_two_who_publish_at_once_one_is_told_and_nothing_is_lost() {
    let harness = TestHarness::published().await;
    let (first, second) = (threshold(20, "first"), threshold(30, "second"));
    let (a, b) = tokio::join!(publish(&harness, &first), publish(&harness, &second));
    let editions = harness.services.table().editions(Document::Policy).await.unwrap();
    match (a, b) {
        (Ok(_), Ok(_)) => assert_eq!(editions.len(), 2),
        (Ok(_), Err(told)) | (Err(told), Ok(_)) => {
            assert!(matches!(told, PublishError::Overtaken(Document::Policy)), "{told}");
            assert_eq!(editions.len(), 1);
        }
        (Err(a), Err(b)) => panic!("{a}; {b}"),
    }
    let again = publish(&harness, &editions[0].text).await.unwrap();
    assert_eq!(again.number, editions[0].number, "the same text is in force already");
}

#[tokio::test]
async fn an_edition_that_is_missing_does_not_bring_the_sample_back() {
    let harness = TestHarness::published().await;
    publish(&harness, &threshold(20, "eager")).await.unwrap();
    harness.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&harness).await, "eager");
    publish(&harness, &threshold(30, "lost")).await.unwrap();
    let lost = json!({ "TableName": "baton", "Key": {
        "pk": {"S": "document#policy"}, "sk": {"S": "edition#000000000002"} } });
    harness.ask("DeleteItem", &lost);
    harness.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&harness).await, "eager");
    assert_eq!(harness.codes(), ["edition_missing", "rules_unfit"]);
}
