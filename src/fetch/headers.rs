//! Reading and writing the few headers that matter.

use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, RETRY_AFTER,
};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::known::Validators;
use super::retry_after::retry_after;

/// Header bytes as the code points U+0000 to U+00FF: nothing is lost, whatever a server sends.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).map(|value| value.as_bytes().iter().map(|byte| char::from(*byte)).collect())
}

fn value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

pub(super) fn validators(headers: &HeaderMap) -> Validators {
    Validators { etag: text(headers, ETAG), last_modified: text(headers, LAST_MODIFIED) }
}

/// Sends the server's own validators back to it, byte for byte.
pub(super) fn conditional(validators: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    for (name, text) in pairs {
        if let Some(value) = text.as_deref().and_then(value) {
            headers.insert(name, value);
        }
    }
    headers
}

pub(super) fn asked_to_wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let date = text(headers, DATE);
    text(headers, RETRY_AFTER).and_then(|header| retry_after(&header, date.as_deref(), now))
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    text(headers, CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("json"))
}

/// The file's name as the publisher gives it, without folders or control characters.
pub(super) fn file_name(headers: &HeaderMap, url: &Url) -> String {
    let announced = text(headers, CONTENT_DISPOSITION).and_then(|header| disposition_name(&header));
    let last = || url.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned);
    let name = announced.or_else(last).unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    if name.trim_matches('.').is_empty() { "download".to_owned() } else { name }
}

fn disposition_name(header: &str) -> Option<String> {
    // the extended form (`filename*=`) repeats the plain one for our publishers
    header.split(';').map(str::trim).find_map(|part| {
        let (key, name) = part.split_once('=')?;
        let name = name.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case("filename") && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_go_back_byte_for_byte() {
        for raw in [&b"\"abc\""[..], b"W/\"abc\"", b"unquoted", b"\"caf\xe9\"", b"\"\""] {
            let mut headers = HeaderMap::new();
            headers.insert(ETAG, HeaderValue::from_bytes(raw).expect("a header"));
            headers.insert(LAST_MODIFIED, HeaderValue::from_static("Wed, 15 Jul 2026 06:00:00 +0000"));
            let sent = conditional(&validators(&headers));
            assert_eq!(sent[IF_NONE_MATCH].as_bytes(), raw);
            assert_eq!(sent[IF_MODIFIED_SINCE].as_bytes(), b"Wed, 15 Jul 2026 06:00:00 +0000");
        }
    }

    #[test]
    fn a_file_name_has_no_folders() {
        let url = Url::parse("https://www.gov.uk/media/ab/latest%20data.csv?x=1").expect("a URL");
        for (header, expected) in [
            (None, "latest%20data.csv"),
            (Some("attachment; filename=\"ks4_v1.0.csv\"; filename*=UTF-8''ks4_v1.0.csv"), "ks4_v1.0.csv"),
            (Some("attachment; filename=../../etc/passwd"), "passwd"),
            (Some("attachment; filename=\"..\\..\\a.csv\""), "a.csv"),
            (Some("attachment; filename=.."), "download"),
            (Some("inline"), "latest%20data.csv"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(header) = header {
                headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(header));
            }
            assert_eq!(file_name(&headers, &url), expected, "{header:?}");
        }
    }
}
