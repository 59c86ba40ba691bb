//! A file a day under a URL with the day in it.
//!
//! Today's file may not be there yet: 404 is an answer like any other, and the days before are
//! tried, newest first. HEAD is never sent; the register's server answers it with 500. A day that
//! we have is asked about again only where the server gave validators, so that a corrected file
//! under the same name is found for the price of a 304.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::exchange::Answer;
use super::fault::{FaultCode, FetchFault};
use super::fixed_url::after_whole;
use super::known::{Known, Polled};
use super::poll::{Look, arrival, parse_url, same_as_before};

pub(super) async fn poll(look: &Look<'_>, pattern: &str, walk_back: u16, hosts: &[String]) -> Result<Polled, FetchFault> {
    let today = look.today();
    let mut tried = Vec::new();
    // what is known counts only while the manifest names the same address
    let known_day =
        look.known.date.filter(|day| look.known.url.as_ref() == parse_url(&fill(pattern, *day)).ok().map(String::from).as_ref());
    for day in days_to_try(today, walk_back, known_day)? {
        let url = parse_url(&fill(pattern, day))?;
        let have = known_day == Some(day);
        let validators = look.validators_for(&url).filter(|_| have);
        if have && look.known.validators.is_empty() {
            return unchanged(look, format!("the file of {day} is the newest there"));
        }
        match look.file(&url, hosts, validators).await? {
            Answer::Missing if have => {
                return unchanged(look, format!("the file of {day} is no longer there, and no newer one is"));
            }
            Answer::Missing => tried.push(url.to_string()),
            Answer::NotModified => return unchanged(look, format!("the server says the file of {day} is not modified")),
            Answer::Later { not_before, why } => return Ok(Polled::Later { not_before, why }),
            Answer::Body(got) => {
                let known = Known { date: Some(day), ..after_whole(look, &url, &got) };
                if same_as_before(look.known, &got) {
                    return Ok(Polled::Unchanged { why: format!("the file of {day} has the bytes that we have"), known });
                }
                let mut arrival = arrival(&got, &url);
                arrival.published = Some(day);
                arrival.as_at = Some(day);
                return Ok(Polled::New { arrivals: vec![arrival], known });
            }
        }
    }
    Ok(Polled::NotYet { tried, known: look.known.clone() })
}

fn unchanged(look: &Look<'_>, why: String) -> Result<Polled, FetchFault> {
    Ok(Polled::Unchanged { why, known: look.known.clone() })
}

/// Newest first; never a day before the one that we have.
fn days_to_try(today: Date, walk_back: u16, have: Option<Date>) -> Result<Vec<Date>, FetchFault> {
    let mut days = Vec::new();
    for back in 0..=i64::from(walk_back) {
        let span: Span = back.days();
        let day =
            today.checked_sub(span).map_err(|error| FetchFault::new(FaultCode::Settings, format!("walk-back-days: {error}")))?;
        if have.is_some_and(|have| day < have) {
            break;
        }
        days.push(day);
    }
    // the day that we have is asked about even beyond the walk: it may have been corrected
    if let Some(have) = have.filter(|have| days.last().is_none_or(|last| have < last)) {
        days.push(have);
    }
    Ok(days)
}

fn fill(pattern: &str, day: Date) -> String {
    let (year, month, date) = (format!("{:04}", day.year()), format!("{:02}", day.month()), format!("{:02}", day.day()));
    pattern
        .replace("{yyyymmdd}", &format!("{year}{month}{date}"))
        .replace("{yyyy-mm-dd}", &format!("{year}-{month}-{date}"))
        .replace("{yyyy}", &year)
        .replace("{mm}", &month)
        .replace("{dd}", &date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_tried_newest_first_and_not_before_the_one_we_have() {
        let today = date(2024, 3, 1);
        let days = |walk, have| days_to_try(today, walk, have).expect("days");
        assert_eq!(days(2, None), [date(2024, 3, 1), date(2024, 2, 29), date(2024, 2, 28)]);
        assert_eq!(days(9, Some(date(2024, 2, 29))), [date(2024, 3, 1), date(2024, 2, 29)]);
        assert_eq!(days(9, Some(today)), [today]);
        assert_eq!(days(0, Some(date(2024, 1, 1))), [today, date(2024, 1, 1)]);
        assert_eq!(days(3, Some(date(2024, 3, 2))), [date(2024, 3, 2)], "the clock was ahead, once");
    }

    #[test]
    fn the_day_stands_in_the_url() {
        let day = date(2024, 6, 7);
        assert_eq!(fill("https://x/edubasealldata{yyyymmdd}.csv", day), "https://x/edubasealldata20240607.csv");
        assert_eq!(fill("https://x/{yyyy}/{mm}/{dd}/{yyyy-mm-dd}", day), "https://x/2024/06/07/2024-06-07");
    }
}
