//! Wires the `sla` function: environment, connection, handler.

use std::sync::Arc;

use baton_cloud::correlation;
use baton_core::correlation::Correlation;
use baton_engine::Deployment;
use baton_sla::channels::ChannelCheck;
use baton_sla::{Answer, OPERATORS_TOPIC, Payload, Sla, Task};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Deployment { aws, services, .. } = Deployment::start().await?;
    let operators = aws.operators(std::env::var(OPERATORS_TOPIC)?);
    let check = ChannelCheck::new(Arc::clone(&services), aws.topics(), operators);
    let sla = Sla::new(services);
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
