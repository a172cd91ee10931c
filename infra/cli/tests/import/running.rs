//! A Baton on a free port with a clock that stands, and `baton import` to send it lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use baton::local::Store;
use baton::local_stack::{LocalStack, Plan};
use baton_cloud::Clock;
use baton_core::id::Identity;
use baton_core::lead::Lead;
use baton_engine::{Rules, Secrets};
use http::StatusCode;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const SECRETS: &str = "link_key = \"0123456789abcdef0123456789abcdef\"\n\
                       [desk]\ncurrent = \"desk-key-0123456789\"\n\
                       [sources.tradeshow]\ncurrent = \"tradeshow-key-01234\"\n";

/// A running Baton. Dropping it stops it.
pub(crate) struct Running {
    pub(crate) url: String,
    stack: Arc<LocalStack>,
    faults: Arc<Faults>,
    runtime: Runtime,
}

/// What goes wrong between Baton and whoever asks it.
#[derive(Default)]
pub(crate) struct Faults {
    /// Requests that are answered before anything goes wrong.
    good: AtomicU32,
    /// Requests after that whose answer is lost on the way.
    lost: AtomicU32,
    /// Requests after that which don't arrive.
    shut: AtomicU32,
}

impl Running {
    pub(crate) fn new(store: Store) -> Self {
        let runtime = Runtime::new().unwrap();
        let plan = Plan {
            store,
            rules: Rules::sample(),
            secrets: Secrets::read(SECRETS).unwrap(),
            clock: Clock::manual("2026-03-05T09:00:00Z".parse().unwrap()),
            base_url: "http://baton.example".to_owned(),
            sns: None,
        };
        let stack = Arc::new(runtime.block_on(LocalStack::open(plan)).unwrap());
        let faults = Arc::new(Faults::default());
        let app = baton::serve::router(Arc::clone(&stack), true)
            .layer(middleware::from_fn_with_state(Arc::clone(&faults), break_off));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { url, stack, faults, runtime }
    }

    /// The lead of an identity.
    pub(crate) fn lead(&self, who: &str) -> Option<Lead> {
        let id = Identity::parse(who).unwrap().lead_id();
        self.runtime.block_on(self.stack.services().table().lead(id)).unwrap()
    }

    /// Alerts that went out.
    pub(crate) fn messages(&self) -> usize {
        self.stack.messages().len()
    }

    /// After `good` requests the answer to one is lost; the `shut` ones after it don't arrive.
    pub(crate) fn goes_down(&self, good: u32, shut: u32) {
        self.faults.good.store(good, Ordering::SeqCst);
        self.faults.lost.store(1, Ordering::SeqCst);
        self.faults.shut.store(shut, Ordering::SeqCst);
    }
}

async fn break_off(State(faults): State<Arc<Faults>>, request: Request, next: Next) -> Response {
    let is_one_of = |left: &AtomicU32| {
        let one_less = |n: u32| n.checked_sub(1);
        left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    };
    if is_one_of(&faults.good) {
        return next.run(request).await;
    }
    if is_one_of(&faults.lost) {
        drop(next.run(request).await);
    } else if !is_one_of(&faults.shut) {
        return next.run(request).await;
    }
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response()
}

/// What `baton import` said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) is_success: bool,
}

/// A folder with a list and secrets in it, and `baton import` run there.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new(list: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("baton-data")).unwrap();
        fs::write(folder.path().join("baton-data/secrets.toml"), SECRETS).unwrap();
        fs::write(folder.path().join("list.csv"), list).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Imports the list as booth visits.
    pub(crate) fn import(&self, url: &str) -> Said {
        self.import_with(url, &["--type", "event.booth_visited"], None)
    }

    pub(crate) fn import_with(&self, url: &str, more: &[&str], key: Option<&str>) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        command.current_dir(self.folder.path()).env_clear();
        command.args(["import", "list.csv", "--source", "tradeshow", "--url", url]).args(more);
        if let Some(key) = key {
            command.env("BATON_SOURCE_KEY", key);
        }
        said(command.output().unwrap())
    }
}

/// The folder of a store that outlives the Baton that uses it.
pub(crate) fn folder(parent: &Path) -> Store {
    Store::Folder(parent.join("data"))
}

fn said(output: Output) -> Said {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { out: text(output.stdout), err: text(output.stderr), is_success: output.status.success() }
}
