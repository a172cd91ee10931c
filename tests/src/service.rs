//! The services at the far ends of the wires, in this process: the engine that `serve` embeds, and
//! its ends of SNS and EventBridge.

use std::sync::Arc;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use axum::Router;
use axum::body::{Body, to_bytes};
use tower::ServiceExt;

use crate::store::Store;
use crate::wire::{Answer, Request};

/// What a wire leads to.
#[derive(Clone)]
pub(crate) enum Service {
    /// DynamoDB.
    Table(Arc<Store>),
    /// SNS and EventBridge.
    Out(Router),
}

impl Service {
    /// The engine, if it is the table.
    pub(crate) fn store(&self) -> Option<&Store> {
        match self {
            Self::Table(store) => Some(store),
            Self::Out(_) => None,
        }
    }

    pub(crate) async fn ask(&self, sent: HttpRequest, request: &Request) -> Answer {
        match self {
            Self::Table(store) => store.ask(&request.operation, &request.body),
            Self::Out(router) => ask(router.clone(), sent, request.body.clone()).await,
        }
    }
}

async fn ask(router: Router, sent: HttpRequest, body: String) -> Answer {
    let mut request = axum::http::Request::builder().method("POST").uri("/");
    for (name, value) in sent.headers() {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body)).expect("a request that HTTP allows");
    let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body in memory");
    (head.status.as_u16(), String::from_utf8_lossy(&body).into_owned())
}
