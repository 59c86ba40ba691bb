//! The register, and the parts of it that other services hand on: what is a change and what is only
//! another spelling of the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use headwater::connector::Registry;
use headwater::decode::{self, Limits, Row};
use headwater::model::{Measures, Value};
use headwater::normalise::{self, Content, Known, Read};

use crate::support::corpus;
use crate::support::files::{Around, ingest, measures};
use crate::support::program::{Place, repository};

/// Sources that describe schools, the register itself first.
#[test]
fn the_register_is_believed_before_what_others_make_of_it() {
    assert_eq!(Registry::embedded().unwrap().register_datasets(), ["gias", "sector"]);
}

/// URN → measure → value, with reasons for missing ones.
fn values(read: &Read, measures: &Measures) -> BTreeMap<i64, BTreeMap<String, Value>> {
    let mut values: BTreeMap<i64, BTreeMap<String, Value>> = BTreeMap::new();
    for record in &read.records {
        if let Content::Present(body) = &record.content {
            let cells = body.cells().map(|cell| (measures.id(cell.measure).unwrap().to_owned(), cell.value));
            values.entry(record.subject).or_default().extend(cells);
        }
    }
    values
}

fn read(connector: &str, day: &str, file: &Path) -> BTreeMap<i64, BTreeMap<String, Value>> {
    let read = ingest(connector, day, file, &Around::default()).read.unwrap();
    assert!(read.counts.reconciles(), "{}: {:?}", file.display(), read.counts);
    println!("{}: {:?}", file.display(), read.counts);
    values(&read, &measures())
}

/// (URN, measure) of every value that is another one, of schools and measures in both.
fn differing(a: &BTreeMap<i64, BTreeMap<String, Value>>, b: &BTreeMap<i64, BTreeMap<String, Value>>) -> BTreeSet<(i64, String)> {
    let mut differing = BTreeSet::new();
    for (urn, measures) in a {
        for (id, value) in measures {
            if b.get(urn).and_then(|other| other.get(id)).is_some_and(|other| other != value) {
                differing.insert((*urn, id.clone()));
            }
        }
    }
    differing
}

#[test]
fn other_types_keys_and_spellings_are_no_change() {
    let file = |day: &str| repository().join(format!("connectors/fixtures/sector-establishments/establishments-{day}.json"));
    let of = |day: &str| read("sector-establishments", day, &file(day));
    let (february, march, june) = (of("2026-02-25"), of("2026-03-24"), of("2026-06-19"));
    let expected = [(900_003, "sector.head".to_owned()), (900_004, "sector.name".to_owned())];
    assert_eq!(differing(&february, &march), BTreeSet::from(expected));
    assert_eq!(february[&900_003]["sector.head"], Value::Text(normalise::VACANT.into()));
    assert_eq!(differing(&march, &june), BTreeSet::new());
}

#[test]
fn heads_change_where_the_published_files_say_so() {
    let Some(corpus) = corpus::folder("schools in other services") else { return };
    let of =
        |day: &str| read("sector-establishments", day, &corpus.join(format!("published/sap-sector/{day}/Establishment.json")));
    let days = ["2026-02-25", "2026-03-24", "2026-06-03", "2026-06-19"];
    let files = days.map(of);
    assert_eq!(files.each_ref().map(BTreeMap::len), [1_616, 1_605, 1_649, 1_886]);
    let schools = |differing: &BTreeSet<(i64, String)>| differing.iter().map(|(urn, _)| *urn).collect::<BTreeSet<_>>().len();
    let of_pairs: Vec<_> = files.windows(2).map(|pair| differing(&pair[0], &pair[1])).collect();
    // of the first two files 1,567 of 1,608 rows have other codes, and 51 schools really changed
    assert_eq!(of_pairs.iter().map(schools).collect::<Vec<_>>(), [51, 25, 1]);
    for (pair, differing) in days.windows(2).zip(&of_pairs).skip(1) {
        let oracle = corpus.join(format!("oracle/gias_sample_changes_{}_to_{}.csv", pair[0], pair[1]));
        let oracle = crate::answers::rows(&oracle);
        let expected: BTreeSet<i64> =
            oracle.iter().filter(|row| row["event"] == "head_changed").map(|row| row["urn"].parse().unwrap()).collect();
        let heads: BTreeSet<i64> = differing.iter().filter(|(_, id)| id == "sector.head").map(|(urn, _)| *urn).collect();
        assert_eq!(heads, expected, "{pair:?}");
        println!("{pair:?}: {} heads", heads.len());
    }
}

/// Headers with 17 names over rows of 16 cells, and groups of children's centres, which are no schools.
#[test]
fn memberships_of_five_days_are_read_whole() {
    let Some(corpus) = corpus::folder("memberships") else { return };
    let days = ["2018-05-01", "2018-09-02", "2018-12-01", "2019-03-01", "2019-05-01"];
    let counts = days.map(|day| {
        let file = format!("published/gias-grouplinks/{day}/grouplinks_edubaseallacademiesandfree{}.csv", day.replace('-', ""));
        let counts = ingest("gias-group-links", day, &corpus.join(file), &Around::default()).read.unwrap().counts;
        assert_eq!(counts.read, counts.accepted, "{day}");
        counts.read
    });
    assert_eq!(counts, [11_871, 12_623, 12_915, 13_247, 13_754]);
    let every_kind = corpus.join("reshaped/gias-alllinks/2022-03-01/alllinksdata20220301.csv.gz");
    let counts = ingest("gias-group-links", "2022-03-01", &every_kind, &Around::default()).read.unwrap().counts;
    assert_eq!((counts.read, counts.accepted, counts.skipped["childrens-centre"]), (20_395, 18_772, 1_623));
}

/// What a citation is held against: every token that a record keeps is made again from its row, in
/// every fixture.
#[test]
fn every_token_that_is_kept_is_found_again_in_its_row() {
    let registry = Registry::embedded().unwrap();
    let mut found = 0;
    for (id, manifest) in &registry.connectors {
        for file in std::fs::read_dir(repository().join("connectors/fixtures").join(id)).unwrap() {
            let file = file.unwrap().path();
            let open = || decode::open(Box::new(File::open(&file).unwrap()), &manifest.decode, Limits::default());
            let period = if id.starts_with("gias") || id.starts_with("sector") { "2026-06-01" } else { "2017/18" };
            let Ok(mut table) = open() else { continue };
            let bound = normalise::bind(manifest, &registry.measures, period.parse().unwrap(), &table.header);
            let Ok(binding) = bound else { continue };
            let Ok(read) = normalise::read(&mut table, &binding, Known::default()) else { continue };
            let (mut table, mut row, mut rows) = (open().unwrap(), Row::default(), BTreeMap::new());
            while table.next(&mut row).unwrap_or(false) {
                rows.insert(row.number, row.cells.clone());
            }
            for record in &read.records {
                let Content::Present(body) = &record.content else { continue };
                for cell in body.cells() {
                    let column = &binding.columns[registry.measures.id(cell.measure).unwrap()];
                    let kept = binding.kept(&rows[&(record.row + cell.row_offset)], column);
                    assert_eq!(kept.as_deref(), Some(cell.raw), "{}, row {}, {column}", file.display(), record.row);
                    found += 1;
                }
            }
        }
    }
    assert!(found > 1_000, "{found} cells");
}

/// A register of sixty schools in trusts, written by `trust`.
fn register(trust: impl Fn(u32) -> String, head: impl Fn(u32) -> String) -> String {
    let mut text = "URN,LA (code),EstablishmentName,EstablishmentStatus (name),TypeOfEstablishment (name),Trusts (code),\
                    HeadFirstName,HeadLastName\n"
        .to_owned();
    for urn in 900_001..=900_060 {
        text.push_str(&format!("{urn},990,School {urn},Open,Academy converter,{},,{}\n", trust(urn), head(urn)));
    }
    text
}

#[test]
fn a_file_in_which_every_trust_has_another_code_waits_for_a_person() {
    let place = Place::new();
    let ingest = |day: &str, text: String| {
        let path = place.write(&format!("edubasealldata{}.csv", day.replace('-', "")), text);
        place.run_with(&["ingest", "--source", "gias-establishments", "--file", &path.to_string_lossy(), "--period", day])
    };
    let code = |urn: u32| (9_000 + urn % 7).to_string();
    let head = |urn: u32| format!("Head-{urn}");
    ingest("2026-06-01", register(code, head)).ends(0);
    // two schools move and one has a new head: that is news, and no reason to wait
    let moved = |urn: u32| if urn <= 900_002 { "9999".to_owned() } else { code(urn) };
    let newly = |urn: u32| if urn == 900_009 { "Head-new-1".to_owned() } else { head(urn) };
    ingest("2026-06-02", register(moved, newly)).ends(0);
    let told = ingest("2026-06-03", register(|urn| format!("TR{}", moved(urn)), newly)).ends(65);
    told.says("60 of the 60 schools that are in gias 2026-06-02 as-at too have another `gias.trust` than there (100.0 %)")
        .says("column `Trusts (code)`")
        .says("release accept 3");
    ingest("2026-06-04", register(|_| String::new(), newly)).ends(65).says("changed-values");
    ingest("2026-06-05", register(moved, |urn| format!("Head-{urn}-2"))).ends(65).says("another `gias.head`");
    // a zero before the code is no other code
    ingest("2026-06-06", register(|urn| format!("0{}", moved(urn)), newly)).ends(0);
    place.run("verify").ends(0);
}
