//! The one HTTP client of the process: asks, waits, follows, and spools what comes.

use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode};
use tokio::time::{sleep, timeout};
use url::Url;

use super::egress::{self, Guard};
use super::fault::{FaultCode, FetchFault};
use super::headers;
use super::known::Validators;
use super::options::Options;
use super::polite::Politeness;
use super::problem;
use super::retry::{Attempt, AttemptOutcome, Step, next_step};
use super::spool::{BodyLimits, Spool, Spooled};
use super::time::PollTime;

/// Who we say we are; the contact follows it.
const PRODUCT: &str = concat!("headwater/", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// Redirects followed for one request.
const REDIRECTS: usize = 5;

/// How much of an answer that is no data is read, to explain it and to keep the connection.
const ASIDE: usize = 16 << 10;

/// Cheap to clone: all clones share connections and politeness.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Guard,
    polite: Arc<Politeness>,
    options: Arc<Options>,
}

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
        not_before: jiff::Timestamp,
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
enum Hop {
    Answer(Answer),
    To(Url),
    Status { code: StatusCode, asked: Option<std::time::Duration>, what: String },
}

impl Client {
    /// Fails where the settings cannot be used, for example without any certificate authority.
    pub fn new(options: Options) -> Result<Client, FetchFault> {
        let guard = Guard::new(options.egress);
        let http = super::tls::builder(&options)?
            .user_agent(format!("{PRODUCT} (+{})", options.contact))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(guard.resolver())
            .connect_timeout(options.connect)
            .read_timeout(options.read)
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|error| {
                FetchFault::new(FaultCode::Settings, format!("the HTTP client cannot be set up: {}", chain(&error)))
            })?;
        Ok(Client { http, guard, polite: Arc::new(Politeness::new(options.gap)), options: Arc::new(options) })
    }

    pub fn options(&self) -> &Options {
        &self.options
    }

    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Asks until there is an answer, the attempts are used up, or the poll's time is.
    pub(super) async fn get(&self, ask: &Ask<'_>) -> Result<Answer, FetchFault> {
        let mut attempt = Attempt { number: 1, waited: std::time::Duration::ZERO, left: ask.time.left() };
        loop {
            let (outcome, fault) = match self.follow(ask).await {
                Ok(Hop::Answer(answer)) => return Ok(answer),
                Ok(Hop::Status { code, asked, what }) => {
                    (AttemptOutcome::Status { code: code.as_u16(), asked }, status(code, &what))
                }
                Ok(Hop::To(url)) => return Err(redirect("a redirect was not followed".to_owned()).at_foreign(&url)),
                Err(fault) if fault.code.may_pass() => (AttemptOutcome::Broken, fault),
                Err(fault) => return Err(fault.at(ask.url)),
            };
            attempt.left = ask.time.left();
            match next_step(&self.options.retry, attempt, &outcome, ask.time.now(), fastrand::f64()) {
                Step::Again { wait } => {
                    tracing::debug!(url = %ask.url, attempt = attempt.number, wait_ms = wait.as_millis() as u64, %fault, "trying again");
                    sleep(wait).await;
                    attempt = Attempt { number: attempt.number + 1, waited: wait, left: ask.time.left() };
                }
                Step::Later { not_before, why } => return Ok(Answer::Later { not_before, why }),
                Step::Done | Step::GiveUp => {
                    let tries = if attempt.number > 1 { format!(", {} attempts", attempt.number) } else { String::new() };
                    return Err(FetchFault { what: format!("{}{tries}", fault.what), ..fault }.at(ask.url));
                }
            }
        }
    }

    /// One attempt: the request and the redirects that it leads to, each checked before it is asked.
    async fn follow(&self, ask: &Ask<'_>) -> Result<Hop, FetchFault> {
        let mut url = ask.url.clone();
        self.guard.check_listed(&url, ask.hosts)?;
        let mut seen = vec![url.clone()];
        loop {
            match self.hop(ask, &url).await? {
                Hop::To(next) => {
                    self.guard
                        .check_redirect(&url, &next, ask.hosts)
                        .map_err(|refused| FetchFault::from(refused).at_foreign(&next))?;
                    if seen.contains(&next) {
                        return Err(redirect("redirects go round".to_owned()).at_foreign(&next));
                    }
                    if seen.len() > REDIRECTS {
                        return Err(redirect(format!("more than {REDIRECTS} redirects")));
                    }
                    seen.push(next.clone());
                    url = next;
                }
                other => return Ok(other),
            }
        }
    }

    async fn hop(&self, ask: &Ask<'_>, url: &Url) -> Result<Hop, FetchFault> {
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let late = |doing: &str| FetchFault::new(FaultCode::Timeout, format!("no end in sight while {doing}"));
        // waiting for others at the same host counts against the poll, not against the request
        let Ok(_turn) = timeout(ask.time.left(), self.polite.turn(&host)).await else {
            return Err(late("waiting for other requests to the host"));
        };
        match timeout(self.options.request.min(ask.time.left()), self.exchange(ask, url)).await {
            Ok(done) => done,
            Err(_) => Err(late("receiving the answer")),
        }
    }

    async fn exchange(&self, ask: &Ask<'_>, url: &Url) -> Result<Hop, FetchFault> {
        let mut request = self.http.get(url.clone()).header(ACCEPT, ask.accept).header(ACCEPT_ENCODING, "gzip");
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
}

/// Streams the body to the spool folder.
async fn receive(response: Response, url: &Url, ask: &Ask<'_>) -> Result<Got, FetchFault> {
    let answer = response.headers();
    let content_type = headers::text(answer, CONTENT_TYPE);
    let announced: Option<u64> = headers::text(answer, CONTENT_LENGTH).and_then(|length| length.parse().ok());
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

/// The beginning of a body that is no data.
async fn aside(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(Ok(part)) = parts.next().await {
        body.extend_from_slice(&part[..part.len().min(ASIDE - body.len())]);
        if body.len() >= ASIDE {
            break;
        }
    }
    body
}

fn transport(error: &reqwest::Error) -> FetchFault {
    if let Some(refused) = egress::refusal(error) {
        return refused.into();
    }
    let code = if error.is_timeout() { FaultCode::Timeout } else { FaultCode::Transport };
    FetchFault::new(code, chain(error))
}

fn status(code: StatusCode, what: &str) -> FetchFault {
    let kind = if code.is_server_error() || matches!(code.as_u16(), 408 | 425 | 429) {
        FaultCode::Unavailable
    } else {
        FaultCode::Status
    };
    let what = if what.is_empty() { String::new() } else { format!(": {what}") };
    FetchFault::new(kind, format!("the server answered {code}{what}"))
}

fn redirect(what: String) -> FetchFault {
    FetchFault::new(FaultCode::Redirect, what)
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
