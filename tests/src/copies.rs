//! Many leads out of one, as the table keeps it: what would take long to bring about one by one.

use baton_core::id::{Identity, LeadId};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The id of whoever has that address.
pub fn lead_id(email: &str) -> LeadId {
    Identity::parse(&format!("email:{email}")).expect("an address").lead_id()
}

/// The item of a lead, as if it were somebody else's and its deadline another: `item` is in
/// DynamoDB's JSON, and `email` the address of the one it was.
pub fn copy(item: &Value, email: &str, other: &str, due: Timestamp) -> Value {
    let (was, is) = (lead_id(email).to_string(), lead_id(other).to_string());
    let text = item.to_string().replace(&was, &is).replace(email, other);
    let mut copy: Value = serde_json::from_str(&text).expect("JSON");
    copy["due_at"] = json!({ "N": due.as_millisecond().to_string() });
    copy["due_shard"] = json!({ "N": (lead_id(other).bytes()[0] % 8).to_string() });
    if let Some(countdown) = countdown_in(&mut copy) {
        countdown["due_at"] = json!({ "S": due.to_string() });
    }
    copy["row"]["M"]["due"] = json!({ "S": due.to_string() });
    copy
}

/// The moments of the deadline that runs at the stage of a lead's item.
fn countdown_in(item: &mut Value) -> Option<&mut Value> {
    let stage = item.get_mut("stage")?.get_mut("M")?.as_object_mut()?.values_mut().next()?;
    let stage = stage.get_mut("M")?.as_object_mut()?;
    let name = if stage.contains_key("countdown") { "countdown" } else { "next" };
    match stage.get_mut(name)?.get_mut("M")? {
        next if name == "next" => next.as_object_mut()?.values_mut().next()?.get_mut("M"),
        countdown => Some(countdown),
    }
}

/// When the next step of an open lead's item is due.
pub fn due_at(item: &Value) -> Option<Timestamp> {
    let mut item = item.clone();
    countdown_in(&mut item)?["due_at"]["S"].as_str()?.parse().ok()
}
