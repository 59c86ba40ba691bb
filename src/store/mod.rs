//! (story to come)

pub mod deliveries;
