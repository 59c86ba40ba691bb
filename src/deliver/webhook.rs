//! One try: a signed POST and the receiver's answer.
//!
//! Redirects are not followed, answers are read up to a limit, and the guard looks at the URL
//! before each try and at every address it resolves to.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use url::Url;

use super::retry::Answer;
use super::{Secret, signing};
use crate::fetch::egress::{EgressRefused, Guard, refusal};
use crate::fetch::retry_after::retry_after;

/// Most bytes of an answer that are read.
const ANSWER_BYTES: usize = 4096;
/// Time for the body of an answer, once the status is there: the status decides.
const ANSWER_TIME: Duration = Duration::from_secs(2);
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Sends webhooks. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Sender {
    client: reqwest::Client,
    guard: Guard,
    timeout: Duration,
}

#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for webhooks could not be made")]
pub struct NoClient(#[source] reqwest::Error);

impl Sender {
    /// `timeout` is for the whole of one try up to the status line; 20 seconds is usual.
    pub fn new(guard: Guard, timeout: Duration) -> Result<Sender, NoClient> {
        crate::fetch::install_crypto();
        #[expect(clippy::disallowed_methods, reason = "the one client for webhooks, with the address guard and its limits")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(guard.resolver()))
            .connect_timeout(CONNECT_TIME.min(timeout))
            .pool_max_idle_per_host(8)
            .user_agent(concat!("headwater/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoClient)?;
        Ok(Sender { client, guard, timeout })
    }

    /// Whether webhooks may go there at all; to be asked when a subscription is read.
    pub fn check(&self, url: &Url) -> Result<(), EgressRefused> {
        self.guard.check_url(url)
    }

    /// Post `body` under `id`, signed as of `now` by every secret.
    pub async fn send(&self, url: &Url, secrets: &[Secret], id: &str, body: String, now: Timestamp) -> Answer {
        if let Err(refused) = self.guard.check_url(url) {
            return Answer::Unreachable(refused.to_string());
        }
        let seconds = now.as_second();
        let request = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
            .header(signing::ID, id)
            .header(signing::TIMESTAMP, seconds.to_string())
            .header(signing::SIGNATURE, signing::sign(secrets, id, seconds, body.as_bytes()))
            .body(body);
        match tokio::time::timeout(self.timeout, request.send()).await {
            Err(_) => Answer::Failed(format!("no answer within {} s", self.timeout.as_secs_f32())),
            Ok(Err(error)) if error.is_connect() => Answer::Unreachable(why(&error)),
            Ok(Err(error)) => Answer::Failed(why(&error)),
            Ok(Ok(mut response)) => {
                let code = response.status().as_u16();
                let retry_after = wait_asked(response.headers(), now);
                let said = tokio::time::timeout(ANSWER_TIME.min(self.timeout), beginning(&mut response)).await;
                Answer::Status { code, retry_after, said: said.unwrap_or_default() }
            }
        }
    }
}

fn wait_asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    retry_after(text(RETRY_AFTER)?, text(DATE), now)
}

/// The first bytes of the answer as text, one line.
async fn beginning(response: &mut reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES - bytes.len())]),
            Ok(None) | Err(_) => break,
        }
    }
    String::from_utf8_lossy(&bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// What went wrong, without the URL, which may carry a token.
fn why(error: &reqwest::Error) -> String {
    if let Some(refused) = refusal(error) {
        return refused.to_string();
    }
    let mut text = if error.is_connect() { "cannot connect" } else { "the request failed" }.to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
