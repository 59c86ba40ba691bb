//! Text in the encodings in which the files occur.
//!
//! UTF-16 is turned into UTF-8 as it streams. Windows-1252 is told cell by cell: bytes that
//! are valid UTF-8 are that, all others are Windows-1252, so a file with a UTF-8 byte-order mark
//! in front of Windows-1252 text, or one put together from both, reads right.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::{ByteRecord, StringRecord};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::bytes::Bytes;

/// UTF-16 told by its byte-order mark, or by the zeros that ASCII leaves in it.
pub(super) fn utf16(first: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    match first {
        [0xff, 0xfe, ..] => Some((UTF_16LE, "utf-16le")),
        [0xfe, 0xff, ..] => Some((UTF_16BE, "utf-16be")),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some((UTF_16LE, "utf-16le")),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some((UTF_16BE, "utf-16be")),
        _ => None,
    }
}

/// Turns what it reads into UTF-8; a byte-order mark is taken off.
pub(super) struct Utf8From {
    inner: Bytes,
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    text: Vec<u8>,
    given: usize,
}

impl Utf8From {
    pub fn new(inner: Bytes, encoding: &'static Encoding) -> Utf8From {
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf8From { inner, decoder, raw: vec![0; 32 << 10], start: 0, end: 0, ended: false, text: Vec::new(), given: 0 }
    }
}

impl Read for Utf8From {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            if self.start == self.end {
                self.start = 0;
                self.end = self.inner.read(&mut self.raw)?;
            }
            let last = self.end == 0;
            self.text.resize(64 << 10, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.start..self.end], &mut self.text, last);
            self.text.truncate(written);
            self.given = 0;
            self.start += read;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        let n = into.len().min(self.text.len() - self.given);
        into[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

/// The record as text, and whether it had to be taken for Windows-1252.
pub(super) fn text(record: ByteRecord) -> (StringRecord, bool) {
    match StringRecord::from_byte_record(record) {
        Ok(text) => (text, false),
        Err(error) => {
            let bytes = error.into_byte_record();
            let cell = |cell| match std::str::from_utf8(cell) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => WINDOWS_1252.decode_without_bom_handling(cell).0,
            };
            (bytes.iter().map(cell).collect(), true)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn utf16_streams_into_utf8_in_both_orders() {
        let words = "URN,Name\r\n900001,Château 🏫 Wexcombe\r\n".repeat(5000);
        for little in [true, false] {
            let mut bytes = if little { vec![0xff, 0xfe] } else { vec![0xfe, 0xff] };
            for unit in words.encode_utf16() {
                bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
            let (encoding, _) = utf16(&bytes).unwrap();
            let mut out = String::new();
            Utf8From::new(Box::new(Cursor::new(bytes)), encoding).read_to_string(&mut out).unwrap();
            assert!(out == words);
        }
    }

    #[test]
    fn a_lone_surrogate_or_half_unit_shows_as_replacement() {
        let bytes = vec![0xff, 0xfe, b'a', 0, 0x00, 0xd8, b'b', 0, b'c'];
        let mut out = String::new();
        Utf8From::new(Box::new(Cursor::new(bytes)), UTF_16LE).read_to_string(&mut out).unwrap();
        assert_eq!(out, "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn each_cell_is_utf8_or_windows_1252() {
        let (good, foreign) = text(ByteRecord::from(vec!["Ysgol Tŷ".as_bytes(), b"1"]));
        assert_eq!((&good[0], foreign), ("Ysgol Tŷ", false));
        let (good, foreign) = text(ByteRecord::from(vec![&b"St Mary\x92s"[..], b"caf\xe9", "Tŷ".as_bytes()]));
        assert_eq!((&good[0], &good[1], &good[2], foreign), ("St Mary’s", "café", "Tŷ", true));
    }
}
