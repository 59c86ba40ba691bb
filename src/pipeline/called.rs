//! What a school is called, from the register if it is there, else from another file.

use crate::model::{FactState, History, Measures, ReleaseNo, Slot, Value};

/// What a school is called and which local authority it belongs to, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub name: Option<String>,
    /// The old three-digit code.
    pub la: Option<String>,
}

/// Measures that hold a school's name, best first.
const NAMES: [&str; 4] = ["gias.name", "ofsted.name", "ks4.name", "ks2.name"];
const AUTHORITIES: [&str; 3] = ["gias.la", "ks4.la", "ks2.la"];

/// What a school is called, from the register if it is there, else from another file.
pub fn names(history: &History, measures: &Measures, known: ReleaseNo) -> Names {
    let find = |ids: &[&str]| ids.iter().find_map(|id| text(history, measures, known, id));
    Names { name: find(&NAMES), la: find(&AUTHORITIES) }
}

/// The latest text known for a measure.
pub fn text(history: &History, measures: &Measures, known: ReleaseNo, id: &str) -> Option<String> {
    let code = measures.code(id)?;
    let dataset = crate::model::fact::dataset_of(id);
    let latest = history
        .facts
        .iter()
        .filter(|fact| &*fact.dataset == dataset && fact.part.is_empty() && fact.release <= known)
        .filter(|fact| matches!(fact.state, FactState::Present(_)))
        .max_by_key(|fact| (fact.slot == Slot::AsAt, fact.slot, fact.day, fact.release))?;
    let FactState::Present(body) = &latest.state else { return None };
    match body.cell(code)?.value {
        Value::Text(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
