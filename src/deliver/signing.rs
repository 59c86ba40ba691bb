//! Signatures of Standard Webhooks 1.0, symmetric scheme `v1`.
//!
//! HMAC-SHA256 over `id.timestamp.body`, base64, after `v1,`. Several secrets give several
//! signatures with a space between them, so that a receiver can change over in its own time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use super::Secret;

/// Names of the three headers.
pub const ID: &str = "webhook-id";
pub const TIMESTAMP: &str = "webhook-timestamp";
pub const SIGNATURE: &str = "webhook-signature";

/// Oldest and newest timestamp that a receiver takes, in seconds from its own time.
pub const TOLERANCE: i64 = 300;

/// The value of `webhook-signature`.
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signatures = secrets.iter().filter_map(|secret| {
        let mac = mac(secret, id, timestamp, body)?;
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// Why a webhook is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotGenuine {
    #[error("the timestamp is missing or not a number of seconds")]
    NoTimestamp,
    #[error("the timestamp is more than five minutes from now")]
    Stale,
    #[error("no signature fits")]
    Signature,
}

/// What a receiver does: any of its secrets may have made any of the signatures.
pub fn verify(
    secrets: &[Secret],
    id: &str,
    timestamp: &str,
    signature: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), NotGenuine> {
    let seconds: i64 = timestamp.trim().parse().map_err(|_| NotGenuine::NoTimestamp)?;
    if now.as_second().saturating_sub(seconds).saturating_abs() > TOLERANCE {
        return Err(NotGenuine::Stale);
    }
    let given: Vec<Vec<u8>> =
        signature.split(' ').filter_map(|part| part.strip_prefix("v1,")).filter_map(|text| STANDARD.decode(text).ok()).collect();
    // compared by the crate in constant time
    let fits =
        |secret: &Secret| given.iter().any(|tag| mac(secret, id, seconds, body).is_some_and(|mac| mac.verify_slice(tag).is_ok()));
    if secrets.iter().any(fits) { Ok(()) } else { Err(NotGenuine::Signature) }
}

fn mac(secret: &Secret, id: &str, timestamp: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok()?;
    mac.update(id.as_bytes());
    mac.update(format!(".{timestamp}.").as_bytes());
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const NAME: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    #[test]
    fn the_published_test_vector_comes_out() {
        let secret = Secret::parse(SECRET).unwrap();
        assert_eq!(sign(&[secret], NAME, 1_614_265_330, BODY), SIGNED);
    }

    #[test]
    fn a_changed_byte_an_old_time_or_another_secret_is_noticed() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let secret = [Secret::parse(SECRET).unwrap()];
        let other = [Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap()];
        let check = |secrets: &[Secret], id: &str, signature: &str, body: &[u8], now| {
            verify(secrets, id, "1614265330", signature, body, at(now))
        };
        assert_eq!(check(&secret, NAME, SIGNED, BODY, 1_614_265_600), Ok(()));
        assert_eq!(check(&secret, NAME, SIGNED, BODY, 1_614_265_631), Err(NotGenuine::Stale));
        assert_eq!(check(&secret, NAME, SIGNED, BODY, 1_614_265_029), Err(NotGenuine::Stale));
        assert_eq!(check(&secret, "msg_other", SIGNED, BODY, 1_614_265_330), Err(NotGenuine::Signature));
        assert_eq!(check(&secret, NAME, SIGNED, b"{}", 1_614_265_330), Err(NotGenuine::Signature));
        assert_eq!(check(&other, NAME, SIGNED, BODY, 1_614_265_330), Err(NotGenuine::Signature));
        assert_eq!(check(&secret, NAME, "v2,abc v1,!!", BODY, 1_614_265_330), Err(NotGenuine::Signature));
        assert_eq!(verify(&secret, NAME, "soon", SIGNED, BODY, at(0)), Err(NotGenuine::NoTimestamp));
        let both = sign(&[other[0].clone(), secret[0].clone()], NAME, 1_614_265_330, BODY);
        assert_eq!(check(&secret, NAME, &both, BODY, 1_614_265_330), Ok(()));
        assert_eq!(check(&other, NAME, &both, BODY, 1_614_265_330), Ok(()));
    }
}
