//! What several tests need.

pub mod corpus;
pub mod files;
