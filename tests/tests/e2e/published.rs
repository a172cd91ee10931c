//! Rules published in the table: in force within a minute, and never half or broken.

use baton_cloud::{Document, Edition};
use baton_documents::{policy, roster};
use baton_engine::{Draft, PublishError, Publisher};
use baton_tests::{Rig, activity};
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
async fn in_force(rig: &Rig) -> String {
    rig.sweep().await;
    rig.services.settings().rules().policy.version.clone()
}

async fn publish(rig: &Rig, text: &str) -> Result<Edition, PublishError> {
    draft(rig, Document::Policy, "mine.toml", text).await
}

async fn draft(
    rig: &Rig,
    document: Document,
    name: &str,
    text: &str,
) -> Result<Edition, PublishError> {
    let drafts = [Draft { document, name, text }];
    let published = Publisher(rig.services.table()).publish_drafts(&drafts, rig.clock.now()).await;
    published.map(|mut editions| editions.remove(0))
}

#[tokio::test]
async fn a_published_policy_decides_within_a_minute_and_an_earlier_one_comes_back() {
    let rig = Rig::published().await;
    let sample = in_force(&rig).await;
    assert_eq!(publish(&rig, &threshold(20, "eager")).await.unwrap().number, 1);
    rig.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&rig).await, "eager");
    let form = activity("f-1", "form.submitted", "kim@acme.example", "DE");
    let recorded = rig.record(form).await.unwrap();
    assert_eq!(recorded.lead.status().word(), "mql", "30 points are enough now");

    assert_eq!(publish(&rig, &threshold(90, "strict")).await.unwrap().number, 2);
    let table = rig.services.table();
    let back = Publisher(table).roll_back(Document::Policy, 1, rig.clock.now()).await.unwrap();
    assert_eq!((back.number, back.again), (3, Some(1)));
    rig.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&rig).await, "eager");
    let editions = table.editions(Document::Policy).await.unwrap();
    let told: Vec<_> = editions.iter().map(|e| (e.number, e.version.as_str())).collect();
    assert_eq!(told, [(3, "eager"), (2, "strict"), (1, "eager")]);
    assert_ne!(sample, "eager");
}

#[tokio::test]
async fn looking_costs_two_small_reads_and_no_more_than_one_look_in_half_a_minute() {
    let rig = Rig::published().await;
    in_force(&rig).await;
    rig.table.taken();
    for _ in 0..5 {
        rig.services.refresh().await;
    }
    assert!(rig.table.taken().is_empty());
    rig.pass(SignedDuration::from_secs(30));
    rig.services.refresh().await;
    assert_eq!(rig.table.counted(), [("GetItem".to_owned(), 2)].into());
}

#[tokio::test]
async fn a_bad_document_is_refused_with_its_line_and_the_running_one_stays() {
    let rig = Rig::published().await;
    publish(&rig, &threshold(20, "eager")).await.unwrap();
    for (bad, told) in [
        (threshold(20, "x").replace("points = 30", "pionts = 30"), "unknown key `pionts`"),
        (policy::SAMPLE.replace("\"emea\"", "\"emae\""), "did you mean `emea`"),
    ] {
        let refused = publish(&rig, &bad).await.unwrap_err().to_string();
        assert!(refused.starts_with("mine.toml") && refused.contains(told), "{refused}");
    }
    let lost = roster::SAMPLE.replace("\"emea\"", "\"europe\"");
    let table = rig.services.table();
    let refused = draft(&rig, Document::Roster, "r.toml", &lost).await;
    assert!(refused.unwrap_err().to_string().contains("the policy in force"));
    let none = Publisher(table).roll_back(Document::Roster, 7, rig.clock.now()).await.unwrap_err();
    assert_eq!(none.to_string(), "there is no edition 7 of the roster");
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&rig).await, "eager");
    assert_eq!(table.editions(Document::Policy).await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_documents_that_only_fit_each_other_come_into_force_together() {
    let rig = Rig::published().await;
    let ours = |text: &str| text.replace("\"emea\"", "\"europe\"");
    let (policy, roster) = (ours(&threshold(20, "ours")), ours(roster::SAMPLE));
    assert!(publish(&rig, &policy).await.is_err(), "the sample roster has no europe");
    let drafts = [(Document::Policy, &policy), (Document::Roster, &roster)];
    let drafts = drafts.map(|(document, text)| Draft { document, name: document.word(), text });
    let table = rig.services.table();
    let editions = Publisher(table).publish_drafts(&drafts, rig.clock.now()).await.unwrap();
    assert_eq!(editions.iter().map(|edition| edition.number).collect::<Vec<_>>(), [1, 1]);
    rig.pass(SignedDuration::from_secs(30));
    assert_eq!(in_force(&rig).await, "ours");
}

/// Each fits what it was read beside, and they don't fit each other.
#[tokio::test]
async fn a_document_read_beside_one_that_changed_meanwhile_is_told_to_try_again() {
    let rig = Rig::published().await;
    let table = rig.services.table();
    let stale = Edition {
        number: 1,
        version: "stale".to_owned(),
        published_at: rig.clock.now(),
        again: None,
        text: policy::SAMPLE.to_owned(),
    };
    draft(&rig, Document::Roster, "r.toml", roster::SAMPLE).await.unwrap();
    let beside = Some((Document::Roster, 0));
    assert!(!table.publish(&[(Document::Policy, stale)], beside).await.unwrap());
    assert_eq!(table.number_in_force(Document::Policy).await.unwrap(), 0);
}

#[tokio::test]
async fn what_a_document_was_read_beside_is_checked_as_it_is_published() {
    let rig = Rig::published().await;
    let documents = [(Document::Roster, roster::SAMPLE), (Document::Policy, policy::SAMPLE)];
    for ((document, text), beside) in documents.into_iter().zip(["policy", "roster"]) {
        rig.table.taken();
        draft(&rig, document, "mine.toml", text).await.unwrap();
        let commit = rig.table.taken().into_iter().find(|call| call.transact_items() > 0).unwrap();
        let sent: Value = serde_json::from_str(&commit.body).unwrap();
        let checks = sent["TransactItems"].as_array().unwrap().iter();
        let checked = checks.filter_map(|item| item["ConditionCheck"]["Key"]["pk"]["S"].as_str());
        assert_eq!(checked.collect::<Vec<_>>(), [format!("document#{beside}")]);
    }
}

#[tokio::test]
async fn what_reached_the_table_broken_is_not_taken_up() {
    let rig = Rig::published().await;
    publish(&rig, &threshold(20, "eager")).await.unwrap();
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&rig).await, "eager");
    let broken = Edition {
        number: 2,
        version: "broken".to_owned(),
        published_at: rig.clock.now(),
        again: None,
        text: "version = ".to_owned(),
    };
    assert!(rig.services.table().publish(&[(Document::Policy, broken)], None).await.unwrap());
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&rig).await, "eager");
    assert_eq!(rig.codes(), ["rules_unfit"]);
}

#[tokio::test]
async fn of_two_who_publish_at_once_one_is_told_and_nothing_is_lost() {
    let rig = Rig::published().await;
    let (first, second) = (threshold(20, "first"), threshold(30, "second"));
    let (a, b) = tokio::join!(publish(&rig, &first), publish(&rig, &second));
    let editions = rig.services.table().editions(Document::Policy).await.unwrap();
    match (a, b) {
        (Ok(_), Ok(_)) => assert_eq!(editions.len(), 2),
        (Ok(_), Err(told)) | (Err(told), Ok(_)) => {
            assert!(matches!(told, PublishError::Overtaken(Document::Policy)), "{told}");
            assert_eq!(editions.len(), 1);
        }
        (Err(a), Err(b)) => panic!("{a}; {b}"),
    }
    let again = publish(&rig, &editions[0].text).await.unwrap();
    assert_eq!(again.number, editions[0].number, "the same text is in force already");
}

#[tokio::test]
async fn an_edition_that_is_missing_does_not_bring_the_sample_back() {
    let rig = Rig::published().await;
    publish(&rig, &threshold(20, "eager")).await.unwrap();
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&rig).await, "eager");
    publish(&rig, &threshold(30, "lost")).await.unwrap();
    let lost = json!({ "TableName": "baton", "Key": {
        "pk": {"S": "document#policy"}, "sk": {"S": "edition#000000000002"} } });
    rig.ask("DeleteItem", &lost);
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(in_force(&rig).await, "eager");
    assert_eq!(rig.codes(), ["edition_missing", "rules_unfit"]);
}
