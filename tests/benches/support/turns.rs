//! Taking turns: what is compared works in rounds, one after the other, in one run.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::measure::now;

/// How long a turn takes.
const ROUND: Duration = Duration::from_secs(2);

/// What takes turns.
pub(crate) trait Worker: Send + Sized + 'static {
    /// Once more.
    fn work(&mut self) -> impl Future<Output = ()> + Send;
}

/// Everyone works until the time is up. Gives them back, and what they did in a second together.
pub(crate) async fn rate<W: Worker>(workers: Vec<W>) -> (Vec<W>, f64) {
    let start = now();
    let mut tasks = JoinSet::new();
    for mut worker in workers {
        tasks.spawn(async move {
            let mut done = 0;
            while start.elapsed() < ROUND {
                worker.work().await;
                done += 1;
            }
            (worker, done)
        });
    }
    let (workers, done): (Vec<W>, Vec<u32>) = tasks.join_all().await.into_iter().unzip();
    let done: u32 = done.into_iter().sum();
    (workers, f64::from(done) / start.elapsed().as_secs_f64())
}
