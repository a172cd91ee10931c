//! `POST /leads/{lead}/{command}`: JSON from programs, a form from the page's buttons.

use std::collections::BTreeMap;

use baton_cloud::Failure;
use baton_core::command::{Command, Order};
use baton_core::id::{LeadId, PersonId, SourceId};
use baton_core::lead::Deadline;
use baton_core::limits;
use baton_core::text::{Flaw, prose};
use baton_http::{Answer, FieldError, Problem, Request};
use serde_json::Value;

use crate::access::Access;
use crate::lead::done_word;
use crate::{Desk, reply};

/// The commands there are routes for.
const WORDS: [&str; 8] =
    ["accept", "reject", "convert", "extend", "return", "disqualify", "reassign", "qualify"];

/// Whether there is such a command.
pub(crate) fn is_known(word: &str) -> bool {
    WORDS.contains(&word)
}

impl Desk {
    pub(crate) async fn command(
        &self,
        request: &Request,
        lead: LeadId,
        word: &str,
    ) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let access = self.asker(request, &fields, lead).await?;
        let command = fields.command(word)?;
        let order = Order { seen: fields.seen()?, ..access.order(command, request) };
        let done = self.handoff.execute(lead, &order).await;
        match (done, &access) {
            (Ok(_), Access::Link(_, token)) if request.is_form() => {
                Ok(Answer::see_other(&format!("/l/{token}?done={}", done_word(word))))
            }
            // Who gave a lead away sees it no more.
            (Ok(given), Access::Session(_))
                if request.is_form() && access.may_see(&given).is_err() =>
            {
                Ok(Answer::see_other("/board"))
            }
            (Ok(_), Access::Session(_)) if request.is_form() => {
                Ok(Answer::see_other(&format!("/leads/{lead}?done={}", done_word(word))))
            }
            (Ok(lead), _) => Ok(Answer::json(200, &reply::lead(&lead, &self.handoff))),
            (Err(Failure::Refused(refusal)), Access::Link(..) | Access::Session(_))
                if request.is_form() && request.wants_page() =>
            {
                self.page_of_refusal(request, lead, &access, refusal).await
            }
            (Err(failure), _) => Err(reply::failure(failure)),
        }
    }
}

/// The body's fields: a flat JSON object or a form. No body is no fields.
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(crate) fn read(request: &Request) -> Result<Self, Problem> {
        if request.is_form() {
            return Ok(Self(form_urlencoded::parse(&request.body).into_owned().collect()));
        }
        if request.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(BTreeMap::new()));
        }
        let value = serde_json::from_slice(&request.body).map_err(|e| Problem::not_json(&e))?;
        let Value::Object(map) = value else {
            let flaw = Flaw::new("is not an object", r#"an object such as {"reason":"…"}"#);
            return Err(invalid("", flaw));
        };
        let mut fields = BTreeMap::new();
        for (key, value) in map {
            match value {
                // Nothing in it, and still a field: a misspelt one is told.
                Value::Null => drop(fields.insert(key, String::new())),
                Value::String(text) => drop(fields.insert(key, text)),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(invalid(&key, Flaw::new("is not a text", "a text")));
                }
            }
        }
        Ok(Self(fields))
    }

    /// A field with something in it.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn command(&self, word: &str) -> Result<Command, Problem> {
        let allowed: &[&str] = match word {
            "reject" | "disqualify" | "qualify" => &["reason", "token"],
            "return" => &["reason", "seen", "token"],
            "extend" => &["id", "reason", "seen", "token"],
            "reassign" => &["reason", "seen", "to", "token"],
            _ => &["token"],
        };
        self.only(allowed)?;
        Ok(match word {
            "accept" => Command::Accept,
            "convert" => Command::Convert,
            "reject" => Command::Reject { reason: self.needed_reason()? },
            "extend" => Command::Extend { reason: self.needed_reason()?, id: self.id()? },
            "return" => Command::Return { reason: self.needed_reason()? },
            "disqualify" => Command::Disqualify { reason: self.needed_reason()? },
            "reassign" => Command::Reassign { to: self.to()?, reason: self.reason()? },
            "qualify" => Command::Qualify { reason: self.reason()? },
            _ => return Err(Problem::no_route()),
        })
    }

    /// Refuses a field that means nothing here: misspelt, it would silently lose its value. What a
    /// session proves itself with may be in any form.
    pub(crate) fn only(&self, allowed: &[&str]) -> Result<(), Problem> {
        let is_known = |key: &str| key == "csrf" || allowed.contains(&key);
        match self.0.keys().find(|key| !is_known(key)) {
            None => Ok(()),
            Some(key) => {
                let known = allowed.join(", ");
                let flaw = Flaw::new("means nothing here", format!("only {known}"));
                Err(invalid(key, flaw))
            }
        }
    }

    /// Why, if they say.
    pub(crate) fn reason(&self) -> Result<Option<String>, Problem> {
        const EXPECTED: &str = "a text of at most 500 bytes";
        let Some(text) = self.text("reason") else { return Ok(None) };
        if text.len() > limits::REASON_BYTES {
            let problem = format!("is {} bytes long", text.len());
            return Err(invalid("reason", Flaw::new(problem, EXPECTED)));
        }
        prose(text, EXPECTED).map_err(|flaw| invalid("reason", flaw))?;
        Ok(Some(text.to_owned()))
    }

    fn needed_reason(&self) -> Result<String, Problem> {
        let missing = || invalid("reason", Flaw::new("is missing", "a reason in a few words"));
        self.reason()?.ok_or_else(missing)
    }

    /// The promise the asker saw, if they say.
    fn seen(&self) -> Result<Option<Deadline>, Problem> {
        let parsed = self.text("seen").map(Deadline::parse).transpose();
        parsed.map_err(|flaw| invalid("seen", flaw))
    }

    fn id(&self) -> Result<Option<SourceId>, Problem> {
        let parsed = self.text("id").map(SourceId::parse).transpose();
        parsed.map_err(|flaw| invalid("id", flaw))
    }

    fn to(&self) -> Result<PersonId, Problem> {
        let missing = || invalid("to", Flaw::new("is missing", "a person's id on the roster"));
        let text = self.text("to").ok_or_else(missing)?;
        PersonId::parse(text).map_err(|flaw| invalid("to", flaw))
    }
}

pub(crate) fn invalid(field: &str, flaw: Flaw) -> Problem {
    let error = match field {
        "" => FieldError::at("", flaw),
        field => FieldError::under("", field, flaw),
    };
    Problem::fields("invalid_command", vec![error])
}
