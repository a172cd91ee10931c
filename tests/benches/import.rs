//! What `baton import` costs beside the store it fills, and what it keeps in mind.
//!
//! Rate: lists of new people through the command, against the same activities as prepared arrays
//! posted by one connection, as the command posts them; both to `serve` with a folder, in turns.
//! Memory: the command's own peak with 10,000 lines and with 100,000. Between them the 10,000
//! again: how fast a list that was imported already goes by.

#[path = "support/measure.rs"]
mod measure;

use std::env;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use baton::import::rows::{Reading, Row, Rows};
use baton_core::id::ActivityType;
use baton_tests::{Process, START, TRADESHOW_KEY, be_baton};
use measure::{median, say, timed, verdict};

/// The command's rate, to that of prepared arrays.
const RATE: f64 = 0.9;
/// The command's peak memory with ten times the lines.
const MEMORY: f64 = 1.2;

/// Lines of one list in a round, and rounds.
const LINES: usize = 1_000;
const ROUNDS: usize = 15;
/// Lines of a short and of a long list.
const SHORT: usize = 10_000;
const LONG: usize = 100_000;

/// What everybody did: points, but nobody qualifies, so that alerts are not what is measured.
const KIND: &str = "webinar.attended";
/// As many as the command puts into one request.
const BATCH: usize = 100;

/// Names this program when it is to be the `baton` command.
const BE_BATON: &str = "be_baton";
/// Where the command's peak memory is to be written.
const PEAK_FILE: &str = "BATON_BENCH_PEAK";

fn main() {
    if be_baton() {
        return write_peak();
    }
    let bench = Bench::start();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|round| bench.round(round)).collect();
    let rates = |of: fn(&(f64, f64)) -> f64| median(rounds.iter().map(of).collect());
    let (imported, posted) = (rates(|round| round.0), rates(|round| round.1));
    say(&format!("imported: {imported:.0} rows/s; prepared arrays: {posted:.0} rows/s"));
    let ratio = median(rounds.iter().map(|(imported, posted)| imported / posted).collect());
    verdict("rows/s of an import, to prepared arrays", ratio, "", RATE..);

    let list = bench.list("short", SHORT);
    let short = bench.import(&list);
    let again = bench.import(&list);
    let faster = short.seconds / again.seconds;
    say(&format!(
        "{SHORT} rows in {:.1} s; again, all on record, in {:.1} s: {faster:.2} times as fast",
        short.seconds, again.seconds
    ));
    let long = bench.import(&bench.list("long", LONG));
    let (seconds, peak) = (long.seconds, long.peak_mb);
    let less = short.peak_mb;
    say(&format!("{LONG} rows in {seconds:.1} s; peak {peak:.1} MB, of {SHORT} {less:.1} MB"));
    verdict("peak memory with 10 times the rows", peak / less, "", ..=MEMORY);
}

/// One run of the command.
struct Run {
    seconds: f64,
    peak_mb: f64,
}

/// A running Baton with a folder, and room for lists.
struct Bench {
    folder: tempfile::TempDir,
    url: String,
    _serve: Process,
}

impl Bench {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = format!("manual:{START}");
        let args = [OsStr::new("--clock"), OsStr::new(&clock)];
        let serve = Process::serve_in(folder.path(), BE_BATON, &args);
        let url = format!("http://{}", serve.address());
        Self { folder, url, _serve: serve }
    }

    /// The same number of new people by either way: rows a second of each.
    fn round(&self, round: usize) -> (f64, f64) {
        let bodies = bodies(&self.list(&format!("posted-{round}"), LINES));
        let imported = self.list(&format!("imported-{round}"), LINES);
        let post = || timed(|| self.post(&bodies)).1.as_secs_f64();
        let import = || self.import(&imported).seconds;
        // Whoever goes second finds a larger store.
        let (posted, imported) = match round % 2 {
            0 => (post(), import()),
            _ => {
                let imported = import();
                (post(), imported)
            }
        };
        (LINES as f64 / imported, LINES as f64 / posted)
    }

    /// A list of people nobody has heard of, as a badge app exports it.
    fn list(&self, name: &str, lines: usize) -> PathBuf {
        let path = self.folder.path().join(format!("{name}.csv"));
        let mut text =
            "Badge;First name;Last name;E-mail;Job title;Company;Country;Scan time\r\n".to_owned();
        for line in 0..lines {
            let (minute, second) = (line / 60 % 60, line % 60);
            write!(
                text,
                "B-{line};Kim;Lee {line};k{line}@{name}.example;Purchasing Manager;\"Acme {name}; \
                 Ltd\";Germany;27.02.2026 10:{minute:02}:{second:02}\r\n"
            )
            .expect("memory");
        }
        fs::write(&path, text).expect("to write");
        path
    }

    fn import(&self, list: &Path) -> Run {
        let peak = self.folder.path().join("peak");
        let args = ["import", utf8(list), "--source", "tradeshow", "--type", KIND, "--url"];
        let args: Vec<&str> = args.into_iter().chain([self.url.as_str()]).collect();
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.arg(BE_BATON).env("BATON_TEST_ARGS", serde_json::json!(args).to_string());
        command.env("BATON_SOURCE_KEY", TRADESHOW_KEY).env(PEAK_FILE, &peak);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let (status, took) = timed(|| command.status().expect("a process"));
        assert!(status.success(), "an import that ends with {status}");
        let kilobytes: f64 = fs::read_to_string(&peak).expect("a peak").parse().expect("a number");
        Run { seconds: took.as_secs_f64(), peak_mb: kilobytes / 1024.0 }
    }

    fn post(&self, bodies: &[Vec<u8>]) {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(120)));
        let agent = ureq::Agent::new_with_config(config.build());
        for body in bodies {
            let post = agent.post(format!("{}/activities", self.url));
            let post = post.header("authorization", format!("Bearer {TRADESHOW_KEY}"));
            let sent = post.content_type("application/json").send(body.as_slice());
            let answer = sent.expect("an answer").body_mut().read_to_string().expect("text");
            assert_eq!(answer.matches("\"scored\"").count(), BATCH, "{answer}");
        }
    }
}

/// The requests that the command would make of a list.
fn bodies(list: &Path) -> Vec<Vec<u8>> {
    let kind = ActivityType::parse(KIND).expect("a type");
    let file = fs::File::open(list).expect("the list");
    let rows: Vec<Row> = Rows::open(file, Reading::of(kind))
        .expect("a list")
        .map(|row| row.expect("a good line"))
        .collect();
    rows.chunks(BATCH).map(|rows| serde_json::to_vec(rows).expect("JSON")).collect()
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Writes down the most memory this process ever had resident, in kB.
fn write_peak() {
    let Ok(file) = env::var(PEAK_FILE) else { return };
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    fs::write(file, peak.trim().trim_end_matches(" kB")).expect("to write");
}
