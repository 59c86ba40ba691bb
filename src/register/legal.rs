//! What a school is in law, from its type in the register.
//!
//! The type decides; the group of types does only where the type is not known and the group has
//! but one meaning. `Special schools`, for example, has maintained, independent and other schools
//! in it, so by itself it says nothing. A type that nobody has met before is not guessed at.

mod types;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use types::TYPES;

use super::listed::Known;
use crate::model::Missing;

/// Who answers for a school. It decides whether support can be required or only offered (LP-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LegalStatus {
    /// Maintained by the local authority; special schools, nursery schools and pupil referral
    /// units among them.
    Maintained,
    /// Academies, free schools, studio schools and university technical colleges.
    Academy,
    /// Paid for by the state, neither maintained nor an academy: city technology colleges,
    /// non-maintained special schools, schools of other departments.
    OtherStateFunded,
    Independent,
    /// Colleges after 16.
    College,
    University,
    ChildrensCentre,
    /// Met, named and none of the above: Welsh establishments, schools overseas, online
    /// providers, secure units, `Miscellaneous`.
    Other,
}

/// The types of CA-10, and those that the register has besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Community,
    VoluntaryAided,
    VoluntaryControlled,
    Foundation,
    NurserySchool,
    PupilReferralUnit,
    Converter,
    Sponsored,
    FreeSchool,
    UniversityTechnicalCollege,
    StudioSchool,
    SecureAcademy,
    CityTechnologyCollege,
    NonMaintainedSpecial,
    OtherGovernment,
    Independent,
    College,
    University,
    ChildrensCentre,
    Other,
}

/// For whom a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Mainstream,
    Special,
    AlternativeProvision,
    After16,
}

/// One `TypeOfEstablishment` of the register.
#[derive(Debug, PartialEq, Eq)]
pub struct LegalType {
    /// Without leading zeros.
    pub code: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    pub setting: Setting,
    pub status: LegalStatus,
}

/// Why it cannot be said what a school is in law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unclear {
    #[error("the type of the school is {0}")]
    Missing(Missing),
    #[error("the register calls the school `{0}`, a type that is not known here")]
    NewType(String),
    #[error("the register calls the school `{type_name}` and counts it among `{group}`, which does not go together")]
    Contradiction { type_name: String, group: String },
}

/// The type that has this name, or this code where the name is not known. Capital letters, leading
/// zeros and the shape of an apostrophe make no difference.
pub fn legal_type(name: Known<&str>, code: Known<&str>) -> Result<&'static LegalType, Unclear> {
    let (found, said) = match (name, code) {
        (Ok(name), _) => {
            let plain = name.trim().replace('’', "'");
            (TYPES.iter().find(|each| each.name.eq_ignore_ascii_case(&plain)), name)
        }
        (Err(_), Ok(code)) => {
            let code = code.trim();
            (TYPES.iter().find(|each| each.code == code.trim_start_matches('0')), code)
        }
        (Err(why), Err(_)) => return Err(Unclear::Missing(why)),
    };
    found.ok_or_else(|| Unclear::NewType(said.to_owned()))
}

/// What the school is in law. A type that contradicts its group leaves it open, since it would
/// decide what may be required of the school.
pub fn legal_status(name: Known<&str>, code: Known<&str>, group: Known<&str>) -> Result<LegalStatus, Unclear> {
    let by_group = group.ok().and_then(status_of_group);
    match legal_type(name, code) {
        Ok(legal) => match (by_group, group) {
            (Some(other), Ok(group)) if other != legal.status => {
                Err(Unclear::Contradiction { type_name: legal.name.to_owned(), group: group.to_owned() })
            }
            _ => Ok(legal.status),
        },
        Err(unclear @ Unclear::Missing(_)) => by_group.ok_or(unclear),
        Err(unclear) => Err(unclear),
    }
}

/// The status that every type of a group has; none for the mixed groups.
fn status_of_group(group: &str) -> Option<LegalStatus> {
    match group {
        "Academies" | "Free Schools" => Some(LegalStatus::Academy),
        "Local authority maintained schools" | "LA maintained schools" => Some(LegalStatus::Maintained),
        "Universities" => Some(LegalStatus::University),
        "Children's Centres" => Some(LegalStatus::ChildrensCentre),
        "Welsh schools" | "Online provider" => Some(LegalStatus::Other),
        _ => None,
    }
}

impl Kind {
    /// Stable word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Community => "community",
            Kind::VoluntaryAided => "voluntary-aided",
            Kind::VoluntaryControlled => "voluntary-controlled",
            Kind::Foundation => "foundation",
            Kind::NurserySchool => "nursery-school",
            Kind::PupilReferralUnit => "pupil-referral-unit",
            Kind::Converter => "converter",
            Kind::Sponsored => "sponsored",
            Kind::FreeSchool => "free-school",
            Kind::UniversityTechnicalCollege => "university-technical-college",
            Kind::StudioSchool => "studio-school",
            Kind::SecureAcademy => "secure-academy",
            Kind::CityTechnologyCollege => "city-technology-college",
            Kind::NonMaintainedSpecial => "non-maintained-special",
            Kind::OtherGovernment => "other-government",
            Kind::Independent => "independent",
            Kind::College => "college",
            Kind::University => "university",
            Kind::ChildrensCentre => "childrens-centre",
            Kind::Other => "other",
        }
    }
}

impl LegalStatus {
    pub const ALL: [LegalStatus; 8] = [
        LegalStatus::Maintained,
        LegalStatus::Academy,
        LegalStatus::OtherStateFunded,
        LegalStatus::Independent,
        LegalStatus::College,
        LegalStatus::University,
        LegalStatus::ChildrensCentre,
        LegalStatus::Other,
    ];

    pub fn word(self) -> &'static str {
        match self {
            LegalStatus::Maintained => "maintained",
            LegalStatus::Academy => "academy",
            LegalStatus::OtherStateFunded => "other-state-funded",
            LegalStatus::Independent => "independent",
            LegalStatus::College => "college",
            LegalStatus::University => "university",
            LegalStatus::ChildrensCentre => "childrens-centre",
            LegalStatus::Other => "other",
        }
    }
}

impl fmt::Display for LegalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LegalStatus::Maintained => "maintained by the local authority",
            LegalStatus::Academy => "academy",
            LegalStatus::OtherStateFunded => "state-funded, neither maintained nor an academy",
            LegalStatus::Independent => "independent",
            LegalStatus::College => "college",
            LegalStatus::University => "university",
            LegalStatus::ChildrensCentre => "children's centre",
            LegalStatus::Other => "another kind of establishment",
        })
    }
}

#[cfg(test)]
mod tests;
