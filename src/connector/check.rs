//! What a manifest's shape cannot tell: whether its parts fit each other and the measures.

mod columns;
mod fetch;
mod gate;
mod layouts;

use std::collections::BTreeMap;
use std::path::Path;

use super::{Cadence, Manifest, SubjectKind};
use crate::faults::{Fault, Faults, nearest};
use crate::model::Stage;
use crate::model::measure::{Direction, Measure, MeasureKind, Measures, Unit};
use crate::toml_file;

/// Every fault of one manifest. Measures are none if their own file has faults; what depends on
/// them is then left for the next time.
pub fn manifest(file: &Path, text: &str, manifest: &Manifest, measures: Option<&Measures>) -> Faults {
    let mut told = Told { file, text, faults: Faults::default() };
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if manifest.id != stem {
        told.hint(&["id"], format!("`{}` is not the file's name", manifest.id), format!("write `{stem}`"));
    }
    if !is_name(&manifest.dataset) {
        told.fault(&["dataset"], format!("`{}` is not a name: lower-case letters, digits and hyphens", manifest.dataset));
    }
    match (manifest.cadence, manifest.stage) {
        (Cadence::AsAt, Stage::AsAt) | (Cadence::Yearly, Stage::Provisional | Stage::Revised | Stage::Final) => {}
        (Cadence::AsAt, _) => told.hint(&["stage"], "files as at a day have no other stage".into(), "write `as-at`".into()),
        (Cadence::Yearly, _) => told.fault(&["stage"], "files about academic years are provisional, revised or final".into()),
    }
    if manifest.register.is_some() && (manifest.cadence != Cadence::AsAt || manifest.subject != SubjectKind::School) {
        told.fault(&["register"], "a register describes schools as at a day".into());
    }
    if let Some(schedule) = &manifest.schedule {
        fetch::schedule(&mut told, schedule);
    }
    fetch::fetch(&mut told, &manifest.fetch);
    gate::gate(&mut told, manifest, measures);
    layouts::layouts(&mut told, manifest);
    for (n, layout) in manifest.layout.iter().enumerate() {
        columns::columns(&mut told, manifest, n, layout, measures);
    }
    told.faults
}

/// Every fault of the measure registry.
pub fn measures(file: &Path, text: &str, definitions: &BTreeMap<String, Measure>) -> Faults {
    let mut told = Told { file, text, faults: Faults::default() };
    for (id, measure) in definitions {
        let named = id.split_once('.').is_some_and(|(dataset, name)| is_name(dataset) && is_name(name));
        if !named {
            told.fault(&[id], "an id is the data set, a dot and a name in lower-case letters, digits and hyphens".into());
        }
        let category = measure.kind == MeasureKind::Category;
        if category && measure.values.is_empty() {
            told.fault(&[id], "a category must list its values".into());
        }
        if !category && !measure.values.is_empty() {
            told.fault(&[id, "values"], "only a category has values".into());
        }
        let numeric = measure.unit != Unit::None
            || measure.direction != Direction::Neutral
            || measure.bounds.is_some()
            || measure.cohort.is_some()
            || measure.interval.is_some();
        if numeric && measure.kind != MeasureKind::Number {
            told.fault(&[id], "only a number has a unit, a direction, bounds, a cohort or an interval".into());
        }
        let found = measure.check(id, definitions, |key, what| {
            let short = key.strip_prefix(id.as_str()).map_or(key.as_str(), |rest| rest.trim_start_matches('.'));
            let first = short.split('.').next().unwrap_or_default();
            Fault { file: file.into(), line: toml_file::line_of(text, &[id, first]), key: key.clone(), what, hint: None }
        });
        told.faults.extend(found);
    }
    told.faults
}

/// Collects faults of one file and finds their lines.
struct Told<'a> {
    file: &'a Path,
    text: &'a str,
    faults: Faults,
}

impl Told<'_> {
    fn fault(&mut self, path: &[&str], what: String) {
        self.push(path, what, None);
    }

    fn hint(&mut self, path: &[&str], what: String, hint: String) {
        self.push(path, what, Some(hint));
    }

    /// A name that is not among the known ones.
    fn unknown<'k>(&mut self, path: &[&str], what: String, wrong: &str, known: impl IntoIterator<Item = &'k str>) {
        let hint = nearest(wrong, known).map(|near| format!("did you mean `{near}`?"));
        self.push(path, what, hint);
    }

    fn push(&mut self, path: &[&str], what: String, hint: Option<String>) {
        let line = toml_file::line_of(self.text, path);
        self.faults.push(Fault { file: self.file.to_path_buf(), line, key: path.join("."), what, hint });
    }
}

/// Lower-case letters, digits and hyphens.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
