//! A policy and a roster together: what each says of the other is true.

use baton_core::id::{PersonId, QueueName};
use baton_core::policy::Policy;
use baton_core::roster::{Person, Roster};

use crate::document::{Mistake, Mistakes, listed, nearest};

/// Checks that every queue the policy sends leads to and everybody it sends the funnel to is on the
/// roster.
///
/// # Errors
///
/// A mistake for each rule whose queue is not, and for each such person, or whoever could not look at
/// it there; it names the rule, for the
/// text is gone by then.
pub fn check_against(policy: &Policy, roster: &Roster) -> Result<(), Mistakes> {
    let queues: Vec<&str> = roster.queues.keys().map(QueueName::as_str).collect();
    let unknown = policy.routes.iter().filter(|rule| !roster.queues.contains_key(&rule.queue));
    let mistake = |rule: &baton_core::policy::RouteRule| Mistake {
        at: None,
        problem: format!("`queue` in [[route]] `{}` names `{}`", rule.name, rule.queue),
        expected: format!("a queue of the roster: {}", listed(&queues)),
        nearest: nearest(rule.queue.as_str(), queues.iter().copied()),
    };
    let people: Vec<&str> = roster.people.keys().map(PersonId::as_str).collect();
    let strangers = policy.meeting.to.iter().filter(|to| roster.person(to).is_none());
    let stranger = |to: &PersonId| Mistake {
        at: None,
        problem: format!("`to` in [meeting] names `{to}`"),
        expected: format!("a person of the roster: {}", listed(&people)),
        nearest: nearest(to.as_str(), people.iter().copied()),
    };
    let blind = policy.meeting.to.iter().filter(|to| roster.person(to).is_some());
    let blind = blind.filter(|to| {
        let leads = |person: &Person| person.supervisor.as_ref() == Some(to);
        !roster.marketing.contains(to) && !roster.people.values().any(leads)
    });
    let sees_none = |to: &PersonId| Mistake {
        at: None,
        problem: format!("`to` in [meeting] names `{to}`, who has no funnel to look at"),
        expected: "people in `marketing` of the roster, or whom somebody reports to".to_owned(),
        nearest: None,
    };
    let strangers = strangers.map(stranger).chain(blind.map(sees_none));
    let mistakes: Vec<Mistake> = unknown.map(mistake).chain(strangers).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(Mistakes::new(mistakes)) }
}

#[cfg(test)]
mod tests {
    use crate::{policy, roster};

    #[test]
    fn the_sample_policy_and_the_sample_roster_fit() {
        let policy = policy::parse(policy::SAMPLE).unwrap().policy;
        let roster = roster::parse(roster::SAMPLE).unwrap();
        assert_eq!(policy::check_against(&policy, &roster), Ok(()));
    }

    #[test]
    fn a_meeting_of_somebody_unknown_is_told_by_name() {
        let text = policy::SAMPLE.replace("to = []", "to = [\"mia\", \"svne\", \"ana\"]");
        let roster = roster::parse(roster::SAMPLE).unwrap();
        let mistakes =
            policy::check_against(&policy::parse(&text).unwrap().policy, &roster).unwrap_err();
        let told = mistakes.render("policy.toml");
        assert!(told.contains("`svne`") && told.contains("sven"), "{told}");
        assert!(told.contains("`ana`, who has no funnel") && !told.contains("`mia`"), "{told}");
    }

    #[test]
    fn a_route_to_a_queue_that_nobody_has_is_told_by_its_rule() {
        let policy = policy::parse(&policy::SAMPLE.replace("\"emea\"", "\"emae\"")).unwrap().policy;
        let roster = roster::parse(roster::SAMPLE).unwrap();
        let mistakes = policy::check_against(&policy, &roster).unwrap_err();
        insta::assert_snapshot!(mistakes.render("policy.toml"));
    }
}
