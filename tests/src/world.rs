//! The whole system in this process, behind real HTTP on a free port.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton::local::Store;
use baton::local_stack::{LocalStack, Plan};
use baton::serve::router;
use baton_cloud::Clock;
use baton_documents::{policy, roster};
use baton_engine::{Fsck, Integrity, Rules, Secrets};
use baton_reports::integrity::Finding;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::{Amazon, BASE_URL, Baton, START, hook_secret, old_hook_secret, secrets_file};

/// Baton as `serve --memory --clock manual:…` runs it.
pub struct World {
    baton: Baton,
    house: Arc<LocalStack>,
    amazon: Amazon,
    has_looked: AtomicBool,
    _stop: oneshot::Sender<()>,
    runtime: Runtime,
}

impl Deref for World {
    type Target = Baton;
    fn deref(&self) -> &Baton {
        &self.baton
    }
}

impl World {
    /// With the sample policy and roster.
    pub fn open() -> Self {
        Self::with(Rules::sample())
    }

    /// With these rules.
    pub fn with(rules: Rules) -> Self {
        Self::start(rules, [127, 0, 0, 1].into())
    }

    /// As if it listened beyond loopback.
    pub fn beyond_loopback() -> Self {
        Self::start(Rules::sample(), [0, 0, 0, 0].into())
    }

    /// With these sources beside the sample policy, a secret for each.
    pub fn hooked(sources: &str) -> Self {
        let policy = format!("{}\n{sources}", policy::SAMPLE);
        let rules = Rules::read(("the policy", &policy), ("the sample roster", roster::SAMPLE));
        Self::with(rules.expect("good sources"))
    }

    fn start(rules: Rules, address: IpAddr) -> Self {
        let secrets = rules.sources.keys().fold(secrets_file(), |text, name| {
            let (current, previous) = (hook_secret(name.as_str()), old_hook_secret(name.as_str()));
            format!("{text}[sources.{name}]\ncurrent = \"{current}\"\nprevious = \"{previous}\"\n")
        });
        let amazon = Amazon::default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let plan = Plan {
            store: Store::Memory,
            rules,
            secrets: Secrets::read(&secrets).expect("good secrets"),
            clock: Clock::manual(START.parse().expect("a time")),
            base_url: BASE_URL.to_owned(),
            sns: Some(runtime.block_on(amazon.serve())),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (baton, house) = runtime.block_on(async {
            let house = Arc::new(LocalStack::open(plan).await.expect("a house"));
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            let app = router(Arc::clone(&house), address.is_loopback());
            let server = axum::serve(listener, app);
            tokio::spawn(async move {
                tokio::select! { _ = server => {}, _ = stopped => {} }
            });
            (Baton::at(&url), house)
        });
        Self { baton, house, amazon, has_looked: AtomicBool::new(false), _stop: stop, runtime }
    }

    /// The house behind the port.
    pub fn house(&self) -> &Arc<LocalStack> {
        &self.house
    }

    /// The side of SNS that the house asks for certificates and confirmations.
    pub fn amazon(&self) -> &Amazon {
        &self.amazon
    }

    /// Runs the timer's function once, as the next minute would.
    pub fn tick(&self) {
        self.runtime.block_on(self.house.tick()).expect("a sweep");
    }

    /// What `baton fsck` would find in the table now, a line each: nothing, in any world of ours.
    pub fn findings(&self) -> Vec<String> {
        self.has_looked.store(true, Ordering::Relaxed);
        let services = self.house.services();
        let (rules, now) = (services.settings().rules(), self.house.now());
        let check = Fsck(services.table()).check(Some(&rules), now);
        let checked = self.runtime.block_on(check);
        told(&checked.expect("the table"))
    }

    /// Everything in the table, by key, but for the policy and the roster it was opened with.
    pub fn table(&self) -> BTreeMap<String, Value> {
        let mut items = dump(&self.house.engine().database());
        items.retain(|key, _| !key.starts_with("\"document#"));
        items
    }
}

impl Drop for World {
    /// Whatever was played, it leaves a table in which nothing is wrong; a test that wants it
    /// otherwise has looked, and said what is.
    fn drop(&mut self) {
        if !self.has_looked.load(Ordering::Relaxed) && !std::thread::panicking() {
            assert_eq!(self.findings(), [""; 0]);
        }
    }
}

/// A check in words. A lead that kept changing, or whose score could not be held against its
/// ledger, is told as well: a test that saw only half would not know.
pub(crate) fn told(checked: &Integrity) -> Vec<String> {
    let told = checked.findings.iter().map(|finding| {
        let Finding { place, violation } = finding;
        format!("{} {place}: {violation}", violation.code())
    });
    let others = [("leads not judged", checked.unjudged), ("leads kept changing", checked.moving)];
    let others = others.iter().filter(|(_, count)| *count > 0);
    told.chain(others.map(|(what, count)| format!("{count} {what}"))).collect()
}

/// A signature nobody checks, in the form somebody looks at.
pub const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/dynamodb/aws4_request, \
                      SignedHeaders=host, Signature=0";
