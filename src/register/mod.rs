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

pub mod authority;
