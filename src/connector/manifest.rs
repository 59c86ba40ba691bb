//! The manifest of one source, as written in `connectors/<id>.toml`.
//!
//! A new layout year is an alias in a `from` list or one more `[[layout]]` block.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decode::DecodeSpec;
use crate::fetch::FetchSpec;
use crate::model::{Missing, Stage};

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Equal to the file's name.
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    /// The data set that it feeds; two connectors may feed one.
    pub dataset: String,
    /// This data set describes establishments: name, status, trust, head. Where several do, the
    /// lower number is believed first. Every connector that feeds the data set says the same.
    #[serde(default)]
    pub register: Option<u8>,
    #[serde(default)]
    pub subject: SubjectKind,
    pub cadence: Cadence,
    #[serde(default)]
    pub coverage: Coverage,
    /// The stage of a file when neither the publisher nor the operator says.
    pub stage: Stage,
    /// When to look, in cron's five fields, Europe/London civil time.
    #[serde(default)]
    pub schedule: Option<String>,
    pub fetch: FetchSpec,
    #[serde(default)]
    pub decode: DecodeSpec,
    #[serde(default)]
    pub gate: GateSpec,
    /// Columns with names, phones or addresses of persons: known, dropped unread.
    #[serde(default)]
    pub personal: Vec<String>,
    pub layout: Vec<Layout>,
}

/// What a row of the source is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    #[default]
    School,
    /// A trust, federation or sponsor, by its group UID.
    Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cadence {
    /// Each release is about academic years.
    Yearly,
    /// Each release says how things stood on a day.
    AsAt,
}

/// What it means that a subject is not in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// It has gone, or was never there.
    #[default]
    Whole,
    /// Nothing: the file is a part, such as one area's rows or the result of a search.
    Partial,
}

/// One way in which the publisher has laid out the file. The first layout whose `recognise`
/// names all stand in the header is used.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Layout {
    pub name: String,
    pub recognise: Vec<String>,
    #[serde(default)]
    pub shape: Shape,
    /// Column with the subject's URN or group UID; aliases.
    pub key: Vec<String>,
    /// Columns that together tell several rows of one subject apart, such as the linked URN.
    #[serde(default)]
    pub part: Vec<String>,
    /// Column with the academic year of each row, where one file holds several.
    #[serde(default)]
    pub year: Vec<String>,
    /// Academic years of a release to which this block applies (`2015/16..2018/19`); all if empty.
    #[serde(default)]
    pub periods: String,
    /// Rows that are not one school's, first match wins; every other row must have a key.
    #[serde(default)]
    pub rows: Vec<RowRule>,
    /// Tokens that stand for a reason instead of a figure, in every column of the layout.
    #[serde(default)]
    pub markers: BTreeMap<String, Missing>,
    /// What an empty cell means.
    #[serde(default = "blank")]
    pub blank: Missing,
    /// Tokens that, as the last thing in a row, say why it stops there: every column after it has
    /// this reason (`NEW`: the school opened during the year), whether the row ends or goes on
    /// with empty cells. Without one of them the reason of a row that ends is `row-ended`.
    #[serde(default)]
    pub tail: BTreeMap<String, Missing>,
    /// The last column may repeat in cells beyond the header, as in search results of the
    /// register: such rows are sound, and what lies beyond the header is not read.
    #[serde(default)]
    pub more_cells: bool,
    /// Measures without which the file is not this data set.
    #[serde(default)]
    pub require: Vec<String>,
    /// Measure id → where it stands.
    pub columns: BTreeMap<String, Column>,
}

fn blank() -> Missing {
    Missing::Blank
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One row a subject (and part).
    #[default]
    Wide,
    /// Several rows a subject, one for each breakdown: columns say `where` they apply.
    Tidy,
}

/// A rule about rows: all columns named in `when` hold one of the tokens given.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RowRule {
    pub when: BTreeMap<String, Vec<String>>,
    /// The row is the figure of an area: `england/state-funded`, `la/{LEA}` with the cell filled in.
    #[serde(default)]
    pub area: Option<String>,
    /// The row is skipped on purpose, with the reason that is counted.
    #[serde(default)]
    pub skip: Option<String>,
}

/// Where a measure stands and how its tokens read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Column {
    /// Header names in use over the years; exactly one may stand in a file.
    pub from: Vec<String>,
    /// Tidy layouts: the row's cells must be these for the figure to be this measure.
    #[serde(rename = "where")]
    pub only: BTreeMap<String, Vec<String>>,
    /// Category tokens → values of the registry. A token that is such a value itself needs no
    /// entry; `""` is the empty cell, which then is a value and not missing.
    pub recode: BTreeMap<String, String>,
    /// Markers of this column only; they go before those of the layout.
    pub markers: BTreeMap<String, Missing>,
    /// Date patterns in use: `dd-mm-yyyy`, `dd/mm/yyyy`, `yyyy-mm-dd`.
    pub dates: Vec<String>,
    /// Strip leading zeros before comparing or storing, for codes that publishers rewrite
    /// (`6` and `06` are one code).
    pub strip_zeros: bool,
    /// The column holds the last name of a person: what is kept is a fingerprint, from which a
    /// change of person shows, and never the name. Both its columns stand under `personal` too.
    pub person: Option<Person>,
}

/// Where the rest of a person's name stands.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Person {
    /// Header names of the column with the first name, over the years; it may be absent.
    pub first: Vec<String>,
    /// Words or phrases that say, wherever they stand in the name and in whichever case, that
    /// nobody holds the post: the value is then `vacant`.
    pub vacant: Vec<String>,
}

/// What a release must look like before it may change anything. Limits are examples, tuned on
/// past releases; a person can accept what they hold.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct GateSpec {
    /// Fewest school rows ever plausible.
    pub rows_min: u32,
    /// Largest share by which the number of rows may fall, and rise, against the release before.
    pub rows_fall: f64,
    pub rows_rise: f64,
    /// Smallest share of the earlier release's keys that must be there again.
    pub overlap_min: f64,
    /// Largest share of quarantined rows.
    pub quarantine_max: f64,
    /// Largest share of missing values in each required measure.
    pub missing_max: f64,
    /// Largest rise of that share against the release before, in percentage points / 100.
    pub missing_rise: f64,
    /// Largest shift of a numeric measure's mean, in standard deviations of the release before.
    pub shift_max: f64,
    /// Range in which the mean of a measure over all schools must lie, `[low, high]`: it catches
    /// percentages written as fractions even in the first file ever.
    pub means: BTreeMap<String, [f64; 2]>,
    /// Pairs `[a, b]`: a ≤ b in nearly every row.
    pub ordered: Vec<[String; 2]>,
    /// Largest share of rows whose school the register knows to be closed before the period.
    pub closed_max: f64,
    /// Largest share of the schools of both releases whose value of a measure is another one than
    /// in the release before: a publisher that rewrites a column is no news about every school.
    pub changed_max: BTreeMap<String, f64>,
}

impl Default for GateSpec {
    fn default() -> GateSpec {
        GateSpec {
            rows_min: 1,
            rows_fall: 0.15,
            rows_rise: 0.5,
            overlap_min: 0.8,
            quarantine_max: 0.05,
            missing_max: 0.9,
            missing_rise: 0.25,
            shift_max: 0.75,
            means: BTreeMap::new(),
            ordered: Vec::new(),
            closed_max: 0.01,
            changed_max: BTreeMap::new(),
        }
    }
}
