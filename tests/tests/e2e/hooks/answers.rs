//! Answers that keep hooks alive, and limits that keep them in check.

use baton_tests::{DESK_KEY, TOPIC, World, hook_secret};
use serde_json::json;

const TOOLS: &str = "[[source]]\nname = \"slow\"\npreset = \"zapier\"\nlimit = { per_minute = 6, \
    burst = 3 }\n[[source]]\nname = \"tool\"\npreset = \"zapier\"\n";

fn send(world: &World, source: &str, body: &str) -> baton_tests::Answer {
    let call = world.call("POST", &format!("/webhooks/{source}"));
    let call = call.header("x-api-key", &hook_secret(source));
    call.header("content-type", "application/json").body(body).send()
}

#[test]
fn a_hook_answers_pings_and_handshakes_whether_or_not_anybody_knows_it() {
    let world = World::hooked(TOOLS);
    for source in ["tool", "nobody-knows"] {
        let path = format!("/webhooks/{source}");
        assert_eq!(world.call("GET", &path).send().expect(200).json()["status"], "ok");
        world.call("HEAD", &path).send().expect(200);
        let asked = world.call("OPTIONS", &path).header("webhook-request-origin", "crm.example");
        let answer = asked.send().expect(200);
        assert_eq!(answer.header("webhook-allowed-origin"), "crm.example");
        assert_eq!(answer.header("allow"), "GET, OPTIONS, POST");
        assert_eq!(world.call("POST", &path).body("{}").send().problem().0, 401);
        assert_eq!(world.call("DELETE", &path).send().problem().0, 405);
    }
}

#[test]
fn a_source_beyond_its_limit_waits_and_no_other_notices() {
    let world = World::hooked(TOOLS);
    let body = |n: usize| format!(r#"{{"id":"{n}","email":"kim@acme.example"}}"#);
    for n in 0..3 {
        send(&world, "slow", &body(n)).expect(200);
    }
    let refused = send(&world, "slow", &body(3));
    assert_eq!(refused.problem(), (429, "too_many_requests".to_owned()));
    assert_eq!(refused.header("retry-after"), "10");
    for n in 0..20 {
        send(&world, "tool", &body(n)).expect(200);
    }
    world.advance("10s");
    send(&world, "slow", &body(3)).expect(200);
    assert_eq!(send(&world, "slow", &body(4)).problem().0, 429);
    // What is not believed costs the source nothing.
    world.advance("1m");
    for _ in 0..50 {
        world.call("POST", "/webhooks/slow").body("{}").send().expect(401);
    }
    send(&world, "slow", &body(4)).expect(200);
}

#[test]
fn a_limit_holds_for_activities_too() {
    let world = World::hooked(TOOLS);
    let post = |n: usize| {
        let activity = json!({"id": n, "type": "form.submitted", "email": "kim@acme.example"});
        world.call("POST", "/activities").key(&hook_secret("slow")).json(&activity).send()
    };
    for n in 0..3 {
        post(n).expect(200);
    }
    assert_eq!(post(3).problem().0, 429);
}

#[test]
fn a_body_too_large_is_refused_and_one_nested_too_deep_is_kept() {
    let world = World::hooked(TOOLS);
    let large = format!(r#"{{"email":"{}"}}"#, "x".repeat(262_145));
    assert_eq!(send(&world, "tool", &large).problem().0, 413);
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let kept = send(&world, "tool", &format!(r#"{{"a":{deep}}}"#)).expect(200).json();
    assert_eq!(
        kept["quarantined"]["reasons"][0],
        "the body is nested too deeply; expected at most 64 levels"
    );
    let many = json!(vec![json!({"email": "kim@acme.example"}); 501]).to_string();
    let answer = send(&world, "tool", &many).expect(200).json();
    assert_eq!(answer["results"].as_array().unwrap().len(), 500);
    assert!(answer["quarantined"]["reasons"][0].as_str().unwrap().contains("too many"));
}

#[test]
fn the_two_live_secrets_open_and_the_desk_key_does_not() {
    let world = World::hooked(TOOLS);
    let call = world.call("POST", "/webhooks/tool").header("x-api-key", DESK_KEY);
    assert_eq!(call.body("{}").send().problem().0, 401);
}

const BADGES: &str = "[[source]]\nname = \"badges\"\npreset = \"badge_sns\"\n\
    verify = { scheme = \"sns\", topics = [\"arn:aws:sns:us-east-1:123456789012:badges\"] }\n";

#[test]
fn a_subscription_is_confirmed_for_a_topic_the_policy_names_and_for_no_other() {
    let world = World::hooked(BADGES);
    let post = |message: &serde_json::Value| {
        let call = world.call("POST", "/webhooks/badges").header("content-type", "text/plain");
        call.body(message.to_string()).send()
    };
    let address =
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37";
    let confirmation = world.amazon().confirmation(address);
    let mut other = confirmation.clone();
    other["TopicArn"] = format!("{TOPIC}-of-somebody-else").into();
    assert_eq!(post(&other).problem().0, 401);
    let elsewhere = world.amazon().confirmation("https://evil.example/?Action=ConfirmSubscription");
    assert_eq!(post(&elsewhere).problem().0, 401);
    assert!(!world.amazon().asked().iter().any(|asked| asked.contains("ConfirmSubscription")));
    post(&confirmation).expect(200);
    let asked = world.amazon().asked();
    assert!(asked.last().unwrap().contains("Action=ConfirmSubscription&Token=2336412f37"));
}
