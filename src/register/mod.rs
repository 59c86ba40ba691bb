//! Who is who: what the register says about schools, trusts and authorities, and since when.
//!
//! Everything here is worked out from facts: the history of one school as its releases told it.
//! Nothing is kept that could not be worked out again, so the order in which extracts arrived makes
//! no difference to what the register says about a day.
//!
//! *Dramatis personae.* A **picture** is what was said about one school as at a day, by the releases
//! known. A **membership** is a span of days in which a school belonged to a body: a trust, a
//! federation, a local authority. A **link** joins two establishments of one school, or several in a
//! merger or a split; only a plain one to one succession carries anything over. An **event** is the
//! difference of two pictures that is news about who is who. It is never a concern.
//!
//! Of one school the register says whose it is in law and by which **pathway** help may be offered;
//! of a trust it gives a **profile**: size under a scheme that has a name, mix, spread and age,
//! always with counts and with what is not known. Nothing here is a score and nothing is ranked.

pub mod authority;
pub mod cite;
pub mod day;
pub mod events;
pub mod fate;
pub mod field;
pub mod legal;
pub mod lineage;
pub mod listed;
pub mod membership;
pub mod pathway;
pub mod picture;
pub mod profile;
pub mod size;
pub mod spread;
pub mod wording;

pub use field::{Field, Lens};
pub use picture::{Listing, Picture};

/// The data set of links between establishments.
pub const LINKS: &str = "links";
/// The data set of memberships in trusts, federations and sponsors.
pub const GROUP_LINKS: &str = "grouplinks";
/// The value of a head's post that nobody holds.
pub const VACANT: &str = "vacant";

#[cfg(test)]
pub mod tests;
