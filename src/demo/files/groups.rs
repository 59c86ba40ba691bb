//! `allgroupsdata`: trusts and federations, those wound up included.

use jiff::civil::{Date, date};

use super::gias::dd_mm_yyyy;
use super::sheet::{RowIs, Sheet, Style, Written};
use crate::demo::county::LA_NAME;
use crate::demo::names;
use crate::demo::who::{self, Group, GroupKind};

/// The file as at a day.
pub fn write(day: Date) -> Written {
    let mut sheet = Sheet::new(include_str!("headers/gias_groups.txt"));
    for group in who::groups() {
        let (first, last) = names::head(group.uid as usize);
        let (town, postcode) = names::town(group.uid as usize);
        let (code, kind) = group.kind.register();
        let closed = group.closed.filter(|closed| *closed <= day);
        let mut row = sheet.row(RowIs::Area, "");
        row.set("Group UID", group.uid)
            .set("Group ID", id(group))
            .set("Group Name", name(group))
            .set("Companies House Number", company(group))
            .set("Group Type (code)", code)
            .set("Group Type", kind)
            .set("Group Status (code)", if closed.is_some() { "CLOSED" } else { "OPEN" })
            .set("Group Status", if closed.is_some() { "Closed" } else { "Open" })
            .set("Closed Date", closed.map(slashed).unwrap_or_default())
            .set("Group Town", town)
            .set("Group County", LA_NAME)
            .set("Group Postcode", postcode)
            .set("Head of Group First Name", first)
            .set("Head of Group Last Name", last);
        if is_company(group) {
            // publishers mix both spellings of a date in one file
            row.set("Incorporated on (open date)", dd_mm_yyyy(date(2010 + (group.uid % 4) as i16, 7, 15)));
        } else {
            row.set("Open date", "01/01/1900");
        }
    }
    sheet.write(Style::Register)
}

/// Names of companies stand in capitals in the register of groups.
pub(super) fn name(group: Group) -> String {
    if is_company(group) { group.name.to_uppercase() } else { group.name.to_owned() }
}

pub(super) fn id(group: Group) -> String {
    if is_company(group) { format!("TR{:05}", group.uid) } else { String::new() }
}

pub(super) fn company(group: Group) -> String {
    if is_company(group) { format!("099{:05}", group.uid) } else { String::new() }
}

fn is_company(group: Group) -> bool {
    matches!(group.kind, GroupKind::MultiAcademyTrust | GroupKind::SingleAcademyTrust)
}

pub(super) fn slashed(day: Date) -> String {
    dd_mm_yyyy(day).replace('-', "/")
}
