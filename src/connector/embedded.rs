//! The manifests and measures that come with the program. A folder of one's own replaces them.

use std::path::PathBuf;

/// Name in the repository and text of each file.
pub const FILES: &[(&str, &str)] = &[
    ("config/measures.toml", include_str!("../../config/measures.toml")),
    ("connectors/absence.toml", include_str!("../../connectors/absence.toml")),
    ("connectors/gias-establishments.toml", include_str!("../../connectors/gias-establishments.toml")),
    ("connectors/gias-group-links.toml", include_str!("../../connectors/gias-group-links.toml")),
    ("connectors/gias-groups.toml", include_str!("../../connectors/gias-groups.toml")),
    ("connectors/gias-links.toml", include_str!("../../connectors/gias-links.toml")),
    ("connectors/ks2-performance.toml", include_str!("../../connectors/ks2-performance.toml")),
    ("connectors/ks4-performance.toml", include_str!("../../connectors/ks4-performance.toml")),
    ("connectors/ofsted-inspections.toml", include_str!("../../connectors/ofsted-inspections.toml")),
    ("connectors/sector-establishments.toml", include_str!("../../connectors/sector-establishments.toml")),
    ("connectors/sector-links.toml", include_str!("../../connectors/sector-links.toml")),
    ("connectors/workforce.toml", include_str!("../../connectors/workforce.toml")),
];

pub fn files() -> Vec<(PathBuf, String)> {
    FILES.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect()
}
