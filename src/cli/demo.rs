//! stub
use super::{Context, Failure};
use clap::Args;
#[derive(Debug, Args)]
pub struct Demo {}
impl Demo {
    pub fn run(self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}
