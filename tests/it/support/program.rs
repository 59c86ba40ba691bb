//! The program as people start it, and the county's files as they get them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use headwater::demo::{Publication, SEED, Wexcombe};
use serde_json::Value;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_headwater");

static WEXCOMBE: LazyLock<Wexcombe> = LazyLock::new(|| Wexcombe::new(SEED).unwrap());

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output as JSON Lines: every line is an object.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let line = |line: &str| -> Value { serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")) };
        let lines: Vec<Value> = self.out.lines().map(line).collect();
        assert!(lines.iter().all(Value::is_object), "{}", self.out);
        lines
    }

    #[track_caller]
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Ran {
        assert!(self.out.contains(words) || self.err.contains(words), "not said: {words}\n{}{}", self.out, self.err);
        self
    }
}

/// A place of its own for one test: a data folder that does not exist yet, and files beside it.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// `headwater` with this data folder; arguments are split at spaces.
    #[track_caller]
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_with(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    #[track_caller]
    pub fn run_with(&self, arguments: &[&str]) -> Ran {
        let done = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Ran { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--data").arg(self.data()).args(arguments);
        command.current_dir(self.0.path()).env_remove("HEADWATER_LOG").stdin(Stdio::null());
        command
    }

    /// One of the county's publications, as a file.
    #[track_caller]
    pub fn file(&self, name: &str) -> (PathBuf, &'static Publication) {
        let publication = publication(name);
        (self.write(&format!("files/{name}"), &publication.bytes), publication)
    }

    /// Takes publications of the county, each as its publisher describes it.
    #[track_caller]
    pub fn ingest(&self, name: &str, more: &[&str]) -> Ran {
        let (path, publication) = self.file(name);
        let Publication { connector, period, stage, published, .. } = publication;
        let (path, period) = (path.to_string_lossy().into_owned(), period.to_string());
        let (stage, published) = (stage.to_string(), published.to_string());
        let mut arguments = vec!["ingest", "--source", connector, "--file", &path, "--period", &period];
        arguments.extend(["--stage", &stage, "--published", &published]);
        arguments.extend(more);
        self.run_with(&arguments)
    }

    /// Sets up a settings file whose connectors folder is a copy of the one in the repository.
    pub fn own_connectors(&self) -> PathBuf {
        copy_folder(&repository().join("connectors"), &self.path("connectors"));
        self.write("settings.toml", "[files]\nconnectors = \"connectors\"\n")
    }

    /// Edits a file of this place, which must have what is replaced.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Every file below `name` with its bytes.
    pub fn bytes_below(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path(name)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => drop(found.insert(path.clone(), std::fs::read(path).unwrap())),
                }
            }
        }
        found
    }
}

/// What was published about Wexcombe under this name.
#[track_caller]
pub fn publication(name: &str) -> &'static Publication {
    let found = WEXCOMBE.timeline.iter().find(|publication| publication.file_name == name);
    found.unwrap_or_else(|| panic!("nothing is called {name}"))
}

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, not those of folders in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
