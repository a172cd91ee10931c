//! Wires the `sla` function: environment, connection, handler.

use std::io::Write;
use std::sync::Arc;

use baton_cloud::{Clock, Deployment, Handoff, correlation};
use baton_core::correlation::Correlation;
use baton_sla::{Sla, Tick, metrics};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let deployment = Deployment::from_env().await?;
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let sla = Sla::new(handoff);
    let table = std::env::var("BATON_TABLE")?;
    run(service_fn(async |event: LambdaEvent<Tick>| {
        let run = Correlation::parse(&event.context.request_id).unwrap_or_else(|_| correlation());
        let report = sla.handle(event.payload, &run).await?;
        let at_ms = Clock::System.now().as_millisecond();
        writeln!(std::io::stdout(), "{}", metrics::line(&report, &table, at_ms))?;
        Ok::<_, Error>(report)
    }))
    .await
}
