//! Which way help goes: whom to speak with first, and whether support can be required or offered.
//!
//! The same evidence about two schools leads two ways: a maintained school has a right to support
//! and takes part in it, an academy is offered it through its trust (LP-12). Formal steps are named
//! only where the local authority may take them. The pathways stand in a file, because a
//! partnership may have agreed on others; every school must have exactly one.

mod check;

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::legal::LegalStatus;
use crate::faults::Faults;
use crate::toml_file;

/// The pathways of one file: exactly one for every combination of status and trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pathways {
    /// Shown beside every pathway: where it comes from and that another may have been agreed.
    pub caveat: String,
    all: Vec<Pathway>,
    /// The pathway of a school of which nothing is known.
    unknown: Pathway,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    caveat: String,
    pathway: Vec<Pathway>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pathway {
    pub id: String,
    pub title: String,
    pub when: When,
    /// Who is spoken with first.
    pub first: Body,
    /// Who else is told.
    pub also: Vec<Body>,
    pub verb: Verb,
    pub support: Support,
    pub formal: Formal,
    /// One or two sentences for the alert.
    pub text: String,
    pub basis: Basis,
    /// The year that the source describes.
    pub year: u16,
    pub source: String,
}

/// Whom a pathway is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub status: Vec<Standing>,
    /// Any, if it is left out.
    #[serde(default)]
    pub trust: Option<Vec<TrustTie>>,
}

/// A legal status, or that it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Maintained,
    Academy,
    OtherStateFunded,
    Independent,
    College,
    University,
    ChildrensCentre,
    Other,
    Unknown,
}

/// Whether a school is in a trust, and whether others are too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrustTie {
    /// Known to be in none.
    None,
    /// In a trust that has no other open school.
    OnlySchool,
    /// In a trust with several open schools.
    Several,
    /// In a trust of which it is not known how many schools it has.
    SizeUnknown,
    /// Not known whether it is in one.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    School,
    GoverningBody,
    Trust,
    LocalAuthority,
    AreaLead,
    /// The regional team of the Department for Education, regional schools commissioner until 2022.
    RegionalTeam,
}

/// What the one who acts does about support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    Arrange,
    Offer,
    Ask,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    CompulsoryAndFree,
    Voluntary,
    /// The source is silent about this kind of school.
    NotDescribed,
    /// It hangs on a legal status that is not known.
    NotKnown,
}

/// What there is beyond talking. None of it happens by itself: people decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Formal {
    /// From letter of concern to interim board: maintained schools only.
    Ladder,
    /// Referral to the regional team of the Department for Education: academies only.
    RegionalReferral,
    None,
}

/// Whether the source describes this case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    Described,
    /// Ours, carried over from a case that is described.
    Inferred,
}

impl Pathways {
    /// Reads `config/pathways.toml`. Errors: every fault, with its line; combinations that have no
    /// pathway or more than one among them.
    pub fn load(file: &Path, text: &str) -> Result<Pathways, Faults> {
        let File { caveat, pathway: all } = toml_file::parse::<File>(file, text)?;
        let faults = check::faults(&caveat, &all, file, text);
        match all.iter().find(|pathway| pathway.when.fits(Standing::Unknown, TrustTie::Unknown)) {
            Some(unknown) if faults.0.is_empty() => Ok(Pathways { caveat, unknown: unknown.clone(), all }),
            _ => Err(faults),
        }
    }

    /// The pathway of a school.
    pub fn for_school(&self, status: Standing, trust: TrustTie) -> &Pathway {
        self.all.iter().find(|pathway| pathway.when.fits(status, trust)).unwrap_or(&self.unknown)
    }

    /// Every pathway, in the order of the file.
    pub fn all(&self) -> &[Pathway] {
        &self.all
    }
}

impl When {
    fn fits(&self, status: Standing, trust: TrustTie) -> bool {
        self.status.contains(&status) && self.trust.as_ref().is_none_or(|ties| ties.contains(&trust))
    }
}

impl Standing {
    pub const ALL: [Standing; 9] = [
        Standing::Maintained,
        Standing::Academy,
        Standing::OtherStateFunded,
        Standing::Independent,
        Standing::College,
        Standing::University,
        Standing::ChildrensCentre,
        Standing::Other,
        Standing::Unknown,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Standing::Maintained => LegalStatus::Maintained.word(),
            Standing::Academy => LegalStatus::Academy.word(),
            Standing::OtherStateFunded => LegalStatus::OtherStateFunded.word(),
            Standing::Independent => LegalStatus::Independent.word(),
            Standing::College => LegalStatus::College.word(),
            Standing::University => LegalStatus::University.word(),
            Standing::ChildrensCentre => LegalStatus::ChildrensCentre.word(),
            Standing::Other => LegalStatus::Other.word(),
            Standing::Unknown => "unknown",
        }
    }
}

impl<E> From<Result<LegalStatus, E>> for Standing {
    fn from(status: Result<LegalStatus, E>) -> Standing {
        match status {
            Ok(LegalStatus::Maintained) => Standing::Maintained,
            Ok(LegalStatus::Academy) => Standing::Academy,
            Ok(LegalStatus::OtherStateFunded) => Standing::OtherStateFunded,
            Ok(LegalStatus::Independent) => Standing::Independent,
            Ok(LegalStatus::College) => Standing::College,
            Ok(LegalStatus::University) => Standing::University,
            Ok(LegalStatus::ChildrensCentre) => Standing::ChildrensCentre,
            Ok(LegalStatus::Other) => Standing::Other,
            Err(_) => Standing::Unknown,
        }
    }
}

impl TrustTie {
    pub const ALL: [TrustTie; 5] =
        [TrustTie::None, TrustTie::OnlySchool, TrustTie::Several, TrustTie::SizeUnknown, TrustTie::Unknown];

    /// From what is known about the trust of a school: none at all (`Ok(None)`), or one with so
    /// many open schools, this one counted.
    pub fn of<E, F>(trust: Result<Option<Result<u32, F>>, E>) -> TrustTie {
        match trust {
            Ok(None) => TrustTie::None,
            Ok(Some(Ok(0 | 1))) => TrustTie::OnlySchool,
            Ok(Some(Ok(_))) => TrustTie::Several,
            Ok(Some(Err(_))) => TrustTie::SizeUnknown,
            Err(_) => TrustTie::Unknown,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            TrustTie::None => "none",
            TrustTie::OnlySchool => "only-school",
            TrustTie::Several => "several",
            TrustTie::SizeUnknown => "size-unknown",
            TrustTie::Unknown => "unknown",
        }
    }
}

impl Body {
    /// Stable word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Body::School => "school",
            Body::GoverningBody => "governing-body",
            Body::Trust => "trust",
            Body::LocalAuthority => "local-authority",
            Body::AreaLead => "area-lead",
            Body::RegionalTeam => "regional-team",
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Body::School => "the school",
            Body::GoverningBody => "its governing body",
            Body::Trust => "its trust",
            Body::LocalAuthority => "the local authority",
            Body::AreaLead => "the area lead",
            Body::RegionalTeam => "the regional team of the Department for Education",
        })
    }
}

impl Verb {
    /// Stable word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Verb::Arrange => "arrange",
            Verb::Offer => "offer",
            Verb::Ask => "ask",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Support::CompulsoryAndFree => "support is compulsory and free",
            Support::Voluntary => "support is voluntary",
            Support::NotDescribed => "the sources say nothing about support",
            Support::NotKnown => "not known, because the legal status is not",
        })
    }
}

impl fmt::Display for Formal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Formal::Ladder => "formal steps are open to the board, which decides on each",
            Formal::RegionalReferral => "referral to the regional team of the Department for Education",
            Formal::None => "nothing formal",
        })
    }
}

#[cfg(test)]
mod tests;
