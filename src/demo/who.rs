//! Who is who in the county, and what changes about it: heads, names, trusts, federations.
//!
//! Everything stands in tables by URN and day, as the stories of [`super::plant`] do. What must be
//! told of it, and on which day, is in [`super::news`].

use jiff::civil::{Date, date};

use super::county::{Kind, School};
use super::names;

/// A trust, a federation or a foundation trust of the register of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub uid: u32,
    pub name: &'static str,
    pub kind: GroupKind,
    /// The day on which it was wound up.
    pub closed: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    MultiAcademyTrust,
    SingleAcademyTrust,
    /// Holds the land of foundation schools; the official type is called `Trust`.
    FoundationTrust,
    Federation,
}

/// One thing that changes about one school on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// First and last name of the head, as the register spells them.
    Head(&'static str, &'static str),
    Name(&'static str),
    /// The name as it was, in capitals.
    NameInCapitals,
    /// Belongs to this trust from now on.
    Trust(Group),
    Federation(Group),
    ProposedToClose,
}

const HEIGHTS: Group = Group {
    uid: 99_011,
    name: "Quillbury Heights Academy Trust",
    kind: GroupKind::SingleAcademyTrust,
    closed: Some(date(2022, 12, 31)),
};
const GORSELY: Group =
    Group { uid: 99_012, name: "Gorsely Cross Learning Trust", kind: GroupKind::FoundationTrust, closed: None };
const BECKS: Group =
    Group { uid: 99_013, name: "Marrowfield and Dunsgate Federation", kind: GroupKind::Federation, closed: None };
const COPPERLINE: Group = multi(names::TRUSTS[4]);

/// Schools whose story asks that they begin as a certain kind of school, in a certain trust.
pub const BEGINNINGS: [(u32, Kind, Option<Group>); 7] = [
    (900_023, Kind::Community, None),
    (900_024, Kind::Community, None),
    (900_044, Kind::Community, None),
    (900_045, Kind::Community, None),
    (900_048, Kind::Converter, Some(HEIGHTS)),
    (900_049, Kind::Foundation, None),
    (900_050, Kind::Community, None),
];

/// Two small primaries that merge: the old numbers, the new one, the day.
pub const MERGED: ([u32; 2], u32, Date) = ([900_023, 900_024], 900_504, date(2024, 9, 1));

/// All changes, by school and day.
pub const CHANGES: [(u32, Date, Change); 14] = [
    // a school in an Ofsted category gets a new head: support may begin anew
    (900_012, date(2022, 1, 4), Change::Head("Ottoline", "Brackenthwaite")),
    (900_041, date(2018, 1, 8), Change::Head("Casimir", "Thistlewick")),
    (900_042, date(2018, 9, 1), Change::Name("Umberley Gate Primary School")),
    (900_043, date(2018, 9, 1), Change::NameInCapitals),
    (900_044, date(2018, 4, 1), Change::Federation(BECKS)),
    (900_045, date(2018, 4, 1), Change::Federation(BECKS)),
    (900_046, date(2022, 9, 1), Change::Head("", "Vacant")),
    (900_046, date(2023, 1, 9), Change::Head("Leocadia", "Hexworthy")),
    // one head, spelled in two ways, and then another
    (900_047, date(2012, 9, 1), Change::Head("Philippa", "O'Brannock-Quarrie")),
    (900_047, date(2020, 9, 1), Change::Head("PHILIPPA J", "O BRANNOCK QUARRIE")),
    (900_047, date(2024, 4, 15), Change::Head("Philippa", "Osterhaven")),
    (900_048, date(2022, 3, 1), Change::Trust(COPPERLINE)),
    (900_049, date(2023, 9, 1), Change::Trust(GORSELY)),
    (900_050, date(2025, 9, 1), Change::ProposedToClose),
];

/// Extracts in which the publisher leaves out the leading zeros of its codes, as it does at times.
pub const CODES_WITHOUT_ZEROS: Date = date(2018, 10, 2);

/// All groups, by UID.
pub fn groups() -> Vec<Group> {
    names::TRUSTS.into_iter().map(multi).chain([HEIGHTS, GORSELY, BECKS]).collect()
}

pub const fn multi((uid, name): (u32, &'static str)) -> Group {
    Group { uid, name, kind: GroupKind::MultiAcademyTrust, closed: None }
}

impl GroupKind {
    /// Code and name of the type in the register of groups.
    pub fn register(self) -> (&'static str, &'static str) {
        match self {
            GroupKind::Federation => ("01", "Federation"),
            GroupKind::FoundationTrust => ("02", "Trust"),
            GroupKind::MultiAcademyTrust => ("06", "Multi-academy trust"),
            GroupKind::SingleAcademyTrust => ("10", "Single-academy trust"),
        }
    }
}

impl School {
    pub fn name_on(&self, day: Date) -> String {
        let changed = self.last(day, |change| match change {
            Change::Name(name) => Some(name.to_owned()),
            Change::NameInCapitals => Some(self.name.to_uppercase()),
            _ => None,
        });
        changed.map_or_else(|| self.name.clone(), |(_, name)| name)
    }

    /// First and last name of the head.
    pub fn head_on(&self, day: Date) -> (&'static str, &'static str) {
        let changed = self.last(day, |change| if let Change::Head(first, last) = change { Some((first, last)) } else { None });
        changed.map_or_else(|| names::head(self.urn as usize), |(_, head)| head)
    }

    /// The trust that it belongs to, and since when.
    pub fn trust_on(&self, day: Date) -> Option<(Date, Group)> {
        let changed = self.last(day, |change| if let Change::Trust(trust) = change { Some(trust) } else { None });
        changed.or(self.trust.map(|trust| (self.opened, trust)))
    }

    /// The federation that it belongs to, and since when.
    pub fn federation_on(&self, day: Date) -> Option<(Date, Group)> {
        self.last(day, |change| if let Change::Federation(federation) = change { Some(federation) } else { None })
    }

    pub fn is_proposed_to_close(&self, day: Date) -> bool {
        self.last(day, |change| (change == Change::ProposedToClose).then_some(())).is_some()
    }

    /// The last change of a sort up to a day.
    fn last<T>(&self, day: Date, of: impl Fn(Change) -> Option<T>) -> Option<(Date, T)> {
        let mine = CHANGES.iter().filter(|(urn, since, _)| *urn == self.urn && *since <= day);
        mine.filter_map(|(_, since, change)| Some((*since, of(*change)?))).max_by_key(|(since, _)| *since)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::demo::wexcombe;

    type Cells = BTreeSet<Vec<String>>;

    /// These columns of the rows that pass.
    fn cells(file: &str, columns: &[&str], passes: impl Fn(&dyn Fn(&str) -> String) -> bool) -> Cells {
        let publication = wexcombe().timeline.iter().find(|p| p.file_name == file).unwrap();
        let mut reader = csv::Reader::from_reader(publication.bytes.as_slice());
        let header = reader.byte_headers().unwrap().clone();
        let rows = reader.byte_records().map(|row| {
            let row = row.unwrap();
            let cell = |name: &str| {
                let place = header.iter().position(|column| column == name.as_bytes()).unwrap();
                String::from_utf8_lossy(&row[place]).into_owned()
            };
            passes(&cell).then(|| columns.iter().map(|name| cell(name)).collect::<Vec<_>>())
        });
        rows.flatten().collect()
    }

    #[test]
    fn the_files_of_groups_agree_with_the_register() {
        for day in ["20220905", "20251103"] {
            let of_register = |column: &'static str| {
                cells(&format!("edubasealldata{day}.csv"), &["URN", column], |cell| {
                    cell("EstablishmentStatus (name)") != "Closed" && !cell(column).is_empty()
                })
            };
            let mut register = of_register("Trusts (code)");
            register.extend(of_register("Federations (code)"));
            let members = cells(&format!("alllinksdata{day}.csv"), &["URN", "Group UID"], |_| true);
            assert_eq!(members, register, "{day}");
            let open =
                cells(&format!("allgroupsdata{day}.csv"), &["Group UID", "Group Type"], |cell| cell("Group Status") == "Open");
            let with_members = cells(&format!("alllinksdata{day}.csv"), &["Group UID", "Group Type"], |_| true);
            assert!(with_members.is_subset(&open), "{day}");
        }
        let heights =
            |day: &str| cells(&format!("allgroupsdata{day}.csv"), &["Group Status"], |cell| cell("Group UID") == "99011");
        // its only school has left it
        assert_ne!(heights("20220905"), heights("20251103"));
    }
}
