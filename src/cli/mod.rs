//! The command line: one verb a file. Verbs read their arguments, call the pipeline and print.

#![expect(clippy::print_stderr, reason = "the one place that speaks to the terminal")]

mod area;
mod ask;
mod demo;
mod explain;
mod ingest;
mod log;
mod output;
mod partnership;
mod quarantine;
mod read;
mod release;
mod replay;
mod run;
mod school;
mod trust;
mod validate;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Bundle, Settings};
use crate::connector::{Cadence, Manifest};
use crate::faults::{Fault, Faults};
use crate::pipeline::daemon::StartError;
use crate::pipeline::{Engine, EngineError, Setup, report};
use crate::store::StoreError;

pub use output::Output;

/// Turns published school data into concern alerts that can be explained to the cell.
#[derive(Debug, Parser)]
#[command(name = "headwater", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "With every verb")]
pub struct Globals {
    /// Settings file; everything has a default without it
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data folder; the settings' own otherwise
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// How to print data: text for people, json for one JSON object a line
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    pub output: Output,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// A fictional county, offline: several years of publications, alerts and their delivery
    Demo(demo::Demo),
    /// The daemon: polls sources, assesses, streams and delivers alerts
    Run(run::Run),
    /// Check every file in force; every fault with file and line
    Validate(validate::Validate),
    /// Take one file, or poll the sources once, through all stages
    Ingest(ingest::Ingest),
    /// Decode and normalise one file: observations on stdout, what was set aside on stderr
    Read(read::Read),
    /// Who one school is, and what is known about it, on a day and as known on a day
    School(school::School),
    /// Who belongs to a trust, a federation or a sponsor, and what it is like
    Trust(trust::Trust),
    /// The schools of a local authority, or of a part of a partnership
    Area(area::Area),
    /// Who is in a partnership, and which schools it looks after
    Partnership(partnership::Partnership),
    /// Why: an alert or a concern down to its cells, computed again from the raw bytes
    Explain(explain::Explain),
    /// The alert log
    Log(log::Log),
    /// Rows that were set aside
    Quarantine(quarantine::Quarantine),
    /// Releases, and those that wait for a person
    Release(release::Release),
    /// Do every act again into an empty folder and compare the logs byte by byte
    Replay(replay::Replay),
    /// Check the data folder: damage, accounts, numbering
    Verify(verify::Verify),
}

/// Why a verb ended without success, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// 64: the command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// 65: data was refused or held, or does not add up.
    #[error("{0}")]
    Data(String),
    /// 69: a source could not be reached.
    #[error("{0}")]
    Unavailable(String),
    /// 78: a file in force is wrong.
    #[error("{0}")]
    Config(#[from] Faults),
    /// 74: the data folder could not be read or written.
    #[error(transparent)]
    Store(StoreError),
    /// 70: something else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 64,
            Failure::Data(_) => 65,
            Failure::Unavailable(_) => 69,
            Failure::Other(_) => 70,
            Failure::Store(_) => 74,
            Failure::Config(_) => 78,
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        match error {
            EngineError::Setup(faults) => Failure::Config(faults),
            EngineError::Store(error) => Failure::from(error),
            EngineError::NoConnector(..) => Failure::Usage(error.to_string()),
            EngineError::NotHeld(_)
            | EngineError::Overtaken(..)
            | EngineError::NotCurrent(_)
            | EngineError::Unreadable(..)
            | EngineError::Nameless(_) => Failure::Data(error.to_string()),
            EngineError::File(..) | EngineError::Runtime(_) => Failure::Other(error.into()),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Failure {
        let fault =
            |key: String, what: &str| Fault { file: "settings".into(), line: None, key, what: what.to_owned(), hint: None };
        match error {
            StartError::Engine(error) => Failure::from(error),
            StartError::Webhook { id, why } => Failure::Config(Faults(vec![fault(format!("webhook `{id}`"), &why)])),
            StartError::Source { id, why } => Failure::Config(Faults(vec![fault(format!("source `{id}`"), &why)])),
            StartError::Listen(_) | StartError::Network(_) => Failure::Unavailable(output::chain(&error)),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::NoFolder(_) | StoreError::NotEmpty(_) => Failure::Usage(error.to_string()),
            error => Failure::Store(error),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Store(error.into())
    }
}

/// Settings, files in force and the data folder, as the global options say.
pub struct Context {
    pub settings: Settings,
    pub data: PathBuf,
    pub output: Output,
}

impl Context {
    fn new(globals: &Globals) -> Result<Context, Failure> {
        let settings = Settings::load(globals.config.as_deref())?;
        let data = globals.data.clone().unwrap_or_else(|| settings.data.clone());
        Ok(Context { settings, data, output: globals.output })
    }

    pub fn setup(&self) -> Result<Setup, Failure> {
        let files = &self.settings.files;
        Ok(Setup::new(Bundle::load(files)?).map_err(|faults| files.as_they_are_called(faults))?)
    }
}

/// Says which alerts the mere opening of the folder led to, because files in force were edited.
fn tell_rule_change(engine: &Engine, output: Output, dry_run: bool) -> Result<(), Failure> {
    let alerts = &engine.rule_change;
    match output {
        _ if alerts.is_empty() => Ok(()),
        Output::Text => output::text_line(report::rule_change(alerts, dry_run).trim_end()),
        Output::Json => {
            output::json_line(&serde_json::json!({ "rule_change": true, "alerts": alerts.len() }))?;
            alerts.iter().filter(|_| dry_run).try_for_each(|alert| output::text_line(&alert.body))
        }
    }
}

/// A folder that is gone when this is dropped.
struct Scratch(PathBuf);

impl Scratch {
    /// A name in the system's folder for such things that nobody else uses.
    fn new(what: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("headwater-{what}-{}-{:08x}", std::process::id(), fastrand::u32(..))))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Nobody said what a file is about, and its name does not either.
fn no_period(manifest: &Manifest, file_name: &str) -> Failure {
    let example = match manifest.cadence {
        Cadence::Yearly => "an academic year as 2016/17",
        Cadence::AsAt => "a day as 2024-06-17",
    };
    Failure::Usage(format!("say what {file_name} is about: give --period, {example}"))
}

/// Parses, dispatches, and turns failure into a message and an exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS };
        }
    };
    let printing = cli.globals.output;
    let context = match Context::new(&cli.globals) {
        Ok(context) => context,
        Err(failure) => return fail(&failure, None, printing),
    };
    let done = match cli.verb {
        Verb::Demo(verb) => verb.run(&context),
        Verb::Run(verb) => verb.run(&context),
        Verb::Validate(verb) => verb.run(&context),
        Verb::Ingest(verb) => verb.run(&context),
        Verb::Read(verb) => verb.run(&context),
        Verb::School(verb) => verb.run(&context),
        Verb::Trust(verb) => verb.run(&context),
        Verb::Area(verb) => verb.run(&context),
        Verb::Partnership(verb) => verb.run(&context),
        Verb::Explain(verb) => verb.run(&context),
        Verb::Log(verb) => verb.run(&context),
        Verb::Quarantine(verb) => verb.run(&context),
        Verb::Release(verb) => verb.run(&context),
        Verb::Replay(verb) => verb.run(&context),
        Verb::Verify(verb) => verb.run(&context),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if output::is_broken_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure, Some(&context.data), printing),
    }
}

fn fail(failure: &Failure, data: Option<&Path>, printing: Output) -> ExitCode {
    output::failure(failure, printing);
    if let (Failure::Store(error), Some(data)) = (failure, data)
        && let Some(advice) = error.advice()
    {
        eprintln!("headwater: data folder {}: {advice}", data.display());
    }
    ExitCode::from(failure.code())
}
