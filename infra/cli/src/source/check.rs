//! `baton source check`: what a payload would become, line by line.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use baton_cloud::Clock;
use baton_core::activity::{Activity, Earned};
use baton_core::commands::Record;
use baton_core::id::{Identity, SourceName};
use baton_core::lead::Lead;
use baton_core::profile::Scalar;
use baton_core::{Actor, CommandRequest, Context, Correlation, Policy, Roster, decide};
use baton_documents::policy::PolicyDocument;
use baton_documents::roster;
use baton_engine::{Secrets, SecretsError};
use baton_intake::{Source, Sources};
use baton_score::webhook::{Preview, preview};
use jiff::Timestamp;

use super::{CheckArgs, payload};
use crate::check;
use crate::exit::CliResult;

/// Why a payload would not be recorded whole.
#[derive(Debug, thiserror::Error)]
enum CheckError {
    #[error("{} can't be read", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("the secrets {} can't be used", file.display())]
    Secrets { file: PathBuf, source: SecretsError },
    #[error("the policy has no [[source]]; add one, or start from a preset")]
    NoSource,
    #[error("the policy has no source {name}; it has {known}")]
    Unknown { name: SourceName, known: String },
    #[error("the policy has several sources; give --source, one of {known}")]
    Several { known: String },
    #[error("Baton would answer 401 and keep nothing")]
    Unproven,
    #[error("Baton would answer 200 and keep the payload in quarantine")]
    Quarantined,
}

pub(super) fn run(args: &CheckArgs, out: &mut impl Write) -> CliResult {
    let PolicyDocument { policy, sources, .. } = check::read_policy(&args.policy)?;
    let source = chosen(&sources, args.source.as_ref())?;
    let body = read(&args.payload)?;
    let secrets = args.secrets.as_deref().map(secrets).transpose()?;
    let keys = secrets.as_ref().and_then(|secrets| secrets.sources.get(&source.name));
    let now = args.at.unwrap_or_else(|| Clock::System.now());
    let request = payload::request(body, &args.headers, &args.query);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let previewed = preview(source, keys, &request, &policy.time_zone, now);
    let preview = runtime.block_on(previewed);
    write_preview(source, &policy, &preview, now, out)?;
    match &preview.proof {
        Some(Err(_)) => Err(CheckError::Unproven.into()),
        _ if !preview.suspicions.is_empty() || !preview.reasons().is_empty() => {
            Err(CheckError::Quarantined.into())
        }
        _ => Ok(()),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, CheckError> {
    fs::read(file).map_err(|source| CheckError::Unreadable { file: file.to_owned(), source })
}

fn secrets(file: &Path) -> Result<Secrets, CheckError> {
    let text = String::from_utf8_lossy(&read(file)?).into_owned();
    Secrets::read(&text).map_err(|source| CheckError::Secrets { file: file.to_owned(), source })
}

fn chosen<'s>(sources: &'s Sources, name: Option<&SourceName>) -> Result<&'s Source, CheckError> {
    let known = || {
        let names: Vec<&str> = sources.keys().map(SourceName::as_str).collect();
        names.join(", ")
    };
    match name {
        Some(name) => sources
            .get(name)
            .ok_or_else(|| CheckError::Unknown { name: name.clone(), known: known() }),
        None if sources.len() > 1 => Err(CheckError::Several { known: known() }),
        None => sources.values().next().ok_or(CheckError::NoSource),
    }
}

fn write_preview(
    source: &Source,
    policy: &Policy,
    preview: &Preview,
    now: Timestamp,
    out: &mut impl Write,
) -> io::Result<()> {
    match &source.preset {
        Some(preset) => writeln!(out, "source    {} (preset {preset})", source.name)?,
        None => writeln!(out, "source    {}", source.name)?,
    }
    let scheme = source.verify.word();
    match &preview.proof {
        None => writeln!(out, "proof     {scheme}, not checked (--secrets FILE checks it)")?,
        Some(Ok(())) => writeln!(out, "proof     {scheme}, holds")?,
        Some(Err(why)) => writeln!(out, "proof     {scheme}, does not hold: {why}")?,
    }
    for suspicion in &preview.suspicions {
        writeln!(out, "suspect   {suspicion}")?;
    }
    for reason in preview.reasons() {
        writeln!(out, "unusable  {reason}")?;
    }
    let Ok(mapped) = &preview.mapped else { return Ok(()) };
    if mapped.passed_over > 0 {
        writeln!(out, "not ours  {} passed over: `only` does not hold", mapped.passed_over)?;
    }
    mapped.activities.iter().try_for_each(|activity| write_person(activity, policy, now, out))
}

fn write_person(
    activity: &Activity,
    policy: &Policy,
    now: Timestamp,
    out: &mut impl Write,
) -> io::Result<()> {
    let who = match &activity.who {
        Identity::Email(email) => format!("email:{email}"),
        Identity::Source { source, id } => format!("{source}:{}", id.as_str()),
    };
    writeln!(out, "\nperson    {who}")?;
    writeln!(out, "  id      {}", activity.id.as_str())?;
    writeln!(out, "  type    {}", activity.kind)?;
    writeln!(out, "  time    {}", activity.occurred_at)?;
    for (key, value) in &activity.profile {
        writeln!(out, "  profile {key} = {}", words(value))?;
    }
    if activity.data.is_null() {
        writeln!(out, "  data    none kept: the payload is too large or too strange")?;
    }
    write_worth(activity, policy, now, out)
}

fn words(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Number(value) => value.to_string(),
        Scalar::Text(text) => format!("{text:?}"),
    }
}

/// Writes what the activity would earn a new lead, as the domain decides.
fn write_worth(
    activity: &Activity,
    policy: &Policy,
    now: Timestamp,
    out: &mut impl Write,
) -> io::Result<()> {
    let lead = Lead::new(activity.who.clone(), now);
    let by = Actor::Source(activity.source.clone());
    let request = CommandRequest::new(Record::new(activity.clone()), by, Correlation::none());
    let context = Context { editions: None, policy, roster: &nobody(), turn: None, now };
    let Ok(decision) = decide(lead, &request, &context) else { return Ok(()) };
    let entry = decision.entry.as_ref();
    let by_rule = entry.map_or(&[][..], |entry| &entry.by_rule);
    let earned = |one: &Earned| format!("{} {:+}", one.rule, one.points);
    let rules: Vec<String> = by_rule.iter().map(earned).collect();
    let rules = if rules.is_empty() { "no rule".to_owned() } else { rules.join(", ") };
    let score = decision.lead.score(now, policy.scoring.half_life);
    writeln!(out, "  points  {} ({rules})", entry.map_or(0, |entry| entry.points))?;
    writeln!(
        out,
        "  score   {} of {} for somebody new: behaviour {}, fit {}; {}",
        score.total,
        policy.scoring.threshold,
        score.behaviour,
        score.fit,
        decision.lead.status().word(),
    )
}

fn nobody() -> Roster {
    roster::parse(roster::SAMPLE).expect("a test reads the sample")
}
