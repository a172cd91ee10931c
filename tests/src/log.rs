//! What is logged on this thread, in the form it has on Lambda.
//!
//! One subscriber serves all tests of a process, and asks each thread who listens there. Were each
//! test to bring its own, tests that run at the same time would miss lines of theirs: whether a
//! line is wanted at all is remembered for the whole process.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use serde_json::Value;
use tracing_subscriber::filter::{DynFilterFn, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Listens until it is dropped, to this thread only: a test's own, with the whole of a [`TestHarness`] on
/// it if its runtime has no other thread.
///
/// [`TestHarness`]: crate::TestHarness
pub struct Log(());

#[derive(Default)]
struct Heard {
    wanted: Targets,
    text: Vec<u8>,
}

thread_local! {
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

struct Here;

impl Write for Here {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.with_borrow_mut(|heard| {
            heard.iter_mut().for_each(|heard| heard.text.extend_from_slice(bytes));
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Listens to what a filter such as `info,baton_cloud=trace` lets through. The form is that of
    /// `baton_cloud::log` under `AWS_LAMBDA_LOG_FORMAT=JSON`.
    pub fn listen(filter: &str) -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(subscribe);
        let wanted = filter.parse().expect("a filter");
        HEARD.set(Some(Heard { wanted, ..Heard::default() }));
        Self(())
    }

    /// Everything so far.
    pub fn text(&self) -> String {
        let text = |heard: &Heard| String::from_utf8_lossy(&heard.text).into_owned();
        HEARD.with_borrow(|heard| heard.as_ref().map(text).unwrap_or_default())
    }

    /// Every line so far, read.
    pub fn lines(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).expect("a line of JSON");
        self.text().lines().map(read).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        HEARD.set(None);
    }
}

fn subscribe() {
    let wanted = DynFilterFn::new(|line, _| {
        HEARD.with_borrow(|heard| {
            let heard = heard.as_ref();
            heard.is_some_and(|heard| heard.wanted.would_enable(line.target(), line.level()))
        })
    });
    let form = tracing_subscriber::fmt::layer().json().with_target(false).without_time();
    tracing_subscriber::registry().with(form.with_writer(|| Here).with_filter(wanted)).init();
}
