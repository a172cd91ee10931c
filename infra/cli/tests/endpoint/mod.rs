//! The embedded database behind a port, for commands that ask a deployment's table over the wire.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use baton::local::EmbeddedDynamo;

/// Serves it until the process ends; gives the URL.
pub fn serve(dynamo: &EmbeddedDynamo) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let database = dynamo.database();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            dynoxide::server::serve_on(listener, database).await;
        });
    });
    url
}
