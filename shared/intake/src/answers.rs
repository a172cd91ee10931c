//! A payload that carries a list of answers: each is known by its label, key, ref or kind.

use std::collections::HashMap;

use baton_core::email::Email;
use baton_core::limits;
use baton_core::text::squashed;
use regex::Regex;
use serde_json::Value;

use super::path::Path;

/// Where the answers sit, and where in an answer its names and its value.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// A list of answers, or an object whose keys are their labels; the whole payload without it.
    pub list: Option<Path>,
    /// Where in an answer its label.
    pub label: Option<Path>,
    /// Where in an answer its key.
    pub key: Option<Path>,
    /// Where in an answer its ref.
    pub reference: Option<Path>,
    /// Where in an answer its kind.
    pub kind: Option<Path>,
    /// Where in an answer its value: the first that is there; else the answer itself.
    pub value: Vec<Path>,
    /// The questions, when the labels are theirs.
    pub questions: Option<Questions>,
    /// What of an object's key is the answer's key: the expression's first group.
    pub key_pattern: Option<Regex>,
}

/// A list of questions beside the list of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
    /// Where they sit.
    pub list: Path,
    /// Where in a question the key its answer names.
    pub key: Path,
    /// Where in a question its label.
    pub label: Path,
}

/// What an answer is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// What the person saw beside the field.
    Label,
    /// The form tool's own key.
    Key,
    /// The form author's name for it.
    Ref,
    /// What kind of field it is: `email`.
    Kind,
}

/// An answer of a payload, by all the names that it has there.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    label: Option<String>,
    key: Option<&'a str>,
    reference: Option<&'a str>,
    kind: Option<&'a str>,
    /// What was answered.
    pub value: &'a Value,
}

impl Answer<'_> {
    /// Whether it is known by that name; a label in the form of [`squashed`].
    pub fn is(&self, by: By, name: &str) -> bool {
        let own = match by {
            By::Label => self.label.as_deref(),
            By::Key => self.key,
            By::Ref => self.reference,
            By::Kind => self.kind,
        };
        own == Some(name)
    }
}

impl Answers {
    /// The answers of a payload, at most [`limits::ANSWERS`].
    pub fn read<'a>(&self, body: &'a Value) -> Vec<Answer<'a>> {
        let list = match &self.list {
            Some(path) => path.follow(body),
            None => Some(body),
        };
        match list {
            Some(Value::Array(items)) => {
                let labels = self.questions.as_ref().map(|questions| questions.labels(body));
                let items = items.iter().take(limits::ANSWERS);
                items.map(|item| self.listed(item, labels.as_ref())).collect()
            }
            Some(Value::Object(map)) => {
                let entries = map.iter().take(limits::ANSWERS);
                entries.map(|(key, value)| self.keyed(key, value)).collect()
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
                Vec::new()
            }
        }
    }

    fn listed<'a>(&self, item: &'a Value, labels: Option<&HashMap<&str, &str>>) -> Answer<'a> {
        let key = at(self.key.as_ref(), item);
        let asked = key.and_then(|key| labels?.get(key).copied());
        Answer {
            label: at(self.label.as_ref(), item).or(asked).map(squashed),
            key,
            reference: at(self.reference.as_ref(), item),
            kind: at(self.kind.as_ref(), item),
            value: self.value_of(item),
        }
    }

    fn keyed<'a>(&self, key: &'a str, value: &'a Value) -> Answer<'a> {
        let captured = self.key_pattern.as_ref().and_then(|pattern| pattern.captures(key));
        let own = captured.and_then(|found| found.get(1)).map_or(key, |group| group.as_str());
        Answer {
            label: Some(squashed(own)),
            key: Some(own),
            reference: None,
            kind: self.kind_of(value),
            value: self.value_of(value),
        }
    }

    /// Keys may say nothing about the kind of a field; an address can be told by its form.
    fn kind_of(&self, value: &Value) -> Option<&'static str> {
        let text = self.value_of(value).as_str()?;
        (text.contains('@') && Email::parse(text).is_ok()).then_some("email")
    }

    fn value_of<'a>(&self, item: &'a Value) -> &'a Value {
        self.value.iter().find_map(|path| path.follow(item)).unwrap_or(item)
    }
}

impl Questions {
    fn labels<'a>(&self, body: &'a Value) -> HashMap<&'a str, &'a str> {
        let list = self.list.follow(body).and_then(Value::as_array);
        let items = list.into_iter().flatten().take(limits::ANSWERS);
        let label = |item| Some((at(Some(&self.key), item)?, at(Some(&self.label), item)?));
        items.filter_map(label).collect()
    }
}

fn at<'a>(path: Option<&Path>, item: &'a Value) -> Option<&'a str> {
    path?.follow(item)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> Path {
        Path::parse(text).unwrap()
    }

    #[test]
    fn labels_may_be_the_questions_and_people_may_vary_them() {
        let answers = Answers {
            list: Some(path("answers")),
            key: Some(path("field.id")),
            value: vec![path("text"), path("choice.label")],
            questions: Some(Questions {
                list: path("fields"),
                key: path("id"),
                label: path("title"),
            }),
            ..Answers::default()
        };
        let body = json!({
            "fields": [{"id": "f1", "title": "Work E-mail *"}, {"id": "f2", "title": "Size"}],
            "answers": [{"field": {"id": "f2"}, "choice": {"label": "50+"}},
                        {"field": {"id": "f1"}, "text": "kim@acme.example"}],
        });
        let read = answers.read(&body);
        let value = |name: &str| read.iter().find(|a| a.is(By::Label, name)).map(|a| a.value);
        assert_eq!(value(&squashed("work email")), Some(&json!("kim@acme.example")));
        assert_eq!(value("size"), Some(&json!("50+")));
    }

    #[test]
    fn an_objects_keys_are_labels_and_may_have_a_pattern() {
        let key_pattern = Regex::new(r"^q\d+_(.+)$").ok();
        let answers = Answers { key_pattern, ..Answers::default() };
        let body = json!({"q4_email": "kim@acme.example", "slug": "x"});
        let read = answers.read(&body);
        assert!(read.iter().any(|a| a.is(By::Key, "email")));
        assert!(read.iter().any(|a| a.is(By::Label, "slug")));
    }
}
