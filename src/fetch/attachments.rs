//! Which attachment of a GOV.UK page is the newest of its kind.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::Value;

use super::fault::{FaultCode, FetchFault};
use super::title_date::date_in;

/// A page of the content API, and what its attachment must look like.
pub(super) struct Listing<'a> {
    pub json: &'a Value,
    pub title_has: &'a [String],
    pub url_ends: &'a str,
}

/// An attachment with a day in its title, or else in its file name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attachment {
    pub date: Date,
    pub url: String,
    pub title: String,
}

/// The one attachment that fits and has the latest day.
pub(super) fn newest(listing: &Listing<'_>) -> Result<Attachment, FetchFault> {
    let all = titles_and_urls(&listing.json["details"]);
    let fitting: Vec<_> = all.iter().filter(|(title, url)| fits(listing, title, url)).collect();
    let mut dated: Vec<Attachment> = fitting
        .iter()
        .filter_map(|(title, url)| {
            let date = date_in(title).or_else(|| date_in(last_part(url)))?;
            Some(Attachment { date, url: url.clone(), title: title.clone() })
        })
        .collect();
    let Some(latest) = dated.iter().map(|attachment| attachment.date).max() else {
        let what = format!(
            "of {} attachments, {} fit `title-has` and `url-ends` and none of those has a day in its title: look at the page",
            all.len(),
            fitting.len()
        );
        return Err(FetchFault::new(FaultCode::Listing, what));
    };
    dated.retain(|attachment| attachment.date == latest);
    let urls: BTreeSet<&str> = dated.iter().map(|attachment| attachment.url.as_str()).collect();
    if urls.len() > 1 {
        let titles: Vec<String> = dated.iter().map(|attachment| format!("`{}`", attachment.title)).collect();
        let what = format!("{} attachments are of {latest}: {}; narrow `title-has` or `url-ends`", urls.len(), titles.join(", "));
        return Err(FetchFault::new(FaultCode::Ambiguous, what));
    }
    // not empty: `latest` came from it
    dated.pop().ok_or_else(|| FetchFault::new(FaultCode::Listing, "no attachment"))
}

fn fits(listing: &Listing<'_>, title: &str, url: &str) -> bool {
    let title = plain(title);
    let path = url.split(['?', '#']).next().unwrap_or_default().to_lowercase();
    listing.title_has.iter().all(|words| title.contains(&plain(words))) && path.ends_with(&listing.url_ends.to_lowercase())
}

/// Lower case, with `_` and runs of blanks as one space: titles and file names differ in that.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(['_', '\u{a0}', '\u{2013}'], " ");
    text.split_whitespace().filter(|word| *word != "-").collect::<Vec<_>>().join(" ")
}

fn last_part(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// `attachments[]`, and `documents[]` of the older shape: snippets of HTML.
fn titles_and_urls(details: &Value) -> Vec<(String, String)> {
    let listed = |key: &str| details[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<(String, String)> = listed("attachments")
        .iter()
        .filter_map(|attachment| {
            let url = attachment["url"].as_str()?;
            // a title left empty is that of the file
            let title = attachment["title"].as_str().filter(|title| !title.is_empty()).unwrap_or_else(|| last_part(url));
            Some((title.to_owned(), url.to_owned()))
        })
        .collect();
    for snippet in listed("documents").iter().filter_map(Value::as_str) {
        found.extend(links(snippet));
    }
    found
}

/// Text and target of each link in a snippet of HTML.
fn links(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in html.split("<a ").skip(1) {
        let Some((tag, rest)) = part.split_once('>') else { continue };
        let Some((text, _)) = rest.split_once("</a>") else { continue };
        let Some((_, target)) = tag.split_once("href=") else { continue };
        let quote = target.chars().next().filter(|c| matches!(c, '"' | '\'')).unwrap_or(' ');
        let Some(url) = target.trim_start_matches(quote).split(quote).next() else { continue };
        found.push((unescape(&without_tags(text)), unescape(url)));
    }
    found
}

fn without_tags(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|c| match c {
            '<' => {
                inside = true;
                false
            }
            '>' => !std::mem::replace(&mut inside, false),
            _ => !inside,
        })
        .collect()
}

fn unescape(text: &str) -> String {
    let text = text.replace("&nbsp;", " ").replace("&ndash;", "-").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn choose(details: Value, title_has: &[&str]) -> Result<(String, String), FaultCode> {
        let json = json!({ "details": details });
        let title_has: Vec<String> = title_has.iter().map(|words| (*words).to_owned()).collect();
        let listing = Listing { json: &json, title_has: &title_has, url_ends: ".csv" };
        newest(&listing).map(|chosen| (chosen.date.to_string(), chosen.url)).map_err(|fault| fault.code)
    }

    fn attachment(title: &str, url: &str) -> Value {
        json!({ "title": title, "url": url, "content_type": "text/csv" })
    }

    const WORDS: &[&str] = &["state-funded schools", "latest inspections as at"];

    #[test]
    fn the_latest_day_wins_whatever_the_order_and_the_spelling() {
        let details = json!({ "attachments": [
            attachment("Management information - state-funded schools - latest inspections as at 31 Oct 2023", "https://a/1/x_31_Oct_2023.csv"),
            attachment("Management information - state-funded schools - latest inspections as at 30 June 2026", "https://a/2/x.csv"),
            attachment("Management information - state-funded schools - latest inspections as at 30 June 2026", "https://a/2/x.ods"),
            attachment("Management information - state-funded schools - all inspections - year to date published by 31 July 2026", "https://a/3/y.csv"),
            attachment("Management_information_-_state-funded_schools_-_latest_inspections_as_at_30_Apr_2025", "https://a/4/x.csv"),
        ]});
        assert_eq!(choose(details, WORDS), Ok(("2026-06-30".to_owned(), "https://a/2/x.csv".to_owned())));
    }

    #[test]
    fn two_files_of_one_day_are_not_chosen_between_unless_they_are_one() {
        let title = "State-funded schools: latest inspections as at 30 June 2026";
        let two = json!({ "attachments": [attachment(title, "https://a/1/x.csv"), attachment(title, "https://a/2/x.csv")] });
        assert_eq!(choose(two, WORDS), Err(FaultCode::Ambiguous));
        let twice = json!({ "attachments": [attachment(title, "https://a/1/x.csv"), attachment(title, "https://a/1/x.csv")] });
        assert!(choose(twice, WORDS).is_ok());
    }

    #[test]
    fn the_older_shape_is_read_from_its_links() {
        let snippet = "<section class=\"attachment\"><h2 class='title'><a class=\"govuk-link\" \
            href=\"/government/uploads/system/uploads/attachment_data/file/9/latest.csv\">State-funded schools &ndash; \
            <span>latest inspections as at</span> 31 August 2019</a></h2></section>";
        let details = json!({ "documents": [snippet, "<a>", "<a href=>", 7] });
        let expected = "/government/uploads/system/uploads/attachment_data/file/9/latest.csv";
        assert_eq!(choose(details, WORDS), Ok(("2019-08-31".to_owned(), expected.to_owned())));
    }

    #[test]
    fn a_page_without_a_fitting_file_is_a_fault() {
        for details in [
            json!({}),
            json!(null),
            json!({ "attachments": [] }),
            json!({ "attachments": [attachment("Guidance", "https://a/g.csv")] }),
        ] {
            assert_eq!(choose(details, WORDS), Err(FaultCode::Listing));
        }
        let undated =
            json!({ "attachments": [attachment("State-funded schools latest inspections as at June", "https://a/g.csv")] });
        assert_eq!(choose(undated, WORDS), Err(FaultCode::Listing));
    }
}
