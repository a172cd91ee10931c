//! How SNS and EventBridge refuse a request.

use axum::http::StatusCode;

/// A refusal of a whole request. Its words need no escaping in XML.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fault {
    /// The sender's fault: the same request would fail again.
    pub(super) fn sender(code: &'static str, message: &str) -> Self {
        let message = message.to_owned();
        Self { status: StatusCode::BAD_REQUEST, code, message }
    }
}
