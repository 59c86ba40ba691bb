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
//! | `days` | the releases of a register in the order of the days that they are about |
//! | `late` | a release of a register that does not come in its turn |
//! | `ingest` | a file → decoded, normalised, judged → facts |
//! | `reassess` | facts → outcomes → alerts |
//! | `register_news` | a release of the register → what is news about who is who |
//! | `follow` | a concern goes on with its school's only successor |
//! | `notices` | isolation and coverage → supportive notices |
//! | `chronicle` | what an act adds to the log, in order |
//! | `index` | where to look for the schools of a trust or an area |
//! | `called` | what a school is called |
//! | `standing` | which way help goes with a school |
//! | `poll` | sources → files, by their fetchers |
//! | `ask` | who is who: a school, a trust, an area, a partnership, on a day |
//! | `report` | what an act did, in words |
//! | `replay` | all acts again, into an empty folder |
//! | `explain` | an alert → its cells, read again from the raw bytes |

pub mod ask;
pub mod called;
pub mod changes;
pub mod chronicle;
pub mod daemon;
pub mod days;
mod differing;
pub mod engine;
pub mod explain;
pub mod follow;
pub mod index;
pub mod ingest;
pub mod late;
pub mod names;
pub mod notices;
pub mod reassess;
pub mod register_news;
pub mod offer;
pub mod poll;
pub mod replay;
pub mod report;
pub mod setup;
pub mod standing;
pub mod weigh;

pub use engine::{Done, Engine, EngineError};
pub use setup::Setup;
