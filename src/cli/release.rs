//! `headwater release`: what came, what waits, and a person's decision.

use clap::{Args, Subcommand};

use super::{Context, Failure, Output, output};
use crate::model::ReleaseNo;
use crate::pipeline::{Engine, report};
use crate::runtime::clock::Clock;
use crate::store::open_connection;
use crate::store::releases::{self, Status};

#[derive(Debug, Args)]
pub struct Release {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every release, or those that wait for a decision
    List {
        /// Only those that wait
        #[arg(long)]
        held: bool,
    },
    /// One release: rows, outcomes, findings
    Show { no: i64 },
    /// Accept a held release: it goes through as it is
    Accept { no: i64 },
    /// Refuse a held release for good
    Refuse { no: i64 },
}

impl Release {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self.what {
            What::List { held } => {
                let db = open_connection(&context.data, false)?;
                for release in releases::all(&db)? {
                    let waits = release.status == Status::Held && release.decided.is_none();
                    if held && !waits {
                        continue;
                    }
                    match context.output {
                        Output::Json => output::json_line(&release)?,
                        Output::Text => output::text_line(&format!(
                            "{:>5}  {:<9} {:<40} {:>7} rows  {}{}",
                            release.info.no.0,
                            release.status.word(),
                            release.info.name(),
                            release.counts.read,
                            release.info.file_name,
                            later(&release)
                        ))?,
                    }
                }
                Ok(())
            }
            What::Show { no } => {
                let db = open_connection(&context.data, false)?;
                let release = releases::get(&db, ReleaseNo(no))?
                    .ok_or_else(|| Failure::Data(format!("there is no release {no}: `headwater release list` shows them")))?;
                match context.output {
                    Output::Json => output::json_line(&release),
                    Output::Text => output::text_line(report::account(&release).trim_end()),
                }
            }
            What::Accept { no } => decide(context, no, true),
            What::Refuse { no } => decide(context, no, false),
        }
    }
}

/// What became of a release that waited.
fn later(release: &releases::Release) -> String {
    match (release.status, release.decided) {
        (_, None) => String::new(),
        (Status::Accepted, Some(act)) => format!(" (by a person, as release {act})"),
        (Status::Held, Some(act)) => format!(" (came again as release {act})"),
        (Status::Refused, Some(_)) => " (by a person)".into(),
    }
}

fn decide(context: &Context, no: i64, accept: bool) -> Result<(), Failure> {
    // a mistyped folder is not to be made
    drop(open_connection(&context.data, false)?);
    let now = Clock::Real.now();
    let mut engine = Engine::open(&context.data, context.setup()?, now)?;
    super::tell_rule_change(&engine, context.output, false)?;
    let done = engine.decide(no, accept, now)?;
    match context.output {
        Output::Json => output::json_line(&report::json(&done)),
        Output::Text => output::text_line(report::text(&done, false).trim_end()),
    }
}
