//! What Baton answers about each row it was sent.

use std::fmt;

use baton_core::Status;
use serde::Deserialize;

use super::encoding::for_terminal;

/// What became of one row.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ActivityResult {
    pub(super) outcome: Outcome,
    #[serde(default)]
    pub(super) points: f64,
    #[serde(default)]
    pub(super) status: Option<Status>,
    #[serde(default)]
    pub(super) error: Option<Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Scored,
    Duplicate,
    Excluded,
    Invalid,
}

/// What is wrong, in the server's words.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Deserialize)]
struct FieldError {
    field: String,
    problem: String,
    expected: String,
}

impl From<&baton_http::Problem> for Problem {
    fn from(problem: &baton_http::Problem) -> Self {
        let error = |error: &baton_http::FieldError| FieldError {
            field: error.field.clone(),
            problem: error.problem.to_string(),
            expected: error.expected.to_string(),
        };
        let errors = problem.errors.iter().map(error).collect();
        let (code, detail) = (problem.code.to_string(), problem.detail.to_string());
        Self { code, detail, errors }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errors.is_empty() {
            return f.write_str(&plain(&self.detail));
        }
        for (index, error) in self.errors.iter().enumerate() {
            let FieldError { field, problem, expected } = error;
            let comma = if index == 0 { "" } else { "; " };
            write!(
                f,
                "{comma}{} {}, expected {}",
                for_terminal(field),
                plain(problem),
                plain(expected)
            )?;
        }
        Ok(())
    }
}

/// Another program's words, on one line and without control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_the_servers_words_on_one_line() {
        let problem = r#"{"detail":"d","errors":[
            {"field":"/email","problem":"is empty","expected":"an address"},
            {"field":"/id","problem":"is\u001b[2J odd","expected":"a text"}]}"#;
        let problem: Problem = serde_json::from_str(problem).unwrap();
        let said = "/email is empty, expected an address; /id is[2J odd, expected a text";
        assert_eq!(problem.to_string(), said);
    }
}
