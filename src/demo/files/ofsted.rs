//! Ofsted's management information: the layout of 2019 to 2024 (61 columns) and of 2026 (85).
//!
//! `NULL` says that there was no such inspection; an empty category says that there was one and
//! that it put the school into no category.

use jiff::civil::{Date, date};

use super::sheet::{RowIs, RowPen, Sheet, Style, Written};
use crate::demo::county::{County, LA_NAME, Phase, School};
use crate::demo::figures::{Graded, Inspection};
use crate::demo::who::GroupKind;

/// The file as at a day.
pub fn write(county: &County, day: Date) -> Written {
    let late = day >= date(2025, 11, 1);
    let mut sheet =
        Sheet::new(if late { include_str!("headers/ofsted_2026.txt") } else { include_str!("headers/ofsted_2019.txt") });
    for school in county.schools.iter().filter(|s| county.in_ofsted_file(s, day)) {
        // an inspection shows once its report is out, some six weeks later
        let seen: Vec<Inspection> = county.inspections(school).into_iter().filter(|i| published(i.date) <= day).collect();
        let row = about(&mut sheet, school, day);
        if late { blocks_2026(row, school, &seen) } else { blocks_2019(row, school, &seen) }
    }
    sheet.write(Style::Ofsted)
}

fn about<'a>(sheet: &'a mut Sheet, school: &School, day: Date) -> RowPen<'a> {
    let (low, high) = school.ages();
    let mut row = sheet.row(RowIs::School, "NULL");
    row.set(
        "Web Link (opens in new window)",
        format!("http://www.ofsted.gov.uk/inspection-reports/find-inspection-report/provider/ELS/{}", school.urn),
    )
    .set("URN", school.urn)
    .set("LAESTAB", school.laestab())
    .set("School name", school.name_on(day))
    .set("Ofsted phase", phase(school))
    .set("Type of education", school.kind.ofsted())
    .set("Admissions policy", if school.phase == Phase::Secondary { "Non-selective" } else { "Not applicable" })
    .set("Sixth form", "Does not have a sixth form")
    .set("Designated religious character", school.faith())
    .set("Religious ethos", "Does not apply")
    .set("Faith grouping", if school.faith() == "Does not apply" { "Non-faith" } else { "Christian" })
    .set("Ofsted region", "South West")
    .set("Region", "South West")
    .set("Local authority", LA_NAME)
    .set("Parliamentary constituency", "Wexcombe Vale")
    .set("Postcode", &school.postcode)
    .set("The income deprivation affecting children index (IDACI) quintile", school.urn % 5 + 1)
    .set("Total number of pupils", school.pupils)
    .set("Statutory lowest age", low)
    .set("Statutory highest age", high);
    if school.opened > date(1999, 1, 1) {
        row.set("School open date", dd_mm_yyyy(school.opened));
    }
    let trust = school.trust_on(day).map(|(_, trust)| trust);
    if let Some(trust) = trust.filter(|trust| trust.kind == GroupKind::MultiAcademyTrust) {
        row.set("Multi-academy trust UID", trust.uid).set("Multi-academy trust name", trust.name);
    }
    row
}

fn blocks_2019(mut row: RowPen<'_>, school: &School, seen: &[Inspection]) {
    let graded: Vec<(Date, u8, &str)> = graded(seen);
    if let Some((day, grade, category)) = graded.last().copied() {
        row.set("Inspection number of latest full inspection", number(school, day))
            .set("Inspection type", "S5 Inspection")
            .set("Inspection type grouping", "S5 Inspection")
            .set("Event type grouping", "Schools - S5")
            .set("Inspection start date", dd_mm_yyyy(day))
            .set("Inspection end date", dd_mm_yyyy(day))
            .set("Publication date", dd_mm_yyyy(published(day)))
            .set("Does the latest full inspection relate to the URN of the current school?", "Yes")
            .set("URN at time of latest full inspection", school.urn)
            .set("LAESTAB at time of latest full inspection", school.laestab())
            .set("School name at time of latest full inspection", &school.name)
            .set("School type at time of latest full inspection", school.kind.ofsted())
            .set("Overall effectiveness", grade)
            .set("Category of concern", category)
            .set("Effectiveness of leadership and management", grade)
            .set("Early years provision (where applicable)", "9")
            .set("Sixth form provision (where applicable)", "9");
        if day >= date(2019, 9, 1) {
            row.set("Quality of education", grade)
                .set("Behaviour and attitudes", grade.min(3))
                .set("Personal development", grade.min(3))
                .set("Safeguarding is effective?", if category == "SM" { "No" } else { "Yes" });
        }
    }
    if let Some((day, grade, category)) = graded.len().checked_sub(2).map(|at| graded[at]) {
        row.set("Previous full inspection number", number(school, day))
            .set("Previous inspection start date", dd_mm_yyyy(day))
            .set("Previous inspection end date", dd_mm_yyyy(day))
            .set("Previous publication date", dd_mm_yyyy(published(day)))
            .set("Does the previous full inspection relate to the URN of the current school?", "Yes")
            .set("URN at time of previous full inspection", school.urn)
            .set("Previous full inspection overall effectiveness", grade)
            .set("Previous category of concern", category)
            .set("Previous effectiveness of leadership and management", grade)
            .set("Previous early years provision (where applicable)", "9")
            .set("Previous sixth form provision (where applicable)", "9");
        if day >= date(2019, 9, 1) {
            row.set("Previous quality of education", grade);
        }
    }
}

fn blocks_2026(mut row: RowPen<'_>, school: &School, seen: &[Inspection]) {
    let card = seen.iter().rev().find_map(|i| match i.outcome {
        Graded::Card { standard, leadership, safeguarding, category } => {
            Some((i.date, standard, leadership, safeguarding, category))
        }
        Graded::Overall { .. } => None,
    });
    if let Some((day, standard, leadership, safeguarding, category)) = card {
        row.set("Inspection number of latest full inspection", number(school, day))
            .set("Inspection type", "S5 Inspection")
            .set("Inspection type grouping", "S5 Inspection")
            .set("Event type grouping", "Schools - S5")
            .set("Inspection start date", dd_mm_yyyy(day))
            .set("Publication date", dd_mm_yyyy(published(day)))
            .set("Does the latest full inspection relate to the URN of the current school?", "Yes")
            .set("URN at time of latest full inspection", school.urn)
            .set("LAESTAB at time of latest full inspection", school.laestab())
            .set("School name at time of latest full inspection", &school.name)
            .set("School type at time of latest full inspection", school.kind.ofsted())
            .set("Category of concern", category)
            .set("Safeguarding standards", safeguarding)
            .set("Safeguarding standards - date of judgement", dd_mm_yyyy(day));
        for area in [
            "Inclusion",
            "Curriculum and teaching",
            "Achievement",
            "Attendance and behaviour",
            "Personal development and wellbeing",
            "Leadership and governance",
        ] {
            row.set(area, if area == "Leadership and governance" { leadership } else { standard });
            row.set(&format!("{area} - date of judgement"), dd_mm_yyyy(day));
        }
        row.set("Early years (where applicable)", "Not applicable").set("Post-16 provision (where applicable)", "Not applicable");
    }
    // inspections before September 2019 are not in the block of the older framework
    let graded = graded(seen).last().copied().filter(|(day, ..)| *day >= date(2019, 9, 1));
    if let Some((day, grade, category)) = graded {
        row.set("Inspection number of latest OEIF graded inspection", number(school, day))
            .set("Inspection type of latest OEIF graded inspection", "S5 Inspection")
            .set("Inspection type grouping of latest OEIF graded inspection", "S5 Inspection")
            .set("Event type grouping of latest OEIF graded inspection", "Schools - S5")
            .set("Inspection start date of latest OEIF graded inspection", dd_mm_yyyy(day))
            .set("Publication date of latest OEIF graded inspection", dd_mm_yyyy(published(day)))
            .set("Does the latest OEIF graded inspection relate to the URN of the current school?", "Yes")
            .set("URN at time of latest OEIF graded inspection", school.urn)
            .set("LAESTAB at time of latest OEIF graded inspection", school.laestab())
            .set("School name at time of latest OEIF graded inspection", &school.name)
            .set("School type at time of latest OEIF graded inspection", school.kind.ofsted())
            .set("Latest OEIF category of concern", category)
            .set("Latest OEIF overall effectiveness", grade)
            .set("Latest OEIF quality of education", grade)
            .set("Latest OEIF behaviour and attitudes", grade.min(3))
            .set("Latest OEIF personal development", grade.min(3))
            .set("Latest OEIF effectiveness of leadership and management", grade)
            .set("Latest OEIF  safeguarding is effective?", if category == "SM" { "No" } else { "Yes" })
            .set("Latest OEIF early years provision (where applicable)", "9")
            .set("Latest OEIF sixth form provision (where applicable)", "9");
    }
    let recent = card.map(|(.., category)| category).or(graded.map(|(.., category)| category));
    if let Some(category) = recent {
        row.set("Most recent category of concern", category);
    }
}

fn graded(seen: &[Inspection]) -> Vec<(Date, u8, &'static str)> {
    seen.iter()
        .filter_map(|i| match i.outcome {
            Graded::Overall { grade, category } => Some((i.date, grade, category)),
            Graded::Card { .. } => None,
        })
        .collect()
}

/// Reports come out five weeks after the first day of an inspection.
fn published(day: Date) -> Date {
    day.saturating_add(jiff::Span::new().days(35))
}

fn number(school: &School, day: Date) -> String {
    format!("10{:06}", (school.urn % 1_000) * 1_000 + (day.year() as u32 - 2_000) * 12 + day.month() as u32)
}

fn phase(school: &School) -> &'static str {
    match school.phase {
        Phase::Primary => "Primary",
        Phase::Secondary => "Secondary",
        Phase::Special => "Special",
    }
}

fn dd_mm_yyyy(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}
