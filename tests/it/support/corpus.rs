//! Real published files, where they are at hand.

use std::path::PathBuf;

/// The folder that `HEADWATER_CORPUS` names; says so and gives none if it is not there.
pub fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("HEADWATER_CORPUS").map(PathBuf::from).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("{test}: skipped, HEADWATER_CORPUS does not name a folder with published files");
    }
    folder
}
