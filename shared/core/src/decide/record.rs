//! An activity arrives: rules 1, 2 and 3 of the hand-off.

use super::{Turn, qualify, scan};
use crate::activity::{Activity, Earned, Entry, Note};
use crate::lead::{Evidence, QualifiedBy, Status};
use crate::limits;
use crate::points::{Behaviour, Points};
use crate::policy::FastTrack;
use crate::policy::condition::Facts;
use crate::score;

/// Scores the activity and qualifies the lead if that is enough. Never refused here: an activity
/// is a fact, and a fact is recorded whatever the lead's status.
pub(super) fn record(turn: &mut Turn<'_>, activity: &Activity) {
    let policy = turn.world.policy;
    let lead = &mut turn.decision.lead;
    let is_first = lead.version == lead.erased.map_or(0, |erased| erased.version) + 1;
    if is_first {
        lead.behaviour = Behaviour::zero(activity.occurred_at);
    }
    lead.profile.learn(&activity.profile, activity.occurred_at);
    let scanned = scan::look(policy, lead, activity);
    let facts = Facts::new(lead.who.email(), &lead.profile, Some(activity));
    let fits = score::fits(policy, &facts);
    lead.fit = fits.iter().map(|rule| rule.points).sum();
    lead.excluded = score::exclusion(policy, &facts).cloned();
    if let Some(counted) = scanned {
        let entry = entry(turn, activity, Vec::new(), counted, Some(Note::Scanner));
        turn.decision.entry = Some(entry);
        return;
    }
    let by_rule = score::earn(policy, &facts, activity, &mut lead.caps);
    let fast_track = score::fast_track(policy, &facts, activity);

    let points = by_rule.iter().map(|earned| earned.points).sum();
    let (counted, note) = count(turn, activity, points);
    scan::remember(policy, turn.lead_mut(), activity, &by_rule, counted);
    if note != Some(Note::BeforeRestart) {
        remember(turn, activity, &by_rule, fast_track);
    }
    let entry = Entry {
        fast_track: fast_track.map(|rule| rule.name.clone()),
        fits: fits.into_iter().map(|rule| rule.name.clone()).collect(),
        qualified: qualify_if_enough(turn, activity, points, fast_track),
        ..entry(turn, activity, by_rule, counted, note)
    };
    turn.decision.entry = Some(entry);
}

/// Adds the points to the behaviour score, unless they were earned before it restarted.
fn count(turn: &mut Turn<'_>, activity: &Activity, points: Points) -> (f64, Option<Note>) {
    let scoring = &turn.world.policy.scoring;
    let lead = turn.lead_mut();
    if lead.restarted_at.is_some_and(|restart| activity.occurred_at < restart) {
        return (0.0, Some(Note::BeforeRestart));
    }
    let points = points as f64;
    let (behaviour, counted) =
        lead.behaviour.add(points, activity.occurred_at, scoring.half_life, scoring.floor);
    lead.behaviour = behaviour;
    let stopped = counted != points;
    (counted, stopped.then_some(Note::Floor))
}

/// Keeps the activity among the lead's newest, so that an alert can say why without the ledger.
/// What speaks against a lead, or says nothing about it, is no evidence.
fn remember(
    turn: &mut Turn<'_>,
    activity: &Activity,
    by_rule: &[Earned],
    fast_track: Option<&FastTrack>,
) {
    let points: Points = by_rule.iter().map(|earned| earned.points).sum();
    let policy = turn.world.policy;
    let mut rules = policy.activities.about(&activity.kind);
    let label = match fast_track {
        Some(rule) => &rule.label,
        None if points > 0 => match rules.find(|rule| rule.name == by_rule[0].rule) {
            Some(rule) => &rule.label,
            None => return,
        },
        None => return,
    };
    let (kind, label) = (activity.kind.clone(), label.clone());
    let evidence = Evidence { kind, label, at: activity.occurred_at, points };
    let recent = &mut turn.lead_mut().recent;
    let place = recent.partition_point(|known| known.at > evidence.at);
    recent.insert(place, evidence);
    recent.truncate(limits::RECENT_ACTIVITIES);
}

fn entry(
    turn: &Turn<'_>,
    activity: &Activity,
    by_rule: Vec<Earned>,
    counted: f64,
    note: Option<Note>,
) -> Entry {
    Entry {
        lead: turn.lead().lead,
        source: activity.source.clone(),
        id: activity.id.clone(),
        kind: activity.kind.clone(),
        occurred_at: activity.occurred_at,
        received_at: turn.now,
        points: by_rule.iter().map(|earned| earned.points).sum(),
        by_rule,
        counted,
        era: turn.lead().era,
        note,
        fast_track: None,
        excluded: turn.lead().excluded.clone(),
        fits: Vec::new(),
        qualified: false,
        policy: turn.world.policy.version.clone(),
        profile: activity.profile.clone(),
        data: activity.data.clone(),
    }
}

/// Rule 3. An activity that takes points away never qualifies anybody, and after a return only
/// something new does: done since, and worth points or a fast track. Gives whether it does.
fn qualify_if_enough(
    turn: &mut Turn<'_>,
    activity: &Activity,
    points: Points,
    fast_track: Option<&FastTrack>,
) -> bool {
    let policy = turn.world.policy;
    let lead = turn.lead();
    let (may_score, may_fast_track) = match lead.status {
        Status::Nurturing => (points >= 0, true),
        Status::Returned => {
            let new = lead.marks.returned_at.is_none_or(|at| activity.occurred_at >= at);
            (new && points > 0, new)
        }
        Status::Mql | Status::Working | Status::Converted | Status::Disqualified => (false, false),
    };
    if lead.excluded.is_some() {
        return false;
    }
    let score = lead.score(turn.now, policy.scoring.half_life);
    if let Some(rule) = fast_track.filter(|_| may_fast_track) {
        qualify::qualify(turn, QualifiedBy::FastTrack, Some(rule.name.as_str()));
    } else if may_score && score.total >= policy.scoring.threshold {
        qualify::qualify(turn, QualifiedBy::Score, None);
    } else {
        return false;
    }
    true
}
