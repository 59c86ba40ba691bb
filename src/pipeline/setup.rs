//! The files in force, parsed and checked together.

use std::collections::BTreeMap;

use crate::assess::RuleSet;
use crate::config::Bundle;
use crate::connector::{Manifest, registry};
use crate::faults::Faults;
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
        let measures = registry::measures(&bundle.under("config")).unwrap_or_else(|found| {
            faults.extend(found);
            Measures::default()
        });
        if !faults.0.is_empty() {
            // without measures every other file would only repeat that they are unknown
            return Err(faults);
        }
        let connectors = registry::connectors(&bundle.under("connectors"), &measures).unwrap_or_else(|found| {
            faults.extend(found);
            BTreeMap::new()
        });
        match RuleSet::load(&bundle.under("config/schemes"), &measures) {
            Ok(rules) => faults.or(Setup { bundle, measures, connectors, rules }),
            Err(found) => {
                faults.extend(found);
                Err(faults)
            }
        }
    }

    /// Data sets that the connectors feed.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        self.connectors.values().map(|manifest| manifest.dataset.as_str())
    }
}
