//! What must be there: the same steps, undisturbed, with the whole state after each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use headwater::config::{Bundle, Settings};
use headwater::demo::{SEED, Wexcombe};
use headwater::model::{Period, Stage};
use headwater::pipeline::engine::Mode;
use headwater::pipeline::offer::Offer;
use headwater::pipeline::{Done, Engine, Setup};
use headwater::store::releases::Status;
use jiff::civil::Date;

use super::folder::{self, State};

/// The pack that is edited.
const RULES: &str = include_str!("../../../config/schemes/example-board.toml");

/// Where the tortured program works, with its settings.
pub struct Place {
    root: tempfile::TempDir,
    pub data: PathBuf,
    settings: PathBuf,
}

impl Place {
    /// Every source is a watched folder, so that nothing but the program itself decides when what is taken.
    pub fn new(webhooks: &str) -> Place {
        let root = tempfile::tempdir().unwrap();
        let connectors = root.path().join("connectors");
        fs::create_dir(&connectors).unwrap();
        for file in toml_files("connectors") {
            let mut manifest: toml::Table = fs::read_to_string(&file).unwrap().parse().unwrap();
            let id = manifest["id"].as_str().unwrap().to_owned();
            let fetch = format!("kind = 'folder'\npath = 'inbox/{id}'\nfiles = '*'");
            manifest.insert("fetch".into(), fetch.parse::<toml::Table>().unwrap().into());
            manifest.remove("schedule");
            fs::write(connectors.join(file.file_name().unwrap()), toml::to_string(&manifest).unwrap()).unwrap();
        }
        let rules = root.path().join("rules");
        fs::create_dir(&rules).unwrap();
        for file in toml_files("config/schemes") {
            fs::copy(&file, rules.join(file.file_name().unwrap())).unwrap();
        }
        let settings = root.path().join("headwater.toml");
        let text = "[files]\nconnectors = 'connectors'\nschemes = 'rules'\n[http]\nlisten = '127.0.0.1:0'\n[fetch]\negress = 'loopback-for-demo'\n";
        fs::write(&settings, format!("{text}{webhooks}")).unwrap();
        fs::create_dir(root.path().join("files")).unwrap();
        Place { data: root.path().join("data"), root, settings }
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The program on this folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
        command.arg("--config").arg(&self.settings).arg("--data").arg(&self.data).env_remove("HEADWATER_LOG");
        command
    }

    /// A person moves a threshold, or puts it back.
    pub fn change_rules(&self, moved: bool) {
        let text = if moved { RULES.replace("than = -0.5", "than = -0.7") } else { RULES.to_owned() };
        assert_eq!(text != RULES, moved);
        fs::write(self.root().join("rules/example-board.toml"), text).unwrap();
    }

    fn setup(&self) -> Setup {
        Setup::new(Bundle::load(&Settings::load(Some(&self.settings)).unwrap().files).unwrap()).unwrap()
    }
}

/// One act that is to come.
pub enum Step {
    /// `headwater ingest --file`.
    Ingest(File),
    /// A file that somebody puts into the watched folder.
    PutDown(File),
    /// `headwater release accept` or `refuse`.
    Decide { release: i64, accept: bool },
    /// A rule is edited, and the next command of any kind assesses every school again.
    ChangeRules,
}

pub struct File {
    pub source: String,
    pub path: PathBuf,
    pub name: String,
    pub sha256: String,
    pub period: Period,
    pub stage: Stage,
    pub published: Date,
}

pub struct Model {
    pub steps: Vec<Step>,
    /// After so many acts, before the first one too.
    pub states: Vec<State>,
    /// Ids of the alerts after so many acts.
    pub alerts: Vec<usize>,
    pub ids: Vec<String>,
    /// URN of each alert.
    pub urns: Vec<u32>,
}

impl Model {
    pub fn of(place: &Place) -> Model {
        let data = place.root().join("undisturbed");
        let now = jiff::Timestamp::now();
        let mut engine = Engine::open(&data, place.setup(), now).unwrap();
        let mut model =
            Model { steps: Vec::new(), states: vec![State::new()], alerts: vec![0], ids: Vec::new(), urns: Vec::new() };
        let mut accepted_one = false;
        for publication in Wexcombe::new(SEED).unwrap().timeline {
            let (path, sha256) = keep(place, &publication.file_name, &publication.bytes);
            let put_down = publication.connector == "ofsted-inspections";
            let as_at = if let Period::Day(day) = publication.period { Some(day) } else { None };
            let file = File {
                source: publication.connector.to_owned(),
                path,
                name: publication.file_name,
                sha256,
                period: publication.period,
                stage: publication.stage,
                // a folder says nothing about the day of publication
                published: as_at.filter(|_| put_down).unwrap_or(publication.published),
            };
            let offer = Offer {
                source: file.source.clone(),
                path: file.path.clone(),
                file_name: file.name.clone(),
                period: file.period,
                stage: Some(file.stage),
                published: file.published,
                position: None,
            };
            let done = engine.offer(offer, now, Mode::Commit).unwrap();
            model.note(if put_down { Step::PutDown(file) } else { Step::Ingest(file) }, &data);
            let Done::File { release, .. } = done else { panic!("the same bytes twice") };
            if release.status == Status::Held {
                // half a file, taken all the same, and put right by the next one
                let accept = release.counts.read > 0 && !std::mem::replace(&mut accepted_one, true);
                engine.decide(release.info.no.0, accept, now).unwrap();
                model.note(Step::Decide { release: release.info.no.0, accept }, &data);
            }
        }
        drop(engine);
        place.change_rules(true);
        drop(Engine::open(&data, place.setup(), now).unwrap());
        model.note(Step::ChangeRules, &data);
        place.change_rules(false);
        let [.., before, after] = model.alerts.as_slice() else { panic!("nothing was done") };
        assert!(before < after, "the change of a rule was no news");
        assert!(accepted_one && model.ids.len() > 50, "{} alerts", model.ids.len());
        model
    }

    fn note(&mut self, step: Step, data: &Path) {
        let entries = folder::entries(data);
        self.steps.push(step);
        self.states.push(folder::state(data));
        self.alerts.push(entries.len());
        (self.ids, self.urns) = entries.into_iter().map(|entry| (entry.id, entry.urn)).unzip();
        assert_eq!(folder::acts(data), self.steps.len());
    }
}

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")).collect()
}

fn keep(place: &Place, name: &str, bytes: &[u8]) -> (PathBuf, String) {
    let path = place.root().join("files").join(name);
    fs::write(&path, bytes).unwrap();
    (path, headwater::store::raw::hash(&mut &*bytes).unwrap().sha256)
}
