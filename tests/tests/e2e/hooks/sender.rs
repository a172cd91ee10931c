//! The tools of the table, each as it posts: its recorded body and its proof.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_tests::{Answer, Baton, TOPIC, World, hook_secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A tool, and how it posts.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    /// The preset, which is also the source's name.
    pub(super) preset: &'static str,
    /// What the policy says beside the preset.
    pub(super) extra: &'static str,
    pub(super) content_type: &'static str,
    pub(super) body: &'static [u8],
    pub(super) proof: Proof,
    /// People in the body.
    pub(super) people: usize,
    /// What they did.
    pub(super) kind: &'static str,
}

/// How a tool proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    Bearer,
    Header(&'static str),
    Url,
    Typeform,
    Webflow,
    StandardWebhooks,
    Origin,
    Sns,
}

/// When the world's clock stands: `baton_tests::START`.
pub(super) const NOW_MS: i64 = 1_772_355_600_000;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

macro_rules! recorded {
    ($file:literal) => {
        include_bytes!(concat!("../../../../functions/score/events/webhooks/", $file))
    };
}

const fn sender(preset: &'static str, body: &'static [u8], proof: Proof) -> Sender {
    let (extra, content_type, people, kind) = ("", JSON, 1, "form.submitted");
    Sender { preset, extra, content_type, body, proof, people, kind }
}

/// Every tool of the table.
pub(super) const SENDERS: [Sender; 13] = [
    sender("typeform", recorded!("typeform.json"), Proof::Typeform),
    Sender {
        content_type: "multipart/form-data; boundary=baton-7d1f",
        ..sender("jotform", recorded!("jotform.multipart"), Proof::Url)
    },
    sender("webflow", recorded!("webflow.json"), Proof::Webflow),
    sender("hubspot", recorded!("hubspot.json"), Proof::Header("x-api-key")),
    Sender {
        extra: "profile = { company = { key = \"3\" }, title = { key = \"4\" } }",
        ..sender("gravity_forms", recorded!("gravity_forms.json"), Proof::Bearer)
    },
    sender("google_forms", recorded!("google_forms.json"), Proof::Bearer),
    Sender {
        people: 2,
        kind: "event.registered",
        ..sender("cvent", recorded!("cvent.json"), Proof::Header("authorization"))
    },
    Sender {
        kind: "event.attended",
        ..sender("splash", recorded!("splash.json"), Proof::Header("x-api-key"))
    },
    Sender {
        extra: "verify = { scheme = \"sns\", topics = \
                [\"arn:aws:sns:us-east-1:123456789012:badges\"] }",
        content_type: "text/plain; charset=UTF-8",
        kind: "event.booth_visited",
        ..sender("badge_sns", recorded!("badge_sns.message.json"), Proof::Sns)
    },
    sender("zapier", recorded!("zapier.json"), Proof::Header("x-api-key")),
    Sender {
        extra: "verify = { scheme = \"form\", origins = [\"https://www.acme.example\"], \
                honeypot = \"website\", started = \"started\" }\n\
                thanks = \"https://www.acme.example/thanks\"",
        content_type: FORM,
        ..sender("html_form", recorded!("html_form.form"), Proof::Origin)
    },
    sender("standard_webhooks", recorded!("standard_webhooks.json"), Proof::StandardWebhooks),
    Sender {
        content_type: "application/cloudevents+json",
        ..sender("cloudevents", recorded!("cloudevents.json"), Proof::Bearer)
    },
];

/// A world that knows every tool.
pub(super) fn world() -> World {
    assert!(SENDERS.iter().all(|s| !s.extra.contains("sns") || s.extra.contains(TOPIC)));
    let source = |sender: &Sender| {
        let Sender { preset, extra, .. } = sender;
        format!("[[source]]\nname = \"{preset}\"\npreset = \"{preset}\"\n{extra}\n")
    };
    World::hooked(&SENDERS.iter().map(source).collect::<String>())
}

/// One post in the making.
pub(super) struct Post<'w> {
    world: &'w World,
    sender: Sender,
    secret: String,
    at_ms: i64,
    body: Vec<u8>,
    signed: Vec<u8>,
}

impl Sender {
    /// The recorded post, as the tool would send it now.
    pub(super) fn post<'w>(&self, world: &'w World) -> Post<'w> {
        let body = if self.proof == Proof::Sns {
            let message = std::str::from_utf8(self.body).unwrap();
            world.amazon().notification("m-1", message).to_string().into_bytes()
        } else {
            self.body.to_vec()
        };
        let secret = hook_secret(self.preset);
        Post { world, sender: *self, secret, at_ms: NOW_MS, signed: body.clone(), body }
    }

    /// Whether its proof covers the body.
    pub(super) fn signs(&self) -> bool {
        use Proof::{Sns, StandardWebhooks, Typeform, Webflow};
        matches!(self.proof, Typeform | Webflow | StandardWebhooks | Sns)
    }

    /// Whether its proof says when.
    pub(super) fn dates(&self) -> bool {
        matches!(self.proof, Proof::Webflow | Proof::StandardWebhooks)
    }
}

impl Post<'_> {
    pub(super) fn with_secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    pub(super) fn signed_at(mut self, at_ms: i64) -> Self {
        self.at_ms = at_ms;
        self
    }

    /// Changes a byte after it was signed.
    pub(super) fn tampered(mut self) -> Self {
        let place = self.body.windows(8).position(|at| at == b"acme.exa").unwrap();
        self.body[place] ^= 1;
        self
    }

    pub(super) fn send(self) -> Answer {
        let baton: &Baton = self.world;
        let Sender { preset, content_type, proof, .. } = self.sender;
        let key = self.secret.replace('=', "%3D");
        let query = if proof == Proof::Url { format!("?key={key}") } else { String::new() };
        let mut call = baton
            .call("POST", &format!("/webhooks/{preset}{query}"))
            .header("content-type", content_type)
            .body(self.body.clone());
        for (name, value) in self.proofs(proof) {
            call = call.header(name, &value);
        }
        call.send()
    }

    fn proofs(&self, proof: Proof) -> Vec<(&'static str, String)> {
        let seconds = (self.at_ms / 1000).to_string();
        let signature = |parts: &[&[u8]]| {
            let key = self.secret.strip_prefix("whsec_").and_then(|k| STANDARD.decode(k).ok());
            let key = key.unwrap_or_else(|| self.secret.clone().into_bytes());
            let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            let mac = parts.iter().fold(mac, Mac::chain_update);
            mac.finalize().into_bytes().to_vec()
        };
        match proof {
            Proof::Bearer => vec![("authorization", format!("Bearer {}", self.secret))],
            Proof::Header(name) => vec![(name, self.secret.clone())],
            Proof::Url | Proof::Sns => Vec::new(),
            Proof::Origin => vec![("origin", "https://www.acme.example".to_owned())],
            Proof::Typeform => {
                let signature = STANDARD.encode(signature(&[&self.signed]));
                vec![("typeform-signature", format!("sha256={signature}"))]
            }
            Proof::Webflow => {
                let at = self.at_ms.to_string();
                let signature = signature(&[at.as_bytes(), b":", &self.signed]);
                vec![("x-webflow-timestamp", at), ("x-webflow-signature", hex::encode(signature))]
            }
            Proof::StandardWebhooks => {
                let signer = standardwebhooks::Webhook::new(&self.secret).unwrap();
                let at = self.at_ms / 1000;
                let signature = signer.sign("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", at, &self.signed);
                vec![
                    ("webhook-id", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W".to_owned()),
                    ("webhook-timestamp", seconds),
                    ("webhook-signature", signature.unwrap()),
                ]
            }
        }
    }
}
