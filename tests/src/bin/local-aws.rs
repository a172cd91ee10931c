//! AWS on this machine for processes that are not ours to link: the engine, the bus, the alerts and
//! the secrets, each at an endpoint, until standard input ends.
//!
//!     local-aws FOLDER
//!
//! `FOLDER` holds the secrets, a file each under its own name. The first line on standard output is
//! the endpoints and the table's name; each event that is put is a line after it. Everything is kept
//! in memory.

use std::future::IntoFuture;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Router, serve};
use baton::local::{EmbeddedDynamo, Published, PutEvent, Store, Subscriber, local_aws};
use baton_cloud::{Aws, Names};
use dynoxide::Database;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const TABLE: &str = "baton";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secrets = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: local-aws FOLDER")?);
    let engine = EmbeddedDynamo::open(&Store::Memory)?;
    let names = Names { table: TABLE.to_owned(), bus: String::new(), topic_prefix: String::new() };
    Aws::over(names, engine.http_client()).table().create().await?;
    let messaging = on_a_port(local_aws::router(Arc::new(Printer))).await?;
    say(&json!({
        "table": TABLE,
        "dynamodb": table_on_a_port(engine.database()).await?,
        "eventbridge": messaging,
        "sns": messaging,
        "secrets_manager": on_a_port(secrets_in(secrets)).await?,
    }));
    tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

/// Prints the events; what people are told, nobody here reads.
struct Printer;

impl Subscriber for Printer {
    async fn published(&self, _: Published) {}

    async fn put(&self, _: String, event: PutEvent) {
        say(&event.detail);
    }
}

/// Answers `GetSecretValue` from a folder.
fn secrets_in(folder: PathBuf) -> Router {
    Router::new().route("/", post(secret)).with_state(Arc::new(folder))
}

/// Serves it until the process ends; gives the endpoint.
async fn on_a_port(router: Router) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener, router).into_future());
    Ok(endpoint)
}

async fn table_on_a_port(database: Database) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    Ok(endpoint)
}

async fn secret(folder: State<Arc<PathBuf>>, body: Bytes) -> Result<Json<Value>, StatusCode> {
    let asked: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let name = asked["SecretId"].as_str().filter(|name| !name.contains('/'));
    let file = folder.join(name.ok_or(StatusCode::BAD_REQUEST)?);
    let text = std::fs::read_to_string(file).map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(Json(json!({ "Name": name, "SecretString": text, "VersionId": "1" })))
}

fn say(line: &Value) {
    writeln!(io::stdout(), "{line}").expect("somebody reads");
}
