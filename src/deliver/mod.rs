//! Alerts from the log to subscribers: who asked for what, how it is signed, when it is tried again.
//!
//! Webhooks follow Standard Webhooks 1.0 (<https://www.standardwebhooks.com>). The promise is *at
//! least once, in order for each school, under one id*: the id of the CloudEvent is the
//! `webhook-id` of every try. A school whose alert cannot be delivered holds up only its own later
//! alerts, a receiver that asks for time (`Retry-After`) or is away holds up its own subscription, and no
//! subscription holds up another, since each has a task of its own.
//!
//! [`retry`] and [`queue`] decide and are pure; [`webhook`] sends; [`dispatch`] connects them with
//! what the store owes. [`filter`] says who asked for what: concerns, unless told otherwise. Nothing here reads published data.

pub mod dispatch;
pub mod filter;
pub mod queue;
pub mod retry;
pub mod signing;
pub mod subscription;
pub mod webhook;

pub use dispatch::{Dispatcher, Ledger};
pub use subscription::{Secret, Subscription};
