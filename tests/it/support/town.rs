//! A handful of fictional schools and what becomes of them, as the register's three files tell it
//! on two days.
//!
//! 900002 became the academy 900012; 900004 and 900005 were merged into 900014; 900003 went from one
//! trust to another; nobody knows what kind of school 900006 is.

use std::collections::BTreeMap;

use super::program::{Place, Ran};

const HEADERS: &str = include_str!("../../../src/demo/files/headers/gias_2024.txt");

pub const WINTER: &str = "2024-01-15";
pub const SUMMER: &str = "2024-06-17";

/// Code and name of a type, and its group.
type Kind = (&'static str, &'static str, &'static str);
const COMMUNITY: Kind = ("01", "Community school", "Local authority maintained schools");
const CONVERTER: Kind = ("34", "Academy converter", "Academies");

/// Takes the files of both days in.
pub fn place() -> Place {
    let place = Place::new();
    for day in [WINTER, SUMMER] {
        for (source, file, text) in [
            ("gias-establishments", "register", register(day)),
            ("gias-links", "links", links(day)),
            ("gias-group-links", "groups", groups(day)),
        ] {
            take(&place, source, &format!("{file}-{day}.csv"), day, &text).ends(0);
        }
    }
    place
}

pub fn take(place: &Place, source: &str, name: &str, day: &str, text: &str) -> Ran {
    let path = place.write(name, text);
    let file = path.to_string_lossy().into_owned();
    place.run_with(&["ingest", "--source", source, "--file", &file, "--period", day, "--published", day])
}

pub fn register(day: &str) -> String {
    let later = day == SUMMER;
    let headers: Vec<&str> = HEADERS.lines().collect();
    let mut text = format!("{}\r\n", headers.join(","));
    let mut row = |urn: u32, name: &str, kind: Kind, phase: &str, more: &[(&str, &str)]| {
        let (urn, estab) = (urn.to_string(), format!("{}", 2000 + urn % 1000));
        let mut cells = BTreeMap::from([
            ("URN", urn.as_str()),
            ("LA (code)", "990"),
            ("LA (name)", "Wexcombe"),
            ("EstablishmentNumber", &estab),
            ("EstablishmentName", name),
            ("TypeOfEstablishment (code)", kind.0),
            ("TypeOfEstablishment (name)", kind.1),
            ("EstablishmentTypeGroup (name)", kind.2),
            ("EstablishmentStatus (code)", "1"),
            ("EstablishmentStatus (name)", "Open"),
            ("PhaseOfEducation (name)", phase),
            ("StatutoryLowAge", "5"),
            ("StatutoryHighAge", "11"),
            ("OpenDate", "01-09-1970"),
            ("NumberOfPupils", "200"),
            ("Postcode", "WX1 2AB"),
            ("GOR (name)", "South West"),
            ("Easting", "290100"),
            ("Northing", "90100"),
        ]);
        cells.extend(more.iter().copied());
        let line: Vec<&str> = headers.iter().map(|header| cells.get(header).copied().unwrap_or("")).collect();
        text.push_str(&format!("{}\r\n", line.join(",")));
    };
    let closed =
        |day: &'static str| [("EstablishmentStatus (code)", "2"), ("EstablishmentStatus (name)", "Closed"), ("CloseDate", day)];
    let trust = |uid: &'static str, name: &'static str| [("Trusts (code)", uid), ("Trusts (name)", name)];
    let (tideline, saltway) = (trust("2001", "Tideline Learning Trust"), trust("2002", "Saltway Schools"));
    row(900_001, "Alder Infant School", COMMUNITY, "Primary", &[("NumberOfPupils", "")]);
    row(900_002, "Birch Primary School", COMMUNITY, "Primary", &closed("31-08-2023"));
    row(
        900_012,
        "Birch Academy",
        CONVERTER,
        "Primary",
        &[&tideline[..], &[("OpenDate", "01-09-2023"), ("Easting", "299100")]].concat(),
    );
    row(900_003, "Cedar Junior School", CONVERTER, "Primary", if later { &saltway } else { &tideline });
    let merged = closed("31-03-2024");
    for (urn, name) in [(900_004, "Damson Infant School"), (900_005, "Damson Junior School")] {
        row(urn, name, COMMUNITY, "Primary", if later { &merged[..] } else { &[] });
    }
    if later {
        row(900_014, "Damson Primary School", COMMUNITY, "Primary", &[("OpenDate", "01-04-2024")]);
    }
    row(900_006, "Elder School", ("", "", ""), "", &[]);
    row(900_007, "Fern Academy", CONVERTER, "Secondary", &trust("2003", "Fern Academy Trust"));
    text
}

fn links(day: &str) -> String {
    let mut text = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n\
        900002,900012,Birch Academy,Successor,01-09-2023\r\n\
        900012,900002,Birch Primary School,Predecessor,01-09-2023\r\n"
        .to_owned();
    // so many that four more are nothing out of the ordinary
    for urn in 900_101..900_131 {
        text.push_str(&format!("{urn},{},Elsewhere School,Other,01-09-2009\r\n", urn + 100));
    }
    if day == SUMMER {
        text.push_str(
            "900004,900014,Damson Primary School,Successor - merged,01-04-2024\r\n\
             900005,900014,Damson Primary School,Successor - merged,01-04-2024\r\n\
             900014,900004,Damson Infant School,Predecessor - merged,01-04-2024\r\n\
             900014,900005,Damson Junior School,Predecessor - merged,01-04-2024\r\n",
        );
    }
    text
}

fn groups(day: &str) -> String {
    let (cedar, name, joined) =
        if day == SUMMER { ("2002", "Saltway Schools", "01/05/2024") } else { ("2001", "Tideline Learning Trust", "01/02/2020") };
    format!(
        "URN,Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,Closed Date,Group Status (code),Group Status,Joined date\r\n\
         900012,2001,TR2001,Tideline Learning Trust,1234567,6,Multi-academy trust,,1,Open,01/09/2023\r\n\
         900003,{cedar},TR{cedar},{name},1234568,6,Multi-academy trust,,1,Open,{joined}\r\n\
         900007,2003,TR2003,Fern Academy Trust,1234569,10,Single-academy trust,,1,Open,01/01/1900\r\n\
         900001,3001,SP3001,Diocese of Wexcombe,,3,School sponsor,,1,Open,01/01/2022\r\n"
    )
}
