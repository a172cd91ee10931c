//! What somebody does to one item behind Baton's back.

use serde_json::{Value, json};

/// An item as it will be put, or gone.
#[derive(Clone, Debug)]
pub(super) struct Plant {
    item: Value,
    is_gone: bool,
}

/// A text, as the store writes it.
pub(super) fn s(text: &str) -> Value {
    json!({ "S": text })
}

/// A number.
pub(super) fn n(number: i64) -> Value {
    json!({ "N": number.to_string() })
}

impl Plant {
    /// The item as it is.
    pub(super) fn new(item: &Value) -> Self {
        Self { item: item.clone(), is_gone: false }
    }

    /// The item with another value at a path such as `deadline.kind` or `turns.0.credit`.
    pub(super) fn with(&self, path: &str, value: Value) -> Self {
        let mut plant = self.clone();
        let pointer = path.replace(".0.", "/L/0/M/").replace('.', "/M/");
        let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", &pointer));
        let parent = if parent.is_empty() { parent.to_owned() } else { format!("/{parent}") };
        let parent = plant.item.pointer_mut(&parent).expect("a path in the item");
        parent[name] = value;
        plant
    }

    /// The item without these attributes, each of which it must have.
    pub(super) fn without(&self, paths: &[&str]) -> Self {
        let mut plant = self.clone();
        for path in paths {
            let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
            let parent = match parent {
                "" => String::new(),
                parent => format!("/{}/M", parent.replace('.', "/M/")),
            };
            let parent = plant.item.pointer_mut(&parent).and_then(Value::as_object_mut);
            parent.and_then(|map| map.remove(name)).expect("an attribute of the item");
        }
        plant
    }

    /// The item, deleted.
    pub(super) fn gone(&self) -> Self {
        Self { is_gone: true, ..self.clone() }
    }

    /// A copy of the item under another key.
    pub(super) fn moved(&self, pk: &str, sk: &str) -> Self {
        self.with("pk", s(pk)).with("sk", s(sk))
    }

    /// Its partition.
    pub(super) fn pk(&self) -> String {
        self.item["pk"]["S"].as_str().unwrap().to_owned()
    }

    /// The version of the decision that made it.
    pub(super) fn version(&self) -> u64 {
        self.item["version"]["N"].as_str().unwrap().parse().unwrap()
    }

    /// What the store is asked for.
    pub(super) fn request(&self) -> (&'static str, Value) {
        match self.is_gone {
            true => {
                let key = json!({ "pk": self.item["pk"], "sk": self.item["sk"] });
                ("DeleteItem", json!({ "TableName": "baton", "Key": key }))
            }
            false => ("PutItem", json!({ "TableName": "baton", "Item": self.item })),
        }
    }
}
