//! TLS: ring, and the certificate authorities of the system.

use std::sync::Once;

use reqwest::{Certificate, ClientBuilder};

use super::egress::Egress;
use super::fault::{FaultCode, FetchFault};
use super::options::Options;

/// Installs the cryptography of the process, once. reqwest is built without one and panics when
/// none is there; whoever came first wins, which is no fault.
pub fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A client builder that trusts the system's authorities (`/etc/ssl/certs`, or where
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` say) and those of `ca_file`. On loopback only those of
/// `ca_file`: the demo must run where no authorities are installed.
pub(super) fn builder(options: &Options) -> Result<ClientBuilder, FetchFault> {
    install_crypto();
    let own = match &options.ca_file {
        None => Vec::new(),
        Some(path) => {
            let pem = std::fs::read(path).map_err(|error| FetchFault::disk("reading the certificate file", path, &error))?;
            let found = Certificate::from_pem_bundle(&pem).unwrap_or_default();
            if found.is_empty() {
                let fault = FetchFault::new(FaultCode::Settings, "no certificate in PEM form is in the file");
                return Err(fault.at(path.display().to_string()));
            }
            found
        }
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "every limit and the address guard are set on it by fetch::Client, its only caller"
    )]
    let builder = reqwest::Client::builder();
    Ok(match options.egress {
        Egress::LoopbackForDemo => builder.tls_certs_only(own),
        Egress::Public => builder.tls_certs_merge(own),
    })
}
