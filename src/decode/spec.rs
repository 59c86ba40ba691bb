//! The `[decode]` block of a connector manifest, and the limits on what is read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How to find the table in a file. The format itself is told by the first bytes, never by the
/// file's name: CSV, XLSX, ODS or JSON, each plain, gzipped or in a zip archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DecodeSpec {
    /// The header is the first row, among the first twenty, that has at least one of these names.
    pub header_has: Vec<String>,
    /// Which member of a zip archive, as a pattern with `*`. Without it the archive must hold one
    /// table only.
    pub member: Option<String>,
    /// Which sheet of a workbook; the first one that has the header if not given.
    pub sheet: Option<String>,
    /// JSON pointer to the array of records; the root if not given.
    pub records: Option<String>,
}

/// Upper bounds for one file; every one of them refuses the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after decompression.
    pub bytes: u64,
    /// Bytes after decompression for each byte before, once 1 MiB has come out.
    pub ratio: u64,
    pub columns: usize,
    pub cell: usize,
    pub rows: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 512 << 20, ratio: 200, columns: 4_000, cell: 64 << 10, rows: 5_000_000 }
    }
}
