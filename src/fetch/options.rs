//! How the client behaves; everything a test or an operator may want to change.

use std::path::PathBuf;
use std::time::Duration;

use super::egress::Egress;
use super::retry::RetryPolicy;
use super::spool::BodyLimits;

/// Settings of the one HTTP client of the process. All times have an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Address or URL at which a publisher can reach whoever runs this; stands in the User-Agent.
    pub contact: String,
    pub egress: Egress,
    pub retry: RetryPolicy,
    /// To open a connection, TLS included.
    pub connect: Duration,
    /// Between two parts of an answer.
    pub read: Duration,
    /// One request from the first byte sent to the last received; a slow drip ends here.
    pub request: Duration,
    /// One poll with all its requests and waits.
    pub poll: Duration,
    /// Between two requests to one host.
    pub gap: Duration,
    /// For a data file.
    pub body: BodyLimits,
    /// For a listing or description.
    pub listing: BodyLimits,
    /// After this long the validators are left out once and the whole file is looked at, to find
    /// a server whose ETag does not tell the truth.
    pub trust: Duration,
    /// A PEM file with certificate authorities beside those of the system, for a proxy of one's own.
    pub ca_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            contact: "no-contact-configured".to_owned(),
            egress: Egress::Public,
            retry: RetryPolicy::default(),
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            request: Duration::from_secs(300),
            poll: Duration::from_secs(900),
            gap: Duration::from_secs(1),
            body: BodyLimits::default(),
            listing: BodyLimits { wire: 4 << 20, bytes: 16 << 20, ratio: 200 },
            trust: Duration::from_secs(7 * 24 * 3600),
            ca_file: None,
        }
    }
}

impl Options {
    /// For the demo and for tests: loopback only, no gap, short times.
    pub fn local() -> Options {
        Options {
            egress: Egress::LoopbackForDemo,
            gap: Duration::ZERO,
            connect: Duration::from_secs(2),
            read: Duration::from_secs(5),
            request: Duration::from_secs(20),
            poll: Duration::from_secs(30),
            retry: RetryPolicy {
                base: Duration::from_millis(10),
                cap: Duration::from_millis(100),
                patience: Duration::from_secs(2),
                ..RetryPolicy::default()
            },
            ..Options::default()
        }
    }
}
