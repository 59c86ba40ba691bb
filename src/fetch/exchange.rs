//! One request and its answer, the body straight to the spool folder.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;
use url::Url;

use super::client::redirect;
use super::egress;
use super::fault::{FaultCode, FetchFault};
use super::headers;
use super::known::Validators;
use super::problem;
use super::spool::{BodyLimits, Spool, Spooled};
use super::time::PollTime;

/// How much of an answer that is no data is read, to explain it and to keep the connection.
const ASIDE: usize = 16 << 10;
const PATIENCE_ASIDE: Duration = Duration::from_millis(500);

/// One thing to be fetched.
pub(super) struct Ask<'a> {
    pub url: &'a Url,
    pub hosts: &'a [String],
    /// Of the copy that we have, if a 304 is welcome.
    pub validators: Option<&'a Validators>,
    pub accept: &'static str,
    pub limits: BodyLimits,
    pub spool: &'a Path,
    pub time: PollTime,
}

/// What the server had to say, where it is no fault.
#[derive(Debug)]
pub(super) enum Answer {
    NotModified,
    /// 404 or 410.
    Missing,
    Later {
        not_before: Timestamp,
        why: String,
    },
    Body(Box<Got>),
}

/// A body in the spool folder and what came with it.
#[derive(Debug)]
pub(super) struct Got {
    pub spooled: Spooled,
    pub validators: Validators,
    pub file_name: String,
}

/// How one request, one hop of a redirect, ended.
pub(super) enum Hop {
    Answer(Answer),
    To(Url),
    Status { code: StatusCode, asked: Option<Duration>, what: String },
}

/// Asks once and takes what comes; follows nothing and tries nothing again.
pub(super) async fn exchange(http: &reqwest::Client, ask: &Ask<'_>, url: &Url) -> Result<Hop, FetchFault> {
    let mut request = http.get(url.clone()).header(ACCEPT, ask.accept).header(ACCEPT_ENCODING, "gzip");
    if let Some(validators) = ask.validators {
        request = request.headers(headers::conditional(validators));
    }
    let response = request.send().await.map_err(|error| transport(&error))?;
    let code = response.status();
    if code == StatusCode::OK {
        return receive(response, url, ask).await.map(|got| Hop::Answer(Answer::Body(Box::new(got))));
    }
    if code == StatusCode::NOT_MODIFIED && ask.validators.is_some() {
        return Ok(Hop::Answer(Answer::NotModified));
    }
    let target = headers::text(response.headers(), LOCATION);
    let asked = headers::asked_to_wait(response.headers(), ask.time.now());
    let json = headers::is_json(response.headers());
    let body = aside(response).await;
    match code.as_u16() {
        301 | 302 | 303 | 307 | 308 => {
            let target = target.ok_or_else(|| redirect(format!("a {code} without a Location")))?;
            let next = url.join(&target).map_err(|error| redirect(format!("a redirect to what is no URL: {error}")))?;
            Ok(Hop::To(next))
        }
        404 | 410 => Ok(Hop::Answer(Answer::Missing)),
        204 => Err(FetchFault::new(FaultCode::EmptyBody, "the server answered 204, no content")),
        _ => Ok(Hop::Status { code, asked, what: if json { problem::describe(&body) } else { String::new() } }),
    }
}

/// Streams the body to the spool folder.
async fn receive(response: Response, url: &Url, ask: &Ask<'_>) -> Result<Got, FetchFault> {
    let answer = response.headers();
    let content_type = headers::text(answer, CONTENT_TYPE);
    // a chunked body has its own end, and a length beside it means nothing
    let length = headers::text(answer, CONTENT_LENGTH).filter(|_| !answer.contains_key(TRANSFER_ENCODING));
    let announced: Option<u64> = length.and_then(|length| length.parse().ok());
    if let Some(length) = announced.filter(|length| *length > ask.limits.wire) {
        let what = format!("the body is announced as {length} bytes, and {} are permitted", ask.limits.wire);
        return Err(FetchFault::new(FaultCode::TooLarge, what));
    }
    let mut spool = Spool::create(ask.spool, headers::text(answer, CONTENT_ENCODING).as_deref(), ask.limits)?;
    let (validators, file_name) = (headers::validators(answer), headers::file_name(answer, url));
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| broken_off(&error, spool.wire(), announced))?;
        spool.write(&part)?;
    }
    if let Some(length) = announced.filter(|length| *length != spool.wire()) {
        return Err(FetchFault::new(FaultCode::Truncated, format!("{} bytes came of {length} announced", spool.wire())));
    }
    Ok(Got { spooled: spool.finish(content_type.as_deref())?, validators, file_name })
}

fn broken_off(error: &reqwest::Error, wire: u64, announced: Option<u64>) -> FetchFault {
    if error.is_timeout() {
        return FetchFault::new(FaultCode::Timeout, format!("nothing more came after {wire} bytes"));
    }
    let of = announced.map(|length| format!(" of {length} announced")).unwrap_or_default();
    FetchFault::new(FaultCode::Truncated, format!("the body broke off after {wire} bytes{of}"))
}

/// The beginning of a body that is no data; what is slow is not waited for, the status says enough.
async fn aside(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let mut parts = response.bytes_stream();
    let read = async {
        while let Some(Ok(part)) = parts.next().await {
            body.extend_from_slice(&part[..part.len().min(ASIDE - body.len())]);
            if body.len() >= ASIDE {
                break;
            }
        }
    };
    let _ = timeout(PATIENCE_ASIDE, read).await;
    body
}

fn transport(error: &reqwest::Error) -> FetchFault {
    if let Some(refused) = egress::refusal(error) {
        return refused.into();
    }
    let code = if error.is_timeout() { FaultCode::Timeout } else { FaultCode::Transport };
    FetchFault::new(code, chain(error))
}

/// The causes of an error, outermost first; the URL stands in the fault already.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let part = error.to_string();
        if !text.ends_with(&part) {
            text = if text.is_empty() { part } else { format!("{text}: {part}") };
        }
        cause = error.source();
    }
    if text.is_empty() { "the request failed".to_owned() } else { text }
}
