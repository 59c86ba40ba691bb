//! Bytes from a publisher to a file on disk.

pub mod egress;
pub mod fault;
pub mod known;
pub mod options;
pub mod retry;
pub mod retry_after;
pub mod spec;
pub mod spool;

mod client;
mod headers;
mod polite;
mod problem;
mod sniff;
mod time;
mod tls;

pub use client::Client;
pub use fault::{FaultCode, FetchFault};
pub use known::{Arrival, FileLook, Known, Polled, Validators};
pub use options::Options;
pub use retry::RetryPolicy;
pub use spec::FetchSpec;
pub use spool::BodyLimits;
pub use tls::install_crypto;
