//! `headwater log`: the alert log, one CloudEvent a line.

use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use clap::Args;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::runtime::Runtime;

use super::{Context, Failure, output};
use crate::store::{log, open_connection};

#[derive(Debug, Args)]
pub struct Log {
    /// First sequence to print
    #[arg(long, value_name = "SEQ", default_value_t = 1)]
    from: i64,
    /// Go on printing as alerts come
    #[arg(long)]
    follow: bool,
}

impl Log {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let db = open_connection(&context.data, false)?;
        let mut seq = self.from.max(1) - 1;
        let reader = Reader::new().map_err(anyhow::Error::from)?;
        loop {
            let entries = log::after(&db, seq, 500)?;
            for entry in &entries {
                output::text_line(&entry.body)?;
                seq = entry.seq;
            }
            match (entries.is_empty(), self.follow) {
                (false, _) => {}
                (true, false) => return Ok(()),
                (true, true) if reader.is_gone_after(Duration::from_millis(250)) => return Ok(()),
                (true, true) => {}
            }
        }
    }
}

/// Whoever reads our standard output. While nothing is written, only the system can tell that
/// nobody does any more.
struct Reader {
    runtime: Runtime,
    /// None where it cannot be watched, as a file cannot.
    watched: Option<AsyncFd<OwnedFd>>,
}

impl Reader {
    fn new() -> std::io::Result<Reader> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stdout = std::io::stdout().as_fd().try_clone_to_owned()?;
        let watched = {
            let _entered = runtime.enter();
            #[expect(deprecated, reason = "its successor is unsafe for descriptors that are not owned; this one is")]
            AsyncFd::with_interest(stdout, Interest::ERROR).ok()
        };
        Ok(Reader { runtime, watched })
    }

    /// Waits for so long, less if the reader goes meanwhile.
    fn is_gone_after(&self, pause: Duration) -> bool {
        self.runtime.block_on(async {
            match &self.watched {
                Some(watched) => tokio::time::timeout(pause, watched.ready(Interest::ERROR)).await.is_ok_and(|gone| gone.is_ok()),
                None => {
                    tokio::time::sleep(pause).await;
                    false
                }
            }
        })
    }
}
