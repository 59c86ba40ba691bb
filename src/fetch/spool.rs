//! A body on its way to a file: counted, hashed, decompressed, never whole in memory.
//!
//! The hash is that of the bytes in the file, after the content encoding is undone: how a server
//! compressed an answer is not part of the data.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::write::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::fault::{FaultCode, FetchFault};
use super::sniff;

/// Upper bounds for one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Bytes on the wire.
    pub wire: u64,
    /// Bytes after decompression.
    pub bytes: u64,
    /// Bytes after decompression for each byte on the wire, once 1 MiB has come out.
    pub ratio: u64,
}

impl Default for BodyLimits {
    fn default() -> BodyLimits {
        BodyLimits { wire: 256 << 20, bytes: 512 << 20, ratio: 200 }
    }
}

/// Below this much output the ratio is not looked at: small texts compress very well.
const RATIO_FROM: u64 = 1 << 20;

/// A finished body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spooled {
    pub path: PathBuf,
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// Length of the body as it was sent.
    pub wire: u64,
}

/// A body being received. The file is removed unless [`Spool::finish`] succeeds.
pub struct Spool {
    sink: Option<Sink>,
    path: PathBuf,
    wire: u64,
    limits: BodyLimits,
}

enum Sink {
    Plain(Counted),
    Gzip(Box<MultiGzDecoder<Counted>>),
}

/// The file itself, with the limits on what may go into it.
struct Counted {
    file: io::BufWriter<File>,
    hash: Sha256,
    head: Vec<u8>,
    bytes: u64,
    /// Most bytes that may have come out by now.
    most: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("more bytes than permitted")]
struct TooMuch;

impl Write for Counted {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.bytes += part.len() as u64;
        if self.bytes > self.most {
            return Err(io::Error::other(TooMuch));
        }
        let wanted = sniff::LOOK.saturating_sub(self.head.len()).min(part.len());
        self.head.extend_from_slice(&part[..wanted]);
        self.hash.update(part);
        self.file.write_all(part)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Spool {
    /// Opens a new file in `folder`, which must exist. `encoding` is the Content-Encoding header.
    pub fn create(folder: &Path, encoding: Option<&str>, limits: BodyLimits) -> Result<Spool, FetchFault> {
        let gzip = match encoding.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "" | "identity" => false,
            "gzip" | "x-gzip" => true,
            other => {
                let what = format!("the body is encoded as `{other}`, which was not asked for and is not read");
                return Err(FetchFault::new(FaultCode::Encoding, what));
            }
        };
        let (path, file) = new_file(folder)?;
        let file = io::BufWriter::with_capacity(64 << 10, file);
        let counted = Counted { file, hash: Sha256::new(), head: Vec::new(), bytes: 0, most: limits.bytes };
        let sink = if gzip { Sink::Gzip(Box::new(MultiGzDecoder::new(counted))) } else { Sink::Plain(counted) };
        Ok(Spool { sink: Some(sink), path, wire: 0, limits })
    }

    /// Takes the next part as it came over the wire.
    pub fn write(&mut self, part: &[u8]) -> Result<(), FetchFault> {
        self.wire += part.len() as u64;
        if self.wire > self.limits.wire {
            let what = format!("the body is longer than the {} bytes permitted", self.limits.wire);
            return Err(FetchFault::new(FaultCode::TooLarge, what));
        }
        let most = self.limits.bytes.min(RATIO_FROM.max(self.wire.saturating_mul(self.limits.ratio)));
        let written = match &mut self.sink {
            Some(Sink::Plain(counted)) => {
                counted.most = self.limits.bytes;
                counted.write_all(part)
            }
            Some(Sink::Gzip(decoder)) => {
                decoder.get_mut().most = most;
                decoder.write_all(part)
            }
            None => Ok(()),
        };
        written.map_err(|error| self.explain(&error))
    }

    /// Bytes on the wire so far.
    pub fn wire(&self) -> u64 {
        self.wire
    }

    /// Closes the file; refuses an empty body and an HTML page.
    pub fn finish(self, content_type: Option<&str>) -> Result<Spooled, FetchFault> {
        self.close(|head| sniff::is_html(content_type, head))
    }

    /// Closes the file whatever is in it; refuses an empty one only.
    pub fn finish_unseen(self) -> Result<Spooled, FetchFault> {
        self.close(|_| false)
    }

    fn close(mut self, is_page: impl Fn(&[u8]) -> bool) -> Result<Spooled, FetchFault> {
        let finished = match self.sink.take() {
            Some(Sink::Plain(counted)) => Ok(counted),
            // an empty body has no gzip header either
            Some(Sink::Gzip(_)) if self.wire == 0 => return Err(self.empty()),
            Some(Sink::Gzip(decoder)) => decoder.finish(),
            None => return Err(self.empty()),
        };
        let mut counted = finished.map_err(|error| match error.kind() {
            // the end, with length and checksum, is missing or belongs to other bytes
            io::ErrorKind::InvalidInput => {
                FetchFault::new(FaultCode::Truncated, format!("the gzip stream does not end well: {error}"))
            }
            _ => self.explain(&error),
        })?;
        if counted.bytes == 0 {
            return Err(self.empty());
        }
        if is_page(&counted.head) {
            let what = "an HTML page came instead of data; open the address in a browser to see what it says";
            return Err(FetchFault::new(FaultCode::HtmlPage, what));
        }
        counted.flush().map_err(|error| FetchFault::disk("writing the spool file", &self.path, &error))?;
        let sha256 = hex::encode(counted.hash.finalize());
        let path = std::mem::take(&mut self.path);
        Ok(Spooled { path, sha256, bytes: counted.bytes, wire: self.wire })
    }

    fn empty(&self) -> FetchFault {
        FetchFault::new(FaultCode::EmptyBody, "the body is empty")
    }

    fn explain(&self, error: &io::Error) -> FetchFault {
        if error.get_ref().is_some_and(|inner| inner.is::<TooMuch>()) {
            let BodyLimits { bytes, ratio, .. } = self.limits;
            let what = format!("the body holds more than the {bytes} bytes, or {ratio} times its own length, permitted");
            return FetchFault::new(FaultCode::TooLarge, what);
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => FetchFault::new(FaultCode::Truncated, "the gzip stream breaks off"),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                FetchFault::new(FaultCode::Encoding, format!("the body is not the gzip it is said to be: {error}"))
            }
            _ => FetchFault::disk("writing the spool file", &self.path, error),
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A file under a name of its own: nothing is overwritten, nobody else reads it half done.
fn new_file(folder: &Path) -> Result<(PathBuf, File), FetchFault> {
    loop {
        let path = folder.join(format!("{:016x}.part", fastrand::u64(..)));
        match File::options().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(FetchFault::disk("creating a spool file", folder, &error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    const SMALL: BodyLimits = BodyLimits { wire: 4 << 20, bytes: 8 << 20, ratio: 100 };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn spool(encoding: Option<&str>, body: &[u8], piece: usize) -> Result<(Spooled, Vec<u8>), FetchFault> {
        let folder = tempfile::tempdir().expect("a folder");
        let done = (|| {
            let mut spool = Spool::create(folder.path(), encoding, SMALL)?;
            for part in body.chunks(piece) {
                spool.write(part)?;
            }
            spool.finish(Some("text/csv"))
        })();
        match done {
            Ok(done) => {
                let bytes = std::fs::read(&done.path).expect("the file");
                Ok((done, bytes))
            }
            Err(fault) => {
                assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "a rest is left behind");
                Err(fault)
            }
        }
    }

    #[test]
    fn gzip_and_plain_give_the_same_file_and_hash() {
        let text = "URN,Name\n900001,Wexcombe Primary\n".repeat(50);
        let (plain, bytes) = spool(None, text.as_bytes(), 7).expect("plain");
        assert_eq!(bytes, text.as_bytes());
        let body = gzip(text.as_bytes());
        for piece in [1, 3, 1000] {
            let (zipped, bytes) = spool(Some("GZip"), &body, piece).expect("gzip");
            assert_eq!(bytes, text.as_bytes());
            assert_eq!((zipped.sha256, zipped.bytes), (plain.sha256.clone(), plain.bytes));
            assert_eq!(zipped.wire, body.len() as u64);
        }
        let two = [gzip(b"URN\n"), gzip(b"900001\n")].concat();
        assert_eq!(spool(Some("gzip"), &two, 5).expect("two members").1, b"URN\n900001\n");
    }

    #[test]
    fn what_is_wrong_with_a_body_is_said_and_nothing_is_left_behind() {
        let whole = gzip("URN,Name\n900001,Wexcombe Primary\n".repeat(50).as_bytes());
        let bomb = gzip(&vec![0u8; 4 << 20]);
        for (name, encoding, body, code) in [
            ("empty", None, &b""[..], FaultCode::EmptyBody),
            ("empty gzip", Some("gzip"), &b""[..], FaultCode::EmptyBody),
            ("gzip of nothing", Some("gzip"), &gzip(b"")[..], FaultCode::EmptyBody),
            ("gzip cut", Some("gzip"), &whole[..whole.len() / 2], FaultCode::Truncated),
            ("gzip without its end", Some("gzip"), &whole[..whole.len() - 4], FaultCode::Truncated),
            ("not gzip", Some("gzip"), &b"URN,Name\n900001,Wexcombe Primary\n"[..], FaultCode::Encoding),
            ("bomb", Some("gzip"), &bomb[..], FaultCode::TooLarge),
            ("too long", None, &vec![b'x'; 5 << 20][..], FaultCode::TooLarge),
            ("page", None, &b"<!doctype html><h1>Sorry"[..], FaultCode::HtmlPage),
            ("other encoding", Some("br"), &b"x"[..], FaultCode::Encoding),
        ] {
            let fault = spool(encoding, body, 8192).expect_err(name);
            assert_eq!(fault.code, code, "{name}: {fault}");
        }
    }
}
