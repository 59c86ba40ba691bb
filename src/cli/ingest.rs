//! `headwater ingest`: one file, or every source once, through all stages.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::{Context, Failure, Output, Scratch, output};
use crate::connector::Cadence;
use crate::model::{Period, Stage};
use crate::pipeline::engine::Mode;
use crate::pipeline::offer::Offer;
use crate::pipeline::poll::Outcome;
use crate::pipeline::{Done, Engine, Setup, names, poll, report};
use crate::runtime::clock::Clock;
use crate::store::releases::Status;

#[derive(Debug, Args)]
pub struct Ingest {
    /// Connector id; with no --file only this source is polled
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Take this file instead of polling
    #[arg(long, value_name = "F", requires = "source")]
    file: Option<PathBuf>,
    /// What the file is about, where its name does not say: an academic year like 2016/17, or the day of a register
    #[arg(long, value_name = "P")]
    period: Option<Period>,
    /// provisional, revised, final or as-at; as the file's name says or the connector's usual stage otherwise
    #[arg(long, value_name = "S")]
    stage: Option<Stage>,
    /// The day on which it was published; today otherwise
    #[arg(long, value_name = "D")]
    published: Option<Date>,
    /// Print the alerts it would make and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Ingest {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let now = Clock::Real.now();
        let setup = context.setup()?;
        let mode = if self.dry_run { Mode::DryRun } else { Mode::Commit };
        // what can be wrong with the command line is said before anything is made
        let offer = match self.file.clone() {
            Some(path) => Some(self.offer(&setup, path, poll::today(now))?),
            None => self.source.as_deref().map(|id| setup.connector(id)).transpose().map(|_| None)?,
        };
        let scratch = Scratch::new("dry-run");
        let mut engine = match mode {
            Mode::DryRun => Engine::open_copy(&context.data, &scratch.0, setup, now)?,
            Mode::Commit => Engine::open(&context.data, setup, now)?,
        };
        super::tell_rule_change(&engine, context.output, self.dry_run)?;
        let spinner = output::spinner("reading, judging, assessing");
        let (done, failed) = match offer {
            Some(offer) => (vec![engine.offer(offer, now, mode)?], Vec::new()),
            None => self.poll(&mut engine, context, mode)?,
        };
        spinner.finish_and_clear();
        let mut turned_down = Vec::new();
        for done in &done {
            match context.output {
                Output::Text => output::text_line(report::text(done, self.dry_run).trim_end())?,
                Output::Json => {
                    output::json_line(&report::json(done))?;
                    if self.dry_run {
                        done.alerts().iter().try_for_each(|alert| output::text_line(&alert.body))?;
                    }
                }
            }
            if let Done::File { release, .. } | Done::Unchanged(release) = done
                && release.status != Status::Accepted
                && release.decided.is_none()
            {
                turned_down.push(format!("{} was {}", release.info.file_name, release.status.word()));
            }
        }
        if !turned_down.is_empty() {
            failed.iter().for_each(|what| eprintln!("headwater: {what}"));
            return Err(Failure::Data(turned_down.join("; ")));
        }
        if failed.is_empty() { Ok(()) } else { Err(Failure::Unavailable(failed.join("\n"))) }
    }

    /// Asks the sources once each: what came, and what could not be fetched.
    fn poll(&self, engine: &mut Engine, context: &Context, mode: Mode) -> Result<(Vec<Done>, Vec<String>), Failure> {
        let ids: Vec<String> = match &self.source {
            Some(id) => vec![id.clone()],
            None => engine.setup.connectors.keys().cloned().collect(),
        };
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for outcome in poll::each(engine, &context.settings.fetching(), &ids, &Clock::Real, &context.data, mode)? {
            match outcome {
                (_, Ok(Outcome::Took(acts))) => done.extend(acts),
                (id, Ok(Outcome::Unchanged { why })) => say_nothing_came(context, &id, &why)?,
                (id, Ok(Outcome::NotYet { tried })) => {
                    say_nothing_came(context, &id, &format!("not there yet: {}", tried.join(", ")))?;
                }
                (id, Ok(Outcome::Later { not_before, why })) => failed.push(format!("{id}: {why}; not before {not_before}")),
                (id, Err(error)) => failed.push(format!("{id}: {}", output::chain(&error))),
            }
        }
        Ok((done, failed))
    }

    fn offer(&self, setup: &Setup, path: PathBuf, today: Date) -> Result<Offer, Failure> {
        if let Err(error) = File::open(&path) {
            return Err(Failure::Usage(format!("cannot read {}: {error}", path.display())));
        }
        let source = self.source.clone().unwrap_or_default();
        let file_name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let manifest = setup.connector(&source)?;
        let as_at = manifest.cadence == Cadence::AsAt;
        let period = match self.period {
            Some(Period::Year(year)) if as_at => {
                return Err(Failure::Usage(format!(
                    "{source} says how things stood on a day: give --period as a day, not {year}"
                )));
            }
            Some(Period::Day(day)) if !as_at => {
                return Err(Failure::Usage(format!("{source} is about academic years: give --period like 2016/17, not {day}")));
            }
            Some(period) => period,
            None => names::period(&file_name, manifest.cadence).ok_or_else(|| super::no_period(manifest, &file_name))?,
        };
        let stage = self.stage.or_else(|| names::stage(&file_name).filter(|_| !as_at));
        let published = match (self.published, period) {
            (Some(day), _) => day,
            (None, Period::Day(day)) => day,
            (None, Period::Year(_)) => today,
        };
        Ok(Offer { source, path, file_name, period, stage, published, position: None })
    }
}

fn say_nothing_came(context: &Context, source: &str, why: &str) -> Result<(), Failure> {
    match context.output {
        Output::Json => output::json_line(&json!({ "source": source, "unchanged": true, "why": why })),
        Output::Text => output::text_line(&format!("{source}: {why}")),
    }
}
