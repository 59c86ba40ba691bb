//! What a daemon needs and that knows nothing of schools: the clock, the stop signal, supervised
//! tasks and their schedules.
//!
//! A task is a name, a time when it is due and an idempotent function. Whoever has news for it
//! nudges it, and the nudge carries no data: the function looks for itself what there is to do, so a
//! lost or a doubled nudge does no harm. The stop comes in two steps: intake ends first, what has
//! been committed is still handed on within a limit, then everything ends.

pub mod clock;
pub mod nudge;
pub mod schedule;
pub mod shutdown;
pub mod status;
pub mod task;
pub mod tasks;

pub use clock::Clock;
pub use nudge::{Ear, Nudge};
pub use schedule::Schedule;
pub use shutdown::Stop;
pub use status::{Status, Statuses};
pub use task::{Again, Task};
pub use tasks::{Run, Tasks};
