//! `headwater read SOURCE FILE`: decode and normalise, nothing else.

use std::fs::File;
use std::io::{BufWriter, Write, stderr, stdout};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Context, Failure};
use crate::connector::Cadence;
use crate::decode::{self, Limits};
use crate::faults::Finding;
use crate::model::{Cell, Measures, Period, Slot, Stage, Value};
use crate::normalise::{self, Binding, Content, Record};
use crate::pipeline::names;

#[derive(Debug, Args)]
pub struct Read {
    /// Connector id
    source: String,
    /// The file as it was published
    file: PathBuf,
    /// What the file is about, where its name does not say
    #[arg(long, value_name = "P")]
    period: Option<Period>,
    /// provisional, revised, final or as-at; as the name says or as usual otherwise
    #[arg(long, value_name = "S")]
    stage: Option<Stage>,
    /// Rows set aside as NDJSON on stderr, instead of a line each
    #[arg(long)]
    quarantine: bool,
}

impl Read {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let setup = context.setup()?;
        let manifest = setup.connector(&self.source)?;
        let name = self.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let period = self.period.or_else(|| names::period(&name, manifest.cadence));
        let period = period.ok_or_else(|| super::no_period(manifest, &name))?;
        let yearly = manifest.cadence == Cadence::Yearly;
        let stage = self.stage.or_else(|| names::stage(&name).filter(|_| yearly)).unwrap_or(manifest.stage);
        let file =
            File::open(&self.file).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", self.file.display())))?;
        let refused = |finding: Finding| Failure::Data(format!("{name}: {finding}"));
        let mut table = decode::open(Box::new(file), &manifest.decode, Limits::default()).map_err(refused)?;
        let binding = normalise::bind(manifest, &setup.measures, period, &table.header).map_err(|findings| {
            Failure::Data(findings.iter().map(|finding| format!("{name}: {finding}")).collect::<Vec<_>>().join("\n"))
        })?;
        let known = normalise::Known { unchanged: &[], closed: &[] };
        let read = normalise::read(&mut table, &binding, known).map_err(refused)?;
        let mut out = BufWriter::new(stdout().lock());
        for record in &read.records {
            write_record(&mut out, &setup.measures, &binding, &manifest.dataset, stage, period, record)
                .map_err(anyhow::Error::from)?;
        }
        out.flush().map_err(anyhow::Error::from)?;
        let mut err = stderr().lock();
        for aside in &read.quarantine {
            let line = if self.quarantine {
                json!({ "finding": aside.finding, "cells": aside.cells }).to_string()
            } else {
                aside.finding.to_string()
            };
            writeln!(err, "{line}").map_err(anyhow::Error::from)?;
        }
        for alarm in &read.alarms {
            writeln!(err, "{alarm}").map_err(anyhow::Error::from)?;
        }
        let counts = json!({ "layout": binding.layout, "counts": read.counts });
        writeln!(err, "{counts}").map_err(anyhow::Error::from)?;
        Ok(())
    }
}

fn write_record(
    out: &mut impl Write,
    measures: &Measures,
    binding: &Binding,
    dataset: &str,
    stage: Stage,
    period: Period,
    record: &Record,
) -> std::io::Result<()> {
    let Content::Present(body) = &record.content else { return Ok(()) };
    let period = if record.slot == Slot::AsAt { period.to_string() } else { record.slot.to_string() };
    for Cell { measure, value, raw, row_offset } in body.cells() {
        let id = measures.id(measure).unwrap_or("?");
        let (value, missing) = match value {
            Value::Missing(why) => (None, Some(why.code())),
            value => (Some(value.to_string()), None),
        };
        let area = record.subject == crate::model::fact::AREAS;
        let line = json!({
            "dataset": dataset, "period": period, "stage": stage,
            "urn": if area { None } else { Some(record.subject) },
            "part": record.part, "measure": id, "value": value, "missing": missing, "raw": raw,
            "row": record.row + row_offset, "column": binding.columns.get(id),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
