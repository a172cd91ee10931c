//! The functions over wires that count and break: what `serve` wires up, with its joints exposed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use baton::local::LocalAws;
use baton_cloud::{Aws, Clock, Error, Metrics, Names};
use baton_core::activity::{Activity, Fingerprint};
use baton_core::correlation::Correlation;
use baton_core::id::{ActivityType, Identity, LeadId, SourceId, SourceName};
use baton_core::lead::Lead;
use baton_core::profile::{Said, Scalar};
use baton_desk::Desk;
use baton_documents::{policy, roster};
use baton_engine::{Fsck, InForce, Links, Recorded, Rules, Secrets, Services, Sessions, Settings};
use baton_route::Route;
use baton_score::Score;
use baton_sla::{Report, Sla, Tick};
use dynoxide::Database;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::service::Service;
use crate::store::Store;
use crate::wire::Network;
use crate::{BASE_URL, Lines, Recorder, START, Wire, secrets_file, world};

/// The functions over an embedded engine, with a wire to each service.
pub struct TestHarness {
    /// The clock they all share.
    pub clock: Clock,
    /// The wire to the table.
    pub table: Wire,
    /// The wire to the bus and to alerts.
    pub out: Wire,
    /// What arrived at the far end of `out`.
    pub post: Arc<Recorder>,
    /// What every function measures, a line of CloudWatch's format each.
    pub metrics: Lines,
    /// The hand-off behind every function.
    pub services: Arc<Services>,
    /// The intake.
    pub score: Score,
    /// The router. Connected to the bus only by [`Recorder::connect`].
    pub route: Route,
    /// The timer.
    pub sla: Sla,
    /// The desk.
    pub desk: Desk,
    pub(crate) aws: Aws,
    store: Arc<Store>,
    has_looked: AtomicBool,
}

impl TestHarness {
    /// Everything in place, nobody connected to the bus.
    pub async fn open(rules: Rules) -> Self {
        Self::with(InForce::fixed(rules)).await
    }

    /// As on AWS: with whatever rules are published in the table.
    pub async fn published() -> Self {
        Self::with(InForce::published()).await
    }

    async fn with(in_force: InForce) -> Self {
        let clock = Clock::manual(START.parse().expect("a time"));
        let store = Arc::new(Store::new(Database::memory().expect("an engine"), clock.clone()));
        let post = Arc::new(Recorder::new(clock.clone()));
        let table = Wire::to(Service::Table(Arc::clone(&store)));
        let out = Wire::to(Service::Out(LocalAws::router(Arc::clone(&post))));
        let secrets = Arc::new(Secrets::read(&secrets_file()).expect("good secrets"));
        let metrics = Lines::default();
        let settings = Settings {
            in_force,
            links: Links::new(secrets.link_key.clone(), BASE_URL),
            sessions: Sessions::new(&secrets.link_key),
            clock: clock.clone(),
            metrics: Metrics::to("baton", metrics.clone()),
        };
        let aws = clients(&table, &out);
        let services = Arc::new(Services::new(&aws, settings));
        services.table().create().await.expect("a table");
        table.taken();
        Self {
            score: Score::new(Arc::clone(&services), Arc::clone(&secrets)),
            route: Route::new(Arc::clone(&services)),
            sla: Sla::new(Arc::clone(&services)),
            desk: Desk::new(Arc::clone(&services), secrets),
            clock,
            table,
            out,
            post,
            metrics,
            services,
            aws,
            store,
            has_looked: AtomicBool::new(false),
        }
    }

    /// The time moves on and nobody looks.
    pub fn pass(&self, by: SignedDuration) {
        self.clock.advance_to(self.clock.now() + by);
    }

    /// Somebody's activity arrives, as if by [`request`].
    pub async fn record(&self, activity: Activity) -> Result<Recorded, Error> {
        self.services.record(activity, &request()).await
    }

    /// The timer's function runs once.
    pub async fn sweep(&self) -> Report {
        self.sla.handle(Tick::default(), &run()).await.expect("a sweep")
    }

    /// The time moves on by a minute and the timer's function runs, that many times.
    pub async fn minutes(&self, count: usize) {
        for _ in 0..count {
            self.pass(SignedDuration::from_mins(1));
            self.sweep().await;
        }
    }

    /// The lead as stored.
    pub async fn lead(&self, id: LeadId) -> Lead {
        self.services.table().lead(id).await.expect("the table").expect("the lead")
    }

    /// Words of every decision about a lead: `accept by ana`.
    pub async fn story(&self, id: LeadId) -> Vec<String> {
        let told = self.services.table().story(id).await.expect("the table");
        told.history.iter().map(|line| format!("{} by {}", line.command, line.by)).collect()
    }

    /// What was measured since the last time this was asked: `Activities 1`, `Mqls score 1`.
    pub fn measured(&self) -> Vec<String> {
        let told = |line: Value| {
            let name = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"];
            let name = name.as_str().expect("a metric has a name");
            let path = line["Path"].as_str().map(|path| format!(" {path}")).unwrap_or_default();
            format!("{name}{path} {}", line[name])
        };
        self.metrics.take().into_iter().map(told).collect()
    }

    /// Asks the table's engine past the wire: an operation of DynamoDB, and its body.
    pub fn ask(&self, operation: &str, body: &Value) -> Value {
        let (status, answer) = self.store.ask(operation, &body.to_string());
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).expect("JSON")
    }

    /// From now on the table's indexes show it as it was so long ago: at most two minutes. For a
    /// harness nothing has happened in yet, or whose indexes lag already.
    pub fn lag(&self, behind: SignedDuration) {
        self.store.lag(behind);
    }

    /// What `baton fsck` would find in the table now, a line each, past the wire: nothing, in any
    /// world of ours.
    pub fn findings(&self) -> Vec<String> {
        self.has_looked.store(true, Ordering::Relaxed);
        let past = Wire::to(Service::Table(Arc::clone(&self.store)));
        let table = clients(&past, &self.out).table();
        let settings = self.services.settings();
        let (rules, now) = (settings.rules(), settings.clock.now());
        // A test's own runtime can't be waited for from within, as a drop would have to.
        let checked = thread::scope(|scope| {
            let check = async { Fsck(&table).check(Some(&rules), now).await };
            let looking = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(check)
            });
            looking.join().expect("a check").expect("the table")
        });
        world::told(&checked)
    }

    /// When the harness is dropped, nobody looks what is wrong with its table: it was filled behind
    /// Baton's back, or the test has a stricter look at it.
    pub fn is_looked_at(&self) {
        self.has_looked.store(true, Ordering::Relaxed);
    }

    /// The codes of what it would find.
    pub fn codes(&self) -> Vec<String> {
        let code = |line: &String| line.split(' ').next().unwrap_or_default().to_owned();
        self.findings().iter().map(code).collect()
    }

    /// Everything in the table, by key, past the wire.
    pub async fn dump(&self) -> BTreeMap<String, Value> {
        self.store.dump()
    }
}

impl Drop for TestHarness {
    /// Whatever was played, it leaves a table in which nothing is wrong; a test that wants it
    /// otherwise has looked, and said what is.
    fn drop(&mut self) {
        if !self.has_looked.load(Ordering::Relaxed) && !thread::panicking() {
            assert_eq!(self.findings(), [""; 0]);
        }
    }
}

fn names() -> Names {
    Names {
        table: "baton".to_owned(),
        bus: "baton".to_owned(),
        topic_prefix: "arn:aws:sns:us-east-1:000000000000:baton-".to_owned(),
    }
}

fn clients(table: &Wire, out: &Wire) -> Aws {
    Aws::over(names(), Network { table: table.clone(), out: out.clone() })
}

/// The sample policy with another roster.
pub fn rules_with(people: &str) -> Rules {
    Rules::read(("sample policy", policy::SAMPLE), ("a test's roster", people))
        .expect("a good roster")
}

/// The sample roster, changed: what stands in it replaced by something else.
pub fn sample_roster(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(roster::SAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the sample roster has no {from}");
        text.replace(from, to)
    })
}

/// The id of every request that a test does not send over HTTP.
pub fn request() -> Correlation {
    Correlation::parse("JKJaXmPLvHcESHA=").expect("an id of the gateway's form")
}

/// The id of every run of the timer.
pub fn run() -> Correlation {
    Correlation::parse("c6af9ac6-7b61-11e6-9a41-93e8deadbeef").expect("an id of Lambda's form")
}

/// Something that somebody did now, told by the trade show.
pub fn activity(id: &str, kind: &str, email: &str, country: &str) -> Activity {
    let at: Timestamp = START.parse().expect("a time");
    let said = [("country", country)].map(|(k, v)| (k.to_owned(), Scalar::Text(v.to_owned())));
    Activity {
        source: SourceName::parse("tradeshow").expect("a name"),
        id: SourceId::parse(id).expect("an id"),
        kind: ActivityType::parse(kind).expect("a type"),
        occurred_at: at,
        who: Identity::parse(&format!("email:{email}")).expect("an address"),
        person_id: None,
        fingerprint: Fingerprint::of(&Value::from([id, kind, email, country].as_slice())),
        profile: Said::from(said),
        data: Value::Null,
    }
}
