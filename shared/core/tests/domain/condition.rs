//! Which facts fulfil which condition.

use baton_core::activity::{Activity, Fingerprint};
use baton_core::id::{ActivityType, Identity, SourceId, SourceName};
use baton_core::policy::condition::*;
use baton_core::profile::{Profile, Said};
use baton_documents::policy;
use jiff::Timestamp;
use serde_json::json;

fn condition(when: &str) -> Condition {
    let rule = format!("{{ type = \"a\", points = 1, when = {{ {when} }} }}");
    let text = format!("version = \"1\"\nactivity = [{rule}]");
    let document = policy::parse(&text).expect(when);
    document.policy.activities.iter().map(|rule| rule.when.clone()).next().unwrap()
}

/// Whether the condition holds for Kim, with an activity at hand and without.
fn holds(when: &str) -> (bool, bool) {
    let who = Identity::parse("email:kim@Acme.example").unwrap();
    let said: Said = serde_json::from_value(json!({
        "title": " Vice Président of Söund", "country": "DE", "employees": "1,200",
        "budget": 50_000, "newsletter": true, "opted": "TRUE", "phone": "  ", "city": "İzmir",
    }))
    .unwrap();
    let mut profile = Profile::default();
    profile.learn(&said, Timestamp::UNIX_EPOCH);
    let activity = Activity {
        source: SourceName::parse("website").unwrap(),
        id: SourceId::parse("1").unwrap(),
        kind: ActivityType::parse("form.submitted").unwrap(),
        occurred_at: Timestamp::UNIX_EPOCH,
        who: who.clone(),
        person_id: None,
        fingerprint: Fingerprint::of(&json!(null)),
        profile: Said::new(),
        data: json!({ "form": { "plan": "Pro", "seats": 40, "note": null, "is": 1 },
                      "topics": ["sla", "Routing", 7], "none": [] }),
    };
    let facts = |activity| RuleInput::new(who.email(), &profile, activity);
    let condition = condition(when);
    (condition.holds(&facts(Some(&activity))), condition.holds(&facts(None)))
}

fn always(rows: &[&str]) {
    for when in rows {
        assert_eq!(holds(when), (true, true), "{when}");
    }
}

fn never(rows: &[&str]) {
    for when in rows {
        assert_eq!(holds(when), (false, false), "{when}");
    }
}

#[test]
fn text_is_compared_without_case_and_blanks_in_any_alphabet() {
    always(&[
        "country = 'de'",
        "country = [' FR ', 'De']",
        "title = 'VICE PRÉSIDENT OF SÖUND'",
        "email_domain = 'ACME.example'",
        "city = 'İZMIR'",
    ]);
    never(&["country = 'D'", "country = ['FR', 'DEU']", "email_domain = 'example'"]);
}

#[test]
fn numbers_typed_as_text_count_as_numbers() {
    always(&[
        "employees = 1200",
        "employees = { at_least = 1200, at_most = 1200 }",
        "budget = { at_least = 49_999.5 }",
    ]);
    never(&[
        "employees = { at_least = 1201 }",
        "employees = { at_most = 1_199.5 }",
        "title = { at_least = 0 }",
        "title = { at_most = 0 }",
        "budget = '50000'",
    ]);
}

#[test]
fn yes_and_no_may_be_typed() {
    always(&["newsletter = true", "opted = true"]);
    never(&["newsletter = false", "opted = false", "country = true", "newsletter = 1"]);
}

#[test]
fn an_expression_is_looked_for_in_text_only() {
    always(&["title = { matches = '(?i)\\bpRÉSIDENT\\b' }", "title = { matches = '^Vice' }"]);
    never(&["title = { matches = '\\bice\\b' }", "budget = { matches = '5' }"]);
}

#[test]
fn a_missing_field_matches_nothing_but_its_absence() {
    always(&[
        "missing = { exists = false }",
        "phone = { exists = false }",
        "not = { missing = 'x' }",
        "title = { exists = true }",
    ]);
    never(&[
        "missing = { at_most = 0 }",
        "missing = ['x']",
        "missing = { matches = '.*' }",
        "missing = { matches = 'x', exists = false }",
        "not = { missing = { exists = false } }",
        "phone = { matches = '^ *$' }",
    ]);
}

#[test]
fn groups_are_all_any_and_not() {
    always(&[
        "any = [{ country = 'FR' }, { country = 'DE' }]",
        "all = [{ country = 'DE' }, { not = { country = 'FR' } }]",
        "not = { country = 'DE', title = 'x' }",
        "country = 'DE', any = [{ missing = 1 }, { employees = 1200 }]",
    ]);
    never(&[
        "any = [{ country = 'FR' }, { country = 'IT' }]",
        "country = 'DE', title = 'x'",
        "not = { any = [{ country = 'DE' }, { country = 'FR' }] }",
    ]);
}

#[test]
fn the_activity_is_looked_into_when_there_is_one() {
    for when in [
        "source = 'website'",
        "'data.form.plan' = 'pro'",
        "'data.form.seats' = { at_least = 40 }",
        "'data.form.is' = 1",
        "'data.form' = { exists = true }",
        "'data.topics' = 'routing'",
        "'data.topics' = { at_least = 7 }",
        "'data.topics' = { exists = true }",
        "'data.form.note' = { exists = false }, source = { exists = true }",
        "'data.none' = { exists = false }, source = { exists = true }",
    ] {
        assert_eq!(holds(when), (true, false), "{when}");
    }
    never(&["'data.form' = 'Pro'", "'data.form.plan.x' = 1", "'data.topics' = 'crm'"]);
}

#[test]
fn a_rule_without_a_condition_always_applies() {
    let profile = Profile::default();
    let facts = RuleInput::new(None, &profile, None);
    assert!(Condition::always().holds(&facts));
}

#[test]
fn a_lead_without_an_address_has_no_domain() {
    let profile = Profile::default();
    let facts = RuleInput::new(None, &profile, None);
    assert!(!condition("email_domain = 'acme.example'").holds(&facts));
    assert!(condition("email_domain = { exists = false }").holds(&facts));
}
