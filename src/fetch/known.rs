//! What one poll leaves for the next, and what it brings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the last poll left. To be kept in the same commit as the release it brought; for a poll
/// that brought none, whenever convenient: losing it costs a download, never a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// URL that the validators and the hash belong to.
    pub url: Option<String>,
    pub validators: Validators,
    /// SHA-256 of the newest file taken, lower-case hexadecimal.
    pub hash: Option<String>,
    /// Day in the URL or title of the newest file taken.
    pub date: Option<Date>,
    /// Version of the data set, where the publisher numbers them.
    pub version: Option<String>,
    /// `public_updated_at` of the page, as it stood.
    pub updated: Option<String>,
    /// URL of the newest file taken, where `url` is that of a listing.
    pub asset: Option<String>,
    /// When the file was last seen whole, not by a 304.
    pub seen_whole: Option<Timestamp>,
    /// The server was caught sending other bytes under the same validators: they are not sent again.
    pub validators_lie: bool,
    /// Files of a watched folder, as they stood.
    pub files: BTreeMap<String, FileLook>,
    /// SHA-256 of each file taken from a watched folder → its name then.
    pub taken: BTreeMap<String, String>,
}

/// The server's own validators, byte for byte: header bytes as the code points U+0000 to U+00FF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl Validators {
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// Whether the server claims that nothing changed between two answers: the ETag decides, and
    /// Last-Modified only where there is no ETag.
    pub fn claims_same(&self, other: &Validators) -> bool {
        match (&self.etag, &other.etag) {
            (Some(one), Some(two)) => one == two,
            (None, None) => self.last_modified.is_some() && self.last_modified == other.last_modified,
            _ => false,
        }
    }
}

/// One look at a file of a watched folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLook {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970, as the file system says; compared only, never read as a time.
    pub modified: i128,
    /// SHA-256, once taken.
    #[serde(default)]
    pub taken: Option<String>,
}

/// What a poll found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// Nothing that we do not have.
    Unchanged { why: String, known: Known },
    /// What is looked for is not there yet; `tried` says where we looked.
    NotYet { tried: Vec<String>, known: Known },
    /// The server asks us to come back later.
    Later { not_before: Timestamp, why: String },
    /// New files, oldest first; `known` is to be kept in the commit that takes them.
    New { arrivals: Vec<Arrival>, known: Known },
}

/// A file that has arrived in the spool folder. Whoever takes it moves or deletes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub path: PathBuf,
    /// Of the bytes at `path`, lower-case hexadecimal.
    pub sha256: String,
    /// Length of the file at `path`.
    pub bytes: u64,
    /// As the publisher names it, without folders.
    pub file_name: String,
    /// Where it came from; a path for a watched folder.
    pub url: String,
    /// The day on which it was published, as far as the publisher says.
    pub published: Option<Date>,
    /// The day in its URL or title: as at when it stands.
    pub as_at: Option<Date>,
    /// Academic year, as the publisher writes it.
    pub period: Option<String>,
    pub version: Option<String>,
}
