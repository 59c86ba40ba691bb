//! One request at a time to a host, and a minimum gap between two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// When the last request to a host ended.
type LastEnd = Option<Instant>;

/// Whose turn it is, for every host of the process.
#[derive(Debug)]
pub struct Politeness {
    gap: Duration,
    hosts: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<LastEnd>>>>,
}

/// The right to speak to one host; given back when dropped.
#[derive(Debug)]
pub struct Turn {
    last: OwnedMutexGuard<LastEnd>,
}

impl Politeness {
    pub fn new(gap: Duration) -> Politeness {
        Politeness { gap, hosts: Mutex::new(BTreeMap::new()) }
    }

    /// Waits until it is our turn. Turns are given in the order in which they were asked for.
    pub async fn turn(&self, host: &str) -> Turn {
        let host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        let last = host.lock_owned().await;
        if let Some(last) = *last {
            tokio::time::sleep_until(last + self.gap).await;
        }
        Turn { last }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.last = Some(Instant::now());
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test joins its tasks")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_hears_one_request_at_a_time_with_a_gap_and_other_hosts_do_not_wait() {
        let gap = Duration::from_millis(40);
        let polite = Arc::new(Politeness::new(gap));
        let first = polite.turn("a").await;
        let (waiting, polite2) = (Arc::clone(&polite), Arc::clone(&polite));
        let second = tokio::spawn(async move {
            let _turn = waiting.turn("a").await;
            Instant::now()
        });
        let _other = polite2.turn("b").await;
        assert!(!second.is_finished());
        let ended = Instant::now();
        drop(first);
        assert!(second.await.expect("a turn") >= ended + gap);
    }
}
