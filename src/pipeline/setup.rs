//! The files in force, parsed and checked together.

use std::collections::BTreeMap;
use std::path::Path;

use super::engine::EngineError;
use crate::assess::RuleSet;
use crate::config::{Bundle, embedded};
use crate::connector::{Manifest, Registry, registry};
use crate::faults::{Faults, nearest};
use crate::model::Measures;
use crate::partnership::{Alliances, Known, Partnerships};
use crate::register::authority::Authorities;
use crate::register::pathway::Pathways;
use crate::register::size::SizeSchemes;

/// What Headwater does, read from a bundle of files. Has no codes of a data folder yet.
#[derive(Debug, Clone)]
pub struct Setup {
    pub bundle: Bundle,
    pub measures: Measures,
    pub connectors: BTreeMap<String, Manifest>,
    pub rules: RuleSet,
    pub authorities: Authorities,
    pub alliances: Alliances,
    pub partnerships: Partnerships,
    /// Which way help goes, by what a school is in law.
    pub pathways: Pathways,
    /// Ways of cutting trust size.
    pub sizes: SizeSchemes,
}

impl Setup {
    /// Parses and checks every file; all faults of all files at once. A bundle of an earlier version
    /// has no authorities, alliances and partnerships: it then speaks of none. For pathways and size
    /// schemes, which it has not either, those built in stand.
    pub fn new(bundle: Bundle) -> Result<Setup, Faults> {
        let mut faults = Faults::default();
        let measures_file = bundle.under("config").into_iter().filter(|(path, _)| path == Path::new(MEASURES));
        let files: Vec<_> = measures_file.chain(bundle.under("connectors")).collect();
        let Registry { measures, connectors } = Registry::load(&files).unwrap_or_else(|found| {
            faults.extend(found);
            // a fault in a manifest is none of the measures: rules are checked against them all the same
            Registry { measures: registry::measures_of(&files).unwrap_or_default(), ..Registry::default() }
        });
        let no_measures = faults.0.iter().any(|fault| fault.file == Path::new(MEASURES));
        let Who { authorities, alliances, partnerships } = Who::load(&bundle, &measures).unwrap_or_else(|found| {
            faults.extend(found);
            Who::default()
        });
        let pathways = one(&bundle, PATHWAYS, Pathways::load).map_err(|found| faults.extend(found)).ok();
        let sizes = one(&bundle, SIZES, SizeSchemes::load).map_err(|found| faults.extend(found)).ok();
        if no_measures {
            // without measures every rule would only repeat that they are unknown
            return Err(faults);
        }
        let rules = RuleSet::load(&bundle.under("config/schemes"), &measures).unwrap_or_else(|found| {
            faults.extend(found);
            RuleSet::default()
        });
        match (pathways, sizes) {
            (Some(pathways), Some(sizes)) => {
                faults.or(Setup { bundle, measures, connectors, rules, authorities, alliances, partnerships, pathways, sizes })
            }
            _ => Err(faults),
        }
    }

    /// The connector with this id.
    ///
    /// # Errors
    /// If there is none; names the nearest one.
    pub fn connector(&self, id: &str) -> Result<&Manifest, EngineError> {
        self.connectors.get(id).ok_or_else(|| {
            let near = nearest(id, self.connectors.keys().map(String::as_str));
            let hint = near.map_or_else(
                || format!("; there are {}", self.connectors.keys().cloned().collect::<Vec<_>>().join(", ")),
                |near| format!(": did you mean `{near}`?"),
            );
            EngineError::NoConnector(id.to_owned(), hint)
        })
    }

    /// Data sets that describe establishments, the most believed first.
    pub fn registers(&self) -> Vec<String> {
        registry::register_datasets(self.connectors.values())
    }

    /// Data sets that the connectors feed.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        self.connectors.values().map(|manifest| manifest.dataset.as_str())
    }
}

const MEASURES: &str = "config/measures.toml";
const AUTHORITIES: &str = "config/authorities.toml";
const PATHWAYS: &str = "config/pathways.toml";
const SIZES: &str = "config/trust-sizes.toml";

/// A file of the bundle, or the one built in.
fn one<T>(bundle: &Bundle, name: &str, load: impl Fn(&Path, &str) -> Result<T, Faults>) -> Result<T, Faults> {
    let path = Path::new(name);
    let built_in = || embedded::files().find(|(file, _)| *file == name).map_or("", |(_, text)| text);
    load(path, bundle.0.get(path).map_or_else(built_in, String::as_str))
}

/// Who looks after whom.
#[derive(Default)]
struct Who {
    authorities: Authorities,
    alliances: Alliances,
    partnerships: Partnerships,
}

impl Who {
    /// What could not be read itself is not asked by the others, so that a fault is told once.
    fn load(bundle: &Bundle, measures: &Measures) -> Result<Who, Faults> {
        let mut faults = Faults::default();
        let authorities = match bundle.0.get(Path::new(AUTHORITIES)) {
            Some(text) => Authorities::load(Path::new(AUTHORITIES), text).map_err(|found| faults.extend(found)).ok(),
            None => Some(Authorities::default()),
        };
        let phases = measures.get("gias.phase").map(|phase| phase.values.as_slice());
        let known = Known { authorities: authorities.as_ref(), alliances: None, phases };
        let alliances = Alliances::load(&bundle.under("config/alliances"), known).map_err(|found| faults.extend(found)).ok();
        let known = Known { alliances: alliances.as_ref(), ..known };
        let partnerships = Partnerships::load(&bundle.under("config/partnerships"), known).unwrap_or_else(|found| {
            faults.extend(found);
            Partnerships::default()
        });
        let (authorities, alliances) = (authorities.unwrap_or_default(), alliances.unwrap_or_default());
        faults.or(Who { authorities, alliances, partnerships })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn built_in() -> Bundle {
        Bundle::load(&Settings::default().files).unwrap()
    }

    #[test]
    fn a_bundle_of_an_earlier_version_still_loads() {
        let mut bundle = built_in();
        bundle.0.retain(|path, _| {
            path.starts_with("connectors") || path.starts_with("config/schemes") || path.ends_with("measures.toml")
        });
        let setup = Setup::new(bundle).unwrap();
        assert!(setup.authorities.is_empty() && setup.alliances.is_empty() && setup.partnerships.is_empty());
        assert!(setup.rules.rules().count() > 0);
        assert!(!setup.pathways.all().is_empty() && !setup.sizes.all().is_empty());
        let now = Setup::new(built_in()).unwrap();
        assert_eq!((now.alliances.len(), now.partnerships.len()), (3, 3));
        assert!(now.authorities.get("990").is_some());
    }

    #[test]
    fn faults_of_all_files_come_at_once_and_none_is_told_twice() {
        let mut bundle = built_in();
        let mut edit = |path: &str, from: &str, to: &str| {
            let text = bundle.0.get_mut(Path::new(path)).unwrap();
            assert!(text.contains(from), "{path}: {from}");
            *text = text.replacen(from, to, 1);
        };
        edit("config/authorities.toml", "E10000014", "E1000014");
        edit("config/alliances/example-hub.toml", "las = [\"990\"", "las = [\"99\"");
        edit("config/partnerships/example-shire.toml", "\"WX6\"", "\"WX 6\"");
        edit("config/schemes/policy.toml", "severity = ", "severty = ");
        edit("config/measures.toml", "kind = \"text\"", "kind = \"texts\"");
        let files = |bundle: &Bundle| -> Vec<String> {
            Setup::new(bundle.clone()).unwrap_err().0.iter().map(|fault| fault.file.display().to_string()).collect()
        };
        // authorities have a fault, so nobody says that 99 is none of them
        assert_eq!(files(&bundle), ["config/measures.toml", "config/authorities.toml", "config/partnerships/example-shire.toml"]);
        let fine = built_in();
        for name in ["config/authorities.toml", "config/measures.toml"] {
            bundle.0.insert(name.into(), fine.0[Path::new(name)].clone());
        }
        let rest = ["config/alliances/example-hub.toml", "config/partnerships/example-shire.toml", "config/schemes/policy.toml"];
        assert_eq!(files(&bundle), rest);
    }
}
