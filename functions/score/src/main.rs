//! Wires the `score` function: environment, connection, handler.

use baton_engine::Deployment;
use baton_http::Payload;
use baton_score::Score;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Deployment { services, secrets, .. } = Deployment::start().await?;
    let score = Score::new(services, secrets);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(score.handle(event.payload).await)
    }))
    .await
}
