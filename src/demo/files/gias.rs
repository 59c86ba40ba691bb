//! `edubasealldata`: the register's daily extract, all columns of 2024 (140) or of 2026 (135).

use jiff::civil::{Date, date};

use super::sheet::{RowIs, RowPen, Sheet, Style, Written};
use crate::demo::county::{County, LA, LA_NAME, Phase, School};
use crate::demo::who::{CODES_WITHOUT_ZEROS, GroupKind};

/// The extract as it stood on a day: every establishment opened by then, closed ones included.
pub fn write(county: &County, day: Date) -> Written {
    // five Ofsted and region columns went in January 2025
    let late = day >= date(2025, 1, 29);
    let mut sheet = Sheet::new(if late { include_str!("headers/gias_2026.txt") } else { include_str!("headers/gias_2024.txt") });
    for school in county.schools.iter().filter(|s| s.opened <= day) {
        establishment(&mut sheet, school, day);
    }
    sheet.write(Style::Register)
}

fn establishment(sheet: &mut Sheet, school: &School, day: Date) {
    let (type_code, type_name, group_code, group_name) = school.kind.register();
    let closed = school.closed.filter(|closed| *closed <= day);
    let (phase_code, phase_name) = match school.phase {
        Phase::Primary => ("2", "Primary"),
        Phase::Secondary => ("4", "Secondary"),
        Phase::Special => ("0", "Not applicable"),
    };
    let (low, high) = school.ages();
    let (status_code, status) = match closed {
        Some(_) => ("2", "Closed"),
        None if school.is_proposed_to_close(day) => ("3", "Open, but proposed to close"),
        None => ("1", "Open"),
    };
    let (end_code, end) = match closed {
        Some(_) if school.merged.is_some() => ("02", "Result of Amalgamation/Merger"),
        Some(_) => ("10", "Academy Converter"),
        None => ("00", "Not applicable"),
    };
    let mut row = sheet.row(RowIs::School, "");
    row.set("URN", school.urn)
        .set("LA (code)", format!("{LA:03}"))
        .set("LA (name)", LA_NAME)
        .set("EstablishmentNumber", school.estab)
        .set("EstablishmentName", school.name_on(day))
        .set("TypeOfEstablishment (code)", type_code)
        .set("TypeOfEstablishment (name)", type_name)
        .set("EstablishmentTypeGroup (code)", group_code)
        .set("EstablishmentTypeGroup (name)", group_name)
        .set("EstablishmentStatus (code)", status_code)
        .set("EstablishmentStatus (name)", status)
        .set("ReasonEstablishmentOpened (code)", if school.predecessor.is_some() { "10" } else { "00" })
        .set(
            "ReasonEstablishmentOpened (name)",
            if school.predecessor.is_some() { "Academy Converter" } else { "Not applicable" },
        )
        .set("OpenDate", dd_mm_yyyy(school.opened))
        .set("ReasonEstablishmentClosed (code)", end_code)
        .set("ReasonEstablishmentClosed (name)", end)
        .set("CloseDate", closed.map(dd_mm_yyyy).unwrap_or_default())
        .set("PhaseOfEducation (code)", phase_code)
        .set("PhaseOfEducation (name)", phase_name)
        .set("StatutoryLowAge", low)
        .set("StatutoryHighAge", high)
        .set("Boarders (code)", "1")
        .set("Boarders (name)", "No boarders")
        .set("NurseryProvision (name)", if low < 5 { "Has Nursery Classes" } else { "No Nursery Classes" })
        .set("OfficialSixthForm (code)", "2")
        .set("OfficialSixthForm (name)", "Does not have a sixth form")
        .set("Gender (code)", "3")
        .set("Gender (name)", "Mixed");
    // two digits, of which the first is a zero
    let coded = |code: &'static str| if day == CODES_WITHOUT_ZEROS { code.strip_prefix('0').unwrap_or(code) } else { code };
    let (faith_code, faith) = match school.faith() {
        "Church of England" => ("02", "Church of England"),
        "Roman Catholic" => ("03", "Roman Catholic"),
        _ => ("00", "Does not apply"),
    };
    row.set("ReligiousCharacter (code)", coded(faith_code))
        .set("ReligiousCharacter (name)", faith)
        .set("ReligiousEthos (name)", "Does not apply")
        .set("Diocese (code)", "0000")
        .set("Diocese (name)", "Not applicable")
        .set("AdmissionsPolicy (code)", if school.phase == Phase::Secondary { "6" } else { "0" })
        .set("AdmissionsPolicy (name)", if school.phase == Phase::Secondary { "Non-selective" } else { "Not applicable" })
        .set("SchoolCapacity", school.pupils + 30)
        .set("CensusDate", format!("19-01-{}", day.year()))
        .set("NumberOfPupils", school.pupils)
        .set("NumberOfBoys", school.pupils / 2)
        .set("NumberOfGirls", school.pupils - school.pupils / 2)
        .set("PercentageFSM", format!("{}.{}", 6 + school.urn % 23, school.urn % 10))
        .set("SchoolSponsorFlag (name)", "Not applicable")
        .set("UKPRN", 19_000_000 + school.urn - 900_000)
        .set("LastChangedDate", dd_mm_yyyy(date(day.year(), 9, 1)))
        .set("Street", format!("{} School Lane", school.urn % 80 + 1))
        .set("Town", school.town)
        .set("County (name)", LA_NAME)
        .set("Postcode", &school.postcode)
        .set("Section41Approved (name)", "Not applicable")
        .set("GOR (code)", "K")
        .set("GOR (name)", "South West")
        .set("DistrictAdministrative (code)", "E06000990")
        .set("DistrictAdministrative (name)", LA_NAME)
        .set("GSSLACode (name)", "E06000990")
        .set("Easting", 290_000 + school.urn % 1_000)
        .set("Northing", 90_000 + school.urn % 1_000)
        .set("PreviousLA (code)", "999")
        .set("PreviousEstablishmentNumber", "")
        .set("EstablishmentAccredited (code)", "0")
        .set("EstablishmentAccredited (name)", "Not applicable")
        .set("FSM", school.pupils / 9);
    let (first, last) = school.head_on(day);
    row.set("HeadTitle (name)", ["Ms", "Mr", "Mrs", "Dr"][school.urn as usize % 4])
        .set("HeadFirstName", first)
        .set("HeadLastName", last)
        .set("HeadPreferredJobTitle", "Headteacher");
    groups(&mut row, school, day);
}

/// The trust and the federation; the cells of who is in none are empty.
fn groups(row: &mut RowPen<'_>, school: &School, day: Date) {
    let trust = school.trust_on(day).map(|(_, trust)| trust);
    let (code, flag) = match trust.map(|trust| trust.kind) {
        Some(GroupKind::MultiAcademyTrust) => ("5", "Supported by a multi-academy trust"),
        Some(GroupKind::SingleAcademyTrust) => ("3", "Supported by a single-academy trust"),
        Some(_) => ("1", "Supported by a trust"),
        None => ("0", "Not applicable"),
    };
    row.set("TrustSchoolFlag (code)", code).set("TrustSchoolFlag (name)", flag);
    if let Some(trust) = trust {
        row.set("Trusts (code)", trust.uid).set("Trusts (name)", trust.name);
    }
    match school.federation_on(day) {
        Some((_, federation)) => row
            .set("FederationFlag (name)", "Supported by a federation")
            .set("Federations (code)", federation.uid)
            .set("Federations (name)", federation.name),
        None => row.set("FederationFlag (name)", "Not under a federation"),
    };
}

pub(super) fn dd_mm_yyyy(day: Date) -> String {
    format!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year())
}
