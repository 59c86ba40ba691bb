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

    /// `connectors/README.md` shows every key there is, in a manifest that can be read.
    #[test]
    fn the_readme_shows_every_key() {
        let readme = include_str!("../../connectors/README.md");
        let example = readme.split("```toml\n").nth(2).and_then(|rest| rest.split("```").next()).unwrap();
        toml_file::parse::<Manifest>(std::path::Path::new("README.md"), example).unwrap_or_else(|faults| panic!("{faults}"));
        let schema = toml_file::schema::<Manifest>();
        let keys =
            |definition: &serde_json::Value| definition["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let mut all = keys(&schema);
        for name in ["Layout", "GateSpec", "DecodeSpec", "RowRule"] {
            all.extend(keys(&schema["$defs"][name]));
        }
        for variant in schema["$defs"]["FetchSpec"]["oneOf"].as_array().unwrap() {
            all.extend(keys(variant));
        }
        let shown = |key: &String| example.contains(&format!("{key} = ")) || example.contains(&format!("[{key}]"));
        let columns = |key: &String| example.contains(&format!("[layout.{key}]")) || example.contains(&format!("[[{key}]]"));
        let hidden: Vec<_> = all.into_iter().filter(|key| !shown(key) && !columns(key)).collect();
        assert!(hidden.is_empty(), "{hidden:?}");
        for key in keys(&schema["$defs"]["Column"]) {
            assert!(readme.contains(&format!("| `{key}` |")) || key == "from", "{key}");
        }
        for reason in crate::model::Missing::ALL.into_iter().take(14) {
            assert!(readme.contains(&format!("`{}`", reason.code())), "{reason}");
        }
    }

    #[test]
    fn the_schema_in_the_repository_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/connectors/manifest.schema.json");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let same = kept == manifest_schema();
        assert!(same, "out of date: run `cargo run -- validate --schema > connectors/manifest.schema.json`");
    }
}
