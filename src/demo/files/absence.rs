//! `england_abs`: overall and persistent absence, with three national rows at the end.

use super::sheet::{RowIs, Sheet, Style, Written, short_tenths};
use crate::demo::county::{County, LA};
use crate::demo::figures::{Absence, NATIONAL_ABSENCE};
use crate::demo::plant;

pub fn write(county: &County, year: u16) -> Written {
    let mut sheet = Sheet::with(vec!["LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10"]);
    for school in &county.schools {
        let (overall, persistent) = match county.absence(school, year) {
            Absence::Absent => continue,
            Absence::Suppressed => ("SUPP".to_owned(), "SUPP".to_owned()),
            Absence::Known { overall, persistent } => (short_tenths(overall), short_tenths(persistent)),
        };
        let mut row = sheet.row(RowIs::School, "");
        row.set("LA", LA).set("ESTAB", school.estab).set("URN", school.urn).set("PERCTOT", overall).set("PPERSABS10", persistent);
        if let Some(token) = plant::damage("absence", year, school.urn) {
            row.set("PERCTOT", token).damaged();
        }
    }
    for (national_year, phases) in NATIONAL_ABSENCE {
        if national_year != year {
            continue;
        }
        for ((overall, persistent), phase) in phases.into_iter().zip(["PRI", "SEC", "SPE"]) {
            sheet
                .row(RowIs::Area, "")
                .set("LA", "NAT")
                .set("ESTAB", phase)
                .set("PERCTOT", short_tenths(overall))
                .set("PPERSABS10", short_tenths(persistent));
        }
    }
    sheet.write(Style::Tables)
}
