//! Several rows of one key: the same row twice is one row, different rows are none.

use crate::faults::{Class, Finding};
use crate::model::fact::AREAS;

use super::Binding;
use super::read::{Book, Content, Found, Record, SetAside};

/// Sorts the rows by key, leaves one for each, and gives the hashes of those accepted.
pub(super) fn resolve(mut found: Vec<Found>, binding: &Binding, book: &mut Book<'_>) -> (Vec<Record>, Vec<u64>) {
    found.sort_unstable_by(|a, b| a.key.cmp(&b.key).then(a.row.cmp(&b.row)));
    let mut records: Vec<Record> = Vec::with_capacity(found.len());
    let mut hashes = Vec::with_capacity(found.len());
    let mut rest = found.into_iter().peekable();
    let mut same = Vec::new();
    while let Some(mut first) = rest.next() {
        same.clear();
        while let Some(other) = rest.next_if(|other| other.key == first.key) {
            same.push(other);
        }
        if !same.is_empty() {
            settle(&mut first, &mut same, binding, book);
        }
        if first.content != Content::Quarantined {
            hashes.push(first.hash);
        }
        let Found { key, row, content, .. } = first;
        records.push(Record { subject: key.subject, part: key.part, slot: key.slot, row, content });
    }
    (records, hashes)
}

/// Leaves in `first` what the rows of one key say together.
fn settle(first: &mut Found, others: &mut [Found], binding: &Binding, book: &mut Book<'_>) {
    let all_good = first.content != Content::Quarantined && others.iter().all(|other| other.content != Content::Quarantined);
    if all_good && others.iter().all(|other| other.hash == first.hash) {
        others.iter().for_each(|_| book.skip("identical duplicate".to_owned()));
        return;
    }
    let rows: Vec<_> = std::iter::once(&*first).chain(others.iter()).map(|found| found.row).collect();
    let differing = others.iter().find_map(|other| differing(first, other, binding));
    for found in std::iter::once(&mut *first).chain(others.iter_mut()) {
        if found.content == Content::Quarantined {
            continue;
        }
        let whose = if found.key.subject == AREAS { found.key.part.clone() } else { found.key.subject.to_string() };
        let listed: Vec<_> = rows.iter().map(u32::to_string).collect();
        let what = format!("rows {} are all about {whose} and do not say the same: none of them is believed", listed.join(", "));
        let mut finding = Finding::new(Class::Quarantine, "primary-key", what).at_row(found.row);
        finding.column = Some(differing.clone().unwrap_or_else(|| binding.name(binding.key)));
        book.put(SetAside { finding, cells: rebuilt(found, binding) });
        found.content = Content::Quarantined;
    }
}

/// The first column, in the order of the file, in which two rows differ.
fn differing(a: &Found, b: &Found, binding: &Binding) -> Option<String> {
    let (Content::Present(a), Content::Present(b)) = (&a.content, &b.content) else { return None };
    let unequal = a.cells().zip(b.cells()).filter(|(a, b)| a.raw != b.raw).map(|(a, _)| a.measure);
    let places =
        unequal.filter_map(|code| binding.measures.iter().find(|measure| measure.code == code)).map(|measure| measure.at);
    places.min().map(|place| binding.name(place))
}

/// The row again from what was read of it; the rest of its cells is empty.
fn rebuilt(found: &Found, binding: &Binding) -> Vec<String> {
    let mut cells = vec![String::new(); binding.header.len()];
    if found.key.subject != AREAS {
        cells[binding.key] = found.key.subject.to_string();
    }
    if let Content::Present(body) = &found.content {
        for cell in body.cells() {
            if let Some(measure) = binding.measures.iter().find(|measure| measure.code == cell.measure) {
                cells[measure.at] = cell.raw.to_owned();
            }
        }
    }
    cells
}
