//! The national register and what stands on it.

use super::Real;
use crate::support::corpus;

#[test]
fn national_files_go_in_with_every_row_accounted_for_and_the_same_bytes_change_nothing() {
    let Some(corpus) = corpus::folder("national files") else { return };
    let mut real = Real::new();
    let ofsted = corpus.join("reshaped/ofsted-mi");
    let files = [
        (
            "gias-establishments",
            corpus.join("reshaped/gias/2024-06-17/edubasealldata20240617.csv.gz"),
            "2024-06-17",
            "2024-06-17",
        ),
        (
            "ofsted-inspections",
            ofsted.join("2024-08-31/Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2024.csv.gz"),
            "2024-08-31",
            "2024-09-16",
        ),
        (
            "ofsted-inspections",
            ofsted.join("2026-05-31/Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_May_2026.csv.gz"),
            "2026-05-31",
            "2026-06-15",
        ),
        ("ks2-performance", corpus.join("reshaped/ks2/2017-2018/england_ks2final.csv.gz"), "2017/18", "2019-04-11"),
        ("ks4-performance", corpus.join("reshaped/ks4/2017-2018/england_ks4final.csv.gz"), "2017/18", "2019-04-11"),
        ("absence", corpus.join("published/abs/2022-2023/england_abs.csv"), "2022/23", "2024-05-01"),
    ];
    let mut read = Vec::new();
    for (source, file, period, published) in &files {
        let release = real.accept(source, file, period, None, published);
        read.push((release.counts.read, release.counts.quarantined));
        if *source == "gias-establishments" {
            assert_eq!(release.counts.read, 51_012);
        }
    }
    println!("rows read and set aside: {read:?}; {} alerts", real.last_seq());
    let (alerts, acts) = (real.last_seq(), real.acts());
    for (source, file, period, published) in &files {
        let again = real.offer(source, file, period, None, published);
        assert!(matches!(again, headwater::pipeline::Done::Unchanged(_)), "{}: {again:?}", file.display());
    }
    assert_eq!((real.last_seq(), real.acts()), (alerts, acts), "the same bytes logged something");
    real.verify();
}

#[test]
fn a_file_that_repeats_the_year_before_is_a_release_of_its_own_year() {
    let Some(corpus) = corpus::folder("files of several years") else { return };
    let mut real = Real::new();
    let file = |year: &str| corpus.join(format!("reshaped/ees-ks2/{year}/ks2_school_attainment_data.csv.gz"));
    real.accept("ks2-performance", &file("2023-2024"), "2023/24", None, "2024-12-12");
    real.accept("ks2-performance", &file("2024-2025"), "2024/25", None, "2025-12-11");
    // under a year that it says nothing about it waits for a person
    let done = real.offer("ks2-performance", &file("2023-2024"), "2025/26", None, "2026-12-10");
    let headwater::pipeline::Done::File { release, .. } = done else { panic!("{done:?}") };
    assert_eq!(release.status, headwater::store::releases::Status::Held);
    assert!(release.findings.iter().any(|finding| finding.code == "other-period"), "{:?}", release.findings);
    real.verify();
}
