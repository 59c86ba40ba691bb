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

impl Folders {
    /// The same faults with the files under the names that they have here: a bundle knows every
    /// file by its place in the repository, so that it is the same bundle on another machine.
    pub fn as_they_are_called(&self, mut faults: Faults) -> Faults {
        let places = [(&self.connectors, "connectors"), (&self.schemes, "config/schemes"), (&self.measures, "config")];
        for fault in &mut faults.0 {
            let place = places.iter().find(|(_, place)| fault.file.parent() == Some(Path::new(place)));
            if let (Some((Some(here), _)), Some(name)) = (place, fault.file.file_name()) {
                fault.file = if here.is_file() { here.clone() } else { here.join(name) };
            }
        }
        faults
    }
}

impl Bundle {
    /// Reads the folders given, and takes what is built in for the others.
    pub fn load(folders: &Folders) -> Result<Bundle, Faults> {
        let (mut bundle, mut faults) = (Bundle::default(), Faults::default());
        for (folder, place) in
            [(&folders.connectors, "connectors"), (&folders.schemes, "config/schemes"), (&folders.measures, "config")]
        {
            let place = Path::new(place);
            let Some(folder) = folder else {
                let built_in = embedded::files().filter(|(name, _)| Path::new(name).parent() == Some(place));
                bundle.0.extend(built_in.map(|(name, text)| (PathBuf::from(name), text.to_owned())));
                continue;
            };
            match read(folder) {
                Ok(files) => bundle.0.extend(files.into_iter().map(|(name, text)| (place.join(name), text))),
                Err(error) => faults.push(Fault {
                    file: folder.clone(),
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

/// The measure registry is one file, connectors and rule packs are folders.
fn read(path: &Path) -> std::io::Result<Vec<(String, String)>> {
    if path.is_file() { Ok(vec![("measures.toml".to_owned(), fs::read_to_string(path)?)]) } else { read_folder(path) }
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
