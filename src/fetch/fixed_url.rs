//! A URL that is always the same: the server's validators first, the hash of the bytes last.

use url::Url;

use super::exchange::{Answer, Got};
use super::fault::{FaultCode, FetchFault};
use super::known::{Known, Polled};
use super::poll::{Look, arrival, parse_url, same_as_before};
use super::title_date::{academic_year_in, date_in};

pub(super) async fn poll(look: &Look<'_>, url: &str, hosts: &[String]) -> Result<Polled, FetchFault> {
    let url = parse_url(url)?;
    match look.file(&url, hosts, look.validators_for(&url)).await? {
        Answer::NotModified => {
            Ok(Polled::Unchanged { why: "the server says it is not modified".to_owned(), known: look.known.clone() })
        }
        Answer::Later { not_before, why } => Ok(Polled::Later { not_before, why }),
        Answer::Missing => {
            Err(FetchFault::new(FaultCode::Status, "the server has nothing there: look for the new address").at(&url))
        }
        Answer::Body(got) => {
            let known = after_whole(look, &url, &got);
            if same_as_before(look.known, &got) {
                return Ok(Polled::Unchanged { why: "the bytes are those that we have".to_owned(), known });
            }
            let mut arrival = arrival(&got, &url);
            arrival.as_at = date_in(&arrival.file_name);
            arrival.period = academic_year_in(&arrival.file_name);
            Ok(Polled::New { arrivals: vec![arrival], known })
        }
    }
}

/// What is known after the whole body at `url` was seen: also whether its validators lied.
pub(super) fn after_whole(look: &Look<'_>, url: &Url, got: &Got) -> Known {
    let before = look.known;
    let same_url = before.url.as_deref() == Some(url.as_str());
    let other_bytes = before.hash.as_ref().is_some_and(|hash| *hash != got.spooled.sha256);
    let lied = same_url && other_bytes && before.validators.claims_same(&got.validators);
    if lied {
        tracing::warn!(%url, "the server sent other bytes under the same validator: it will be asked without from now on");
    }
    Known {
        url: Some(url.to_string()),
        validators: got.validators.clone(),
        hash: Some(got.spooled.sha256.clone()),
        seen_whole: Some(look.time.now()),
        validators_lie: lied || (same_url && before.validators_lie),
        ..before.clone()
    }
}
