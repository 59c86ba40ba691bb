//! Invariant I7 under random failures and random deaths of the dispatcher.

use std::collections::BTreeMap;
use std::time::Duration;

use headwater::deliver::dispatch::Policy;
use headwater::deliver::webhook::Sender;
use headwater::deliver::{Dispatcher, Ledger, Secret};
use headwater::fetch::egress::{Egress, Guard};
use headwater::runtime::{Clock, Stop};
use headwater::store::deliveries;

use crate::support::folder::SECRET;
use crate::support::{Folder, Receiver, Reply};

/// The dispatcher is dropped at random instants, as if the process had died, and made anew: every
/// alert arrives, under its own id only, in order for each school; the sum balances at each look.
#[tokio::test]
async fn logged_is_delivered_plus_pending_plus_dead_whenever_it_dies() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..6 {
        let fates: Vec<u8> = (0..97).map(|_| random.u8(..5)).collect();
        let receiver = Receiver::start(move |received| match fates[received.before % fates.len()] {
            0 => Reply::Status(500),
            1 => Reply::RetryAfter(429, "3".into()),
            _ => Reply::Status(200),
        })
        .await;
        let folder = Folder::new();
        let clock = Clock::fixed("2027-03-01T09:00:00Z".parse().unwrap());
        let sender = Sender::new(Guard::new(Egress::LoopbackForDemo), Duration::from_secs(5)).unwrap();
        let policy = Policy { at_once: 3, schedule: vec![Duration::from_secs(5); 40] };
        let (mut logged, mut deaths) = (0, 0);
        let sum = |folder: &Folder| {
            let Some(sum) = deliveries::accounting(&folder.open(), "board").unwrap() else { return (0, 0) };
            assert!(sum.balances(), "seed {seed}: {sum:?}");
            (sum.delivered, sum.pending + sum.dead + sum.ahead)
        };
        for turn in 0.. {
            assert!(turn < 3000, "seed {seed}: never done");
            if logged < 40 {
                let urns: Vec<u32> = (0..random.usize(0..8)).map(|_| 900_000 + random.u32(0..6)).collect();
                folder.log(&urns);
                logged += urns.len() as i64;
            }
            let (subscription, secrets) = (folder.subscription(&receiver.url), vec![Secret::parse(SECRET).unwrap()]);
            let dispatcher = Dispatcher::new(subscription, secrets, sender.clone(), policy.clone(), Ledger::new(folder.open()));
            let life = Duration::from_micros(random.u64(0..30_000));
            deaths += u32::from(tokio::time::timeout(life, dispatcher.once(&clock, &Stop::new())).await.is_err());
            clock.advance(Duration::from_secs(3));
            let (delivered, owed) = sum(&folder);
            if logged >= 40 && delivered == logged && owed == 0 {
                break;
            }
        }
        let mut by_school: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        let mut seen: BTreeMap<i64, String> = BTreeMap::new();
        for received in receiver.received() {
            by_school.entry(received.urn).or_default().push(received.seq);
            assert_eq!(*seen.entry(received.seq).or_insert(received.id.clone()), received.id, "seed {seed}");
        }
        assert_eq!(seen.len() as i64, logged, "seed {seed}: lost");
        // a repeat comes before the next alert of its school, never after it
        assert!(by_school.values().all(|seqs| seqs.is_sorted()), "seed {seed}: {by_school:?}");
        println!("{logged} alerts, {} requests, {deaths} deaths", receiver.received().len());
    }
}
