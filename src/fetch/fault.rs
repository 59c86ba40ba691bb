//! Why a poll brought nothing.

use serde::Serialize;

use super::egress::EgressRefused;

/// A poll that failed, with its place. Printed as one line that says what to do where we know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}: {what}{}", .code.name(), .url.as_deref().map(|url| format!(" ({url})")).unwrap_or_default())]
pub struct FetchFault {
    pub code: FaultCode,
    /// What was asked for; a path for a folder.
    pub url: Option<String>,
    /// What is wrong: lower case, no full stop.
    pub what: String,
}

/// What kind of failure it is; stable names for logs and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultCode {
    /// The manifest's `[fetch]` block or a setting cannot be used.
    Settings,
    /// The guard refused a URL, an address or a redirect.
    Egress,
    /// Redirects go round, or are too many, or lead nowhere.
    Redirect,
    /// No connection, or it broke, or what came was not HTTP.
    Transport,
    Timeout,
    /// A status that waiting did not cure.
    Unavailable,
    /// A status that a person must look into.
    Status,
    /// The body is shorter than announced.
    Truncated,
    EmptyBody,
    HtmlPage,
    /// The body, or what it decompresses to, is larger than permitted.
    TooLarge,
    /// A content encoding that is unknown or does not decode.
    Encoding,
    /// A listing or description that cannot be understood.
    Listing,
    /// Several files could be meant.
    Ambiguous,
    /// The publisher has withdrawn the data set.
    Withdrawn,
    /// A link in a watched folder leads out of it.
    Symlink,
    /// Reading or writing on this machine failed.
    Disk,
}

impl FaultCode {
    pub fn name(self) -> &'static str {
        match self {
            FaultCode::Settings => "settings",
            FaultCode::Egress => "egress",
            FaultCode::Redirect => "redirect",
            FaultCode::Transport => "transport",
            FaultCode::Timeout => "timeout",
            FaultCode::Unavailable => "unavailable",
            FaultCode::Status => "status",
            FaultCode::Truncated => "truncated",
            FaultCode::EmptyBody => "empty-body",
            FaultCode::HtmlPage => "html-page",
            FaultCode::TooLarge => "too-large",
            FaultCode::Encoding => "encoding",
            FaultCode::Listing => "listing",
            FaultCode::Ambiguous => "ambiguous",
            FaultCode::Withdrawn => "withdrawn",
            FaultCode::Symlink => "symlink",
            FaultCode::Disk => "disk",
        }
    }

    /// Whether another attempt within the same poll may do better.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, FaultCode::Transport | FaultCode::Timeout | FaultCode::Truncated)
    }
}

impl FetchFault {
    pub fn new(code: FaultCode, what: impl Into<String>) -> FetchFault {
        FetchFault { code, url: None, what: what.into() }
    }

    /// Names the place, unless a more exact one is known already.
    pub fn at(mut self, url: impl AsRef<str>) -> FetchFault {
        self.url.get_or_insert_with(|| url.as_ref().to_owned());
        self
    }

    /// Names a URL that somebody else sent us: without what may be secret in it, the user
    /// information and the query with its signatures.
    pub(super) fn at_foreign(self, url: &url::Url) -> FetchFault {
        self.at(format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path()))
    }

    /// An input or output error on this machine.
    pub(super) fn disk(doing: &str, path: &std::path::Path, error: &std::io::Error) -> FetchFault {
        FetchFault::new(FaultCode::Disk, format!("{doing}: {error}")).at(path.display().to_string())
    }
}

impl From<EgressRefused> for FetchFault {
    fn from(refused: EgressRefused) -> FetchFault {
        FetchFault::new(FaultCode::Egress, refused.to_string())
    }
}
