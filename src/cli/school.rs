//! `headwater school URN`: who a school is, whom it belongs to, and what is known about it.

mod print;

use clap::Args;

use super::ask::{Days, Folder};
use super::{Context, Failure, Output, output};
use crate::model::Urn;
use crate::pipeline::ask::school;

#[derive(Debug, Args)]
pub struct School {
    /// Unique reference number of the school, six digits
    urn: Urn,
    #[command(flatten)]
    days: Days,
}

impl School {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let folder = Folder::open(context, self.days)?;
        let view = school::school(&folder.asker()?, self.urn)?;
        match context.output {
            Output::Json => output::json_line(&view),
            Output::Text => print::school(&view),
        }
    }
}
