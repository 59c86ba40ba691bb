//! `links_edubasealldata`: predecessors and successors, each link once in either direction.

use jiff::civil::Date;

use super::gias::dd_mm_yyyy;
use super::sheet::{RowIs, Sheet, Style, Written};
use crate::demo::county::{County, School};
use crate::demo::who::MERGED;

pub fn write(county: &County, day: Date) -> Written {
    let mut sheet = Sheet::with(vec!["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]);
    for school in county.schools.iter().filter(|s| s.opened <= day) {
        // a school closes when its successor opens
        let successor = school.successor.and_then(|urn| county.get(urn)).filter(|s| s.opened <= day);
        if let Some(successor) = successor {
            link(&mut sheet, school, successor, "Successor", successor.opened, day);
        }
        if let Some(predecessor) = school.predecessor.and_then(|urn| county.get(urn)) {
            link(&mut sheet, school, predecessor, "Predecessor", school.opened, day);
        }
    }
    let (old, new, _) = MERGED;
    if let Some(merged) = county.get(new).filter(|s| s.opened <= day) {
        for part in old.into_iter().filter_map(|urn| county.get(urn)) {
            link(&mut sheet, part, merged, "Successor - merged", merged.opened, day);
            link(&mut sheet, merged, part, "Predecessor - merged", merged.opened, day);
        }
    }
    // infant and junior departments that know each other: links, and no lineage
    for urn in (900_101..900_180).step_by(2) {
        if let (Some(one), Some(other)) = (county.get(urn), county.get(urn + 1)) {
            link(&mut sheet, one, other, "Other", jiff::civil::date(2009, 9, 1), day);
            link(&mut sheet, other, one, "Other", jiff::civil::date(2009, 9, 1), day);
        }
    }
    sheet.write(Style::Register)
}

fn link(sheet: &mut Sheet, school: &School, other: &School, kind: &str, since: Date, day: Date) {
    sheet
        .row(RowIs::School, "")
        .set("URN", school.urn)
        .set("LinkURN", other.urn)
        .set("LinkName", other.name_on(day))
        .set("LinkType", kind)
        .set("LinkEstablishedDate", dd_mm_yyyy(since));
}
