//! `/api/v1/alerts/stream`: server-sent events from the durable log.
//!
//! `id` is the alert's sequence, `event` its CloudEvents type, `data` the CloudEvent. A client that
//! comes back with `Last-Event-ID` (or `?after=`) goes on behind it, whatever happened in between:
//! there is no buffer to fall out of. One that names no place gets what comes from now on, and is
//! told its place first, so that it can come back before the first alert too. A place that the log
//! does not have is answered by an event `reset`, after which everything comes from the start.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::read::{self, Entry};
use super::{Web, api};
use crate::runtime::Ear;

/// Alerts in one piece of a stream.
const PIECE: u32 = 32;
/// Pieces kept for other streams: on the day of a release all of them want the same ones.
const KEPT: usize = 16;
/// Told to a client that has just come: come back after two seconds.
const RETRY: &str = "retry: 2000\n\n";

#[derive(Debug, Deserialize)]
pub struct StreamQuery {
    after: Option<String>,
}

struct Following {
    web: Web,
    ear: Ear,
    cursor: i64,
    /// What is sent before the log is read.
    first: Option<String>,
    _place: OwnedSemaphorePermit,
    _open: Open,
}

pub async fn stream(State(web): State<Web>, Query(query): Query<StreamQuery>, headers: HeaderMap) -> Response {
    let Ok(place) = web.streams.clone().try_acquire_owned() else {
        let mut full = api::problem(StatusCode::SERVICE_UNAVAILABLE, "too many streams are open: come back later");
        full.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        return full;
    };
    // before the log is looked at, so that nothing falls between
    let ear = web.options.log_grew.ear();
    let last = match web.readers.read(read::last).await {
        Ok(last) => last,
        Err(error) => return api::failed(&error),
    };
    let named =
        headers.get(HeaderName::from_static("last-event-id")).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let asked = named.filter(|id| !id.is_empty()).or(query.after);
    let (cursor, told) = begin(asked.as_deref(), last);
    let following = Following { web, ear, cursor, first: Some(format!("{RETRY}{told}")), _place: place, _open: Open::new() };
    let pieces = stream::unfold(following, |mut following| async move {
        let piece = following.next().await?;
        Some((Ok::<_, Infallible>(piece), following))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // proxies that collect an answer before they pass it on would collect for ever
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Where a client begins, and the event that tells it so.
fn begin(asked: Option<&str>, last: i64) -> (i64, String) {
    let Some(asked) = asked else { return (last, format!("id: {last}\n\n")) };
    match asked.trim().parse::<i64>() {
        Ok(seq) if (0..=last).contains(&seq) => (seq, format!("id: {seq}\n\n")),
        _ => {
            let data = serde_json::json!({ "reason": "the log has no such place", "first": 1.min(last), "last": last });
            (0, format!("id: 0\nevent: reset\ndata: {data}\n\n"))
        }
    }
}

impl Following {
    /// What comes next; none ends the stream, and the client comes back.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(first.into());
        }
        let (stop, beat) = (self.web.options.stop.clone(), self.web.options.heartbeat);
        if stop.intake_is_stopped() {
            return None;
        }
        if let Some(piece) = self.read().await {
            return Some(piece);
        }
        tokio::select! {
            () = stop.intake_stopped() => return None,
            () = self.ear.nudged() => {}
            () = tokio::time::sleep(beat) => {}
        }
        // a nudge without news breaks the silence too
        Some(self.read().await.unwrap_or_else(|| Bytes::from_static(b": nothing new\n\n")))
    }

    /// The next piece of the log; none when there is nothing. A log that cannot be read is one that
    /// has nothing new: the next look may succeed.
    async fn read(&mut self) -> Option<Bytes> {
        let after = self.cursor;
        let found = match self.web.pieces.get(after) {
            Some(known) => Some(known),
            None => {
                let web = self.web.clone();
                let read = self.web.readers.read(move |db| {
                    // another stream may have read it while this one waited for its turn
                    match web.pieces.get(after) {
                        Some(known) => Ok(Some(known)),
                        None => Ok(web.pieces.keep(after, &read::after(db, after, PIECE)?)),
                    }
                });
                read.await.unwrap_or_else(|error| {
                    tracing::error!(error = &error as &dyn std::error::Error, "the log could not be read for a stream");
                    None
                })
            }
        };
        let piece = found?;
        self.cursor = piece.last;
        Some(piece.text)
    }
}

/// Some alerts as they are sent, shared by all streams. The log never changes behind its end, so a
/// piece stays right for ever.
#[derive(Debug, Clone)]
struct Piece {
    after: i64,
    last: i64,
    text: Bytes,
}

/// The pieces last read.
#[derive(Debug, Default)]
pub struct Pieces(Mutex<VecDeque<Piece>>);

impl Pieces {
    fn get(&self, after: i64) -> Option<Piece> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|piece| piece.after == after).cloned()
    }

    fn keep(&self, after: i64, entries: &[Entry]) -> Option<Piece> {
        let last = entries.last()?.seq;
        let mut text = String::new();
        for entry in entries {
            let (kind, body) = (one_line(&entry.kind), one_line(&entry.body));
            // writing into a string cannot fail
            let _ = write!(text, "id: {}\nevent: {kind}\ndata: {body}\n\n", entry.seq);
        }
        let piece = Piece { after, last, text: text.into() };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.after != after);
        kept.push_back(piece.clone());
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Some(piece)
    }
}

/// The format has no place for line ends, and the log should not have any.
fn one_line(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['\r', '\n']) { text.replace(['\r', '\n'], " ").into() } else { text.into() }
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
