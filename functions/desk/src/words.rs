//! Words that several pages share: what a person is called, lists, and names of rules.

use baton_core::lead::Lead;

/// The name of somebody of whom we know neither name nor address.
pub(crate) const NO_NAME: &str = "A lead without a name";

/// The person's name, else their address.
pub(crate) fn name_of(lead: &Lead) -> String {
    let name = lead.profile.name().or_else(|| lead.email().map(ToString::to_string));
    name.unwrap_or_else(|| NO_NAME.to_owned())
}

/// Title and company: `Buyer, Acme`.
pub(crate) fn title_and_company(lead: &Lead) -> String {
    let parts = ["title", "company"].into_iter().filter_map(|key| lead.profile.text(key));
    parts.collect::<Vec<_>>().join(", ")
}

/// "Ana, Ben and you"; "nobody", if there is none.
pub(crate) fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// The name of a rule as words: `booth_visit` is "booth visit".
pub(crate) fn spaced(rule: &str) -> String {
    rule.replace(['_', '.'], " ")
}

/// "once", "twice", "4 times".
pub(crate) fn times(n: u32) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_listed_as_one_says_it() {
        assert_eq!(listed(&["you"]), "you");
        assert_eq!(listed(&["Ana", "you"]), "Ana and you");
        assert_eq!(listed(&["Ana", "Ben", "you"]), "Ana, Ben and you");
        assert_eq!(listed(&[] as &[&str]), "nobody");
        assert_eq!(capital("élan of you"), "Élan of you");
        assert_eq!(times(1) + &times(2) + &times(3), "oncetwice3 times");
    }
}
