//! Wires the `score` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff};
use baton_http::Payload;
use baton_score::Score;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    baton_cloud::log();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let score = Score::new(handoff, Arc::new(deployment.secrets));
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(score.handle(event.payload).await)
    }))
    .await
}
