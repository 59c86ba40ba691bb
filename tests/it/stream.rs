//! The event stream over real sockets that are cut.

use std::time::Duration;

use reqwest::Response;

use crate::support::{Folder, Pages};

/// One event as a client reads it; comments are left out.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub data: String,
}

/// Reads events as browsers do: an event counts when the empty line after it has come.
#[derive(Default)]
pub struct Reader {
    text: Vec<u8>,
    comments: usize,
}

impl Reader {
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.text.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.text.windows(2).position(|pair| pair == b"\n\n") {
            let block = String::from_utf8(self.text.drain(..end + 2).collect()).unwrap();
            let mut event = Event::default();
            for line in block.lines() {
                match line.split_once(':') {
                    Some(("", _)) => self.comments += 1,
                    Some(("id", value)) => event.id = value.trim().to_owned(),
                    Some(("event", value)) => event.kind = value.trim().to_owned(),
                    Some(("data", value)) => event.data.push_str(value.trim()),
                    _ => {}
                }
            }
            if event != Event::default() {
                events.push(event);
            }
        }
        events
    }
}

/// Read until `enough` says so.
async fn read(response: &mut Response, enough: impl Fn(&[Event], &Reader) -> bool) -> Vec<Event> {
    let (mut reader, mut events) = (Reader::default(), Vec::new());
    while !enough(&events, &reader) {
        let chunk = tokio::time::timeout(Duration::from_secs(30), response.chunk()).await.expect("the stream fell silent");
        let Some(chunk) = chunk.unwrap() else { break };
        events.extend(reader.feed(&chunk));
    }
    events
}

async fn open(pages: &Pages, last_event_id: Option<&str>, query: &str) -> Response {
    let mut request = pages.client.get(format!("{}/api/v1/alerts/stream{query}", pages.url));
    if let Some(id) = last_event_id {
        request = request.header("Last-Event-ID", id);
    }
    request.send().await.unwrap()
}

/// Cut after a random number of bytes, come back with the last id seen: each alert once, in order.
#[tokio::test]
async fn a_client_that_is_cut_off_again_and_again_gets_every_alert_once_and_in_order() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = Folder::new();
    let pages = Pages::of(&folder, |_| {}).await;
    folder.log(&[900_001; 30]);
    let (mut last, mut seen, mut cuts, mut logged) = ("0".to_owned(), Vec::new(), 0, 30);
    while seen.len() < 300 {
        let mut response = open(&pages, Some(&last), "").await;
        let (mut left, mut reader) = (random.usize(1..60_000), Reader::default());
        while left > 0 && seen.len() < 300 {
            if logged < 300 && random.u8(..3) == 0 {
                folder.log(&[900_002; 9]);
                logged += 9;
                pages.log_grew.nudge();
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), response.chunk()).await.expect("silent").unwrap().unwrap();
            let taken = chunk.len().min(left);
            left -= taken;
            for event in reader.feed(&chunk[..taken]) {
                last.clone_from(&event.id);
                if !event.data.is_empty() {
                    let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
                    assert_eq!(data["sequence"].as_str().unwrap().parse::<i64>().unwrap().to_string(), event.id);
                    assert_eq!(data["type"], event.kind.as_str());
                    seen.push(event.id.parse::<i64>().unwrap());
                }
            }
        }
        cuts += 1;
    }
    assert_eq!(seen, (1..=300).collect::<Vec<i64>>(), "seed {seed}");
    println!("300 alerts over {cuts} connections");
    assert!(cuts > 5);
}

#[tokio::test]
async fn a_place_that_the_log_does_not_have_is_answered_by_a_reset() {
    let folder = Folder::new();
    folder.log(&[900_001, 900_002]);
    let pages = Pages::of(&folder, |_| {}).await;
    for place in ["3", "-1", "abc", "99999999999999999999999"] {
        let mut response = open(&pages, Some(place), "").await;
        let events = read(&mut response, |events, _| events.len() == 3).await;
        assert_eq!((events[0].kind.as_str(), events[0].id.as_str()), ("reset", "0"), "{place}");
        assert!(events[0].data.contains(r#""last":2"#), "{:?}", events[0]);
        assert_eq!((events[1].id.as_str(), events[2].id.as_str()), ("1", "2"), "{place}");
    }
    let mut response = open(&pages, None, "?after=9").await;
    assert_eq!(read(&mut response, |events, _| !events.is_empty()).await[0].kind, "reset");
    // the header of a client that comes back outranks the query it was first opened with
    let mut response = open(&pages, Some("1"), "?after=0").await;
    let events = read(&mut response, |events, _| events.len() == 2).await;
    assert_eq!(events[1].id, "2");
}

#[tokio::test]
async fn without_a_place_only_what_is_new_comes_and_silence_is_broken_by_comments() {
    let folder = Folder::new();
    folder.log(&[900_001, 900_002]);
    let pages = Pages::of(&folder, |options| options.heartbeat = Duration::from_millis(5)).await;
    let mut response = open(&pages, None, "").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let events = read(&mut response, |_, reader| reader.comments >= 3).await;
    assert_eq!(events, [Event { id: "2".into(), ..Event::default() }], "its place is told before the first alert");
    folder.log(&[900_003]);
    pages.log_grew.nudge();
    assert_eq!(read(&mut response, |events, _| !events.is_empty()).await[0].id, "3");
}

#[tokio::test]
async fn streams_are_counted_and_end_with_the_stop() {
    let folder = Folder::new();
    let pages = Pages::of(&folder, |options| (options.streams, options.heartbeat) = (1, Duration::from_secs(3600))).await;
    let mut first = open(&pages, None, "").await;
    let second = open(&pages, None, "").await;
    assert_eq!((second.status().as_u16(), second.headers()["retry-after"].to_str().unwrap()), (503, "10"));
    pages.stop.intake();
    read(&mut first, |_, _| false).await;
}
