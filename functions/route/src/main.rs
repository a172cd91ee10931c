//! Wires the `route` function: environment, connection, handler.

use baton_engine::Deployment;
use baton_route::{Payload, Route};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Deployment { services, .. } = Deployment::start().await?;
    let route = Route::new(services);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        route.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
