//! A page of the GOV.UK content API, on which the files of all months are listed together.
//!
//! The newest file is the one with the latest day in its title. The page's `public_updated_at`
//! moves for other reasons too, so it is kept but decides nothing. Two files with the same day are
//! not chosen between: a person must say which is meant, by a narrower `title-has` or `url-ends`.

use jiff::civil::Date;

use super::attachments::{Listing, newest};
use super::exchange::Answer;
use super::fault::{FaultCode, FetchFault};
use super::fixed_url::after_whole;
use super::known::{Known, Polled};
use super::poll::{Listed, Look, arrival, parse_url, same_as_before};

pub(super) async fn poll(
    look: &Look<'_>,
    page: &str,
    title_has: &[String],
    url_ends: &str,
    hosts: &[String],
) -> Result<Polled, FetchFault> {
    let page = parse_url(page)?;
    let unchanged = |why: String, known: Known| Ok(Polled::Unchanged { why, known });
    let (json, validators) = match look.listing(&page, hosts, look.validators_for(&page)).await? {
        Listed::NotModified => return unchanged("the server says the page is not modified".to_owned(), look.known.clone()),
        Listed::Later { not_before, why } => return Ok(Polled::Later { not_before, why }),
        Listed::Json { json, validators } => (json, validators),
    };
    let listing = Listing { json: &json, title_has, url_ends };
    let chosen = newest(&listing).map_err(|fault| fault.at(&page))?;
    let asset = page.join(&chosen.url).map_err(|error| {
        FetchFault::new(FaultCode::Listing, format!("attachment `{}` has no usable URL: {error}", chosen.title)).at(&page)
    })?;
    let updated = json["public_updated_at"].as_str().map(str::to_owned);
    let page_seen = Known {
        url: Some(page.to_string()),
        validators,
        updated: updated.clone(),
        seen_whole: Some(look.time.now()),
        ..look.known.clone()
    };
    // what is known counts only while the manifest names the same page
    let known_date = look.known.date.filter(|_| look.known.url.as_deref() == Some(page.as_str()));
    if known_date.is_some_and(|have| chosen.date < have) {
        return unchanged(format!("the newest file listed is of {}, older than what we have", chosen.date), page_seen);
    }
    if known_date == Some(chosen.date) && look.known.asset.as_deref() == Some(asset.as_str()) {
        return unchanged(format!("the file of {} is the newest listed", chosen.date), page_seen);
    }
    match look.file(&asset, hosts, None).await? {
        Answer::Later { not_before, why } => Ok(Polled::Later { not_before, why }),
        Answer::Missing | Answer::NotModified => {
            Err(FetchFault::new(FaultCode::Listing, format!("`{}` is listed, but not there", chosen.title)).at(&asset))
        }
        Answer::Body(got) => {
            let hash = after_whole(look, &asset, &got).hash;
            let known = Known { hash, date: Some(chosen.date), asset: Some(asset.to_string()), ..page_seen };
            if same_as_before(look.known, &got) {
                return unchanged(format!("`{}` has the bytes that we have", chosen.title), known);
            }
            let mut arrival = arrival(&got, &asset);
            arrival.published = updated.and_then(|text| day(look, &text)).filter(|published| *published >= chosen.date);
            arrival.as_at = Some(chosen.date);
            Ok(Polled::New { arrivals: vec![arrival], known })
        }
    }
}

fn day(look: &Look<'_>, timestamp: &str) -> Option<Date> {
    timestamp.parse().ok().map(|instant| look.day_of(instant))
}
