//! The message with a link to sign in. It says how long the link is good, and what to do if the
//! reader did not ask for it.

use baton_core::roster::Person;
use jiff::Timestamp;

use super::body::MessageBody;
use super::content::Content;
use super::plain::{self, plain};
use super::short_text::{Sms, name_template};
use crate::human_time::{Wall, span};

/// Renders the letter: the link is good from `now` until `until`.
pub fn sign_in(person: &Person, link: &str, now: Timestamp, until: Timestamp) -> Content {
    let name = plain(&person.name, plain::NAME_CHARS).unwrap_or_else(|| person.id.to_string());
    let good_for = span(until.duration_since(now));
    let until = Wall(person.time_zone.clone()).moment(until);
    let mut body = MessageBody::default();
    body.say(&format!("{name}, with this link you sign in to Baton:"));
    body.link(link).gap();
    body.say(&format!("It works once, until {until}."));
    body.say("Tap the button there. Opening the page changes nothing.").gap();
    body.say("You did not ask for it? Then do nothing: without this link nobody gets in.");
    body.say("Give it to nobody, and if it happens again, tell whoever looks after Baton.");
    let wordings = [
        name_template("", format!("Baton: sign in with this link, once, within {good_for}:")),
        name_template("", format!("Baton sign-in, {good_for}:")),
    ];
    let short = Sms { wordings: wordings.into(), bare: "Baton:".to_owned() };
    Content {
        headline: name_template("Your link to sign in to Baton", ""),
        about: None,
        body,
        brief: short,
        link: link.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::COLUMNS;
    use crate::script::septets;
    use crate::testing::{RenderedAlert, at, laid_out, person, roster};

    const LINK: &str = "https://baton.acme.example/sign-in/AQHE1kZ7f0b9Qm3xYp8sT2vLc5nR6wKd";

    fn told(name: &str, link: &str) -> RenderedAlert {
        let mut ana = roster().person(&person("ana")).unwrap().clone();
        name.clone_into(&mut ana.name);
        laid_out(&sign_in(&ana, link, at("2026-03-01T09:00:00Z"), at("2026-03-01T09:15:00Z")))
    }

    #[test]
    fn it_says_how_long_it_is_good_and_what_to_do() {
        let RenderedAlert { subject, email, sms } = told("Ana Ruiz", LINK);
        insta::assert_snapshot!(format!("Subject: {subject}\n\n{email}\n[SMS]\n{sms}\n"));
    }

    #[test]
    fn a_name_can_add_no_line_and_no_link() {
        let email = told("Ana\nhttps://evil.example/x", LINK).email;
        assert!(email.starts_with("Ana evil[.]example/x, with"), "{email}");
        assert_eq!(email.matches("https://").count(), 1);
        let long = told(&"Ana ".repeat(100), LINK).email;
        assert!(long.lines().all(|line| line == LINK || line.chars().count() <= COLUMNS));
    }

    #[test]
    fn a_short_message_holds_the_link_however_long_that_is() {
        for chars in [60, 100, 140, 155, 159, 300] {
            let link = "l".repeat(chars);
            let sms = told("Ana Ruiz", &link).sms;
            assert!(sms.ends_with(&link));
            assert!(septets(&sms) <= 160 || sms == link, "{chars}: {sms}");
        }
    }
}
