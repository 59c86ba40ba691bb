//! Files that people put into a watched folder, good ones beside one that nobody can place.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use headwater::demo::{SEED, Wexcombe};

use crate::crash::folder;

fn poll(data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
    command.arg("--data").arg(data).args(["ingest", "--source", "absence"]).output().unwrap()
}

#[test]
fn a_file_without_a_period_in_its_name_holds_up_no_other_and_leaves_no_copies() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let inbox = data.join("inbox/absence");
    fs::create_dir_all(&inbox).unwrap();
    let timeline = Wexcombe::new(SEED).unwrap().timeline;
    let tables: Vec<_> = timeline.iter().filter(|one| one.connector == "absence" && !one.bytes.is_empty()).collect();
    fs::write(inbox.join("0-absence.csv"), &tables[0].bytes).unwrap();
    fs::write(inbox.join(&tables[1].file_name), &tables[1].bytes).unwrap();
    for _ in 0..3 {
        let out = poll(&data);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && said.contains("0-absence.csv") && said.contains("into its name"), "{said}");
        assert_eq!(folder::acts(&data), 1, "the other file was held up, or taken twice");
        assert_eq!(folder::incoming(&data), [""; 0], "copies pile up");
    }
    fs::rename(inbox.join("0-absence.csv"), inbox.join(&tables[0].file_name)).unwrap();
    for _ in 0..2 {
        poll(&data);
    }
    assert_eq!(folder::acts(&data), 2);
    let out = poll(&data);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(folder::problems(&data).is_empty());
}
