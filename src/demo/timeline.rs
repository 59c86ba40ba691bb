//! Everything that is published about Wexcombe from 2016 to 2026, in order, broken files included.

use jiff::civil::{Date, date};

use super::county::County;
use super::files::{Written, absence, ees_ks4, gias, group_links, groups, ks2, ks4, links, ofsted, sheet::Rows};
use super::spoil;
use crate::model::{AcademicYear, Period, Stage};

/// One file that comes out on one day.
#[derive(Debug, Clone)]
pub struct Publication {
    pub connector: &'static str,
    pub period: Period,
    pub stage: Stage,
    pub published: Date,
    /// Different for every publication.
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub served: Served,
    pub expect: Expect,
    /// What is in the file, as its writer counted; nothing for a file that is not a release.
    pub rows: Rows,
    /// What is wrong with it, or what it brings.
    pub note: &'static str,
}

/// How the publisher hands it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Under a URL with that day in it.
    DatedUrl { day: Date },
    /// As an attachment of a page in the GOV.UK content API.
    GovukAttachment { title: String },
    /// As a version of a data set of Explore Education Statistics.
    EesVersion { version: &'static str },
    /// Put into a watched folder by a person.
    Folder,
}

/// The data set of key stage 4 in Explore Education Statistics.
pub const KS4_DATA_SET: &str = "19e39901-a96c-be76-b9c2-6af54ae076d2";

/// What the pipeline must make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expect {
    Accepted,
    /// Waits for a person; nothing moves.
    Held,
    /// Not a release of this data set; nothing moves.
    Refused,
}

impl Expect {
    pub fn word(self) -> &'static str {
        match self {
            Expect::Accepted => "accepted",
            Expect::Held => "held",
            Expect::Refused => "refused",
        }
    }
}

/// All publications in the order in which they come out.
///
/// # Errors
/// Only if compressing into memory fails.
pub fn timeline(county: &County) -> std::io::Result<Vec<Publication>> {
    let mut all = published_2016_17(county);
    all.extend(published_2017_18(county));
    all.extend(published_2018_19(county));
    all.extend(published_2019_20(county)?);
    all.extend(published_since(county));
    Ok(all)
}

fn published_2016_17(county: &County) -> Vec<Publication> {
    vec![
        register(county, date(2016, 10, 3)),
        school_links(county, date(2016, 10, 3)),
        tables_ks2(county, 2015, date(2016, 12, 15)),
        tables_ks4(county, 2015, Stage::Final, date(2017, 1, 19)),
        tables_absence(county, 2015, date(2017, 3, 23)),
    ]
}

fn published_2017_18(county: &County) -> Vec<Publication> {
    let ks2 = tables_ks2(county, 2016, date(2017, 12, 14));
    let renamed = spoil::rename(&ks2.bytes, "PTRWM_EXP", "PTRWM_EXPECTED");
    let ks4 = tables_ks4(county, 2016, Stage::Final, date(2018, 1, 25));
    let half = spoil::half(&ks4.bytes);
    let absence = tables_absence(county, 2016, date(2018, 3, 22));
    let shifted = spoil::shift_right(&absence.bytes);
    vec![
        tables_ks4(county, 2016, Stage::Provisional, date(2017, 10, 12)),
        register(county, date(2017, 10, 16)),
        school_links(county, date(2017, 10, 16)),
        spoilt(&ks2, date(2017, 12, 13), renamed, Expect::Held, "a required column has another name"),
        ks2,
        spoilt(&ks4, date(2018, 1, 24), half, Expect::Held, "every second row is gone"),
        ks4,
        spoilt(&absence, date(2018, 3, 21), shifted, Expect::Refused, "every value stands one column to the right"),
        absence,
    ]
}

fn published_2018_19(county: &County) -> Vec<Publication> {
    let unwell = date(2018, 10, 1);
    let register_of = register(county, date(2018, 10, 2));
    let html = Publication {
        period: Period::Day(unwell),
        served: Served::DatedUrl { day: unwell },
        file_name: format!("edubasealldata{}.csv", compact(unwell)),
        ..spoilt(&register_of, unwell, spoil::html_error(), Expect::Refused, "an error page with status 200")
    };
    vec![
        html,
        register_of,
        tables_ks2(county, 2017, date(2018, 12, 13)),
        tables_ks4(county, 2017, Stage::Final, date(2019, 1, 24)),
        tables_absence(county, 2017, date(2019, 3, 21)),
    ]
}

fn published_2019_20(county: &County) -> std::io::Result<Vec<Publication>> {
    let ks2 = tables_ks2(county, 2018, date(2019, 12, 12));
    let cut = Publication {
        file_name: format!("first_{}.gz", ks2.file_name),
        ..spoilt(&ks2, date(2019, 12, 11), spoil::truncated_gzip(&ks2.bytes)?, Expect::Refused, "the gzip stream is cut off")
    };
    let absence = tables_absence(county, 2018, date(2020, 3, 26));
    Ok(vec![
        inspections(county, date(2019, 8, 31), date(2019, 9, 18), "31 Aug 2019"),
        tables_ks4(county, 2018, Stage::Provisional, date(2019, 10, 17)),
        cut,
        ks2,
        tables_ks4(county, 2018, Stage::Final, date(2020, 1, 30)),
        spoilt(&absence, date(2020, 3, 25), Vec::new(), Expect::Refused, "nothing in it"),
        absence,
    ])
}

/// Tables stopped for the pandemic; inspections went on.
fn published_since(county: &County) -> Vec<Publication> {
    vec![
        inspections(county, date(2020, 8, 31), date(2020, 9, 16), "31 August 2020"),
        register(county, date(2022, 9, 5)),
        school_links(county, date(2022, 9, 5)),
        groups_of(date(2022, 9, 5)),
        memberships(county, date(2022, 9, 5)),
        inspections(county, date(2022, 8, 31), date(2022, 9, 14), "31 Aug 2022"),
        inspections(county, date(2023, 8, 31), date(2023, 9, 13), "31 Aug 2023"),
        tables_ks4(county, 2022, Stage::Final, date(2024, 2, 1)),
        inspections(county, date(2024, 8, 31), date(2024, 9, 18), "31 August 2024"),
        statistics_ks4(county, 2023, "1.0", date(2025, 2, 27)),
        // the extract comes last that day, as it does when it is late
        school_links(county, date(2025, 11, 3)),
        groups_of(date(2025, 11, 3)),
        memberships(county, date(2025, 11, 3)),
        register(county, date(2025, 11, 3)),
        inspections(county, date(2026, 1, 31), date(2026, 2, 18), "31 Jan 2026"),
        inspections(county, date(2026, 5, 31), date(2026, 6, 17), "31 May 2026"),
    ]
}

fn register(county: &County, day: Date) -> Publication {
    let name = format!("edubasealldata{}.csv", compact(day));
    as_at("gias-establishments", day, day, name, Served::DatedUrl { day }, gias::write(county, day))
}

fn school_links(county: &County, day: Date) -> Publication {
    let name = format!("links_edubasealldata{}.csv", compact(day));
    as_at("gias-links", day, day, name, Served::DatedUrl { day }, links::write(county, day))
}

fn groups_of(day: Date) -> Publication {
    let name = format!("allgroupsdata{}.csv", compact(day));
    as_at("gias-groups", day, day, name, Served::DatedUrl { day }, groups::write(day))
}

fn memberships(county: &County, day: Date) -> Publication {
    let name = format!("alllinksdata{}.csv", compact(day));
    as_at("gias-group-links", day, day, name, Served::DatedUrl { day }, group_links::write(county, day))
}

/// `words` is the day as the title spells it; the publisher mixes long and short names of months.
fn inspections(county: &County, day: Date, published: Date, words: &str) -> Publication {
    let title = format!("Management information - state-funded schools - latest inspections as at {words}");
    let name = format!("{}.csv", title.replace(' ', "_"));
    as_at("ofsted-inspections", day, published, name, Served::GovukAttachment { title }, ofsted::write(county, day))
}

fn as_at(
    connector: &'static str,
    day: Date,
    published: Date,
    file_name: String,
    served: Served,
    written: Written,
) -> Publication {
    Publication {
        connector,
        period: Period::Day(day),
        stage: Stage::AsAt,
        published,
        file_name,
        bytes: written.bytes,
        served,
        expect: Expect::Accepted,
        rows: written.rows,
        note: "",
    }
}

fn tables_ks2(county: &County, year: u16, published: Date) -> Publication {
    yearly("ks2-performance", year, Stage::Final, published, "ks2final", ks2::write(county, year))
}

fn tables_ks4(county: &County, year: u16, stage: Stage, published: Date) -> Publication {
    let provisional = stage == Stage::Provisional;
    let name = if provisional { "ks4provisional" } else { "ks4final" };
    yearly("ks4-performance", year, stage, published, name, ks4::write(county, year, provisional))
}

fn tables_absence(county: &County, year: u16, published: Date) -> Publication {
    yearly("absence", year, Stage::Final, published, "abs", absence::write(county, year))
}

fn yearly(connector: &'static str, year: u16, stage: Stage, published: Date, name: &str, written: Written) -> Publication {
    Publication {
        connector,
        period: period(year),
        stage,
        published,
        file_name: format!("{year}-{}_england_{name}.csv", year + 1),
        bytes: written.bytes,
        served: Served::Folder,
        expect: Expect::Accepted,
        rows: written.rows,
        note: "",
    }
}

fn statistics_ks4(county: &County, year: u16, version: &'static str, published: Date) -> Publication {
    let name = format!("{year}{:02}_performance_tables_schools", (year + 1) % 100);
    let mut publication = yearly("ks4-performance", year, Stage::Final, published, &name, ees_ks4::write(county, year));
    // as the service names it in its answer
    publication.file_name = format!("{KS4_DATA_SET}_v{version}.csv");
    publication.served = Served::EesVersion { version };
    publication
}

/// The same publication gone bad, some days before the good one.
fn spoilt(good: &Publication, published: Date, bytes: Vec<u8>, expect: Expect, note: &'static str) -> Publication {
    Publication {
        published,
        bytes,
        expect,
        note,
        rows: Rows::default(),
        file_name: format!("first_{}", good.file_name),
        ..good.clone()
    }
}

fn period(year: u16) -> Period {
    match AcademicYear::starting(year) {
        Some(year) => Period::Year(year),
        // every year of the timeline is within bounds
        None => Period::Day(date(2016, 9, 1)),
    }
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> &'static [Publication] {
        &crate::demo::wexcombe().timeline
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (one, other) = (all(), timeline(&County::new(crate::demo::SEED)).unwrap());
        assert_eq!(one.len(), other.len());
        assert!(one.iter().zip(other.iter()).all(|(a, b)| a.bytes == b.bytes && a.file_name == b.file_name));
        let different = timeline(&County::new(991)).unwrap();
        assert!(one.iter().zip(&different).any(|(a, b)| a.bytes != b.bytes));
    }

    #[test]
    fn publications_come_in_order_under_names_of_their_own() {
        let all = all();
        assert!(all.windows(2).all(|pair| pair[0].published <= pair[1].published || pair[0].connector != pair[1].connector));
        let names: BTreeSet<&str> = all.iter().map(|p| p.file_name.as_str()).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().filter(|p| p.expect != Expect::Accepted).count() >= 6);
    }

    #[test]
    fn every_good_file_parses_to_the_rows_its_writer_counted() {
        for publication in all().iter().filter(|p| p.expect == Expect::Accepted) {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(publication.bytes.as_slice());
            let width = reader.byte_headers().unwrap().len();
            let rows: Vec<csv::ByteRecord> = reader.byte_records().collect::<Result<_, _>>().unwrap();
            assert_eq!(rows.len(), publication.rows.all() as usize, "{}", publication.file_name);
            assert!(rows.iter().all(|row| row.len() <= width), "{}", publication.file_name);
            // a county has some ten trusts
            assert!(publication.rows.all() > 40 || publication.connector == "gias-groups", "{}", publication.file_name);
        }
    }

    #[test]
    fn key_stage_files_are_ragged_as_real_ones_are() {
        let all = all();
        let file = all.iter().find(|p| p.file_name == "2015-2016_england_ks2final.csv").unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file.bytes.as_slice());
        let lengths: BTreeSet<usize> = reader.byte_records().map(|row| row.unwrap().len()).collect();
        assert!(lengths.len() > 2, "{lengths:?}");
        assert!(file.bytes.windows(5).any(|w| w == b",NEW\r"));
    }

    #[test]
    fn every_marker_of_the_tables_occurs() {
        let has = |name: &str, marker: &str| {
            let file = all().iter().find(|p| p.file_name == name).unwrap();
            String::from_utf8_lossy(&file.bytes).lines().any(|line| line.split(',').any(|cell| cell == marker))
        };
        for marker in ["SUPP", "NE", "NP", "LOWCOV", "NEW"] {
            assert!(has("2016-2017_england_ks4final.csv", marker), "{marker}");
        }
        assert!(has("2016-2017_england_ks4provisional.csv", "NA"));
        assert!(has("2015-2016_england_ks2final.csv", "SUPP") && has("2017-2018_england_abs.csv", "SUPP"));
    }
}
