//! Who stands outside of the blast radius: receivers of webhooks, and a reader of the stream.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::life::Address;
use crate::stream::Reader;
use crate::support::{Receiver, Reply, folder::SECRET};

/// Receivers; each has a subscription of its own.
pub const RECEIVERS: usize = 4;

pub struct Witnesses {
    pub receivers: Vec<Receiver>,
    forged: Arc<AtomicUsize>,
    /// Data of the events seen, by sequence as it came.
    pub seen: Arc<Mutex<Vec<(i64, String)>>>,
    pub connections: Arc<AtomicUsize>,
    pub address: Address,
}

impl Witnesses {
    pub async fn start() -> Witnesses {
        let forged = Arc::new(AtomicUsize::new(0));
        let mut receivers = Vec::new();
        for number in 0..RECEIVERS as u64 {
            let count = forged.clone();
            let receiver = Receiver::start(move |received| {
                count.fetch_add(usize::from(!received.genuine(Timestamp::now())), Ordering::Relaxed);
                // slow enough that kills fall between the request and the commit of its answer
                let late = Duration::from_millis(number * 20 + received.before as u64 * 17 % 61);
                // and unwell now and then: the school's next alert has to wait for this one
                Reply::Late(late, if number == 0 && received.before % 40 == 11 { 500 } else { 204 })
            });
            receivers.push(receiver.await);
        }
        let witnesses =
            Witnesses { receivers, forged, seen: Arc::default(), connections: Arc::default(), address: Address::default() };
        let (seen, connections, address) = (witnesses.seen.clone(), witnesses.connections.clone(), witnesses.address.clone());
        tokio::spawn(read_stream(seen, connections, address));
        witnesses
    }

    /// The part of the settings that subscribes them.
    pub fn settings(&self) -> String {
        let one = |(number, receiver): (usize, &Receiver)| {
            format!(
                "[[webhook]]\nid = 'board-{number}'\nurl = '{}'\nsecret = '{SECRET}'\nfrom = 'start'\n\
                 filter = {{ about = ['concern', 'register', 'notice'] }}\n",
                receiver.url
            )
        };
        self.receivers.iter().enumerate().map(one).collect()
    }

    /// Sequence of the last event seen.
    pub fn last_seen(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Every alert came to everybody, under its own id only, first arrivals in order for each
    /// school. Returns the number of requests and of repeats.
    pub fn check(&self, ids: &[String], urns: &[u32], bodies: &[String]) -> (usize, usize) {
        assert_eq!(self.forged.load(Ordering::Relaxed), 0, "something came that was not signed as agreed");
        let (mut requests, mut distinct) = (0, 0);
        for receiver in &self.receivers {
            let mut first: BTreeMap<i64, String> = BTreeMap::new();
            let mut schools: BTreeMap<u32, i64> = BTreeMap::new();
            for received in receiver.received() {
                requests += 1;
                let place = usize::try_from(received.seq).unwrap() - 1;
                assert_eq!((Some(&received.id), Some(&received.urn)), (ids.get(place), urns.get(place)), "not what was logged");
                if first.insert(received.seq, received.id.clone()).is_none() {
                    let last = schools.insert(received.urn, received.seq);
                    assert!(last < Some(received.seq), "{}: {} after {last:?}", received.urn, received.seq);
                }
            }
            assert_eq!(first.len(), ids.len(), "an alert never came");
            distinct += first.len();
        }
        let seen = self.seen.lock().unwrap();
        assert!(seen.iter().map(|(seq, _)| *seq).eq(1..=ids.len() as i64), "the stream did not bring each alert once, in order");
        assert!(seen.iter().map(|(_, data)| data).eq(bodies), "the stream says something else than the log");
        (requests, requests - distinct)
    }
}

/// Reads wherever the daemon of the moment serves, and comes back with the last id when it dies.
async fn read_stream(seen: Arc<Mutex<Vec<(i64, String)>>>, connections: Arc<AtomicUsize>, address: Address) {
    headwater::fetch::install_crypto();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut last = "0".to_owned();
    loop {
        let now = address.lock().unwrap().clone();
        let asked = match now {
            Some(address) => {
                client.get(format!("http://{address}/api/v1/alerts/stream")).header("Last-Event-ID", &last).send().await.ok()
            }
            None => None,
        };
        let Some(mut response) = asked else {
            tokio::time::sleep(Duration::from_millis(3)).await;
            continue;
        };
        connections.fetch_add(1, Ordering::Relaxed);
        let mut reader = Reader::default();
        while let Ok(Some(chunk)) = response.chunk().await {
            for event in reader.feed(&chunk) {
                if !event.data.is_empty() {
                    // a reset would be seen as the sequence that it names
                    seen.lock().unwrap().push((event.id.parse().unwrap(), event.data));
                }
                last = event.id;
            }
        }
    }
}
