//! All manifests and the measures that they speak of, read and checked together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Manifest, check, embedded};
use crate::faults::{Fault, Faults};
use crate::model::measure::{Measure, Measures};
use crate::toml_file;

/// What can be read, and what it means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registry {
    /// By id, which is the file's name.
    pub connectors: BTreeMap<String, Manifest>,
    pub measures: Measures,
}

impl Registry {
    /// The connectors and measures that come with the program.
    pub fn embedded() -> Result<Registry, Faults> {
        Registry::load(&embedded::files())
    }

    /// Reads manifests, and the measures from the file called `measures.toml`; without one the
    /// measures that come with the program hold. Errors: every fault of every file.
    pub fn load(files: &[(PathBuf, String)]) -> Result<Registry, Faults> {
        let mut faults = Faults::default();
        let measures = measures_of(files).map_err(|found| faults.extend(found)).ok();
        let mut connectors: BTreeMap<String, (&Path, Manifest)> = BTreeMap::new();
        for (path, text) in files.iter().filter(|(path, _)| !is_measures(path)) {
            match toml_file::parse::<Manifest>(path, text) {
                Ok(manifest) => {
                    faults.extend(check::manifest(path, text, &manifest, measures.as_ref()));
                    if let Some((other, _)) = connectors.get(&manifest.id) {
                        let what = format!("`{}` is the id of {} too", manifest.id, other.display());
                        faults.push(Fault { file: path.clone(), line: Some(1), key: "id".into(), what, hint: None });
                    }
                    connectors.insert(manifest.id.clone(), (path, manifest));
                }
                Err(found) => faults.extend(found),
            }
        }
        let connectors = connectors.into_iter().map(|(id, (_, manifest))| (id, manifest)).collect();
        faults.or(Registry { connectors, measures: measures.unwrap_or_default() })
    }

    /// Data sets that describe establishments, the one that is believed first at the front.
    pub fn register_datasets(&self) -> Vec<String> {
        register_datasets(self.connectors.values())
    }
}

/// Data sets of `manifests` that describe establishments, in the order in which they are believed.
pub fn register_datasets<'m>(manifests: impl IntoIterator<Item = &'m Manifest>) -> Vec<String> {
    let ranked = manifests.into_iter().filter_map(|manifest| Some((manifest.register?, &manifest.dataset)));
    let ranked: BTreeSet<(u8, &String)> = ranked.collect();
    let mut datasets: Vec<String> = Vec::new();
    for (_, dataset) in ranked {
        if !datasets.contains(dataset) {
            datasets.push(dataset.clone());
        }
    }
    datasets
}

fn is_measures(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "measures.toml")
}

/// The measures among these files; without a file of them, those that come with the program.
pub fn measures_of(files: &[(PathBuf, String)]) -> Result<Measures, Faults> {
    match files.iter().find(|(path, _)| is_measures(path)) {
        Some((path, text)) => load_measures(path, text),
        None => embedded::files()
            .iter()
            .find(|(path, _)| is_measures(path))
            .map_or_else(|| Ok(Measures::default()), |(path, text)| load_measures(path, text)),
    }
}

/// Reads the measure registry. Errors: every fault of the file.
pub fn load_measures(file: &Path, text: &str) -> Result<Measures, Faults> {
    let definitions = toml_file::parse::<BTreeMap<String, Measure>>(file, text)?;
    check::measures(file, text, &definitions).or(Measures::new(definitions))
}

/// The TOML files of a folder, in the order of their names.
pub fn toml_files(folder: &Path) -> Result<Vec<(PathBuf, String)>, Faults> {
    let mut faults = Faults::default();
    let mut unread = |path: &Path, error: std::io::Error| {
        let (file, what) = (path.to_path_buf(), format!("cannot be read: {error}"));
        faults.push(Fault { file, line: None, key: String::new(), what, hint: None });
    };
    let mut paths = Vec::new();
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                match entry {
                    Ok(entry) => paths.push(entry.path()),
                    Err(error) => unread(folder, error),
                }
            }
        }
        Err(error) => unread(folder, error),
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((path, text)),
            Err(error) => unread(&path, error),
        }
    }
    faults.or(files)
}

#[cfg(test)]
mod tests;
