//! What is metered: an activity, a hand-off, a slide back to marketing, and an idle minute.

use std::collections::BTreeMap;
use std::ops::Range;

use baton::local::delivery;
use baton_engine::Rules;
use baton_http::Payload;
use baton_tests::{DESK_KEY, Metered, Request, TestHarness};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// One step, and what it asked of whom.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) table: Vec<Metered>,
    pub(super) out: BTreeMap<String, usize>,
    /// The longest text message that was sent, in characters.
    pub(super) sms_chars: usize,
}

const LEA: &str = "lea@acme.example";
const MAX: &str = "max@acme.example";

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Days of activities after which a lead is as long as it gets.
const BUSY_DAYS: usize = 70;

/// The story, step by step.
pub(super) async fn told() -> Vec<Step> {
    let mut story = Story::open(TestHarness::open(Rules::sample()).await);
    story.activities().await;
    story.hand_off().await;
    story.slide().await;
    story.idle("idle_sweep").await;
    story.busy().await;
    story.late().await;
    let mut published = Story::open(TestHarness::published().await);
    published.idle("idle_sweep_that_looks_for_rules").await;
    story.steps.into_iter().chain(published.steps).collect()
}

struct Story {
    harness: TestHarness,
    steps: Vec<Step>,
}

impl Story {
    fn open(harness: TestHarness) -> Self {
        harness.table.meter(true);
        Self { harness, steps: Vec::new() }
    }

    async fn activities(&mut self) {
        self.view("kim@acme.example", 1).await;
        self.took("activity_of_a_new_lead");
        self.has_viewed("kim@acme.example", 2..3).await;
        self.view("kim@acme.example", 3).await;
        self.took("activity");
        self.view("kim@acme.example", 3).await;
        self.took("duplicate");
    }

    /// Somebody excluded, who else would have qualified long since.
    async fn busy(&mut self) {
        self.has_viewed("spy@competitor.example", 0..BUSY_DAYS).await;
        self.view("spy@competitor.example", BUSY_DAYS).await;
        self.took("activity_of_a_busy_lead");
    }

    /// An unsubscription of the day before yesterday, of a lead with a month of activities.
    async fn late(&mut self) {
        self.has_viewed("late@competitor.example", 0..30).await;
        let occurred_at = self.harness.clock.now() - DAY * 2;
        let bye = json!({
            "id": "bye", "type": "email.unsubscribed", "email": "late@competitor.example",
            "occurred_at": occurred_at, "profile": profile(),
        });
        self.post(bye).await;
        self.took("activity_that_counts_the_ledger");
    }

    async fn hand_off(&mut self) {
        self.bring_to_an_owner(LEA, ["qualify", "route"]).await;
        self.view(LEA, 1).await;
        self.took("activity_of_a_lead_in_sales");
        self.command(LEA, "accept", "accept").await;
        self.command(LEA, "convert", "convert").await;
        self.look(LEA, "").await;
        self.took("look");
        self.look(LEA, "/history").await;
        self.took("look_at_history");
    }

    /// Nobody accepts for a day, and nobody converts for a month.
    async fn slide(&mut self) {
        self.bring_to_an_owner(MAX, ["slide_qualify", "slide_route"]).await;
        self.lapse(DAY, "slide_escalate").await;
        self.command(MAX, "accept", "slide_accept").await;
        self.lapse(DAY * 30, "slide_warn").await;
        self.lapse(DAY, "slide_return").await;
    }

    async fn idle(&mut self, name: &'static str) {
        self.harness.pass(MINUTE);
        self.harness.sweep().await;
        self.took(name);
    }

    async fn bring_to_an_owner(&mut self, who: &str, [qualify, route]: [&'static str; 2]) {
        let visit = json!({
            "id": format!("scan-{who}"), "type": "event.booth_visited", "email": who,
            "profile": profile(), "data": { "booth": "B12" },
        });
        self.post(visit).await;
        self.took(qualify);
        let event = self.harness.post.events().pop().unwrap();
        let inbox = serde_json::from_value(delivery(&event)).unwrap();
        self.harness.route.handle(inbox).await.unwrap();
        self.took(route);
    }

    /// The time comes, and the next sweep finds it; what a sweep asks anyway is the idle one's.
    async fn lapse(&mut self, after: SignedDuration, name: &'static str) {
        self.harness.pass(after);
        self.harness.sweep().await;
        self.took(name);
        let step = self.steps.last_mut().unwrap();
        step.table.retain(|metered| metered.request.operation != "Query");
    }

    /// Looks once a day, and nobody counts.
    async fn has_viewed(&self, who: &str, numbers: Range<usize>) {
        self.harness.table.meter(false);
        for number in numbers {
            self.harness.pass(DAY);
            self.view(who, number).await;
        }
        self.harness.table.meter(true);
        self.harness.out.taken();
    }

    async fn view(&self, who: &str, number: usize) {
        let view = json!({
            "id": format!("{who}-{number}"), "type": "pricing.viewed", "email": who,
            "profile": profile(), "data": { "page": "/pricing", "campaign": "spring" },
        });
        self.post(view).await;
    }

    async fn post(&self, activity: Value) {
        let request = include_str!("../../../../functions/score/events/activity.json");
        let mut request: Value = serde_json::from_str(request).unwrap();
        request["body"] = json!(activity.to_string());
        let reply = self.harness.score.handle(serde_json::from_value(request).unwrap()).await;
        assert_eq!(reply.status_code, 200, "{reply:?}");
    }

    async fn command(&mut self, who: &str, word: &str, name: &'static str) {
        self.ask("POST", &format!("/leads/email:{who}/{word}")).await;
        self.took(name);
    }

    async fn look(&self, who: &str, at: &str) {
        self.ask("GET", &format!("/leads/email:{who}{at}")).await;
    }

    async fn ask(&self, method: &str, path: &str) {
        let request = include_str!("../../../../functions/desk/events/lead.json");
        let mut request: Value = serde_json::from_str(request).unwrap();
        request["rawPath"] = json!(path);
        request["requestContext"]["http"]["method"] = json!(method);
        request["headers"]["authorization"] = json!(format!("Bearer {DESK_KEY}"));
        let request: Payload = serde_json::from_value(request).unwrap();
        let reply = self.harness.desk.handle(request).await;
        assert_eq!(reply.status_code, 200, "{path}: {reply:?}");
    }

    fn took(&mut self, name: &'static str) {
        let (mut out, mut sms_chars) = (BTreeMap::new(), 0);
        for request in self.harness.out.taken() {
            sms_chars = sms_chars.max(sms(&request).chars().count());
            *out.entry(request.operation).or_default() += 1;
        }
        let table = self.harness.table.metered();
        assert!(!table.is_empty(), "{name} asked the table nothing");
        self.steps.push(Step { name, table, out, sms_chars });
    }
}

/// The text message in a request to SNS; nothing, in any other.
fn sms(request: &Request) -> String {
    let form: Vec<(String, String)> =
        form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let message = form.iter().find(|(name, _)| name == "Message").map(|(_, value)| value.as_str());
    let bodies: Value = serde_json::from_str(message.unwrap_or("{}")).unwrap_or_default();
    bodies["sms"].as_str().unwrap_or_default().to_owned()
}

fn profile() -> Value {
    json!({ "name": "Kim Lee", "title": "VP Sales", "company": "Acme", "country": "DE" })
}
