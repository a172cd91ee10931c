//! Transactions without a client request token, for an engine that pays for each one it remembers.
//!
//! The SDK puts a random token into every `TransactWriteItems`. The embedded engine walks ten
//! minutes' worth of them, under a lock, at each call: 20,000 transactions halve its speed. Ours
//! need no token, since each write carries a condition that a repeat of it fails.

use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::ser_de::{SerializeRequest, SharedRequestSerializer};

/// For a client's configuration: `Config::builder().interceptor(Tokenless)`.
#[derive(Debug)]
pub struct Tokenless;

impl Intercept for Tokenless {
    fn name(&self) -> &'static str {
        "Tokenless"
    }

    /// A client's interceptors run before an operation's own, and the one that fills the token in
    /// is an operation's: clearing it here would come too early. The serializer runs after both.
    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.input().downcast_ref::<TransactWriteItemsInput>().is_some() {
            let inner = config.load::<SharedRequestSerializer>().ok_or("no serializer")?.clone();
            let outer = SharedRequestSerializer::new(WithoutToken(inner));
            config.interceptor_state().store_put(outer);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct WithoutToken(SharedRequestSerializer);

impl SerializeRequest for WithoutToken {
    fn serialize_input(
        &self,
        mut input: Input,
        config: &mut ConfigBag,
    ) -> Result<HttpRequest, BoxError> {
        if let Some(write) = input.downcast_mut::<TransactWriteItemsInput>() {
            write.client_request_token = None;
        }
        self.0.serialize_input(input, config)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
    use aws_sdk_dynamodb::config::{Credentials, Region, retry::RetryConfig};
    use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
    use aws_sdk_dynamodb::{Client, Config};

    use super::*;

    /// Keeps each body as it goes out.
    #[derive(Debug, Clone, Default)]
    struct Sent(Arc<Mutex<Vec<String>>>);

    impl Intercept for Sent {
        fn name(&self) -> &'static str {
            "Sent"
        }

        fn read_before_transmit(
            &self,
            context: &BeforeTransmitInterceptorContextRef<'_>,
            _: &RuntimeComponents,
            _: &mut ConfigBag,
        ) -> Result<(), BoxError> {
            let body = context.request().body().bytes().unwrap_or_default();
            self.0.lock().unwrap().push(String::from_utf8_lossy(body).into_owned());
            Ok(())
        }
    }

    async fn sent(tokenless: bool) -> String {
        let sent = Sent::default();
        let config = Config::builder()
            .behavior_version_latest()
            .region(Region::new("local"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .retry_config(RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url("http://127.0.0.1:9");
        let config = config.interceptor(sent.clone());
        let config = if tokenless { config.interceptor(Tokenless) } else { config };
        let put = Put::builder().table_name("t").item("id", AttributeValue::S("a".to_owned()));
        let item = TransactWriteItem::builder().put(put.build().unwrap()).build();
        let write = Client::from_conf(config.build()).transact_write_items().transact_items(item);
        // Nobody listens there; what matters was ready to go.
        write.send().await.unwrap_err();
        let bodies = sent.0.lock().unwrap();
        bodies.join("")
    }

    #[tokio::test]
    async fn a_transaction_goes_out_without_the_token_the_sdk_gave_it() {
        assert!(sent(false).await.contains("ClientRequestToken"));
        let tokenless = sent(true).await;
        assert!(tokenless.contains("TransactItems"), "{tokenless}");
        assert!(!tokenless.contains("ClientRequestToken"), "{tokenless}");
    }
}
