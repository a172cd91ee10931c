//! `baton serve`: the whole stack behind HTTP, until Ctrl-C.

mod args;
mod gateway;
mod local_routes;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use baton_core::id::SourceName;
use baton_engine::{Rules, Secrets};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock_choice::ClockChoice;
use crate::exit::CliResult;
use crate::local::Store;
use crate::local_stack::{LocalStack, Plan};
use crate::{check, secrets_file};

pub use args::ServeArgs;

/// How often the timer's function runs, as on AWS.
const TICK_EVERY: Duration = Duration::from_secs(60);

/// How long requests under way have to end once we are asked to stop.
const STOP_WITHIN: Duration = Duration::from_secs(3);

/// What is logged unless `RUST_LOG` says otherwise. The embedded database warns of every condition
/// that does not hold, which is how duplicates are found.
const LOG: &str = "warn,dynoxide=error";

/// Another process answers on the address.
#[derive(Debug, thiserror::Error)]
#[error("can't answer on {address}; is another baton running? give another --listen address")]
struct AddressInUse {
    address: SocketAddr,
    source: io::Error,
}

/// A source's webhooks could not be verified.
#[derive(Debug, thiserror::Error)]
#[error(
    "the policy's source {name} proves itself by a secret, and {} has none; \
     'baton source secret {name}' makes one and says where it goes", file.display()
)]
struct NoSecret {
    name: SourceName,
    file: PathBuf,
}

/// Runs until Ctrl-C or a termination signal.
pub(crate) fn run(args: &ServeArgs, out: &mut impl Write) -> CliResult {
    log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args, out))
}

async fn serve(args: &ServeArgs, out: &mut impl Write) -> CliResult {
    let rules = check::rules(args.policy.as_deref(), args.roster.as_deref())?;
    let secrets_file = args.secrets.clone().unwrap_or_else(|| args.data.join("secrets.toml"));
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|source| AddressInUse { address: args.listen, source })?;
    let address = listener.local_addr()?;
    let store = if args.memory { Store::Memory } else { Store::Folder(args.data.clone()) };
    let (secrets, made) = secrets_file::read_or_make(&secrets_file, &rules.sources)?;
    every_source_has_a_secret(&rules, &secrets, &secrets_file)?;
    let folder = (!args.memory).then_some(args.data.as_path());
    let clock = ClockChoice::resolve(args.clock, folder).open();
    let base_url = args.url.clone().unwrap_or_else(|| format!("http://{address}"));
    let plan = Plan { store, rules, secrets, clock, base_url, sns: None };
    let stack = Arc::new(LocalStack::open(plan).await?);
    let asked_to_stop = asked_to_stop()?;
    write_banner(args, address, &secrets_file, made, &stack, out)?;

    stack.tick().await?;
    let ticking =
        (!stack.has_manual_clock()).then(|| tokio::spawn(tick_every_minute(Arc::clone(&stack))));
    let app = router(Arc::clone(&stack), address.ip().is_loopback());
    answer_until(asked_to_stop, listener, app).await?;
    if let Some(ticking) = ticking {
        ticking.abort();
    }
    writeln!(out, "Stopped.")?;
    Ok(())
}

fn every_source_has_a_secret(
    rules: &Rules,
    secrets: &Secrets,
    file: &Path,
) -> Result<(), NoSecret> {
    match secrets.lacking(&rules.sources).first() {
        Some(&name) => Err(NoSecret { name: name.clone(), file: file.to_owned() }),
        None => Ok(()),
    }
}

/// The routes: `/local` on loopback only, everything else to the functions.
pub fn router(stack: Arc<LocalStack>, is_loopback: bool) -> Router {
    let mut app = Router::new();
    if is_loopback {
        app = app
            .route("/local/inbox", get(local_routes::inbox))
            .route("/local/events", get(local_routes::events))
            .route("/local/clock", post(local_routes::clock).get(local_routes::time));
    }
    app.fallback(gateway::handle).with_state(stack)
}

async fn tick_every_minute(stack: Arc<LocalStack>) {
    let mut minute = tokio::time::interval(TICK_EVERY);
    minute.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    minute.tick().await;
    loop {
        minute.tick().await;
        // The function logs its failures, and the next run tries again.
        let _ = stack.tick().await;
    }
}

fn write_banner(
    args: &ServeArgs,
    address: SocketAddr,
    secrets: &Path,
    made: bool,
    stack: &LocalStack,
    out: &mut impl Write,
) -> io::Result<()> {
    let verb = if made { "made with fresh keys" } else { "read" };
    let kept = if args.memory { "in memory".to_owned() } else { args.data.display().to_string() };
    writeln!(out, "Baton answers on http://{address}")?;
    writeln!(out, "  data     {kept}")?;
    writeln!(out, "  secrets  {} ({verb})", secrets.display())?;
    if stack.has_manual_clock() {
        let now = stack.now();
        writeln!(
            out,
            "  clock    stands at {now}; POST /local/clock {{\"advance\":\"1h\"}} moves it"
        )?;
        if args.clock.is_none() {
            writeln!(out, "           as when its data was left; --clock system goes by today's")?;
        }
    }
    writeln!(out, "Ctrl-C stops it.")?;
    out.flush()
}

/// Answers until asked to stop. Requests under way then have [`STOP_WITHIN`] to end: a caller who
/// never ends a request keeps nobody waiting.
async fn answer_until(
    asked_to_stop: impl Future<Output = ()> + Send + 'static,
    listener: TcpListener,
    app: Router,
) -> io::Result<()> {
    let (stop, stopping) = oneshot::channel();
    let asked = async {
        asked_to_stop.await;
        let _ = stop.send(());
    };
    let grace_over = async {
        match stopping.await {
            Ok(()) => tokio::time::sleep(STOP_WITHIN).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = axum::serve(listener, app).with_graceful_shutdown(asked) => ended,
        () = grace_over => Ok(()),
    }
}

/// Ends at a signal to stop. Signals are caught from this call on: one that comes before the
/// first request must not kill the process.
#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    })
}

#[cfg(not(unix))]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Logs to standard error, a line an event; `RUST_LOG` chooses how much.
fn log_to_stderr() {
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::prelude::*;
    let chosen = std::env::var("RUST_LOG").ok().and_then(|text| text.parse().ok());
    let filter: Targets = chosen.unwrap_or_else(|| LOG.parse().expect("it is a filter"));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_filter(filter);
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
