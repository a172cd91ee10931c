//! The session the README shows, as steps that can be played with anything in between.

use baton_tests::{Baton, WEBSITE_KEY};
use serde_json::{Value, json};

pub(crate) const KIM: &str = "email:kim@acme.example";

/// A step: its name, and what somebody does.
pub(crate) type Step = (&'static str, fn(&Baton));

/// The README's ten-minute tour.
pub(crate) const STEPS: [Step; 7] = [
    ("a booth visit", |baton| {
        let kim = json!({
            "id": "scan-1", "type": "event.booth_visited", "email": "kim@acme.example",
            "profile": {"name": "Kim Lee", "title": "VP Sales", "company": "Acme", "country": "DE"},
        });
        baton.activity_from(WEBSITE_KEY, kim);
    }),
    ("24 hours of silence", |baton| drop(baton.advance("24h"))),
    ("the owner accepts", |baton| drop(baton.command(KIM, "accept", &Value::Null).expect(200))),
    ("30 days without a conversion", |baton| drop(baton.advance("30d"))),
    ("24 hours after the warning", |baton| drop(baton.advance("24h"))),
    ("a webinar and a form", |baton| {
        let answers = baton.activity_from(
            WEBSITE_KEY,
            json!([
                {"id": "w-1", "type": "webinar.attended", "email": "kim@acme.example"},
                {"id": "f-1", "type": "form.submitted", "email": "kim@acme.example"},
            ]),
        );
        assert_eq!(answers["results"][1]["outcome"], "scored");
    }),
    ("a new booth visit", |baton| {
        let visit = json!({
            "id": "scan-2", "type": "event.booth_visited", "email": "kim@acme.example",
        });
        baton.activity_from(WEBSITE_KEY, visit);
    }),
];

/// Plays all steps and tells what each led to. `between` gives the Baton to go on with.
pub(crate) fn play(mut between: impl FnMut(usize) -> Baton) -> Vec<Value> {
    let (mut letters, mut events) = (0, 0);
    let mut told = Vec::new();
    for (number, (name, act)) in STEPS.into_iter().enumerate() {
        let baton = between(number);
        act(&baton);
        let (inbox, bus) = (baton.inbox(), baton.events());
        told.push(json!({
            "step": name,
            "lead": baton.lead(KIM),
            "alerts": inbox[letters..].iter().map(letter).collect::<Vec<_>>(),
            "events": bus[events..].iter().map(event).collect::<Vec<_>>(),
        }));
        (letters, events) = (inbox.len(), bus.len());
    }
    told
}

/// The story in lines: where the lead stands after each step, and what is new.
pub(crate) fn in_lines(told: &[Value]) -> Vec<Value> {
    let mut marks = Value::Null;
    let line = |step: &Value| {
        let lead = &step["lead"];
        let new = news(&marks, &lead["marks"]);
        marks = lead["marks"].clone();
        json!({
            "step": step["step"], "status": lead["status"], "cycle": lead["cycle"],
            "owner": lead["owner"], "deadline": lead["deadline"], "score": lead["score"],
            "new marks": new, "alerts": step["alerts"], "events": step["events"],
        })
    };
    told.iter().map(line).collect()
}

fn news(old: &Value, new: &Value) -> Value {
    let fields = new.as_object().expect("marks are an object").iter();
    fields.filter(|(name, value)| old[name.as_str()] != **value).map(pair).collect()
}

fn pair((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// An alert in a line. What its mail says is shown by the snapshots of `baton_wording`.
pub(crate) fn letter(letter: &Value) -> Value {
    let text = |field: &str| letter[field].as_str().unwrap_or("?");
    let words = match text("channel") {
        "sms" => without_token(text("body")),
        _ => text("subject").to_owned(),
    };
    let line =
        format!("{} {} by {}, {}: {words}", text("at"), text("to"), text("channel"), text("kind"));
    line.into()
}

/// An event, without the ids that each delivery and each request get anew.
pub(crate) fn event(event: &Value) -> Value {
    let mut event = event.clone();
    event.as_object_mut().expect("an event is an object").remove("id");
    let detail = event["detail"].as_object_mut().expect("facts are an object");
    assert!(detail.remove("correlation").is_some(), "{detail:?} follows from nothing");
    event
}

/// A text, its link's token replaced.
pub(crate) fn without_token(text: &str) -> String {
    match text.split_once("/l/") {
        None => text.to_owned(),
        Some((before, rest)) => {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            format!("{before}/l/TOKEN{}", without_token(&rest[end..]))
        }
    }
}
