//! Key stage 4 as Explore Education Statistics publishes it: tidy, one row for each breakdown.

use super::sheet::{RowIs, RowPen, Sheet, Style, Written, hundredths, tenths};
use crate::demo::county::{County, INDEPENDENTS, Kind, LA, LA_NAME, Phase, School};
use crate::demo::figures::Ks4;

/// The 2023/24 layout, 157 columns. Special schools are not in these tables, independent ones are.
pub fn write(county: &County, year: u16) -> Written {
    let mut sheet = Sheet::new(include_str!("headers/ees_ks4_2024.txt"));
    for school in &county.schools {
        let figures = county.ks4(school, year, false);
        if figures == Ks4::Absent || school.phase == Phase::Special {
            continue;
        }
        fill(start(&mut sheet, RowIs::School, school, year, "Total"), figures);
        for sex in ["Boys", "Girls"] {
            start(&mut sheet, RowIs::Breakdown, school, year, sex);
        }
    }
    for (urn, name) in INDEPENDENTS {
        let mut row = start_row(&mut sheet, RowIs::School, year, "Total");
        row.set("school_urn", urn)
            .set("school_name", name)
            .set("school_laestab", LA * 10_000 + urn % 1_000 + 5_400)
            .set("establishment_type_group", "Independent schools")
            .set("t_pupils", 41)
            .set("avg_att8", "51.2");
    }
    sheet.write(Style::Statistics)
}

fn start<'a>(sheet: &'a mut Sheet, is: RowIs, school: &School, year: u16, sex: &str) -> RowPen<'a> {
    let mut row = start_row(sheet, is, year, sex);
    row.set("school_laestab", school.laestab())
        .set("school_urn", school.urn)
        .set("school_name", &school.name)
        .set("establishment_type_group", group(school));
    row
}

fn start_row<'a>(sheet: &'a mut Sheet, is: RowIs, year: u16, sex: &str) -> RowPen<'a> {
    let mut row = sheet.row(is, "z");
    row.set("time_period", format!("{year}{:02}", (year + 1) % 100))
        .set("time_identifier", "Academic year")
        .set("geographic_level", "School")
        .set("country_code", "E92000001")
        .set("country_name", "England")
        .set("old_la_code", LA)
        .set("new_la_code", "E06000990")
        .set("la_name", LA_NAME)
        .set("version", "Final")
        .set("breakdown_topic", if sex == "Total" { "Total" } else { "Sex" })
        .set("breakdown", sex)
        .set("sex", sex);
    for column in ["disadvantage", "first_language", "prior_attainment", "mobility"] {
        row.set(column, "Total");
    }
    row
}

fn fill(mut row: RowPen<'_>, figures: Ks4) {
    match figures {
        Ks4::Absent | Ks4::New => {}
        Ks4::NoEntries { pupils } => {
            row.set("t_pupils", pupils);
        }
        Ks4::Suppressed { pupils } => {
            row.set("t_pupils", pupils).set_where(is_figure, "c");
        }
        Ks4::LowCoverage { pupils, a8 } => {
            row.set("t_pupils", pupils).set("avg_att8", tenths(a8)).set("pt_inp8calc", "c");
            row.set_where(|c| c.starts_with("avg_p8") || c.starts_with("p8score"), "c");
        }
        Ks4::Known { p8, half, pupils, coverage, a8 } => {
            row.set("t_pupils", pupils)
                .set("avg_att8", tenths(a8))
                .set("avg_ebaccaps", hundredths(a8 * 10 / 12))
                .set("pt_l2basics_94", tenths(a8 * 10 / 8))
                .set("pt_l2basics_95", tenths(a8 * 10 / 12))
                .set("t_inp8calc", pupils * coverage / 100)
                .set("pt_inp8calc", coverage)
                .set("avg_p8score", hundredths(p8))
                .set("p8score_ci_low", hundredths(p8 - half))
                .set("p8score_ci_upp", hundredths(p8 + half));
        }
    }
}

fn group(school: &School) -> &'static str {
    match school.kind {
        Kind::Converter | Kind::SpecialConverter => "Converter academies",
        Kind::Sponsored => "Sponsored academies",
        Kind::Community | Kind::CommunitySpecial => "Community school",
        Kind::VoluntaryAided => "Voluntary aided school",
        Kind::VoluntaryControlled => "Voluntary controlled school",
        Kind::Foundation => "Foundation school",
    }
}

fn is_figure(column: &str) -> bool {
    ["avg_", "pt_", "p8"].iter().any(|start| column.starts_with(start))
}
