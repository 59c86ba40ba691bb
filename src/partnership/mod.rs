//! Partnerships, alliances and boards: who looks after which schools, as written in files.
//!
//! None of this is published anywhere. A person writes it into `config/partnerships` and
//! `config/alliances`, and everything that is asked here is answered from those files, from what is
//! known of one school, and for a day.
//!
//! *Dramatis personae.* A **partnership** is a standing coalition with an area of its own: an
//! authority with its schools, an alliance inside a larger one, a part of a town. Several may hold
//! one school, so there is no such thing as *the* partnership of a school. Its **sub-areas** are the
//! parts in which area teams meet; its **boards** are bodies with a remit, and with roles, never with
//! persons. An **alliance** is a voluntary group of schools that knows no border. A **place** is what
//! is known of one school, and what is not known of it stays unknown: a school without a local
//! authority is not a school outside of the area.
//!
//! **Isolation** and **coverage** are supportive questions: has a school ties to others, and does
//! somebody work with it? Neither is a concern, and neither is counted as one.
//!
//! Here nothing is read from disk and no clock is asked.

mod answer;
mod day;
mod postcode;
mod place;
mod area;
mod bodies;
mod alliances;
mod partnerships;
mod ties;
mod read;

pub use alliances::{Alliance, AllianceKind, AllianceMember, AllianceTie, Alliances, How};
pub use answer::Answer;
pub use area::Area;
pub use bodies::{Board, BoardSeat, Member, MemberKind, Relationship, RelationshipKind, Remit, SubArea};
pub use day::{Span, When};
pub use partnerships::{Partnership, Partnerships};
pub use place::{Holds, Place};
pub use postcode::{Postcode, PostcodePart};
pub use read::Known;
pub use ties::{Component, Contact, Coverage, Indicator, Isolation, Tie, Ties, TrustTie, coverage_gap, isolated};
