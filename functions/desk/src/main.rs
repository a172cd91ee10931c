//! Wires the `desk` function: environment, connection, handler.

use baton_cloud::Deployment;
use baton_desk::Desk;
use baton_http::Payload;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Deployment { handoff, secrets, .. } = Deployment::start().await?;
    let desk = Desk::new(handoff, secrets);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(desk.handle(event.payload).await)
    }))
    .await
}
