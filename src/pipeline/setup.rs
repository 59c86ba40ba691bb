//! The files in force, parsed and checked together.

use std::collections::BTreeMap;
use std::path::Path;

use super::engine::EngineError;
use crate::assess::RuleSet;
use crate::config::Bundle;
use crate::connector::{Manifest, Registry, registry};
use crate::faults::{Faults, nearest};
use crate::model::Measures;

/// What Headwater does, read from a bundle of files. Has no codes of a data folder yet.
#[derive(Debug, Clone)]
pub struct Setup {
    pub bundle: Bundle,
    pub measures: Measures,
    pub connectors: BTreeMap<String, Manifest>,
    pub rules: RuleSet,
}

impl Setup {
    /// Parses and checks every file; all faults of all files at once.
    pub fn new(bundle: Bundle) -> Result<Setup, Faults> {
        let mut faults = Faults::default();
        let files: Vec<_> = bundle.under("config").into_iter().chain(bundle.under("connectors")).collect();
        let Registry { measures, connectors } = Registry::load(&files).unwrap_or_else(|found| {
            faults.extend(found);
            // a fault in a manifest is none of the measures: rules are checked against them all the same
            Registry { measures: registry::measures_of(&files).unwrap_or_default(), ..Registry::default() }
        });
        if faults.0.iter().any(|fault| fault.file.parent() == Some(Path::new("config"))) {
            // without measures every rule would only repeat that they are unknown
            return Err(faults);
        }
        let rules = RuleSet::load(&bundle.under("config/schemes"), &measures).unwrap_or_else(|found| {
            faults.extend(found);
            RuleSet::default()
        });
        faults.or(Setup { bundle, measures, connectors, rules })
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
