//! Unique reference numbers, the only key of a school that holds over time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The six-digit number that Get Information About Schools gives to one establishment, once.
/// A school that becomes an academy is a new establishment with a new URN.
///
/// ```
/// use headwater::model::Urn;
/// assert_eq!("116427".parse::<Urn>().unwrap().to_string(), "116427");
/// assert!("NAT".parse::<Urn>().is_err());
/// assert!("3072".parse::<Urn>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Urn(u32);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a URN: a URN has six digits and does not start with 0")]
pub struct NotAUrn(String);

impl Urn {
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Urn {
    type Error = NotAUrn;
    fn try_from(number: u32) -> Result<Self, NotAUrn> {
        if (100_000..=999_999).contains(&number) { Ok(Urn(number)) } else { Err(NotAUrn(number.to_string())) }
    }
}

impl From<Urn> for u32 {
    fn from(urn: Urn) -> u32 {
        urn.0
    }
}

impl FromStr for Urn {
    type Err = NotAUrn;
    fn from_str(text: &str) -> Result<Self, NotAUrn> {
        let text = text.trim();
        let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse().unwrap_or(0) } else { 0 };
        Urn::try_from(number).map_err(|_| NotAUrn(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
