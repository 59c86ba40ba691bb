//! The `[fetch]` block of a connector manifest: how new releases are discovered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}
