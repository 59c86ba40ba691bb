//! `headwater validate`: every file in force parsed and checked, every fault at once.

use clap::Args;

use super::{Context, Failure, Output, Scratch, output};
use crate::connector::manifest_schema;
use crate::pipeline::engine::Mode;
use crate::pipeline::{Engine, Setup, poll};
use crate::runtime::Clock;

#[derive(Debug, Args)]
pub struct Validate {
    /// Ask every source as well
    #[arg(long)]
    connect: bool,
    /// Print the JSON Schema of connector manifests and stop
    #[arg(long)]
    schema: bool,
}

impl Validate {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        if self.schema {
            return output::text_line(manifest_schema().trim_end());
        }
        let setup = context.setup()?;
        let counts = [
            ("connectors", setup.connectors.len()),
            ("measures", setup.measures.ids().count()),
            ("rules", setup.rules.rules().count()),
            ("authorities", setup.authorities.len()),
            ("alliances", setup.alliances.len()),
            ("partnerships", setup.partnerships.len()),
        ];
        match context.output {
            Output::Json => {
                let counts: serde_json::Map<_, _> = counts.map(|(what, n)| (what.to_owned(), n.into())).into_iter().collect();
                output::json_line(&serde_json::Value::Object(counts))?;
            }
            Output::Text => {
                output::text_line(&format!("{}: no faults", counts.map(|(what, n)| format!("{n} {what}")).join(", ")))?;
            }
        }
        if self.connect { connect(context, setup) } else { Ok(()) }
    }
}

/// Asks every source, against an empty folder for the occasion: nothing is kept.
fn connect(context: &Context, setup: Setup) -> Result<(), Failure> {
    let ids: Vec<String> = setup.connectors.keys().cloned().collect();
    let scratch = Scratch::new("validate");
    let mut engine = Engine::open_copy(&scratch.0, &scratch.0.join("copy"), setup, Clock::Real.now())?;
    let mut failed = Vec::new();
    for (id, outcome) in poll::each(&mut engine, &context.settings.fetching(), &ids, &Clock::Real, &context.data, Mode::DryRun)? {
        match outcome {
            Ok(_) if context.output == Output::Json => output::json_line(&serde_json::json!({ "source": id, "reached": true }))?,
            Ok(_) => output::text_line(&format!("{id}: reached"))?,
            Err(error) => failed.push(format!("{id}: {}", output::chain(&error))),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::Unavailable(failed.join("\n"))) }
}
