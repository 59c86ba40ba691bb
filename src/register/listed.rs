//! What a list of schools shows of each one, as at a day.

use std::fmt;

use jiff::civil::Date;

use super::legal::{self, LegalStatus, LegalType, Unclear};
use super::spread::Place;
use crate::model::{Missing, Urn};

/// A value, or the reason why there is none.
pub type Known<T> = Result<T, Missing>;

/// One school of a list. Texts are as the register has them, codes without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub urn: Urn,
    pub name: Known<String>,
    pub status: Known<Status>,
    pub phase: Known<String>,
    /// `TypeOfEstablishment (name)`, for example `Academy converter`.
    pub type_name: Known<String>,
    /// `TypeOfEstablishment (code)`. Some sources have only this.
    pub type_code: Known<String>,
    pub type_group: Known<String>,
    /// Three-digit code of the local authority.
    pub la: Known<String>,
    pub region: Known<String>,
    /// Metres east of the origin of the British National Grid.
    pub easting: Known<u32>,
    pub northing: Known<u32>,
    /// Pupils on roll at the latest census.
    pub pupils: Known<u32>,
    pub opened: Known<Date>,
    /// Group UID of the trust that the register names. A maintained foundation school may have
    /// one too: the legal status tells the two apart.
    pub trust: Known<String>,
    pub joined: Known<Joined>,
}

/// Whether the school is open (`gias.status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Open,
    /// Open, but proposed to close.
    Closing,
    ProposedToOpen,
    Closed,
}

/// Since when a school has belonged to its trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Joined {
    /// The register gives the day.
    On(Date),
    /// It was in the trust by this day, the first on which it was seen there.
    By(Date),
}

impl Listed {
    /// A school of which nothing but its number is known.
    pub fn unknown(urn: Urn, why: Missing) -> Listed {
        Listed {
            urn,
            name: Err(why),
            status: Err(why),
            phase: Err(why),
            type_name: Err(why),
            type_code: Err(why),
            type_group: Err(why),
            la: Err(why),
            region: Err(why),
            easting: Err(why),
            northing: Err(why),
            pupils: Err(why),
            opened: Err(why),
            trust: Err(why),
            joined: Err(why),
        }
    }

    pub fn legal_type(&self) -> Result<&'static LegalType, Unclear> {
        legal::legal_type(as_text(&self.type_name), as_text(&self.type_code))
    }

    pub fn legal_status(&self) -> Result<LegalStatus, Unclear> {
        legal::legal_status(as_text(&self.type_name), as_text(&self.type_code), as_text(&self.type_group))
    }

    /// Where the school stands; none unless both coordinates are known. 0/0 lies in the Atlantic
    /// and stands for "not located".
    pub fn place(&self) -> Known<Place> {
        match (self.easting?, self.northing?) {
            (0, 0) => Err(Missing::NotAvailable),
            (easting, northing) => Ok(Place { easting, northing }),
        }
    }
}

fn as_text(known: &Known<String>) -> Known<&str> {
    known.as_deref().map_err(|why| *why)
}

impl Status {
    pub const ALL: [Status; 4] = [Status::Open, Status::Closing, Status::ProposedToOpen, Status::Closed];

    /// The word of the measure registry.
    pub fn word(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Closing => "open-but-proposed-to-close",
            Status::ProposedToOpen => "proposed-to-open",
            Status::Closed => "closed",
        }
    }

    /// None for a word that the measure registry does not have.
    pub fn from_word(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Open on the day, whether or not it is proposed to close.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Open | Status::Closing)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Open => "open",
            Status::Closing => "open, but proposed to close",
            Status::ProposedToOpen => "proposed to open",
            Status::Closed => "closed",
        })
    }
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Joined::On(day) => write!(f, "joined on {day}"),
            Joined::By(day) => write!(f, "joined by {day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_stands_somewhere_only_if_both_coordinates_are_known() {
        let mut school = Listed::unknown(Urn::try_from(900_001).unwrap(), Missing::Blank);
        assert_eq!(school.place(), Err(Missing::Blank));
        school.easting = Ok(450_000);
        assert_eq!(school.place(), Err(Missing::Blank));
        school.northing = Ok(120_000);
        assert_eq!(school.place(), Ok(Place { easting: 450_000, northing: 120_000 }));
        (school.easting, school.northing) = (Ok(0), Ok(0));
        assert_eq!(school.place(), Err(Missing::NotAvailable));
    }

    #[test]
    fn the_words_of_a_status_are_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_word(status.word()), Some(status));
        }
        assert_eq!(Status::from_word("Open"), None);
    }
}
