//! Amazon SNS as a receiver sees it: signed messages, a certificate to check them by, and an
//! address to confirm a subscription at.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A certificate and its key, made for these tests and good for nothing else.
const CERTIFICATE: &str = include_str!("../data/sns.pem");
const KEY: &[u8] = include_bytes!("../data/sns-key.pk8");

/// The topic that messages are about.
pub const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:badges";

/// Amazon's side of a subscription.
#[derive(Clone, Debug, Default)]
pub struct Amazon {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Amazon {
    /// Answers on a free port; gives the address.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }

    /// What was asked for: paths and queries, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What SNS posts when somebody publishes this.
    pub fn notification(&self, id: &str, message: &str) -> Value {
        signed(json!({
            "Type": "Notification", "MessageId": id, "TopicArn": TOPIC, "Message": message,
            "Timestamp": "2026-03-01T08:58:12.000Z",
        }))
    }

    /// What SNS posts when an endpoint is subscribed.
    pub fn confirmation(&self, address: &str) -> Value {
        signed(json!({
            "Type": "SubscriptionConfirmation", "MessageId": "c-1", "TopicArn": TOPIC,
            "Token": "2336412f37", "Message": "You have chosen to subscribe.",
            "SubscribeURL": address, "Timestamp": "2026-03-01T08:58:12.000Z",
        }))
    }
}

async fn answer(State(amazon): State<Amazon>, uri: Uri) -> &'static str {
    amazon.asked.lock().unwrap_or_else(PoisonError::into_inner).push(uri.to_string());
    CERTIFICATE
}

/// Signs by SHA-256, over the fields that the developer guide lists.
fn signed(mut message: Value) -> Value {
    let names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
    let line = |name: &&str| Some(format!("{name}\n{}\n", message.get(*name)?.as_str()?));
    let text: String = names.iter().filter_map(line).collect();
    let key = RsaKeyPair::from_pkcs8(KEY).expect("a key");
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .expect("a signature");
    message["SignatureVersion"] = "2".into();
    message["Signature"] = STANDARD.encode(signature).into();
    message["SigningCertURL"] =
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789.pem".into();
    message
}
