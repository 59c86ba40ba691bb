//! The files in force, as one thing with one hash.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::embedded;
use crate::faults::{Fault, Faults};

/// Path → text of every file that says what Headwater does: connectors, measures, rule packs,
/// authorities, alliances and partnerships.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Bundle(pub BTreeMap<PathBuf, String>);

/// Where the files of a bundle stand; none for what is built in.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Folders {
    pub connectors: Option<PathBuf>,
    pub schemes: Option<PathBuf>,
    pub measures: Option<PathBuf>,
    pub authorities: Option<PathBuf>,
    pub alliances: Option<PathBuf>,
    pub partnerships: Option<PathBuf>,
    pub pathways: Option<PathBuf>,
    pub trust_sizes: Option<PathBuf>,
}

/// What a setting stands for in the bundle.
#[derive(Clone, Copy)]
enum Kind {
    /// Every TOML file of a folder.
    Folder(&'static str),
    /// One file.
    File(&'static str),
}

impl Kind {
    fn has(self, path: &Path) -> bool {
        match self {
            Kind::Folder(folder) => path.parent() == Some(Path::new(folder)),
            Kind::File(file) => path == Path::new(file),
        }
    }
}

impl Folders {
    fn places(&self) -> [(&Option<PathBuf>, Kind); 8] {
        [
            (&self.connectors, Kind::Folder("connectors")),
            (&self.schemes, Kind::Folder("config/schemes")),
            (&self.measures, Kind::File("config/measures.toml")),
            (&self.authorities, Kind::File("config/authorities.toml")),
            (&self.alliances, Kind::Folder("config/alliances")),
            (&self.partnerships, Kind::Folder("config/partnerships")),
            (&self.pathways, Kind::File("config/pathways.toml")),
            (&self.trust_sizes, Kind::File("config/trust-sizes.toml")),
        ]
    }

    /// Every path that is set, to be read against the folder of the settings.
    pub fn paths_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let Folders { connectors, schemes, measures, authorities, alliances, partnerships, pathways, trust_sizes } = self;
        [connectors, schemes, measures, authorities, alliances, partnerships, pathways, trust_sizes].into_iter().flatten()
    }

    /// The same faults with the files under the names that they have here: a bundle knows every
    /// file by its place in the repository, so that it is the same bundle on another machine.
    pub fn as_they_are_called(&self, mut faults: Faults) -> Faults {
        for fault in &mut faults.0 {
            let place = self.places().into_iter().find(|(_, kind)| kind.has(&fault.file));
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
        for (here, kind) in folders.places() {
            let Some(here) = here else {
                let built_in = embedded::files().filter(|(name, _)| kind.has(Path::new(name)));
                bundle.0.extend(built_in.map(|(name, text)| (PathBuf::from(name), text.to_owned())));
                continue;
            };
            match read(here, kind) {
                Ok(files) => bundle.0.extend(files),
                Err(error) => faults.push(Fault {
                    file: here.clone(),
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

/// The files of one setting, under the names that they have in a bundle. One file may be given by
/// the folder in which it stands.
fn read(here: &Path, kind: Kind) -> std::io::Result<Vec<(PathBuf, String)>> {
    match kind {
        Kind::Folder(folder) => {
            Ok(read_folder(here)?.into_iter().map(|(name, text)| (Path::new(folder).join(name), text)).collect())
        }
        Kind::File(file) => {
            let inside = Path::new(file).file_name().map(|name| here.join(name));
            let path = if here.is_dir() { inside.unwrap_or_default() } else { here.to_owned() };
            Ok(vec![(PathBuf::from(file), fs::read_to_string(path)?)])
        }
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
