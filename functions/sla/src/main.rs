//! Wires the `sla` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff, correlation};
use baton_core::correlation::Correlation;
use baton_sla::{Sla, Tick};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let sla = Sla::new(handoff);
    run(service_fn(async |event: LambdaEvent<Tick>| {
        let run = Correlation::parse(&event.context.request_id).unwrap_or_else(|_| correlation());
        sla.handle(event.payload, &run).await.map_err(Error::from)
    }))
    .await
}
