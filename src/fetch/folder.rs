//! A folder into which a person or another program puts files.
//!
//! A file is taken when it fits the pattern and has not grown or changed between two looks, the
//! one of the poll before and this one: whoever writes slowly is waited for. It is copied, not
//! moved; the folder is never written to. The same bytes are not taken twice, whatever their name.
//! Only regular files count (a pipe would hold us up), and a link out of the folder is refused:
//! it would let whoever may write there have us read any file of this machine.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::fault::{FaultCode, FetchFault};
use super::known::{Arrival, FileLook, Known, Polled};
use super::poll::Look;
use super::spool::{BodyLimits, Spool, Spooled};
use super::title_date::{academic_year_in, date_in};

pub(super) async fn poll(look: &Look<'_>, path: &str, files: &str) -> Result<Polled, FetchFault> {
    let job = Job {
        folder: PathBuf::from(path),
        pattern: files.to_owned(),
        spool: look.spool.to_owned(),
        limits: look.client.options().body,
        known: look.known.clone(),
    };
    // the file system may hang (a network share): the poll ends all the same, the thread does not hold it up
    let done = tokio::task::spawn_blocking(move || job.run()).await;
    done.unwrap_or_else(|error| Err(FetchFault::new(FaultCode::Disk, format!("looking at the folder failed: {error}"))))
}

struct Job {
    folder: PathBuf,
    pattern: String,
    spool: PathBuf,
    limits: BodyLimits,
    known: Known,
}

impl Job {
    fn run(mut self) -> Result<Polled, FetchFault> {
        let listing = list(&self.folder, &self.pattern)?;
        let mut arrivals = Vec::new();
        let mut faults = Vec::new();
        let mut files = carry_over(&self.known.files, &listing.files);
        for name in settled(&self.known.files, &listing.files) {
            match self.take(&name, &listing) {
                Ok(None) => {}
                Ok(Some((sha256, arrival))) => {
                    arrivals.extend(arrival);
                    if let Some(file) = files.get_mut(&name) {
                        file.taken = Some(sha256);
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(listing.astray.iter().map(|name| {
            let what = format!("`{name}` is a link that leads out of the folder: put the file itself there");
            FetchFault::new(FaultCode::Symlink, what).at(self.folder.display().to_string())
        }));
        let waiting: Vec<String> = files.iter().filter(|(_, file)| file.taken.is_none()).map(|(name, _)| name.clone()).collect();
        let moved = files != self.known.files;
        self.known.files = files;
        let known = self.known;
        if !arrivals.is_empty() {
            arrivals.sort_by(|a: &Arrival, b| (a.as_at, &a.file_name).cmp(&(b.as_at, &b.file_name)));
            return Ok(Polled::New { arrivals, known });
        }
        // told only when there is no new look to remember, so that one bad file holds up no other
        if let Some(fault) = faults.into_iter().next().filter(|_| !moved) {
            return Err(fault);
        }
        if waiting.is_empty() {
            return Ok(Polled::Unchanged { why: format!("{} files, all of them taken", known.files.len()), known });
        }
        Ok(Polled::NotYet { tried: waiting, known })
    }

    /// Copies one file to the spool folder. None if it changed meanwhile; no arrival if we had
    /// its bytes already.
    fn take(&mut self, name: &str, listing: &Listing) -> Result<Option<(String, Option<Arrival>)>, FetchFault> {
        let (Some(path), Some(before)) = (listing.paths.get(name), listing.files.get(name)) else { return Ok(None) };
        let fault = |doing, error: &std::io::Error| FetchFault::disk(doing, path, error);
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fault("opening", &error)),
        };
        let copy = copy(&mut file, &self.spool, self.limits).map_err(|fault| fault.at(path.display().to_string()))?;
        let after = file.metadata().and_then(|data| look_of(&data)).map_err(|error| fault("looking at", &error))?;
        if (after.size, after.modified) != (before.size, before.modified) || copy.bytes != before.size {
            let _ = fs::remove_file(&copy.path);
            return Ok(None);
        }
        if self.known.taken.contains_key(&copy.sha256) {
            let _ = fs::remove_file(&copy.path);
            return Ok(Some((copy.sha256, None)));
        }
        self.known.taken.insert(copy.sha256.clone(), name.to_owned());
        self.known.hash = Some(copy.sha256.clone());
        let arrival = Arrival {
            path: copy.path,
            sha256: copy.sha256.clone(),
            bytes: copy.bytes,
            file_name: name.to_owned(),
            url: path.display().to_string(),
            published: None,
            as_at: date_in(name),
            period: academic_year_in(name),
            version: None,
        };
        Ok(Some((copy.sha256, Some(arrival))))
    }
}

fn copy(file: &mut File, spool: &Path, limits: BodyLimits) -> Result<Spooled, FetchFault> {
    let mut out = Spool::create(spool, None, BodyLimits { wire: limits.bytes, ..limits })?;
    let mut part = vec![0; 64 << 10];
    loop {
        let n = file.read(&mut part).map_err(|error| FetchFault::new(FaultCode::Disk, format!("reading: {error}")))?;
        if n == 0 {
            return out.finish_unseen();
        }
        out.write(&part[..n])?;
    }
}

/// What stands in the folder now.
struct Listing {
    files: BTreeMap<String, FileLook>,
    paths: BTreeMap<String, PathBuf>,
    /// Links that lead out of the folder.
    astray: Vec<String>,
}

fn list(folder: &Path, pattern: &str) -> Result<Listing, FetchFault> {
    let fault = |doing: &str, error: std::io::Error| FetchFault::disk(doing, folder, &error);
    let root = folder.canonicalize().map_err(|error| fault("opening the folder", error))?;
    let mut listing = Listing { files: BTreeMap::new(), paths: BTreeMap::new(), astray: Vec::new() };
    for entry in fs::read_dir(&root).map_err(|error| fault("listing the folder", error))? {
        let entry = entry.map_err(|error| fault("listing the folder", error))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || !matches(pattern, &name) {
            continue;
        }
        // gone since it was listed, or a link to nowhere: not a file
        let Ok(path) = entry.path().canonicalize() else { continue };
        if !path.starts_with(&root) {
            listing.astray.push(name);
            continue;
        }
        let Ok(data) = fs::symlink_metadata(&path) else { continue };
        if data.is_file() && data.len() > 0 {
            let look = look_of(&data).map_err(|error| fault("looking at a file", error))?;
            listing.files.insert(name.clone(), look);
            listing.paths.insert(name, path);
        }
    }
    listing.astray.sort();
    Ok(listing)
}

fn look_of(data: &fs::Metadata) -> std::io::Result<FileLook> {
    let modified = data.modified()?;
    let modified = match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    Ok(FileLook { size: data.len(), modified, taken: None })
}

/// Files that stood the same at both looks and have not been taken.
pub fn settled(before: &BTreeMap<String, FileLook>, now: &BTreeMap<String, FileLook>) -> Vec<String> {
    now.iter()
        .filter(|(name, file)| before.get(*name).is_some_and(|was| same(was, file) && was.taken.is_none()))
        .map(|(name, _)| name.clone())
        .collect()
}

/// The present listing, with what is known of files that have not changed.
fn carry_over(before: &BTreeMap<String, FileLook>, now: &BTreeMap<String, FileLook>) -> BTreeMap<String, FileLook> {
    let taken = |name: &String, file: &FileLook| before.get(name).filter(|was| same(was, file)).and_then(|was| was.taken.clone());
    now.iter().map(|(name, file)| (name.clone(), FileLook { taken: taken(name, file), ..file.clone() })).collect()
}

fn same(one: &FileLook, two: &FileLook) -> bool {
    (one.size, one.modified) == (two.size, two.modified)
}

/// Whether a name fits a pattern in which `*` stands for any characters, case aside.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns() {
        for (pattern, name, fits) in [
            ("*", "a.csv", true),
            ("*.csv", "a.CSV", true),
            ("*.csv", "a.csv.part", false),
            ("ks4*.csv", "ks4_2023-24.csv", true),
            ("ks4*.csv", "my_ks4.csv", false),
            ("a.csv", "a.csv", true),
            ("a.csv", "aa.csv", false),
            ("*a*b*", "xaybz", true),
            ("*a*b*", "xbya", false),
            ("ab*ba", "aba", false),
            ("ab*ba", "abba", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    fn looks(files: &[(&str, u64, i128, bool)]) -> BTreeMap<String, FileLook> {
        files
            .iter()
            .map(|(name, size, modified, taken)| {
                ((*name).to_owned(), FileLook { size: *size, modified: *modified, taken: taken.then(|| "hash".to_owned()) })
            })
            .collect()
    }

    #[test]
    fn a_file_is_taken_when_two_looks_agree_and_once_only() {
        let before = looks(&[
            ("grows", 10, 1, false),
            ("same", 10, 1, false),
            ("touched", 10, 1, false),
            ("had", 10, 1, true),
            ("had2", 10, 1, true),
        ]);
        let now = looks(&[
            ("grows", 11, 1, false),
            ("same", 10, 1, false),
            ("touched", 10, 2, false),
            ("had", 10, 1, false),
            ("had2", 12, 3, false),
            ("new", 10, 1, false),
        ]);
        assert_eq!(settled(&before, &now), ["same"]);
        let after = carry_over(&before, &now);
        assert_eq!(after["had"].taken.as_deref(), Some("hash"));
        assert_eq!(after["had2"].taken, None, "it was written anew");
        assert_eq!(settled(&after, &now), ["grows", "had2", "new", "same", "touched"]);
        assert_eq!(settled(&looks(&[]), &now), Vec::<String>::new());
    }
}
