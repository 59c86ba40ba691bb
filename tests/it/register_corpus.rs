//! Legal types, size bands and distances against published registers, where they are at hand.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use headwater::model::Missing;
use headwater::register::legal::{self, LegalStatus, Unclear};
use headwater::register::listed::Known;
use headwater::register::size::{NoBand, SizeSchemes};
use headwater::register::spread::{Distances, Metres, NEIGHBOURS, Place};

use super::support::corpus;

/// The cells of the named columns, row by row.
fn cells<const N: usize>(path: &Path, columns: [&str; N]) -> Vec<[String; N]> {
    let mut text = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|end| end == "gz") {
        let packed = std::mem::take(&mut text);
        flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut text).unwrap();
    }
    let mut rows = csv::Reader::from_reader(text.as_slice());
    let headers = rows.byte_headers().unwrap().clone();
    let places = columns.map(|name| headers.iter().position(|header| header == name.as_bytes()).unwrap());
    rows.byte_records()
        .map(|row| {
            let row = row.unwrap();
            places.map(|place| String::from_utf8_lossy(&row[place]).into_owned())
        })
        .collect()
}

const REGISTERS: [&str; 3] = [
    "2022-04-25/edubasealldata20220425.csv.gz",
    "2024-06-17/edubasealldata20240617.csv.gz",
    "2026-06-22/edubasealldata20260622.csv.gz",
];

#[test]
fn every_type_in_the_published_registers_is_known_and_none_that_the_state_pays_for_is_other() {
    let test = "every_type_in_the_published_registers_is_known_and_none_that_the_state_pays_for_is_other";
    let Some(corpus) = corpus::folder(test) else { return };
    let mut seen: BTreeMap<[String; 3], usize> = BTreeMap::new();
    for file in REGISTERS {
        let columns = ["TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "EstablishmentTypeGroup (name)"];
        for row in cells(&corpus.join("reshaped/gias").join(file), columns) {
            *seen.entry(row).or_default() += 1;
        }
    }
    assert!(seen.len() > 25, "{seen:?}");
    let none: Known<&str> = Err(Missing::Blank);
    for (row, rows) in &seen {
        let [code, name, group] = row.each_ref().map(|text| if text.is_empty() { none } else { Ok(text.as_str()) });
        let status = legal::legal_status(name, code, group);
        if name.is_err() {
            assert_eq!(status, Err(Unclear::Missing(Missing::Blank)), "{rows} rows");
            continue;
        }
        assert_eq!(legal::legal_type(name, none), legal::legal_type(none, code), "{rows} rows");
        let expected = match group.unwrap() {
            "Academies" | "Free Schools" => &[LegalStatus::Academy][..],
            "Local authority maintained schools" => &[LegalStatus::Maintained],
            "Special schools" => &[LegalStatus::Maintained, LegalStatus::OtherStateFunded, LegalStatus::Independent],
            "Independent schools" => &[LegalStatus::Independent, LegalStatus::OtherStateFunded],
            "Colleges" => &[LegalStatus::College],
            "Other types" => &[LegalStatus::Other, LegalStatus::OtherStateFunded],
            other => panic!("{other}: a group not met before"),
        };
        assert!(expected.contains(status.as_ref().unwrap()), "{name:?} in {group:?}: {status:?}, {rows} rows");
    }
}

#[test]
fn every_published_trust_falls_into_the_bands_that_were_computed_without_headwater() {
    let test = "every_published_trust_falls_into_the_bands_that_were_computed_without_headwater";
    let Some(corpus) = corpus::folder(test) else { return };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/trust-sizes.toml");
    let schemes = SizeSchemes::load(&file, &std::fs::read_to_string(&file).unwrap()).unwrap();
    let [finer, four, study] = ["register-five", "register-four", "study-2018"].map(|id| schemes.get(id).unwrap());
    let rows = cells(&corpus.join("oracle/trust_size_bands.csv"), ["schools", "band_A", "band_B"]);
    assert!(rows.len() > 8_000, "{}", rows.len());
    for [schools, band_a, band_b] in rows {
        let count: u32 = schools.parse().unwrap();
        assert_eq!(finer.band(count).unwrap().label.replace('–', "-"), band_a, "{count} schools");
        assert_eq!(four.band(count).unwrap().label.replace('–', "-"), band_b, "{count} schools");
        match study.band(count) {
            Ok(band) => assert_eq!(band.label, four.band(count).unwrap().label),
            Err(why) => assert_eq!((why, band_b.as_str()), (NoBand::BelowSmallest, "1-2")),
        }
    }
}

/// Distances are checked by a plain count over all pairs, for the largest trusts of the register.
#[test]
fn distances_in_the_largest_trusts_agree_with_a_plain_count() {
    let Some(corpus) = corpus::folder("distances_in_the_largest_trusts_agree_with_a_plain_count") else { return };
    let mut trusts: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let columns = ["Trusts (code)", "EstablishmentStatus (name)", "Easting", "Northing"];
    for [trust, status, easting, northing] in cells(&corpus.join("reshaped/gias").join(REGISTERS[2]), columns) {
        if let (false, true, Ok(easting), Ok(northing)) =
            (trust.is_empty(), status.starts_with("Open"), easting.parse(), northing.parse())
        {
            trusts.entry(trust).or_default().push(Place { easting, northing });
        }
    }
    let mut by_size: Vec<Vec<Place>> = trusts.into_values().filter(|places| places.len() >= 20).collect();
    by_size.sort_by_key(Vec::len);
    assert!(by_size.len() > 50, "{}", by_size.len());
    for places in &by_size {
        let found = Distances::of(places, NEIGHBOURS).unwrap();
        let mut far: Vec<f64> = Vec::new();
        for (n, one) in places.iter().enumerate() {
            for other in &places[n + 1..] {
                let east = f64::from(one.easting) - f64::from(other.easting);
                far.push(east.hypot(f64::from(one.northing) - f64::from(other.northing)));
            }
        }
        far.sort_by(f64::total_cmp);
        let median = (far[far.len() / 2] + far[(far.len() - 1) / 2]) / 2.0;
        assert!((median - f64::from(found.median.0)).abs() <= 0.51, "{median} {found:?}");
        assert!(found.clusters >= 1 && found.largest as usize <= places.len());
        assert_eq!(Distances::of(places, Metres(u32::MAX)).unwrap().clusters, 1);
    }
    let largest = by_size.last().unwrap();
    println!("{} schools: {:?}", largest.len(), Distances::of(largest, NEIGHBOURS).unwrap());
}
