//! Invented names of places, schools and trusts: none is in the national register of 2024.

/// Towns and villages of Wexcombe, with their outward postcodes (the area `WX` is not in use).
pub const TOWNS: [&str; 24] = [
    "Wexmouth",
    "Harlowbeck",
    "Saltren",
    "Quillbury",
    "Ostermere",
    "Thornhythe Vale",
    "Pellingham",
    "Marrowfield",
    "Dunsgate",
    "Elverstoke",
    "Fennacombe",
    "Gorsely Cross",
    "Hethercote",
    "Ibberwick",
    "Kestrelham",
    "Lowenthorpe",
    "Mistleigh",
    "Nettlehurst Moor",
    "Orrinford",
    "Puckington Weir",
    "Rushenden Hythe",
    "Skelderton",
    "Tavenbridge",
    "Umberley",
];

const FIRST: [&str; 40] = [
    "Alderfell",
    "Barrowmead",
    "Candlewick",
    "Dapplewood",
    "Eastermarsh",
    "Farthing Lane End",
    "Greywater",
    "Hollinbrook",
    "Inglenook",
    "Juniperstone",
    "Kinglefold",
    "Larkenfield",
    "Mallowdene",
    "Northstrand",
    "Otterburrow",
    "Pennywell Down",
    "Quarrybank",
    "Ravensloe",
    "Silverbeck",
    "Tidewater",
    "Underhay",
    "Vellacott",
    "Withymead",
    "Yarrowfield",
    "Ashcoppice",
    "Brindlemoor",
    "Copperbeech",
    "Dovetail",
    "Emberlow",
    "Foxhanger",
    "Gullscar",
    "Hawkstone Rise",
    "Ivywell",
    "Jackdaw",
    "Kittiwake",
    "Longacre Dyke",
    "Millrace",
    "Nightingale Copse",
    "Oakhanger Vale",
    "Pevenhurst Lea",
];

const SAINTS: [&str; 6] = ["St Orwin's", "St Elfgiva's", "St Tewdwin's", "St Withburga's", "St Ebbwell's", "Holy Wayside"];

/// Trusts: group UID, name.
pub const TRUSTS: [(u32, &str); 10] = [
    (99_001, "Tideline Learning Trust"),
    (99_002, "Wexcombe Commons Academies"),
    (99_003, "The Lanternhouse Trust"),
    (99_004, "Five Becks Education"),
    (99_005, "Copperline Schools Trust"),
    (99_006, "Saltmarsh and Vale Multi Academy Trust"),
    (99_007, "The Greywater Partnership"),
    (99_008, "Orchard Gate Trust"),
    (99_009, "Northstrand Collegiate Trust"),
    (99_010, "Hythe Learning Federation Trust"),
];

const FIRST_NAMES: [&str; 11] =
    ["Araminta", "Balthasar", "Clemency", "Dunstan", "Elowen", "Fenella", "Gideon", "Hyacinth", "Ivor", "Jessamy", "Kerensa"];
const LAST_NAMES: [&str; 13] = [
    "Applegarth-Wray",
    "Birdwhistle",
    "Crannock",
    "Dewhollow",
    "Elverthorn",
    "Fiddlewood",
    "Grimsditch",
    "Hobblethwaite",
    "Inchbarrow",
    "Jellicombe",
    "Kettlebeck",
    "Lillywater",
    "Merrowdown",
];

/// First and last name of a head, invented.
pub fn head(n: usize) -> (&'static str, &'static str) {
    (FIRST_NAMES[n % FIRST_NAMES.len()], LAST_NAMES[n % LAST_NAMES.len()])
}

/// The name of the `n`th primary school; different for every `n` below 2,000.
pub fn primary(n: usize) -> String {
    let stem = FIRST[n % FIRST.len()];
    match n / FIRST.len() {
        0 => format!("{stem} Primary School"),
        1 => format!("{stem} Community Primary School"),
        2 => format!("{} Church of England Primary School, {stem}", SAINTS[n % SAINTS.len()]),
        3 => format!("{stem} Junior School"),
        4 => format!("{stem} Church of England Primary School"),
        5 => format!("{} Catholic Primary School, {stem}", SAINTS[n % SAINTS.len()]),
        round => format!("{stem} Primary School No {round}"),
    }
}

/// The name of the `n`th secondary school. One has an accent, as real ones do, to keep encodings honest.
pub fn secondary(n: usize) -> String {
    let town = TOWNS[n % TOWNS.len()];
    match n {
        7 => "École Saint-Brévin’s Academy".to_owned(),
        n if n < TOWNS.len() => format!("{town} School"),
        n => format!("{town} {} Academy", ["High", "Park", "Bridge"][n % 3]),
    }
}

pub fn special(n: usize) -> String {
    format!("{} Lodge School", FIRST[(n * 7 + 3) % FIRST.len()])
}

pub fn town(n: usize) -> (&'static str, String) {
    let at = n % TOWNS.len();
    (TOWNS[at], format!("WX{} {}{}{}", at + 1, n % 9 + 1, char::from(b'A' + (n / 7 % 8) as u8), char::from(b'L' + (n % 8) as u8)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_schools_are_all_different() {
        let names: Vec<String> =
            (0..240).map(super::primary).chain((0..40).map(super::secondary)).chain((0..8).map(super::special)).collect();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
