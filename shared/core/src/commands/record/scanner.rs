//! Mail scanners: they follow every link of a mail within a second or so of its arrival.
//!
//! Promises that their clicks leave the score where it would be without them, in whatever order
//! they arrive. The first of them looks like a person's and is scored like one; the click on
//! another link in the same second takes that back. Whom the first one qualified stays qualified.

use std::mem;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::activity::{Activity, Earned, link_in, text_in};
use crate::lead::{CapUse, ClickedSecond, Lead};
use crate::policy::{Policy, Scanners};
use crate::score::Points;
use crate::{limits, scoring};

/// What a scanner's click counts: nothing, less what is taken back. None for anything else.
pub(super) fn look(policy: &Policy, lead: &mut Lead, activity: &Activity) -> Option<f64> {
    if !policy.scanners.types.contains(&activity.kind) {
        return None;
    }
    let too_soon = is_too_soon(&policy.scanners, activity).then_some(0.0);
    let Some(link) = link_in(&activity.data) else { return too_soon };
    let link = hash(link);
    let index = clicked(lead, activity.occurred_at.as_second(), link);
    if lead.clicked[index].link == Some(link) {
        too_soon
    } else {
        Some(take_back(policy, lead, index, activity.occurred_at))
    }
}

/// Remembers what a click counted, so that it can be taken back.
pub(super) fn remember(
    policy: &Policy,
    lead: &mut Lead,
    activity: &Activity,
    by_rule: &[Earned],
    counted: f64,
) {
    if !policy.scanners.types.contains(&activity.kind) || link_in(&activity.data).is_none() {
        return;
    }
    let (second, era) = (activity.occurred_at.as_second(), lead.era);
    let Some(clicked) = lead.clicked.iter_mut().find(|known| known.second == second) else {
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

/// Whether the mail had only just been sent. Two clocks may differ either way; a mail sent long
/// after it was clicked is a date that can't be right, and says nothing.
fn is_too_soon(scanners: &Scanners, activity: &Activity) -> bool {
    let sent_at =
        text_in(&activity.data, "sent_at").and_then(|text| text.parse::<Timestamp>().ok());
    sent_at.is_some_and(|sent_at| {
        activity.occurred_at.duration_since(sent_at).abs() < scanners.after_sending
    })
}

/// Enough of a hash to tell one link from another: a lead remembers a few at a time.
fn hash(link: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(link).into();
    let (first, _) = digest.split_first_chunk().expect("32 bytes begin with 8");
    u64::from_be_bytes(*first)
}

/// Where the lead remembers that second; from now on, if it is new.
fn clicked(lead: &mut Lead, second: i64, link: u64) -> usize {
    if let Some(known) = lead.clicked.iter().position(|known| known.second == second) {
        return known;
    }
    if lead.clicked.len() >= limits::CLICKED_SECONDS {
        lead.clicked.remove(0);
    }
    let (link, era) = (Some(link), lead.era);
    lead.clicked.push(ClickedSecond { second, link, counted: 0.0, era, caps: Vec::new() });
    lead.clicked.len() - 1
}

/// Makes the clicks of a second a scanner's: what they counted is taken back, but for what passes
/// on to clicks that the daily cap refused, and they are no evidence. Those refused may turn out a
/// scanner's too, and then more is taken back than they counted themselves.
fn take_back(policy: &Policy, lead: &mut Lead, index: usize, at: Timestamp) -> f64 {
    let clicked = &mut lead.clicked[index];
    let (second, era) = (clicked.second, clicked.era);
    let (counted, caps) = (mem::take(&mut clicked.counted), mem::take(&mut clicked.caps));
    clicked.link = None;
    let passed_on: Points = caps.iter().map(|used| scoring::give_back(&mut lead.caps, used)).sum();
    let types = &policy.scanners.types;
    lead.recent.retain(|known| known.at.as_second() != second || !types.contains(&known.kind));
    if era != lead.era || lead.restarted_at.is_some_and(|restart| at < restart) {
        return 0.0;
    }
    // Zero less, because nothing taken back is 0, not -0.
    let points = 0.0 - (counted - passed_on as f64);
    let scoring = &policy.scoring;
    let (behaviour, counted) = lead.behaviour.add(points, at, scoring.half_life, scoring.floor);
    lead.behaviour = behaviour;
    counted
}
