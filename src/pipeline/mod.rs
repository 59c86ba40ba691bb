//! The only place where the stages meet. Reading `ingest.rs` is reading the system.
//!
//! | file | what |
//! |---|---|
//! | `daemon` | all of it, as tasks, until it is told to stop |
//! | `setup` | the files in force, parsed and checked together |
//! | `engine` | the data folder and the set-up under one hand; every act goes through it |
//! | `offer` | a file at the door: turned away, known already, or put through |
//! | `weigh` | what the gate is told beside the file |
//! | `differing` | how many schools have other values than in the release before |
//! | `changes` | which facts a release changes, and about whom |
//! | `ingest` | a file → decoded, normalised, judged → facts |
//! | `reassess` | facts → outcomes → alerts |
//! | `lineage` | predecessors and successors of a school, as far as the links say |
//! | `poll` | sources → files, by their fetchers |
//! | `view` | what is known about one school |
//! | `report` | what an act did, in words |
//! | `replay` | all acts again, into an empty folder |
//! | `explain` | an alert → its cells, read again from the raw bytes |

pub mod changes;
pub mod daemon;
mod differing;
pub mod engine;
pub mod explain;
pub mod ingest;
pub mod lineage;
pub mod names;
pub mod reassess;
pub mod offer;
pub mod poll;
pub mod replay;
pub mod report;
pub mod setup;
pub mod view;
pub mod weigh;

pub use engine::{Done, Engine, EngineError};
pub use setup::Setup;
