//! `/api/v1/alerts/stream`: server-sent events from the durable log.
//!
//! `id` is the alert's sequence, `event` its CloudEvents type, `data` the CloudEvent. A client that
//! comes back with `Last-Event-ID` (or `?after=`) goes on behind it, whatever happened in between:
//! there is no buffer to fall out of. One that names no place gets what comes from now on, and is
//! told its place first, so that it can come back before the first alert too. A place that the log
//! does not have is answered by an event `reset`, after which everything comes from the start.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::read::{self, Entry};
use super::{Web, api};
use crate::runtime::Ear;

/// Entries read ahead for one client.
const BATCH: u32 = 100;
/// A client comes back after this.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Debug, Deserialize)]
pub struct StreamQuery {
    after: Option<String>,
}

struct Following {
    web: Web,
    ear: Ear,
    cursor: i64,
    /// Events to be sent before the log is read.
    first: VecDeque<Event>,
    ahead: VecDeque<Entry>,
    _place: OwnedSemaphorePermit,
    _open: Open,
}

pub async fn stream(State(web): State<Web>, Query(query): Query<StreamQuery>, headers: HeaderMap) -> Response {
    let Ok(place) = web.streams.clone().try_acquire_owned() else {
        let mut full = api::problem(StatusCode::SERVICE_UNAVAILABLE, "too many streams are open: come back later");
        full.headers_mut().insert(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("10"));
        return full;
    };
    // before the log is looked at, so that nothing falls between
    let ear = web.options.log_grew.ear();
    let last = match web.readers.read(read::last).await {
        Ok(last) => last,
        Err(error) => return api::failed(&error),
    };
    let header =
        headers.get(HeaderName::from_static("last-event-id")).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let asked = header.filter(|id| !id.is_empty()).or(query.after);
    let (cursor, event) = begin(asked.as_deref(), last);
    let first = VecDeque::from([Event::default().retry(RETRY), event]);
    let following = Following { web, ear, cursor, first, ahead: VecDeque::new(), _place: place, _open: Open::new() };
    let events = stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    let mut response = Sse::new(events).into_response();
    // proxies that collect an answer before they pass it on would collect for ever
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), axum::http::HeaderValue::from_static("no"));
    response
}

/// Where a client begins, and the event that tells it so.
fn begin(asked: Option<&str>, last: i64) -> (i64, Event) {
    let Some(asked) = asked else { return (last, Event::default().id(last.to_string())) };
    match asked.trim().parse::<i64>() {
        Ok(seq) if (0..=last).contains(&seq) => (seq, Event::default().id(seq.to_string())),
        _ => {
            let data = serde_json::json!({ "reason": "the log has no such place", "first": 1.min(last), "last": last });
            (0, Event::default().event("reset").id("0").data(data.to_string()))
        }
    }
}

impl Following {
    /// The next event; none ends the stream, and the client comes back.
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.first.pop_front() {
            return Some(event);
        }
        if self.web.options.stop.intake_is_stopped() {
            return None;
        }
        if self.ahead.is_empty() && !self.read().await {
            let (stop, beat) = (self.web.options.stop.clone(), self.web.options.heartbeat);
            tokio::select! {
                () = stop.intake_stopped() => return None,
                () = self.ear.nudged() => {}
                () = tokio::time::sleep(beat) => {}
            }
            if !self.read().await {
                return Some(Event::default().comment("nothing new"));
            }
        }
        let entry = self.ahead.pop_front()?;
        self.cursor = entry.seq;
        Some(Event::default().id(entry.seq.to_string()).event(one_line(entry.kind)).data(one_line(entry.body)))
    }

    /// Read on; false when there is nothing. A log that cannot be read is one that has nothing new:
    /// the next look may succeed.
    async fn read(&mut self) -> bool {
        let cursor = self.cursor;
        match self.web.readers.read(move |db| read::after(db, cursor, BATCH)).await {
            Ok(entries) => self.ahead = entries.into(),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the log could not be read for a stream"),
        }
        !self.ahead.is_empty()
    }
}

/// The format has no place for line ends, and the log should not have any.
fn one_line(text: String) -> String {
    if text.contains(['\r', '\n']) { text.replace(['\r', '\n'], " ") } else { text }
}

/// Counts open streams for the metrics.
struct Open;

impl Open {
    fn new() -> Open {
        metrics::gauge!("headwater_streams").increment(1.0);
        Open
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("headwater_streams").decrement(1.0);
    }
}
