//! The OpenAPI document as a value: its operations, its references, its schemas.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The document, as Baton serves it.
pub(crate) struct Document(Value);

/// One operation: a method of a path.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'d> {
    pub(crate) document: &'d Document,
    pub(crate) path: &'d str,
    pub(crate) method: &'d str,
    at_path: &'d Value,
    pub(crate) value: &'d Value,
}

/// What a path's object may hold beside parameters.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Document {
    pub(crate) fn read(text: &str) -> Self {
        Self(serde_saphyr::from_str(text).unwrap())
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.0["paths"].as_object().unwrap().keys().map(String::as_str)
    }

    /// The value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("the document has no {pointer}"))
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(move |(path, at_path)| {
            let methods = METHODS.into_iter().filter(|method| at_path.get(method).is_some());
            methods.map(move |method| {
                let value = &at_path[method];
                Operation { document: self, path, method, at_path, value }
            })
        })
    }

    pub(crate) fn operation(&self, id: &str) -> Operation<'_> {
        let mut operations = self.operations();
        operations.find(|operation| operation.value["operationId"] == id).unwrap()
    }

    /// What a reference refers to; anything else is what it is.
    pub(crate) fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.at(reference.strip_prefix('#').unwrap()),
            None => value,
        }
    }

    /// Examples by name; one alone has none.
    pub(crate) fn examples<'d>(&'d self, shown: &'d Value) -> Vec<(&'d str, &'d Value)> {
        let one = shown.get("example").map(|example| ("", example));
        let many = shown.get("examples").and_then(Value::as_object);
        let many = many.into_iter().flat_map(Map::iter);
        let many = many.map(|(name, example)| (name.as_str(), &self.resolved(example)["value"]));
        one.into_iter().chain(many).collect()
    }

    /// A schema as the document means it: what it says of objects' fields is all there is.
    pub(crate) fn validator(&self, schema: &Value) -> Validator {
        let mut whole = json!({ "allOf": [schema], "components": self.0["components"] });
        close(&mut whole["allOf"][0]);
        for (_, component) in whole["components"]["schemas"].as_object_mut().unwrap() {
            close(component);
        }
        jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
    }
}

/// Forbids the fields that a schema does not name, so that a field nobody has documented is found.
/// Programs that read the document must bear new fields; this test must not.
fn close(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if map.contains_key("properties") && !map.contains_key("additionalProperties") {
        map.insert("unevaluatedProperties".to_owned(), false.into());
    }
    for (key, inner) in map {
        match (key.as_str(), inner) {
            // Its branches speak of the same object, each of a part.
            ("allOf", _) => {}
            ("properties", Value::Object(fields)) => {
                fields.iter_mut().for_each(|(_, field)| close(field));
            }
            (_, Value::Array(items)) => items.iter_mut().for_each(close),
            (_, inner) => close(inner),
        }
    }
}

impl<'d> Operation<'d> {
    /// `POST /activities`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    pub(crate) fn id(&self) -> &'d str {
        self.value["operationId"].as_str().unwrap()
    }

    /// The parameters; one of the operation's goes over one of the path's.
    pub(crate) fn parameters(&self) -> Vec<&'d Value> {
        let document = self.document;
        let list = |at: &'d Value| at["parameters"].as_array().into_iter().flatten();
        let own: Vec<_> = list(self.value).map(|one| document.resolved(one)).collect();
        let shared = list(self.at_path).map(|one| document.resolved(one));
        let is_other = |one: &&Value| own.iter().all(|own| own["name"] != one["name"]);
        shared.filter(is_other).chain(own.iter().copied()).collect()
    }

    /// What the body may be, by content type.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (&'d str, &'d Value)> + use<'d> {
        content(&self.value["requestBody"])
    }

    /// The answer with that status.
    pub(crate) fn answer(&self, status: u16) -> &'d Value {
        let written = self.value["responses"].get(status.to_string());
        let written = written.unwrap_or_else(|| panic!("{}: {status} undocumented", self.name()));
        self.document.resolved(written)
    }

    /// Answers by status; whether each is written at the operation or shared with others.
    pub(crate) fn answers(&self) -> impl Iterator<Item = (u16, &'d Value, bool)> + use<'d> {
        let document = self.document;
        let answers = self.value["responses"].as_object().unwrap().iter();
        answers.map(move |(status, answer)| {
            let is_shared = answer.get("$ref").is_some();
            (status.parse().unwrap(), document.resolved(answer), is_shared)
        })
    }

    /// The schemes of which one is needed; an empty one means that none is.
    pub(crate) fn is_of(&self, tag: &str) -> bool {
        self.value["tags"].as_array().into_iter().flatten().any(|one| one == tag)
    }

    pub(crate) fn security(&self) -> Vec<&'d str> {
        let own = self.value.get("security").unwrap_or_else(|| self.document.at("/security"));
        let name = |needed: &'d Value| needed.as_object().unwrap().keys().next();
        own.as_array().unwrap().iter().map(|one| name(one).map_or("", String::as_str)).collect()
    }
}

/// Content by type.
pub(crate) fn content(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let types = value.get("content").and_then(Value::as_object);
    types.into_iter().flatten().map(|(kind, content)| (kind.as_str(), content))
}
