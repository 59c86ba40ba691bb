//! What the questions about who is who have in common: the two days, and how a refusal ends.

use clap::Args;
use jiff::civil::Date;
use rusqlite::Connection;

use super::{Context, Failure};
use crate::model::Measures;
use crate::pipeline::Setup;
use crate::pipeline::ask::{AskError, Asker, When};
use crate::store::{facts, open_connection};

/// The day in the world and the day of knowledge.
#[derive(Debug, Clone, Copy, Args)]
pub struct Days {
    /// As it stood in the world on this day
    #[arg(long, value_name = "DAY")]
    on: Option<Date>,
    /// As the public knew it on this day: what was published later is left out
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// The data folder, opened to be asked.
pub struct Folder {
    db: Connection,
    setup: Setup,
    measures: Measures,
    when: When,
}

impl Folder {
    pub fn open(context: &Context, days: Days) -> Result<Folder, Failure> {
        let db = open_connection(&context.data, false)?;
        let setup = context.setup()?;
        let measures = setup.measures.clone().with_codes(&facts::measure_codes(&db)?);
        Ok(Folder { db, setup, measures, when: When { on: days.on, as_of: days.as_of } })
    }

    pub fn asker(&self) -> Result<Asker<'_>, Failure> {
        Ok(Asker::new(&self.db, &self.setup, &self.measures, self.when)?)
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Failure {
        match error {
            AskError::Nothing(what) => Failure::Data(what),
            AskError::Wrong(what) => Failure::Usage(what),
            AskError::Engine(error) => Failure::from(error),
        }
    }
}

/// `as it stood on 2024-06-17, as known on 2024-07-01`; none where neither day was given.
pub fn when(on: Option<&str>, as_of: Option<&str>) -> Option<String> {
    let on = on.map(|day| format!("as it stood on {day}"));
    let as_of = as_of.map(|day| format!("as known on {day}"));
    let both: Vec<String> = on.into_iter().chain(as_of).collect();
    (!both.is_empty()).then(|| both.join(", "))
}
