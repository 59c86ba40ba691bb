//! Hostile files offered to a folder in which concerns are open: nothing moves.

use headwater::pipeline::Done;
use headwater::store::concerns;
use headwater::store::releases::Status;

use super::Real;
use crate::support::corpus;

/// File, connector, period, and what becomes of it.
const FILES: &[(&str, &str, &str, Status)] = &[
    ("05_html_error_saved_as.csv", "absence", "2022/23", Status::Refused),
    ("06_empty.csv", "absence", "2022/23", Status::Refused),
    ("07_header_only.csv", "absence", "2022/23", Status::Held),
    ("08_renamed_column.csv", "absence", "2022/23", Status::Held),
    ("09_duplicated_header_name.csv", "absence", "2022/23", Status::Refused),
    ("11_swapped_values_header_not.csv", "absence", "2022/23", Status::Held),
    ("13_half_the_rows_missing.csv", "absence", "2022/23", Status::Held),
    ("14_values_shifted_one_column.csv", "absence", "2022/23", Status::Refused),
    ("15_percentages_as_fractions.csv", "ks2-performance", "2017/18", Status::Held),
    ("20_SYNTHETIC_pupil_level.csv", "ks2-performance", "2022/23", Status::Refused),
    ("21_pii_columns_added_to_school_file.csv", "absence", "2022/23", Status::Refused),
    ("22_zip_bomb_small.zip", "absence", "2022/23", Status::Refused),
    ("23_zip_two_members.zip", "absence", "2022/23", Status::Held),
    ("24_zip_path_traversal.zip", "absence", "2022/23", Status::Refused),
    ("28_gzip_truncated.csv.gz", "absence", "2022/23", Status::Refused),
    ("30_ten_mb_single_line.csv.gz", "absence", "2022/23", Status::Refused),
    ("33_semicolon_decimal_comma.csv", "absence", "2022/23", Status::Refused),
    ("36_previous_year_again.csv", "absence", "2023/24", Status::Held),
    ("37_all_suppressed.csv", "absence", "2022/23", Status::Held),
    ("39_unterminated_quote_swallows_rows.csv", "ofsted-inspections", "2026-06-30", Status::Refused),
];

#[test]
fn no_concern_moves_when_a_bad_file_comes() {
    let Some(corpus) = corpus::folder("hostile files against open concerns") else { return };
    let mut real = Real::new();
    real.accept("absence", &corpus.join("published/abs/2018-2019/england_abs.csv"), "2018/19", None, "2020-05-01");
    real.accept("absence", &corpus.join("published/abs/2022-2023/england_abs.csv"), "2022/23", None, "2024-05-01");
    real.accept("ks2-performance", &corpus.join("reshaped/ks2/2017-2018/england_ks2final.csv.gz"), "2017/18", None, "2019-04-11");
    let inspections = "reshaped/ofsted-mi/2026-05-31/Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_May_2026.csv.gz";
    real.accept("ofsted-inspections", &corpus.join(inspections), "2026-05-31", None, "2026-06-15");
    let db = |real: &Real| concerns::all(&real.engine.store.db).unwrap();
    let (before, seq, facts) = (db(&real), real.last_seq(), facts(&real));
    assert!(before.len() > 100, "{} concerns are too few to move", before.len());
    for (name, source, period, status) in FILES {
        let file = corpus.join("hostile").join(name);
        let done = real.offer(source, &file, period, None, "2026-07-01");
        let Done::File { release, alerts } = done else { panic!("{name}: {done:?}") };
        assert_eq!(release.status, *status, "{name}: {:?}", release.findings);
        assert!(!release.findings.is_empty() && alerts.is_empty(), "{name}");
        let kept = real.engine.store.raw.has(&release.info.file);
        let personal = release.findings.iter().any(|finding| finding.code == "personal-data");
        assert_eq!(kept, !personal, "{name}: personal data is not kept, everything else is");
    }
    assert_eq!((db(&real), real.last_seq(), self::facts(&real)), (before, seq, facts));
    real.verify();
}

fn facts(real: &Real) -> i64 {
    real.engine.store.db.query_row("SELECT count(*) FROM fact", [], |row| row.get(0)).unwrap()
}
