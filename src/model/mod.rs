//! What we speak about: schools, years, releases, figures, concerns, alerts.
//!
//! Nothing here reads a file, a clock or a network. The words are those of the field.

pub mod academic_year;
pub mod number;
pub mod urn;

pub mod measure;
pub mod period;
pub mod counts;
pub mod release;

pub mod fact;
pub mod record;
pub mod value;

pub mod alert;
pub mod class;
pub mod concern;
pub mod evidence;
pub mod news;
pub mod outcome;
pub mod verdict;

pub use academic_year::AcademicYear;
pub use alert::{Alert, AlertKind, Cause};
pub use class::{Class, NewsKind};
pub use concern::{Concern, ConcernState};
pub use counts::Counts;
pub use evidence::{Citation, Evidence, Figure};
pub use fact::{Fact, FactState, History, World};
pub use measure::{MeasureCode, Measures};
pub use news::{NoticeKind, RegisterKind};
pub use outcome::Outcome;
pub use period::{Period, Slot};
pub use record::{Body, Cell};
pub use release::{ReleaseInfo, ReleaseNo, Stage};
pub use urn::Urn;
pub use value::{Missing, Value};
pub use verdict::{Severity, Verdict};
