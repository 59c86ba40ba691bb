//! Laws that hold for every table.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::connector::Manifest;
use crate::decode::Row;
use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;
use crate::model::measure::Measure;
use crate::model::{Measures, Missing, Period, Value};

const WIDE: &str = r#"
id = "attendance"
title = "Attendance in Wexcombe"
publisher = "Wexcombe County Council"
licence = "none"
dataset = "att"
cadence = "yearly"
stage = "final"
personal = ["Head"]
gate = { ordered = [["att.overall", "att.persistent"]] }
[fetch]
kind = "folder"
path = "in"
files = "*"
[[layout]]
name = "wide"
recognise = ["LA", "URN", "Phase"]
key = ["URN"]
rows = [{ when = { LA = ["NAT"] }, area = "england/{Phase}" }, { when = { LA = ["note"] }, skip = "note" }]
markers = { SUPP = "suppressed", NE = "no-entries", "9" = "not-applicable", NEW = "new-school" }
tail = { NEW = "new-school" }
require = ["att.overall"]
[layout.columns]
"att.overall" = { from = ["Overall"] }
"att.persistent" = { from = ["Persistent", "PA10"] }
"att.band" = { from = ["Band"], recode = { "1" = "low", "2" = "high" } }
"att.code" = { from = ["Code"], strip-zeros = true }
"att.since" = { from = ["Since"], dates = ["dd/mm/yyyy"] }
"#;

const TIDY: &str = r#"
id = "attainment"
title = "Attainment in Wexcombe"
publisher = "Wexcombe County Council"
licence = "none"
dataset = "att"
cadence = "yearly"
stage = "final"
[fetch]
kind = "folder"
path = "in"
files = "*"
[[layout]]
name = "tidy"
recognise = ["school_urn", "subject"]
shape = "tidy"
key = ["school_urn"]
year = ["time_period"]
markers = { z = "not-applicable" }
require = ["att.overall"]
[layout.columns]
"att.overall" = { from = ["value"], where = { subject = ["all"] } }
"att.persistent" = { from = ["value"], where = { subject = ["maths"] } }
"#;

const MEASURES: &str = r#"
["att.overall"]
title = "Overall"
source = "test"
kind = "number"
unit = "percent"
bounds = { min = 0, max = 100 }
["att.persistent"]
title = "Persistent"
source = "test"
kind = "number"
unit = "percent"
["att.band"]
title = "Band"
source = "test"
kind = "category"
values = ["low", "high"]
["att.code"]
title = "Code"
source = "test"
kind = "text"
["att.since"]
title = "Since"
source = "test"
kind = "date"
published = ["2015/16..2018/19"]
"#;

fn measures() -> Measures {
    Measures::new(toml::from_str::<BTreeMap<String, Measure>>(MEASURES).unwrap())
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn bound(manifest: &str, header: &str, about: &str) -> Result<Binding, Vec<Finding>> {
    let manifest: Manifest = toml::from_str(manifest).unwrap();
    let header: Vec<String> = header.split(',').map(str::to_owned).collect();
    bind(&manifest, &measures(), period(about), &header)
}

const HEADER: &str = "LA,Phase,URN,Head,Overall,Persistent,Band,Code,Since";

fn rows_of(lines: &[String]) -> Vec<Row> {
    let numbered = (2u32..).zip(lines);
    numbered.map(|(number, line)| Row { number, cells: line.split(',').collect(), fault: None }).collect()
}

fn read_lines(binding: &Binding, lines: &[String], known: Known<'_>) -> Read {
    let mut rows = rows_of(lines).into_iter();
    let next = |row: &mut Row| Ok(rows.next().map(|next| *row = next).is_some());
    read_rows(next, binding, known).unwrap()
}

fn read_text(text: &str) -> Read {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    read_lines(&bound(WIDE, HEADER, "2016/17").unwrap(), &lines, Known::default())
}

fn value(read: &Read, subject: i64, id: &str) -> Option<Value> {
    let record = read.records.iter().find(|record| record.subject == subject)?;
    let Content::Present(body) = &record.content else { return None };
    Some(body.cell(measures().code(id).unwrap())?.value)
}

#[test]
fn a_row_is_read_by_the_names_of_its_columns() {
    let read = read_text("990,PRI,900001,Head-1,5.5,43%,2,06,01/09/2011");
    assert_eq!(value(&read, 900_001, "att.overall"), Some(Value::Number("5.5".parse().unwrap())));
    assert_eq!(value(&read, 900_001, "att.persistent"), Some(Value::Number(43.into())));
    assert_eq!(value(&read, 900_001, "att.band"), Some(Value::Text("high".into())));
    assert_eq!(value(&read, 900_001, "att.code"), Some(Value::Text("6".into())));
    assert_eq!(value(&read, 900_001, "att.since"), Some(Value::Date(jiff::civil::date(2011, 9, 1))));
    let exchanged = bound(WIDE, "LA,Phase,URN,Head,PA10,Overall,Band,Code,Since", "2016/17").unwrap();
    let lines = ["990,PRI,900001,Head-1,43%,5.5,2,06,01/09/2011".to_owned()];
    assert_eq!(read_lines(&exchanged, &lines, Known::default()).records, read.records);
}

#[test]
fn figures_of_areas_never_become_a_school() {
    let read = read_text("NAT,primary,,,4.0,8.2,,,\nnote,,,,,,,,\n,,,,,,,,\n990,PRI,NAT,,4.0,8.2,,,");
    assert_eq!(read.records.len(), 1);
    assert_eq!((read.records[0].subject, read.records[0].part.as_str()), (AREAS, "england/primary"));
    assert_eq!(read.counts.skipped, BTreeMap::from([("note".to_owned(), 1), ("blank row".to_owned(), 1)]));
    assert_eq!((read.counts.accepted, read.counts.quarantined), (1, 1));
    assert_eq!(read.quarantine[0].finding.row, Some(5));
    assert_eq!(read.quarantine[0].finding.column.as_deref(), Some("URN"));
    assert_eq!(read.quarantine[0].finding.raw.as_deref(), Some("NAT"));
}

#[test]
fn a_row_with_one_cell_that_cannot_be_right_is_set_aside_whole_and_names_it() {
    for (line, column, code) in [
        ("990,PRI,900001,Head-1,oops,43,2,06,01/09/2011", "Overall", "type-error"),
        ("990,PRI,900001,Head-1,101,43,2,06,01/09/2011", "Overall", "constraint-error"),
        ("990,PRI,900001,Head-1,5,43,7,06,01/09/2011", "Band", "type-error"),
        ("990,PRI,900001,Head-1,5,43,2,06,31/02/2011", "Since", "type-error"),
        ("990,PRI,12345,Head-1,5,43,2,06,01/09/2011", "URN", "primary-key"),
        ("990,PRI,900001,Head-1,5,43,2,06,01/09/2011,more", "column 10", "extra-cell"),
        ("990,PRI,900001,Head-1,5,43,2,", "Code", "missing-cell"),
    ] {
        let read = read_text(line);
        assert_eq!(read.counts.quarantined, 1, "{line}");
        let finding = &read.quarantine[0].finding;
        assert_eq!((finding.code.as_str(), finding.column.as_deref(), finding.row), (code, Some(column), Some(2)), "{line}");
        assert!(read.records.iter().all(|record| record.content == Content::Quarantined));
        assert!(read.quarantine[0].cells.iter().all(|cell| cell != "Head-1"), "a personal cell was kept");
    }
}

#[test]
fn a_row_that_ends_early_says_why() {
    let read = read_text("990,PRI,900001,Head-1,NEW\n990,PRI,900002,Head-2,5.5");
    assert_eq!(value(&read, 900_001, "att.overall"), Some(Value::Missing(Missing::NewSchool)));
    assert_eq!(value(&read, 900_001, "att.persistent"), Some(Value::Missing(Missing::NewSchool)));
    assert_eq!(value(&read, 900_002, "att.persistent"), Some(Value::Missing(Missing::RowEnded)));
}

#[test]
fn a_measure_that_nobody_has_in_that_year_is_missing_for_that_reason() {
    let binding = bound(WIDE, HEADER, "2019/20").unwrap();
    let read = read_lines(&binding, &["990,PRI,900001,,5,6,2,06,whatever".to_owned()], Known::default());
    assert_eq!(value(&read, 900_001, "att.since"), Some(Value::Missing(Missing::NotPublishedThisPeriod)));
}

#[test]
fn the_same_row_twice_is_one_and_different_rows_of_a_school_are_none() {
    let read = read_text(
        "990,PRI,900001,,5,6,2,06,\n990,PRI,900002,,5,6,2,06,\n990,PRI,900001,,5,6,2,06,\n990,PRI,900002,,5,7,2,06,\n990,PRI,900003,,1,2,2,06,",
    );
    assert_eq!(read.counts.skipped, BTreeMap::from([("identical duplicate".to_owned(), 1)]));
    assert_eq!((read.counts.read, read.counts.accepted, read.counts.quarantined), (5, 2, 2));
    assert_eq!(read.records.len(), 3);
    assert_eq!(read.records[1].content, Content::Quarantined);
    let places: Vec<_> = read.quarantine.iter().map(|aside| (aside.finding.row, aside.finding.column.as_deref())).collect();
    assert_eq!(places, [(Some(3), Some("Persistent")), (Some(5), Some("Persistent"))]);
    assert_eq!(read.quarantine[0].cells[5], "6");
}

#[test]
fn rows_of_the_release_before_are_recognised_and_their_figures_still_counted() {
    let lines: Vec<String> = (0..50).map(|n| format!("990,PRI,9000{n:02},,{n},{},2,06,", n + 1)).collect();
    let binding = bound(WIDE, HEADER, "2016/17").unwrap();
    let first = read_lines(&binding, &lines, Known::default());
    let mut changed = lines.clone();
    changed[7] = "990,PRI,900007,,99,100,1,06,".to_owned();
    let second = read_lines(&binding, &changed, Known { unchanged: &first.row_hashes, closed: &[] });
    let fresh = read_lines(&binding, &changed, Known::default());
    assert_eq!(second.records.iter().filter(|record| record.content != Content::Unchanged).count(), 1);
    assert_eq!(second.records[7], fresh.records[7]);
    assert_eq!((second.shape, second.counts, second.row_hashes), (fresh.shape, fresh.counts, fresh.row_hashes));
}

#[test]
fn schools_closed_long_ago_are_set_aside() {
    let binding = bound(WIDE, HEADER, "2016/17").unwrap();
    let lines = ["990,PRI,900001,,5,6,2,06,".to_owned(), "990,PRI,900002,,5,6,2,06,".to_owned()];
    let read = read_lines(&binding, &lines, Known { closed: &[900_002], unchanged: &[] });
    assert_eq!((read.counts.accepted, read.counts.quarantined, read.shape.closed), (1, 1, 1));
    assert_eq!(read.quarantine[0].finding.code, "closed-school");
}

#[test]
fn headers_that_are_not_understood_are_held_or_refused_by_name() {
    let header = |header: &str| bound(WIDE, header, "2016/17").map(|_| ()).unwrap_err();
    let renamed = header("LA,Phase,URN,Head,OVERALL_PCT,Persistent,Band,Code,Since");
    assert_eq!((renamed[0].class, renamed[0].code.as_str()), (Class::Hold, "missing-column"));
    assert_eq!(renamed[0].column.as_deref(), Some("Overall"));
    assert!(renamed[0].what.contains("`OVERALL_PCT`"), "{}", renamed[0].what);
    let twice = header("LA,Phase,URN,Head,Overall,Persistent,Overall,Code,Since");
    assert_eq!(
        (twice[0].class, twice[0].code.as_str(), twice[0].column.as_deref()),
        (Class::Refuse, "duplicate-label", Some("Overall"))
    );
    let strange = header("Town,Rain");
    assert_eq!((strange[0].class, strange[0].code.as_str()), (Class::Refuse, "unknown-layout"));
    let private = header("LA,Phase,URN,Head,Overall,Persistent,PupilName,Parent email");
    assert_eq!(
        private.iter().map(|finding| finding.column.as_deref()).collect::<Vec<_>>(),
        [Some("PupilName"), Some("Parent email")]
    );
    assert!(private.iter().all(|finding| finding.class == Class::Refuse && finding.code == "personal-data"));
}

fn read_tidy(lines: &[String]) -> Read {
    read_lines(&bound(TIDY, "time_period,school_urn,subject,value", "2023/24").unwrap(), lines, Known::default())
}

#[test]
fn a_tidy_table_becomes_one_record_a_school_and_year() {
    let lines =
        ["202324,900001,maths,4", "202324,900001,art,1", "202324,900001,all,5", "202223,900001,all,z", "202324,900002,all,x?"];
    let read = read_tidy(&lines.map(str::to_owned));
    assert_eq!(read.counts.skipped, BTreeMap::from([("other breakdown".to_owned(), 1)]));
    assert_eq!((read.counts.read, read.counts.accepted, read.counts.quarantined), (5, 3, 1));
    let Content::Present(body) = &read.records[1].content else { panic!("{:?}", read.records) };
    let cells: Vec<_> = body.cells().map(|cell| (cell.raw, cell.row_offset)).collect();
    assert_eq!((read.records[1].row, cells), (2, vec![("5", 2), ("4", 0)]));
    assert_eq!(value(&read, 900_002, "att.overall"), Some(Value::Missing(Missing::Quarantined)));
}

#[test]
fn a_tidy_figure_given_twice_is_not_believed() {
    let lines = ["202324,900001,all,4", "202324,900001,all,5", "202324,900002,all,5", "202324,900002,all,5"].map(str::to_owned);
    let read = read_tidy(&lines);
    assert_eq!((read.counts.accepted, read.counts.quarantined), (1, 2));
    assert_eq!(read.records[0].content, Content::Quarantined);
}

/// Tokens of every kind: figures, markers, junk.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0u32..1000).prop_map(|n| format!("{}.{}", n / 10, n % 10)),
        1 => prop::sample::select(vec!["SUPP", "NE", "NEW", "9", "", " ", "z", "1e3", "-", "n/a", "0", "1", "2"]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9.%£ -]{0,6}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let urn = prop_oneof![9 => (900_000u32..900_030).prop_map(|urn| urn.to_string()), 1 => token()];
    let la = prop::sample::select(vec!["990", "990", "990", "990", "NAT", "note"]);
    let cells = (la, urn, prop::collection::vec(token(), 0..8));
    cells.prop_map(|(la, urn, cells)| format!("{la},PRI,{urn},Head,{}", cells.join(",")))
}

fn without_rows(mut read: Read) -> Read {
    read.records.iter_mut().for_each(|record| record.row = 0);
    read.quarantine.clear();
    read
}

proptest! {
    #[test]
    fn every_row_is_accounted_for(lines in prop::collection::vec(line(), 0..60)) {
        let read = read_lines(&bound(WIDE, HEADER, "2016/17").unwrap(), &lines, Known::default());
        prop_assert_eq!(read.counts.read as usize, lines.len());
        prop_assert!(read.counts.reconciles());
        prop_assert_eq!(read.counts.quarantined as usize, read.quarantine.len());
        prop_assert_eq!(read.counts.accepted as usize, read.records.iter().filter(|r| r.content != Content::Quarantined).count());
        prop_assert!(read.records.is_sorted_by(|a, b| (a.subject, &a.part, a.slot) < (b.subject, &b.part, b.slot)));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (lines, shuffled) in prop::collection::vec(line(), 0..60).prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        let binding = bound(WIDE, HEADER, "2016/17").unwrap();
        let one = read_lines(&binding, &lines, Known::default());
        let other = read_lines(&binding, &shuffled, Known::default());
        prop_assert_eq!(without_rows(one), without_rows(other));
    }

    #[test]
    fn the_order_of_tidy_rows_does_not_matter(
        (lines, shuffled) in prop::collection::vec((900_000u32..900_006, prop::sample::select(vec!["all", "maths", "art"]), token()), 0..30)
            .prop_map(|rows| rows.into_iter().map(|(urn, subject, token)| format!("202324,{urn},{subject},{token}")).collect::<Vec<_>>())
            .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        let (one, other) = (read_tidy(&lines), read_tidy(&shuffled));
        prop_assert!(one.counts.reconciles());
        let cells = |read: &Read| -> Vec<_> {
            read.records.iter().map(|record| match &record.content {
                Content::Present(body) => body.cells().map(|cell| (cell.measure, cell.value, cell.raw.to_owned())).collect(),
                _ => Vec::new(),
            }).collect()
        };
        prop_assert_eq!(cells(&one), cells(&other));
        prop_assert_eq!((one.counts, one.shape, one.row_hashes), (other.counts, other.shape, other.row_hashes));
    }

    /// Invariant I1: only what is written as a figure is one.
    #[test]
    fn no_token_turns_a_missing_figure_into_a_number(token in token()) {
        let read = read_text(&format!("990,PRI,900001,,{token},1,2,06,"));
        if let Some(Value::Number(number)) = value(&read, 900_001, "att.overall") {
            let token = token.trim();
            prop_assert!(!["SUPP", "NE", "NEW", "9", ""].contains(&token), "{} became {}", token, number);
            let digits: String = token.chars().filter(|c| c.is_ascii_digit()).collect();
            prop_assert!(!digits.is_empty() && !token.contains(char::is_alphabetic), "{} became {}", token, number);
        }
    }
}
