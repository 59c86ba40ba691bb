//! A disk that is full, shut, damaged or somebody else's: said clearly, and nothing half done.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use headwater::demo::{Publication, SEED, Wexcombe};
use headwater::store::Store;
use headwater::store::releases;

use crate::crash::folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_headwater");
/// sysexits.h: an error on reading or writing.
const EX_IOERR: i32 = 74;

/// A data folder with two tables and their alerts, and a third one to come.
struct Place {
    _root: tempfile::TempDir,
    data: PathBuf,
    files: Vec<(Publication, PathBuf)>,
}

impl Place {
    fn new() -> Place {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        Place::at(root, data)
    }

    fn at(root: tempfile::TempDir, data: PathBuf) -> Place {
        let names = ["edubasealldata20161003.csv", "2015-2016_england_ks4final.csv", "2016-2017_england_ks4provisional.csv"];
        let timeline = Wexcombe::new(SEED).unwrap().timeline;
        let keep = |name: &&str| {
            let publication = timeline.iter().find(|publication| publication.file_name == **name).unwrap().clone();
            let path = root.path().join(name);
            fs::write(&path, &publication.bytes).unwrap();
            (publication, path)
        };
        let place = Place { data, files: names.iter().map(keep).collect(), _root: root };
        for file in 0..2 {
            let out = place.run(&place.ingest(file));
            assert!(out.status.success(), "{}", said(&out));
        }
        place
    }

    fn ingest(&self, file: usize) -> Vec<String> {
        let (publication, path) = &self.files[file];
        let period = publication.period.to_string();
        let (stage, published) = (publication.stage.to_string(), publication.published.to_string());
        let path = path.to_str().unwrap();
        [
            "ingest",
            "--source",
            publication.connector,
            "--file",
            path,
            "--period",
            &period,
            "--stage",
            &stage,
            "--published",
            &published,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn run(&self, args: &[String]) -> Output {
        Command::new(PROGRAM).arg("--data").arg(&self.data).args(args).output().unwrap()
    }

    fn says(&self, args: &[&str]) -> Output {
        self.run(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    /// Clean, as it was, and ready for the next file.
    fn unharmed(&self, before: &folder::State) {
        assert_eq!(&folder::state(&self.data), before);
        let verify = self.says(&["verify"]);
        assert!(verify.status.success(), "{}", said(&verify));
    }
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

/// What failed, where, and what to do.
fn is_clear(out: &Output, data: &Path, advice: &str) {
    let said = said(out);
    assert_eq!(out.status.code(), Some(EX_IOERR), "{said}");
    assert!(said.contains(data.to_str().unwrap()) && said.contains(advice) && said.contains("nothing was half done"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// Goes up from no room at all, until there is enough; returns what was seen to fail.
fn sweep(place: &Place, mut ingest_with_room: impl FnMut(u64) -> Output) -> Vec<String> {
    let before = folder::state(&place.data);
    let mut failed = Vec::new();
    for step in 0..400 {
        let out = ingest_with_room(step * 8 * 1024);
        if out.status.success() {
            break;
        }
        is_clear(&out, &place.data, if said(&out).contains("disk I/O") { "look after the disk" } else { "there is no room" });
        place.unharmed(&before);
        let what = said(&out).lines().next().unwrap().to_owned();
        let what = what.split("put-").next().unwrap().to_owned();
        if failed.last() != Some(&what) {
            failed.push(what);
        }
    }
    let out = place.run(&place.ingest(2));
    assert!(out.status.success(), "{}", said(&out));
    let whole = Place::new();
    assert!(whole.run(&whole.ingest(2)).status.success());
    assert_eq!(folder::state(&place.data), folder::state(&whole.data), "what came in the end is not what comes at once");
    failed
}

/// A limit on the size of files, which needs no rights: every write beyond it fails. First the raw
/// file does not fit, then the write-ahead log of the database.
#[test]
fn where_a_file_may_not_grow_nothing_is_half_done() {
    let place = Place::new();
    let failed = sweep(&place, |room| {
        // the shell counts in blocks of 512 bytes; without the trap the signal would end the program
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", room / 512);
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh", PROGRAM, "--data"]).arg(&place.data).args(place.ingest(2));
        command.output().unwrap()
    });
    println!("storage: no room for a file: {failed:?}");
    assert!(failed.iter().all(|what| what.contains("data folder")) && failed.len() > 1, "{failed:?}");
    // a raw file that is larger than what the database needs
    let before = folder::state(&place.data);
    let noise = place.data.with_file_name("2018_noise.csv");
    fs::write(&noise, std::iter::repeat_with(|| fastrand::u8(..)).take(4 << 20).collect::<Vec<u8>>()).unwrap();
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$@\"";
    let args = ["ingest", "--source", "absence", "--period", "2017/18", "--file", noise.to_str().unwrap()];
    let out = Command::new("sh").args(["-c", script, "sh", PROGRAM, "--data"]).arg(&place.data).args(args).output().unwrap();
    is_clear(&out, &place.data, "there is no room");
    assert!(said(&out).contains("incoming"), "{}", said(&out));
    assert!(folder::incoming(&place.data).is_empty(), "half a file was left");
    place.unharmed(&before);
}

/// A small disk of its own, filled up to the room that is given.
#[test]
fn on_a_full_disk_nothing_is_half_done() {
    let root = tempfile::tempdir().unwrap();
    let disk = root.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let Some(_mounted) = Mounted::new(&disk, &["-t", "tmpfs", "-o", "size=12m", "none"]) else {
        return println!("storage: not run on a full disk: no file system can be mounted here");
    };
    let data = disk.join("data");
    let place = Place::at(root, data);
    let ballast = disk.join("ballast");
    let failed = sweep(&place, |room| {
        fill(&ballast, room);
        let out = place.run(&place.ingest(2));
        fs::remove_file(&ballast).unwrap();
        out
    });
    println!("storage: no room on the disk: {failed:?}");
    assert!(failed.iter().any(|what| what.contains("incoming")) && failed.iter().any(|what| what.contains("full")), "{failed:?}");
}

/// Everything that the disk has, less the room.
fn fill(ballast: &Path, room: u64) {
    use std::io::Write;
    let (mut file, block) = (fs::File::create(ballast).unwrap(), [7u8; 4096]);
    while file.write_all(&block).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(room)).unwrap();
}

/// Undone when dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(at: &Path, args: &[&str]) -> Option<Mounted> {
        let done = Command::new("mount").args(args).arg(at).output();
        done.is_ok_and(|out| out.status.success()).then(|| Mounted(at.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said_so() {
    let place = Place::new();
    let before = folder::state(&place.data);
    let data = place.data.to_str().unwrap().to_owned();
    let mounted = Mounted::new(&place.data, &["--bind", &data]);
    if mounted.is_some() {
        assert!(Command::new("mount").args(["-o", "remount,ro,bind", &data]).status().unwrap().success());
    } else {
        permit(&place.data, 0o555);
    }
    let writable = fs::write(place.data.join("probe"), "").is_ok();
    if writable {
        println!("storage: not run on a read-only folder: this user may write everywhere and mount nothing");
    } else {
        for args in [place.ingest(2), vec!["run".into(), "--listen".into(), "127.0.0.1:0".into()]] {
            is_clear(&place.run(&args), &place.data, "let this user write to it");
        }
    }
    drop(mounted);
    permit(&place.data, 0o755);
    let _ = fs::remove_file(place.data.join("probe"));
    place.unharmed(&before);
    assert!(place.run(&place.ingest(2)).status.success());
}

fn permit(folder: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_below_a_file_is_said_so() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "a file, no folder").unwrap();
    let data = file.join("data");
    let register = root.path().join("register.csv");
    fs::write(&register, "URN\n").unwrap();
    let out = Command::new(PROGRAM)
        .arg("--data")
        .arg(&data)
        .args(["ingest", "--source", "gias-establishments", "--period", "2026-01-01", "--file"])
        .arg(&register)
        .output()
        .unwrap();
    is_clear(&out, &data, "name another folder");
}

#[test]
fn a_second_process_is_told_who_has_the_folder() {
    let place = Place::new();
    let before = folder::state(&place.data);
    let first = Store::open(&place.data).unwrap();
    let out = place.run(&place.ingest(2));
    assert_eq!(out.status.code(), Some(EX_IOERR));
    let said = said(&out);
    assert!(said.contains(place.data.to_str().unwrap()) && said.contains("in use by another headwater process"), "{said}");
    // who only reads may do so meanwhile
    assert!(place.says(&["log"]).status.success() && place.says(&["verify"]).status.success());
    drop(first);
    place.unharmed(&before);
    assert!(place.run(&place.ingest(2)).status.success());
}

#[test]
fn damaged_and_missing_raw_files_are_named() {
    let place = Place::new();
    let store = Store::open(&place.data).unwrap();
    let tables = releases::all(&store.db).unwrap().pop().unwrap();
    drop(store);
    let key = &tables.info.file;
    let path = place.data.join("raw").join(&key[..2]).join(format!("{key}.zst"));
    let whole = fs::read(&path).unwrap();
    assert!(place.says(&["explain", "1"]).status.success());
    let cut = whole[..whole.len() / 2].to_vec();
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 0x40;
    for damaged in [Some(cut), Some(flipped), Some(Vec::new()), None] {
        match &damaged {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let verify = place.says(&["verify"]);
        assert_eq!(verify.status.code(), Some(65), "{}", said(&verify));
        assert!(said(&verify).contains(key.as_str()), "{}", said(&verify));
        let explain = place.says(&["explain", "1"]);
        assert_eq!(explain.status.code(), Some(65), "{}", said(&explain));
        assert!(said(&explain).contains(&key[..12]) && !said(&explain).contains("panicked"), "{}", said(&explain));
        let replay = place.says(&["replay", "--into", place.data.with_extension("again").to_str().unwrap()]);
        assert!(!replay.status.success() && !said(&replay).contains("panicked"));
        let _ = fs::remove_dir_all(place.data.with_extension("again"));
    }
    fs::write(&path, &whole).unwrap();
    assert!(place.says(&["explain", "1"]).status.success() && place.says(&["verify"]).status.success());
}
