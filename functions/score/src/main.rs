//! Wires the `score` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff};
use baton_http::Payload;
use baton_score::Score;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let score = Score::new(handoff, Arc::new(deployment.secrets));
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(score.handle(event.payload).await)
    }))
    .await
}
