//! A receiver of webhooks that a partner might run: it believes only what is signed, is now and
//! then out of order, and can say afterwards whether everything came, once, and in order.
//!
//! Signatures are checked by its own few lines (Standard Webhooks 1.0, `v1`), not by the sender's
//! code. Whether a timestamp is recent is not checked: the demo's clock stands where it puts it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// When the receiver pretends to be unwell. Counting starts at the first request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moods {
    /// Every so many requests one is answered 500.
    pub error_every: u32,
    /// Every so many requests one is answered 503 with `Retry-After: 1`.
    pub busy_every: u32,
    /// After so many bad answers it stays well.
    pub at_most: u32,
}

impl Default for Moods {
    fn default() -> Moods {
        Moods { error_every: 7, busy_every: 19, at_most: 6 }
    }
}

impl Moods {
    /// Never unwell.
    pub const WELL: Moods = Moods { error_every: 0, busy_every: 0, at_most: 0 };
}

/// What has come so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub requests: u32,
    /// Requests whose signature fits none of its secrets, or that are no alert.
    pub refused: u32,
    /// Requests answered badly on purpose.
    pub unwell: u32,
    /// Ids that were accepted, each counted once.
    pub received: BTreeSet<String>,
    /// Ids that came again after they had been accepted.
    pub repeated: Vec<String>,
    /// (URN, sequence, the larger sequence that had come before).
    pub out_of_order: Vec<(String, u64, u64)>,
}

impl Report {
    /// What is wrong with it, if these ids are what was logged: nothing may be lost, repeated or
    /// out of order. For runs in which nobody crashes.
    pub fn check(&self, logged: &BTreeSet<String>) -> Vec<String> {
        let mut differences = Vec::new();
        let mut say = |n: usize, what: &str| {
            if n > 0 {
                differences.push(format!("receiver: {n} {what}"));
            }
        };
        say(logged.difference(&self.received).count(), "alerts of the log never came");
        say(self.received.difference(logged).count(), "alerts came that are not in the log");
        say(self.repeated.len(), "alerts came again after they had been accepted");
        say(self.out_of_order.len(), "alerts came after a later one about the same school");
        say(self.refused as usize, "requests were not signed as agreed");
        differences
    }
}

/// A running receiver; it stops when dropped.
#[derive(Debug)]
pub struct Receiver {
    desk: Arc<Desk>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Desk {
    secret: Vec<u8>,
    moods: Moods,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    report: Report,
    last: BTreeMap<String, u64>,
}

impl Receiver {
    /// Listens on a free port of 127.0.0.1 for `POST /alerts`.
    ///
    /// # Errors
    /// If the secret is not `whsec_` and base64, or no port can be had.
    pub async fn start(secret: &str, moods: Moods) -> std::io::Result<Receiver> {
        let key = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
        let key = key.ok_or_else(|| std::io::Error::other("the secret of a webhook is `whsec_` and base64"))?;
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk { secret: key, moods, seen: Mutex::default() });
        let app = Router::new().route("/alerts", post(receive)).with_state(desk.clone());
        #[expect(clippy::disallowed_methods, reason = "the receiver plays the world outside and ends with the demonstration")]
        let server = tokio::spawn(async move {
            // ends only with the listener
            let _ = axum::serve(listener, app).await;
        });
        Ok(Receiver { desk, address, server })
    }

    /// Where alerts are to be sent.
    pub fn url(&self) -> String {
        format!("http://{}/alerts", self.address)
    }

    pub fn report(&self) -> Report {
        self.desk.seen().report.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Desk {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    let genuine = is_genuine(&desk.secret, id, timestamp, header("webhook-signature"), &body);
    let mut seen = desk.seen();
    seen.report.requests += 1;
    let alert = genuine.then(|| read(&body)).flatten();
    let Some((urn, sequence)) = alert else {
        seen.report.refused += 1;
        return (StatusCode::UNAUTHORIZED, "no signature fits").into_response();
    };
    if let Some(answer) = desk.moods.answer(seen.report.requests, seen.report.unwell) {
        seen.report.unwell += 1;
        return answer;
    }
    if !seen.report.received.insert(id.to_owned()) {
        seen.report.repeated.push(id.to_owned());
        return StatusCode::NO_CONTENT.into_response();
    }
    let last = seen.last.entry(urn.clone()).or_insert(0);
    let before = *last;
    *last = before.max(sequence);
    if sequence <= before {
        seen.report.out_of_order.push((urn, sequence, before));
    }
    StatusCode::NO_CONTENT.into_response()
}

impl Moods {
    fn answer(self, request: u32, unwell: u32) -> Option<Response> {
        let falls_on = |every: u32| every > 0 && request.is_multiple_of(every);
        if unwell >= self.at_most {
            None
        } else if falls_on(self.busy_every) {
            Some((StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")], "busy").into_response())
        } else if falls_on(self.error_every) {
            Some((StatusCode::INTERNAL_SERVER_ERROR, "something went wrong").into_response())
        } else {
            None
        }
    }
}

fn is_genuine(secret: &[u8], id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> bool {
    if id.is_empty() || timestamp.parse::<i64>().is_err() {
        return false;
    }
    signatures.split(' ').filter_map(|part| part.strip_prefix("v1,")).any(|signature| {
        let (Ok(signature), Ok(mut mac)) = (STANDARD.decode(signature), Hmac::<Sha256>::new_from_slice(secret)) else {
            return false;
        };
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        mac.verify_slice(&signature).is_ok()
    })
}

/// Subject and sequence of an alert.
fn read(body: &[u8]) -> Option<(String, u64)> {
    let alert: Value = serde_json::from_slice(body).ok()?;
    Some((alert.get("subject")?.as_str()?.to_owned(), alert.get("sequence")?.as_str()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    async fn send(receiver: &Receiver, id: &str, urn: u32, sequence: u64) -> String {
        let body = format!(r#"{{"id":"{id}","subject":"{urn}","sequence":"{sequence:020}"}}"#);
        let key = STANDARD.decode(&SECRET[6..]).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.1700000000.{body}").as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        post(receiver, id, &format!("v1,AAAA v1,{signature}"), &body).await
    }

    async fn post(receiver: &Receiver, id: &str, signature: &str, body: &str) -> String {
        let mut socket = tokio::net::TcpStream::connect(receiver.address).await.unwrap();
        let request = format!(
            "POST /alerts HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\nwebhook-id: {id}\r\n\
             webhook-timestamp: 1700000000\r\nwebhook-signature: {signature}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer.to_ascii_lowercase()
    }

    #[test]
    fn the_published_example_of_a_signature_is_believed() {
        let key = STANDARD.decode(&SECRET[6..]).unwrap();
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", br#"{"test": 2432232314}"#);
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert!(is_genuine(&key, id, "1614265330", signature, body));
        assert!(!is_genuine(&key, id, "1614265331", signature, body));
    }

    #[tokio::test]
    async fn repeats_disorder_and_forgeries_are_told_apart() {
        let receiver = Receiver::start(SECRET, Moods::WELL).await.unwrap();
        for (id, urn, sequence) in [("a", 900_001, 1), ("b", 900_001, 3), ("b", 900_001, 3), ("c", 900_002, 2), ("d", 900_001, 2)]
        {
            assert!(send(&receiver, id, urn, sequence).await.starts_with("http/1.1 204"));
        }
        assert!(post(&receiver, "e", "v1,AAAA", "{}").await.starts_with("http/1.1 401"));
        let report = receiver.report();
        assert_eq!((report.requests, report.refused, report.received.len()), (6, 1, 4));
        assert_eq!(report.repeated, ["b"]);
        assert_eq!(report.out_of_order, [("900001".to_owned(), 2, 3)]);
        let logged = ["a", "b", "c", "f"].map(str::to_owned).into();
        // f is lost, d is not in the log, b came twice, d came late, e was forged
        assert_eq!(report.check(&logged).len(), 5);
    }

    #[tokio::test]
    async fn bad_moods_come_by_plan_and_pass() {
        let receiver = Receiver::start(SECRET, Moods { error_every: 2, busy_every: 3, at_most: 3 }).await.unwrap();
        let mut answers = Vec::new();
        for n in 1..=8 {
            answers.push(send(&receiver, &n.to_string(), 900_001, n).await);
        }
        let statuses: Vec<&str> = answers.iter().map(|answer| &answer[9..12]).collect();
        assert_eq!(statuses, ["204", "500", "503", "500", "204", "204", "204", "204"]);
        assert!(answers[2].contains("retry-after: 1"));
        assert_eq!(receiver.report().unwell, 3);
    }
}
