//! Rows with fewer or more cells than the header has names.
//!
//! Publishers drop empty cells at the end of a row, stop after the first few cells of a new
//! school, never write the last column, or repeat it. All of these leave every cell under its own
//! header. A cell that is lost or added in the middle does not, and its row must not be believed.

use csv::StringRecord;

use crate::faults::{Class, Finding};

use super::Binding;

/// A finding if the cells of a row of the wrong length cannot be under their own headers.
pub(super) fn check(binding: &Binding, cells: &StringRecord) -> Option<Finding> {
    let (names, there) = (binding.header.len(), cells.len());
    if there == names {
        return None;
    }
    if there < names {
        // whoever drops empty cells at the end drops the last one too
        let last = there.checked_sub(1).and_then(|last| cells.get(last)).unwrap_or("");
        return last.trim().is_empty().then(|| {
            let what = format!(
                "{there} cells under {names} headers, and the last cell is empty, so none was dropped at the end: \
                 one is lost further left, and every value after it stands under the wrong header"
            );
            Finding::new(Class::Quarantine, "missing-cell", what).in_column(binding.name(there.saturating_sub(1)))
        });
    }
    let extra = (names..there).filter_map(|place| cells.get(place)).map(str::trim);
    let last = names.checked_sub(1).and_then(|last| cells.get(last)).map_or("", str::trim);
    let mut extra = extra.filter(|cell| !cell.is_empty()).peekable();
    // a list column that is repeated once for each further entry: `115961 Predecessor`, `148215 Successor`
    let repeats = |cell: &str| cell.contains(char::is_alphabetic) && outline(cell) == outline(last);
    let beyond = extra.peek().copied();
    match beyond {
        None => None,
        Some(_) if binding.more_cells && extra.all(repeats) => None,
        Some(beyond) => {
            let what = format!(
                "{there} cells under {names} headers: a value was cut in two or one was added, and what stands after it is under the wrong header"
            );
            Some(Finding::new(Class::Quarantine, "extra-cell", what).in_column(binding.name(names)).reading(beyond))
        }
    }
}

/// The kinds of characters in a row: letters, digits, other; repeats counted once.
fn outline(cell: &str) -> Vec<u8> {
    let mut outline: Vec<u8> = cell
        .chars()
        .map(|c| match c {
            _ if c.is_alphabetic() => b'a',
            _ if c.is_ascii_digit() => b'9',
            ' ' => b' ',
            _ => b'.',
        })
        .collect();
    outline.dedup();
    outline.truncate(3);
    outline
}
