//! A wire between the AWS clients and a service: counts what passes, and breaks where a test says.
//!
//! It is the SDK's connector, so that retries, timeouts and backing off are the SDK's own. No
//! socket is behind it: where the test's time stands still, a call that is never answered times
//! out at once, and in the same way each time.

mod fate;
mod life;
mod request;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use tokio::sync::oneshot;

use crate::meter::Metered;
use crate::service::Service;
pub(crate) use fate::Answer;
pub use fate::Fate;
pub use life::live;
pub use request::Request;

/// Later than any client waits for one attempt, and sooner than it gives up the call.
pub(crate) const TOO_LATE: Duration = Duration::from_secs(4);

type Decide = Box<dyn FnMut(&Request) -> Fate + Send>;

#[derive(Default)]
struct State {
    passed: Vec<Request>,
    decide: Option<Decide>,
    /// What passed since the meter was switched on.
    metered: Option<Vec<Metered>>,
}

/// A wire to a service.
#[derive(Clone)]
pub struct Wire {
    service: Service,
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    /// A wire to a service in this process.
    pub(crate) fn to(service: Service) -> Self {
        Self { service, state: Arc::default() }
    }

    /// From now on, `decide` says what becomes of each request.
    pub fn when(&self, decide: impl FnMut(&Request) -> Fate + Send + 'static) {
        self.state().decide = Some(Box::new(decide));
    }

    /// From now on, everything passes.
    pub fn heal(&self) {
        self.state().decide = None;
    }

    /// What came since the last time this was asked, in order.
    pub fn taken(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().passed)
    }

    /// How often each operation came since the last time.
    pub fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for request in self.taken() {
            *counted.entry(request.operation).or_default() += 1;
        }
        counted
    }

    /// From now on, every request to the table is asked what it costs, or none is.
    pub fn meter(&self, on: bool) {
        self.state().metered = on.then(Vec::new);
    }

    /// What was metered since the last time this was asked, in order.
    pub fn metered(&self) -> Vec<Metered> {
        self.state().metered.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, request: &Request) -> Fate {
        let mut state = self.state();
        state.passed.push(request.clone());
        state.decide.as_mut().map_or(Fate::Pass, |decide| decide(request))
    }

    async fn carry(self, sent: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        // Nothing here waits by itself, and what runs side by side should take turns.
        tokio::task::yield_now().await;
        life::go_on().await;
        let request = Request::read(&sent);
        let fate = self.fate(&request);
        let answer = match fate {
            Fate::Refuse(status) => fate::refused(status, "refused by the test"),
            Fate::RefuseQuoting(status) => fate::refused(status, &request.body),
            Fate::Fail => fate::failed(&request),
            Fate::Throttle => fate::throttled(&request),
            Fate::Conflict => match fate::conflicting(&request) {
                Some(answer) => answer,
                None => self.service.ask(sent, &request).await,
            },
            Fate::NotTaken => fate::not_taken(&request),
            Fate::Lose => return Err(broken()),
            Fate::Hang => std::future::pending().await,
            Fate::Kill => life::end().await,
            Fate::Late => self.late(sent, request).await?,
            Fate::Pass => self.pass(sent, request).await,
            Fate::LoseAnswer => {
                self.service.ask(sent, &request).await;
                return Err(broken());
            }
            Fate::HangAfter => {
                self.service.ask(sent, &request).await;
                std::future::pending().await
            }
            Fate::KillAfter => {
                self.service.ask(sent, &request).await;
                life::end().await
            }
        };
        Ok(response(answer))
    }

    async fn pass(&self, sent: HttpRequest, request: Request) -> Answer {
        let is_metered = self.state().metered.is_some();
        let Some(store) = self.service.store().filter(|_| is_metered) else {
            return self.service.ask(sent, &request).await;
        };
        let (metered, answer) = Metered::ask(store, request);
        self.state().metered.get_or_insert_default().push(metered);
        answer
    }

    /// Arrives whether or not the sender still waits, or lives.
    async fn late(self, sent: HttpRequest, request: Request) -> Result<Answer, ConnectorError> {
        let (arrived, answered) = oneshot::channel();
        tokio::spawn(async move {
            tokio::time::sleep(TOO_LATE).await;
            let _ = arrived.send(self.service.ask(sent, &request).await);
        });
        answered.await.map_err(|_| broken())
    }
}

fn broken() -> ConnectorError {
    ConnectorError::io("the wire broke".into())
}

fn response((status, body): Answer) -> HttpResponse {
    let status = status.try_into().expect("a status");
    HttpResponse::new(status, SdkBody::from(body))
}

/// The way to every service: one wire to the table, one to the bus and to alerts.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) table: Wire,
    pub(crate) out: Wire,
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_table = request.uri().contains("dynamodb");
        let wire = if is_table { &self.table } else { &self.out };
        HttpConnectorFuture::new(wire.clone().carry(request))
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
