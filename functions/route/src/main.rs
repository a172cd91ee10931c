//! Wires the `route` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff};
use baton_route::{Payload, Route};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    baton_cloud::log();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let route = Route::new(handoff);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        route.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
