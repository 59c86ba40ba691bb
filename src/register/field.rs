//! What a register says about an establishment, field by field.
//!
//! Several data sets describe establishments: the register itself and cuts of it that other
//! services hand on. Each calls its measures `<data set>.<field>`, so that one list of fields
//! serves all of them, and a manifest says how far its data set is believed (`register = 1`).

use jiff::civil::Date;

use crate::model::{MeasureCode, Measures, ReleaseNo};

/// One field of the register. Names are those of Get Information About Schools, 2018 to 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Name,
    Status,
    Type,
    TypeGroup,
    Phase,
    LowAge,
    HighAge,
    Gender,
    Religion,
    Admissions,
    Capacity,
    Pupils,
    Fsm,
    OpenDate,
    CloseDate,
    OpenReason,
    CloseReason,
    La,
    LaName,
    LaGss,
    Region,
    Street,
    Locality,
    Town,
    Postcode,
    Easting,
    Northing,
    Ukprn,
    EstablishmentNumber,
    Trust,
    TrustName,
    Sponsor,
    Federation,
    FederationName,
    /// Fingerprint of the head, never a name; `vacant` where the register says so.
    Head,
}

impl Field {
    pub const ALL: [Field; 35] = [
        Field::Name,
        Field::Status,
        Field::Type,
        Field::TypeGroup,
        Field::Phase,
        Field::LowAge,
        Field::HighAge,
        Field::Gender,
        Field::Religion,
        Field::Admissions,
        Field::Capacity,
        Field::Pupils,
        Field::Fsm,
        Field::OpenDate,
        Field::CloseDate,
        Field::OpenReason,
        Field::CloseReason,
        Field::La,
        Field::LaName,
        Field::LaGss,
        Field::Region,
        Field::Street,
        Field::Locality,
        Field::Town,
        Field::Postcode,
        Field::Easting,
        Field::Northing,
        Field::Ukprn,
        Field::EstablishmentNumber,
        Field::Trust,
        Field::TrustName,
        Field::Sponsor,
        Field::Federation,
        Field::FederationName,
        Field::Head,
    ];

    /// What follows the data set in the measure's id.
    pub fn suffix(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Status => "status",
            Field::Type => "type",
            Field::TypeGroup => "type-group",
            Field::Phase => "phase",
            Field::LowAge => "low-age",
            Field::HighAge => "high-age",
            Field::Gender => "gender",
            Field::Religion => "religious-character",
            Field::Admissions => "admissions",
            Field::Capacity => "capacity",
            Field::Pupils => "pupils",
            Field::Fsm => "fsm-percent",
            Field::OpenDate => "open-date",
            Field::CloseDate => "close-date",
            Field::OpenReason => "open-reason",
            Field::CloseReason => "close-reason",
            Field::La => "la",
            Field::LaName => "la-name",
            Field::LaGss => "la-gss",
            Field::Region => "region",
            Field::Street => "street",
            Field::Locality => "locality",
            Field::Town => "town",
            Field::Postcode => "postcode",
            Field::Easting => "easting",
            Field::Northing => "northing",
            Field::Ukprn => "ukprn",
            Field::EstablishmentNumber => "establishment-number",
            Field::Trust => "trust",
            Field::TrustName => "trust-name",
            Field::Sponsor => "sponsor-name",
            Field::Federation => "federation",
            Field::FederationName => "federation-name",
            Field::Head => "head",
        }
    }
}

/// Where each field stands in the records of one data folder; made once and asked often.
#[derive(Debug, Clone)]
pub struct Lens<'a> {
    pub measures: &'a Measures,
    /// Data sets that describe establishments, the most believed first.
    registers: Vec<(String, Vec<Option<MeasureCode>>)>,
    /// Number and day of the first release of the group links, if there is one.
    pub group_links_since: Option<(ReleaseNo, Date)>,
    pub group: Option<MeasureCode>,
    pub group_name: Option<MeasureCode>,
    pub group_type: Option<MeasureCode>,
    pub joined: Option<MeasureCode>,
    pub link_other: Option<MeasureCode>,
    pub link_type: Option<MeasureCode>,
    pub link_name: Option<MeasureCode>,
    pub link_date: Option<MeasureCode>,
}

impl<'a> Lens<'a> {
    pub fn new(measures: &'a Measures, registers: &[String], group_links_since: Option<(ReleaseNo, Date)>) -> Lens<'a> {
        let codes = |dataset: &str| {
            Field::ALL.iter().map(|field| measures.code(&format!("{dataset}.{}", field.suffix()))).collect::<Vec<_>>()
        };
        Lens {
            registers: registers.iter().map(|dataset| (dataset.clone(), codes(dataset))).collect(),
            group_links_since,
            group: measures.code("grouplinks.group"),
            group_name: measures.code("grouplinks.name"),
            group_type: measures.code("grouplinks.type"),
            joined: measures.code("grouplinks.joined"),
            link_other: measures.code("links.other"),
            link_type: measures.code("links.type"),
            link_name: measures.code("links.other-name"),
            link_date: measures.code("links.date"),
            measures,
        }
    }

    /// The data sets that describe establishments, the most believed first.
    pub fn registers(&self) -> impl Iterator<Item = &str> {
        self.registers.iter().map(|(dataset, _)| dataset.as_str())
    }

    /// Whether the register's picture of a school can change with a release of this data set.
    pub fn reads(&self, dataset: &str) -> bool {
        self.datasets().any(|one| one == dataset)
    }

    /// The data sets that it can change with.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        self.registers().chain([super::LINKS, super::GROUP_LINKS])
    }

    /// The code of a field in the records of one data set.
    pub fn code(&self, dataset: &str, field: Field) -> Option<MeasureCode> {
        let (_, codes) = self.registers.iter().find(|(register, _)| register == dataset)?;
        codes.get(field as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_stands_at_its_place_in_the_list() {
        for (place, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, place, "{}", field.suffix());
        }
    }
}
