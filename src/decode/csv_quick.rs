//! The quick way through plain records.
//!
//! The `csv` crate fills a record about twice as fast as anything outside it can, but does not say how
//! it read it. So it goes first, over the whole lines of one buffer, and its record is taken if it is
//! exactly one line; blank lines, line breaks within cells and whatever stands at the end of the
//! buffer are left to [`scan`](super::csv_scan::scan), which reads them alike and says what is amiss.

use std::io::Cursor;

use csv::{ByteRecord, Reader, ReaderBuilder};

pub(super) struct Quick {
    reader: Reader<Cursor<Vec<u8>>>,
    /// The record before ended at a carriage return, and its line feed is still to come.
    pending: bool,
}

impl Quick {
    /// For the whole lines at the start of `buffer`, if there are any.
    pub fn over(buffer: &[u8]) -> Option<Quick> {
        let end = buffer.iter().rposition(|&byte| byte == b'\n')? + 1;
        let lines = Cursor::new(buffer[..end].to_vec());
        let reader = ReaderBuilder::new().flexible(true).has_headers(false).buffer_capacity(32 << 10).from_reader(lines);
        Some(Quick { reader, pending: false })
    }

    /// Reads the record at `start` of the buffer and says where the next begins; none if it is not
    /// plainly one line, after which this reader is of no more use.
    pub fn next(&mut self, start: usize, record: &mut ByteRecord) -> Option<usize> {
        let before = self.reader.position().line();
        if !self.reader.read_byte_record(record).ok()? {
            return None;
        }
        let (stop, breaks) = (self.reader.position().byte() as usize, self.reader.position().line() - before);
        let lines = self.reader.get_ref().get_ref();
        // At the end of the buffer a quote may still be open.
        let next = *lines.get(stop)?;
        let last = *lines.get(stop.checked_sub(1)?)?;
        let line_feed = last == b'\n';
        let both = last == b'\r' && next == b'\n';
        if !(line_feed || both) || breaks != u64::from(self.pending) + u64::from(line_feed) || lines.get(start) == Some(&b'\r') {
            return None;
        }
        self.pending = both;
        Some(stop + usize::from(both))
    }
}
