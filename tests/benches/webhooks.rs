//! How much of the intake's speed a signed webhook leaves: the same activity, signed by its sender
//! and mapped by the policy, against plain `POST /activities`.
//!
//! Both go through one `serve` over a file store, in turns in one run, from as many connections.
//! The sender's own signing is on the webhook's account.

#[path = "support/connection.rs"]
mod connection;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/measure.rs"]
#[expect(dead_code, reason = "what other benchmarks measure with")]
mod measure;
#[path = "support/turns.rs"]
mod turns;

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_cloud::Clock;
use baton_documents::policy;
use baton_tests::{Process, be_baton, hook_secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use connection::Connection;
use measure::{median, say, verdict};
use turns::{Worker, rate};

/// The webhooks' rate, of the plain activities'.
const SHARE: f64 = 0.8;

/// Connections of each of the two.
const AT_ONCE: usize = 8;
/// Leads each of them writes about, in turn.
const LEADS: usize = 8;
/// Turns of each of the two.
const ROUNDS: usize = 9;

const SOURCE: &str = "[[source]]\nname = \"signed\"\npreset = \"standard_webhooks\"\n";

fn main() {
    if be_baton() {
        return;
    }
    let folder = folder::on_disk();
    let rules = folder.path().join("policy.toml");
    fs::write(&rules, format!("{}\n{SOURCE}", policy::SAMPLE)).expect("a folder to write to");
    let args = ["--policy".as_ref(), rules.as_os_str()];
    let served = Process::serve_in(folder.path(), "webhooks", &args);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads").block_on(run(served.address()));
}

async fn run(address: &str) {
    let (mut plain, mut signed) = (Vec::new(), Vec::new());
    for number in 0..AT_ONCE {
        plain.push(Plain(Sender::to(address, &format!("plain-{number}")).await));
        signed.push(Signed(Sender::to(address, &format!("signed-{number}")).await));
    }
    let (mut plain_rates, mut signed_rates, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (back, plain_rate) = rate(plain).await;
        plain = back;
        let (back, signed_rate) = rate(signed).await;
        signed = back;
        plain_rates.push(plain_rate);
        signed_rates.push(signed_rate);
        shares.push(signed_rate / plain_rate);
    }
    let [plain, signed, share] = [plain_rates, signed_rates, shares].map(median);
    say(&format!("{AT_ONCE} at once: plain {plain:.0}/s, signed webhooks {signed:.0}/s"));
    verdict("signed webhooks to plain activities", share, "", SHARE..);
}

/// Somebody with leads of their own.
struct Sender {
    connection: Connection,
    name: String,
    sent: usize,
}

impl Sender {
    async fn to(address: &str, name: &str) -> Self {
        let connection = Connection::to(address).await;
        Self { connection, name: name.to_owned(), sent: 0 }
    }

    fn next_email(&mut self) -> String {
        self.sent += 1;
        format!("kim-{}@{}.example", self.sent % LEADS, self.name)
    }
}

struct Plain(Sender);

impl Worker for Plain {
    async fn work(&mut self) {
        let email = self.0.next_email();
        let Sender { connection, name, sent } = &mut self.0;
        let body = format!(
            r#"{{"id":"{name}-{sent}","type":"email.clicked","email":"{email}",
            "profile":{{"name":"Kim Okafor","title":"Purchasing Manager",
            "company":"Acme Industrial Holdings","country":"DE"}},
            "data":{{"campaign":"spring","visit":{sent}}}}}"#
        );
        let answer = connection.post(&body).await;
        assert!(answer.contains(r#""outcome":"scored""#), "{answer}");
    }
}

struct Signed(Sender);

impl Worker for Signed {
    async fn work(&mut self) {
        let email = self.0.next_email();
        let Sender { connection, name, sent } = &mut self.0;
        let body = format!(
            r#"{{"type":"email.clicked","data":{{"email":"{email}","name":"Kim Okafor",
            "job_title":"Purchasing Manager","company":"Acme Industrial Holdings","country":"DE",
            "campaign":"spring","visit":{sent}}}}}"#
        );
        let proof = proof(&format!("{name}-{sent}"), &body);
        let answer = connection.post_to("/webhooks/signed", &proof, &body).await;
        assert!(answer.contains(r#""outcome":"scored""#), "{answer}");
    }
}

/// The header lines of Standard Webhooks.
fn proof(id: &str, body: &str) -> String {
    let at = Clock::System.now().as_second();
    let secret = hook_secret("signed");
    let key = STANDARD.decode(&secret["whsec_".len()..]).expect("base64");
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("any key");
    let mac = mac.chain_update(format!("{id}.{at}.{body}"));
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("webhook-id: {id}\r\nwebhook-timestamp: {at}\r\nwebhook-signature: v1,{signature}\r\n")
}
