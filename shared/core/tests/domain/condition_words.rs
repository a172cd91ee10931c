//! Conditions in words.

use baton_documents::policy::{SAMPLE, parse};

fn words(when: &str) -> String {
    let rule = format!("[[fast_track]]\nname = \"x\"\ntype = \"x.y\"\nwhen = {when}\n");
    let document = parse(&format!("{SAMPLE}\n{rule}")).unwrap();
    document.policy.fast_tracks.last().unwrap().when.in_words()
}

#[test]
fn every_test_of_a_condition_has_words() {
    for (when, told) in [
        (r#"{ country = "DE" }"#, "country is DE"),
        (r#"{ country = ["DE", "FR", "GB"] }"#, "country is DE, FR or GB"),
        (r#"{ email_domain = ["a.example"] }"#, "e-mail address at a.example"),
        ("{ employees = { at_least = 200 } }", "company of at least 200 employees"),
        ("{ employees = { at_most = 50 } }", "company of at most 50 employees"),
        ("{ visits = { at_least = 2.5 } }", "visits is at least 2.5"),
        ("{ visits = { at_most = 2 } }", "visits is at most 2"),
        (r#"{ title = { matches = '(?i)\b(director|vp)\b' } }"#, "title has “director” or “vp”"),
        (r#"{ title = { matches = '^VP .*$' } }"#, "title matches ^VP .*$"),
        ("{ job_role = { exists = true } }", "job role is known"),
        ("{ phone = { exists = false } }", "phone is not known"),
        (r#"{ source = "tradeshow" }"#, "source is tradeshow"),
        (r#"{ "data.budget.when" = "now" }"#, "answer “budget.when” is now"),
        ("{ newsletter = true }", "newsletter is yes"),
    ] {
        assert_eq!(words(when), told, "{when}");
    }
}

#[test]
fn groups_stand_in_brackets_where_they_are_in_groups() {
    assert_eq!(words(r#"{ country = "DE", title = "CTO" }"#), "country is DE and title is CTO");
    let nested = r#"{ country = "DE", any = [{ title = "CTO" }, { title = "CEO" }] }"#;
    let told = words(nested);
    assert!(told.contains("country is DE") && told.contains("(title is CTO or title is CEO)"));
    assert_eq!(words(r#"{ not = { country = "DE" } }"#), "not (country is DE)");
}

#[test]
fn a_long_list_says_how_many_more_there_are() {
    let list = (1..=24).map(|n| format!("\"{n}.example\"")).collect::<Vec<_>>().join(",");
    let told = words(&format!("{{ email_domain = [{list}] }}"));
    assert!(told.ends_with("5.example, 6.example or one of 18 more"), "{told}");
}
