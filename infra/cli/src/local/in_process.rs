//! How the SDK's calls travel under `serve`: to the services' stand-ins in this process.
//!
//! It is the SDK's own HTTP client, so requests and answers are those of the services; but nothing
//! listens. A port would be open to every user of the machine and to every web page they look at.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt;

use super::embedded_dynamo::EmbeddedDynamo;

/// A status and a body.
type Answer = (u16, String);

/// The header in which a JSON protocol names its operation.
const TARGET: &str = "x-amz-target";
/// What begins the operations of DynamoDB.
const DYNAMODB: &str = "DynamoDB_20120810.";

/// Carries requests to the embedded database, and all others to SNS and EventBridge.
#[derive(Clone)]
pub struct InProcess {
    table: EmbeddedDynamo,
    messaging: Router,
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl InProcess {
    /// To a database alone.
    pub(super) fn to_table(table: EmbeddedDynamo) -> Self {
        Self::to(table, Router::new())
    }

    /// To a database, and to a router that stands in for SNS and EventBridge.
    pub(crate) fn to(table: EmbeddedDynamo, messaging: Router) -> Self {
        Self { table, messaging }
    }

    async fn carry(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get(TARGET).unwrap_or_default();
        let (status, body) = match target.strip_prefix(DYNAMODB) {
            Some(operation) => self.ask_table(operation.to_owned(), text(&request)?).await?,
            None => self.ask_messaging(request).await?,
        };
        let status = status.try_into().map_err(|error| broken(Box::new(error)))?;
        Ok(HttpResponse::new(status, SdkBody::from(body)))
    }

    /// SQLite's calls block, and would hold up every other task of this thread.
    async fn ask_table(self, operation: String, body: String) -> Result<Answer, ConnectorError> {
        let ask = move || self.table.answer(&operation, &body);
        tokio::task::spawn_blocking(ask).await.map_err(|error| broken(error.into()))
    }

    async fn ask_messaging(self, sent: HttpRequest) -> Result<Answer, ConnectorError> {
        let mut request = Request::builder().method(sent.method()).uri("/");
        for (name, value) in sent.headers() {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(text(&sent)?)).map_err(|e| broken(e.into()))?;
        let answer = self.messaging.oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(|error| broken(error.into()))?;
        Ok((head.status.as_u16(), String::from_utf8_lossy(&body).into_owned()))
    }
}

/// Everything that our clients send is text in memory.
fn text(request: &HttpRequest) -> Result<String, ConnectorError> {
    let bytes = request.body().bytes().unwrap_or_default();
    String::from_utf8(bytes.to_vec()).map_err(|error| broken(error.into()))
}

fn broken(why: Box<dyn std::error::Error + Send + Sync>) -> ConnectorError {
    ConnectorError::other(why, None)
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().carry(request))
    }
}

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
