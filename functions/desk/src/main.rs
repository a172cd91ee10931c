//! Wires the `desk` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff};
use baton_desk::Desk;
use baton_http::Payload;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    baton_cloud::log();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let desk = Desk::new(handoff, Arc::new(deployment.secrets));
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(desk.handle(event.payload).await)
    }))
    .await
}
