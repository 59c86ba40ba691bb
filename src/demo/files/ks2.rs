//! `ks2final`: key stage 2 in the wide layout, 290 columns (2015/16, 2016/17) or 326 (from 2017/18).

use super::sheet::{RowIs, Sheet, Style, Written, tenths};
use crate::demo::county::{County, LA, Phase, School};
use crate::demo::figures::{Ks2, Progress};
use crate::demo::plant;

pub fn write(county: &County, year: u16) -> Written {
    let mut sheet =
        Sheet::new(if year < 2017 { include_str!("headers/ks2_2016.txt") } else { include_str!("headers/ks2_2018.txt") });
    for school in &county.schools {
        let figures = county.ks2(school, year);
        if figures != Ks2::Absent {
            row(&mut sheet, school, county.roll(school, year), figures, plant::damage("ks2", year, school.urn));
        }
    }
    // 3: the local authority, 4: England, 5: state-funded England (other data sets number them otherwise)
    for (kind, la, eligible) in [("3", LA.to_string(), "9870"), ("4", " ".to_owned(), "604552"), ("5", " ".to_owned(), "599728")]
    {
        let mut area = sheet.row(RowIs::Area, " ");
        area.set("RECTYPE", kind)
            .set("LEA", &la)
            .set("TELIG", eligible)
            .set("PTRWM_EXP", format!("{}%", 61 + year % 7))
            .set("PTRWM_HIGH", "9%");
        if kind == "3" {
            area.set("READPROG", "0.3").set("WRITPROG", "0.2").set("MATPROG", "0.1");
        }
        area.set("READ_AVERAGE", "104").set("MAT_AVERAGE", "104");
    }
    sheet.write(Style::Tables)
}

fn row(sheet: &mut Sheet, school: &School, roll: i64, figures: Ks2, damage: Option<&str>) {
    let (low, high) = school.ages();
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
        .set("URN_AC", "0")
        .set("NFTYPE", school.kind.nftype())
        .set("ICLOSE", "0")
        .set("RELDENOM", school.faith())
        .set("AGERANGE", format!("{low}-{high}"))
        .set("TAB15", "0")
        .set("TAB1618", "0")
        .set("TOTPUPS", roll);
    match figures {
        Ks2::Absent => {}
        Ks2::New => {
            row.set("TOTPUPS", "NEW").end_after("TOTPUPS");
        }
        Ks2::NoPupils => {
            row.set("TPUPYEAR", "0").end_after("TPUPYEAR");
        }
        Ks2::Suppressed { eligible } => {
            row.set_where(is_figure, "SUPP").set("TPUPYEAR", eligible).set("TELIG", eligible);
        }
        Ks2::Known { eligible, rwm, reading, writing, maths } => {
            row.set("TPUPYEAR", eligible)
                .set("TELIG", eligible)
                .set("BELIG", eligible / 2)
                .set("GELIG", eligible - eligible / 2)
                .set("PBELIG", "49%")
                .set("PGELIG", "51%")
                .set("TKS1AVERAGE", "16.2")
                .set("PTRWM_EXP", format!("{rwm}%"))
                .set("PTRWM_HIGH", format!("{}%", rwm / 8))
                .set("READ_AVERAGE", 100 + rwm / 18)
                .set("MAT_AVERAGE", 99 + rwm / 17)
                .set("GPS_AVERAGE", 100 + rwm / 16);
            for (subject, Progress { score, half }) in [("READ", reading), ("WRIT", writing), ("MAT", maths)] {
                row.set(&format!("{subject}PROG"), tenths(score))
                    .set(&format!("{subject}PROG_LOWER"), tenths(score - half))
                    .set(&format!("{subject}PROG_UPPER"), tenths(score + half))
                    .set(&format!("{subject}COV"), "96%")
                    .set(&format!("{subject}PROG_DESCR"), band(score, half));
            }
            row.set("PTREAD_EXP", format!("{}%", rwm + 6)).set("PTMAT_EXP", format!("{}%", rwm + 7));
            row.drop_empty_tail();
        }
    }
    if let Some(token) = damage {
        row.set("PTRWM_EXP", token).damaged();
    }
}

/// 1 well above … 5 well below; the cut points of the real tables change every year.
fn band(score: i64, half: i64) -> &'static str {
    match (score + half < 0, score - half > 0) {
        (true, _) if score < -30 => "5",
        (true, _) => "4",
        (_, true) if score > 30 => "1",
        (_, true) => "2",
        _ => "3",
    }
}

/// Columns of figures, as against those about the school.
fn is_figure(column: &str) -> bool {
    [
        "PTRWM",
        "READPROG",
        "WRITPROG",
        "MATPROG",
        "READCOV",
        "WRITCOV",
        "MATCOV",
        "READ_AVERAGE",
        "MAT_AVERAGE",
        "GPS_AVERAGE",
        "PTREAD",
        "PTMAT",
        "PTGPS",
        "PTWRIT",
    ]
    .iter()
    .any(|start| column.starts_with(start))
}
