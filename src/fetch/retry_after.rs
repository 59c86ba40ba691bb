//! The Retry-After header, in both of its forms (RFC 9110 §10.2.3).

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// How long the server asks us to wait. A date is held against the server's own Date header
/// where there is one, since its clock and ours may differ. A date that has passed is no wait.
pub fn retry_after(header: &str, server_date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // more digits than fit are simply very long
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)));
    }
    let until = http_date(header)?;
    let reference = server_date.and_then(http_date).unwrap_or(now);
    Some(Duration::try_from(until.duration_since(reference)).unwrap_or(Duration::ZERO))
}

/// A date as HTTP writes it: the usual form and the two obsolete ones that a client must accept.
pub fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(zoned) = rfc2822::DateTimeParser::new().parse_zoned(text) {
        return Some(zoned.timestamp());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"].iter().find_map(|form| {
        let civil: DateTime = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().expect("a timestamp");
        for (header, date, expected) in [
            ("120", None, Some(120)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None, Some(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None, Some(37)),
            ("Sun Nov  6 08:49:37 1994", None, Some(37)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", None, Some(0)),
            // the server's clock is an hour ahead of ours
            ("Sun, 06 Nov 1994 09:49:37 GMT", Some("Sun, 06 Nov 1994 09:49:30 GMT"), Some(7)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some("garbage"), Some(37)),
            ("", None, None),
            ("soon", None, None),
            ("-5", None, None),
            ("1.5", None, None),
        ] {
            assert_eq!(retry_after(header, date, now).map(|wait| wait.as_secs()), expected, "{header:?}");
        }
    }
}
