//! The summary's screen, filled in with what was counted.

use crate::count::Numbers;

/// The screen as it must be.
pub(crate) fn of(numbers: &Numbers) -> String {
    let n = |what: &str| numbers.counts.get(what).copied().unwrap_or_default();
    let (new, before, unusable) = (n("new"), n("sent before"), n("unusable"));
    let qualified = n("by fast track") + n("by score") + n("by hand");
    let alert = |kind: &str| {
        let (email, sms) = (n(&format!("email {kind}")), n(&format!("sms {kind}")));
        format!("    {kind:<22}{email:>6}{sms:>6}\n")
    };
    let kinds =
        ["accept_overdue", "assigned", "handed_over", "take_back_warned", "taken_back", "unrouted"];
    let text = format!(
        "32 days in numbers, 2 March 2026 to 3 April 2026

  activities   {} received: {new} new, {before} sent before, {unusable} unusable
  leads        {}, of whom excluded: {}
  qualified    {qualified}: by {}; {} of them for the 2nd time
  accepted     {}, {} of them within 24 h
  turned down  {}: {}
  escalations  {} about {} leads, up to {} about one
  day 30       {} warned, {} extended, {} taken back a day later
  left sales   {} converted, {} disqualified, {} returned: {} turned down, {} given back, {} taken back
  now          {} nurturing, {} mql, {} working ({} in grace), {} converted, {} returned, {} disqualified
  alerts sent             e-mail   SMS
{}",
        new + before + unusable,
        numbers.leads,
        words(numbers, "excluded "),
        words(numbers, "by "),
        n("again"),
        n("accepted"),
        n("accepted in time"),
        n("turned down"),
        words(numbers, "because "),
        n("escalations"),
        n("escalated leads"),
        numbers.most_escalated,
        n("warned"),
        n("extended"),
        n("returned by lapse"),
        n("converted, ever"),
        n("disqualified, ever"),
        n("returned, ever"),
        n("returned by reject"),
        n("returned by return"),
        n("returned by lapse"),
        n("nurturing"),
        n("mql"),
        n("working"),
        n("in grace"),
        n("converted"),
        n("returned"),
        n("disqualified"),
        kinds.map(alert).concat(),
    );
    text.trim().to_owned()
}

/// "no_budget 3, not_now 3, student 1": the most frequent first.
fn words(numbers: &Numbers, prefix: &str) -> String {
    let counts = numbers.counts.iter();
    let mut found: Vec<(&str, usize)> =
        counts.filter_map(|(what, n)| Some((what.strip_prefix(prefix)?, *n))).collect();
    found.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), *word));
    found.iter().map(|(word, n)| format!("{word} {n}")).collect::<Vec<_>>().join(", ")
}
