//! What is the same for every request.

use std::sync::Arc;

use baton_cloud::{Clock, Metrics, Sample};

use crate::link::Links;
use crate::rules::{InForce, Rules};
use crate::session::Sessions;

/// What is the same for every request.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The policy and the roster.
    pub in_force: InForce,
    /// What makes and reads the links in alerts.
    pub links: Links,
    /// What makes and reads the cookies of those who have signed in.
    pub sessions: Sessions,
    /// What time it is.
    pub clock: Clock,
    /// Where metrics go.
    pub metrics: Metrics,
}

impl Settings {
    /// Records one value of a metric, as of now.
    pub fn record(&self, sample: impl Into<Sample>) {
        self.metrics.record(sample.into(), self.clock.now());
    }

    /// The policy and the roster at this moment.
    pub fn rules(&self) -> Arc<Rules> {
        self.in_force.rules()
    }
}
