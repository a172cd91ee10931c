//! An activity arrives: rules 1 and 2 of the hand-off. Whether it makes the lead an MQL is
//! [`qualification`]'s to say.

mod scanner;

use super::{Command, Part, Telling, Tone, qualify};
use crate::activity::{Activity, Earned, Entry, Note};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::{Identity, LeadId};
use crate::lead::{Evidence, QualifiedBy, email_of};
use crate::policy::FastTrack;
use crate::policy::condition::RuleInput;
use crate::qualification::{self, Qualifies};
use crate::refusal::Refusal;
use crate::score::{Behaviour, Points};
use crate::{limits, scoring};

/// Score what a prospect did; qualify the lead if that is enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What they did.
    pub activity: Box<Activity>,
}

impl Record {
    /// To record that activity.
    pub fn new(activity: Activity) -> Self {
        Self { activity: Box::new(activity) }
    }

    /// An activity is a fact, and a fact is recorded whatever the lead's status: refused only if
    /// the person was erased since.
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.join();
        let (lead, at) = (decision.lead(), self.activity.occurred_at);
        let forgets =
            |who: Identity| lead.erasure_of(who.lead_id()).is_some_and(|erased| erased.forgets(at));
        if self.activity.identifiers().any(forgets) {
            return Err(Refusal::BeforeErasure);
        }
        record(decision, &self.activity);
        Ok(())
    }
}

impl From<Record> for Command {
    fn from(command: Record) -> Self {
        Self::Record(command)
    }
}

fn record(decision: &mut DecisionBuilder<'_>, activity: &Activity) {
    let policy = decision.policy();
    let lead = decision.lead_mut();
    let is_first = lead.version == lead.erased.map_or(0, |erased| erased.version) + 1;
    if is_first {
        lead.behaviour = Behaviour::zero(activity.occurred_at);
    }
    lead.profile.learn(&activity.profile, activity.occurred_at);
    let scanned = scanner::look(policy, lead, activity);
    let facts =
        RuleInput::new(email_of(&lead.who, &lead.identifiers), &lead.profile, Some(activity));
    let fits = scoring::fits(policy, &facts);
    lead.fit = fits.iter().map(|rule| rule.points).sum();
    lead.excluded = scoring::exclusion(policy, &facts).cloned();
    if let Some(counted) = scanned {
        let entry = entry(decision, activity, Vec::new(), counted, Some(Note::Scanner));
        decision.set_entry(entry);
        return;
    }
    let by_rule = scoring::earn(policy, &facts, activity, &mut lead.caps);
    let fast_track = scoring::fast_track(policy, &facts, activity);

    let points = by_rule.iter().map(|earned| earned.points).sum();
    let (counted, note) = count(decision, activity, points);
    scanner::remember(policy, decision.lead_mut(), activity, &by_rule, counted);
    if note != Some(Note::BeforeRestart) {
        remember(decision, activity, &by_rule, fast_track);
    }
    let entry = Entry {
        fast_track: fast_track.map(|rule| rule.name.clone()),
        fits: fits.into_iter().map(|rule| rule.name.clone()).collect(),
        qualified: qualify_if_enough(decision, activity, points, fast_track),
        ..entry(decision, activity, by_rule, counted, note)
    };
    decision.set_entry(entry);
}

/// Adds the points to the behaviour score, unless they were earned before it restarted.
fn count(
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    points: Points,
) -> (f64, Option<Note>) {
    let scoring = &decision.policy().scoring;
    let lead = decision.lead_mut();
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
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    by_rule: &[Earned],
    fast_track: Option<&FastTrack>,
) {
    let points: Points = by_rule.iter().map(|earned| earned.points).sum();
    let policy = decision.policy();
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
    let recent = &mut decision.lead_mut().recent;
    let place = recent.partition_point(|known| known.at > evidence.at);
    recent.insert(place, evidence);
    recent.truncate(limits::RECENT_ACTIVITIES);
}

fn entry(
    decision: &DecisionBuilder<'_>,
    activity: &Activity,
    by_rule: Vec<Earned>,
    counted: f64,
    note: Option<Note>,
) -> Entry {
    Entry {
        lead: decision.lead().lead,
        source: activity.source.clone(),
        id: activity.id.clone(),
        kind: activity.kind.clone(),
        occurred_at: activity.occurred_at,
        received_at: decision.now(),
        points: by_rule.iter().map(|earned| earned.points).sum(),
        by_rule,
        counted,
        era: decision.lead().era,
        note,
        fast_track: None,
        excluded: decision.lead().excluded.clone(),
        fits: Vec::new(),
        qualified: false,
        policy: decision.policy().version.clone(),
        editions: decision.editions(),
        version: decision.lead().version,
        profile: activity.profile.clone(),
        data: activity.data.clone(),
        named: named(activity, decision.lead().lead),
        conflict: decision.conflict(),
        fingerprint: Some(activity.fingerprint),
    }
}

/// The ids of everything the activity calls the person by, unless that is the lead's own id alone.
fn named(activity: &Activity, lead: LeadId) -> Vec<LeadId> {
    let named: Vec<LeadId> = activity.identifiers().map(|who| who.lead_id()).collect();
    if named == [lead] { Vec::new() } else { named }
}

/// Gives whether the activity made the lead an MQL.
fn qualify_if_enough(
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    points: Points,
    fast_track: Option<&FastTrack>,
) -> bool {
    if decision.has_merged() && points <= 0 && fast_track.is_none() {
        // What both had done is no news: rule 13, a merge alone never qualifies.
        return false;
    }
    let (lead, scoring, now) = (decision.lead(), &decision.policy().scoring, decision.now());
    match qualification::by_activity(lead, activity, points, fast_track, scoring, now) {
        Some(Qualifies::FastTrack(rule)) => {
            qualify::begin_trip(decision, QualifiedBy::FastTrack, Some(rule.name.as_str()));
        }
        Some(Qualifies::Score) => qualify::begin_trip(decision, QualifiedBy::Score, None),
        None => return false,
    }
    true
}

pub(super) fn tell(line: &History) -> Telling<'_> {
    match (line.path, &line.reason) {
        (None, None) if line.merged.is_some() => {
            Telling::new(Tone::Stage, [Part::Text("Merged: two leads were one person")])
        }
        // Lines of old don't say how; what qualified them does.
        (Some(QualifiedBy::FastTrack) | None, Some(rule)) => {
            let text = Part::Text("Became an MQL by fast track: ");
            Telling::new(Tone::Stage, [text, Part::Rule(rule)])
        }
        _ => Telling::new(Tone::Stage, [Part::Text("Became an MQL by score")]),
    }
}
