//! Supervised tasks: started, restarted, watched and stopped in one place.

use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use super::clock::after;
use super::task::{Again, Kind, Task};
use super::{Clock, Statuses, Stop};

/// Given to a run: signs of life, the time, and whether to hurry.
#[derive(Debug, Clone)]
pub struct Run {
    name: Arc<str>,
    statuses: Statuses,
    pub clock: Clock,
    pub stop: Stop,
}

impl Run {
    /// A sign of life within a long run.
    pub fn beat(&self) {
        let now = self.clock.now();
        self.statuses.update(&self.name, |status| status.running = Some(now));
    }
}

/// All tasks of one daemon.
#[derive(Debug)]
pub struct Tasks {
    clock: Clock,
    stop: Stop,
    statuses: Statuses,
    intake: Vec<(String, JoinHandle<()>)>,
    drain: Vec<(String, JoinHandle<()>)>,
    /// Set when every task of intake has ended.
    drained: Stop,
}

impl Tasks {
    pub fn new(clock: Clock, stop: Stop) -> Tasks {
        let (intake, drain) = (Vec::new(), Vec::new());
        Tasks { clock, stop, statuses: Statuses::default(), intake, drain, drained: Stop::new() }
    }

    pub fn statuses(&self) -> Statuses {
        self.statuses.clone()
    }

    /// Run `work` whenever the task is due. An error is recorded and logged; a panic too, and the
    /// next run waits longer each time it happens in a row, up to about four minutes.
    pub fn spawn<W, F, E>(&mut self, task: Task, work: W)
    where
        W: Fn(Run) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Again, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let run = Run {
            name: task.name.as_str().into(),
            statuses: self.statuses.clone(),
            clock: self.clock.clone(),
            stop: self.stop.clone(),
        };
        let list = if task.kind == Kind::Intake { &mut self.intake } else { &mut self.drain };
        let (name, drained) = (task.name.clone(), self.drained.clone());
        self.statuses.update(&name, |status| status.within = task.within);
        #[expect(clippy::disallowed_methods, reason = "here every task gets its supervisor")]
        let handle = tokio::spawn(supervise(task, run, drained, work));
        list.push((name, handle));
    }

    /// Run something that goes on until the stop, such as a server. If it ends earlier, that is
    /// recorded as its error and the intake is stopped: half a daemon helps nobody.
    pub fn serve<F, E>(&mut self, name: impl Into<String>, work: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let name = name.into();
        let (statuses, clock, stop) = (self.statuses.clone(), self.clock.clone(), self.stop.clone());
        statuses.update(&name, |status| {
            (status.runs, status.last_start, status.within) = (1, Some(clock.now()), Duration::MAX);
        });
        let known = name.clone();
        #[expect(clippy::disallowed_methods, reason = "a service is watched: its end and its panic are told")]
        let handle = tokio::spawn(async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await;
            let error = match ended {
                Ok(Ok(())) if stop.intake_is_stopped() => None,
                Ok(Ok(())) => Some("ended before it was asked to".to_owned()),
                Ok(Err(error)) => Some(error.to_string()),
                Err(panic) => Some(format!("panicked: {}", said(panic.as_ref()))),
            };
            if let Some(error) = &error {
                tracing::error!(task = name, error, "a service has ended; everything stops");
                stop.intake();
            }
            let now = clock.now();
            statuses.update(&name, |status| (status.last_error, status.ended) = (error.map(|error| (now, error)), true));
        });
        self.drain.push((known, handle));
    }

    /// After the intake was stopped: wait for the runs that are going on, let the draining tasks run
    /// once more, and end everything after `limit`. Returns the names of tasks that had not ended.
    pub async fn finish(mut self, limit: Duration) -> Vec<String> {
        let deadline = tokio::time::Instant::now() + limit;
        let cut = |deadline| async move { tokio::time::sleep_until(deadline).await };
        let stop = self.stop.clone();
        tokio::select! {
            () = ended(&mut self.intake) => {}
            () = cut(deadline) => {}
            () = stop.everything_stopped() => {}
        }
        self.drained.intake();
        tokio::select! {
            () = ended(&mut self.drain) => {}
            () = cut(deadline) => {}
            () = stop.everything_stopped() => {}
        }
        self.stop.everything();
        // what watches the stop gets a moment to let go of what it holds
        let moment = tokio::time::Instant::now() + Duration::from_secs(2);
        let _ = tokio::time::timeout_at(moment, async {
            ended(&mut self.intake).await;
            ended(&mut self.drain).await;
        })
        .await;
        let left = self.intake.iter().chain(&self.drain).filter(|(_, handle)| !handle.is_finished());
        let left: Vec<String> = left.map(|(name, _)| name.clone()).collect();
        self.intake.iter().chain(&self.drain).for_each(|(_, handle)| handle.abort());
        left
    }
}

/// Wait for every task of the list; those that ended leave it.
async fn ended(list: &mut Vec<(String, JoinHandle<()>)>) {
    while let Some((_, handle)) = list.last_mut() {
        let _ = handle.await;
        list.pop();
    }
}

async fn supervise<W, F, E>(mut task: Task, run: Run, drained: Stop, work: W)
where
    W: Fn(Run) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Again, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let (mut again, mut first) = (Again::AsPlanned, true);
    loop {
        let due = task.due(run.clock.now(), again, first);
        run.statuses.update(&run.name, |status| status.due = due);
        let last = wait(&mut task, &run, &drained, due).await;
        if last && (task.kind == Kind::Intake || run.stop.everything_is_stopped()) {
            break;
        }
        again = once(&run, &work).await;
        first = false;
        if last {
            break;
        }
    }
    run.statuses.update(&run.name, |status| (status.ended, status.due) = (true, None));
}

/// Wait until the task is due or nudged; true when it is being stopped.
async fn wait(task: &mut Task, run: &Run, drained: &Stop, due: Option<Timestamp>) -> bool {
    let kind = task.kind;
    let time = async {
        match due {
            Some(due) => run.clock.sleep_until(due).await,
            None => std::future::pending().await,
        }
    };
    let nudge = async {
        match &mut task.nudge {
            Some(ear) => ear.nudged().await,
            None => std::future::pending().await,
        }
    };
    let stopped = async {
        match kind {
            Kind::Intake => run.stop.intake_stopped().await,
            Kind::Drain => drained.intake_stopped().await,
        }
    };
    tokio::select! {
        biased;
        () = run.stop.everything_stopped() => true,
        () = stopped => true,
        () = nudge => false,
        () = time => false,
    }
}

/// One run, its outcome recorded.
async fn once<W, F, E>(run: &Run, work: &W) -> Again
where
    W: Fn(Run) -> F + Sync,
    F: Future<Output = Result<Again, E>> + Send + 'static,
    E: Display,
{
    let start = run.clock.now();
    run.statuses.update(&run.name, |status| {
        (status.last_start, status.running, status.due) = (Some(start), Some(start), None);
        status.runs += 1;
    });
    let outcome = AssertUnwindSafe(async { work(run.clone()).await }).catch_unwind().await;
    let now = run.clock.now();
    let (mut again, mut restart) = (Again::AsPlanned, None);
    run.statuses.update(&run.name, |status| {
        status.running = None;
        match outcome {
            Ok(Ok(wish)) => {
                again = wish;
                (status.last_ok, status.panics_in_a_row) = (Some(now), 0);
            }
            Ok(Err(error)) => {
                let error = error.to_string();
                tracing::warn!(task = %run.name, error, "a run failed");
                (status.last_error, status.panics_in_a_row) = (Some((now, error)), 0);
            }
            Err(panic) => {
                let what = said(panic.as_ref());
                tracing::error!(task = %run.name, panic = what, "a run panicked; it will be started again");
                status.panics_in_a_row = status.panics_in_a_row.saturating_add(1);
                status.last_error = Some((now, format!("panicked: {what}")));
                let pause = Duration::from_secs(1 << status.panics_in_a_row.min(8));
                status.due = Some(after(now, pause));
                restart = status.due;
            }
        }
    });
    metrics::counter!("headwater_task_runs_total", "task" => run.name.to_string()).increment(1);
    if let Some(when) = restart {
        // neither an interval nor a nudge shortens the pause after a panic
        tokio::select! {
            () = run.clock.sleep_until(when) => {}
            () = run.stop.intake_stopped() => {}
        }
        again = Again::Now;
    }
    again
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").chars().take(200).collect()
}

/// Something short that nobody waits for. It ends with the runtime.
pub fn detach(name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
    #[expect(clippy::disallowed_methods, reason = "a panic in it is caught and logged")]
    tokio::spawn(async move {
        if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
            tracing::error!(task = name, panic = said(panic.as_ref()), "panicked");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::Nudge;
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn tasks() -> (Tasks, Clock, Stop) {
        let (clock, stop) = (Clock::fixed("2027-01-01T00:00:00Z".parse().unwrap()), Stop::new());
        (Tasks::new(clock.clone(), stop.clone()), clock, stop)
    }

    /// Wait until the condition holds; the limit is only there to fail.
    async fn until(what: &str, condition: impl Fn() -> bool) {
        for _ in 0..20_000 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("never: {what}");
    }

    #[tokio::test]
    async fn a_task_runs_on_its_interval_and_when_nudged_and_says_how_it_went() {
        let (mut tasks, clock, stop) = tasks();
        let (nudge, runs) = (Nudge::new(), Arc::new(AtomicU32::new(0)));
        let count = runs.clone();
        tasks.spawn(Task::intake("poll").every(Duration::from_secs(60)).when(&nudge), move |_| {
            let n = count.fetch_add(1, Ordering::SeqCst) + 1;
            async move { if n == 2 { Err("publisher away") } else { Ok(Again::AsPlanned) } }
        });
        until("due", || tasks.statuses().read()["poll"].due.is_some()).await;
        assert_eq!(runs.load(Ordering::SeqCst), 0);
        clock.advance(Duration::from_secs(60));
        until("first run", || tasks.statuses().read()["poll"].last_ok.is_some()).await;
        nudge.nudge();
        until("second run", || tasks.statuses().read()["poll"].last_error.is_some()).await;
        let status = tasks.statuses().read()["poll"].clone();
        assert_eq!((status.runs, status.last_error.unwrap().1.as_str()), (2, "publisher away"));
        stop.intake();
        assert!(tasks.finish(Duration::from_secs(5)).await.is_empty());
    }

    #[tokio::test]
    async fn a_panic_is_caught_and_the_task_starts_again_later() {
        let (mut tasks, clock, stop) = tasks();
        let runs = Arc::new(AtomicU32::new(0));
        let count = runs.clone();
        tasks.spawn(Task::intake("fragile").at_once().every(Duration::from_millis(1)), move |_| {
            let n = count.fetch_add(1, Ordering::SeqCst);
            async move { if n == 0 { panic!("on purpose") } else { Ok::<_, String>(Again::AsPlanned) } }
        });
        let status = || tasks.statuses().read()["fragile"].clone();
        until("panic", || status().panics_in_a_row == 1).await;
        clock.advance(Duration::from_secs(1));
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        until("run again", || {
            clock.advance(Duration::from_secs(1));
            status().last_ok.is_some()
        })
        .await;
        assert_eq!(status().panics_in_a_row, 0);
        assert!(status().last_error.unwrap().1.contains("on purpose"));
        stop.intake();
        assert!(tasks.finish(Duration::from_secs(5)).await.is_empty());
    }

    #[tokio::test]
    async fn the_stop_finishes_the_run_going_on_then_drains_once_more() {
        let (mut tasks, _, stop) = tasks();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (release, started) = (Nudge::new(), Nudge::new());
        let mut started_ear = started.ear();
        let (gate, begun, seen) = (release.clone(), started.clone(), order.clone());
        tasks.spawn(Task::intake("ingest").at_once(), move |_| {
            let (mut gate, begun, seen) = (gate.ear(), begun.clone(), seen.clone());
            async move {
                begun.nudge();
                gate.nudged().await;
                seen.lock().unwrap().push("committed");
                Ok::<_, String>(Again::Now)
            }
        });
        let seen = order.clone();
        tasks.spawn(Task::drain("deliver"), move |run| {
            let seen = seen.clone();
            async move {
                seen.lock().unwrap().push(if run.stop.intake_is_stopped() { "drained" } else { "delivered" });
                Ok::<_, String>(Again::AsPlanned)
            }
        });
        started_ear.nudged().await;
        until("first delivery", || tasks.statuses().read()["deliver"].last_ok.is_some()).await;
        stop.intake();
        release.nudge();
        assert!(tasks.finish(Duration::from_secs(20)).await.is_empty());
        assert_eq!(*order.lock().unwrap(), ["delivered", "committed", "drained"]);
    }

    #[tokio::test]
    async fn a_service_that_ends_early_stops_the_rest() {
        let (mut tasks, _, stop) = tasks();
        let waits = stop.clone();
        tasks.serve("pages", async move {
            waits.intake_stopped().await;
            Ok::<_, String>(())
        });
        tasks.serve("broken", async { Err("the address is taken") });
        stop.intake_stopped().await;
        let statuses = tasks.statuses();
        assert!(tasks.finish(Duration::from_secs(20)).await.is_empty());
        let table = statuses.read();
        assert_eq!(table["broken"].last_error.as_ref().unwrap().1, "the address is taken");
        assert_eq!(table["pages"].last_error, None);
    }

    #[tokio::test]
    async fn what_does_not_end_within_the_limit_is_named() {
        let (mut tasks, _, stop) = tasks();
        let begun = Nudge::new();
        let mut started = begun.ear();
        tasks.spawn(Task::intake("deaf").at_once(), move |_| {
            begun.nudge();
            async { std::future::pending::<Result<Again, String>>().await }
        });
        started.nudged().await;
        stop.intake();
        assert_eq!(tasks.finish(Duration::from_millis(20)).await, ["deaf"]);
    }
}
