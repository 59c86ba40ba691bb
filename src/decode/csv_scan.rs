//! One CSV record out of a buffer.
//!
//! It reads what the `csv` crate reads (the tests hold it to that), and says besides what a parser
//! made for good files keeps to itself: that the file ended inside quotes, or that a quoted cell
//! ran over a line break into another quoted cell. Either means that a quote was never closed
//! and rows were swallowed.

use csv::ByteRecord;

pub(super) enum Scan {
    /// A record; `used` bytes of the buffer belong to it. `ended`: by a line end, not by the file's.
    Record { used: usize, ended: bool },
    /// A line with nothing on it.
    Blank { used: usize },
    /// The record does not end within the buffer.
    More,
    /// A quote opened in this record is never closed, or only by the opening quote of another row.
    Unterminated { cell: usize },
}

/// Reads the record at the start of `buffer` into `record`. `last`: nothing follows the buffer.
/// `newline` ends lines (a carriage return before it is dropped). `longest` is the most bytes that a
/// quoted cell may have. `scratch` is working space.
pub(super) fn scan(
    buffer: &[u8],
    last: bool,
    newline: u8,
    longest: usize,
    record: &mut ByteRecord,
    scratch: &mut Vec<u8>,
) -> Scan {
    record.clear();
    let mut at = 0;
    loop {
        if buffer.get(at) == Some(&b'"') {
            let Some(close) = quoted(buffer, at + 1, last, longest, scratch) else {
                return if last || buffer.len() - at > longest { Scan::Unterminated { cell: record.len() } } else { Scan::More };
            };
            let after = close + 1;
            if after == buffer.len() && !last {
                return Scan::More;
            }
            match buffer.get(after) {
                None | Some(b',') => {}
                Some(&byte) if byte == newline => {}
                // Text after a closing quote belongs to the cell, as every CSV reader has it,
                // unless the cell ran over a line break: then this was another cell's opening quote.
                Some(_) => {
                    let Some(stop) = stop(buffer, after, newline) else {
                        if !last {
                            return Scan::More;
                        }
                        if !bare(&buffer[after..]).is_empty() && scratch.contains(&newline) {
                            return Scan::Unterminated { cell: record.len() };
                        }
                        scratch.extend_from_slice(bare(&buffer[after..]));
                        record.push_field(scratch);
                        return Scan::Record { used: buffer.len(), ended: false };
                    };
                    let text = if buffer[stop] == newline { bare(&buffer[after..stop]) } else { &buffer[after..stop] };
                    if !text.is_empty() && scratch.contains(&newline) {
                        return Scan::Unterminated { cell: record.len() };
                    }
                    scratch.extend_from_slice(text);
                    record.push_field(scratch);
                    if buffer[stop] == newline {
                        return Scan::Record { used: stop + 1, ended: true };
                    }
                    at = stop + 1;
                    continue;
                }
            }
            record.push_field(scratch);
            match buffer.get(after) {
                None => return Scan::Record { used: buffer.len(), ended: false },
                Some(b',') => at = after + 1,
                Some(_) => return Scan::Record { used: after + 1, ended: true },
            }
        } else {
            match stop(buffer, at, newline) {
                Some(stop) if buffer[stop] == b',' => {
                    record.push_field(&buffer[at..stop]);
                    at = stop + 1;
                }
                Some(stop) => {
                    let cell = bare(&buffer[at..stop]);
                    if record.is_empty() && cell.is_empty() {
                        return Scan::Blank { used: stop + 1 };
                    }
                    record.push_field(cell);
                    return Scan::Record { used: stop + 1, ended: true };
                }
                None if !last => return Scan::More,
                None => {
                    let cell = bare(&buffer[at..]);
                    if record.is_empty() && cell.is_empty() {
                        return Scan::Blank { used: buffer.len() };
                    }
                    record.push_field(cell);
                    return Scan::Record { used: buffer.len(), ended: false };
                }
            }
        }
    }
}

/// Unquotes the cell whose text begins at `from` into `scratch`; the place of its closing quote.
fn quoted(buffer: &[u8], mut from: usize, last: bool, longest: usize, scratch: &mut Vec<u8>) -> Option<usize> {
    scratch.clear();
    loop {
        let reach = buffer.len().min(from.saturating_add(longest).saturating_add(1));
        let quote = from + buffer[from..reach].iter().position(|&byte| byte == b'"')?;
        scratch.extend_from_slice(&buffer[from..quote]);
        if scratch.len() > longest {
            return None;
        }
        match buffer.get(quote + 1) {
            Some(b'"') => {
                scratch.push(b'"');
                from = quote + 2;
            }
            None if !last => return None,
            _ => return Some(quote),
        }
    }
}

/// The next comma or line end.
fn stop(buffer: &[u8], from: usize, newline: u8) -> Option<usize> {
    buffer[from..].iter().position(|&byte| byte == b',' || byte == newline).map(|n| from + n)
}

/// The end of a line without its carriage return.
fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let (mut rest, mut rows) = (bytes, Vec::new());
        let (mut record, mut scratch) = (ByteRecord::new(), Vec::new());
        while !rest.is_empty() {
            match scan(rest, true, b'\n', 1000, &mut record, &mut scratch) {
                Scan::Record { used, .. } => {
                    rows.push(record.iter().map(<[u8]>::to_vec).collect());
                    rest = &rest[used..];
                }
                Scan::Blank { used } => rest = &rest[used..],
                Scan::More => unreachable!("nothing follows"),
                Scan::Unterminated { cell } => {
                    rows.push(vec![format!("unterminated {cell}").into_bytes()]);
                    break;
                }
            }
        }
        rows
    }

    #[test]
    fn records_are_told_apart() {
        for (bytes, wanted) in [
            ("a,b\n1,2\n", vec!["a|b", "1|2"]),
            ("a,b\r\n1,2", vec!["a|b", "1|2"]),
            ("\r\n\n1,\n,\n", vec!["1|", "|"]),
            ("\"a,b\",\"c\"\"d\"\r\n\"\",x\n", vec!["a,b|c\"d", "|x"]),
            ("\"two\nlines\",2\n3,4\n", vec!["two\nlines|2", "3|4"]),
            ("\"St \"Mary's\",2\n", vec!["St Mary's\"|2"]),
            ("5\" pipe,2\n", vec!["5\" pipe|2"]),
            ("1,\"open\n2,\"x, y\",3\n", vec!["unterminated 1"]),
            ("1,\"open\n2,3", vec!["unterminated 1"]),
            ("1,\"shut\"", vec!["1|shut"]),
        ] {
            let rows: Vec<String> = all(bytes.as_bytes())
                .iter()
                .map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>().join("|"))
                .collect();
            assert_eq!(rows, wanted, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_a_writer_wrote_comes_back(rows in proptest::collection::vec(proptest::collection::vec("[a-z,\"\n €]{0,6}", 2..5), 1..6)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let wanted: Vec<Vec<Vec<u8>>> = rows.iter().map(|row| row.iter().map(|cell| cell.clone().into_bytes()).collect()).collect();
            prop_assert_eq!(all(&bytes), wanted);
        }

        #[test]
        fn it_reads_what_the_csv_crate_reads(bytes in "[ab,\"\n]{0,40}") {
            let mine = all(bytes.as_bytes());
            let unterminated = mine.last().is_some_and(|row| row[0].starts_with(b"unterminated"));
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes.as_bytes());
            let theirs: Vec<Vec<Vec<u8>>> =
                reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect();
            let same = mine.len() - usize::from(unterminated);
            prop_assert_eq!(&mine[..same], &theirs[..same]);
            prop_assert!(unterminated || mine.len() == theirs.len());
        }

        #[test]
        fn where_the_buffer_ends_does_not_matter(bytes in "[ab,\"\r\n]{0,40}", cut in 0usize..40) {
            let (mut record, mut whole) = (ByteRecord::new(), ByteRecord::new());
            let mut scratch = Vec::new();
            let cut = cut.min(bytes.len());
            let part = scan(&bytes.as_bytes()[..cut], false, b'\n', 1000, &mut record, &mut scratch);
            let full = scan(bytes.as_bytes(), true, b'\n', 1000, &mut whole, &mut scratch);
            if let Scan::Record { used, .. } = part {
                let same = matches!(full, Scan::Record { used: n, .. } if n == used);
                prop_assert!(same);
                prop_assert_eq!(record, whole);
            }
        }
    }
}
