//! Where this program may connect to: a guard for everything that is sent or fetched.
//!
//! **Threat.** URLs come from manifests, from publishers' own pages, from redirects and from
//! subscribers. Any of them can name a machine that only we can reach: a metadata service
//! (169.254.169.254), a database on a private address, an administration page on loopback. A name
//! can look harmless when checked and resolve to such an address a moment later (DNS rebinding).
//! A URL can carry credentials, or a scheme that reads files.
//!
//! **Policy.** http and https only; no user name or password in a URL; no address that is
//! private, shared (CGNAT), loopback, link-local, multicast, reserved, documentation or
//! benchmarking space, in IPv4, in IPv6, or IPv4 wrapped in IPv6. Hosts of a source stand in its
//! manifest. A redirect never leads from https to http. [`Egress::LoopbackForDemo`] turns the
//! address rule round: nothing but loopback, so that a demo or a test cannot leave the machine.
//!
//! **Mechanism.** [`Guard::check_url`] looks at each URL before it is asked for, IP literals
//! included, and again at each redirect, which is followed by hand. [`Guard::resolver`] is the
//! only resolver of the HTTP client: it leaves only permitted addresses, and the connection goes
//! to the very address that was checked, so that rebinding gains nothing. Proxies from the
//! environment are not used, since a proxy would resolve names out of our sight.
//!
//! Not done here: ports are not restricted, and nothing guards against a permitted public host
//! that is itself hostile; that is what the limits on time and size are for.

mod address;
mod resolver;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

pub use address::forbidden;
pub use resolver::GuardedResolver;

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Egress {
    /// Public addresses only.
    #[default]
    Public,
    /// Loopback addresses only: the demo, tests and local servers.
    LoopbackForDemo,
}

/// Why a URL or an address is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressRefused {
    #[error("`{scheme}` URLs are not fetched: only http and https are")]
    Scheme { scheme: String },
    #[error("the URL for host `{host}` carries a user name or password: remove it")]
    Credentials { host: String },
    #[error("the URL has no host")]
    NoHost,
    #[error("host `{host}` leads to {address}, which is {what}")]
    Address { host: String, address: IpAddr, what: &'static str },
    #[error("host `{host}` is not among the hosts of this source: add it to `hosts` if it belongs there")]
    NotListed { host: String },
    #[error("a redirect leads from https to http at `{host}`")]
    Downgrade { host: String },
}

/// Checks URLs and addresses against one policy. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    policy: Egress,
}

impl Guard {
    pub fn new(policy: Egress) -> Guard {
        Guard { policy }
    }

    pub fn policy(&self) -> Egress {
        self.policy
    }

    /// Scheme, credentials, host, and the address where the host is written as one.
    pub fn check_url(&self, url: &Url) -> Result<(), EgressRefused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EgressRefused::Scheme { scheme: url.scheme().to_owned() });
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressRefused::Credentials { host });
        }
        match url.host() {
            None => Err(EgressRefused::NoHost),
            Some(Host::Ipv4(address)) => self.check_address(&host, IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.check_address(&host, IpAddr::V6(address)),
            Some(Host::Domain(_)) => Ok(()),
        }
    }

    /// As [`Guard::check_url`], and the host must be one of `hosts` (`name` or `name:port`).
    pub fn check_listed(&self, url: &Url, hosts: &[String]) -> Result<(), EgressRefused> {
        self.check_url(url)?;
        let host = url.host_str().unwrap_or_default();
        let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
        let listed = |entry: &String| entry.eq_ignore_ascii_case(host) || Some(entry.to_ascii_lowercase()) == with_port;
        if hosts.iter().any(listed) { Ok(()) } else { Err(EgressRefused::NotListed { host: host.to_owned() }) }
    }

    /// A redirect from `from` to `to`: everything that holds for a URL, and no step down to http.
    pub fn check_redirect(&self, from: &Url, to: &Url, hosts: &[String]) -> Result<(), EgressRefused> {
        self.check_listed(to, hosts)?;
        if from.scheme() == "https" && to.scheme() == "http" {
            return Err(EgressRefused::Downgrade { host: to.host_str().unwrap_or_default().to_owned() });
        }
        Ok(())
    }

    /// Whether `host` may be connected to at `address`.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), EgressRefused> {
        match forbidden(self.policy, address) {
            None => Ok(()),
            Some(what) => Err(EgressRefused::Address { host: host.to_owned(), address, what }),
        }
    }

    /// For `reqwest::ClientBuilder::dns_resolver`.
    pub fn resolver(&self) -> GuardedResolver {
        GuardedResolver::new(*self)
    }
}

/// The refusal at the bottom of an error, if that is what it was.
pub fn refusal(error: &(dyn std::error::Error + 'static)) -> Option<EgressRefused> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<EgressRefused>() {
            return Some(refused.clone());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn urls_that_are_never_fetched() {
        let guard = Guard::new(Egress::Public);
        for bad in [
            "file:///etc/passwd",
            "ftp://www.gov.uk/a.csv",
            "data:text/csv,a,b",
            "gopher://www.gov.uk/",
            "http://user@www.gov.uk/",
            "http://:secret@www.gov.uk/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[fd00:ec2::254]/",
            "http://0/",
        ] {
            assert!(guard.check_url(&url(bad)).is_err(), "{bad}");
        }
        for good in
            ["https://www.gov.uk/api/content", "http://www.gov.uk:8080/", "https://1.1.1.1/", "https://[2a00:1450:4009::1]/"]
        {
            assert_eq!(guard.check_url(&url(good)), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_demo_cannot_leave_the_machine() {
        let guard = Guard::new(Egress::LoopbackForDemo);
        assert_eq!(guard.check_url(&url("http://127.0.0.1:8099/x")), Ok(()));
        assert_eq!(guard.check_url(&url("http://[::1]:8099/x")), Ok(()));
        for bad in ["http://169.254.169.254/", "http://10.0.0.1/", "https://1.1.1.1/"] {
            assert!(guard.check_url(&url(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_is_listed_by_name_or_by_name_and_port() {
        let guard = Guard::new(Egress::Public);
        let hosts = ["www.gov.uk".to_owned(), "files.example.org:8443".to_owned()];
        for (text, good) in [
            ("https://www.gov.uk/a", true),
            ("https://WWW.GOV.UK/a", true),
            ("https://www.gov.uk:444/a", true),
            ("https://gov.uk/a", false),
            ("https://www.gov.uk.evil.example/a", false),
            ("https://files.example.org:8443/a", true),
            ("https://files.example.org/a", false),
        ] {
            assert_eq!(guard.check_listed(&url(text), &hosts).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn a_redirect_does_not_step_down_to_http() {
        let guard = Guard::new(Egress::Public);
        let hosts = ["www.gov.uk".to_owned()];
        let (safe, open) = (url("https://www.gov.uk/a"), url("http://www.gov.uk/a"));
        assert!(matches!(guard.check_redirect(&safe, &open, &hosts), Err(EgressRefused::Downgrade { .. })));
        assert_eq!(guard.check_redirect(&open, &safe, &hosts), Ok(()));
        assert_eq!(guard.check_redirect(&open, &open, &hosts), Ok(()));
    }
}
