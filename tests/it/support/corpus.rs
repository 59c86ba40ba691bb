//! Real published files, where they are at hand.

use std::path::{Path, PathBuf};

/// The folder that `HEADWATER_CORPUS` names, or the one beside the checkout; says so and gives
/// none if it is not there.
pub fn folder(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("HEADWATER_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("{test}: skipped, there is no folder with published files at {} (HEADWATER_CORPUS)", folder.display());
    None
}
