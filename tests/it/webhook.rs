//! Webhooks against receivers that fail in every way.

use std::time::Duration;

use headwater::deliver::dispatch::Policy;
use headwater::deliver::webhook::Sender;
use headwater::deliver::{Dispatcher, Ledger, Secret};
use headwater::fetch::egress::{Egress, Guard};
use headwater::runtime::{Again, Clock, Stop};
use headwater::store::deliveries::{self, Accounting};

use crate::support::folder::SECRET;
use crate::support::{Folder, Receiver, Reply};

struct Rig {
    folder: Folder,
    clock: Clock,
    dispatcher: Dispatcher,
}

impl Rig {
    fn with(url: &str, egress: Egress, at_once: usize) -> Rig {
        let folder = Folder::new();
        let sender = Sender::new(Guard::new(egress), Duration::from_millis(400)).unwrap();
        let policy = Policy { at_once, ..Policy::default() };
        let (subscription, secrets) = (folder.subscription(url), vec![Secret::parse(SECRET).unwrap()]);
        let dispatcher = Dispatcher::new(subscription, secrets, sender, policy, Ledger::new(folder.open()));
        Rig { folder, clock: Clock::fixed("2027-03-01T09:00:00Z".parse().unwrap()), dispatcher }
    }

    fn to(receiver: &Receiver) -> Rig {
        Rig::with(&receiver.url, Egress::LoopbackForDemo, 1)
    }

    async fn once(&self) -> Again {
        self.dispatcher.once(&self.clock, &Stop::new()).await.unwrap()
    }

    /// Seconds from now until it wants to run again.
    async fn once_then_wait(&self) -> i64 {
        match self.once().await {
            Again::By(at) => at.duration_since(self.clock.now()).as_secs(),
            other => panic!("{other:?}"),
        }
    }

    fn sum(&self) -> Accounting {
        let sum = deliveries::accounting(&self.folder.open(), "board").unwrap().unwrap();
        assert!(sum.balances(), "{sum:?}");
        sum
    }

    fn last_error(&self) -> String {
        let sql = "SELECT last_error FROM delivery WHERE last_error IS NOT NULL ORDER BY seq LIMIT 1";
        self.folder.open().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn alerts_arrive_signed_once_and_in_order() {
    let receiver = Receiver::start(|_| Reply::Status(204)).await;
    let rig = Rig::to(&receiver);
    rig.folder.log(&[900_001, 900_002, 900_001]);
    assert_eq!(rig.once().await, Again::AsPlanned);
    assert_eq!(receiver.seqs(), [1, 2, 3]);
    assert!(receiver.received().iter().all(|received| received.genuine(rig.clock.now())));
    rig.once().await;
    rig.folder.log(&[900_003]);
    rig.once().await;
    assert_eq!(receiver.seqs(), [1, 2, 3, 4]);
    assert_eq!((rig.sum().delivered, rig.sum().ahead), (4, 0));
}

#[tokio::test]
async fn many_alerts_at_once_keep_the_order_of_each_school() {
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    let rig = Rig::with(&receiver.url, Egress::LoopbackForDemo, 16);
    let urns: Vec<u32> = (0..600).map(|n| 900_000 + n * 7 % 23).collect();
    rig.folder.log(&urns);
    let done = tokio::time::timeout(Duration::from_secs(120), rig.once()).await;
    assert_eq!(done.expect("it stands still"), Again::AsPlanned);
    let received = receiver.received();
    assert_eq!((received.len(), rig.sum().delivered), (600, 600));
    for urn in urns {
        assert!(received.iter().filter(|r| r.urn == urn).is_sorted_by_key(|r| r.seq));
    }
}

#[tokio::test]
async fn a_failure_is_tried_again_under_the_same_id_and_holds_up_only_its_school() {
    let receiver = Receiver::start(|r| Reply::Status(if r.before == 0 { 500 } else { 200 })).await;
    let rig = Rig::to(&receiver);
    rig.folder.log(&[900_001, 900_001, 900_002]);
    let wait = rig.once_then_wait().await;
    assert!((4..=6).contains(&wait), "{wait}");
    assert_eq!(receiver.seqs(), [1, 3]);
    rig.clock.advance(Duration::from_secs(2));
    rig.once().await;
    assert_eq!(receiver.seqs(), [1, 3], "tried before it was due");
    rig.clock.advance(Duration::from_secs(5));
    assert_eq!(rig.once().await, Again::AsPlanned);
    assert_eq!(receiver.seqs(), [1, 3, 1, 2]);
    let received = receiver.received();
    assert_eq!(received[0].id, received[2].id);
    assert!(received[2].genuine(rig.clock.now()), "signed again at the time of the second try");
}

#[tokio::test]
async fn retry_after_in_both_forms_is_obeyed_for_the_whole_subscription() {
    for after in ["7200", "Mon, 01 Mar 2027 11:00:00 GMT"] {
        // the server's own Date is of today, so a date is given relative to it by leaving ours out
        let receiver = Receiver::start(move |r| match r.before {
            0 if after == "7200" => Reply::RetryAfter(429, after.into()),
            0 => Reply::RetryAfter(503, later(7200)),
            _ => Reply::Status(200),
        })
        .await;
        let rig = Rig::to(&receiver);
        rig.folder.log(&[900_001, 900_002]);
        let wait = rig.once_then_wait().await;
        assert!((7190..=7200).contains(&wait), "{after}: {wait}");
        for minutes in [1, 10, 60, 48] {
            rig.clock.advance(Duration::from_secs(minutes * 60));
            rig.once().await;
            assert_eq!(receiver.seqs(), [1], "{after}: asked for two hours");
        }
        rig.clock.advance(Duration::from_secs(60 * 60));
        rig.once().await;
        assert_eq!((receiver.seqs().len(), rig.sum().delivered), (3, 2));
    }
}

/// An HTTP date that many seconds after the server's own clock, which writes the Date header.
fn later(seconds: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[tokio::test]
async fn a_receiver_that_is_gone_gets_nothing_more_until_a_person_enables_it() {
    let receiver = Receiver::start(|r| Reply::Status(if r.before == 0 { 410 } else { 200 })).await;
    let rig = Rig::to(&receiver);
    rig.folder.log(&[900_001, 900_002]);
    for _ in 0..3 {
        assert_eq!(rig.once().await, Again::AsPlanned);
        rig.clock.advance(Duration::from_secs(90_000));
    }
    assert_eq!(receiver.seqs(), [1]);
    assert_eq!((rig.sum().pending, rig.sum().dead), (2, 0));
    deliveries::enable(&rig.folder.open(), "board").unwrap();
    rig.once().await;
    assert_eq!(receiver.seqs(), [1, 1, 2]);
}

#[tokio::test]
async fn a_receiver_that_never_answers_for_one_school_does_not_hold_up_the_others() {
    let receiver = Receiver::start(|r| if r.urn == 900_001 { Reply::Never } else { Reply::Status(200) }).await;
    let rig = Rig::with(&receiver.url, Egress::LoopbackForDemo, 2);
    rig.folder.log(&[900_001, 900_002, 900_001, 900_003, 900_004]);
    rig.once_then_wait().await;
    assert_eq!((rig.sum().delivered, rig.sum().pending), (3, 2));
    assert!(rig.last_error().contains("no answer within"), "{}", rig.last_error());
}

#[tokio::test]
async fn an_alert_is_given_up_at_the_end_of_the_schedule_and_can_be_redriven() {
    let receiver = Receiver::start(|r| Reply::Status(if r.before < 10 { 500 } else { 200 })).await;
    let rig = Rig::to(&receiver);
    rig.folder.log(&[900_001]);
    for _ in 0..20 {
        rig.once().await;
        rig.clock.advance(Duration::from_secs(30 * 3600));
    }
    assert_eq!((receiver.seqs().len(), rig.sum().dead), (10, 1));
    deliveries::redrive(&rig.folder.open(), "board", None, rig.clock.now()).unwrap();
    rig.once().await;
    assert_eq!((receiver.seqs().len(), rig.sum().delivered), (11, 1));
}

#[tokio::test]
async fn redirects_refused_connections_and_forbidden_addresses_are_failures() {
    let elsewhere = Receiver::start(|_| Reply::Status(200)).await;
    let target = elsewhere.url.clone();
    let receiver = Receiver::start(move |_| Reply::To(target.clone())).await;
    let rig = Rig::to(&receiver);
    rig.folder.log(&[900_001]);
    rig.once_then_wait().await;
    assert!(rig.last_error().starts_with("302"));

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let rig = Rig::with(&format!("http://{closed}/?token=abc"), Egress::LoopbackForDemo, 1);
    rig.folder.log(&[900_001, 900_002, 900_003]);
    rig.once_then_wait().await;
    let tried: i64 = rig.folder.open().query_row("SELECT sum(attempts) FROM delivery", [], |row| row.get(0)).unwrap();
    assert_eq!((tried, rig.sum().pending), (1, 3), "one alert finds out that nobody listens, not all of them");
    assert!(rig.last_error().contains("refused") && !rig.last_error().contains("abc"), "{}", rig.last_error());

    // by address, and by a name that resolves to it
    for url in [elsewhere.url.clone(), elsewhere.url.replace("127.0.0.1", "localhost")] {
        let rig = Rig::with(&url, Egress::Public, 1);
        rig.folder.log(&[900_001]);
        rig.once_then_wait().await;
        assert!(rig.last_error().contains("loopback"), "{}", rig.last_error());
    }
    assert!(elsewhere.seqs().is_empty(), "something was sent to a place it must not go to");
}
