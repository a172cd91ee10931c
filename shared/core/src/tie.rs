//! Rule 13: whether an activity that names an address and a source's own id ties them.

use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::email::Email;
use crate::lead::Lead;
use crate::limits;
use crate::profile::Profile;

/// What a source's own ids of people mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceIds {
    /// Something a person carries: it stays with its first address.
    #[default]
    Badge,
    /// A record of a person: another address is one more of theirs.
    Person,
}

/// How a source speaks of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TieRules {
    /// What its own ids mean.
    pub ids: SourceIds,
    /// Whether anybody may speak through it, and of anybody: nothing it says ties two names.
    pub speaks_for_strangers: bool,
}

/// What becomes of two names of one activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// They lead to the same lead already.
    Known,
    /// The name that leads to nobody becomes another name of the other's lead.
    Alias,
    /// Both have a lead, and these are one person's.
    Merge,
    /// They stay apart.
    Conflict(TieConflict),
}

/// Why two names of one activity stay apart; a stable word in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieConflict {
    /// The id belongs to another address.
    AnotherAddress,
    /// The address is that of a role, such as `info@`, and not of a person.
    RoleAddress,
    /// The source speaks for strangers.
    Stranger,
    /// What is known of both has two names that can't be one person's.
    AnotherName,
    /// The lead has as many names as a lead may have.
    TooMany,
}

impl TieConflict {
    /// What a page says of it.
    pub fn words(self) -> &'static str {
        match self {
            Self::AnotherAddress => "the id belongs to another address",
            Self::RoleAddress => "a role’s address, which ties nobody",
            Self::Stranger => "a stranger’s word, which ties nobody",
            Self::AnotherName => "the id belongs to somebody of another name",
            Self::TooMany => "the lead has as many names as it may have",
        }
    }
}

/// Whether an activity ties its address to its source's own id, given the lead that each leads to.
/// The order in which they came to be known makes no difference.
pub fn tie(
    activity: &Activity,
    rules: TieRules,
    by_address: Option<&Lead>,
    by_id: Option<&Lead>,
) -> Tie {
    let Some(email) = activity.who.email() else { return Tie::Known };
    let is_known = by_address.zip(by_id).is_some_and(|(one, other)| one.lead == other.lead);
    if is_known {
        return Tie::Known;
    }
    match conflict(activity, email, rules, by_address, by_id) {
        Some(conflict) => Tie::Conflict(conflict),
        None if by_address.is_some() && by_id.is_some() => Tie::Merge,
        None => Tie::Alias,
    }
}

fn conflict(
    activity: &Activity,
    email: &Email,
    rules: TieRules,
    by_address: Option<&Lead>,
    by_id: Option<&Lead>,
) -> Option<TieConflict> {
    let names = |lead: Option<&Lead>| lead.map_or(0, |lead| lead.names().count());
    let is_anothers = rules.ids == SourceIds::Badge
        && by_id.and_then(Lead::email).is_some_and(|other| other != email);
    let rules = [
        (rules.speaks_for_strangers, TieConflict::Stranger),
        (email.is_of_a_role(), TieConflict::RoleAddress),
        (is_anothers, TieConflict::AnotherAddress),
        (!are_one_name(activity, by_address, by_id), TieConflict::AnotherName),
        (
            // With a lead for one name only, the other is added; with none, both are the first.
            names(by_address) + names(by_id) + usize::from(names(by_address) * names(by_id) == 0)
                > limits::NAMES,
            TieConflict::TooMany,
        ),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, conflict)| conflict)
}

/// Whether what the activity says, and what is known of both leads, can be one person's name.
fn are_one_name(activity: &Activity, by_address: Option<&Lead>, by_id: Option<&Lead>) -> bool {
    let mut said = Profile::default();
    said.learn(&activity.profile, activity.occurred_at);
    let known = [by_address, by_id].map(|lead| lead.and_then(|lead| lead.profile.name()));
    let mut full = [said.name()].into_iter().chain(known).flatten().filter_map(|name| full(&name));
    let Some(first) = full.next() else { return true };
    full.all(|other| first.iter().all(|part| other.contains(part)) || is_within(&other, &first))
}

fn is_within(shorter: &[String], longer: &[String]) -> bool {
    shorter.iter().all(|part| longer.contains(part))
}

/// The parts of a full name, in small letters; none of a name with one part only.
fn full(name: &str) -> Option<Vec<String>> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(str::to_lowercase).collect();
    (parts.len() > 1).then_some(parts)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::activity::Fingerprint;
    use crate::id::{ActivityType, Identity, SourceId, SourceName};
    use crate::lead::Identifier;
    use crate::profile::{Said, Scalar};

    const BADGE: TieRules = TieRules { ids: SourceIds::Badge, speaks_for_strangers: false };
    const PERSON: TieRules = TieRules { ids: SourceIds::Person, speaks_for_strangers: false };

    fn named(name: &str) -> Said {
        Said::from([("name".to_owned(), Scalar::Text(name.to_owned()))])
    }

    fn visit(email: &str, name: &str) -> Activity {
        Activity {
            source: SourceName::parse("badges").unwrap(),
            id: SourceId::parse("1").unwrap(),
            kind: ActivityType::parse("scan").unwrap(),
            occurred_at: Timestamp::UNIX_EPOCH,
            who: Identity::parse(&format!("email:{email}")).unwrap(),
            person_id: Some(SourceId::parse("B-17").unwrap()),
            profile: named(name),
            data: Value::Null,
            fingerprint: Fingerprint::of(&Value::Null),
        }
    }

    fn lead(who: &[&str], name: &str) -> Lead {
        let mut who = who.iter().map(|who| Identity::parse(who).unwrap());
        let mut lead = Lead::new(who.next().unwrap(), Timestamp::UNIX_EPOCH);
        let tied_at = Timestamp::UNIX_EPOCH;
        let others = who.map(|who| Identifier { who, tied_at, erased: None, merged: None });
        lead.identifiers = others.collect();
        lead.profile.learn(&named(name), Timestamp::UNIX_EPOCH);
        lead
    }

    #[test]
    fn an_address_and_an_id_are_tied_whichever_was_known_first() {
        let visit = visit("kim@acme.example", "");
        let (kim, badge) = (lead(&["email:kim@acme.example"], ""), lead(&["badges:B-17"], ""));
        assert_eq!(tie(&visit, BADGE, None, None), Tie::Alias);
        assert_eq!(tie(&visit, BADGE, Some(&kim), None), Tie::Alias);
        assert_eq!(tie(&visit, BADGE, None, Some(&badge)), Tie::Alias);
        assert_eq!(tie(&visit, BADGE, Some(&kim), Some(&badge)), Tie::Merge);
        let both = lead(&["email:kim@acme.example", "badges:B-17"], "");
        assert_eq!(tie(&visit, BADGE, Some(&both), Some(&both)), Tie::Known);
    }

    #[test]
    fn a_badge_stays_with_its_first_address_and_a_crms_person_may_have_two() {
        let (kim, lee) = (lead(&["email:kim@acme.example", "badges:B-17"], ""), "lee@acme.example");
        let known = lead(&["email:lee@acme.example"], "");
        for (by_address, tied) in [(None, Tie::Alias), (Some(&known), Tie::Merge)] {
            let another = Tie::Conflict(TieConflict::AnotherAddress);
            assert_eq!(tie(&visit(lee, ""), BADGE, by_address, Some(&kim)), another);
            assert_eq!(tie(&visit(lee, ""), PERSON, by_address, Some(&kim)), tied);
        }
    }

    #[test]
    fn roles_strangers_and_two_full_names_never_tie() {
        let info = visit("info@acme.example", "");
        assert_eq!(tie(&info, PERSON, None, None), Tie::Conflict(TieConflict::RoleAddress));
        let strangers = TieRules { speaks_for_strangers: true, ..PERSON };
        let kim = visit("kim@acme.example", "Kim Lee");
        assert_eq!(tie(&kim, strangers, None, None), Tie::Conflict(TieConflict::Stranger));
        let apart = Tie::Conflict(TieConflict::AnotherName);
        for (name, expected) in [
            ("Sam Okoye", apart),
            ("Kim Li", apart),
            ("kim  LEE", Tie::Alias),
            ("Kim A. Lee", Tie::Alias),
            ("Lee, Kim", Tie::Alias),
            ("Sam", Tie::Alias),
            ("", Tie::Alias),
        ] {
            let badge = lead(&["badges:B-17"], name);
            assert_eq!(tie(&kim, BADGE, None, Some(&badge)), expected, "{name}");
        }
    }

    #[test]
    fn a_lead_has_a_bounded_number_of_names() {
        let names: Vec<String> = (0..limits::NAMES).map(|n| format!("other:{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let full = lead(&names, "");
        let visit = visit("kim@acme.example", "");
        let too_many = Tie::Conflict(TieConflict::TooMany);
        assert_eq!(tie(&visit, BADGE, None, Some(&full)), too_many);
        let one_left = lead(&names[1..], "");
        assert_eq!(tie(&visit, BADGE, None, Some(&one_left)), Tie::Alias);
    }
}
