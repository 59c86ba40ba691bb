//! The files in force, as one thing with one hash.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::embedded;
use crate::faults::{Fault, Faults};

/// Path → text of every connector manifest, rule pack and the measure registry.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Bundle(pub BTreeMap<PathBuf, String>);

/// Where the folders of a bundle stand; none for what is built in.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Folders {
    pub connectors: Option<PathBuf>,
    pub schemes: Option<PathBuf>,
    pub measures: Option<PathBuf>,
}

impl Bundle {
    /// Reads the folders given, and takes what is built in for the others.
    pub fn load(folders: &Folders) -> Result<Bundle, Faults> {
        let (mut bundle, mut faults) = (Bundle::default(), Faults::default());
        for (folder, built_in, prefix) in [
            (&folders.connectors, embedded::CONNECTORS, "connectors"),
            (&folders.schemes, embedded::SCHEMES, "config/schemes"),
            (&folders.measures, embedded::MEASURES, "config"),
        ] {
            let read = match folder {
                None => Ok(built_in.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()),
                Some(path) if path.is_file() => fs::read_to_string(path).map(|text| vec![("measures.toml".to_owned(), text)]),
                Some(path) => read_folder(path),
            };
            match read {
                Ok(files) => bundle.0.extend(files.into_iter().map(|(name, text)| (Path::new(prefix).join(name), text))),
                Err(error) => faults.push(Fault {
                    file: folder.clone().unwrap_or_default(),
                    line: None,
                    key: String::new(),
                    what: format!("cannot be read: {error}"),
                    hint: Some("check the [files] block of the settings".into()),
                }),
            }
        }
        faults.or(bundle)
    }

    /// As bytes for the raw store; the same files always give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Bundle> {
        serde_json::from_slice(bytes).ok()
    }

    /// The files under one folder, in order.
    pub fn under(&self, folder: &str) -> Vec<(PathBuf, String)> {
        self.0.iter().filter(|(path, _)| path.parent() == Some(Path::new(folder))).map(|(p, t)| (p.clone(), t.clone())).collect()
    }
}

/// Every TOML file of a folder; files that start with a dot or belong to editors are passed over.
fn read_folder(path: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") && !name.starts_with('.') {
            files.push((name, fs::read_to_string(entry.path())?));
        }
    }
    files.sort();
    Ok(files)
}
