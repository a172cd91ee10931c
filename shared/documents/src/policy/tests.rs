use std::collections::BTreeSet;

use baton_core::policy::{Clocks, CrmWord, Policy, Scanners, Scoring};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::{KEYS, SAMPLE, defaults, parse};
use crate::document::testing::damaged;

fn mistakes(text: &str) -> String {
    parse(text).unwrap_err().render("policy.toml")
}

fn policy(text: &str) -> Policy {
    parse(&format!("version = \"1\"\n{text}")).unwrap().policy
}

#[test]
fn the_sample_is_the_contract() {
    let sample = parse(SAMPLE).unwrap().policy;
    assert_eq!(sample.scoring, Scoring::default());
    assert_eq!(sample.clocks, Clocks::default());
    assert_eq!(sample.scanners, Scanners::default());
    let activities: Vec<String> = sample
        .activities
        .iter()
        .map(|rule| {
            let cap = rule.at_most_per_day.map_or(String::new(), |cap| format!(", {cap} a day"));
            format!("{} {}{cap}: {}", rule.kind, rule.points, rule.label)
        })
        .collect();
    insta::assert_snapshot!(activities.join("\n"), @r"
form.submitted 30: filled in a form
webinar.attended 40: attended a webinar
pricing.viewed 20, 40 a day: looked at our prices
email.clicked 5, 15 a day: clicked a link in our e-mail
email.unsubscribed -150: unsubscribed from our e-mail
");
    let fit: Vec<String> =
        sample.fit.iter().map(|rule| format!("{} {}", rule.name, rule.points)).collect();
    insta::assert_snapshot!(fit.join("\n"), @r"
senior_title 20
large_company 15
country_we_sell_to 5
free_mail -10
");
    let fast: Vec<String> =
        sample.fast_tracks.iter().map(|rule| format!("{}: {}", rule.kind, rule.label)).collect();
    insta::assert_snapshot!(fast.join("\n"), @r"
event.booth_visited: visited our booth
form.demo_requested: asked for a demo
");
}

#[test]
fn what_a_policy_leaves_out_is_as_in_the_sample() {
    let (least, sample) = (policy(""), parse(SAMPLE).unwrap().policy);
    assert_eq!(least.scoring, sample.scoring);
    assert_eq!(least.clocks, sample.clocks);
    assert_eq!(least.scanners, sample.scanners);
    assert_eq!(least.reject_reasons, sample.reject_reasons);
    assert_eq!(least.crm_words, sample.crm_words);
    assert_eq!(least.time_zone, sample.time_zone);
    assert_eq!(least.activities.iter().count(), 0);
}

#[test]
fn the_crm_has_a_word_for_all_that_sales_does_and_none_that_qualifies_by_an_echo() {
    let words: BTreeSet<CrmWord> = defaults::crm_words().into_values().collect();
    let asked = CrmWord::ALL.into_iter().filter(|word| *word != CrmWord::Qualify);
    assert_eq!(words, asked.collect());
}

#[test]
fn names_and_labels_left_out_follow_from_the_type() {
    let policy = policy(
        "[[activity]]\ntype = \"event.booth_visited\"\npoints = 1\n\
         [[fast_track]]\ntype = \"form.demo-requested\"\n\
         [[route]]\nqueue = \"emea\"\n\
         [[reject_reason]]\nname = \"not_now\"\nleads_to = \"returned\"\n",
    );
    let activity = policy.activities.iter().next().unwrap();
    assert_eq!(activity.name.as_str(), "event.booth_visited");
    assert_eq!(activity.label, "event booth visited");
    assert_eq!(policy.fast_tracks[0].label, "form demo requested");
    assert_eq!(policy.routes[0].name.as_str(), "emea");
    assert_eq!(policy.reject_reasons["not_now"].label, "not now");
}

#[test]
fn clocks_and_score_are_read_in_their_units() {
    let policy = policy(
        "[score]\nthreshold = 50\nfloor = -20\nhalf_life = \"36h\"\nrestart_on_return = false\n\
         [clocks]\naccept_within = \"90m\"\nextensions_at_most = 0\n",
    );
    assert_eq!(policy.scoring.half_life, SignedDuration::from_hours(36));
    assert_eq!((policy.scoring.threshold, policy.scoring.floor), (50, -20));
    assert_eq!(policy.clocks.accept_within, SignedDuration::from_mins(90));
    assert_eq!(policy.clocks.extensions_at_most, 0);
    assert_eq!(policy.clocks.convert_within, SignedDuration::from_hours(720));
}

#[test]
fn scanners_are_read_in_seconds_and_may_be_switched_off() {
    let none = policy("[scanners]\ntypes = []\nafter_sending = \"0s\"\n");
    assert!(none.scanners.types.is_empty() && none.scanners.after_sending.is_zero());
    let quick = policy("[scanners]\nafter_sending = \"90s\"\n");
    assert_eq!(quick.scanners.after_sending, SignedDuration::from_secs(90));
    let wrong = r#"
version = "1"
[scanners]
types = ["E-mail", 7]
after_sending = 10
link = "url"
"#;
    insta::assert_snapshot!(mistakes(wrong), @r#"
policy.toml:4:10: `types` in [scanners] has a character that names can't have; expected at most 64 lower-case letters, digits, '_', '-' and '.', beginning and ending with a letter or digit
policy.toml:4:20: `types` in [scanners] is a whole number; expected text in quotes
policy.toml:5:17: `after_sending` in [scanners] is a whole number; expected a whole number and a unit in quotes, such as "10s", "15m", "24h" or "30d" (a day is exactly 24 hours)
policy.toml:6:1: unknown key `link` in [scanners]; expected one of types, after_sending
"#);
}

#[test]
fn the_crm_words_of_a_policy_replace_the_built_in_ones() {
    let policy = policy("[crm_status]\n\" In Arbeit \" = \"working\"\n");
    assert_eq!(policy.crm_words.get("in arbeit"), Some(&CrmWord::Accept));
    assert_eq!(policy.crm_words.len(), 1);
}

#[test]
fn a_crm_word_names_a_command_or_the_status_that_it_leads_to() {
    let text = "version = \"1\"\n[crm_status]\nOpen = \"ignore\"\nHot = \"qualify\"\n\
                Worked = \"accept\"\nWon = \"convert\"\nBack = \"return\"\n\
                Dead = \"disqualify\"\nA = \"working\"\nB = \"converted\"\n\
                C = \"returned\"\nD = \"disqualified\"\nE = \"mql\"\nF = \"nurturing\"\n";
    let document = parse(text).unwrap();
    let meant: Vec<_> = document.policy.crm_words.values().map(|word| word.word()).collect();
    // In the order of the words: a, b, back, c, d, dead, e, f, hot, open, won, worked.
    assert_eq!(
        meant.join(" "),
        "accept convert return return disqualify disqualify ignore ignore qualify ignore convert \
         accept"
    );
    let told: Vec<_> = document.warnings.iter().map(|w| w.render("p.toml")).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
p.toml:13:5: `E` in [crm_status] is `mql`, which asks for nothing: an echo is never a command; expected `ignore`, or `qualify` or `return` if the word shall do something
p.toml:14:5: `F` in [crm_status] is `nurturing`, which asks for nothing: an echo is never a command; expected `ignore`, or `qualify` or `return` if the word shall do something
");
    assert!(parse(SAMPLE).unwrap().warnings.is_empty());
}

#[test]
fn a_crm_word_for_no_command_is_told_with_the_nearest() {
    insta::assert_snapshot!(
                        mistakes("version = \"1\"\n[crm_status]\nA = \"acept\"\nB = \"qualified\"\n"),
                        @r"
policy.toml:3:5: `A` in [crm_status] names `acept`; did you mean `accept`? Expected a command: one of qualify, accept, convert, return, disqualify, ignore, nurturing, mql, working, converted, returned, disqualified
policy.toml:4:5: `B` in [crm_status] names `qualified`; did you mean `qualify`? Expected a command: one of qualify, accept, convert, return, disqualify, ignore, nurturing, mql, working, converted, returned, disqualified
"
                    );
}

#[test]
fn misspelt_keys_are_told_with_the_key_that_was_meant() {
    insta::assert_snapshot!(mistakes(
        r#"
version = "1"
timezone = "UTC"
[score]
treshold = 100
[clock]
accept_within = "1h"
[[activty]]
[[activity]]
type = "form.submitted"
point = 3
[webhook]
"#
    ));
}

#[test]
fn values_of_another_kind_or_size_are_told_with_what_would_be_right() {
    insta::assert_snapshot!(mistakes(
        r#"
version = 3
time_zone = "Berlin"
[score]
threshold = "100"
floor = 10
half_life = "3 months"
restart_on_return = "yes"
[clocks]
accept_within = "30s"
escalate_every = 24
convert_within = "99999d"
extensions_at_most = -1
[[activity]]
type = "Form Submitted"
points = 1.5
at_most_per_day = 0
label = ""
[[activity]]
type = "form.submitted"
points = 100_001
label = "evil \u202e text"
[[reject_reason]]
name = "later"
leads_to = "nurturing"
[crm_status]
"Working" = "wrking"
"WORKING" = "working"
" working" = "working"
"#
    ));
}

#[test]
fn keys_that_are_missing_are_told_at_the_head_of_their_table() {
    insta::assert_snapshot!(mistakes(
        r#"
[[activity]]
[[fit]]
points = 1
[[exclusion]]
name = "x"
[[route]]
[[reject_reason]]
"#
    ));
}

#[test]
fn two_rules_of_a_kind_do_not_share_a_name() {
    insta::assert_snapshot!(mistakes(
        r#"
version = "1"
activity = [{ type = "a", points = 1 }, { type = "a", points = 2 }]
[[fit]]
name = "a"
points = 1
when = { x = 1 }
[[fit]]
name = "a"
points = 1
when = { y = 1 }
[[reject_reason]]
name = "a"
leads_to = "returned"
[[reject_reason]]
name = "a"
leads_to = "returned"
"#
    ));
}

#[test]
fn too_many_rules_are_refused() {
    let rules = "{ type = \"a\", points = 1 },".repeat(2_001);
    let text = format!("version = \"1\"\nactivity = [{rules}]");
    insta::assert_snapshot!(mistakes(&text));
}

#[test]
fn a_section_of_another_shape_is_told_and_the_rest_still_read() {
    insta::assert_snapshot!(mistakes(
        r#"
version = "1"
score = 100
activity = "form.submitted"
fit = [3]
clocks = []
crm_status = 1
"#
    ));
}

/// A value no key takes: a table with an unknown key in a list in a list.
const NO_VALUE: &str = "[[{ \"no key\" = 07:32:00 }]]";

/// The document in which `key` stands in `table`, and nothing else does.
fn with(table: &str, key: &str) -> String {
    let entry = format!("{key} = {NO_VALUE}");
    match table {
        "the policy" => entry,
        "a condition" => format!("[[activity]]\nwhen = {{ {entry} }}"),
        "a test" => format!("[[activity]]\nwhen = {{ x = {{ {entry} }} }}"),
        "an entry of `types`" => format!("[[source]]\ntypes = [{{ {entry} }}]"),
        "a place" => format!("[[source]]\nid = {{ {entry} }}"),
        "`questions`" => format!("[[source]]\nanswers = {{ questions = {{ {entry} }} }}"),
        "`verify`" => format!("[[source]]\nverify = {{ {entry} }}"),
        "`answers`" | "`limit`" => {
            format!("[[source]]\n{} = {{ {entry} }}", table.trim_matches('`'))
        }
        scheme if scheme.starts_with("`verify` with") => {
            let scheme = scheme.rsplit(' ').next().unwrap();
            format!("[[source]]\nverify = {{ scheme = \"{scheme}\", {entry} }}")
        }
        header => format!("{header}\n{entry}"),
    }
}

#[test]
fn every_key_listed_is_read() {
    for table in KEYS {
        // The scheme is read before it is known which keys go with it.
        let with_scheme = table.table.contains("with scheme");
        for key in table.keys.iter().filter(|key| !with_scheme || **key != "scheme") {
            let text = with(table.table, key);
            let told = mistakes(&text);
            let named = format!("`{key}` in {}", table.table);
            let inside = format!("in [[{key}]]");
            assert!(told.contains(&named) || told.contains(&inside), "{text}{told}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn a_sample_with_damage_is_read_without_a_panic(text in damaged(SAMPLE)) {
        let _ = parse(&text);
    }
}
