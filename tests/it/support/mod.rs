//! What the integration tests share: a data folder with an alert log, a receiver that does as it
//! is told, and a publisher that misbehaves.

pub mod folder;
pub mod pages;
pub mod publisher;
pub mod receiver;

pub use folder::Folder;
pub use pages::Pages;
pub use receiver::{Receiver, Reply};
