//! Tasks, deliveries and pages together, from the first alert to the last signal.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use headwater::deliver::dispatch::Policy;
use headwater::deliver::webhook::Sender;
use headwater::deliver::{Dispatcher, Ledger, Secret};
use headwater::fetch::egress::{Egress, Guard};
use headwater::runtime::{Clock, Nudge, Stop, Task, Tasks};
use headwater::store::deliveries;
use headwater::telemetry::Metrics;
use headwater::web::{self, Options};

use crate::support::folder::{self, SECRET};
use crate::support::{Folder, Receiver, Reply};

#[tokio::test]
async fn an_alert_wakes_its_delivery_and_a_signal_drains_what_is_owed() {
    let folder = Folder::new();
    let receiver = Receiver::start(|r| Reply::Status(if r.before == 1 { 500 } else { 200 })).await;
    let (clock, stop, log_grew) = (Clock::Real, Stop::new(), Nudge::new());
    let mut tasks = Tasks::new(clock.clone(), stop.clone());

    let sender = Sender::new(Guard::new(Egress::LoopbackForDemo), Duration::from_secs(5)).unwrap();
    let (subscription, secrets) = (folder.subscription(&receiver.url), vec![Secret::parse(SECRET).unwrap()]);
    let policy = Policy { schedule: vec![Duration::from_millis(50); 9], ..Policy::default() };
    let dispatcher = Arc::new(Dispatcher::new(subscription, secrets, sender, policy, Ledger::new(folder.open())));
    tasks.spawn(Task::drain("deliver:board").when(&log_grew).every(Duration::from_secs(3600)), move |run| {
        let dispatcher = dispatcher.clone();
        async move { dispatcher.once(&run.clock, &run.stop).await }
    });

    let open: web::Open = |dir| folder::connect(dir).map_err(|error| error.to_string());
    let mut options = Options::new(folder.path().to_owned(), open, 0, clock, stop.clone(), Metrics::install());
    (options.log_grew, options.statuses) = (log_grew.clone(), tasks.statuses());
    let listener = web::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tasks.serve("pages", web::serve(listener, options));

    folder.log(&[900_001, 900_001, 900_002]);
    log_grew.nudge();
    // the second one fails once and is due again by itself
    for _ in 0..2000 {
        let sum = deliveries::accounting(&folder.open(), "board").unwrap();
        if sum.is_some_and(|sum| sum.delivered == 3) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(receiver.seqs().len(), 4);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(format!("{url}/livez")).send().await.unwrap().status(), 200);
    let mut stream = client.get(format!("{url}/api/v1/alerts/stream?after=0")).send().await.unwrap();

    // logged and not nudged: the last run after the signal finds it
    folder.log(&[900_003]);
    let mut signal = pin!(stop.on_signal());
    assert!(tokio::time::timeout(Duration::ZERO, &mut signal).await.is_err());
    let me = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &me]).status().unwrap().success());
    assert_eq!(signal.await.unwrap(), "SIGTERM");
    assert!(tasks.finish(Duration::from_secs(60)).await.is_empty(), "something did not end");
    let sum = deliveries::accounting(&folder.open(), "board").unwrap().unwrap();
    assert!(sum.balances() && sum.delivered == 4 && sum.ahead == 0, "{sum:?}");
    while stream.chunk().await.unwrap().is_some() {}
    assert!(client.get(format!("{url}/livez")).send().await.is_err(), "still listening");
}
