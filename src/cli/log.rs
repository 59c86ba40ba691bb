//! `headwater log`: the alert log, one CloudEvent a line.

use std::time::Duration;

use clap::Args;

use super::{Context, Failure, output};
use crate::store::{log, open_connection};

#[derive(Debug, Args)]
pub struct Log {
    /// First sequence to print
    #[arg(long, value_name = "SEQ", default_value_t = 1)]
    from: i64,
    /// Go on printing as alerts come
    #[arg(long)]
    follow: bool,
}

impl Log {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let db = open_connection(&context.data, false)?;
        let mut seq = self.from.max(1) - 1;
        loop {
            let entries = log::after(&db, seq, 500)?;
            for entry in &entries {
                output::text_line(&entry.body)?;
                seq = entry.seq;
            }
            match (entries.is_empty(), self.follow) {
                (false, _) => {}
                (true, false) => return Ok(()),
                (true, true) => std::thread::sleep(Duration::from_millis(250)),
            }
        }
    }
}
