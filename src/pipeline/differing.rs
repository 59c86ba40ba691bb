//! How many schools have other values than in the release before, for the gate.

use rusqlite::Connection;

use crate::connector::Manifest;
use crate::model::fact::AREAS;
use crate::model::{Body, FactState, MeasureCode, Measures, Slot, Value};
use crate::normalise::{Content, Read};
use crate::release_gate::Changed;
use crate::store::{StoreError, facts};

/// Counts for each measure that has a limit in `changed-max`. `keys` are the subjects of the release
/// before, ascending. Only records that differ from it in any cell are looked up, in their order.
pub fn count(
    db: &Connection,
    manifest: &Manifest,
    measures: &Measures,
    dataset: Option<i64>,
    read: &Read,
    slot: Slot,
    keys: &[i64],
) -> Result<Vec<Changed>, StoreError> {
    let limited = manifest.gate.changed_max.keys().filter_map(|id| Some((id, measures.code(id)?)));
    let mut counted: Vec<(MeasureCode, Changed)> = limited
        .map(|(id, code)| {
            (code, Changed { measure: id.clone(), column: column(manifest, id, &read.shape.header), compared: 0, changed: 0 })
        })
        .collect();
    let Some(dataset) = dataset.filter(|_| !counted.is_empty() && !keys.is_empty()) else { return Ok(Vec::new()) };
    let ours = |subject: i64| subject != AREAS && keys.binary_search(&subject).is_ok();
    for record in read.records.iter().filter(|record| record.slot == slot && ours(record.subject)) {
        match &record.content {
            Content::Quarantined => {}
            Content::Unchanged => counted.iter_mut().for_each(|(_, changed)| changed.compared += 1),
            Content::Present(body) => {
                let standing = facts::standing(db, dataset, record.subject, &record.part, slot)?;
                let Some(FactState::Present(before)) = standing.map(|mark| mark.state) else { continue };
                for (code, changed) in &mut counted {
                    if let Some(differs) = differs(body, &before, *code) {
                        changed.compared += 1;
                        changed.changed += u32::from(differs);
                    }
                }
            }
        }
    }
    Ok(counted.into_iter().map(|(_, changed)| changed).collect())
}

/// The column of `header` from which a layout reads the measure.
fn column(manifest: &Manifest, id: &str, header: &[String]) -> String {
    let mut names = manifest.layout.iter().filter_map(|layout| layout.columns.get(id)).flat_map(|column| &column.from);
    names.find(|name| header.contains(name)).cloned().unwrap_or_default()
}

/// None if one of both files has no such column. Two reasons for having no figure are no difference.
fn differs(now: &Body, before: &Body, code: MeasureCode) -> Option<bool> {
    let (now, before) = (now.cell(code)?.value, before.cell(code)?.value);
    let missing = |value: &Value| matches!(value, Value::Missing(_));
    Some(now != before && !(missing(&now) && missing(&before)))
}
