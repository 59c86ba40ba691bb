//! stub
use clap::Args;
use super::{Context, Failure};
#[derive(Debug, Args)]
pub struct Demo {}
impl Demo { pub fn run(self, _: &Context) -> Result<(), Failure> { Ok(()) } }
