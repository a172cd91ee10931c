//! Mail scanners: they follow every link of a mail within a second or so of its arrival.
//!
//! Promises that their clicks leave the score where it would be without them, in whatever order
//! they arrive. The first of them looks like a person's and is scored like one; the click on
//! another link in the same second takes that back. Whom the first one qualified stays qualified.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::activity::{Activity, Earned, link_in, text_in};
use crate::lead::{CapUse, ClickedSecond, Evidence, Lead};
use crate::policy::{Policy, Scanners};
use crate::score::Points;
use crate::short_hash::short_hash;
use crate::{limits, scoring};

/// The seconds in which several links were clicked, of everything a lead did.
pub(crate) struct Scanned {
    pub(crate) seconds: BTreeSet<i64>,
}

impl Scanned {
    pub(crate) fn among<'a>(
        policy: &Policy,
        activities: impl Iterator<Item = &'a Activity>,
    ) -> Self {
        let mut links: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for activity in activities {
            if let Some(link) = link_clicked(policy, activity) {
                links.entry(activity.occurred_at.as_second()).or_default().insert(link);
            }
        }
        links.retain(|_, links| links.len() > 1);
        Self { seconds: links.into_keys().collect() }
    }

    /// Whether a scanner did that.
    pub(crate) fn is_by_one(&self, policy: &Policy, activity: &Activity) -> bool {
        let is_scanned = || {
            let second = activity.occurred_at.as_second();
            self.seconds.contains(&second) && link_clicked(policy, activity).is_some()
        };
        is_click(policy, activity) && (is_too_soon(&policy.scanners, activity) || is_scanned())
    }
}

/// What a scanner's click counts: nothing, less what is taken back. None for anything else.
pub(crate) fn look(policy: &Policy, lead: &mut Lead, activity: &Activity) -> Option<f64> {
    if !is_click(policy, activity) {
        return None;
    }
    let second = activity.occurred_at.as_second();
    let before = lead.clicked.iter().find(|known| known.second == second).cloned();
    hear(policy, &mut lead.clicked, lead.era, activity);
    let is_scan = lead.clicked.iter().any(|known| known.second == second && known.link.is_none());
    match before {
        _ if !is_scan || link_clicked(policy, activity).is_none() => {
            is_too_soon(&policy.scanners, activity).then_some(0.0)
        }
        Some(first) if first.link.is_some() => Some(take_back(policy, lead, &first, activity)),
        Some(_) | None => Some(0.0),
    }
}

/// Takes note of a click: of a second with several links, that a scanner made it.
pub(crate) fn hear(
    policy: &Policy,
    clicked: &mut Vec<ClickedSecond>,
    era: u32,
    activity: &Activity,
) {
    let Some(link) = link_clicked(policy, activity).map(hash) else { return };
    let second = activity.occurred_at.as_second();
    clicked.sort_by_key(|known| known.second);
    match clicked.binary_search_by_key(&second, |known| known.second) {
        Ok(index) if clicked[index].link == Some(link) => {}
        Ok(index) => {
            clicked[index] = ClickedSecond { link: None, ..nothing(second, link, era) };
        }
        Err(index) => {
            clicked.insert(index, nothing(second, link, era));
            if clicked.len() > limits::CLICKED_SECONDS {
                clicked.remove(0);
            }
        }
    }
}

fn nothing(second: i64, link: u64, era: u32) -> ClickedSecond {
    ClickedSecond { second, link: Some(link), counted: 0.0, era, caps: Vec::new() }
}

/// Remembers what a click counted, so that it can be taken back.
pub(crate) fn remember(
    policy: &Policy,
    clicked: &mut [ClickedSecond],
    era: u32,
    activity: &Activity,
    by_rule: &[Earned],
    counted: f64,
) {
    if link_clicked(policy, activity).is_none() {
        return;
    }
    let second = activity.occurred_at.as_second();
    let Some(clicked) = clicked.iter_mut().find(|known| known.second == second) else {
        return;
    };
    let before = if clicked.era == era { clicked.counted } else { 0.0 };
    (clicked.counted, clicked.era) = (before + counted, era);
    for used in scoring::caps_used(policy, activity, by_rule) {
        let same = |known: &CapUse| (known.day, &known.rule) == (used.day, &used.rule);
        match clicked.caps.iter().position(same) {
            Some(index) => {
                clicked.caps[index].points += used.points;
                clicked.caps[index].refused += used.refused;
            }
            None if clicked.caps.len() < limits::CLICKED_CAPS => clicked.caps.push(used),
            None => {}
        }
    }
}

/// Whether the lead still knows all that taking a click into account may take: `None` where there
/// is nothing to take back, and the click is like anything else that somebody did.
pub(crate) fn is_taken_back_exactly(
    policy: &Policy,
    lead: &Lead,
    activity: &Activity,
    fell: Option<i64>,
) -> Option<bool> {
    let link = hash(link_clicked(policy, activity)?);
    let second = activity.occurred_at.as_second();
    let Some(clicked) = lead.clicked.iter().find(|known| known.second == second) else {
        let is_full = lead.clicked.len() >= limits::CLICKED_SECONDS;
        let is_forgotten = is_full && lead.clicked.iter().all(|known| known.second > second);
        return is_forgotten.then_some(false);
    };
    match clicked.link {
        None => Some(true),
        Some(first) if first == link => None,
        Some(_) => {
            let has_all = clicked.caps.len() < limits::CLICKED_CAPS;
            let is_free = |used: &CapUse| {
                scoring::cap_used(&lead.caps, used.day, &used.rule)
                    .is_some_and(|known| known.refused == 0)
            };
            let is_linear = fell.is_none_or(|fell| second > fell);
            Some(is_linear && has_all && clicked.caps.iter().all(is_free))
        }
    }
}

/// What a scanner clicked is no evidence.
pub(crate) fn forget_evidence(
    policy: &Policy,
    recent: &mut Vec<Evidence>,
    is_scan: impl Fn(i64) -> bool,
) {
    let types = &policy.scanners.types;
    recent.retain(|known| !is_scan(known.at.as_second()) || !types.contains(&known.kind));
}

fn is_click(policy: &Policy, activity: &Activity) -> bool {
    policy.scanners.types.contains(&activity.kind)
}

fn link_clicked<'a>(policy: &Policy, activity: &'a Activity) -> Option<&'a str> {
    link_in(&activity.data).filter(|_| is_click(policy, activity))
}

/// Whether the mail had only just been sent. Two clocks may differ either way; a mail sent long
/// after it was clicked is a date that can't be right, and says nothing.
fn is_too_soon(scanners: &Scanners, activity: &Activity) -> bool {
    let sent_at =
        text_in(&activity.data, "sent_at").and_then(|text| text.parse::<Timestamp>().ok());
    sent_at.is_some_and(|sent_at| {
        activity.occurred_at.duration_since(sent_at).abs() < scanners.after_sending
    })
}

/// Tells one link from another: a lead remembers a few at a time.
fn hash(link: &str) -> u64 {
    short_hash(Sha256::new().chain_update(link))
}

/// Makes the clicks of a second a scanner's: what they counted is taken back, but for what passes
/// on to clicks that the daily cap refused, and they are no evidence. Those refused may turn out a
/// scanner's too, and then more is taken back than they counted themselves.
fn take_back(
    policy: &Policy,
    lead: &mut Lead,
    clicked: &ClickedSecond,
    activity: &Activity,
) -> f64 {
    let passed_on: Points =
        clicked.caps.iter().map(|used| scoring::give_back(&mut lead.caps, used)).sum();
    forget_evidence(policy, &mut lead.recent, |second| second == clicked.second);
    let at = activity.occurred_at;
    if clicked.era != lead.era || lead.restarted_at.is_some_and(|restart| at < restart) {
        return 0.0;
    }
    // Zero less, because nothing taken back is 0, not -0.
    let points = 0.0 - (clicked.counted - passed_on as f64);
    let scoring = &policy.scoring;
    let (behaviour, counted) = lead.behaviour.add(points, at, scoring.half_life, scoring.floor);
    lead.behaviour = behaviour;
    counted
}
