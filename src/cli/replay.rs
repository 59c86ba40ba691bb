//! `headwater replay --into DIR`: the log follows from the raw bytes and the files in force.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure, Output, output};
use crate::pipeline::replay;
use crate::store::Store;

#[derive(Debug, Args)]
pub struct Replay {
    /// An empty or new folder
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
}

impl Replay {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        if !context.data.join("headwater.db").exists() {
            return Err(crate::store::StoreError::NoFolder(context.data.clone()).into());
        }
        let from = Store::open(&context.data)?;
        let bar = output::bar(0, "replaying");
        let replayed = replay::replay(&from, &self.into, |done, all| {
            bar.set_length(u64::from(all));
            bar.set_position(u64::from(done));
        })?;
        bar.finish_and_clear();
        if context.output == Output::Json {
            output::json_line(&serde_json::json!({
                "acts": replayed.acts, "alerts": replayed.alerts, "identical": replayed.difference.is_none()
            }))?;
        } else {
            output::text_line(&format!("{} acts done again, {} alerts", replayed.acts, replayed.alerts))?;
        }
        match replayed.difference {
            None if context.output == Output::Text => output::text_line("the two logs are identical, byte by byte"),
            None => Ok(()),
            Some((seq, before, after)) => {
                Err(Failure::Data(format!("the logs differ at alert {seq}\n  kept:     {before}\n  replayed: {after}")))
            }
        }
    }
}
