//! `ks4final` and `ks4provisional`: key stage 4 in the wide layouts of each year.

use super::sheet::{RowIs, RowPen, Sheet, Style, Written, hundredths, tenths};
use crate::demo::county::{County, INDEPENDENTS, LA, Phase, School};
use crate::demo::figures::Ks4;
use crate::demo::plant;

pub fn write(county: &County, year: u16, provisional: bool) -> Written {
    let header = match year {
        _ if provisional => include_str!("headers/ks4_provisional.txt"),
        ..=2016 => include_str!("headers/ks4_2016.txt"),
        2017 => include_str!("headers/ks4_2018.txt"),
        2018..=2021 => include_str!("headers/ks4_2019.txt"),
        _ => include_str!("headers/ks4_2023.txt"),
    };
    let mut sheet = Sheet::new(header);
    for school in &county.schools {
        let figures = county.ks4(school, year, provisional);
        if figures != Ks4::Absent {
            row(&mut sheet, school, county.roll(school, year), figures, year, provisional);
        }
    }
    // independent schools are in the tables, and their progress is not
    for (n, (urn, name)) in (0..).zip(INDEPENDENTS) {
        independent(&mut sheet, n, urn, name, year, provisional);
    }
    // 4: the local authority, 5: England, 7: state-funded England (in key stage 2, 4 is England)
    for (kind, la) in [("4", LA.to_string()), ("5", String::new()), ("7", String::new())] {
        let mut area = sheet.row(RowIs::Area, "");
        area.set("RECTYPE", kind).set("LEA", &la).set("TPUP", 6_100 + year % 30).set("ATT8SCR", "46.3");
        area.set("PTL2BASICS_94", "63.9%").set("PTL2BASICS_95", "42.7%");
        if kind != "5" {
            area.set("P8MEA", "-0.03").set("P8PUP", "5804");
        }
        if kind == "4" {
            area.set("P8CILOW", "-0.06").set("P8CIUPP", "0.00");
        }
    }
    sheet.write(Style::Tables)
}

fn identity<'a>(sheet: &'a mut Sheet, school: &School, roll: i64) -> RowPen<'a> {
    let mut row = sheet.row(RowIs::School, "");
    row.set("RECTYPE", if school.phase == Phase::Special { "2" } else { "1" })
        .set("ALPHAIND", school.urn % 60_000)
        .set("LEA", LA)
        .set("ESTAB", school.estab)
        .set("URN", school.urn)
        .set("SCHNAME", &school.name)
        .set("ADDRESS1", format!("{} School Lane", school.urn % 80 + 1))
        .set("TOWN", school.town)
        .set("PCODE", &school.postcode)
        .set("CONTFLAG", "0")
        .set("ICLOSE", "0")
        .set("NFTYPE", school.kind.nftype())
        .set("RELDENOM", school.faith())
        .set("ADMPOL", "NR")
        .set("EGENDER", "MIXED")
        .set("FEEDER", "0")
        .set("AGERANGE", "11-16")
        .set("TOTPUPS", roll);
    row
}

fn row(sheet: &mut Sheet, school: &School, roll: i64, figures: Ks4, year: u16, provisional: bool) {
    let suppressed = |column: &str| is_figure(column) || column == "P8PUP" || column == "P8_BANDING";
    let percent = |points: i64| if provisional { format!("{points}.0%") } else { format!("{points}%") };
    let mut row = identity(sheet, school, roll);
    match figures {
        Ks4::Absent => {}
        Ks4::Suppressed { pupils } => {
            row.set_where(suppressed, "SUPP").set("TPUP", pupils);
        }
        Ks4::NoEntries { pupils } => {
            row.set_where(suppressed, "NE").set("TPUP", pupils);
        }
        Ks4::New => {
            row.set("TOTPUPS", "NEW").end_after("TOTPUPS");
        }
        Ks4::LowCoverage { pupils, a8 } => {
            row.set("TPUP", pupils).set("ATT8SCR", tenths(a8)).set("EBACCAPS", "3.41");
            row.set("PTL2BASICS_94", percent(55)).set("PTL2BASICS_95", percent(33));
            row.set_where(|column| column.starts_with("P8"), "LOWCOV");
        }
        Ks4::Known { p8, half, pupils, coverage, a8 } => {
            row.set("TPUP", pupils)
                .set("ATT8SCR", tenths(a8))
                .set("EBACCAPS", hundredths(a8 * 10 / 12))
                .set("P8PUP", pupils * coverage / 100)
                .set("P8MEACOV", format!("{coverage}%"))
                .set("TP8ADJ", "0")
                .set("PTL2BASICS_94", percent(a8 / 8))
                .set("PTL2BASICS_95", percent(a8 / 12))
                .set("PTL2BASICS_16_PTQ_EE", percent(a8 / 8));
            for suffix in ["", "_ORIG"] {
                row.set(&format!("P8MEA{suffix}"), hundredths(p8))
                    .set(&format!("P8CILOW{suffix}"), hundredths(p8 - half))
                    .set(&format!("P8CIUPP{suffix}"), hundredths(p8 + half));
            }
            row.set("P8_BANDING", band(p8, half, year));
            if !provisional {
                row.drop_empty_tail();
            }
        }
    }
    if let Some(token) = plant::damage("ks4", year, school.urn) {
        row.set("P8MEA", token).damaged();
    }
}

fn independent(sheet: &mut Sheet, n: u32, urn: u32, name: &str, year: u16, provisional: bool) {
    let marker = if provisional { "NA" } else { "NP" };
    let mut row = sheet.row(RowIs::School, "");
    row.set("RECTYPE", "1")
        .set("LEA", LA)
        .set("ESTAB", 6001 + n)
        .set("URN", urn)
        .set("SCHNAME", name)
        .set("ICLOSE", "0")
        .set("NFTYPE", "IND")
        .set("EGENDER", "MIXED")
        .set("AGERANGE", "11-18")
        .set("TOTPUPS", 300 + u32::from(year % 30) + n)
        .set_where(|column| column.starts_with("P8"), marker);
    if provisional {
        row.set_where(is_figure, "NA").set("TPUP", "NA").set("TP8ADJ", "NA");
    } else {
        row.set("TPUP", 40 + n).set("ATT8SCR", "51.2").set("PTL2BASICS_94", "72%").set("PTL2BASICS_95", "55%");
    }
}

/// DfE's Progress 8 bands: digits for 2017/18 and 2018/19, words from 2022/23.
fn band(p8: i64, half: i64, year: u16) -> &'static str {
    let place = match (p8 + half < 0, p8 - half > 0) {
        (true, _) if p8 < -50 => 5,
        (true, _) => 4,
        (_, true) if p8 >= 50 => 1,
        (_, true) => 2,
        _ => 3,
    };
    let words = ["Well above average", "Above average", "Average", "Below average", "Well below average"];
    let digits = ["1", "2", "3", "4", "5"];
    if year >= 2022 { words[place - 1] } else { digits[place - 1] }
}

fn is_figure(column: &str) -> bool {
    ["ATT8SCR", "P8MEA", "P8CI", "PTL2BASICS", "EBACCAPS", "PTEBACC", "PT5EM"].iter().any(|start| column.starts_with(start))
}
