//! SNS messages that come in: whether Amazon signed them, and for which topic.
//!
//! As the SNS developer guide has it ("Verifying the signatures of Amazon SNS messages"): the
//! certificate comes over TLS from an address of SNS and from nowhere else, and what is signed is
//! a fixed list of fields. Which topics may send is the policy's business.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::byte_stream::ByteStream;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
    UnparsedPublicKey,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use serde_json::Value;

use crate::error::Cause;

/// What an SNS message is for, once its signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// What somebody published.
    Message,
    /// The question whether we want this topic; the address says yes.
    Confirm(String),
    /// The news that we no longer get it.
    Goodbye,
}

/// Why an SNS message is not believed, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// It is not signed by Amazon, or for another topic. Says what is wrong.
    #[error("the SNS message {0}")]
    Forged(&'static str),
    /// Amazon could not be asked.
    #[error("SNS could not be asked")]
    Unreachable(#[source] Cause),
}

/// How long Amazon may take to answer: a certificate is 2 kB.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// A certificate, or the answer to a confirmation.
const ANSWER_BYTES: usize = 64 * 1024;
/// Certificates remembered; Amazon changes its own every few months.
const CERTIFICATES: usize = 16;

/// What checks SNS messages. Opens no connection before the first one.
#[derive(Debug, Default)]
pub struct Notifications {
    /// Where certificates and confirmations are asked for, when not at Amazon.
    instead: Option<String>,
    connector: OnceLock<Connector>,
    certificates: Mutex<HashMap<String, Vec<u8>>>,
}

impl Notifications {
    /// Asks another address for what Amazon would be asked: for rehearsals. What a message says of
    /// Amazon's address is checked all the same.
    pub fn asking(instead: Option<String>) -> Self {
        Self { instead, ..Self::default() }
    }

    /// Checks that Amazon signed the message and that it is about one of these topics.
    ///
    /// # Errors
    ///
    /// [`NotificationError`] says whether it is forged or could not be checked.
    pub async fn check(
        &self,
        message: &Value,
        topics: &[String],
    ) -> Result<Notification, NotificationError> {
        let said = |name| message.get(name).and_then(Value::as_str);
        let field = |name| said(name).ok_or(NotificationError::Forged("lacks a field"));
        if !topics.iter().any(|topic| said("TopicArn") == Some(topic)) {
            return Err(NotificationError::Forged(
                "is about a topic that the policy does not name",
            ));
        }
        let kind = field("Type")?;
        let signed = signed_text(kind, said).ok_or(NotificationError::Forged("lacks a field"))?;
        let algorithm = match field("SignatureVersion")? {
            "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            "2" => &RSA_PKCS1_2048_8192_SHA256,
            _ => return Err(NotificationError::Forged("is signed in a way we don't know")),
        };
        let signature = STANDARD.decode(field("Signature")?);
        let signature = signature.map_err(|_| NotificationError::Forged("has no signature"))?;
        let certificate = self.certificate(field("SigningCertURL")?).await?;
        verify(&certificate, algorithm, signed.as_bytes(), &signature)?;
        match kind {
            "SubscriptionConfirmation" => {
                let address = field("SubscribeURL")?;
                let path =
                    amazon(address).ok_or(NotificationError::Forged("confirms elsewhere"))?;
                let confirms = path.contains("Action=ConfirmSubscription");
                let elsewhere = NotificationError::Forged("confirms elsewhere");
                confirms.then(|| Notification::Confirm(address.to_owned())).ok_or(elsewhere)
            }
            "UnsubscribeConfirmation" => Ok(Notification::Goodbye),
            _ => Ok(Notification::Message),
        }
    }

    /// Says yes to a topic.
    ///
    /// # Errors
    ///
    /// When Amazon can't be asked, or says no.
    pub async fn confirm(&self, address: &str) -> Result<(), NotificationError> {
        self.get(address).await.map(drop)
    }

    async fn certificate(&self, address: &str) -> Result<Vec<u8>, NotificationError> {
        let path = amazon(address).unwrap_or_default();
        if !path.starts_with("/SimpleNotificationService-") || !path.ends_with(".pem") {
            return Err(NotificationError::Forged("names a certificate that is not Amazon's"));
        }
        let known = || self.certificates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = known().get(address) {
            return Ok(certificate.clone());
        }
        let pem = self.get(address).await?;
        let certificate = CertificateDer::from_pem_slice(&pem);
        let broken = |_| NotificationError::Forged("names a certificate that can't be read");
        let certificate = certificate.map_err(broken)?.to_vec();
        let mut known = known();
        if known.len() == CERTIFICATES {
            known.clear();
        }
        known.insert(address.to_owned(), certificate.clone());
        Ok(certificate)
    }

    async fn get(&self, address: &str) -> Result<Vec<u8>, NotificationError> {
        let url = match (&self.instead, amazon(address)) {
            (Some(instead), Some(path)) => format!("{instead}{path}"),
            _ => address.to_owned(),
        };
        let unreachable = |cause: Cause| NotificationError::Unreachable(cause);
        let request = HttpRequest::get(url).map_err(|e| unreachable(Box::new(e)))?;
        let answer = async {
            let answer =
                self.connector().call(request).await.map_err(|e| unreachable(Box::new(e)))?;
            if !answer.status().is_success() {
                let status = answer.status().as_u16();
                return Err(unreachable(format!("it answered {status}").into()));
            }
            let body = ByteStream::new(answer.into_body()).collect().await;
            Ok(body.map_err(|e| unreachable(Box::new(e)))?.to_vec())
        };
        let body = tokio::time::timeout(ANSWER_WITHIN, answer).await;
        let body = body.map_err(|e| unreachable(Box::new(e)))??;
        if body.len() > ANSWER_BYTES {
            return Err(unreachable("it answered with too much".into()));
        }
        Ok(body)
    }

    fn connector(&self) -> &Connector {
        self.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder()
                .connect_timeout(ANSWER_WITHIN)
                .read_timeout(ANSWER_WITHIN)
                .build();
            let builder = Connector::builder().connector_settings(settings);
            builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
        })
    }
}

/// The path and query of an address of SNS: `https://sns.eu-west-1.amazonaws.com/…`.
fn amazon(address: &str) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    let authority = uri.authority()?.as_str();
    let region = authority.strip_prefix("sns.")?;
    let region =
        region.strip_suffix(".amazonaws.com").or(region.strip_suffix(".amazonaws.com.cn"))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_sns = uri.scheme_str() == Some("https") && !region.is_empty();
    let path = uri.path_and_query()?.as_str();
    (is_sns && region.chars().all(plain)).then(|| path.to_owned())
}

/// What is signed: names and values, a line each, in the order of the names.
fn signed_text<'a>(kind: &str, said: impl Fn(&'static str) -> Option<&'a str>) -> Option<String> {
    let names: &[&str] = match kind {
        "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
            &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        }
        _ => return None,
    };
    let mut text = String::new();
    for name in names {
        match said(name) {
            Some(value) => text.extend([name, "\n", value, "\n"]),
            None if *name == "Subject" => {}
            None => return None,
        }
    }
    Some(text)
}

fn verify(
    certificate: &[u8],
    algorithm: &'static RsaParameters,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), NotificationError> {
    let certificate = CertificateDer::from(certificate);
    let certificate = webpki::EndEntityCert::try_from(&certificate)
        .map_err(|_| NotificationError::Forged("names a certificate that can't be read"))?;
    certificate
        .verify_signature(&Rsa(algorithm), signed, signature)
        .map_err(|_| NotificationError::Forged("is not signed by that certificate"))
}

/// RSA by ring: webpki itself no longer knows SHA-1, which is what topics sign with unless told
/// otherwise.
#[derive(Debug)]
struct Rsa(&'static RsaParameters);

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = UnparsedPublicKey::new(self.0, public_key);
        key.verify(message, signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_PKCS1_SHA256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_sns_are_amazons() {
        for good in [
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription",
        ] {
            assert!(amazon(good).is_some(), "{good}");
        }
        for bad in [
            "http://sns.eu-west-1.amazonaws.com/x.pem",
            "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
            "https://evil.example/sns.eu-west-1.amazonaws.com/x.pem",
            "https://sns.a@evil.example.amazonaws.com/x.pem",
            "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
            "https://sns.x.s3.amazonaws.com/x.pem",
            "https://sns..amazonaws.com/x.pem",
            "file:///x.pem",
            "",
        ] {
            assert_eq!(amazon(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_message_without_a_subject_is_signed_without_one() {
        let message = serde_json::json!({"Message": "m", "MessageId": "1", "Timestamp": "t",
            "TopicArn": "a", "Type": "Notification"});
        let text = signed_text("Notification", |name| message.get(name).and_then(Value::as_str));
        let expected = "Message\nm\nMessageId\n1\nTimestamp\nt\nTopicArn\na\nType\nNotification\n";
        assert_eq!(text.as_deref(), Some(expected));
        assert_eq!(signed_text("Else", |_| Some("x")), None);
    }
}
