//! The words people and the CRM use: reasons to turn a lead down, names of a status.

use std::collections::BTreeMap;

use baton_core::id::RuleName;
use baton_core::lead::Status;
use baton_core::limits;
use baton_core::policy::{CrmWord, RejectReason};
use baton_core::text::printable;

use super::rules::in_words;
use super::{defaults, keys};
use crate::document::{Read, Table, Value};

pub(super) fn reject_reasons(root: &Table<'_>) -> BTreeMap<String, RejectReason> {
    if root.get("reject_reason").is_none() {
        return defaults::reject_reasons();
    }
    let mut reasons = BTreeMap::new();
    for table in root.tables("reject_reason", &keys::REJECT_REASON, limits::WORDS) {
        let Ok((name, reason)) = reject_reason(&table) else {
            continue;
        };
        if reasons.insert(name.clone(), reason).is_some() {
            let problem = format!("is the second named `{name}`");
            table.wrong("name", &problem, "a `name` that no other reason has");
        }
    }
    reasons
}

fn reject_reason(table: &Table<'_>) -> Read<(String, RejectReason)> {
    let name = table.required("name", |v| v.parsed(RuleName::parse));
    let label = table.optional("label", Value::words);
    let leads_to =
        table.required("leads_to", |v| status(v, &[Status::Returned, Status::Disqualified]));
    let name = name?;
    let label = label?.unwrap_or_else(|| in_words(name.as_str()));
    Ok((name.into(), RejectReason { label, leads_to: leads_to? }))
}

pub(super) fn crm_words(root: &Table<'_>) -> Read<BTreeMap<String, CrmWord>> {
    let Some(value) = root.get("crm_status") else {
        return Ok(defaults::crm_words());
    };
    let entries =
        value.entries("[crm_status]", "a table of the CRM's words and what each asks for")?;
    if entries.len() > limits::WORDS {
        let problem = format!("has {} words", entries.len());
        return Err(value.wrong(&problem, format!("at most {}", limits::WORDS)));
    }
    let mut words = BTreeMap::new();
    for (word, value) in entries {
        let (Ok(word), Ok(meaning)) = (crm_word(word, value), meaning(value)) else {
            continue;
        };
        if words.insert(word, meaning).is_some() {
            value.wrong("is there twice", "each word once: upper and lower case are the same");
        }
    }
    Ok(words)
}

/// Words are compared without regard to case and surrounding blanks.
fn crm_word(word: &str, value: Value<'_>) -> Read<String> {
    const EXPECTED: &str = "a status as the CRM writes it, such as \"Working\"";
    let plain = word.trim().to_lowercase();
    if plain.is_empty() || plain.len() > limits::LABEL_BYTES {
        return Err(value.wrong(&format!("is {} bytes long", plain.len()), EXPECTED));
    }
    printable(&plain, EXPECTED).map_err(|flaw| value.wrong(&flaw.problem, EXPECTED))?;
    Ok(plain)
}

fn status(value: Value<'_>, right: &[Status]) -> Read<Status> {
    let word = value.text()?;
    let found = right.iter().find(|status| status.word() == word);
    found
        .copied()
        .ok_or_else(|| value.unknown(word, "a status", right.iter().map(|status| status.word())))
}

/// What a word of the CRM's asks for: a command, or the status that the command leads to. Where
/// that is `nurturing` or `mql`, nothing is asked for: the CRM's word is an echo of ours, and a
/// policy that means to qualify says `qualify`.
fn meaning(value: Value<'_>) -> Read<CrmWord> {
    let text = value.text()?;
    let command = CrmWord::ALL.into_iter().find(|command| command.word() == text);
    let status = Status::ALL.into_iter().find(|status| status.word() == text);
    if status.is_some_and(|status| by_status(status) == CrmWord::Ignore) {
        let problem = format!("is `{text}`, which asks for nothing: an echo is never a command");
        value.warn(&problem, "`ignore`, or `qualify` or `return` if the word shall do something");
    }
    command.or(status.map(by_status)).ok_or_else(|| {
        let commands = CrmWord::ALL.into_iter().map(CrmWord::word);
        let statuses = Status::ALL.into_iter().map(Status::word);
        value.unknown(text, "a command", commands.chain(statuses))
    })
}

pub(super) fn by_status(status: Status) -> CrmWord {
    match status {
        Status::Nurturing | Status::Mql => CrmWord::Ignore,
        Status::Working => CrmWord::Accept,
        Status::Converted => CrmWord::Convert,
        Status::Returned => CrmWord::Return,
        Status::Disqualified => CrmWord::Disqualify,
    }
}
