//! `headwater quarantine`: rows that were set aside.

use clap::{Args, Subcommand};

use super::{Context, Failure, Output, output};
use crate::model::ReleaseNo;
use crate::pipeline::{Engine, report};
use crate::runtime::Clock;
use crate::store::{open_connection, quarantine};

#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every row set aside, with place and reason
    List {
        /// Of this release only
        #[arg(long, value_name = "N")]
        release: Option<i64>,
    },
    /// One row with its cells
    Show { release: i64, no: i64 },
    /// Read the file of a release again, after its connector was mended
    Redrive { release: i64 },
}

impl Quarantine {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        if let What::Redrive { release } = self.what {
            let now = Clock::Real.now();
            let done = Engine::open(&context.data, context.setup()?, now)?.redrive(release, now)?;
            return match context.output {
                Output::Json => output::json_line(&report::json(&done)),
                Output::Text => output::text_line(report::text(&done, false).trim_end()),
            };
        }
        let db = open_connection(&context.data, false)?;
        match self.what {
            What::Redrive { .. } => Ok(()),
            What::List { release } => {
                for row in quarantine::list(&db, release.map(ReleaseNo))? {
                    match context.output {
                        Output::Json => output::json_line(&row)?,
                        Output::Text => output::text_line(&format!("{} {}  {}", row.release, row.no, row.finding))?,
                    }
                }
                Ok(())
            }
            What::Show { release, no } => {
                let rows = quarantine::list(&db, Some(ReleaseNo(release)))?;
                let row = rows.into_iter().find(|row| row.no == no).ok_or_else(|| {
                    Failure::Data(format!("release {release} has no row {no} set aside: `headwater quarantine list` shows them"))
                })?;
                match context.output {
                    Output::Json => output::json_line(&row),
                    Output::Text => {
                        output::text_line(&row.finding.to_string())?;
                        row.cells.iter().try_for_each(|cell| output::text_line(&format!("  {}", cell.escape_debug())))
                    }
                }
            }
        }
    }
}
