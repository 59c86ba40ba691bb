//! `alllinksdata`: who belongs to which trust or federation, and since when; open schools only.

use jiff::civil::Date;

use super::groups::{company, id, name, slashed};
use super::sheet::{RowIs, Sheet, Style, Written};
use crate::demo::county::{County, LA, LA_NAME, Phase};

/// The file as at a day.
pub fn write(county: &County, day: Date) -> Written {
    let mut sheet = Sheet::new(include_str!("headers/gias_group_links.txt"));
    for school in county.open_on(day) {
        let (type_code, type_name, ..) = school.kind.register();
        let (phase_code, phase_name) = match school.phase {
            Phase::Primary => ("2", "Primary"),
            Phase::Secondary => ("4", "Secondary"),
            Phase::Special => ("0", "Not applicable"),
        };
        for (joined, group) in school.trust_on(day).into_iter().chain(school.federation_on(day)) {
            let (code, kind) = group.kind.register();
            sheet
                .row(RowIs::School, "")
                .set("URN", school.urn)
                .set("Group UID", group.uid)
                .set("Group ID", id(group))
                .set("Group Name", name(group))
                .set("Companies House Number", company(group))
                .set("Group Type (code)", code)
                .set("Group Type", kind)
                .set("Group Status (code)", "OPEN")
                .set("Group Status", "Open")
                .set("Joined date", slashed(joined))
                .set("EstablishmentName", school.name_on(day))
                .set("TypeOfEstablishment (code)", type_code)
                .set("TypeOfEstablishment (name)", type_name)
                .set("PhaseOfEducation (code)", phase_code)
                .set("PhaseOfEducation (name)", phase_name)
                .set("LA (code)", LA)
                .set("LA (name)", LA_NAME);
        }
    }
    sheet.write(Style::Register)
}
