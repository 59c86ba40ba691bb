//! One look at one source, by the kind of discovery that its manifest names.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::time::timeout;
use url::Url;

use super::client::Client;
use super::exchange::{Answer, Ask, Got};
use super::fault::{FaultCode, FetchFault};
use super::known::{Arrival, Known, Polled, Validators};
use super::spec::FetchSpec;
use super::spool::BodyLimits;
use super::time::PollTime;
use super::{dated_url, ees, fixed_url, folder, govuk};

/// Looks at the source once. `known` is what the last poll left, `spool` an existing folder for
/// files that arrive. Ends within [`super::Options::poll`], whatever the other side does.
pub async fn poll(client: &Client, spec: &FetchSpec, known: &Known, now: Timestamp, spool: &Path) -> Result<Polled, FetchFault> {
    let total = client.options().poll;
    let look = Look { client, known, spool, time: PollTime::start(now, total) };
    let done = timeout(total, async {
        match spec {
            FetchSpec::DatedUrl { url, walk_back_days, hosts } => dated_url::poll(&look, url, *walk_back_days, hosts).await,
            FetchSpec::GovukContent { url, title_has, url_ends, hosts } => {
                govuk::poll(&look, url, title_has, url_ends, hosts).await
            }
            FetchSpec::EesApi { url, data_set, hosts } => ees::poll(&look, url, data_set, hosts).await,
            FetchSpec::Url { url, hosts } => fixed_url::poll(&look, url, hosts).await,
            FetchSpec::Folder { path, files } => folder::poll(&look, path, files).await,
        }
    })
    .await;
    done.unwrap_or_else(|_| {
        Err(FetchFault::new(FaultCode::Timeout, format!("the poll did not end within {} s", total.as_secs())))
    })
}

/// One poll under way.
pub(super) struct Look<'a> {
    pub client: &'a Client,
    pub known: &'a Known,
    pub spool: &'a Path,
    pub time: PollTime,
}

impl Look<'_> {
    /// The civil day in England.
    pub fn today(&self) -> Date {
        self.day_of(self.time.now())
    }

    /// The day on which an instant falls in England.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(london()).date()
    }

    /// The validators to send for `url`: those of the copy we have, unless they are known to lie
    /// or it is time to look at the whole file again.
    pub fn validators_for(&self, url: &Url) -> Option<&Validators> {
        let known = self.known;
        let fresh = known.seen_whole.is_some_and(|seen| {
            let trust = jiff::SignedDuration::try_from(self.client.options().trust).unwrap_or(jiff::SignedDuration::MAX);
            self.time.now().duration_since(seen) < trust
        });
        let same = known.url.as_deref() == Some(url.as_str());
        (same && fresh && !known.validators_lie && !known.validators.is_empty()).then_some(&known.validators)
    }

    pub async fn file(&self, url: &Url, hosts: &[String], validators: Option<&Validators>) -> Result<Answer, FetchFault> {
        let limits = self.client.options().body;
        self.get(url, hosts, validators, "text/csv, application/octet-stream, */*;q=0.8", limits).await
    }

    /// A JSON listing: small, read whole, its spool file gone again.
    pub async fn listing(&self, url: &Url, hosts: &[String], validators: Option<&Validators>) -> Result<Listed, FetchFault> {
        let limits = self.client.options().listing;
        match self.get(url, hosts, validators, "application/json", limits).await? {
            Answer::NotModified => Ok(Listed::NotModified),
            Answer::Later { not_before, why } => Ok(Listed::Later { not_before, why }),
            Answer::Missing => {
                Err(FetchFault::new(FaultCode::Status, "the server has nothing there any more: look for the new address").at(url))
            }
            Answer::Body(got) => {
                let path = &got.spooled.path;
                let text = std::fs::read(path).map_err(|error| FetchFault::disk("reading the listing", path, &error));
                let _ = std::fs::remove_file(path);
                let json = serde_json::from_slice(&text?)
                    .map_err(|error| FetchFault::new(FaultCode::Listing, format!("the listing is not JSON: {error}")).at(url))?;
                Ok(Listed::Json { json, validators: got.validators })
            }
        }
    }

    async fn get(
        &self,
        url: &Url,
        hosts: &[String],
        validators: Option<&Validators>,
        accept: &'static str,
        limits: BodyLimits,
    ) -> Result<Answer, FetchFault> {
        self.client.get(&Ask { url, hosts, validators, accept, limits, spool: self.spool, time: self.time }).await
    }
}

pub(super) enum Listed {
    NotModified,
    Later { not_before: Timestamp, why: String },
    Json { json: serde_json::Value, validators: Validators },
}

pub(super) fn parse_url(text: &str) -> Result<Url, FetchFault> {
    Url::parse(text).map_err(|error| FetchFault::new(FaultCode::Settings, format!("not a URL: {error}")).at(text))
}

/// Whether a whole body is what we have already; its file is then removed.
pub(super) fn same_as_before(known: &Known, got: &Got) -> bool {
    let same = known.hash.as_ref() == Some(&got.spooled.sha256);
    if same {
        let _ = std::fs::remove_file(&got.spooled.path);
    }
    same
}

/// The file as it is handed on.
pub(super) fn arrival(got: &Got, url: &Url) -> Arrival {
    Arrival {
        path: got.spooled.path.clone(),
        sha256: got.spooled.sha256.clone(),
        bytes: got.spooled.bytes,
        file_name: got.file_name.clone(),
        url: url.to_string(),
        published: None,
        as_at: None,
        period: None,
        version: None,
    }
}

pub(super) fn london() -> TimeZone {
    // the zone is compiled in; should it be missing all the same, UTC is an hour off at most
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}
