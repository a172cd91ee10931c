//! What strangers, tools and people send that is not as it should be.

use baton_tests::{DESK_KEY, TOPIC, WEBSITE_KEY, hook_secret};
use serde_json::json;

use super::House;
use super::visitor::Visit;

/// What comes in at `/activities`, and is not as it should be.
pub(super) async fn bad_activities(house: &House) {
    let post = |whose: &str| house.visit(whose, "POST", "/activities").key(WEBSITE_KEY);
    let visit = post("no JSON");
    let broken = format!("{{\"id\":\"{}\",\"{}\":", visit.canary(), visit.canary());
    house.send(visit.body(broken), &[400]).await;
    let visit = post("too large");
    let large = visit.canary().repeat(200_000);
    house.send(visit.body(large), &[413]).await;
    let visit = post("another content type");
    let kind = format!("text/{}; charset={}", visit.canary(), visit.canary());
    let activity = house.activity(&visit, "form.submitted");
    house.send(visit.body(activity.to_string()).header("content-type", &kind), &[200]).await;
    for field in ["id", "type", "email", "occurred_at", "profile", "data", "person_id"] {
        let visit = post(&format!("a bad {field}"));
        let mut activity = house.activity(&visit, "form.submitted");
        activity[field] = json!([{ visit.canary(): visit.canary() }]);
        house.send(visit.json(&activity), &[422]).await;
        let visit = post(&format!("a long {field}"));
        let mut activity = house.activity(&visit, "form.submitted");
        activity[field] = visit.canary().repeat(5_000).into();
        house.send(visit.json(&activity), &[422]).await;
    }
    let visit = post("an unknown field (a key)");
    let mut activity = house.activity(&visit, "form.submitted");
    activity[visit.canary()] = visit.canary().into();
    house.send(visit.json(&activity), &[422]).await;
    let visit = post("a batch of all sorts");
    let good = house.activity(&visit, "form.submitted");
    let batch =
        json!([good, good, { "id": visit.canary(), "type": visit.canary() }, visit.canary()]);
    house.send(visit.json(&batch), &[200]).await;
    let visit = house.visit("a stranger", "POST", "/activities");
    let (key, activity) = (visit.canary(), house.activity(&visit, "form.submitted"));
    house.send(visit.key(&key).json(&activity), &[401]).await;
}

/// Paths, methods and tokens that lead nowhere.
pub(super) async fn lost(house: &House) {
    let canary = |whose: &str| house.aviary.canary(whose);
    for (whose, path, status) in [
        ("a path", format!("/{}", canary("a path")), 404),
        ("a token", format!("/l/{}", canary("a token")), 401),
        ("an address", format!("/leads/email%3A{}%40acme.example", canary("an address")), 404),
        ("no id", format!("/leads/{}", canary("no id")), 422),
        ("a hook", format!("/webhooks/{}", canary("a hook")), 200),
        (
            "quarantine",
            format!("/quarantine/{}/{}", canary("quarantine"), canary("quarantine")),
            404,
        ),
    ] {
        house.send(house.visit(whose, "GET", &path).key(DESK_KEY), &[status, 400, 401]).await;
        let method = canary(whose).to_uppercase();
        house.send(house.visit(whose, &method, &path).key(DESK_KEY), &[405, 404, 401]).await;
    }
    let visit = house.visit("a search", "GET", "/leads");
    let query = format!("email={}%40acme.example", visit.canary());
    house.send(visit.query(&query).key(DESK_KEY), &[404]).await;
}

/// What people and the CRM ask of a lead, and may not.
pub(super) async fn bad_commands(house: &House, lead: &str) {
    let ask = |whose: &str, word: &str| {
        house.visit(whose, "POST", &format!("/leads/{lead}/{word}")).key(DESK_KEY)
    };
    for word in ["reject", "extend", "return", "disqualify", "reassign", "qualify", "accept"] {
        let visit = ask(&format!("{word}, a bad field (a key)"), word);
        let body = json!({ visit.canary(): visit.canary() });
        house.send(visit.json(&body), &[422]).await;
        let visit = ask(&format!("{word}, no JSON"), word);
        let body = visit.canary();
        house.send(visit.body(body), &[400]).await;
        let visit =
            house.visit(&format!("{word}, a token"), "POST", &format!("/leads/{lead}/{word}"));
        let body = json!({ "token": visit.canary(), "reason": visit.canary() });
        house.send(visit.json(&body), &[401]).await;
        let visit = ask(&format!("{word}, a long reason"), word);
        let body = json!({ "reason": visit.canary().repeat(500), "to": visit.canary() });
        house.send(visit.json(&body), &[422]).await;
    }
    let visit = ask("an unknown reason", "reject");
    let body = json!({ "reason": visit.canary() });
    house.send(visit.json(&body), &[409]).await;
    let visit = ask("an unknown person", "reassign");
    let body = json!({ "to": visit.canary(), "reason": visit.canary() });
    house.send(visit.json(&body), &[409]).await;
    let visit = ask("too early", "extend");
    let body = json!({ "reason": visit.canary() });
    house.send(visit.json(&body), &[409]).await;
    let visit = house.visit("a status", "PUT", &format!("/leads/{lead}/status")).key(DESK_KEY);
    let body = json!({ "status": visit.canary(), "reason": visit.canary() });
    house.send(visit.json(&body), &[422]).await;
    let visit = house.visit("a page", "GET", &format!("/leads/{lead}"));
    let query = format!("t={}", visit.canary());
    house.send(visit.query(&query).header("accept", "text/html"), &[401]).await;
}

/// What tools deliver, good and bad.
pub(super) async fn hooks(house: &House) {
    let hook =
        |whose: &str, source: &str| house.visit(whose, "POST", &format!("/webhooks/{source}"));
    let secret = hook_secret("signed");
    let filled_in = |visit: &Visit<'_>| {
        let canary = || visit.canary();
        json!({ "id": canary(), "Email": format!("{}@acme.example", canary()),
            "First Name": canary(), "Last Name": canary(), "Company": canary(), canary(): canary() })
    };
    let visit = hook("a tool", "signed").header("x-api-key", &secret);
    let body = filled_in(&visit);
    house.send(visit.json(&body), &[200]).await;
    for (whose, body) in [
        (
            "about nobody",
            json!({ "id": "1", house.aviary.canary("about nobody"): "x" }).to_string(),
        ),
        (
            "a bad address",
            json!({ "id": "1", "Email": house.aviary.canary("a bad address") }).to_string(),
        ),
        ("no JSON at all", house.aviary.canary("no JSON at all")),
        ("a hook too large", house.aviary.canary("a hook too large").repeat(40_000)),
    ] {
        let visit = hook(whose, "signed").header("x-api-key", &secret);
        house.send(visit.body(body), &[200, 413]).await;
    }
    let visit = hook("a multipart", "signed").header("x-api-key", &secret);
    let kind = format!("multipart/form-data; boundary={}", visit.canary());
    let body = format!("--{}\r\n", visit.canary());
    house.send(visit.header("content-type", &kind).body(body), &[200]).await;
    let visit = hook("a CloudEvent", "signed").header("x-api-key", &secret);
    let (id, source) = (visit.canary(), visit.canary());
    let visit =
        visit.header("ce-specversion", "1.0").header("ce-id", &id).header("ce-source", &source);
    house.send(visit.body("{"), &[200]).await;
    let visit = hook("a wrong secret", "signed");
    let (key, body) = (visit.canary(), filled_in(&visit));
    house.send(visit.header("x-api-key", &key).json(&body), &[401]).await;
    let visit = hook("a wrong signature", "typeform");
    let (signature, body) = (visit.canary(), filled_in(&visit));
    house.send(visit.header("typeform-signature", &signature).json(&body), &[401, 503]).await;
    let visit = hook("a wrong origin", "contact");
    let (origin, body) = (format!("https://{}.example", visit.canary()), filled_in(&visit));
    house.send(visit.header("origin", &origin).json(&body), &[401]).await;
    let visit = hook("a machine", "contact").header("origin", "https://www.acme.example");
    let body = format!("email={0}%40acme.example&website={0}", visit.canary());
    let form = "application/x-www-form-urlencoded";
    house.send(visit.header("content-type", form).body(body), &[200]).await;
    for topic in [TOPIC.to_owned(), house.aviary.canary("a forged notification")] {
        let visit = hook("a forged notification", "badges");
        let canary = || visit.canary();
        let body = json!({ "Type": "Notification", "TopicArn": topic, "MessageId": canary(),
            "Message": canary(), "Timestamp": canary(), "SignatureVersion": "2",
            "Signature": "aaaa",
            "SigningCertURL": format!("https://sns.us-east-1.amazonaws.com/{}.pem", canary()) });
        house.send(visit.body(body.to_string()), &[401, 503]).await;
    }
}
