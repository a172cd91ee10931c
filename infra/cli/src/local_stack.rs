//! The whole system in one process: table, bus, alerts and the four functions, wired as on AWS.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use baton_cloud::{Aws, Clock, Error, Metrics, Names, Notifications, Table, correlation};
use baton_core::meeting;
use baton_desk::Desk;
use baton_engine::{
    InForce, Links, PublishError, Publisher, Rules, Secrets, Services, Sessions, Settings,
};
use baton_http::{Payload, Reply};
use baton_route::Route;
use baton_score::Score;
use baton_sla::{Report, Sla, Tick};
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::local::{EmbeddedDynamo, InProcess, OpenError, Store, local_aws};
use crate::local_inbox::{InboxMessage, LocalInbox, PublishedEvent};

/// What a stack is built from.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the table is kept.
    pub store: Store,
    /// The policy and the roster.
    pub rules: Rules,
    /// The keys of sources and of the desk.
    pub secrets: Secrets,
    /// The system's clock, or a manual one.
    pub clock: Clock,
    /// What links in alerts begin with.
    pub base_url: String,
    /// Where SNS's certificates are asked for, when not at Amazon: for rehearsals.
    pub sns: Option<String>,
}

/// Why the stack can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum LocalStackError {
    /// The store can't be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// A file of the data folder can't be used.
    #[error("{} can't be used", file.display())]
    File {
        /// The path of the file.
        file: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
    /// The table can't be made.
    #[error("the table can't be made")]
    Table(#[source] Error),
    /// The policy and the roster can't be put on record.
    #[error("the policy and the roster can't be put on record")]
    Rules(#[source] PublishError),
}

/// The whole system on one machine.
pub struct LocalStack {
    score: Score,
    sla: Sla,
    desk: Desk,
    services: Arc<Services>,
    inbox: Arc<LocalInbox>,
    clock: Clock,
    clock_file: Option<PathBuf>,
    moving: Mutex<()>,
    dynamo: EmbeddedDynamo,
}

/// How the local topics are called, but for the person's id.
const TOPIC_PREFIX: &str = "arn:aws:sns:us-east-1:000000000000:baton-";

impl LocalStack {
    /// Opens the store, starts the local ends, makes the table if needed.
    ///
    /// # Errors
    ///
    /// [`LocalStackError`] says which part can't be used.
    pub async fn open(mut plan: Plan) -> Result<Self, LocalStackError> {
        let dynamo = EmbeddedDynamo::open(&plan.store)?;
        let folder = match &plan.store {
            Store::Folder(folder) => Some(folder.clone()),
            Store::Memory => None,
        };
        let clock_file = folder.as_deref().map(clock_file);
        resume_clock(&plan.clock, clock_file.as_deref())?;
        let inbox = Arc::new(inbox(&plan, folder.as_deref())?);
        let messaging = local_aws::router(Arc::clone(&inbox));
        let aws = Aws::over(names(), InProcess::to(dynamo.clone(), messaging));
        let table = aws.table();
        table.create().await.map_err(LocalStackError::Table)?;
        let published = Publisher(&table).publish_rules(plan.rules.clone(), plan.clock.now()).await;
        plan.rules = published.map_err(LocalStackError::Rules)?;
        let services = Arc::new(services(&plan, &aws));
        inbox.connect(Route::new(Arc::clone(&services)));
        let secrets = Arc::new(plan.secrets);
        Ok(Self {
            score: Score::new(Arc::clone(&services), Arc::clone(&secrets))
                .checking_by(Notifications::asking(plan.sns)),
            sla: Sla::new(Arc::clone(&services)),
            desk: Desk::new(Arc::clone(&services), secrets),
            services,
            inbox,
            clock: plan.clock,
            clock_file,
            moving: Mutex::new(()),
            dynamo,
        })
    }

    /// Answers a request as the gateway would: by the function that owns the route.
    pub async fn http(&self, payload: Payload) -> Reply {
        let path = payload.raw_path.as_deref().unwrap_or_default();
        match path.split('/').nth(1) {
            Some("activities" | "webhooks" | "quarantine" | "health") => {
                self.score.handle(payload).await
            }
            _ => self.desk.handle(payload).await,
        }
    }

    /// Runs the timer's function once.
    ///
    /// # Errors
    ///
    /// When the list of what is due can't be read.
    pub async fn tick(&self) -> Result<Report, Error> {
        let tick = Tick { time: Some(self.clock.now().to_string()) };
        self.sla.handle(tick, &correlation()).await
    }

    /// Moves a manual clock, letting every deadline on the way lapse in its order at its own
    /// moment. Gives the time it is then.
    ///
    /// # Errors
    ///
    /// When the list of what is due can't be read; the clock then stands where it got to.
    pub async fn advance_to(&self, to: Timestamp) -> Result<Timestamp, Error> {
        let _one_at_a_time = self.moving.lock().await;
        let mut next = self.next_due(to).await?;
        while let Some(due) = next {
            self.move_clock(due.min(to));
            let report = self.tick().await?;
            next = self.next_due(to).await?;
            if next == Some(due) && report.lapsed + report.delivered + report.withdrawn == 0 {
                // Nothing can be done about it now; it stays due and is tried again later.
                break;
            }
        }
        self.move_clock(to);
        Ok(self.clock.now())
    }

    /// When the next deadline, delivery or meeting reminder is due.
    async fn next_due(&self, until: Timestamp) -> Result<Option<Timestamp>, Error> {
        let promise = self.services.table().next_due(until).await?;
        let rules = self.services.settings().rules();
        let meeting = meeting::next(&rules.policy, self.clock.now(), until);
        Ok(promise.into_iter().chain(meeting).min())
    }

    /// The time by the stack's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether somebody has to move the clock.
    pub fn has_manual_clock(&self) -> bool {
        self.clock.is_manual()
    }

    /// Alerts that would have gone out, newest last.
    pub fn messages(&self) -> Vec<InboxMessage> {
        self.inbox.messages()
    }

    /// Events published, newest last.
    pub fn events(&self) -> Vec<PublishedEvent> {
        self.inbox.events()
    }

    /// The hand-off itself, for tests and measurements that look behind HTTP.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The embedded database, for measurements that fill it directly.
    pub fn engine(&self) -> &EmbeddedDynamo {
        &self.dynamo
    }

    /// Writes the time down before anything happens at it. After a kill, a clock behind what was
    /// done would hold up everything that depends on it.
    fn move_clock(&self, to: Timestamp) {
        if let Some(file) = &self.clock_file {
            let fresh = file.with_extension("new");
            let written = fs::write(&fresh, to.max(self.clock.now()).to_string());
            if let Err(error) = written.and_then(|()| fs::rename(&fresh, file)) {
                tracing::error!(%error, "the manual clock can't be kept over a restart");
            }
        }
        self.clock.advance_to(to);
    }
}

impl Drop for LocalStack {
    fn drop(&mut self) {
        self.inbox.disconnect();
    }
}

/// Where a manual clock is kept over a restart.
pub(crate) fn clock_file(folder: &Path) -> PathBuf {
    folder.join("clock")
}

/// Moves a manual clock to where it stood before the restart.
pub(crate) fn resume_clock(clock: &Clock, file: Option<&Path>) -> Result<(), LocalStackError> {
    let Some(file) = file.filter(|file| clock.is_manual() && file.exists()) else { return Ok(()) };
    let unusable = |source| LocalStackError::File { file: file.to_owned(), source };
    let text = fs::read_to_string(file).map_err(unusable)?;
    // A file that a crash left half-written is ignored; the clock keeps its given start.
    if let Ok(kept) = text.trim().parse() {
        clock.advance_to(kept);
    }
    Ok(())
}

/// Where a manual clock stood when its data was left.
pub(crate) fn kept_time(file: &Path) -> Option<Timestamp> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn inbox(plan: &Plan, folder: Option<&Path>) -> Result<LocalInbox, LocalStackError> {
    let file = folder.map_or_else(PathBuf::new, |folder| folder.join("inbox.jsonl"));
    LocalInbox::open(plan.clock.clone(), TOPIC_PREFIX.to_owned(), folder)
        .map_err(|source| LocalStackError::File { file, source })
}

fn names() -> Names {
    Names {
        table: "baton".to_owned(),
        bus: "baton".to_owned(),
        topic_prefix: TOPIC_PREFIX.to_owned(),
    }
}

/// The table of an embedded database.
pub(crate) fn table_in(dynamo: &EmbeddedDynamo) -> Table {
    Aws::over(names(), dynamo.http_client()).table()
}

fn services(plan: &Plan, aws: &Aws) -> Services {
    let settings = Settings {
        in_force: InForce::fixed(plan.rules.clone()),
        links: Links::new(plan.secrets.link_key.clone(), &plan.base_url),
        sessions: Sessions::new(&plan.secrets.link_key),
        clock: plan.clock.clone(),
        metrics: Metrics::none(),
    };
    Services::new(aws, settings)
}
