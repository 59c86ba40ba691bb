//! Forty-one files that are wrong in a known way, or look wrong and are not.

use std::collections::BTreeMap;
use std::path::Path;

use headwater::model::{MeasureCode, Missing, Value};
use headwater::normalise::{Content, Read, Record};
use headwater::release_gate::Judgement;

use crate::support::corpus;
use crate::support::files::{Around, Outcome, ingest, ingest_by, manifest, measures};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Expected {
    /// Every row goes in, but for so many that the publisher damaged.
    Accept {
        but: u32,
    },
    /// Accepted, and these rows are set aside.
    Quarantine {
        rows: &'static [u32],
        code: &'static str,
        column: &'static str,
    },
    Hold {
        code: &'static str,
        column: &'static str,
    },
    Refuse {
        code: &'static str,
        column: &'static str,
    },
}
use Expected::{Accept, Hold, Quarantine, Refuse};

const ACCEPT: Expected = Accept { but: 0 };

/// What was accepted before the file came.
#[derive(Debug, Clone, Copy)]
enum Earlier {
    Nothing,
    /// Connector, period, file of the corpus.
    Release(&'static str, &'static str),
    /// The register, from which schools are known to be closed.
    Register,
    /// The real release of another period.
    OtherPeriod(&'static str, &'static str),
}
use Earlier::{Nothing, OtherPeriod, Register, Release};

const ABSENCE: &str = "published/abs/2022-2023/england_abs.csv";

const TABLE: &[(&str, &str, &str, Earlier, Expected)] = &[
    ("01_swf_truncated_mid_row.csv", "workforce", "2018/19", Nothing, Hold { code: "truncated-row", column: "" }),
    (
        "02_links_utf8_replacement_chars.csv",
        "gias-links",
        "2025-07-27",
        Nothing,
        Quarantine { rows: &[301, 302, 303, 304, 305, 306, 307, 308], code: "replacement-character", column: "LinkName" },
    ),
    ("03_grouplinks_header17_rows16.csv", "gias-group-links", "2018-05-01", Nothing, ACCEPT),
    ("04_search_results_ragged.csv", "gias-establishments", "2022-04-20", Nothing, ACCEPT),
    ("05_html_error_saved_as.csv", "absence", "2022/23", Nothing, Refuse { code: "html-page", column: "" }),
    ("06_empty.csv", "absence", "2022/23", Nothing, Refuse { code: "empty-file", column: "" }),
    ("07_header_only.csv", "absence", "2022/23", Nothing, Hold { code: "no-rows", column: "" }),
    ("08_renamed_column.csv", "absence", "2022/23", Nothing, Hold { code: "missing-column", column: "PERCTOT" }),
    ("09_duplicated_header_name.csv", "absence", "2022/23", Nothing, Refuse { code: "duplicate-label", column: "PERCTOT" }),
    ("10_swapped_columns_with_header.csv", "absence", "2022/23", Nothing, ACCEPT),
    ("11_swapped_values_header_not.csv", "absence", "2022/23", Nothing, Hold { code: "values-exchanged", column: "PERCTOT" }),
    (
        "11_swapped_values_header_not.csv",
        "absence",
        "2022/23",
        Release("2022/23", ABSENCE),
        Hold { code: "shifted-values", column: "PERCTOT" },
    ),
    ("12_bom_then_cp1252.csv", "gias-links", "2025-01-09", Nothing, ACCEPT),
    ("13_half_the_rows_missing.csv", "absence", "2022/23", Release("2022/23", ABSENCE), Hold { code: "row-count", column: "" }),
    (
        "13_half_the_rows_missing.csv",
        "absence",
        "2022/23",
        Release("2022/23", ABSENCE),
        Hold { code: "key-overlap", column: "URN" },
    ),
    ("14_values_shifted_one_column.csv", "absence", "2022/23", Nothing, Refuse { code: "key-column", column: "URN" }),
    (
        "15_percentages_as_fractions.csv",
        "ks2-performance",
        "2017/18",
        Nothing,
        Hold { code: "percent-as-fraction", column: "PTRWM_EXP" },
    ),
    ("16_new_school_short_rows.csv", "ks2-performance", "2017/18", Nothing, ACCEPT),
    // one name was damaged by its publisher
    ("17a_codes_as_integers_2026-02-25.csv", "sector-establishments", "2026-02-25", Nothing, Accept { but: 1 }),
    ("17b_codes_with_zero_2026-03-24.csv", "sector-establishments", "2026-03-24", Nothing, Accept { but: 1 }),
    (
        "18_duplicate_urns.csv",
        "absence",
        "2022/23",
        Nothing,
        Quarantine { rows: &[22, 311], code: "primary-key", column: "PPERSABS10" },
    ),
    (
        "19_urn_of_closed_school.csv",
        "absence",
        "2022/23",
        Register,
        Quarantine { rows: &[102, 103, 104], code: "closed-school", column: "URN" },
    ),
    ("20_SYNTHETIC_pupil_level.csv", "ks2-performance", "2022/23", Nothing, Refuse { code: "personal-data", column: "UPN" }),
    (
        "21_pii_columns_added_to_school_file.csv",
        "absence",
        "2022/23",
        Nothing,
        Refuse { code: "personal-data", column: "PupilName" },
    ),
    ("22_zip_bomb_small.zip", "absence", "2022/23", Nothing, Refuse { code: "decompression-limit", column: "" }),
    ("23_zip_two_members.zip", "absence", "2022/23", Nothing, Hold { code: "several-members", column: "" }),
    ("24_zip_path_traversal.zip", "absence", "2022/23", Nothing, Refuse { code: "unsafe-path", column: "" }),
    ("25_zip_gias_results.zip", "gias-establishments", "2026-06-22", Nothing, ACCEPT),
    ("26_mi_xlsx_with_title_rows.xlsx", "ofsted-inspections", "2026-02-28", Nothing, ACCEPT),
    ("27_mi_csv_with_title_line.csv", "ofsted-inspections", "2026-02-28", Nothing, ACCEPT),
    ("28_gzip_truncated.csv.gz", "absence", "2022/23", Nothing, Refuse { code: "truncated-file", column: "" }),
    ("29_csv_injection_cells.csv", "ofsted-inspections", "2026-02-28", Nothing, ACCEPT),
    ("30_ten_mb_single_line.csv.gz", "absence", "2022/23", Nothing, Refuse { code: "unterminated-quote", column: "" }),
    ("31_nul_bytes.csv", "absence", "2022/23", Nothing, Quarantine { rows: &[21, 61], code: "nul-byte", column: "LA" }),
    ("32_utf16_le.csv", "absence", "2022/23", Nothing, ACCEPT),
    ("33_semicolon_decimal_comma.csv", "absence", "2022/23", Nothing, Refuse { code: "wrong-delimiter", column: "" }),
    (
        "34_excel_damaged_gias.csv",
        "gias-establishments",
        "2025-11-01",
        Nothing,
        Quarantine { rows: &[2, 3, 4], code: "type-error", column: "CensusDate" },
    ),
    (
        "35_gias_row_one_field_short.csv",
        "gias-establishments",
        "2025-01-29",
        Nothing,
        Quarantine { rows: &[2], code: "missing-cell", column: "FSM" },
    ),
    ("36_previous_year_again.csv", "absence", "2023/24", Release("2022/23", ABSENCE), Hold { code: "row-count", column: "" }),
    ("36_previous_year_again.csv", "absence", "2023/24", Register, Hold { code: "closed-schools", column: "URN" }),
    (
        "36_previous_year_again.csv",
        "absence",
        "2023/24",
        OtherPeriod("2018/19", "published/abs/2018-2019/england_abs.csv"),
        Hold { code: "same-as-other-period", column: "" },
    ),
    ("37_all_suppressed.csv", "absence", "2022/23", Nothing, Hold { code: "missing-values", column: "PERCTOT" }),
    (
        "38_aggregates_in_wrong_place.csv",
        "absence",
        "2022/23",
        Nothing,
        Quarantine { rows: &[102], code: "primary-key", column: "URN" },
    ),
    (
        "39_unterminated_quote_swallows_rows.csv",
        "ofsted-inspections",
        "2026-02-28",
        Nothing,
        Refuse { code: "unterminated-quote", column: "" },
    ),
    ("40_mi_two_concern_styles.csv", "ofsted-inspections", "2026-02-28", Nothing, ACCEPT),
];

#[test]
fn every_hostile_file_ends_in_its_class_and_says_where() {
    let Some(corpus) = corpus::folder("hostile files") else { return };
    let mut wrong = Vec::new();
    let mut releases: BTreeMap<&str, Outcome> = BTreeMap::new();
    for (file, connector, period, earlier, expected) in TABLE {
        let path = corpus.join("hostile").join(file);
        let closed = if matches!(earlier, Register) { closed_before(&corpus, period) } else { Vec::new() };
        let release = match earlier {
            Release(period, file) | OtherPeriod(period, file) => {
                let read = || ingest(connector, period, &corpus.join(file), &Around::default());
                Some(&*releases.entry(file).or_insert_with(read))
            }
            _ => None,
        };
        let around = Around {
            before: release.filter(|_| matches!(earlier, Release(..))),
            other: release.filter(|_| matches!(earlier, OtherPeriod(..))),
            closed: &closed,
        };
        if let Err(found) = compare(&ingest(connector, period, &path, &around), *expected) {
            wrong.push(format!("{file} after {earlier:?}: expected {expected:?}, found {found}"));
        }
    }
    let mut files: Vec<_> = TABLE.iter().map(|row| row.0).collect();
    files.dedup();
    assert_eq!(files.len(), 41);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compare(outcome: &Outcome, expected: Expected) -> Result<(), String> {
    let found = || {
        let findings: Vec<_> = outcome.judgement.findings().iter().map(ToString::to_string).collect();
        let aside = outcome.read.iter().flat_map(|read| &read.quarantine).take(10).map(|aside| aside.finding.to_string());
        format!("{:?}", (findings, aside.collect::<Vec<_>>()))
    };
    let says = |code: &str, column: &str| {
        outcome
            .judgement
            .findings()
            .iter()
            .any(|finding| finding.code == code && finding.column.as_deref().unwrap_or("") == column)
    };
    let quarantined = outcome.read.as_ref().map_or(0, |read| read.counts.quarantined);
    let right = match (&outcome.judgement, expected) {
        (Judgement::Accept, Accept { but }) => quarantined == but,
        (Judgement::Accept, Quarantine { rows, code, column }) => {
            let aside = &outcome.read.as_ref().ok_or_else(found)?.quarantine;
            aside.iter().map(|aside| aside.finding.row.unwrap_or(0)).eq(rows.iter().copied())
                && aside.iter().all(|aside| aside.finding.code == code)
                && aside.iter().any(|aside| aside.finding.column.as_deref() == Some(column))
        }
        (Judgement::Hold(_), Hold { code, column }) | (Judgement::Refuse(_), Refuse { code, column }) => says(code, column),
        _ => false,
    };
    let reconciled = outcome.read.as_ref().is_none_or(|read| read.counts.reconciles());
    if right && reconciled { Ok(()) } else { Err(found()) }
}

/// Schools closed more than a year before the academic year began.
fn closed_before(corpus: &Path, period: &str) -> Vec<i64> {
    let file = corpus.join("reshaped/gias/2024-06-17/edubasealldata20240617.csv.gz");
    let register = ingest("gias-establishments", "2024-06-17", &file, &Around::default()).read.unwrap();
    let year: i16 = period[..4].parse().unwrap();
    let limit = jiff::civil::date(year - 1, 9, 1);
    let close_date = code("gias.close-date");
    let closed = |read: &Read, urn: i64| matches!(value(read, urn, close_date), Some(Value::Date(day)) if day < limit);
    register.keys().into_iter().filter(|urn| closed(&register, *urn)).collect()
}

fn code(id: &str) -> MeasureCode {
    measures().code(id).unwrap()
}

fn value(read: &Read, subject: i64, measure: MeasureCode) -> Option<Value> {
    let at = read.records.binary_search_by_key(&subject, |record| record.subject).ok()?;
    let Content::Present(body) = &read.records[at].content else { return None };
    Some(body.cell(measure)?.value)
}

#[test]
fn codes_that_gain_a_zero_are_the_same_codes() {
    let Some(corpus) = corpus::folder("codes with zeros") else { return };
    let manifest = manifest("sector-establishments");
    let read = |file: &str, day: &str| {
        let path = corpus.join("hostile").join(file);
        ingest_by(&manifest, &measures(), day, &path, &Around::default()).read.unwrap()
    };
    let february = read("17a_codes_as_integers_2026-02-25.csv", "2026-02-25");
    let march = read("17b_codes_with_zero_2026-03-24.csv", "2026-03-24");
    let codes = code("sector.religious-character-code");
    let differs = |urn: &i64| value(&february, *urn, codes) != value(&march, *urn, codes);
    let differing: Vec<_> = february.keys().into_iter().filter(differs).collect();
    assert_eq!(differing, [] as [i64; 0]);
    // two months apart some schools changed in fact: names and trusts, not every second row
    let same = |record: &&Record| {
        february.records.iter().any(|earlier| earlier.subject == record.subject && earlier.content == record.content)
    };
    let same = march.records.iter().filter(same).count();
    assert!(same >= 135, "{same} of {} records are as they were", march.records.len());
}

#[test]
fn a_new_school_says_why_it_has_no_figures_and_an_inspected_one_without_concern_is_not_one_without_inspection() {
    let Some(corpus) = corpus::folder("reasons for absence") else { return };
    let read = |connector: &str, period: &str, file: &str| {
        ingest(connector, period, &corpus.join("hostile").join(file), &Around::default()).read.unwrap()
    };
    let ks2 = read("ks2-performance", "2017/18", "16_new_school_short_rows.csv");
    let expected = code("ks2.rwm-expected");
    assert_eq!(value(&ks2, 140_690, expected), Some(Value::Missing(Missing::NewSchool)));
    assert_eq!(value(&ks2, 139_548, expected), Some(Value::Missing(Missing::RowEnded)));
    let ofsted = read("ofsted-inspections", "2026-02-28", "40_mi_two_concern_styles.csv");
    let category = code("ofsted.category");
    let said: Vec<_> = ofsted.keys().into_iter().filter_map(|urn| value(&ofsted, urn, category)).collect();
    let none = said.iter().filter(|value| **value == Value::Text("none".into())).count();
    let without = said.iter().filter(|value| **value == Value::Missing(Missing::NoInspection)).count();
    assert!(none > 0 && without > 0 && none + without <= said.len(), "{said:?}");
}
