//! No personal data in any line of the log, any metric, or any error told to somebody else.
//!
//! Canaries are put wherever a stranger, a tool or the roster may put something, and the whole
//! hand-off is driven over them, on good days and on bad ones: what comes in is wrong, the store,
//! the bus and SNS are down and quote in their errors all that they were sent, items have been
//! damaged. Then everything that was written is searched for every canary. The log is listened to
//! at TRACE for our own crates and at DEBUG for all others, on the thread that runs the functions
//! and their AWS clients; what the embedded engine says on its own thread is not Baton's.

mod canary;
mod deeds;
mod visitor;

use std::io::Write;

use baton_cloud::{Document, Notifications};
use baton_documents::{policy, roster};
use baton_engine::{Draft, Publisher, Rules};
use baton_score::Score;
use baton_tests::{DESK_KEY, Fate, Log, TRADESHOW_KEY, TestHarness, hook_secret, run};
use serde_json::{Value, json};

use canary::Aviary;
use deeds::{bad_activities, bad_commands, hooks, lost};
use visitor::{Visit, told};

const LEVELS: &str = "debug,baton=trace,baton_cloud=trace,baton_core=trace,baton_desk=trace,\
                      baton_http=trace,baton_route=trace,baton_score=trace,baton_sla=trace";

/// What tools send, and how they prove it.
const SOURCES: &str = r#"
[[source]]
name = "signed"
preset = "zapier"
[[source]]
name = "typeform"
preset = "typeform"
[[source]]
name = "badges"
preset = "badge_sns"
verify = { scheme = "sns", topics = ["arn:aws:sns:us-east-1:123456789012:badges"] }
[[source]]
name = "contact"
preset = "html_form"
verify = { scheme = "form", origins = ["https://www.acme.example"], honeypot = "website" }
"#;

/// The system, and everything that it writes.
struct House {
    aviary: Aviary,
    harness: TestHarness,
    score: Score,
    log: Log,
    /// Answers to whom they are no business of, and how they were not to be.
    leaks: std::cell::RefCell<Vec<String>>,
}

/// The sample roster, each address and number a canary.
fn people(aviary: &Aviary) -> String {
    let line = |line: &str| match line.split_once(" = ").map(|(key, _)| key.trim()) {
        Some("email") => format!("email = \"{}@acme.example\"", aviary.canary("roster")),
        Some("sms") => format!("sms = \"{}\"", aviary.number("roster")),
        Some("name") if line.matches(' ').count() > 2 => {
            format!("name = \"{}\"", aviary.canary("roster"))
        }
        Some(_) | None => line.to_owned(),
    };
    roster::SAMPLE.lines().map(line).collect::<Vec<_>>().join("\n")
}

impl House {
    async fn open() -> Self {
        let aviary = Aviary::default();
        let people = people(&aviary);
        assert!(aviary.len() > 10, "the sample roster has people: {people}");
        let text = format!("{}\n{SOURCES}", policy::SAMPLE);
        let rules = Rules::read(("policy", &text), ("roster", &people)).expect("good sources");
        let log = Log::listen(LEVELS);
        let harness = TestHarness::open(rules).await;
        harness.post.connect(harness.route.clone());
        // Nobody answers there.
        let nowhere = Some("http://127.0.0.1:9".to_owned());
        let score = harness.score.clone().checking_by(Notifications::asking(nowhere));
        Self { aviary, harness, score, log, leaks: Default::default() }
    }

    fn visit(&self, whose: &str, method: &str, path: &str) -> Visit<'_> {
        Visit::new(&self.aviary, whose, method, path)
    }

    /// Hands it to the function that owns its route; the status must be one of these.
    async fn send(&self, visit: Visit<'_>, statuses: &[i64]) -> Value {
        let payload = visit.payload();
        let path = payload.raw_path.clone().unwrap_or_default();
        let is_intake = ["/activities", "/webhooks", "/quarantine", "/health"]
            .iter()
            .any(|first| path.starts_with(first));
        let reply = match is_intake {
            true => self.score.handle(payload).await,
            false => self.harness.desk.handle(payload).await,
        };
        let (status, text) = told(&reply);
        assert!(statuses.contains(&status), "{}: {text}", visit.whose);
        if status >= 400 {
            self.is_nobody_elses(&visit.whose, &text);
        }
        let body = serde_json::to_value(&reply).unwrap()["body"].clone();
        serde_json::from_str(body.as_str().unwrap_or_default()).unwrap_or(Value::Null)
    }

    /// An error tells nobody what others sent, and its own sender no more than the name of a field
    /// that there is not.
    fn is_nobody_elses(&self, whose: &str, text: &str) {
        let own = if whose.ends_with("(a key)") { whose } else { "" };
        let leaks = self.aviary.found_in(text, own);
        let told = leaks.into_iter().map(|leak| format!("{whose} was told of {leak}"));
        self.leaks.borrow_mut().extend(told);
    }

    /// A whole activity, a canary in each of its fields.
    fn activity(&self, visit: &Visit<'_>, kind: &str) -> Value {
        let canary = || visit.canary();
        let mut profile = json!({
            "name": canary(), "first_name": canary(), "last_name": canary(), "title": canary(),
            "company": canary(), "country": "DE", "phone": self.aviary.number(&visit.whose),
            "city": canary(),
        });
        profile[canary()] = canary().into();
        json!({
            "id": format!("{}@acme.example", canary()), "type": kind,
            "email": format!("{}@acme.example", canary()), "profile": profile,
            "data": { "link": format!("https://{}.example/", canary()), canary(): [canary()] },
        })
    }

    /// Somebody whom the trade show tells of, and who qualifies; gives what they are known by.
    async fn newcomer(&self, whose: &str) -> (Value, String) {
        let visit = self.visit(whose, "POST", "/activities").key(TRADESHOW_KEY);
        let activity = self.activity(&visit, "event.booth_visited");
        let answer = self.send(visit.json(&activity), &[200, 503]).await;
        let lead = answer["lead"].as_str().unwrap_or_default().to_owned();
        (activity, lead)
    }

    /// Everything that was written, and what was found in it.
    fn leaks(&self) -> Vec<String> {
        let mut leaks = self.leaks.take();
        for (what, text) in [("log", self.log.text()), ("metrics", self.harness.metrics.text())] {
            leaks.extend(
                self.aviary.found_in(&text, "").into_iter().map(|l| format!("{what} of {l}")),
            );
        }
        leaks
    }
}

/// What is behind us fails, and says what it was sent.
async fn outages(house: &House, known: &(Value, String)) {
    let quoting = Fate::RefuseQuoting(400);
    house.harness.out.when(move |_| quoting);
    house.newcomer("while nothing leaves").await;
    house.harness.pass(jiff::SignedDuration::from_hours(24));
    house.harness.sweep().await;

    house.harness.table.when(move |_| quoting);
    house.newcomer("while the store is down").await;
    hooks_while_down(house).await;
    let path = format!("/leads/{}", known.1);
    house.send(house.visit("the desk", "GET", &path).key(DESK_KEY), &[503]).await;
    let visit = house.visit("the desk", "POST", &format!("{path}/return")).key(DESK_KEY);
    let body = json!({ "reason": visit.canary() });
    house.send(visit.json(&body), &[503]).await;
    let nothing = house.harness.sla.handle(baton_sla::Tick::default(), &run()).await;
    assert!(nothing.is_err());

    let writes = |call: &baton_tests::Request| call.operation == "TransactWriteItems";
    house.harness.table.when(move |call| if writes(call) { quoting } else { Fate::Pass });
    house.newcomer("while nothing can be written").await;
    house.harness.sweep().await;
    house.harness.table.when(move |call| if writes(call) { Fate::Lose } else { Fate::Pass });
    house.newcomer("while connections break").await;
    house.harness.table.heal();
    house.harness.out.when(|_| Fate::Lose);
    house.newcomer("while nothing arrives").await;
    house.harness.out.heal();
    house.harness.minutes(3).await;
}

async fn hooks_while_down(house: &House) {
    let visit = house.visit("a tool, while the store is down", "POST", "/webhooks/signed");
    let body = json!({ "id": visit.canary(), "Email": visit.canary() });
    let visit = visit.header("x-api-key", &hook_secret("signed"));
    house.send(visit.json(&body), &[503]).await;
}

/// Items that are no longer what we wrote, and hold a canary where something else should be.
async fn damage(house: &House, known: &(Value, String)) {
    let (activity, lead) = known;
    let table = house.harness.dump().await;
    let stored = table.values().find(|item| item["id"]["S"] == activity["id"]).unwrap();
    let of_activity = stored["pk"]["S"].as_str().unwrap().to_owned();
    let canary = || house.aviary.canary("damage");
    for (pk, sk, attribute) in [
        (of_activity, "activity", "points"),
        (format!("lead#{lead}"), "lead", "stage"),
        (format!("lead#{lead}"), "history#000000000001", "cycle"),
    ] {
        let update = json!({
            "TableName": "baton", "Key": { "pk": { "S": pk }, "sk": { "S": sk } },
            "UpdateExpression": "SET #a = :a", "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": { "#a": attribute },
            "ExpressionAttributeValues": { ":a": { "S": canary() } },
        });
        house.harness.ask("UpdateItem", &update);
        let visit = house.visit("again", "POST", "/activities").key(TRADESHOW_KEY);
        house.send(visit.json(activity), &[503]).await;
        for path in [format!("/leads/{lead}/history"), format!("/leads/{lead}/ledger")] {
            house.send(house.visit("the desk", "GET", &path).key(DESK_KEY), &[200, 503]).await;
        }
        house.harness.minutes(2).await;
    }
}

#[tokio::test]
async fn nothing_that_is_written_holds_what_anybody_sent() {
    let house = House::open().await;
    let known = house.newcomer("a newcomer").await;
    let visit = house.visit("the same again", "POST", "/activities").key(TRADESHOW_KEY);
    house.send(visit.json(&known.0), &[200]).await;
    bad_activities(&house).await;
    lost(&house).await;
    bad_commands(&house, &known.1).await;
    hooks(&house).await;
    outages(&house, &known).await;
    damage(&house, &known).await;

    let lines = house.log.lines();
    let of = |level: &str| lines.iter().filter(|line| line["level"] == level).count();
    let told = ["ERROR", "WARN", "INFO", "DEBUG"].map(of);
    assert!(told.iter().all(|count| *count > 10), "not much was heard: {told:?}");
    assert!(house.harness.metrics.text().lines().count() > 20, "not much was measured");
    assert!(house.aviary.len() > 500, "few canaries: {}", house.aviary.len());
    let leaks = house.leaks();
    let shown: Vec<_> = leaks.iter().take(20).collect();
    assert!(leaks.is_empty(), "{} leaks: {shown:#?}", leaks.len());
    // What was damaged, and by its keys only.
    assert_eq!(house.harness.codes(), ["unreadable"; 3]);
    assert_eq!(house.aviary.found_in(&house.harness.findings().join("\n"), ""), [""; 0]);
}

/// A document that was good when it was published, and is no longer.
#[tokio::test]
async fn published_rules_that_no_longer_read_are_not_quoted() {
    let (aviary, harness) = (Aviary::default(), TestHarness::published().await);
    let log = Log::listen(LEVELS);
    let draft = Draft { document: Document::Roster, name: "mine.toml", text: roster::SAMPLE };
    let table = harness.services.table();
    Publisher(table).publish_drafts(&[draft], harness.clock.now()).await.unwrap();
    let boss = format!("supervisor = \"{}@acme.example\"", aviary.canary("a supervisor"));
    let text = roster::SAMPLE.replace("supervisor = \"sven\"", &boss);
    assert!(text.contains(&boss));
    let update = json!({
        "TableName": "baton",
        "Key": { "pk": { "S": "document#roster" }, "sk": { "S": "edition#000000000001" } },
        "UpdateExpression": "SET #text = :text", "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": { "#text": "text" },
        "ExpressionAttributeValues": { ":text": { "S": text } },
    });
    harness.ask("UpdateItem", &update);
    harness.sweep().await;
    assert!(log.text().contains("published rules can't be used"), "{}", log.text());
    assert_eq!(aviary.found_in(&log.text(), ""), [""; 0]);
    assert_eq!(harness.codes(), ["rules_unfit"]);
}

/// The first test can fail.
#[tokio::test]
async fn a_leak_into_the_log_or_a_metric_or_an_answer_is_found() {
    let house = House::open().await;
    let (activity, _) = house.newcomer("a newcomer").await;
    assert_eq!(house.leaks(), [""; 0]);
    tracing::debug!(id = activity["id"].as_str(), "taken");
    assert_eq!(house.leaks().len(), 1);
    let error: Result<u8, _> = serde_json::from_value(activity["profile"]["name"].clone());
    tracing::error!(error = &error.unwrap_err() as &dyn std::error::Error, "not taken");
    assert_eq!(house.leaks().len(), 2);
    writeln!(house.harness.metrics.clone(), "{}", activity["profile"]["phone"]).unwrap();
    assert_eq!(house.leaks().len(), 3);
    house.is_nobody_elses("somebody else", &activity["email"].to_string());
    assert_eq!(house.leaks().len(), 4);
}
