//! Wires the `desk` function: environment, connection, handler.

use baton_desk::Desk;
use baton_engine::Deployment;
use baton_http::Payload;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Deployment { services, secrets, .. } = Deployment::start().await?;
    let desk = Desk::new(services, secrets);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        Ok::<_, Error>(desk.handle(event.payload).await)
    }))
    .await
}
