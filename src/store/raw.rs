//! Published files as they came, by the hash of their bytes.
//!
//! A file is written beside its place, flushed to the disk and renamed, so that it is there whole
//! or not at all; only then may anything be parsed or committed that speaks of it (I5).

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::StoreError;

/// Level 1 halves the time of the default and still brings a register to a tenth.
const LEVEL: i32 = 1;
const BUFFER: usize = 1 << 17;

#[derive(Debug, Clone)]
pub struct RawStore {
    root: Option<PathBuf>,
    /// Another store that is only read: what is not here may be there.
    behind: Option<PathBuf>,
    incoming: PathBuf,
}

/// What was put: the key, and the size before compression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    pub sha256: String,
    pub bytes: u64,
}

impl RawStore {
    pub fn open(dir: &Path) -> Result<RawStore, StoreError> {
        let (root, incoming) = (dir.join("raw"), dir.join("incoming"));
        for folder in [&root, &incoming] {
            fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        }
        Ok(RawStore { root: Some(root), behind: None, incoming })
    }

    /// The same store, that reads what it does not have from the one in the data folder `dir`.
    pub fn before(self, dir: &Path) -> RawStore {
        RawStore { behind: Some(dir.join("raw")), ..self }
    }

    /// Removes what was on its way in when the last process ended: it will be offered again. Only
    /// for the one who holds the folder.
    pub(super) fn clear_incoming(&self) {
        for entry in fs::read_dir(&self.incoming).into_iter().flatten().flatten() {
            // whatever cannot be removed does no harm
            let _ = fs::remove_file(entry.path());
        }
    }

    /// The folder for files on their way in.
    pub fn incoming(&self) -> &Path {
        &self.incoming
    }

    /// Copies `input` into the store; putting the same bytes again changes nothing.
    pub fn put(&self, input: &mut dyn Read) -> Result<RawFile, StoreError> {
        let Some(root) = &self.root else {
            return Err(StoreError::Damaged("a store in memory keeps no raw files".into()));
        };
        let temporary = self.incoming.join(format!("put-{}-{:016x}", std::process::id(), fastrand::u64(..)));
        let put = self.write(input, &temporary).and_then(|file| {
            let place = place(root, &file.sha256);
            let folder = place.parent().unwrap_or(root);
            if place.exists() {
                fs::remove_file(&temporary).map_err(StoreError::io("remove", &temporary))?;
            } else {
                fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
                fs::rename(&temporary, &place).map_err(StoreError::io("write", &place))?;
            }
            // the name itself must survive a power cut, in both folders that changed; whoever put the
            // file there before may have died before this
            for changed in [folder, root] {
                File::open(changed).and_then(|f| f.sync_all()).map_err(StoreError::io("flush", changed))?;
            }
            Ok(file)
        });
        if put.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        put
    }

    fn write(&self, input: &mut dyn Read, to: &Path) -> Result<RawFile, StoreError> {
        let failed = |source| StoreError::Io { what: "write", path: to.to_owned(), source };
        let out = File::create(to).map_err(failed)?;
        let mut out = zstd::Encoder::new(out, LEVEL).map_err(failed)?;
        let file = hash_through(input, |chunk| out.write_all(chunk)).map_err(failed)?;
        out.finish().and_then(|file| file.sync_all()).map_err(failed)?;
        Ok(file)
    }

    pub fn has(&self, sha256: &str) -> bool {
        [&self.root, &self.behind].into_iter().flatten().any(|root| place(root, sha256).exists())
    }

    /// The bytes as they came.
    pub fn read(&self, sha256: &str) -> Result<Box<dyn Read + Send>, StoreError> {
        let Some(root) = &self.root else {
            return Err(StoreError::Damaged("a store in memory keeps no raw files".into()));
        };
        let mut path = place(root, sha256);
        if let Some(behind) = self.behind.as_ref().filter(|_| !path.exists()) {
            path = place(behind, sha256);
        }
        let file = File::open(&path).map_err(StoreError::io("read the raw file", &path))?;
        let decoder = zstd::Decoder::new(file).map_err(StoreError::io("read the raw file", &path))?;
        Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)))
    }

    /// Keys of all files kept, in order.
    pub fn keys(&self) -> Result<Vec<String>, StoreError> {
        let Some(root) = &self.root else { return Ok(Vec::new()) };
        let mut keys = Vec::new();
        for folder in fs::read_dir(root).map_err(StoreError::io("list", root))? {
            let folder = folder.map_err(StoreError::io("list", root))?.path();
            for file in fs::read_dir(&folder).map_err(StoreError::io("list", &folder))? {
                let file = file.map_err(StoreError::io("list", &folder))?;
                if let Some(key) = file.file_name().to_str().and_then(|name| name.strip_suffix(".zst")) {
                    keys.push(key.to_owned());
                }
            }
        }
        keys.sort();
        Ok(keys)
    }

    /// Reads a file whole and says whether its bytes still have the hash it is kept under.
    pub fn intact(&self, sha256: &str) -> Result<bool, StoreError> {
        Ok(hash(&mut self.read(sha256)?).is_ok_and(|file| file.sha256 == sha256))
    }
}

fn place(root: &Path, sha256: &str) -> PathBuf {
    root.join(sha256.get(..2).unwrap_or("xx")).join(format!("{sha256}.zst"))
}

/// Hash and size of a file that is not to be kept.
pub fn hash(input: &mut dyn Read) -> io::Result<RawFile> {
    hash_through(input, |_| Ok(()))
}

fn hash_through(input: &mut dyn Read, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<RawFile> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0u64, vec![0; BUFFER]);
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(RawFile { sha256: hex::encode(hash.finalize()), bytes }),
            Ok(read) => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
                each(&buffer[..read])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_the_same_bytes_are_kept_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = RawStore::open(dir.path()).unwrap();
        let first = store.put(&mut &b"URN,P8MEA\r\n"[..]).unwrap();
        let again = store.put(&mut &b"URN,P8MEA\r\n"[..]).unwrap();
        assert_eq!(first, again);
        assert_eq!(first.bytes, 11);
        assert_eq!(store.keys().unwrap(), std::slice::from_ref(&first.sha256));
        let mut back = Vec::new();
        store.read(&first.sha256).unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, b"URN,P8MEA\r\n");
        assert!(store.intact(&first.sha256).unwrap());
        assert_eq!(fs::read_dir(store.incoming()).unwrap().count(), 0);
    }

    #[test]
    fn damage_on_the_disk_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let store = RawStore::open(dir.path()).unwrap();
        let key = store.put(&mut &vec![7u8; 5000][..]).unwrap().sha256;
        let path = place(&dir.path().join("raw"), &key);
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 3;
        bytes[last] ^= 0xff;
        fs::write(&path, bytes).unwrap();
        assert!(!store.intact(&key).unwrap());
    }
}
