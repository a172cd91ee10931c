//! The message before the meeting: the funnel in words and numbers, and what to talk about.

use std::collections::BTreeMap;

use baton_core::id::PersonId;
use baton_core::roster::{Person, Roster};
use baton_reports::funnel::{Count, Funnel, InTime, Metric, NearLimit, Spread};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::body::MessageBody;
use super::content::Content;
use super::plain::plain;
use super::short_text::{Sms, name_template};
use crate::human_time::{Wall, tight};

/// Leads named under one owner; of more, how many there are.
const NAMED: usize = 6;
/// A name or company in a list, in characters.
const NAME_CHARS: usize = 40;
/// Room for what a number is of.
const LABEL_CHARS: usize = 26;

/// Renders the funnel for somebody who meets over it. `link` leads to the page of the same days.
pub fn meeting(funnel: &Funnel, reader: &Person, roster: &Roster, link: &str) -> Content {
    let head = counts(funnel);
    let days = format!("{} - {}", day(funnel.window.from), day(funnel.window.to));
    let headline = name_template(format!("The funnel, {days}: {head}"), "");
    let wordings = vec![name_template(format!("Baton: the funnel, {days}: {head}."), "")];
    let short = Sms { wordings, bare: "Baton: the funnel is in your e-mail.".to_owned() };
    Content {
        headline,
        about: None,
        body: body(funnel, reader, roster, link),
        brief: short,
        link: link.to_owned(),
    }
}

fn counts(funnel: &Funnel) -> String {
    let of = |what| funnel.step(what).0;
    let near = funnel.near.len();
    format!(
        "{} MQLs, {} converted, {near} near the limit",
        of(Metric::Qualified),
        of(Metric::Converted)
    )
}

fn body(funnel: &Funnel, reader: &Person, roster: &Roster, link: &str) -> MessageBody {
    let mut body = MessageBody::default();
    let (from, to) =
        (funnel.window.from.strftime("%a %-d %b"), funnel.window.to.strftime("%a %-d %b"));
    body.say(&format!("The funnel, {from} to {to}, for your meeting today")).link(link).gap();
    for sentence in funnel.summary() {
        body.say(&sentence);
    }
    in_numbers(&mut body, funnel);
    near_the_limit(&mut body, funnel, &Wall(reader.time_zone.clone()), roster);
    turned_down(&mut body, funnel);
    body.gap().say("Every number has the leads behind it on the page; opening it changes nothing.");
    let place = crate::human_time::place(funnel.as_of, &reader.time_zone);
    let zone = &funnel.time_zone;
    body.say(&format!("Days are whole days in {zone}, the policy's zone. Times are in {place}."));
    body.say("You get this because the policy names you in [meeting].");
    body
}

fn in_numbers(body: &mut MessageBody, funnel: &Funnel) {
    let line = |body: &mut MessageBody, label: &str, now: &str, before: &str| {
        body.row(&format!("  {label:<LABEL_CHARS$}  {now:>11}  {before:>11}"));
    };
    body.gap();
    let these = format!("these {}", funnel.window.days());
    body.row(&format!(
        "{:<width$}  {these:>11}  {:>11}",
        "In numbers",
        "before",
        width = LABEL_CHARS + 2
    ));
    let counted = |body: &mut MessageBody, label: &str, count: &Count| {
        line(body, label, &count.now.to_string(), &before(count));
    };
    counted(body, "Became MQLs", &funnel.origins.all);
    for (row, label) in
        funnel.origins.paths.iter().zip(["  by fast track", "  by score", "  by hand"])
    {
        counted(body, label, &row.all);
    }
    for (what, label) in [
        (Metric::Accepted, "Accepted"),
        (Metric::Converted, "Converted"),
        (Metric::Returned, "Returned to marketing"),
        (Metric::Disqualified, "Disqualified"),
        (Metric::Escalated, "Escalations"),
    ] {
        let (now, before) = funnel.step(what);
        line(body, label, &now.to_string(), &before.to_string());
    }
    let InTime { share, share_before, within_seconds, .. } = &funnel.in_time;
    let within = format!("Accepted within {}", tight(seconds(*within_seconds)));
    line(body, &within, &percent(*share), &percent(*share_before));
    for speed in &funnel.speeds {
        let label = if speed.behind.metric == Metric::Alerted {
            "Median time to alert"
        } else if speed.behind.metric == Metric::Accepted {
            "Median time to accept"
        } else {
            "Median MQL to converted"
        };
        let median =
            |spread: &Spread| spread.median_seconds.map_or("-".to_owned(), |s| tight(seconds(s)));
        line(body, label, &median(&speed.now), &median(&speed.before));
    }
}

fn near_the_limit(body: &mut MessageBody, funnel: &Funnel, wall: &Wall, roster: &Roster) {
    let mut by_owner: BTreeMap<Option<&PersonId>, Vec<&NearLimit>> = BTreeMap::new();
    for near in &funnel.near {
        by_owner.entry(near.owner.as_ref()).or_default().push(near);
    }
    if by_owner.is_empty() {
        return;
    }
    let all = funnel.near.len();
    body.heading(&format!("Near the limit, to talk about today ({all})"));
    for (owner, leads) in by_owner {
        body.item(&owner.map_or("Nobody".to_owned(), |owner| named(owner, roster)));
        for near in leads.iter().take(NAMED) {
            let warned = if near.is_warned { " (warned)" } else { "" };
            body.row(&format!("    {:<16}  {}{warned}", wall.short(near.due), called(near)));
        }
        if let Some(more) = leads.len().checked_sub(NAMED).filter(|more| *more > 0) {
            body.row(&format!("    and {more} more"));
        }
    }
}

fn turned_down(body: &mut MessageBody, funnel: &Funnel) {
    let given: Vec<_> = funnel.reasons.iter().filter(|reason| reason.count.now > 0).collect();
    if !given.is_empty() {
        body.heading("Why sales turned leads down");
    }
    for reason in given {
        body.item(&format!("{:>3}  {}", reason.count.now, reason.label));
    }
}

/// The lead's own words, made harmless.
fn called(near: &NearLimit) -> String {
    let shown = |text: &Option<String>| text.as_deref().and_then(|text| plain(text, NAME_CHARS));
    let parts = [shown(&near.name), shown(&near.company)];
    let called = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if called.is_empty() { format!("Lead {}", near.lead) } else { called }
}

fn named(person: &PersonId, roster: &Roster) -> String {
    roster.person(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}

fn before(count: &Count) -> String {
    count.before.map_or("-".to_owned(), |before| before.to_string())
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

fn seconds(seconds: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(seconds.max(0.0))
}

fn day(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::email::COLUMNS;
    use super::super::script::septets;
    use super::super::short_text::{SMS_SEPTETS, SUBJECT_CHARS};
    use super::super::testing::laid_out;
    use super::*;
    use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
    use baton_core::profile::Scalar;
    use baton_fixtures::funnel::{Trip, at, person, question, working};
    use baton_reports::funnel::Dataset;

    const LINK: &str = "https://baton.example/funnel?from=2026-03-25&to=2026-04-07";

    fn a_fortnight() -> Funnel {
        let kim = Trip::of("kim")
            .qualifies(at("2026-03-26T08:00:00Z"), "website", QualifiedBy::Score)
            .goes_to(at("2026-03-26T08:00:00Z"), "ana", Some("sven"))
            .does(at("2026-03-26T14:00:00Z"), "accept", Status::Working)
            .does(at("2026-04-02T09:00:00Z"), "convert", Status::Converted);
        let lee = Trip::of("lee")
            .qualifies(at("2026-03-27T08:00:00Z"), "tradeshow", QualifiedBy::FastTrack)
            .goes_to(at("2026-03-27T08:00:00Z"), "ben", Some("sven"))
            .lapses(at("2026-03-28T08:00:00Z"), DeadlineKind::Accept, Status::Mql)
            .does(at("2026-03-28T10:00:00Z"), "reject", Status::Returned)
            .because("not_now");
        let lines: Vec<_> = kim.lines.into_iter().chain(lee.lines).collect();
        let mut near = working("max", at("2026-04-09T10:45:00Z"), DeadlineKind::TakeBack);
        let said = [("name", "Max\r\nSubject: =evil"), ("company", "https://evil.example/x")];
        let said = said.map(|(key, text)| (key.to_owned(), Scalar::Text(text.to_owned())));
        near.profile.learn(&said.into(), near.created_at);
        let many = (0..9)
            .map(|n| working(&format!("n{n}"), at("2026-04-12T10:00:00Z"), DeadlineKind::Convert));
        let near: Vec<_> = std::iter::once(near).chain(many).collect();
        Funnel::of(&question(), &Dataset::new(&question(), &lines, &[]), &near)
    }

    #[test]
    fn it_says_what_happened_and_what_to_talk_about() {
        let roster = question().roster;
        let reader = roster.person(&person("sven")).unwrap();
        let written = laid_out(&meeting(&a_fortnight(), reader, roster, LINK));
        assert!(written.subject.is_ascii() && written.subject.len() <= SUBJECT_CHARS);
        assert!(septets(&written.sms) <= SMS_SEPTETS, "{}", written.sms);
        let long = written.email.lines().find(|line| line.chars().count() > COLUMNS);
        assert_eq!(long, None);
        assert!(!written.email.contains("https://evil") && !written.email.contains("\nSubject"));
        insta::assert_snapshot!(format!(
            "{}\n\n{}\n{}",
            written.subject, written.email, written.sms
        ));
    }
}
