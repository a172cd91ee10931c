//! Every decision, and who was told of it, newest first.

use std::collections::BTreeMap;

use baton_cloud::Sent;
use baton_core::channel::ChannelName;
use baton_core::commands::{self, Tone};
use baton_core::decision::History;
use baton_core::id::LeadId;
use baton_core::message::{AlertKind, Message};
use baton_wording::human_time::span;
use jiff::SignedDuration;

use super::rich_text::RichText;
use super::sentence::told_line;
use super::view::LeadView;
use crate::reader::Moment;
use crate::words::listed;

/// Decisions that are shown at most, the newest. JSON has them all.
pub(super) const ROWS: usize = 75;

/// A message that left within this time was delivered at once.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(1);

pub(super) struct Timeline {
    pub(super) rows: Vec<TimelineRow>,
    /// How many older decisions there are.
    pub(super) older: Option<String>,
}

pub(super) struct TimelineRow {
    pub(super) class: &'static str,
    pub(super) at: Moment,
    pub(super) what: RichText,
    pub(super) deliveries: Vec<Delivery>,
}

/// People who were told the same by the same channels.
pub(super) struct Delivery {
    /// "you and Ben by e-mail: new lead – "
    pub(super) text: String,
    pub(super) outcome: DeliveryOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DeliveryOutcome {
    AtOnce,
    /// How much later, and when.
    Later(String, String),
    NotYet,
    Withdrawn,
}

impl Timeline {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let mut told: BTreeMap<(Option<LeadId>, u64), Vec<&Sent>> = BTreeMap::new();
        for sent in &view.told.messages {
            told.entry((Some(sent.id.lead), sent.id.version)).or_default().push(sent);
        }
        let row = |line: &History| {
            let (what, class) = (told_line(line, view), class(commands::tell(line).tone));
            let told = told.get(&(line.lead, line.version)).map_or(&[][..], Vec::as_slice);
            TimelineRow {
                class,
                at: view.reader.short(line.at),
                what,
                deliveries: deliveries(told, view),
            }
        };
        let lines = &view.told.history;
        let older = lines.len().saturating_sub(ROWS);
        Self {
            rows: lines.iter().rev().take(ROWS).map(row).collect(),
            older: (older > 0).then(|| view.reader.count(older as i64)),
        }
    }
}

/// The CSS class of a line.
fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Stage => "stage",
        Tone::Late => "late",
        Tone::Plain => "",
    }
}

/// Who was told, grouped by what they were told, how, and with which outcome.
fn deliveries(sent: &[&Sent], view: &LeadView<'_>) -> Vec<Delivery> {
    let mut words: BTreeMap<(String, &str, DeliveryOutcome), Vec<String>> = BTreeMap::new();
    for sent in sent {
        let Message::Alert(alert) = &sent.message else { continue };
        let by = by(&sent.channels(&view.rules.roster));
        let people = words.entry((by, about(alert.kind), outcome(sent, view))).or_default();
        people.push(view.names.of(&alert.to));
    }
    let word = |((by, about, outcome), people): ((String, &str, DeliveryOutcome), Vec<String>)| {
        Delivery { text: format!("{}{by}: {about} – ", listed(&people)), outcome }
    };
    words.into_iter().map(word).collect()
}

/// " by e-mail and SMS"; empty if it left by no channel.
fn by(channels: &[ChannelName]) -> String {
    match channels {
        [] => String::new(),
        _ => {
            let labels = channels.iter().map(|channel| channel.label().to_owned());
            format!(" by {}", listed(&labels.collect::<Vec<_>>()))
        }
    }
}

fn about(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Assigned => "new lead",
        AlertKind::AcceptOverdue => "not accepted in time",
        AlertKind::TakeBackWarned => "warning: marketing takes it back",
        AlertKind::TakenBack => "back with marketing",
        AlertKind::HandedOver => "given to a colleague",
        AlertKind::Unrouted => "nobody available",
    }
}

fn outcome(sent: &Sent, view: &LeadView<'_>) -> DeliveryOutcome {
    match (sent.delivered_at, sent.withdrawn_at) {
        (Some(at), _) => match at.duration_since(sent.at) {
            late if late < AT_ONCE => DeliveryOutcome::AtOnce,
            late => DeliveryOutcome::Later(span(late), view.reader.short(at).words),
        },
        (None, Some(_)) => DeliveryOutcome::Withdrawn,
        (None, None) => DeliveryOutcome::NotYet,
    }
}
