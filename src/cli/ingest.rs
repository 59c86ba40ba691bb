//! `headwater ingest`: one file, or every source once, through all stages.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::{Context, Failure, Output, output};
use crate::connector::Cadence;
use crate::model::{Period, Stage};
use crate::pipeline::engine::Mode;
use crate::pipeline::ingest::Offer;
use crate::pipeline::poll::Outcome;
use crate::pipeline::{Done, Engine, names, poll, report};
use crate::runtime::clock::Clock;
use crate::store::Store;
use crate::store::releases::Status;

#[derive(Debug, Args)]
pub struct Ingest {
    /// Connector id; with no --file only this source is polled
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Take this file instead of polling
    #[arg(long, value_name = "F", requires = "source")]
    file: Option<PathBuf>,
    /// What the file is about: an academic year like 2016/17, or the day of a register
    #[arg(long, value_name = "P")]
    period: Option<Period>,
    /// provisional, revised, final or as-at; the connector's usual stage otherwise
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
        let mut engine = match self.dry_run {
            false => Engine::open(&context.data, setup, now)?,
            true if !context.data.join("headwater.db").exists() => Engine::in_memory(setup)?,
            // opening it under edited rules would be an act of its own
            true => Engine::attach(Store::open(&context.data)?, setup)?,
        };
        let spinner = output::spinner("reading, judging, assessing");
        let done = match self.file.clone() {
            Some(path) => {
                let offer = self.offer(&engine, path, poll::today(now))?;
                vec![engine.offer(offer, now, mode)?]
            }
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
        if turned_down.is_empty() { Ok(()) } else { Err(Failure::Data(turned_down.join("; "))) }
    }

    /// Asks the sources once each; what could not be fetched is said after the rest is done.
    fn poll(&self, engine: &mut Engine, context: &Context, mode: Mode) -> Result<Vec<Done>, Failure> {
        let ids: Vec<String> = match &self.source {
            Some(id) if !engine.setup.connectors.contains_key(id) => {
                return Err(Failure::Usage(format!("there is no connector `{id}`")));
            }
            Some(id) => vec![id.clone()],
            None => engine.setup.connectors.keys().cloned().collect(),
        };
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for outcome in poll::each(engine, &context.settings.fetching(), &ids, &Clock::Real, mode)? {
            match outcome {
                (_, Ok(Outcome::Took(acts))) => done.extend(acts),
                (id, Ok(Outcome::Unchanged { why })) => tracing::info!(source.id = id, why, "unchanged"),
                (id, Ok(Outcome::NotYet { tried })) => tracing::info!(source.id = id, tried = tried.len(), "not published yet"),
                (id, Ok(Outcome::Later { not_before, why })) => failed.push(format!("{id}: {why}; not before {not_before}")),
                (id, Err(error)) => failed.push(format!("{id}: {}", output::chain(&error))),
            }
        }
        if failed.is_empty() || !done.is_empty() {
            failed.iter().for_each(|what| eprintln!("headwater: {what}"));
            return Ok(done);
        }
        Err(Failure::Unavailable(failed.join("\n")))
    }

    fn offer(&self, engine: &Engine, path: PathBuf, today: Date) -> Result<Offer, Failure> {
        let source = self.source.clone().unwrap_or_default();
        let file_name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let manifest = engine.setup.connectors.get(&source);
        let as_at = manifest.is_some_and(|manifest| manifest.cadence == Cadence::AsAt);
        let period = match self.period {
            Some(Period::Year(year)) if as_at => {
                return Err(Failure::Usage(format!(
                    "{source} says how things stood on a day: give --period as a day, not {year}"
                )));
            }
            Some(Period::Day(day)) if manifest.is_some() && !as_at => {
                return Err(Failure::Usage(format!("{source} is about academic years: give --period like 2016/17, not {day}")));
            }
            Some(period) => period,
            None => match names::day(&file_name).filter(|_| as_at) {
                Some(day) => Period::Day(day),
                None => {
                    return Err(Failure::Usage(format!("say what {file_name} is about with --period, as 2016/17 or 2024-06-17")));
                }
            },
        };
        let published = match (self.published, period) {
            (Some(day), _) => day,
            (None, Period::Day(day)) => day,
            (None, Period::Year(_)) => today,
        };
        Ok(Offer { source, path, file_name, period, stage: self.stage, published, position: None })
    }
}
