//! Ways in which a good file goes bad between the publisher and us.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Every value one column to the right; the last one falls off.
pub fn shift_right(file: &[u8]) -> Vec<u8> {
    lines(file, |n, line| {
        if n == 0 {
            return line.to_vec();
        }
        let end = line.iter().rposition(|b| *b == b',').unwrap_or(line.len());
        let tail = if line.ends_with(b"\r\n") { &b"\r\n"[..] } else { &b"\n"[..] };
        [b",", &line[..end], tail].concat()
    })
}

/// Every second row is gone, and nothing says so.
pub fn half(file: &[u8]) -> Vec<u8> {
    lines(file, |n, line| if n % 2 == 1 { Vec::new() } else { line.to_vec() })
}

/// A column under another name.
pub fn rename(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    lines(file, |n, line| {
        if n > 0 {
            return line.to_vec();
        }
        let names = String::from_utf8_lossy(line);
        let renamed: Vec<String> =
            names.split(',').map(|name| if name.trim_end() == from { name.replace(from, to) } else { name.to_owned() }).collect();
        renamed.join(",").into_bytes()
    })
}

/// What the server of the register says when it is unwell, with status 200.
pub fn html_error() -> Vec<u8> {
    b"<!DOCTYPE html>\r\n<html><head><title>Service unavailable</title></head>\r\n<body><h1>Sorry, there is a problem with the service</h1>\
      <p>Try again later.</p></body></html>\r\n"
        .to_vec()
}

/// A gzip stream that stops in the middle.
pub fn truncated_gzip(file: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = gzip(file)?;
    packed.truncate(packed.len() * 3 / 5);
    Ok(packed)
}

/// Gzip without name or time, so that the bytes are always the same.
pub fn gzip(file: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(file)?;
    encoder.finish()
}

/// Rewrites a file line by line; no cell of the demo's files holds a line end.
fn lines(file: &[u8], rewrite: impl Fn(usize, &[u8]) -> Vec<u8>) -> Vec<u8> {
    file.split_inclusive(|b| *b == b'\n').enumerate().flat_map(|(n, line)| rewrite(n, line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"LA,ESTAB,URN\r\n990,2001,900001\r\n990,2002,900002\r\n990,2003,900003\r\n";

    #[test]
    fn each_way_spoils_what_it_says() {
        assert_eq!(shift_right(FILE), b"LA,ESTAB,URN\r\n,990,2001\r\n,990,2002\r\n,990,2003\r\n");
        assert_eq!(half(FILE), b"LA,ESTAB,URN\r\n990,2002,900002\r\n");
        assert_eq!(&rename(FILE, "URN", "URN_NEW")[..18], b"LA,ESTAB,URN_NEW\r\n");
        assert!(truncated_gzip(FILE).unwrap().len() < gzip(FILE).unwrap().len());
    }
}
