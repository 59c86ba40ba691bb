//! Real files of every connector: understood, accounted for to the row, and not held without cause.

use std::path::{Path, PathBuf};

use headwater::decode::{self, DecodeSpec, Limits};
use headwater::normalise;
use headwater::release_gate::Judgement;

use crate::support::corpus;
use crate::support::files::{Around, Outcome, ingest, manifest};

/// Connector, period, file, rows read, rows set aside.
const FILES: &[(&str, &str, &str, u32, u32)] = &[
    ("gias-links", "2023-04-21", "published/gias-links/2023-04-21/links_edubasealldata20230421.csv", 31_274, 0),
    ("gias-links", "2024-01-29", "published/gias-links/2024-01-29/links_edubasealldata20240129.csv", 32_197, 0),
    ("gias-links", "2025-01-09", "published/gias-links/2025-01-09/links_edubasealldata20250109.csv", 33_472, 0),
    (
        "gias-group-links",
        "2018-05-01",
        "published/gias-grouplinks/2018-05-01/grouplinks_edubaseallacademiesandfree20180501.csv",
        11_871,
        0,
    ),
    (
        "gias-group-links",
        "2018-12-01",
        "published/gias-grouplinks/2018-12-01/grouplinks_edubaseallacademiesandfree20181201.csv",
        12_915,
        0,
    ),
    ("gias-group-links", "2022-03-01", "reshaped/gias-alllinks/2022-03-01/alllinksdata20220301.csv.gz", 20_395, 0),
    ("gias-groups", "2026-03-24", "reshaped/gias-allgroups/2026-03-24/allgroupsdata20260324.csv", 7_166, 0),
    ("gias-groups", "2026-06-03", "reshaped/gias-allgroups/2026-06-03/allgroupsdata20260603.csv", 7_167, 0),
    ("absence", "2018/19", "published/abs/2018-2019/england_abs.csv", 21_217, 0),
    ("absence", "2022/23", "published/abs/2022-2023/england_abs.csv", 21_284, 0),
    ("ks2-performance", "2015/16", "reshaped/ks2/2015-2016/england_ks2final.csv.gz", 16_162, 0),
    ("ks2-performance", "2016/17", "reshaped/ks2/2016-2017/england_ks2final.csv.gz", 16_317, 0),
    ("ks2-performance", "2017/18", "reshaped/ks2/2017-2018/england_ks2final.csv.gz", 16_368, 0),
    ("ks4-performance", "2016/17", "reshaped/ks4/2016-2017/england_ks4final.csv.gz", 5_405, 0),
    ("ks4-performance", "2017/18", "reshaped/ks4/2017-2018/england_ks4final.csv.gz", 5_525, 0),
    ("ks4-performance", "2018/19", "published/ks4/2018-2019/england_ks4provisional.csv", 5_652, 0),
    ("ks4-performance", "2018/19", "reshaped/ks4/2018-2019/england_ks4final.csv.gz", 5_516, 0),
];

#[test]
fn successive_releases_are_accepted_one_after_the_other() {
    let Some(corpus) = corpus::folder("published files") else { return };
    let mut before: Option<(&str, Outcome)> = None;
    for (connector, period, file, rows, aside) in FILES {
        let earlier = before.as_ref().filter(|(of, _)| of == connector).map(|(_, outcome)| outcome);
        let outcome = ingest(connector, period, &corpus.join(file), &Around { before: earlier, ..Around::default() });
        assert_eq!(outcome.judgement, Judgement::Accept, "{file}");
        let counts = &outcome.read.as_ref().unwrap().counts;
        assert_eq!((counts.read, counts.quarantined, counts.reconciles()), (*rows, *aside, true), "{file}");
        before = Some((connector, outcome));
    }
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_official_column_is_taken_for_one_about_a_person_unless_it_is() {
    let Some(corpus) = corpus::folder("official headers") else { return };
    let mut files = Vec::new();
    files_under(&corpus.join("published"), &mut files);
    files_under(&corpus.join("reshaped"), &mut files);
    let personal: Vec<String> =
        ["gias-establishments", "gias-groups", "ks4-performance"].iter().flat_map(|id| manifest(id).personal).collect();
    let spec = DecodeSpec {
        header_has: ["URN", "LA", "LEA", "school_urn", "Group UID", "TRUST_UID"].map(str::to_owned).to_vec(),
        ..DecodeSpec::default()
    };
    let mut headers = 0;
    let mut seen: Vec<String> = Vec::new();
    for file in files {
        let Ok(table) = decode::open(Box::new(std::fs::File::open(&file).unwrap()), &spec, Limits::default()) else { continue };
        headers += 1;
        let names: Vec<&str> = table.header.iter().map(String::as_str).collect();
        seen.extend(normalise::personal_columns(&names, &personal).into_iter().filter_map(|finding| finding.column));
    }
    seen.sort();
    seen.dedup();
    assert!(headers > 80, "only {headers} headers were found");
    assert_eq!(seen, [] as [&str; 0]);
}
