//! The stop, in two steps: intake first, then everything.

use tokio_util::sync::CancellationToken;

/// Handed to everything that runs. Cloning it gives another handle on the same stop.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    intake: CancellationToken,
    everything: CancellationToken,
}

impl Stop {
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Nothing new is begun; what runs is finished and what was committed is handed on.
    pub fn intake(&self) {
        self.intake.cancel();
    }

    /// The limit has passed, or somebody insists.
    pub fn everything(&self) {
        self.intake.cancel();
        self.everything.cancel();
    }

    pub fn intake_is_stopped(&self) -> bool {
        self.intake.is_cancelled()
    }

    pub fn everything_is_stopped(&self) -> bool {
        self.everything.is_cancelled()
    }

    pub async fn intake_stopped(&self) {
        self.intake.cancelled().await;
    }

    pub async fn everything_stopped(&self) {
        self.everything.cancelled().await;
    }

    /// Wait for SIGTERM or SIGINT and stop the intake; a second signal stops everything. Returns
    /// the name of the first signal, at once after it.
    pub async fn on_signal(&self) -> std::io::Result<&'static str> {
        let mut signals = Signals::listen()?;
        let name = signals.next().await;
        self.intake();
        let stop = self.clone();
        super::tasks::detach("second-signal", async move {
            let name = tokio::select! {
                name = signals.next() => name,
                () = stop.everything_stopped() => return,
            };
            tracing::warn!(signal = name, "a second signal: everything stops now");
            stop.everything();
        });
        Ok(name)
    }
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
