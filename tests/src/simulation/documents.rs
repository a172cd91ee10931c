//! The rules as documents: what is published.

use std::fmt::Write;

use jiff::SignedDuration;

use crate::oracle::{Away, Clocks, Person, Points, Queue, Rules};

/// The rules a world begins with: the contract's defaults, and two calendars.
pub(super) fn first() -> Rules {
    let points = |kind: &str, points, at_most_per_day| Points {
        kind: kind.to_owned(),
        points,
        at_most_per_day,
    };
    let person = |id: &str, time_zone: &str, supervisor: &str| Person {
        id: id.to_owned(),
        time_zone: time_zone.to_owned(),
        supervisor: (!supervisor.is_empty()).then(|| supervisor.to_owned()),
        active: true,
        away: Vec::new(),
    };
    let queue = |name: &str, members: &[(&str, u32)]| Queue {
        name: name.to_owned(),
        members: members.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect(),
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let worth = |(name, points): &(&str, i64)| ((*name).to_owned(), *points);
    Rules {
        version: "e0".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        threshold: 100,
        floor: 0,
        half_life: SignedDuration::from_hours(90 * 24),
        restarts: true,
        points: vec![
            points("form.submitted", 30, None),
            points("webinar.attended", 40, None),
            points("pricing.viewed", 20, Some(30)),
            points("email.clicked", 5, Some(15)),
            points("email.unsubscribed", -150, None),
        ],
        countries: [("DE", 5), ("FR", 5), ("US", 5)].iter().map(worth).collect(),
        titles: [("director", 20), ("intern", -30)].iter().map(worth).collect(),
        fast_tracks: names(&["event.booth_visited", "form.demo_requested"]),
        excluded: "competitor.example".to_owned(),
        routes: vec![
            (names(&["DE", "FR"]), "emea".to_owned()),
            (names(&["US"]), "americas".to_owned()),
        ],
        clocks: clocks(),
        people: vec![
            person("ana", "Europe/Madrid", "sven"),
            person("ben", "Europe/Berlin", "sven"),
            person("ole", "Europe/Stockholm", "sven"),
            person("carla", "America/New_York", "sofia"),
            person("diego", "America/Mexico_City", ""),
            person("hana", "Asia/Tokyo", "sofia"),
            person("sven", "Europe/Stockholm", ""),
            person("sofia", "America/Sao_Paulo", ""),
            person("mia", "Europe/Dublin", ""),
        ],
        queues: vec![
            queue("emea", &[("ana", 3), ("ben", 2), ("ole", 1)]),
            queue("americas", &[("carla", 1), ("diego", 1)]),
            queue("house", &[("hana", 1)]),
        ],
        fallback: "house".to_owned(),
        marketing: names(&["mia"]),
    }
}

fn clocks() -> Clocks {
    let hours = SignedDuration::from_hours;
    Clocks {
        accept_within: hours(24),
        escalate_every: hours(24),
        convert_within: hours(30 * 24),
        take_back_after: hours(24),
        extend_by: hours(14 * 24),
        extensions_at_most: 2,
        route_within: SignedDuration::from_mins(2),
        route_retry_every: hours(4),
        unrouted_remind_every: hours(24),
    }
}

/// The next edition: something of it changes.
pub(super) fn changed(rules: &Rules, chance: &mut fastrand::Rng, number: usize) -> Rules {
    let mut next = Rules { version: format!("e{number}"), ..rules.clone() };
    let clocks = &mut next.clocks;
    match chance.u8(..10) {
        0 => next.threshold = chance.i64(60..130),
        1 => clocks.accept_within = SignedDuration::from_hours(chance.i64(4..48)),
        2 => clocks.convert_within = SignedDuration::from_hours(24 * chance.i64(10..45)),
        3 => clocks.take_back_after = SignedDuration::from_hours(chance.i64(12..72)),
        4 => clocks.escalate_every = SignedDuration::from_hours(chance.i64(6..48)),
        5 => next.restarts = !next.restarts,
        6 => next.points[0].points = chance.i64(10..60),
        7 => {
            let queue = chance.usize(..next.queues.len());
            let members = &mut next.queues[queue].members;
            members[0].1 = chance.u32(1..6);
        }
        8 => {
            let person = chance.usize(..5);
            next.people[person].active = !next.people[person].active;
        }
        _ => next.floor = if next.floor == 0 { -80 } else { 0 },
    }
    next
}

/// Days off for a few people, somewhere in the first days.
pub(super) fn with_days_off(mut rules: Rules, chance: &mut fastrand::Rng, days: i64) -> Rules {
    let start: jiff::Timestamp = crate::START.parse().expect("a time");
    for person in rules.people.iter_mut().take(6) {
        for _ in 0..chance.usize(..3) {
            let from = start + SignedDuration::from_hours(24 * chance.i64(0..days));
            let from = from.to_zoned(jiff::tz::TimeZone::UTC).date();
            // The one who takes what nobody else can is never gone for long.
            let length = if person.id == "hana" { chance.i64(0..2) } else { chance.i64(0..20) };
            let until = from.saturating_add(SignedDuration::from_hours(24 * length));
            person.away.push(Away { from, until });
        }
    }
    rules
}

/// The policy.
pub(super) fn policy(rules: &Rules) -> String {
    let mut text =
        format!("version = \"{}\"\ntime_zone = \"{}\"\n", rules.version, rules.time_zone);
    let line = &mut text;
    let half_life = span(rules.half_life);
    put(
        line,
        format_args!(
            "[score]\nthreshold = {}\nfloor = {}\nhalf_life = {half_life}\n\
             restart_on_return = {}\n",
            rules.threshold, rules.floor, rules.restarts,
        ),
    );
    put(line, format_args!("[clocks]\n{}", clock_lines(&rules.clocks)));
    for Points { kind, points, at_most_per_day } in &rules.points {
        put(line, format_args!("[[activity]]\ntype = \"{kind}\"\npoints = {points}\n"));
        if let Some(cap) = at_most_per_day {
            put(line, format_args!("at_most_per_day = {cap}\n"));
        }
    }
    for (country, points) in &rules.countries {
        put(
            line,
            format_args!(
                "[[fit]]\nname = \"in_{}\"\npoints = {points}\n\
             when = {{ country = \"{country}\" }}\n",
                country.to_lowercase(),
            ),
        );
    }
    for (word, points) in &rules.titles {
        put(
            line,
            format_args!(
                "[[fit]]\nname = \"{word}\"\npoints = {points}\n\
             when = {{ title = {{ matches = '(?i){word}' }} }}\n",
            ),
        );
    }
    for kind in &rules.fast_tracks {
        put(line, format_args!("[[fast_track]]\ntype = \"{kind}\"\n"));
    }
    let excluded = &rules.excluded;
    put(
        line,
        format_args!(
            "[[exclusion]]\nname = \"rival\"\nwhen = {{ email_domain = \"{excluded}\" }}\n"
        ),
    );
    for (countries, queue) in &rules.routes {
        put(
            line,
            format_args!("[[route]]\nqueue = \"{queue}\"\nwhen = {{ country = {countries:?} }}\n"),
        );
    }
    text
}

fn clock_lines(clocks: &Clocks) -> String {
    let Clocks { extensions_at_most, .. } = clocks;
    let spans = [
        ("accept_within", clocks.accept_within),
        ("escalate_every", clocks.escalate_every),
        ("convert_within", clocks.convert_within),
        ("take_back_after", clocks.take_back_after),
        ("extend_by", clocks.extend_by),
        ("route_within", clocks.route_within),
        ("route_retry_every", clocks.route_retry_every),
        ("unrouted_remind_every", clocks.unrouted_remind_every),
    ];
    let lines = spans.map(|(name, value)| format!("{name} = {}\n", span(value)));
    format!("extensions_at_most = {extensions_at_most}\n{}", lines.concat())
}

/// The roster.
pub(super) fn roster(rules: &Rules) -> String {
    let Rules { version, fallback, marketing, .. } = rules;
    let mut text =
        format!("version = \"{version}\"\nfallback = \"{fallback}\"\nmarketing = {marketing:?}\n");
    for Person { id, time_zone, supervisor, active, away } in &rules.people {
        put(
            &mut text,
            format_args!(
                "[[person]]\nid = \"{id}\"\nname = \"{id}\"\nemail = \"{id}@northwind.example\"\n\
             time_zone = \"{time_zone}\"\nactive = {active}\n",
            ),
        );
        if let Some(supervisor) = supervisor {
            put(&mut text, format_args!("supervisor = \"{supervisor}\"\n"));
        }
        let off = |away: &Away| format!("{{ from = {}, until = {} }}", away.from, away.until);
        let off = away.iter().map(off).collect::<Vec<_>>().join(", ");
        put(&mut text, format_args!("away = [{off}]\n"));
    }
    for Queue { name, members } in &rules.queues {
        let member =
            |(id, weight): &(String, u32)| format!("{{ person = \"{id}\", weight = {weight} }}");
        let members = members.iter().map(member).collect::<Vec<_>>().join(", ");
        put(&mut text, format_args!("[[queue]]\nname = \"{name}\"\nmembers = [{members}]\n"));
    }
    text
}

fn span(span: SignedDuration) -> String {
    format!("\"{}s\"", span.as_secs())
}

fn put(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("a text takes everything");
}
