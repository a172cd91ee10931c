//! The funnel in sentences.

use super::{ExitPath, Funnel, Metric};

pub(super) fn of(funnel: &Funnel) -> Vec<String> {
    vec![qualified(funnel), left(funnel), near(funnel)]
}

fn qualified(funnel: &Funnel) -> String {
    let (mqls, accepted) = (funnel.step(Metric::Qualified), funnel.step(Metric::Accepted));
    let (now, before) = (mqls.0, mqls.1);
    let days = format!("the {} before", plural(count(funnel.window.days()), "day"));
    let more = match now.cmp(&before) {
        std::cmp::Ordering::Equal => format!("as many as in {days}"),
        std::cmp::Ordering::Greater => format!("{} more than in {days}", now - before),
        std::cmp::Ordering::Less => format!("{} fewer than in {days}", before - now),
    };
    let mut text = format!("{} became MQLs, {more}. ", plural(now, "lead"));
    text.push_str(&format!("Sales accepted {} ({} before)", accepted.0, accepted.1));
    let in_time = &funnel.in_time;
    if let Some(part) = in_time.share {
        let hours = (in_time.within_seconds / 3600.0).round() as usize;
        text.push_str(&format!(", {} of them within {}", percent(part), plural(hours, "hour")));
        if let Some(before) = in_time.share_before {
            text.push_str(&format!(" ({} before)", percent(before)));
        }
    }
    text + "."
}

fn left(funnel: &Funnel) -> String {
    let (converted, returned) = (funnel.step(Metric::Converted), funnel.step(Metric::Returned));
    let taken = funnel.returns.iter().find(|row| row.way == ExitPath::TakenBack);
    let taken = taken.map_or(0, |row| row.count.now);
    let mut text = format!(
        "{} converted ({} before); {} went back to marketing ({} before)",
        plural(converted.0, "lead"),
        converted.1,
        returned.0,
        returned.1,
    );
    if taken > 0 {
        text.push_str(&format!(", {taken} of them because time was up"));
    }
    text + "."
}

fn near(funnel: &Funnel) -> String {
    match funnel.near.len() {
        0 => "No lead is within 7 days of the limit.".to_owned(),
        1 => "1 lead is within 7 days of the limit, or past it.".to_owned(),
        many => format!("{many} leads are within 7 days of the limit, or past it."),
    }
}

fn plural(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn count(days: i32) -> usize {
    usize::try_from(days).unwrap_or(0)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
