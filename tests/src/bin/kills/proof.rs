//! What a life left in its store, read without the process: everything acknowledged is there, once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use baton::local::{EmbeddedDynamo, Store};
use baton_cloud::{Aws, Names, Table};
use baton_core::id::LeadId;
use baton_core::message::{AlertKind, Message};
use baton_engine::{Fsck, Rules};

use crate::journal::Journal;

/// Looks through the store; gives how many items there are.
pub(crate) fn look_through(folder: &Path, journal: &mut Journal) -> usize {
    let engine = EmbeddedDynamo::open(&Store::Folder(folder.to_owned())).expect("the store opens");
    let table = table_in(&engine);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for lead in journal.leads() {
            ledger(&table, lead, journal).await;
            story(&table, lead, journal).await;
        }
        integrity(&table, journal).await
    })
}

fn table_in(engine: &EmbeddedDynamo) -> Table {
    let names = Names {
        table: "baton".to_owned(),
        bus: String::new(),
        topic_prefix: "arn:aws:sns:us-east-1:000000000000:baton-".to_owned(),
    };
    Aws::over(names, engine.http_client()).table()
}

/// The ledger has what was acknowledged and nothing that was not sent, each once.
async fn ledger(table: &Table, lead: LeadId, journal: &mut Journal) {
    let entries = table.ledger(lead).await.expect("a ledger");
    let mut there: BTreeMap<&str, usize> = BTreeMap::new();
    entries.iter().for_each(|entry| *there.entry(entry.id.as_str()).or_default() += 1);
    let sent: BTreeSet<String> = journal.acknowledged(lead).collect();
    for id in sent.iter().filter(|id| !there.contains_key(id.as_str())) {
        journal.count.lost += 1;
        journal.wrong.push(format!("{id} was acknowledged, and is in no ledger"));
    }
    for (id, times) in there {
        if times > 1 {
            journal.count.doubled += 1;
            journal.wrong.push(format!("{id} is in the ledger {times} times"));
        }
        if !sent.contains(id) {
            journal.wrong.push(format!("{id} is in the ledger of a lead it was not sent for"));
        }
    }
}

/// A cycle is dealt to one person, who is told once for each time they got the lead; and every
/// command that was acknowledged is in the history.
async fn story(table: &Table, lead: LeadId, journal: &mut Journal) {
    let told = table.story(lead).await.expect("a story");
    let (mut cycles, mut got, mut before) = (BTreeSet::new(), 0, None);
    for line in &told.history {
        let is_given = line.owner.is_some() && line.owner != before;
        got += usize::from(is_given);
        if is_given && before.is_none() && !cycles.insert(line.cycle) {
            journal.wrong.push(format!("{lead} was dealt twice in cycle {}", line.cycle));
        }
        before.clone_from(&line.owner);
    }
    let is_assigned = |message: &Message| matches!(message, Message::Alert(alert) if alert.kind == AlertKind::Assigned);
    let alerts = told.messages.iter().filter(|sent| is_assigned(&sent.message)).count();
    if alerts != got {
        journal
            .wrong
            .push(format!("{lead} has {alerts} alerts for the {got} times it got an owner"));
    }
    let decided: BTreeSet<_> =
        told.history.iter().map(|line| (line.command.word(), line.version)).collect();
    let lost: Vec<_> = journal.commands.iter().filter(|done| done.lead == lead).collect();
    let lost = lost.into_iter().filter(|done| !decided.contains(&(done.word, done.version)));
    let lost: Vec<_> = lost.map(|done| format!("{} {} is lost", done.word, done.version)).collect();
    journal.count.commands_lost += lost.len();
    journal.wrong.extend(lost.into_iter().map(|lost| format!("{lead}: {lost}")));
}

/// No half decision, at the time it was when everything had settled.
async fn integrity(table: &Table, journal: &mut Journal) -> usize {
    let rules = Rules::sample();
    let checked = Fsck(table).check(Some(&rules), journal.settled_at).await;
    let checked = checked.expect("a table");
    journal.count.findings += checked.findings.len() + checked.moving;
    for finding in &checked.findings {
        let (code, place) = (finding.violation.code(), &finding.place);
        journal.wrong.push(format!("{code} {place}: {}", finding.violation));
    }
    checked.walked.values().sum()
}
