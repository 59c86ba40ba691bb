//! A webhook receiver on a real socket that keeps what it got and answers as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use headwater::deliver::Secret;
use headwater::deliver::signing;
use jiff::Timestamp;

use super::folder::SECRET;

/// One request that came.
#[derive(Debug, Clone)]
pub struct Received {
    pub id: String,
    pub urn: u32,
    pub seq: i64,
    /// Number of requests before it.
    pub before: usize,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    /// As a subscriber checks it.
    pub fn genuine(&self, now: Timestamp) -> bool {
        let header = |name| self.headers[name].to_str().unwrap();
        let secrets = [Secret::parse(SECRET).unwrap()];
        signing::verify(&secrets, &self.id, header(signing::TIMESTAMP), header(signing::SIGNATURE), &self.body, now).is_ok()
    }
}

pub enum Reply {
    Status(u16),
    RetryAfter(u16, String),
    To(String),
    /// Answers that after a while.
    Late(Duration, u16),
    /// No answer within any time limit.
    Never,
}

type Script = dyn Fn(&Received) -> Reply + Send + Sync;

struct Shared {
    script: Box<Script>,
    received: Mutex<Vec<Received>>,
}

#[derive(Clone)]
pub struct Receiver {
    shared: Arc<Shared>,
    pub url: String,
}

impl Receiver {
    pub async fn start(script: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Receiver {
        let shared = Arc::new(Shared { script: Box::new(script), received: Mutex::new(Vec::new()) });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Receiver { shared, url }
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    pub fn seqs(&self) -> Vec<i64> {
        self.received().iter().map(|received| received.seq).collect()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let event: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let number = |name: &str| event[name].as_str().unwrap().parse::<i64>().unwrap();
    let reply = {
        let mut list = shared.received.lock().unwrap();
        let id = headers["webhook-id"].to_str().unwrap().to_owned();
        assert_eq!(id, event["id"].as_str().unwrap());
        let (urn, seq) = (number("subject") as u32, number("sequence"));
        let received = Received { id, urn, seq, before: list.len(), headers, body };
        list.push(received.clone());
        (shared.script)(&received)
    };
    match reply {
        Reply::Status(code) => (StatusCode::from_u16(code).unwrap(), "so be it").into_response(),
        Reply::RetryAfter(code, after) => (StatusCode::from_u16(code).unwrap(), [("retry-after", after)]).into_response(),
        Reply::To(url) => (StatusCode::FOUND, [("location", url)]).into_response(),
        Reply::Late(after, code) => {
            tokio::time::sleep(after).await;
            StatusCode::from_u16(code).unwrap().into_response()
        }
        Reply::Never => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            StatusCode::OK.into_response()
        }
    }
}
