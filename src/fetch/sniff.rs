//! Is this body a page for people instead of data?

/// How many bytes of a body are looked at.
pub const LOOK: usize = 1024;

/// Whether a body announced as `content_type` and beginning with `head` is an HTML page.
pub fn is_html(content_type: Option<&str>, head: &[u8]) -> bool {
    let media = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(media.as_str(), "text/html" | "application/xhtml+xml") {
        return true;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.trim_ascii_start();
    if head.first() != Some(&b'<') {
        return false;
    }
    let text = String::from_utf8_lossy(&head[..head.len().min(LOOK)]).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<script", "<title", "<h1"].iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_data() {
        for (content_type, head, html) in [
            (Some("text/html; charset=utf-8"), "URN,Name\n", true),
            (Some("TEXT/HTML"), "", true),
            (Some("text/csv"), "<!DOCTYPE html><html>", true),
            (None, "\u{feff}\r\n  <HTML lang=en>", true),
            (None, "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC", true),
            (Some("text/csv"), "<!-- error --><head>", true),
            (Some("text/csv"), "URN,Name\n100000,<html>\n", false),
            (Some("application/json"), "{\"a\":\"<html>\"}", false),
            (None, "<?xml version=\"1.0\"?><office:document>", false),
            (Some("application/octet-stream"), "URN", false),
            (None, "", false),
        ] {
            assert_eq!(is_html(content_type, head.as_bytes()), html, "{content_type:?} {head:?}");
        }
    }
}
