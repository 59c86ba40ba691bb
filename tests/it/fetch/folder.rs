//! A watched folder.

use std::fs;
use std::path::Path;

use headwater::fetch::{FaultCode, FetchSpec, Known, Polled};

use super::{CSV, Desk, new_files, unchanged};
use crate::support::publisher::Does;

async fn desk() -> (Desk, tempfile::TempDir, FetchSpec) {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = FetchSpec::Folder { path: folder.path().display().to_string(), files: "*.csv".to_owned() };
    (Desk::new(|_| Does::IsSilent).await, folder, spec)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).expect("a file");
}

async fn not_yet(desk: &Desk, spec: &FetchSpec, known: &Known) -> Known {
    match desk.poll(spec, known).await {
        Ok(Polled::NotYet { known, .. }) => known,
        other => panic!("not awaited: {other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_taken_once_when_it_has_stopped_growing() {
    let (desk, folder, spec) = desk().await;
    let (_, known) = unchanged(desk.poll(&spec, &Known::default()).await);
    put(folder.path(), "ks4_2023-24.csv", &CSV[..20]);
    let known = not_yet(&desk, &spec, &known).await;
    put(folder.path(), "ks4_2023-24.csv", CSV);
    let known = not_yet(&desk, &spec, &known).await;
    put(folder.path(), "notes.txt", b"x");
    put(folder.path(), ".hidden.csv", b"x");
    let (files, known) = new_files(desk.poll(&spec, &known).await);
    assert_eq!((files.len(), files[0].1.as_slice()), (1, CSV));
    assert_eq!(files[0].0.period.as_deref(), Some("2023/24"));
    // the same bytes under another name, and the same file touched
    put(folder.path(), "again.csv", CSV);
    put(folder.path(), "ks4_2023-24.csv", CSV);
    let known = not_yet(&desk, &spec, &known).await;
    let (_, known) = unchanged(desk.poll(&spec, &known).await);
    unchanged(desk.poll(&spec, &known).await);
    assert_eq!(fs::read(folder.path().join("ks4_2023-24.csv")).expect("still there"), CSV);
    desk.assert_spool_holds(1);
}

#[tokio::test]
async fn a_link_out_of_the_folder_is_refused_and_holds_nothing_up() {
    let (desk, folder, spec) = desk().await;
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("a.csv")).expect("a link");
    put(folder.path(), "b.csv", CSV);
    let known = not_yet(&desk, &spec, &Known::default()).await;
    let (files, known) = new_files(desk.poll(&spec, &known).await);
    assert_eq!(files[0].0.file_name, "b.csv");
    let known = match desk.poll(&spec, &known).await {
        Ok(Polled::Unchanged { known, .. }) => known,
        Err(fault) => {
            assert_eq!(fault.code, FaultCode::Symlink, "{fault}");
            known
        }
        other => panic!("{other:?}"),
    };
    let fault = desk.poll(&spec, &known).await.expect_err("the link is told");
    assert_eq!(fault.code, FaultCode::Symlink, "{fault}");
    put(folder.path(), "c.csv", &[CSV, b"900003,Lower Wexcombe School,990\n"].concat());
    let known = not_yet(&desk, &spec, &known).await;
    assert_eq!(new_files(desk.poll(&spec, &known).await).0.len(), 1);
}

#[tokio::test]
async fn a_folder_that_is_not_there_and_a_pipe_in_it_do_no_harm() {
    let (desk, folder, spec) = desk().await;
    let pipe = folder.path().join("p.csv");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        let (_, known) = unchanged(desk.poll(&spec, &Known::default()).await);
        unchanged(desk.poll(&spec, &known).await);
    }
    drop(folder);
    let fault = desk.poll(&spec, &Known::default()).await.expect_err("gone");
    assert_eq!(fault.code, FaultCode::Disk, "{fault}");
}
