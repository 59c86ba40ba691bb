//! What is built in, so that Headwater runs without a single file beside it.

use crate::connector::embedded;

/// The rule packs that come with the program. A folder of one's own replaces them.
const SCHEMES: &[(&str, &str)] = &[
    ("config/schemes/example-board.toml", include_str!("../../config/schemes/example-board.toml")),
    ("config/schemes/policy.toml", include_str!("../../config/schemes/policy.toml")),
    ("config/schemes/statutory.toml", include_str!("../../config/schemes/statutory.toml")),
];

/// Every file built in: name in the repository and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::FILES.iter().chain(SCHEMES).copied()
}
