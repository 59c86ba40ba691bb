//! The fictional county of Wexcombe: local authority 990, some 290 schools.
//!
//! Who is planted with what is in [`super::plant`]; everybody else is background and stays safely
//! away from every threshold.

use jiff::civil::{Date, date};

use super::dice::Dice;
use super::names;
use super::plant::{self, Plant};
use super::who::{self, Group};

pub const LA: u32 = 990;
pub const LA_NAME: &str = "Wexcombe";
pub const PRIMARIES: u32 = 240;
pub const SECONDARIES: u32 = 40;
pub const SPECIALS: u32 = 8;

/// Independent schools: in the tables of key stage 4, and in nothing else here.
pub const INDEPENDENTS: [(u32, &str); 2] = [(900_601, "Penhallow Court"), (900_602, "Mereside Collegiate")];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Primary,
    Secondary,
    Special,
}

/// How a school is run; codes and names are those of the official registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Community,
    VoluntaryAided,
    VoluntaryControlled,
    Foundation,
    Sponsored,
    Converter,
    CommunitySpecial,
    SpecialConverter,
}

#[derive(Debug, Clone)]
pub struct School {
    pub urn: u32,
    pub estab: u32,
    pub name: String,
    pub phase: Phase,
    pub kind: Kind,
    /// The trust that it began in.
    pub trust: Option<Group>,
    pub town: &'static str,
    pub postcode: String,
    pub opened: Date,
    pub closed: Option<Date>,
    pub predecessor: Option<u32>,
    pub successor: Option<u32>,
    /// The school into which it was merged.
    pub merged: Option<u32>,
    pub pupils: u32,
    pub plant: Option<Plant>,
}

/// All establishments, closed and successors included, by URN.
#[derive(Debug, Clone)]
pub struct County {
    pub dice: Dice,
    pub schools: Vec<School>,
}

impl County {
    pub fn new(seed: u64) -> County {
        let dice = Dice::new(seed);
        let mut schools = Vec::new();
        for n in 0..PRIMARIES {
            schools.push(school(dice, Phase::Primary, n));
        }
        for n in 0..SECONDARIES {
            schools.push(school(dice, Phase::Secondary, n));
        }
        for n in 0..SPECIALS {
            schools.push(school(dice, Phase::Special, n));
        }
        for (old, new, day) in plant::ACADEMISED {
            let Some(before) = schools.iter_mut().find(|s| s.urn == old) else { continue };
            before.closed = day.yesterday().ok();
            before.successor = Some(new);
            let mut after = before.clone();
            after.urn = new;
            after.name = format!("{} Academy", before.name.trim_end_matches(" School"));
            after.kind = Kind::Sponsored;
            after.trust = Some(who::multi(names::TRUSTS[2]));
            after.opened = day;
            after.closed = None;
            after.predecessor = Some(old);
            after.successor = None;
            after.plant = plant::of(new);
            schools.push(after);
        }
        merge(&mut schools);
        schools.sort_by_key(|s| s.urn);
        County { dice, schools }
    }

    pub fn get(&self, urn: u32) -> Option<&School> {
        self.schools.iter().find(|s| s.urn == urn)
    }

    /// Schools open on a day.
    pub fn open_on(&self, day: Date) -> impl Iterator<Item = &School> {
        self.schools.iter().filter(move |s| s.opened <= day && s.closed.is_none_or(|closed| closed >= day))
    }
}

/// Two small primaries close, and one with a name and a number of its own opens.
fn merge(schools: &mut Vec<School>) {
    let (old, new, day) = who::MERGED;
    let mut parts: Vec<School> = Vec::new();
    for school in schools.iter_mut().filter(|school| old.contains(&school.urn)) {
        school.pupils = 105 + school.urn % 10;
        school.closed = day.yesterday().ok();
        school.merged = Some(new);
        parts.push(school.clone());
    }
    let [one, other] = parts.as_slice() else { return };
    schools.push(School {
        urn: new,
        estab: 2504,
        name: format!("{} and {}", one.name.trim_end_matches(" Primary School"), other.name),
        opened: day,
        closed: None,
        merged: None,
        pupils: one.pupils + other.pupils,
        plant: plant::of(new),
        ..one.clone()
    });
}

fn school(dice: Dice, phase: Phase, n: u32) -> School {
    use Kind::*;
    let (urn, estab, name) = match phase {
        Phase::Primary => (900_001 + n, 2001 + n, names::primary(n as usize)),
        Phase::Secondary => (900_301 + n, 4001 + n, names::secondary(n as usize)),
        Phase::Special => (900_401 + n, 7001 + n, names::special(n as usize)),
    };
    let plant = plant::of(urn);
    let new = plant == Some(Plant::Ks2New);
    // those who academise later are maintained to begin with
    let academises = plant::ACADEMISED.iter().any(|(old, ..)| *old == urn);
    let beginning = who::BEGINNINGS.iter().find(|(begins, ..)| *begins == urn);
    let drawn = match phase {
        Phase::Special => *dice.pick(urn, "kind", &[CommunitySpecial, CommunitySpecial, SpecialConverter]),
        _ if academises => Community,
        _ if name.contains("Catholic") => VoluntaryAided,
        _ if name.contains("Church of England") => *dice.pick(urn, "kind", &[VoluntaryControlled, VoluntaryAided, Converter]),
        Phase::Primary => *dice.pick(urn, "kind", &[Community, Community, Foundation, Converter]),
        Phase::Secondary => *dice.pick(urn, "kind", &[Community, Converter, Converter, Sponsored]),
    };
    let kind = beginning.map_or(drawn, |(_, kind, _)| *kind);
    let trust = match beginning {
        Some((.., trust)) => *trust,
        None => kind.is_academy().then(|| who::multi(*dice.pick(urn, "trust", &names::TRUSTS))),
    };
    let opened = if new {
        date(2016, 9, 1)
    } else if kind.is_academy() {
        date(2011 + dice.between(urn, 0, "opened", 0, 3) as i16, 9, 1)
    } else {
        date(1955 + dice.between(urn, 0, "opened", 0, 40) as i16, 9, 1)
    };
    let pupils = match phase {
        Phase::Primary => dice.between(urn, 0, "pupils", 150, 480),
        Phase::Secondary => dice.between(urn, 0, "pupils", 620, 1500),
        Phase::Special => dice.between(urn, 0, "pupils", 60, 160),
    } as u32;
    let (town, postcode) = names::town(urn as usize);
    School {
        urn,
        estab,
        name,
        phase,
        kind,
        trust,
        town,
        postcode,
        opened,
        closed: None,
        predecessor: None,
        successor: None,
        merged: None,
        pupils,
        plant,
    }
}

impl Kind {
    pub fn is_academy(self) -> bool {
        matches!(self, Kind::Sponsored | Kind::Converter | Kind::SpecialConverter)
    }

    /// `TypeOfEstablishment` code and name, `EstablishmentTypeGroup` code and name.
    pub fn register(self) -> (&'static str, &'static str, &'static str, &'static str) {
        const MAINTAINED: &str = "Local authority maintained schools";
        match self {
            Kind::Community => ("01", "Community school", "4", MAINTAINED),
            Kind::VoluntaryAided => ("02", "Voluntary aided school", "4", MAINTAINED),
            Kind::VoluntaryControlled => ("03", "Voluntary controlled school", "4", MAINTAINED),
            Kind::Foundation => ("05", "Foundation school", "4", MAINTAINED),
            Kind::CommunitySpecial => ("07", "Community special school", "5", "Special schools"),
            Kind::Sponsored => ("28", "Academy sponsor led", "10", "Academies"),
            Kind::Converter => ("34", "Academy converter", "10", "Academies"),
            Kind::SpecialConverter => ("44", "Academy special converter", "10", "Academies"),
        }
    }

    /// `NFTYPE` of the performance tables.
    pub fn nftype(self) -> &'static str {
        match self {
            Kind::Community => "CY",
            Kind::VoluntaryAided => "VA",
            Kind::VoluntaryControlled => "VC",
            Kind::Foundation => "FD",
            Kind::Sponsored => "AC",
            Kind::Converter => "ACC",
            Kind::CommunitySpecial => "CYS",
            Kind::SpecialConverter => "ACCS",
        }
    }

    /// `Type of education` of Ofsted's management information.
    pub fn ofsted(self) -> &'static str {
        match self {
            Kind::Community => "Community School",
            Kind::VoluntaryAided => "Voluntary Aided School",
            Kind::VoluntaryControlled => "Voluntary Controlled School",
            Kind::Foundation => "Foundation School",
            Kind::Sponsored => "Academy Sponsor Led",
            Kind::Converter => "Academy Converter",
            Kind::CommunitySpecial => "Community Special School",
            Kind::SpecialConverter => "Academy Special Converter",
        }
    }
}

impl School {
    pub fn ages(&self) -> (u32, u32) {
        match self.phase {
            Phase::Primary if self.name.contains("Junior") => (7, 11),
            Phase::Primary => (4, 11),
            Phase::Secondary => (11, 16),
            Phase::Special => (5, 16),
        }
    }

    pub fn laestab(&self) -> u32 {
        LA * 10_000 + self.estab
    }

    pub fn faith(&self) -> &'static str {
        if self.name.contains("Catholic") {
            "Roman Catholic"
        } else if self.name.contains("Church of England") {
            "Church of England"
        } else {
            "Does not apply"
        }
    }
}
