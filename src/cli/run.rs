//! stub
use super::{Context, Failure};
use clap::Args;
#[derive(Debug, Args)]
pub struct Run {}
impl Run {
    pub fn run(self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}
