//! `headwater verify`: damage, accounts, numbering.

use clap::Args;

use super::{Context, Failure, Output, output};
use crate::store::{RawStore, open_connection, verify};

#[derive(Debug, Args)]
pub struct Verify {}

impl Verify {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let db = open_connection(&context.data, false)?;
        let raw = RawStore::open(&context.data)?;
        let spinner = output::spinner("looking");
        let found = verify::verify(&db, &raw, |what| spinner.set_message(format!("looking at the {what}")))?;
        spinner.finish_and_clear();
        match context.output {
            Output::Json => output::json_line(&found)?,
            Output::Text => output::text_line(&format!(
                "{} acts, {} releases, {} raw files, {} alerts, {} concerns: {}",
                found.acts,
                found.releases,
                found.raw_files,
                found.alerts,
                found.concerns,
                if found.problems.is_empty() { "all as it must be" } else { "problems found" }
            ))?,
        }
        if found.problems.is_empty() { Ok(()) } else { Err(Failure::Data(found.problems.join("\n"))) }
    }
}
