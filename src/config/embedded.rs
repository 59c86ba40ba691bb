//! What is built in, so that Headwater runs without a single file beside it.

use crate::connector::embedded;

/// Rule packs, authorities, alliances, partnerships, pathways and size schemes that come with the program. A folder or a
/// file of one's own replaces them.
const FILES: &[(&str, &str)] = &[
    ("config/alliances/example-hub.toml", include_str!("../../config/alliances/example-hub.toml")),
    ("config/alliances/example-open.toml", include_str!("../../config/alliances/example-open.toml")),
    ("config/alliances/example-two-counties.toml", include_str!("../../config/alliances/example-two-counties.toml")),
    ("config/authorities.toml", include_str!("../../config/authorities.toml")),
    ("config/partnerships/example-alliance.toml", include_str!("../../config/partnerships/example-alliance.toml")),
    ("config/partnerships/example-shire.toml", include_str!("../../config/partnerships/example-shire.toml")),
    ("config/partnerships/example-unitary.toml", include_str!("../../config/partnerships/example-unitary.toml")),
    ("config/pathways.toml", include_str!("../../config/pathways.toml")),
    ("config/schemes/example-board.toml", include_str!("../../config/schemes/example-board.toml")),
    ("config/schemes/policy.toml", include_str!("../../config/schemes/policy.toml")),
    ("config/schemes/statutory.toml", include_str!("../../config/schemes/statutory.toml")),
    ("config/trust-sizes.toml", include_str!("../../config/trust-sizes.toml")),
];

/// Every file built in: name in the repository and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::FILES.iter().chain(FILES).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_of_the_folders_is_built_in() {
        let built_in: BTreeSet<&str> = super::files().map(|(name, _)| name).collect();
        for folder in ["config/alliances", "config/partnerships", "config/schemes", "connectors"] {
            for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
                let name = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
                assert!(
                    !name.ends_with(".toml") || built_in.contains(name.as_str()),
                    "{name} is not listed in src/config/embedded.rs"
                );
            }
        }
    }
}
