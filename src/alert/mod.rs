//! Alerts: from what an outcome says to what subscribers are told.
//!
//! - An *outcome* is what one rule says about one school on the figures now known.
//! - A *concern* is the long-lived record of one rule met by one school, `<rule>/<urn>`.
//! - An *alert* is one piece of news about a concern, with its cause; it never changes.
//!
//! [`lifecycle`] holds the only table that turns the first two into the third, and the concern
//! is nothing but the sum of its alerts. [`fingerprint`] tells whether anything changed at all.
//! [`envelope()`] is what leaves the house: a CloudEvent, written out field by field, so that a
//! change of our own types cannot change what a subscriber reads. [`register`] has the news that is
//! not about a concern: it shares the log and nothing else.

pub mod cloud_event;
pub mod envelope;
pub mod fingerprint;
pub mod lifecycle;
pub mod register;

pub use envelope::{Setting, envelope};
pub use lifecycle::{apply, follow, transition};
pub use register::News;
