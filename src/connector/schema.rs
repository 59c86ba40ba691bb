//! The JSON Schema of a manifest, for editors: `connectors/manifest.schema.json`.

use super::Manifest;
use crate::toml_file;

/// As written to the file, with a line feed at the end.
pub fn manifest_schema() -> String {
    format!("{:#}\n", toml_file::schema::<Manifest>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/connectors/manifest.schema.json");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let same = kept == manifest_schema();
        assert!(same, "out of date: run `cargo run -- validate --schema > connectors/manifest.schema.json`");
    }
}
