//! What Baton knows of form and event tools: a source's keys, ready to build on.
//!
//! Each preset is a text of its own in `presets/`, read by the reader of the policy.

/// A tool that somebody has mapped before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in the policy.
    pub name: &'static str,
    /// The tool's name.
    pub tool: &'static str,
    /// Where in the tool the URL and the secret are pasted.
    pub paste: &'static str,
    /// The preset's keys, as a policy would write them.
    pub text: &'static str,
}

macro_rules! preset {
    ($name:literal, $tool:literal, $paste:literal) => {
        Preset {
            name: $name,
            tool: $tool,
            paste: $paste,
            text: include_str!(concat!("presets/", $name, ".toml")),
        }
    };
}

/// Every preset, by name.
pub const PRESETS: &[Preset] = &[
    preset!(
        "badge_sns",
        "badge scanners that publish to an SNS topic",
        "Ask the scanner's vendor to subscribe the URL to their topic (HTTPS, raw delivery off), \
         and name the topic's ARN in `verify`. There is no secret: Amazon signs."
    ),
    preset!(
        "cloudevents",
        "anything that speaks CloudEvents 1.0",
        "Give the URL as the sink, and the secret as the bearer token."
    ),
    preset!(
        "cvent",
        "Cvent",
        "In Cvent: Integrations, Push API Integrations, Create Integration, of the type Webhooks: \
         the URL, and the secret as the authentication token."
    ),
    preset!(
        "google_forms",
        "Google Forms",
        "In the form: Apps Script: paste the script from shared/docs/sources/google_forms.md with \
         the URL and the secret."
    ),
    preset!(
        "gravity_forms",
        "Gravity Forms",
        "In WordPress: the form's Settings, Webhooks: the URL, POST, JSON, all fields, and a \
         header Authorization: Bearer SECRET."
    ),
    preset!(
        "html_form",
        "a plain HTML form",
        "Make the form's action the URL, with method=\"post\". There is no secret: name the \
         form's site in `verify`."
    ),
    preset!(
        "hubspot",
        "HubSpot workflows",
        "In the workflow: Send a webhook: POST to the URL, with an API key: the secret as the \
         request header X-API-Key."
    ),
    preset!(
        "jotform",
        "Jotform",
        "In Jotform: Settings, Integrations, WebHooks: the URL with ?key=SECRET behind it."
    ),
    preset!(
        "labels",
        "tools whose fields have labels",
        "Post JSON or a form to the URL, with the secret as Authorization: Bearer SECRET."
    ),
    preset!(
        "splash",
        "Splash",
        "In Splash: Integrations, HTTP Request: the URL, and the secret as the header X-API-Key."
    ),
    preset!(
        "standard_webhooks",
        "anything that speaks Standard Webhooks",
        "Add an endpoint with the URL. Either side may make the secret; it begins with whsec_."
    ),
    preset!(
        "typeform",
        "Typeform",
        "In Typeform: Connect, Webhooks, Add a webhook: the URL; then Edit, and the secret under \
         Secret."
    ),
    preset!(
        "webflow",
        "Webflow",
        "With Webflow's API (POST /v2/sites/SITE/webhooks, triggerType form_submission): the URL. \
         The secret is the OAuth app's client secret, or the secretKey that Webflow answers with; \
         hooks made in the dashboard are not signed."
    ),
    preset!(
        "zapier",
        "Zapier and Make",
        "In the Zap: Webhooks by Zapier, POST, the URL, payload type JSON, and a header X-API-Key \
         with the secret."
    ),
];

/// The keys of a preset.
pub fn text(name: &str) -> Option<&'static str> {
    named(name).map(|preset| preset.text)
}

/// A preset by its name.
pub fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};

    use super::*;
    use crate::policy;
    use baton_core::id::SourceName;
    use baton_intake::map::{Delivery, Mapped, map};

    fn mapped(policy: &str, body: Value) -> Mapped {
        let policy =
            policy::parse(&format!("version = \"1\"\n[[source]]\nname = \"tool\"\n{policy}"));
        let source = policy.unwrap().sources.into_values().next().unwrap();
        let now: Timestamp = "2044-05-01T09:00:00Z".parse().unwrap();
        map(&source, Delivery { body, ..Delivery::default() }, &TimeZone::UTC, now)
    }

    #[test]
    fn every_preset_reads_and_only_those_that_need_more_of_you_have_no_scheme() {
        let name = SourceName::parse("tool").unwrap();
        for preset in PRESETS {
            let source = policy::preset(preset.name, name.clone());
            let needs_more = ["badge_sns", "html_form", "labels"].contains(&preset.name);
            assert_eq!(source.is_none(), needs_more, "{}", preset.name);
        }
    }

    #[test]
    fn presets_are_in_the_order_of_their_names() {
        assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
    }

    #[test]
    fn cvents_mails_and_cancellations_are_nobodys_registration() {
        let kind = |event: &str| {
            let person = json!({"contactStub": "c-1", "email": "kim@acme.example"});
            let body = json!({"eventType": event, "messageStub": "m-1", "message": [person]});
            let mapped = mapped("preset = \"cvent\"", body);
            assert_eq!(mapped.unusable, []);
            mapped.activities.first().map(|activity| activity.kind.to_string())
        };
        for other in [
            "InviteeOrGuestCancelled",
            "InviteeOrGuestEmailSent",
            "InviteeOrGuestEmailOpened",
            "InviteeResubscribed",
        ] {
            assert_eq!(kind(other), None, "{other}");
        }
        for event in ["InviteeOrGuestAccepted", "InviteeSubstitutedInAnEvent"] {
            assert_eq!(kind(event).as_deref(), Some("event.registered"), "{event}");
        }
        assert_eq!(kind("InviteeAttendsCventSession").as_deref(), Some("event.attended"));
    }

    #[test]
    fn a_badge_scan_is_found_in_its_context_and_other_messages_are_passed_over() {
        const SNS: &str = "preset = \"badge_sns\"\nverify = { scheme = \"sns\", topics = \
                           [\"arn:aws:sns:us-east-1:123456789012:badges\"] }";
        let message = |kind: &str| {
            let context = json!({"event_id": "e-1", "event_name": "Expo", "person_id": "p-1",
                "person_email": "kim@acme.example", "person_company": "Acme"});
            let message = json!({"resource_type": kind, "context": context});
            mapped(SNS, json!({"Type": "Notification", "Message": message.to_string()}))
        };
        let scan = message("lead").activities.remove(0);
        assert_eq!(scan.id.as_str(), "p-1/e-1");
        assert_eq!(
            scan.who.email().map(baton_core::email::Email::as_str),
            Some("kim@acme.example")
        );
        assert_eq!(message("session_participation").passed_over, 1);
    }
}
