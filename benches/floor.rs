//! The floor: what nobody who reads a CSV file and knows it again can do without. Hashes the bytes
//! with SHA-256 and goes through the records with the `csv` crate, and does nothing with them.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};

use sha2::{Digest, Sha256};

/// Hashes what passes through.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.update(&buffer[..n]);
        Ok(n)
    }
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn main() -> Result<(), Box<dyn Error>> {
    let Some(path) = std::env::args().nth(1).filter(|arg| !arg.starts_with("--")) else {
        println!("floor: run by scripts/bench with a file");
        return Ok(());
    };
    let mut source = Hashing { inner: File::open(path)?, hash: Sha256::new() };
    let (mut records, mut fields) = (0u64, 0u64);
    {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::with_capacity(1 << 16, &mut source));
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record)? {
            records += 1;
            fields += record.len() as u64;
        }
    }
    println!("{records} records, {fields} fields, sha-256 {}", hex::encode(source.hash.finalize()));
    Ok(())
}
