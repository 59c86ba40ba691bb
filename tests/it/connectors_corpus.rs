//! Every header of the corpus of published data is recognised, by the layout that is meant.
//!
//! Runs where `HEADWATER_CORPUS` names the corpus. Values are not looked at here.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use headwater::connector::{Layout, Manifest, Registry};
use headwater::model::AcademicYear;
use headwater::model::measure::parse_span;

/// Folder or file in the corpus, the connector and the layout that must take it, and how many of
/// the layout's measures are in the file (all if none is said).
#[rustfmt::skip]
const EXPECTED: &[(&str, &str, &str, Option<usize>)] = &[
    ("published/gias-edubase/2015-04-07", "gias-establishments", "register", Some(36)),
    ("published/gias-sample", "gias-establishments", "register", None),
    ("published/gias-search/2021-05", "gias-establishments", "register", Some(36)),
    ("published/gias-search/2022-04-19", "gias-establishments", "search-results", None),
    ("published/gias-search/2022-04-20", "gias-establishments", "search-results", None),
    ("reshaped/gias", "gias-establishments", "register", None),
    ("reshaped/gias-sample", "gias-establishments", "register", None),
    ("hostile/04_search_results_ragged.csv", "gias-establishments", "search-results", None),
    ("hostile/17a_codes_as_integers_2026-02-25.csv", "sector-establishments", "one-word-names", Some(8)),
    ("hostile/17b_codes_with_zero_2026-03-24.csv", "sector-establishments", "one-word-names", Some(8)),
    ("hostile/34_excel_damaged_gias.csv", "gias-establishments", "register", None),
    ("hostile/35_gias_row_one_field_short.csv", "gias-establishments", "register", None),
    ("published/gias-links", "gias-links", "links", None),
    ("hostile/02_links_utf8_replacement_chars.csv", "gias-links", "links", None),
    ("hostile/12_bom_then_cp1252.csv", "gias-links", "links", None),
    ("reshaped/gias-allgroups", "gias-groups", "all-groups", None),
    ("published/gias-grouplinks", "gias-group-links", "linked-uid", None),
    ("reshaped/gias-alllinks", "gias-group-links", "group-uid", None),
    ("hostile/03_grouplinks_header17_rows16.csv", "gias-group-links", "linked-uid", None),
    ("published/ofsted-mi", "ofsted-inspections", "report-cards", None),
    ("reshaped/ofsted-mi", "ofsted-inspections", "report-cards", None),
    ("reshaped/ofsted-mi-old", "ofsted-inspections", "graded-and-previous", None),
    ("hostile/26_mi_xlsx_with_title_rows.xlsx", "ofsted-inspections", "report-cards", None),
    ("hostile/27_mi_csv_with_title_line.csv", "ofsted-inspections", "report-cards", None),
    ("hostile/29_csv_injection_cells.csv", "ofsted-inspections", "report-cards", None),
    ("hostile/40_mi_two_concern_styles.csv", "ofsted-inspections", "report-cards", None),
    ("published/ks2", "ks2-performance", "performance-tables", None),
    ("reshaped/ks2", "ks2-performance", "performance-tables", None),
    ("reshaped/ees-ks2", "ks2-performance", "ees-attainment", None),
    ("hostile/15_percentages_as_fractions.csv", "ks2-performance", "performance-tables", None),
    ("hostile/16_new_school_short_rows.csv", "ks2-performance", "performance-tables", None),
    ("published/ks4/2016-2017", "ks4-performance", "performance-tables", Some(15)),
    ("published/ks4/2017-2018", "ks4-performance", "performance-tables", None),
    ("published/ks4/2018-2019", "ks4-performance", "performance-tables-provisional", None),
    ("reshaped/ks4/2015-2016", "ks4-performance", "performance-tables", Some(15)),
    ("reshaped/ks4/2016-2017", "ks4-performance", "performance-tables", Some(15)),
    ("reshaped/ks4/2017-2018", "ks4-performance", "performance-tables", None),
    ("reshaped/ks4/2018-2019", "ks4-performance", "performance-tables", None),
    ("reshaped/ks4/2022-2023", "ks4-performance", "performance-tables", None),
    ("reshaped/ks4/2023-2024", "ks4-performance", "performance-tables", None),
    ("reshaped/ks4/2024-2025", "ks4-performance", "performance-tables", None),
    ("reshaped/ees-ks4/2023-2024", "ks4-performance", "ees-2023", None),
    ("reshaped/ees-ks4/2024-2025", "ks4-performance", "ees-2024", None),
    ("published/abs/2012-2013", "absence", "performance-tables-15", None),
    ("published/abs/2018-2019", "absence", "performance-tables", None),
    ("published/abs/2022-2023", "absence", "performance-tables", None),
    ("reshaped/ees-absence", "absence", "ees-three-terms", None),
    ("hostile/10_swapped_columns_with_header.csv", "absence", "performance-tables", None),
    ("hostile/13_half_the_rows_missing.csv", "absence", "performance-tables", None),
    ("hostile/38_aggregates_in_wrong_place.csv", "absence", "performance-tables", None),
    ("hostile/01_swf_truncated_mid_row.csv", "workforce", "performance-tables", None),
];

#[test]
fn every_published_header_is_recognised_by_the_layout_that_is_meant() {
    let Some(corpus) = crate::support::corpus::folder("published headers") else { return };
    let registry = Registry::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    let mut seen = 0;
    for (place, connector, expected, bound) in EXPECTED {
        let manifest = &registry.connectors[*connector];
        let files = tables(&corpus.join(place));
        assert!(!files.is_empty(), "{place}: no table there");
        for file in files {
            let header = header(&file, &manifest.decode.header_has).unwrap_or_else(|| panic!("{}: no header", file.display()));
            let layout = recognise(manifest, &header, period(place)).unwrap_or_else(|| panic!("{}: no layout", file.display()));
            assert_eq!(layout.name, *expected, "{}", file.display());
            let read = measures(layout, &header);
            let lost: Vec<_> = layout.require.iter().filter(|id| !read.contains(id.as_str())).collect();
            assert!(lost.is_empty(), "{}: {lost:?}", file.display());
            assert_eq!(read.len(), bound.unwrap_or(layout.columns.len()), "{}: {read:?}", file.display());
            assert!(layout.key.iter().any(|key| header.contains(key)), "{}: no key", file.display());
            assert!(layout.part.iter().all(|part| header.contains(part)), "{}: no part", file.display());
            println!("{}: {connector} / {} reads {} measures", file.display(), layout.name, read.len());
            seen += 1;
        }
    }
    assert!(seen >= 75, "{seen} files only");
}

#[test]
fn a_renamed_column_is_missed_and_a_foreign_file_is_not_recognised() {
    let registry = Registry::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    let year = "2022/23".parse().ok();
    let header = |names: &str| names.split(',').map(str::to_owned).collect::<Vec<_>>();
    let renamed = header("LA,ESTAB,URN,PERC_TOTAL,PPERSABS10");
    let layout = recognise(&registry.connectors["absence"], &renamed, year).unwrap();
    assert!(!measures(layout, &renamed).contains("absence.overall"));
    let pupils = header("UPN,Surname,Forename,DOB,Sex,URN,FSM6,READ_SCORE");
    for manifest in registry.connectors.values() {
        assert!(recognise(manifest, &pupils, year).is_none(), "{}", manifest.id);
    }
}

fn recognise<'m>(manifest: &'m Manifest, header: &[String], year: Option<AcademicYear>) -> Option<&'m Layout> {
    manifest.layout.iter().find(|layout| {
        let within = match (parse_span(&layout.periods), year) {
            (Some((from, to)), Some(year)) => from <= year && to.is_none_or(|to| year <= to),
            _ => true,
        };
        within && layout.recognise.iter().all(|name| header.contains(name))
    })
}

/// Measures of which exactly one alias stands in the header.
fn measures<'l>(layout: &'l Layout, header: &[String]) -> BTreeSet<&'l str> {
    let stands = |name: &&String| header.contains(name);
    let bound = layout.columns.iter().filter(|(_, column)| column.from.iter().filter(stands).count() == 1);
    bound.map(|(id, _)| id.as_str()).collect()
}

/// The year in `reshaped/ks4/2015-2016`; hostile files are of a year in which all layouts hold.
fn period(place: &str) -> Option<AcademicYear> {
    place.split('/').find_map(|part| part.parse().ok()).or_else(|| "2018/19".parse().ok())
}

fn tables(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_path_buf()];
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            found.extend(tables(&path));
        } else if (name.ends_with(".csv") || name.ends_with(".csv.gz")) && !name.contains(".sources.") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The first of twenty rows that has one of `names`.
fn header(file: &Path, names: &[String]) -> Option<Vec<String>> {
    let has = |row: &Vec<String>| names.is_empty() || names.iter().any(|name| row.contains(name));
    if file.extension().is_some_and(|extension| extension == "xlsx") {
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(file).ok()?;
        let (_, range) = calamine::Reader::worksheets(&mut book).into_iter().next()?;
        return range.rows().take(20).map(|row| row.iter().map(|cell| cell.to_string().trim().to_owned()).collect()).find(has);
    }
    let mut bytes = fs::read(file).ok()?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).ok()?;
        bytes = plain;
    }
    // names are ASCII but for a pound sign, which old files have in Windows-1252
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let head = &bytes[..bytes.len().min(1 << 16)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(head).into_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(head).0.into_owned(),
    };
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = rows.records().take(20).flatten().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect());
    rows.find(has)
}
