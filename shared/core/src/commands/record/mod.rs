//! An activity arrives: rules 1 and 2 of the hand-off. Whether it makes the lead an MQL is
//! [`qualification`]'s to say.

mod counting;

use super::{Command, Part, Telling, Tone, qualify};
use crate::activity::{Activity, Earned, Entry, Note};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::{Evidence, QualifiedBy};
use crate::ledger::Worth;
use crate::policy::FastTrack;
use crate::policy::condition::RuleInput;
use crate::qualification::{self, Gain, Qualifies};
use crate::refusal::Refusal;
use crate::score::Points;
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
        let erased = decision.lead().erased;
        if erased.is_some_and(|erased| erased.forgets(self.activity.occurred_at)) {
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
    let mut before = counting::before(decision, activity);
    let lead = decision.lead_mut();
    lead.profile.learn(&activity.profile, activity.occurred_at);
    let counted = counting::count(decision, activity, before.recounted.take());
    let lead = decision.lead_mut();
    let facts = RuleInput::new(lead.who.email(), &lead.profile, Some(activity));
    let fits = scoring::fits(policy, &facts);
    let fast_track = scoring::fast_track(policy, &facts, activity);
    lead.fit = fits.iter().map(|rule| rule.points).sum();
    lead.excluded = scoring::exclusion(policy, &facts).cloned();
    if counted.note == Some(Note::Scanner) {
        let entry = entry(decision, activity, counted);
        decision.set_entry(entry);
        return;
    }
    if counted.note != Some(Note::BeforeRestart) {
        remember(decision, activity, &counted.by_rule, fast_track);
    }
    let entry = Entry {
        fast_track: fast_track.map(|rule| rule.name.clone()),
        fits: fits.into_iter().map(|rule| rule.name.clone()).collect(),
        ..entry(decision, activity, counted)
    };
    let gain = Gain { points: entry.points, raises: before.is_below(decision) };
    let qualified = qualify_if_enough(decision, activity, gain, fast_track);
    decision.set_entry(Entry { qualified, ..entry });
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

fn entry(decision: &DecisionBuilder<'_>, activity: &Activity, worth: Worth) -> Entry {
    Entry {
        lead: decision.lead().lead,
        source: activity.source.clone(),
        id: activity.id.clone(),
        kind: activity.kind.clone(),
        occurred_at: activity.occurred_at,
        received_at: decision.now(),
        points: worth.points(),
        by_rule: worth.by_rule,
        counted: worth.counted,
        era: decision.lead().era,
        note: worth.note,
        fast_track: None,
        excluded: decision.lead().excluded.clone(),
        fits: Vec::new(),
        qualified: false,
        policy: decision.policy().version.clone(),
        editions: decision.editions(),
        version: decision.lead().version,
        profile: activity.profile.clone(),
        data: activity.data.clone(),
    }
}

/// Gives whether the activity made the lead an MQL.
fn qualify_if_enough(
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    gain: Gain,
    fast_track: Option<&FastTrack>,
) -> bool {
    let (lead, scoring, now) = (decision.lead(), &decision.policy().scoring, decision.now());
    match qualification::by_activity(lead, activity, gain, fast_track, scoring, now) {
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
        // Lines of old don't say how; what qualified them does.
        (Some(QualifiedBy::FastTrack) | None, Some(rule)) => {
            let text = Part::Text("Became an MQL by fast track: ");
            Telling::new(Tone::Stage, [text, Part::Rule(rule)])
        }
        _ => Telling::new(Tone::Stage, [Part::Text("Became an MQL by score")]),
    }
}
