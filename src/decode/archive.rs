//! Zip archives: a workbook, or a table among the members.
//!
//! Names are only ever compared, nothing is unpacked to disk; an archive with a name that would
//! climb out of a folder is refused all the same, since nobody honest made it.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::bytes::{self, Bytes, Counted, Metered, RATIO_FROM, refuse};
use super::ready_rows::IN_MEMORY;
use super::{DecodeSpec, Limits, Table, table, workbook};
use crate::faults::{Class, Finding};

/// Members that may be tables.
const TABLES: [&str; 8] = [".csv", ".csv.gz", ".txt", ".tsv", ".json", ".xlsx", ".ods", ".zip"];

struct Member {
    name: String,
    method: CompressionMethod,
    start: u64,
    packed: u64,
    size: u64,
    crc: u32,
}

pub(super) fn open(input: Bytes, spec: &DecodeSpec, limits: &Limits, layers: u8) -> Result<Table, Finding> {
    let file: Arc<[u8]> = bytes::whole(input, limits.bytes.min(IN_MEMORY))?.into();
    let members = members(&file, limits)?;
    let has = |name: &str| members.iter().any(|member| member.name == name);
    if has("xl/workbook.xml") {
        // The library that reads them trusts sizes; so every part is unpacked once before.
        for member in &members {
            if member.size > most_of_part(&member.name) {
                return Err(bytes::too_large(most_of_part(&member.name)).reading(&member.name));
            }
            io::copy(&mut unpack(&file, member, limits)?, &mut io::sink()).map_err(|error| bytes::reading(&error))?;
        }
        return workbook::open(workbook::Kind::Xlsx(file), spec, limits);
    }
    if has("META-INF/manifest.xml")
        && let Some(content) = members.iter().find(|member| member.name == "content.xml")
    {
        return workbook::open(workbook::Kind::Ods(unpack(&file, content, limits)?), spec, limits);
    }
    if has("xl/workbook.bin") || has("word/document.xml") {
        return Err(refuse("unsupported-format", "the file is an .xlsb workbook or a Word document; give it as XLSX or CSV"));
    }
    let member = chosen(&members, spec)?;
    let mut table = table::open_layer(unpack(&file, member, limits)?, spec, limits, layers)?;
    table.member = Some(match table.member.take() {
        Some(inner) => format!("{}/{inner}", member.name),
        None => member.name.clone(),
    });
    Ok(table)
}

/// How large a part of an XLSX workbook may be: it takes many times its size once it is read.
fn most_of_part(name: &str) -> u64 {
    let name = name.to_lowercase();
    match name.as_str() {
        _ if name.starts_with("xl/worksheets/") => u64::MAX,
        "xl/sharedstrings.xml" => IN_MEMORY / 2,
        _ if name.ends_with(".xml") || name.ends_with(".rels") => IN_MEMORY / 32,
        _ => u64::MAX,
    }
}

/// What is in the archive, folders left out; refused as a whole if any of it is unsafe.
fn members(file: &Arc<[u8]>, limits: &Limits) -> Result<Vec<Member>, Finding> {
    let damaged = |error: &zip::result::ZipError| {
        refuse("truncated-file", format!("the zip archive is cut short or damaged ({error}); fetch it again"))
    };
    let mut archive = ZipArchive::new(Cursor::new(Arc::clone(file))).map_err(|error| damaged(&error))?;
    let (mut members, mut total) = (Vec::new(), 0u64);
    for n in 0..archive.len() {
        let entry = archive.by_index_raw(n).map_err(|error| damaged(&error))?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if unsafe_path(&name) {
            let what = "a member's name climbs out of the folder it would be unpacked in; do not use this file";
            return Err(refuse("unsafe-path", what).reading(&name));
        }
        if entry.encrypted() {
            return Err(refuse("encrypted-archive", "the archive has a password; give the table without one").reading(&name));
        }
        if entry.is_dir() {
            continue;
        }
        total = total.saturating_add(entry.size());
        if total > limits.bytes {
            return Err(bytes::too_large(limits.bytes));
        }
        if entry.size() > RATIO_FROM && entry.size() > entry.compressed_size().saturating_mul(limits.ratio) {
            return Err(bytes::bomb(limits.ratio).reading(&name));
        }
        let start = entry.data_start().ok_or_else(|| refuse("damaged-file", "the zip archive is damaged; fetch it again"))?;
        let (method, packed, size, crc) = (entry.compression(), entry.compressed_size(), entry.size(), entry.crc32());
        members.push(Member { name, method, start, packed, size, crc });
    }
    Ok(members)
}

fn unsafe_path(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains('\0')
        || name.as_bytes().get(1) == Some(&b':')
        || name.split(['/', '\\']).any(|part| part == "..")
}

fn chosen<'a>(members: &'a [Member], spec: &DecodeSpec) -> Result<&'a Member, Finding> {
    let visible: Vec<&Member> =
        members.iter().filter(|member| !member.name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")).collect();
    let fit: Vec<&Member> = match &spec.member {
        Some(pattern) => visible.iter().copied().filter(|member| matches(pattern, &member.name)).collect(),
        None if visible.len() == 1 => visible.clone(),
        None => {
            visible.iter().copied().filter(|member| TABLES.iter().any(|end| member.name.to_lowercase().ends_with(end))).collect()
        }
    };
    match fit.as_slice() {
        [member] => Ok(member),
        [] => {
            let what = match &spec.member {
                Some(pattern) => format!("no member of the archive is called `{pattern}`"),
                None => "no member of the archive is a table".to_owned(),
            };
            Err(refuse("missing-member", what).reading(&names(&visible)))
        }
        several => {
            let what = format!(
                "{} members of the archive may be the table; name one with `member` in the manifest, or give the table itself",
                several.len()
            );
            Err(Finding::new(Class::Hold, "several-members", what).reading(&names(several)))
        }
    }
}

fn names(members: &[&Member]) -> String {
    members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Whether a pattern with `*` fits the member's whole name or the part after its last slash; case does not matter.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let file = name.rsplit('/').next().unwrap_or(&name);
    glob(&pattern, &name) || glob(&pattern, file)
}

fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// A member's bytes, within the limits and checked against its sum.
fn unpack(file: &Arc<[u8]>, member: &Member, limits: &Limits) -> Result<Bytes, Finding> {
    let mut packed = Cursor::new(Arc::clone(file));
    packed.set_position(member.start);
    let taken = Arc::new(AtomicU64::new(0));
    let packed = Counted { inner: packed.take(member.packed), count: Arc::clone(&taken) };
    let limited: Bytes = match member.method {
        CompressionMethod::Stored => Box::new(Metered::new(packed, None, limits)),
        CompressionMethod::Deflated => Box::new(Metered::new(DeflateDecoder::new(packed), Some(taken), limits)),
        _ => {
            let what = "the archive is packed with a method that is not in use for releases; pack it as plain zip";
            return Err(refuse("unsupported-format", what).reading(&member.name));
        }
    };
    Ok(Box::new(Checked { inner: CrcReader::new(limited), size: member.size, crc: member.crc }))
}

/// Fails at the end if the bytes are not those that the archive promised.
struct Checked {
    inner: CrcReader<Bytes>,
    size: u64,
    crc: u32,
}

impl Read for Checked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        if n == 0
            && !into.is_empty()
            && (u64::from(self.inner.crc().amount()) != self.size & 0xffff_ffff || self.inner.crc().sum() != self.crc)
        {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "checksum of the archive's member does not agree"));
        }
        Ok(n)
    }
}
