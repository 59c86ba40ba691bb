//! No name of a person leaves a file that has some: not in records, rows set aside, findings,
//! the state, or anything that the program prints.

use std::io::Cursor;

use headwater::connector::Registry;
use headwater::decode::{self, Limits};
use headwater::normalise::{self, Content, Known};
use proptest::prelude::*;

use crate::support::program::Place;

const HEADER: &str = "URN,LA (code),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),OpenDate,SchoolCapacity,\
                      Trusts (code),UKPRN,Street,Locality,Town,Postcode,SchoolWebsite,TelephoneNum,HeadTitle (name),HeadFirstName,\
                      HeadLastName,HeadPreferredJobTitle,PropsName,Easting,Northing";

/// Where the names stand in the header.
const FIRST: usize = 16;
const LAST: usize = 17;

/// Parts of names that occur nowhere else; in fact every one of them is invented.
const PLANTED: [&str; 6] = ["Xaviorel", "Quendrith", "Zolbrecht", "Wyxhalm", "Jorvunde", "Thaqqari"];

fn row(urn: u32, first: &str, last: &str) -> Vec<String> {
    let text = format!(
        "{urn},990,4{:03},School {urn},Open,01-09-2001,600,,{},1 School Lane,,Wexcombe,WX1 1AA,,01999 {urn},Mrs,{first},{last},Headteacher,Canon {last},290{:03},90{:03}",
        urn % 1000,
        10_090_000 + urn % 1000,
        urn % 1000,
        urn % 1000
    );
    text.split(',').map(str::to_owned).collect()
}

/// What goes wrong with a row.
#[derive(Debug, Clone)]
enum Damage {
    Nothing,
    /// The cell is lost.
    Lost(usize),
    /// One is added before it, as by a comma without quotes.
    Added(usize),
    /// The row ends before it.
    Ends(usize),
    /// It holds a word, or a sign of a wrong encoding.
    Holds(usize, &'static str),
    /// The first or the last name has such a sign in it.
    Spoilt(usize, &'static str),
    /// The same row again with something else in it.
    Twice(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let signs = prop::sample::select(&["\0", "\u{fffd}", "\u{91}", "“", "\"\"", "\n"][..]);
    prop_oneof![
        Just(Damage::Nothing),
        (0usize..22).prop_map(Damage::Lost),
        (0usize..22).prop_map(Damage::Added),
        (0usize..23).prop_map(Damage::Ends),
        (0usize..14, prop::sample::select(&["x", "31-31-2001", "\0", "\u{fffd}"][..]))
            .prop_map(|(at, what)| Damage::Holds(at, what)),
        (FIRST..=LAST, signs).prop_map(|(at, what)| Damage::Spoilt(at, what)),
        (0usize..22).prop_map(Damage::Twice),
    ]
}

fn table(rows: &[(usize, usize, Damage)]) -> String {
    let mut text = format!("{HEADER}\r\n");
    for (urn, (first, last, damage)) in (900_001..).zip(rows) {
        let mut cells = row(urn, PLANTED[*first], PLANTED[*last]);
        let mut again = None;
        match damage.clone() {
            Damage::Nothing => {}
            Damage::Lost(at) => drop(cells.remove(at)),
            Damage::Added(at) => cells.insert(at, "more".into()),
            Damage::Ends(at) => cells.truncate(at),
            Damage::Holds(at, what) => cells[at] = what.into(),
            Damage::Spoilt(at, what) => cells[at].push_str(what),
            Damage::Twice(at) => {
                again = Some(cells.clone());
                cells[at].push('2');
            }
        }
        for cells in std::iter::once(&cells).chain(&again) {
            let cells: Vec<_> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
            text.push_str(&format!("{}\r\n", cells.join(",")));
        }
    }
    text
}

#[track_caller]
fn no_name_in(text: &[u8], what: &str) {
    let text = String::from_utf8_lossy(text).to_lowercase();
    for name in PLANTED {
        assert!(!text.contains(&name.to_lowercase()), "{what} holds the name {name}: {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_wrong_with_its_row_no_name_is_read(rows in prop::collection::vec((0usize..6, 0usize..6, damage()), 1..12)) {
        let registry = Registry::embedded().unwrap();
        let manifest = &registry.connectors["gias-establishments"];
        let text = table(&rows);
        let mut table = match decode::open(Box::new(Cursor::new(text.into_bytes())), &manifest.decode, Limits::default()) {
            Ok(table) => table,
            Err(finding) => { no_name_in(format!("{finding:?}").as_bytes(), "a finding"); return Ok(()) }
        };
        let binding = normalise::bind(manifest, &registry.measures, "2026-06-01".parse().unwrap(), &table.header).unwrap();
        match normalise::read(&mut table, &binding, Known::default()) {
            Ok(read) => {
                no_name_in(format!("{read:?} {binding:?}").as_bytes(), "what is printed of it");
                for record in &read.records {
                    if let Content::Present(body) = &record.content {
                        no_name_in(body.as_bytes(), "a record");
                    }
                }
            }
            Err(finding) => no_name_in(format!("{finding:?}").as_bytes(), "a finding"),
        }
    }
}

#[test]
fn no_name_is_in_the_state_or_printed() {
    let place = Place::new();
    let sound = (0..6).map(|n| (n, (n + 1) % 6, Damage::Nothing));
    let ill = [
        (0, 1, Damage::Lost(5)),
        (1, 2, Damage::Holds(6, "many")),
        (2, 3, Damage::Twice(9)),
        (3, 4, Damage::Spoilt(LAST, "\u{fffd}")),
        (4, 5, Damage::Added(LAST)),
        (5, 0, Damage::Lost(0)),
    ];
    let rows: Vec<_> = sound.chain(ill).collect();
    let path = place.write("edubasealldata20260601.csv", table(&rows));
    let path = path.to_string_lossy();
    let ingest = ["ingest", "--source", "gias-establishments", "--file", &*path, "--period", "2026-06-01"];
    let mut loud = place.command(&ingest);
    let loud = loud.env("HEADWATER_LOG", "trace").output().unwrap();
    no_name_in(&loud.stdout, "standard output");
    no_name_in(&loud.stderr, "the log");
    let mut said = String::new();
    for arguments in [
        &format!("read gias-establishments {path} --quarantine"),
        &format!("read gias-establishments {path}"),
        "release show 1",
        "--output json release show 1",
        "release list",
        "quarantine list",
        "--output json quarantine list",
        "--output json quarantine show 1 1",
        "quarantine show 1 2",
        "--output json school 900002",
        "school 900002",
    ] {
        let ran = place.run(arguments).ends(0);
        no_name_in(ran.out.as_bytes(), "standard output");
        no_name_in(ran.err.as_bytes(), "standard error");
        said.push_str(&ran.out);
    }
    // what may be said is said, and kept
    assert!(said.contains("gias.head") && said.contains("School 900002"), "{said}");
    let kept = place.bytes_below("data");
    assert!(kept.values().any(|bytes| String::from_utf8_lossy(bytes).contains("School 900002")));
    for (path, bytes) in kept {
        no_name_in(&bytes, &path.display().to_string());
    }
}
