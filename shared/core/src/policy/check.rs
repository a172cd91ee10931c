//! A policy and a roster together: what each says of the other is true.

use super::Policy;
use crate::document::{Mistake, Mistakes, listed, nearest};
use crate::id::QueueName;
use crate::roster::Roster;

/// Checks that every queue the policy sends leads to is on the roster.
///
/// # Errors
///
/// A mistake for each rule whose queue is not; it names the rule, for the text is gone by then.
pub fn check_against(policy: &Policy, roster: &Roster) -> Result<(), Mistakes> {
    let queues: Vec<&str> = roster.queues.keys().map(QueueName::as_str).collect();
    let unknown = policy.routes.iter().filter(|rule| !roster.queues.contains_key(&rule.queue));
    let mistake = |rule: &super::RouteRule| Mistake {
        at: None,
        problem: format!("`queue` in [[route]] `{}` names `{}`", rule.name, rule.queue),
        expected: format!("a queue of the roster: {}", listed(&queues)),
        nearest: nearest(rule.queue.as_str(), queues.iter().copied()),
    };
    let mistakes: Vec<Mistake> = unknown.map(mistake).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(Mistakes::new(mistakes)) }
}

#[cfg(test)]
mod tests {
    use crate::{policy, roster};

    #[test]
    fn the_sample_policy_and_the_sample_roster_fit() {
        let policy = policy::parse(policy::SAMPLE).unwrap();
        let roster = roster::parse(roster::SAMPLE).unwrap();
        assert_eq!(policy::check_against(&policy, &roster), Ok(()));
    }

    #[test]
    fn a_route_to_a_queue_that_nobody_has_is_told_by_its_rule() {
        let policy = policy::parse(&policy::SAMPLE.replace("\"emea\"", "\"emae\"")).unwrap();
        let roster = roster::parse(roster::SAMPLE).unwrap();
        let mistakes = policy::check_against(&policy, &roster).unwrap_err();
        insta::assert_snapshot!(mistakes.render("policy.toml"));
    }
}
