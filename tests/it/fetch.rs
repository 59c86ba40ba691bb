//! Fetching from publishers that behave as the real ones do, and worse.

mod egress;
mod folder;
mod https;
mod kinds;
mod misbehaviour;
mod validators;

use std::time::Duration;

use headwater::fetch::{self, Client, FetchFault, FetchSpec, Known, Options, Polled};
use jiff::Timestamp;

use crate::support::publisher::{Asked, Does, Publisher};

/// Early on a summer's day in England.
const NOW: &str = "2026-07-15T06:00:00Z";

/// A fictional county's register.
const CSV: &[u8] = b"URN,EstablishmentName,LA (code)\n900001,Wexcombe Primary School,990\n900002,Upper Wexcombe School,990\n";

/// A client in a hurry, a publisher, and a spool folder.
struct Desk {
    client: Client,
    publisher: Publisher,
    spool: tempfile::TempDir,
}

/// Short waits between attempts; times that even a busy machine keeps.
fn patient() -> Options {
    let mut options = Options::local();
    options.retry.base = Duration::from_millis(5);
    options.retry.cap = Duration::from_millis(20);
    options
}

/// For what never ends by itself.
fn hurried() -> Options {
    let ms = Duration::from_millis;
    Options { connect: ms(2000), read: ms(300), request: ms(500), ..patient() }
}

impl Desk {
    async fn with(options: Options, handler: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Desk {
        let client = Client::new(options).expect("a client");
        Desk { client, publisher: Publisher::start(handler).await, spool: tempfile::tempdir().expect("a folder") }
    }

    async fn new(handler: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Desk {
        Desk::with(patient(), handler).await
    }

    fn fixed(&self, path: &str) -> FetchSpec {
        FetchSpec::Url { url: self.publisher.url(path), hosts: hosts() }
    }

    async fn poll_at(&self, spec: &FetchSpec, known: &Known, now: &str) -> Result<Polled, FetchFault> {
        let now: Timestamp = now.parse().expect("a timestamp");
        fetch::poll(&self.client, spec, known, now, self.spool.path()).await
    }

    async fn poll(&self, spec: &FetchSpec, known: &Known) -> Result<Polled, FetchFault> {
        self.poll_at(spec, known, NOW).await
    }

    /// Nothing lies in the spool folder that was not handed over.
    fn assert_spool_holds(&self, files: usize) {
        let names: Vec<_> = std::fs::read_dir(self.spool.path()).expect("the folder").collect();
        assert_eq!(names.len(), files, "{names:?}");
    }
}

fn hosts() -> Vec<String> {
    vec!["127.0.0.1".to_owned()]
}

/// The arrivals' bytes, and what is known then.
fn new_files(polled: Result<Polled, FetchFault>) -> (Vec<(fetch::Arrival, Vec<u8>)>, Known) {
    match polled {
        Ok(Polled::New { arrivals, known }) => {
            let with_bytes = |arrival: fetch::Arrival| {
                let bytes = std::fs::read(&arrival.path).expect("the file that arrived");
                assert_eq!(bytes.len() as u64, arrival.bytes);
                (arrival, bytes)
            };
            (arrivals.into_iter().map(with_bytes).collect(), known)
        }
        other => panic!("nothing new: {other:?}"),
    }
}

fn unchanged(polled: Result<Polled, FetchFault>) -> (String, Known) {
    match polled {
        Ok(Polled::Unchanged { why, known }) => (why, known),
        other => panic!("not unchanged: {other:?}"),
    }
}
