//! Whatever a lead types: every alert keeps its promises.

use std::sync::LazyLock;

use baton_core::lead::{Deadline, DeadlineKind, QualifiedBy, Status};
use baton_core::message::{Alert, AlertKind, Facts};
use baton_core::score::Score;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use regex::Regex;

use super::email::COLUMNS;
use super::script::{is_gsm, septets};
use super::short_text::{SMS_SEPTETS, SUBJECT_CHARS};
use super::testing::{LINK, RenderedAlert, kim, laid_out, person, roster};
use super::{Notice, digest, render};

/// A link so long still leaves room for words in a short message.
const LONG_LINK_CHARS: usize = 120;

const KINDS: [AlertKind; 6] = [
    AlertKind::Assigned,
    AlertKind::AcceptOverdue,
    AlertKind::TakeBackWarned,
    AlertKind::TakenBack,
    AlertKind::HandedOver,
    AlertKind::Unrouted,
];

/// Text as strangers type it, and as attackers do.
fn typed() -> impl Strategy<Value = Option<String>> {
    let nasty = [
        "http://",
        "https://",
        "://",
        "//",
        ":",
        ".",
        "..",
        "com",
        ".com",
        "evil.example",
        "www.",
        "10.0.0.1",
        "\r\n",
        "\n",
        "\0",
        "\t",
        "\u{85}",
        "\u{2028}",
        "Subject:",
        "Bcc: ",
        "mailto:",
        "\u{202e}",
        "\u{200b}",
        "\u{ad}",
        "\u{feff}",
        "\u{301}",
        "\u{20dd}",
        "\\\\",
        "：",
        "／／",
        "．",
        "。",
        "…",
        "‘",
        "€",
        "[",
        "]",
        "~",
        "^",
        "🚀",
        "é",
        "ő",
        "ſ",
        "Kim",
        "Lee, Acme Inc.",
        " ",
        "  ",
        "-",
        "1:2",
        "@",
        "王小明",
        "Иван",
        "xn--p1ai",
        "a",
        "1",
    ];
    let fragment = prop_oneof![
        8 => proptest::sample::select(nasty.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-zA-Z.]{1,90}",
    ];
    proptest::option::of(proptest::collection::vec(fragment, 0..24).prop_map(|v| v.concat()))
}

fn link() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,9}\\.example(:[0-9]{2,5})?/l/[A-Za-z0-9_-]{20,160}"
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let ends = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    prop_oneof![1_700_000_000..1_900_000_000_i64, ends.0..=ends.1]
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

prop_compose! {
    fn who()(
        name in typed(), title in typed(), company in typed(), country in typed(),
        phone in typed(), email in typed(),
    ) -> Facts {
        Facts { name, title, company, country, phone, email, ..kim() }
    }
}

prop_compose! {
    fn state()(
        facts in who(), at in moment(), assigned_at in proptest::option::of(moment()),
        accepted_at in proptest::option::of(moment()), due in proptest::option::of(moment()),
        extend in proptest::option::of(any::<i64>()), escalations in any::<u32>(),
        cycle in any::<u32>(), status in proptest::sample::select(Status::ALL.to_vec()),
        owner in proptest::sample::select(vec![None, Some("ana"), Some("sven"), Some("gone")]),
        supervisor in proptest::sample::select(vec![None, Some("sven"), Some("gone")]),
    ) -> Facts {
        let deadline = due.map(|at| Deadline { kind: DeadlineKind::Accept, at });
        let extend_by = extend.map(SignedDuration::from_secs);
        let (owner, supervisor) = (owner.map(person), supervisor.map(person));
        Facts {
            at, assigned_at, accepted_at, deadline, extend_by, escalations, cycle, status, owner,
            supervisor, ..facts
        }
    }
}

prop_compose! {
    fn alert()(
        facts in state(), reason in typed(), mql_because in typed(), label in typed(),
        by in proptest::sample::select(vec![
            None, Some(QualifiedBy::Score), Some(QualifiedBy::FastTrack), Some(QualifiedBy::Manual),
        ]),
        points in any::<i64>(), scored in any::<bool>(),
        kind in proptest::sample::select(KINDS.to_vec()),
        to in proptest::sample::select(vec!["ana", "sven", "mia", "sofia", "gone"]),
    ) -> Alert {
        let mut facts = Facts { reason, mql_because, mql_by: by, ..facts };
        facts.evidence[0].label = label.unwrap_or_default();
        facts.evidence[0].points = points;
        let score = Score { behaviour: points, fit: points, total: points };
        facts.score_at_mql = scored.then_some(score);
        Alert { to: person(to), kind, facts, correlation: None }
    }
}

fn check_subject(subject: &str) {
    assert!((1..=SUBJECT_CHARS).contains(&subject.len()), "{subject:?}");
    assert!(subject.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{subject:?}");
    assert!(subject.starts_with(|c: char| c.is_ascii_alphabetic()), "{subject:?}");
}

fn check_sms(sms: &str, link: &str) {
    let words = sms.strip_suffix(link).unwrap();
    assert!(words.is_empty() || septets(sms) <= SMS_SEPTETS, "{sms:?}");
    assert!(!words.is_empty() || link.len() > LONG_LINK_CHARS, "{sms:?}");
    assert!(words.chars().all(is_gsm), "{words:?}");
}

fn check_email(email: &str, link: &str) {
    assert_eq!(email.lines().filter(|line| *line == link).count(), 1);
    for line in email.lines().filter(|line| *line != link && !line.starts_with("  E-mail ")) {
        assert!(line.chars().count() <= COLUMNS, "{line:?}");
        assert!(!line.ends_with(' '), "{line:?}");
    }
    assert!(!email.contains(|c: char| c.is_control() && c != '\n'));
}

/// What a mail program or a phone would make a link of, and what nobody sees.
static SUSPECT: LazyLock<Regex> = LazyLock::new(|| {
    let host = r"[\p{L}\p{N}\p{M}_-]\.\p{M}*\p{L}\p{M}*[\p{L}\p{N}-]";
    let scheme = r"(?i::/|\\\\|\b(?:mailto|subject|bcc) ?:)";
    let seen = r"\u{600}-\u{605}\u{6dd}\u{70f}\u{890}\u{891}\u{8e2}\u{110bd}\u{110cd}";
    let invisible = format!(r"[\p{{Cf}}\p{{Zl}}\p{{Zp}}--{seen}]");
    Regex::new(&format!("{host}|{scheme}|{invisible}")).unwrap()
});

fn check_no_link(text: &str) {
    assert!(!SUSPECT.is_match(text), "{:?} in {text:?}", SUSPECT.find(text));
}

proptest! {
    #[test]
    fn an_alert_can_be_sent_whatever_the_lead_typed(alert in alert(), link in link()) {
        let RenderedAlert { subject, email, sms } = laid_out(&render(&alert, &roster(), &link));
        check_subject(&subject);
        check_sms(&sms, &link);
        check_email(&email, &link);
    }

    #[test]
    fn a_digest_can_be_sent_whatever_the_leads_typed(
        alerts in proptest::collection::vec(alert(), 1..8), link in link(),
    ) {
        let link_of = |n: usize| format!("{link}{n}");
        let notice = |(n, alert): (usize, Alert)| {
            let facts = Facts { email: None, ..alert.facts };
            Notice { alert: Alert { to: person("ana"), facts, ..alert }, link: link_of(n) }
        };
        let notices: Vec<_> = alerts.into_iter().enumerate().map(notice).collect();
        let RenderedAlert { subject, email, sms } = laid_out(&digest(&notices, &roster()).unwrap());
        check_subject(&subject);
        let first = notices.iter().find(|notice| sms.ends_with(&notice.link)).unwrap();
        check_sms(&sms, &first.link);
        let is_link = |line: &&str| notices.iter().any(|notice| notice.link == *line);
        prop_assert_eq!(email.lines().filter(is_link).count(), notices.len());
        let ours: Vec<_> = email.lines().filter(|line| !is_link(line)).collect();
        for line in &ours {
            prop_assert!(line.chars().count() <= COLUMNS && !line.ends_with(' '), "{:?}", line);
        }
        check_no_link(&ours.join("\n"));
        check_no_link(&subject);
        check_no_link(sms.strip_suffix(&first.link).unwrap());
    }

    #[test]
    fn nothing_a_lead_typed_can_be_clicked(alert in alert()) {
        let alert = Alert { facts: Facts { email: None, ..alert.facts }, ..alert };
        let RenderedAlert { subject, email, sms } = laid_out(&render(&alert, &roster(), LINK));
        for text in [subject, email.replace(LINK, ""), sms.replace(LINK, "")] {
            check_no_link(&text);
        }
    }

    #[test]
    fn a_leads_words_never_begin_a_line_of_ours(
        words in proptest::collection::vec("Z{1,40}", 1..60), kind in 0..6_usize,
    ) {
        let text = Some(words.join(" "));
        let facts = Facts {
            name: text.clone(), title: text.clone(), company: text.clone(), country: text.clone(),
            phone: text.clone(), reason: text.clone(), mql_because: text.clone(),
            mql_by: Some(QualifiedBy::Manual), ..kim()
        };
        let alert = Alert { to: person("ana"), kind: KINDS[kind], facts, correlation: None };
        for line in laid_out(&render(&alert, &roster(), LINK)).email.lines() {
            prop_assert!(!line.starts_with('Z') && !line.starts_with("  Z"), "{}", line);
        }
    }
}
