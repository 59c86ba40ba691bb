//! A data set of the Explore Education Statistics API, by its version.
//!
//! The API has no ETag and no Last-Modified, so the version of the data set is what is compared:
//! one small request, and the CSV only when the version is another. The CSV comes gzipped whatever
//! was asked for. A version given in full is exactly that one (`2.1` is not its patch `2.1.1`), so
//! `latestVersion` is asked for as it stands.

use serde::Deserialize;

use super::exchange::Answer;
use super::fault::{FaultCode, FetchFault};
use super::fixed_url::after_whole;
use super::known::{Known, Polled};
use super::poll::{Listed, Look, arrival, parse_url, same_as_before};

/// The parts of a data set's description that are read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataSet {
    status: String,
    superseding_data_set_id: Option<String>,
    latest_version: LatestVersion,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LatestVersion {
    version: String,
    published: Option<jiff::Timestamp>,
    time_periods: Option<TimePeriods>,
}

#[derive(Debug, Deserialize)]
struct TimePeriods {
    end: Option<String>,
}

pub(super) async fn poll(look: &Look<'_>, base: &str, data_set: &str, hosts: &[String]) -> Result<Polled, FetchFault> {
    let about = parse_url(&format!("{}/v1/data-sets/{data_set}", base.trim_end_matches('/')))?;
    let json = match look.listing(&about, hosts, None).await? {
        Listed::NotModified => {
            return Ok(Polled::Unchanged { why: "the server says it is not modified".to_owned(), known: look.known.clone() });
        }
        Listed::Later { not_before, why } => return Ok(Polled::Later { not_before, why }),
        Listed::Json { json, .. } => json,
    };
    let DataSet { status, superseding_data_set_id, latest_version: latest } = serde_json::from_value(json)
        .map_err(|error| FetchFault::new(FaultCode::Listing, format!("not the description of a data set: {error}")).at(&about))?;
    let successor =
        superseding_data_set_id.map(|id| format!("; data set {id} supersedes it: name that in the manifest")).unwrap_or_default();
    if status == "Withdrawn" {
        let what = format!("the publisher has withdrawn data set {data_set}{successor}");
        return Err(FetchFault::new(FaultCode::Withdrawn, what).at(&about));
    }
    let version = latest.version;
    let mut csv = parse_url(&format!("{about}/csv"))?;
    csv.query_pairs_mut().append_pair("dataSetVersion", &version);
    // the URL too: the manifest may name another data set by now, with versions of its own
    if look.known.version.as_ref() == Some(&version) && look.known.url.as_deref() == Some(csv.as_str()) {
        return Ok(Polled::Unchanged { why: format!("version {version} is the latest{successor}"), known: look.known.clone() });
    }
    match look.file(&csv, hosts, None).await? {
        Answer::Later { not_before, why } => Ok(Polled::Later { not_before, why }),
        Answer::Missing | Answer::NotModified => {
            let what = format!("version {version} is announced, but its CSV is not there");
            Err(FetchFault::new(FaultCode::Listing, what).at(&csv))
        }
        Answer::Body(got) => {
            let known = Known { version: Some(version.clone()), ..after_whole(look, &csv, &got) };
            if same_as_before(look.known, &got) {
                return Ok(Polled::Unchanged { why: format!("version {version} has the bytes that we have{successor}"), known });
            }
            let mut arrival = arrival(&got, &csv);
            arrival.published = latest.published.map(|published| look.day_of(published));
            arrival.period = latest.time_periods.and_then(|periods| periods.end);
            arrival.version = Some(version);
            Ok(Polled::New { arrivals: vec![arrival], known })
        }
    }
}
