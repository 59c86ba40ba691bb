//! Bytes from a publisher to a file on disk.
//!
//! [`poll`] looks at one source once and ends within a bounded time, whatever the other side does:
//! something new has arrived in the spool folder, nothing has changed, it is not there yet, the
//! server asks us to come later, or there is a fault that names its place. What a poll leaves for
//! the next ([`Known`]) is kept with the release that it brought.
//!
//! A publisher's own version goes before its validators (ETag, Last-Modified, byte for byte as
//! sent), and these before the hash of the bytes; the hash has the last word, so that a server
//! whose ETag does not tell the truth costs a download and never a release. Our own clock is never
//! sent to a server as if it were its own.
//!
//! Not done here: nothing is parsed beyond listings, and nothing is kept; the raw store and the
//! decoders come next.

pub mod egress;
pub mod spec;

mod poll;

mod attachments;
mod dated_url;
mod ees;
mod fixed_url;
pub mod folder;
mod govuk;

mod client;
mod exchange;
mod headers;
mod options;
mod polite;
mod problem;
pub mod retry;
pub mod retry_after;
mod sniff;
mod spec_check;
mod spool;
mod time;
pub mod title_date;
mod tls;

mod fault;
mod known;

pub use client::Client;
pub use fault::{FaultCode, FetchFault};
pub use known::{Arrival, FileLook, Known, Polled, Validators};
pub use options::Options;
pub use poll::poll;
pub use retry::RetryPolicy;
pub use spec::FetchSpec;
pub use spool::BodyLimits;
pub use tls::install_crypto;
