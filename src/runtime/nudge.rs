//! Telling others that there may be something to do.

use std::sync::Arc;

use tokio::sync::watch;

/// "There may be something to do." It carries no data, and any number before the next look are one.
/// Everybody with an [`Ear`] hears it. Cloning gives another handle on the same nudge.
#[derive(Debug, Clone, Default)]
pub struct Nudge(Arc<watch::Sender<()>>);

impl Nudge {
    pub fn new() -> Nudge {
        Nudge::default()
    }

    pub fn nudge(&self) {
        self.0.send_replace(());
    }

    /// Hears every nudge from now on.
    pub fn ear(&self) -> Ear {
        Ear(self.0.subscribe())
    }
}

/// Listens for nudges.
#[derive(Debug, Clone)]
pub struct Ear(watch::Receiver<()>);

impl Ear {
    /// Returns when nudged, or at once if that happened since the last time.
    pub async fn nudged(&mut self) {
        if self.0.changed().await.is_err() {
            // nobody is left who could nudge
            std::future::pending::<()>().await;
        }
    }
}
