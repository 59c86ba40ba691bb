//! What is built in, so that Headwater runs without a single file beside it.


pub const CONNECTORS: &[(&str, &str)] = &[];
pub const SCHEMES: &[(&str, &str)] = &[];
pub const MEASURES: &[(&str, &str)] = &[];
