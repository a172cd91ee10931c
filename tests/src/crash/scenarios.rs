//! The hand-off, in scenarios: what is so already, and what happens then.

use serde_json::{Value, json};

use crate::{Ask, hook_secret};

/// A tool of which the rules know.
pub(super) const HOOK: &str = "[[source]]\nname = \"signed\"\npreset = \"zapier\"\n";

/// One part of the hand-off. Each step has its moment, as a span since the start.
#[derive(Debug)]
pub struct Scenario {
    pub(super) name: &'static str,
    pub(super) given: &'static [(&'static str, Step)],
    pub(super) steps: &'static [(&'static str, Step)],
    /// Whether nobody is there to take the lead.
    pub(super) nobody_there: bool,
    /// Whether the bus loses what it took.
    pub(super) bus_loses: bool,
}

/// What happens.
#[derive(Debug)]
pub enum Step {
    /// A request.
    Ask(fn() -> Ask),
    /// The timer runs.
    Timer,
    /// Somebody mended the mapping and has the quarantined delivery tried again.
    Retry,
}

const KIM: &str = "kim@acme.example";

fn does(id: &str, kind: &str, country: &str) -> Value {
    json!({ "id": id, "type": kind, "email": KIM, "profile": { "country": country } })
}

fn says(word: &str, body: &Value) -> Ask {
    Ask::command(KIM, word, body)
}

fn hook(body: &Value) -> Ask {
    Ask::post("/webhooks/signed", body).header("x-api-key", &hook_secret("signed"))
}

const FORM: Step = Step::Ask(|| Ask::activities(&does("form", "form.submitted", "DE")));
const WEBINAR: Step = Step::Ask(|| Ask::activities(&does("webinar", "webinar.attended", "DE")));
const DEMO: Step = Step::Ask(|| Ask::activities(&does("demo", "webinar.attended", "DE")));
const VISIT: Step = Step::Ask(|| Ask::activities(&does("visit", "event.booth_visited", "DE")));
const AGAIN: Step = Step::Ask(|| Ask::activities(&does("again", "event.booth_visited", "DE")));
const BATCH: Step = Step::Ask(|| {
    let other = json!({ "id": "lee", "type": "event.booth_visited", "email": "lee@acme.example" });
    let (form, webinar) = (does("f", "form.submitted", "DE"), does("w", "webinar.attended", "DE"));
    Ask::activities(&json!([form, other, webinar, { "id": "nobody" }]))
});
const ACCEPT: Step = Step::Ask(|| says("accept", &Value::Null));
const REJECT: Step = Step::Ask(|| says("reject", &json!({ "reason": "not_now" })));
const RULE_OUT: Step = Step::Ask(|| says("reject", &json!({ "reason": "bad_data" })));
const RETURN: Step = Step::Ask(|| says("return", &json!({ "reason": "a mistake" })));
const DISQUALIFY: Step = Step::Ask(|| says("disqualify", &json!({ "reason": "spam" })));
const CONVERT: Step = Step::Ask(|| says("convert", &Value::Null));
const EXTEND: Step = Step::Ask(|| says("extend", &json!({ "reason": "budget in May", "id": "x" })));
const REASSIGN: Step = Step::Ask(|| says("reassign", &json!({ "to": "ben" })));
const QUALIFY: Step = Step::Ask(|| says("qualify", &json!({ "reason": "a referral" })));
const REPORT: Step = Step::Ask(|| Ask::status(KIM, "Converted"));
const HOOKED: Step = Step::Ask(|| hook(&json!({ "id": "7", "email": KIM })));
const UNMAPPED: Step = Step::Ask(|| hook(&json!({ "id": "8", "mail": "nobody can tell" })));
const MENTIONED: Step = Step::Ask(|| hook(&json!({ "id": "9", "note": format!("to {KIM}") })));
const ERASE: Step = Step::Ask(|| Ask::erase(KIM));
const TIMER: Step = Step::Timer;
const RETRY: Step = Step::Retry;

const fn scenario(
    name: &'static str,
    given: &'static [(&'static str, Step)],
    steps: &'static [(&'static str, Step)],
) -> Scenario {
    Scenario { name, given, steps, nobody_there: false, bus_loses: false }
}

const fn accepted(name: &'static str, steps: &'static [(&'static str, Step)]) -> Scenario {
    scenario(name, &[("0h", VISIT), ("1h", ACCEPT)], steps)
}

/// A timer that is due runs ten minutes after, so that what recovery held up is due then, too.
pub const SCENARIOS: &[Scenario] = &[
    scenario("an activity", &[], &[("0h", FORM)]),
    scenario("an activity sent twice", &[("0h", FORM)], &[("1h", FORM)]),
    scenario("a batch", &[], &[("0h", BATCH)]),
    scenario("qualified by the score", &[("0h", FORM), ("1h", WEBINAR)], &[("2h", DEMO)]),
    scenario("qualified by a fast track", &[], &[("0h", VISIT)]),
    scenario("qualified by hand", &[("0h", FORM)], &[("1h", QUALIFY)]),
    Scenario {
        nobody_there: true,
        ..scenario(
            "nobody there",
            &[],
            &[("0h", ELSEWHERE), ("25m", TIMER), ("24h15m", TIMER), ("25h", GIVE_TO_ANA)],
        )
    },
    Scenario {
        bus_loses: true,
        ..scenario("an event the bus lost", &[], &[("0h", VISIT), ("3m", TIMER)])
    },
    scenario("not accepted", &[("0h", VISIT)], &[("24h10m", TIMER), ("48h20m", TIMER)]),
    scenario("accepted", &[("0h", VISIT)], &[("1h", ACCEPT)]),
    scenario(
        "accepted after an escalation",
        &[("0h", VISIT), ("24h10m", TIMER)],
        &[("26h", ACCEPT)],
    ),
    scenario("rejected", &[("0h", VISIT)], &[("1h", REJECT)]),
    scenario("rejected for good", &[("0h", VISIT)], &[("1h", RULE_OUT)]),
    scenario("reassigned before it is accepted", &[("0h", VISIT)], &[("1h", REASSIGN)]),
    accepted("reassigned", &[("2h", REASSIGN), ("3h", ACCEPT)]),
    accepted("warned", &[("721h10m", TIMER)]),
    scenario("more alerts at once than anybody is sent", &[("0h", CROWD)], &[("2m", TIMER)]),
    scenario(
        "taken back",
        &[("0h", VISIT), ("1h", ACCEPT), ("721h10m", TIMER)],
        &[("745h30m", TIMER)],
    ),
    scenario(
        "qualified again",
        &[("0h", VISIT), ("1h", ACCEPT), ("721h10m", TIMER), ("745h30m", TIMER)],
        &[("750h", AGAIN), ("751h", ACCEPT)],
    ),
    accepted("extended", &[("2h", EXTEND)]),
    scenario(
        "extended after the warning",
        &[("0h", VISIT), ("1h", ACCEPT), ("721h10m", TIMER)],
        &[("722h", EXTEND), ("1058h10m", TIMER)],
    ),
    accepted("converted", &[("2h", CONVERT)]),
    scenario("converted, says the CRM", &[("0h", VISIT)], &[("1h", REPORT)]),
    accepted("returned by hand", &[("2h", RETURN)]),
    accepted("disqualified", &[("2h", DISQUALIFY)]),
    scenario("a tool's payload", &[], &[("0h", HOOKED)]),
    scenario("a payload nothing can be made of", &[], &[("0h", UNMAPPED), ("1h", RETRY)]),
    scenario(
        "erased",
        &[("0h", VISIT), ("1h", ACCEPT), ("1h", MENTIONED)],
        &[("2h", ERASE), ("2h20m", TIMER), ("2h40m", TIMER)],
    ),
    scenario(
        "erased and back",
        &[("0h", VISIT), ("1h", ERASE), ("1h20m", TIMER)],
        &[("2h", AGAIN)],
    ),
];

/// As many leads at once that one person has to be told of four of them in a digest.
const CROWD: Step = Step::Ask(|| {
    let visit = |n: usize| {
        let (who, profile) = (format!("p{n}@acme.example"), json!({ "country": "XX" }));
        json!({ "id": who, "type": "event.booth_visited", "email": who, "profile": profile })
    };
    Ask::activities(&(1..=9).map(visit).collect())
});

const ELSEWHERE: Step = Step::Ask(|| Ask::activities(&does("visit", "event.booth_visited", "XX")));
const GIVE_TO_ANA: Step = Step::Ask(|| says("reassign", &json!({ "to": "ana" })));
