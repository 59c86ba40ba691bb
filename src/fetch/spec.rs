//! The `[fetch]` block of a connector manifest: how new releases are discovered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::egress::{Egress, Guard};

/// How new releases are discovered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FetchSpec {
    /// A file a day under a URL with the date in it; today's may not be there yet.
    #[serde(rename_all = "kebab-case")]
    DatedUrl {
        /// With `{yyyymmdd}`, `{yyyy-mm-dd}`, `{yyyy}`, `{mm}` or `{dd}` for the day.
        url: String,
        /// How many days before today are tried.
        walk_back_days: u16,
        hosts: Vec<String>,
    },
    /// A page of the GOV.UK content API whose attachments are listed, all months together.
    #[serde(rename_all = "kebab-case")]
    GovukContent {
        url: String,
        /// The attachment's title has all of these words, in lower case.
        title_has: Vec<String>,
        /// The attachment's URL ends in this, for example `.csv`.
        url_ends: String,
        hosts: Vec<String>,
    },
    /// A data set of the Explore Education Statistics API, by its version.
    #[serde(rename_all = "kebab-case")]
    EesApi {
        /// Base of the API, up to and without `/v1`.
        url: String,
        data_set: String,
        hosts: Vec<String>,
    },
    /// A URL that is always the same.
    #[serde(rename_all = "kebab-case")]
    Url { url: String, hosts: Vec<String> },
    /// A folder into which a person or another program puts files.
    #[serde(rename_all = "kebab-case")]
    Folder {
        path: String,
        /// File name pattern with `*`.
        files: String,
    },
}

/// Furthest that a dated URL is walked back: longer is a misprint.
const WALK_BACK_MOST: u16 = 366;

impl FetchSpec {
    /// Hosts that may be connected to; none for a folder.
    pub fn hosts(&self) -> &[String] {
        match self {
            FetchSpec::DatedUrl { hosts, .. }
            | FetchSpec::GovukContent { hosts, .. }
            | FetchSpec::EesApi { hosts, .. }
            | FetchSpec::Url { hosts, .. } => hosts,
            FetchSpec::Folder { .. } => &[],
        }
    }

    /// The address that is asked first; none for a folder.
    pub fn url(&self) -> Option<&str> {
        match self {
            FetchSpec::DatedUrl { url, .. }
            | FetchSpec::GovukContent { url, .. }
            | FetchSpec::EesApi { url, .. }
            | FetchSpec::Url { url, .. } => Some(url),
            FetchSpec::Folder { .. } => None,
        }
    }

    /// Everything that would make every poll fail, as (key, what is wrong): for `validate`.
    pub fn check(&self, egress: Egress) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut say = |key, what: &str| wrong.push((key, what.to_owned()));
        match self {
            FetchSpec::DatedUrl { url, walk_back_days, .. } => {
                let has = |mark: &str| url.contains(mark);
                if !(has("{yyyymmdd}") || has("{yyyy-mm-dd}") || (has("{yyyy}") && has("{mm}") && has("{dd}"))) {
                    say("url", "names no day: write `{yyyymmdd}`, `{yyyy-mm-dd}`, or `{yyyy}`, `{mm}` and `{dd}`");
                }
                if *walk_back_days > WALK_BACK_MOST {
                    say("walk-back-days", "more than a year");
                }
            }
            FetchSpec::GovukContent { title_has, .. } if title_has.is_empty() => {
                say("title-has", "is empty: every attachment would fit");
            }
            FetchSpec::EesApi { data_set, .. } if data_set.is_empty() || data_set.contains(['/', '?', '#', '.']) => {
                say("data-set", "is not the id of a data set");
            }
            FetchSpec::Folder { path, files } => {
                if path.is_empty() {
                    say("path", "is empty");
                }
                if files.is_empty() || files.contains('/') {
                    say("files", "is a pattern for names within the folder, for example `*.csv`");
                }
            }
            _ => {}
        }
        if let Some(url) = self.url() {
            match Url::parse(&without_day(url)) {
                Err(error) => say("url", &format!("is not a URL: {error}")),
                Ok(url) => {
                    if let Err(refused) = Guard::new(egress).check_listed(&url, self.hosts()) {
                        say("url", &refused.to_string());
                    }
                }
            }
        }
        wrong
    }

    /// The same discovery at another origin (`http://127.0.0.1:8080`), which becomes the only
    /// host: a local publisher in place of the real one. A folder stays as it is.
    pub fn at_origin(&self, origin: &Url) -> FetchSpec {
        let mut moved = self.clone();
        if let FetchSpec::DatedUrl { url, hosts, .. }
        | FetchSpec::GovukContent { url, hosts, .. }
        | FetchSpec::EesApi { url, hosts, .. }
        | FetchSpec::Url { url, hosts } = &mut moved
        {
            // by hand, since a parsed URL would escape the braces of the day
            let path = url.split_once("://").map_or("", |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
            *url = format!("{}{path}", origin.origin().ascii_serialization());
            *hosts = vec![origin.host_str().unwrap_or_default().to_owned()];
        }
        moved
    }
}

fn without_day(pattern: &str) -> String {
    ["{yyyymmdd}", "{yyyy-mm-dd}", "{yyyy}", "{mm}", "{dd}"].iter().fold(pattern.to_owned(), |url, mark| url.replace(mark, "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(toml: &str) -> FetchSpec {
        toml::from_str(toml).expect("a [fetch] block")
    }

    #[test]
    fn what_would_fail_at_every_poll_is_said_beforehand() {
        for (text, keys) in [
            ("kind='url'\nurl='https://www.gov.uk/a.csv'\nhosts=['www.gov.uk']", vec![]),
            ("kind='url'\nurl='https://www.gov.uk/a.csv'\nhosts=[]", vec!["url"]),
            ("kind='url'\nurl='ftp://www.gov.uk/a.csv'\nhosts=['www.gov.uk']", vec!["url"]),
            ("kind='url'\nurl='http://127.0.0.1/a.csv'\nhosts=['127.0.0.1']", vec!["url"]),
            ("kind='dated-url'\nurl='https://a.uk/x{yyyymmdd}.csv'\nwalk-back-days=9\nhosts=['a.uk']", vec![]),
            (
                "kind='dated-url'\nurl='https://a.uk/{yyyy}/{dd}.csv'\nwalk-back-days=999\nhosts=['a.uk']",
                vec!["url", "walk-back-days"],
            ),
            ("kind='govuk-content'\nurl='https://a.uk/x'\ntitle-has=[]\nurl-ends='.csv'\nhosts=['a.uk']", vec!["title-has"]),
            ("kind='ees-api'\nurl='https://a.uk/s'\ndata-set='../x'\nhosts=['a.uk']", vec!["data-set"]),
            ("kind='folder'\npath=''\nfiles='a/*.csv'", vec!["path", "files"]),
        ] {
            let found: Vec<&str> = spec(text).check(Egress::Public).into_iter().map(|(key, _)| key).collect();
            assert_eq!(found, keys, "{text}");
        }
    }

    #[test]
    fn a_local_publisher_takes_the_place_of_the_real_one() {
        let real = spec("kind='dated-url'\nurl='https://a.uk/edubase/x{yyyymmdd}.csv?a=/b'\nwalk-back-days=9\nhosts=['a.uk']");
        let origin = Url::parse("http://127.0.0.1:8080/").expect("a URL");
        let FetchSpec::DatedUrl { url, hosts, .. } = real.at_origin(&origin) else { panic!("another kind") };
        assert_eq!(url, "http://127.0.0.1:8080/edubase/x{yyyymmdd}.csv?a=/b");
        assert_eq!(hosts, ["127.0.0.1"]);
    }
}
