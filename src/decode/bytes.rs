//! Bytes with limits: what was compressed may not grow beyond what a release can be, and an error
//! while reading becomes a finding that says what to do.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Limits;
use crate::faults::{Class, Finding};

pub(super) type Bytes = Box<dyn Read + Send>;

/// Below this much output no ratio is judged: a short file of one repeated row is no bomb.
pub(super) const RATIO_FROM: u64 = 1 << 20;
/// How much of a file is looked at to tell its format.
const PREFIX: usize = 512;

pub(super) fn refuse(code: &str, what: impl Into<String>) -> Finding {
    Finding::new(Class::Refuse, code, what)
}

/// The finding behind an error of reading.
pub(super) fn reading(error: &io::Error) -> Finding {
    if let Some(finding) = error.get_ref().and_then(|inner| inner.downcast_ref::<Finding>()) {
        return finding.clone();
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => refuse("truncated-file", "the compressed file ends in the middle; fetch it again"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            refuse("damaged-file", format!("the compressed data are damaged ({error}); fetch the file again"))
        }
        _ => refuse("unreadable-file", format!("the file cannot be read: {error}")),
    }
}

/// Everything in `bytes`, at most `limit` of it.
pub(super) fn whole(bytes: Bytes, limit: u64) -> Result<Vec<u8>, Finding> {
    let mut all = Vec::new();
    bytes.take(limit.saturating_add(1)).read_to_end(&mut all).map_err(|error| reading(&error))?;
    match all.len() as u64 > limit {
        true => Err(too_large(limit)),
        false => Ok(all),
    }
}

pub(super) fn too_large(limit: u64) -> Finding {
    refuse("decompression-limit", format!("the file has more than {limit} bytes when unpacked; it is no release of this kind"))
}

/// The first bytes of a file, and the file as if they had not been read.
pub(super) fn peek(mut bytes: Bytes) -> Result<(Vec<u8>, Bytes), Finding> {
    let mut first = Vec::with_capacity(PREFIX);
    bytes.by_ref().take(PREFIX as u64).read_to_end(&mut first).map_err(|error| reading(&error))?;
    Ok((first.clone(), Box::new(Cursor::new(first).chain(bytes))))
}

/// Unpacked gzip, of one member or several.
pub(super) fn gunzip(bytes: Bytes, limits: &Limits) -> Bytes {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: bytes, count: Arc::clone(&taken) };
    Box::new(Metered::new(flate2::read::MultiGzDecoder::new(counted), Some(taken), limits))
}

/// Counts what was read, for the ratio.
pub(super) struct Counted<R> {
    pub inner: R,
    pub count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Fails once more comes out than the limits allow.
pub(super) struct Metered<R> {
    inner: R,
    /// Bytes taken in to give those that came out; none where nothing is unpacked.
    taken: Option<Arc<AtomicU64>>,
    given: u64,
    limits: Limits,
}

impl<R: Read> Metered<R> {
    pub fn new(inner: R, taken: Option<Arc<AtomicU64>>, limits: &Limits) -> Metered<R> {
        Metered { inner, taken, given: 0, limits: *limits }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.given += n as u64;
        if self.given > self.limits.bytes {
            return Err(io::Error::other(too_large(self.limits.bytes)));
        }
        if let Some(taken) = &self.taken {
            let taken = taken.load(Ordering::Relaxed);
            if self.given > RATIO_FROM && self.given > taken.saturating_mul(self.limits.ratio) {
                return Err(io::Error::other(bomb(self.limits.ratio)));
            }
        }
        Ok(n)
    }
}

pub(super) fn bomb(ratio: u64) -> Finding {
    refuse("decompression-limit", format!("more than {ratio} bytes come out for each packed byte; it is no release of this kind"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn code(bytes: Vec<u8>, limits: Limits) -> String {
        match whole(gunzip(Box::new(Cursor::new(bytes)), &limits), limits.bytes) {
            Ok(all) => all.len().to_string(),
            Err(finding) => finding.code,
        }
    }

    #[test]
    fn unpacking_stops_at_each_limit() {
        let limits = Limits { bytes: 4 << 20, ratio: 50, ..Limits::default() };
        let mut random = fastrand::Rng::with_seed(7);
        let noise: Vec<u8> = (0..3_000_000).map(|_| random.u8(..)).collect();
        let packed = gzip(&noise);
        assert_eq!(code(packed.clone(), limits), "3000000");
        assert_eq!(code(packed[..packed.len() / 2].to_vec(), limits), "truncated-file");
        assert_eq!(code(gzip(&vec![b'9'; 3_000_000]), limits), "decompression-limit");
        assert_eq!(code(packed, Limits { bytes: 1 << 20, ..limits }), "decompression-limit");
        assert_eq!(code([gzip(b"a,b\n"), gzip(b"1,2\n")].concat(), limits), "8");
        assert_eq!(code(b"\x1f\x8bnot gzip at all".to_vec(), limits), "damaged-file");
    }
}
