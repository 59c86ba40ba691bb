//! A fictional county, its publishers and a receiver of alerts, all offline.
//!
//! `headwater demo` replays ten years of publications about Wexcombe, a county that does not
//! exist, and holds what the pipeline makes of them against what was planted. The same parts
//! serve tests: the files are in the official layouts, the publisher behaves as the real ones do.
//!
//! [`county`] says who there is, [`plant`] who has a story and [`who`] what changes about heads, names
//! and trusts; [`figures`] says what is true of
//! each of them; [`files`] writes it down as the publishers do; [`timeline`] says when each file
//! comes out and which ones are broken; [`truth`] says which alerts about concerns must be in the log
//! at the end and [`news`] which news of the register, and [`check`](mod@check) tells every difference. [`publisher`] and [`receiver`] are the two ends of the wire.

pub mod dice;
pub mod names;

pub mod county;
pub mod figures;
pub mod plant;
pub mod who;

pub mod files;
pub mod spoil;
pub mod news;
pub mod timeline;
pub mod truth;

pub mod check;

pub mod publisher;
pub mod receiver;

pub use check::{Observed, ObservedAlert, ObservedNews, ObservedRelease, check};
pub use county::County;
pub use timeline::{Expect, Publication, Served};
pub use truth::{RowCounts, Truth};

/// The seed of the Wexcombe that everybody sees.
pub const SEED: u64 = 990;

/// The county with everything that is published about it and what must come of it.
#[derive(Debug, Clone)]
pub struct Wexcombe {
    pub county: County,
    pub timeline: Vec<Publication>,
    pub truth: Truth,
}

impl Wexcombe {
    /// The same seed gives the same bytes, on every machine.
    ///
    /// # Errors
    /// Only if compressing into memory fails.
    pub fn new(seed: u64) -> std::io::Result<Wexcombe> {
        let county = County::new(seed);
        let timeline = timeline::timeline(&county)?;
        let truth = Truth::of(&county, &timeline);
        Ok(Wexcombe { county, timeline, truth })
    }
}

/// The county of all tests, made once.
#[cfg(test)]
fn wexcombe() -> &'static Wexcombe {
    static WEXCOMBE: std::sync::LazyLock<Wexcombe> = std::sync::LazyLock::new(|| Wexcombe::new(SEED).unwrap());
    &WEXCOMBE
}
