//! The log of a function: lines on standard output, of which Lambda makes its log.

use tracing_subscriber::filter::LevelFilter;

/// Logs from here on as Lambda asks by its environment: in JSON if `AWS_LAMBDA_LOG_FORMAT` says so,
/// and from the level of `AWS_LAMBDA_LOG_LEVEL` upwards, or else from `INFO`.
///
/// This is what `lambda_runtime`'s own subscriber does, but for filters by module: they are compiled
/// to automata, and what compiles them would be a part of every upload.
pub(crate) fn log() {
    let asked = |name| std::env::var(name).ok();
    let level = asked("AWS_LAMBDA_LOG_LEVEL").and_then(|level| level.parse().ok());
    let level = level.unwrap_or(LevelFilter::INFO);
    // Lambda adds the time.
    let lines = tracing_subscriber::fmt().with_target(false).without_time().with_max_level(level);
    match asked("AWS_LAMBDA_LOG_FORMAT").is_some_and(|form| form.eq_ignore_ascii_case("json")) {
        true => lines.json().init(),
        false => lines.init(),
    }
}
