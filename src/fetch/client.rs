//! The one HTTP client of the process: asks in turn, follows redirects, tries again.

use std::sync::Arc;

use reqwest::StatusCode;
use tokio::time::{sleep, timeout};
use url::Url;

use super::egress::Guard;
use super::exchange::{self, Answer, Ask, Hop};
use super::fault::{FaultCode, FetchFault};
use super::options::Options;
use super::polite::Politeness;
use super::retry::{Attempt, AttemptOutcome, Step, next_step};

/// Who we say we are; the contact follows it.
const PRODUCT: &str = concat!("headwater/", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// Redirects followed for one request.
const REDIRECTS: usize = 5;

/// Cheap to clone: all clones share connections and politeness.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Guard,
    polite: Arc<Politeness>,
    options: Arc<Options>,
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
                FetchFault::new(
                    FaultCode::Settings,
                    format!(
                        "the HTTP client cannot be set up; are the system's ca-certificates installed? {}",
                        exchange::chain(&error)
                    ),
                )
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
        match timeout(self.options.request.min(ask.time.left()), exchange::exchange(&self.http, ask, url)).await {
            Ok(done) => done,
            Err(_) => Err(late("receiving the answer")),
        }
    }
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

pub(super) fn redirect(what: String) -> FetchFault {
    FetchFault::new(FaultCode::Redirect, what)
}
