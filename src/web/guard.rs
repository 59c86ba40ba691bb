//! Which names are answered to, and what every answer carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Names by which this server may be asked.
#[derive(Clone)]
pub struct Hosts(Option<Arc<Vec<String>>>);

impl Hosts {
    /// On loopback the names of this machine and `more`; elsewhere `more`, or any if there is none.
    pub fn new(loopback: bool, more: &[String]) -> Hosts {
        let own = ["localhost", "127.0.0.1", "[::1]"].iter().filter(|_| loopback).map(|name| (*name).to_owned());
        let names: Vec<String> = own.chain(more.iter().map(|name| name.to_ascii_lowercase())).collect();
        Hosts(if names.is_empty() { None } else { Some(Arc::new(names)) })
    }

    fn know(&self, host: &str) -> bool {
        let Some(names) = &self.0 else { return true };
        // a Host header is the authority of a URL: name, or bracketed address, and maybe a port
        let Ok(uri) = format!("http://{host}/").parse::<Uri>() else { return false };
        uri.host().is_some_and(|host| names.iter().any(|name| host.eq_ignore_ascii_case(name))) && !host.contains('@')
    }
}

pub async fn host(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (name, more) = (named.next().and_then(|name| name.to_str().ok()), named.next());
    if more.is_none() && name.is_some_and(|name| hosts.know(name)) {
        return next.run(request).await;
    }
    let says = "this server does not answer to that name: add it to the hosts of the web settings\n";
    (StatusCode::MISDIRECTED_REQUEST, says).into_response()
}

/// For every answer. Nothing may be loaded from anywhere, framed, guessed or passed on.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_known_on_loopback() {
        let hosts = Hosts::new(true, &["Alerts.Wexcombe.example".to_owned()]);
        for good in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST", "alerts.wexcombe.example:443"] {
            assert!(hosts.know(good), "{good}");
        }
        for bad in ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "", "a b", "localhost@evil.example", "::1"]
        {
            assert!(!hosts.know(bad), "{bad}");
        }
        assert!(Hosts::new(false, &[]).know("anything.example"));
        assert!(!Hosts::new(false, &["a.example".to_owned()]).know("localhost"));
    }
}
