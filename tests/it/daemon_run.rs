//! `headwater run` as a process of its own: a publisher on one side, subscribers on the other,
//! signals and restarts between them.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headwater::demo::publisher::Publisher;
use headwater::demo::{Publication, Served};
use headwater::fetch::FetchSpec;
use headwater::telemetry::METRICS;
use jiff::Timestamp;
use serde_json::Value;

use crate::support::folder::SECRET;
use crate::support::program::{Place, copy_folder, publication, repository};
use crate::support::{Receiver, Reply};

const INSPECTIONS: &str = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2019.csv";
const KS4: &str = "2015-2016_england_ks4final.csv";

/// Fails rather than waits for ever; on a busy machine things take their time.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(90), async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

/// A daemon as a process; killed if the test ends before it does.
struct Daemon {
    child: Child,
    said: Arc<Mutex<Vec<Value>>>,
    url: String,
    client: reqwest::Client,
}

impl Daemon {
    async fn start(place: &Place) -> Daemon {
        let mut command = place.command(&["--config", "settings.toml", "run", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, err) = (Arc::new(Mutex::new(Vec::new())), child.stderr.take().unwrap());
        let sink = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line of JSON: {line}"));
                sink.lock().unwrap().push(line);
            }
        });
        headwater::fetch::install_crypto();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut daemon = Daemon { child, said, url: String::new(), client };
        until("the daemon is ready", async || daemon.found("ready").is_some()).await;
        daemon.url = format!("http://{}", daemon.found("ready").unwrap()["address"].as_str().unwrap());
        daemon
    }

    /// The line of its log with this message.
    fn found(&self, message: &str) -> Option<Value> {
        self.said.lock().unwrap().iter().find(|line| line["message"] == message).cloned()
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let response = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// The sum of a metric over all labels that contain `label`; none if it is not there.
    async fn metric(&self, name: &str, label: &str) -> Option<f64> {
        let text = self.get("/metrics").await.1;
        let of = |line: &str| {
            let (series, value) = line.rsplit_once(' ')?;
            let named = series.strip_prefix(name)?;
            (named.is_empty() || named.starts_with('{')).then_some(())?;
            named.contains(label).then(|| value.parse::<f64>().unwrap())
        };
        text.lines().filter_map(of).reduce(|sum, value| sum + value)
    }

    /// Every source was asked, and all that was logged has come to the receiver.
    async fn is_done(&self, sources: &[&str], receiver: &Receiver) -> bool {
        for source in sources {
            let looks = self.metric("headwater_fetches_total", &format!("source=\"{source}\"")).await.unwrap_or(0.0);
            let waiting = self.metric("headwater_fetches_total", &format!("source=\"{source}\",outcome=\"later\"")).await;
            if looks - waiting.unwrap_or(0.0) < 1.0 {
                return false;
            }
        }
        // in this order: what is logged after the sources were asked is all there is
        let logged = self.metric("headwater_log_sequence", "").await.unwrap_or(0.0);
        let told: BTreeSet<i64> = receiver.seqs().into_iter().collect();
        told.len() as f64 >= logged && self.metric("headwater_deliveries_pending", "").await == Some(0.0)
    }

    /// Asks it to stop; its exit code.
    async fn stop(mut self) -> (i32, Vec<Value>) {
        let told = std::process::Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(told.unwrap().success());
        let mut code = None;
        until("it has stopped", async || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        })
        .await;
        let done = |said: &[Value]| said.iter().any(|line| line["message"].as_str().unwrap_or("").starts_with("stopped"));
        until("it has said so", async || done(&self.said.lock().unwrap())).await;
        let said = self.said.lock().unwrap().clone();
        (code.unwrap().code().unwrap_or(-1), said)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Inspections on a page of GOV.UK, key stage 4 in a folder; one subscriber from the start.
struct Setting {
    place: Place,
    publisher: Publisher,
    receiver: Receiver,
}

const SOURCES: [&str; 2] = ["ofsted-inspections", "ks4-performance"];

impl Setting {
    async fn new(drain: u32, script: impl Fn() -> Reply + Send + Sync + 'static) -> Setting {
        let place = Place::new();
        let ks4 = Publication { served: Served::Folder, ..publication(KS4).clone() };
        let all = vec![publication(INSPECTIONS).clone(), ks4];
        let publisher = Publisher::start(all.clone(), &place.path("put-down")).await.unwrap();
        let receiver = Receiver::start(move |_| script()).await;
        for published in &all {
            let id = published.connector;
            let text = std::fs::read_to_string(repository().join(format!("connectors/{id}.toml"))).unwrap();
            place.write(&format!("connectors/{id}.toml"), with_fetch(&text, &publisher.fetch_spec(published)));
        }
        copy_folder(&repository().join("config/schemes"), &place.path("schemes"));
        let url = &receiver.url;
        place.write(
            "settings.toml",
            format!(
                "[files]\nconnectors = \"connectors\"\nschemes = \"schemes\"\n[fetch]\negress = \"loopback-for-demo\"\n\
                 [stop]\ndrain-seconds = {drain}\n[[webhook]]\nid = \"board\"\nurl = \"{url}\"\nsecret = \"{SECRET}\"\nfrom = \"start\"\n"
            ),
        );
        Setting { place, publisher, receiver }
    }

    /// Runs the daemon until everything is taken and delivered, and stops it.
    async fn run_once(&self) -> Vec<Value> {
        let daemon = Daemon::start(&self.place).await;
        until("all is taken and delivered", async || daemon.is_done(&SOURCES, &self.receiver).await).await;
        let (code, said) = daemon.stop().await;
        assert_eq!(code, 0, "{said:#?}");
        said
    }

    fn log(&self) -> Vec<Value> {
        self.place.run("log").ends(0).lines()
    }
}

/// The manifest with another `[fetch]` block, and no schedule.
fn with_fetch(manifest: &str, spec: &FetchSpec) -> String {
    let own = match spec {
        FetchSpec::GovukContent { url, title_has, url_ends, hosts } => {
            format!(
                "kind = \"govuk-content\"\nurl = {url:?}\ntitle-has = {title_has:?}\nurl-ends = {url_ends:?}\nhosts = {hosts:?}\n"
            )
        }
        FetchSpec::Folder { path, files } => format!("kind = \"folder\"\npath = {path:?}\nfiles = {files:?}\n"),
        other => panic!("{other:?}"),
    };
    let start = manifest.find("[fetch]").unwrap();
    let end = start + 1 + manifest[start + 1..].find("\n[").unwrap();
    format!("{}[fetch]\n{own}{}", &manifest[..start], &manifest[end..])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_becomes_an_alert_on_the_stream_and_at_the_webhook_and_a_restart_tells_nobody_again() {
    let setting = Setting::new(20, || Reply::Status(200)).await;
    setting.publisher.publish(2).unwrap();
    let daemon = Daemon::start(&setting.place).await;
    assert_eq!(daemon.get("/livez").await, (200, "ok\n".into()));
    assert_eq!(daemon.get("/readyz").await, (200, "ok\n".into()));
    let mut stream =
        daemon.client.get(format!("{}/api/v1/alerts/stream", daemon.url)).header("last-event-id", "0").send().await.unwrap();
    assert_eq!(stream.status(), 200);
    until("all is taken and delivered", async || daemon.is_done(&SOURCES, &setting.receiver).await).await;

    let logged = setting.log();
    let ids = |events: &[Value]| -> Vec<String> { events.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect() };
    let rules: BTreeSet<&str> = logged.iter().map(|event| event["data"]["rule"]["id"].as_str().unwrap()).collect();
    assert!(rules.contains("ofsted-category") && rules.contains("ks4-floor-2016"), "{rules:?}");
    let mut text = String::new();
    while text.matches("\ndata: {").count() < logged.len() {
        let piece = tokio::time::timeout(Duration::from_secs(60), stream.chunk()).await.expect("the stream is silent");
        text.push_str(std::str::from_utf8(&piece.unwrap().unwrap()).unwrap());
    }
    let streamed: Vec<Value> =
        text.lines().filter_map(|line| line.strip_prefix("data: ")).map(|data| serde_json::from_str(data).unwrap()).collect();
    assert_eq!(streamed, logged);
    let received = setting.receiver.received();
    assert!(received.iter().all(|request| request.genuine(Timestamp::now())));
    let mut told: Vec<String> = received.iter().map(|request| request.id.clone()).collect();
    let mut owed = ids(&logged);
    told.sort();
    owed.sort();
    assert_eq!(told, owed, "each alert once");

    let metrics = daemon.get("/metrics").await.1;
    for metric in METRICS {
        assert!(metrics.contains(&format!("# TYPE {} ", metric.name)), "{} is not in /metrics:\n{metrics}", metric.name);
    }
    assert_eq!(daemon.metric("headwater_alerts_total", "kind=\"raised\"").await, Some(logged.len() as f64));
    assert_eq!(daemon.metric("headwater_log_sequence", "").await, Some(logged.len() as f64));
    assert_eq!(daemon.metric("headwater_streams", "").await, Some(1.0));
    // beside it one may try things, and not do them
    let other = "2015-2016_england_ks2final.csv";
    setting.place.ingest(other, &["--dry-run"]).ends(0).says("accepted");
    setting.place.ingest(other, &[]).ends(74).says("in use by another headwater process");
    let (code, said) = daemon.stop().await;
    assert_eq!(code, 0);
    assert_eq!(said.last().unwrap()["message"], "stopped; nothing is left undone", "{said:#?}");

    // nothing new: nobody hears anything again
    setting.run_once().await;
    assert_eq!((setting.log(), setting.receiver.received().len()), (logged.clone(), logged.len()));
    // files in force that say the same in other words: an act, and no alert
    setting.place.edit("schemes/example-board.toml", "[[rule]]", "# the board met\n[[rule]]");
    setting.run_once().await;
    assert_eq!((setting.log(), setting.receiver.received().len()), (logged.clone(), logged.len()));

    // another threshold: what changes is said to be a change of rule, and nothing else is said
    setting.place.edit("schemes/example-board.toml", "than = -0.5", "than = -1.5");
    setting.place.edit(
        "schemes/example-board.toml",
        "id = \"p8-well-below-average\"\nversion = 1",
        "id = \"p8-well-below-average\"\nversion = 2",
    );
    drop_cases(&setting.place, "p8-well-below-average");
    let said = setting.run_once().await;
    let after = setting.log();
    let new = &after[logged.len()..];
    assert!(said.iter().any(|line| line["alerts"] == new.len() && line["message"].as_str().unwrap().contains("files in force")));
    assert!(!new.is_empty());
    for event in new {
        let data = &event["data"];
        assert_eq!((&data["cause"], &data["rule"]["id"]), (&"rule_change".into(), &"p8-well-below-average".into()), "{event}");
    }
    assert_eq!(setting.receiver.received().len(), after.len());
    setting.place.run("verify").ends(0);
    setting.place.run("replay --into copy").ends(0).says("identical");
}

/// A rule with another threshold has other cases; one that holds whatever the threshold will do.
fn drop_cases(place: &Place, rule: &str) {
    let text = std::fs::read_to_string(place.path("schemes/example-board.toml")).unwrap();
    let start = text.find(&format!("id = \"{rule}\"")).unwrap();
    let end = text[start..].find("\n[[rule]]\n").map_or(text.len(), |at| start + at);
    let (head, cases) = text[start..end].split_once("[[rule.case]]").unwrap();
    let case = cases.split("[[rule.case]]").find(|case| case.contains("expect = \"unknown\"")).unwrap();
    place.write("schemes/example-board.toml", format!("{}{head}[[rule.case]]{case}{}", &text[..start], &text[end..]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_who_never_answers_does_not_hold_up_the_stop_and_is_told_at_the_next_start() {
    let well = Arc::new(Mutex::new(false));
    let mood = well.clone();
    let setting = Setting::new(1, move || if *mood.lock().unwrap() { Reply::Status(200) } else { Reply::Never }).await;
    setting.publisher.publish(1).unwrap();
    let daemon = Daemon::start(&setting.place).await;
    until("the first delivery is under way", async || !setting.receiver.received().is_empty()).await;
    let began = std::time::Instant::now();
    let (code, said) = daemon.stop().await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(code, 0, "{said:#?}");
    let last = said.last().unwrap();
    assert_eq!(last["message"], "stopped; the rest goes on at the next start", "{said:#?}");
    assert!(last["left"].as_str().unwrap().contains("deliveries to board"), "{last}");

    *well.lock().unwrap() = true;
    let before = setting.receiver.received().len();
    let daemon = Daemon::start(&setting.place).await;
    until("all is delivered", async || daemon.is_done(&SOURCES[..1], &setting.receiver).await).await;
    assert_eq!(daemon.stop().await.0, 0);
    let told: BTreeSet<String> = setting.receiver.received()[before..].iter().map(|request| request.id.clone()).collect();
    let logged: BTreeSet<String> = setting.log().iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, logged);
}
