//! Wires the `sla` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::{Deployment, Handoff, correlation};
use baton_core::correlation::Correlation;
use baton_sla::channels::ChannelCheck;
use baton_sla::{Answer, Payload, Sla, Task};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    baton_cloud::log();
    let deployment = Deployment::from_env().await?;
    let operators = deployment.aws.operators(std::env::var("BATON_OPERATORS_TOPIC")?);
    let channels = deployment.aws.channels();
    let handoff = Arc::new(Handoff::new(&deployment.aws, deployment.settings));
    handoff.refresh().await;
    let check = ChannelCheck::new(Arc::clone(&handoff), channels, operators);
    let sla = Sla::new(handoff);
    run(service_fn(async |event: LambdaEvent<Payload>| {
        let run = Correlation::parse(&event.context.request_id).unwrap_or_else(|_| correlation());
        let Payload { task, tick } = event.payload;
        Ok::<_, Error>(match task {
            Task::Sweep => Answer::Swept(sla.handle(tick, &run).await?),
            Task::CheckChannels => Answer::Checked(check.run(&run).await?),
        })
    }))
    .await
}
