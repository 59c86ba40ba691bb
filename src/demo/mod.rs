//! A fictional county, its publishers and a receiver of alerts, all offline.
//!
//! `headwater demo` replays ten years of publications about Wexcombe, a county that does not
//! exist, and holds what the pipeline makes of them against what was planted. The same parts
//! serve tests: the files are in the official layouts, the publisher behaves as the real ones do.
//!
//! [`county`] says who there is and [`plant`] who has a story; [`figures`] says what is true of
//! each of them; [`files`] writes it down as the publishers do; [`timeline`] says when each file
//! comes out and which ones are broken; [`truth`] says what must be in the log at the end.

pub mod dice;
pub mod names;

pub mod county;
pub mod figures;
pub mod plant;

pub mod files;
pub mod spoil;
pub mod timeline;
pub mod truth;

pub mod publisher;
pub mod receiver;
