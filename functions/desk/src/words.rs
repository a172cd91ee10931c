//! Words that several pages share: what a person is called, lists, and names of rules.

use baton_core::lead::Lead;

/// The person's name, else their address.
pub(crate) fn name_of(lead: &Lead) -> String {
    let profile = &lead.profile;
    let parts = [profile.text("first_name"), profile.text("last_name")];
    let full = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match profile.text("name") {
        Some(name) => name.to_owned(),
        None if !full.is_empty() => full,
        None => lead.who.email().map_or("A lead without a name".to_owned(), ToString::to_string),
    }
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
