//! What the integration tests share: a data folder with an alert log, a receiver that does as it
//! is told, and a publisher that misbehaves.

pub mod folder;
pub mod publisher;
pub mod receiver;

pub use folder::Folder;
pub use receiver::{Received, Receiver, Reply};

use std::time::Duration;

/// Wait until the condition holds; the limit is only there to fail.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    let limit = std::time::Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(std::time::Instant::now() < limit, "never: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
