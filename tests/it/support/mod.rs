//! What the integration tests share: a data folder with an alert log, a receiver that does as it
//! is told, a publisher that misbehaves, and the corpus of published files.

pub mod corpus;
pub mod files;
pub mod folder;
pub mod pages;
pub mod program;
pub mod publisher;
pub mod receiver;
pub mod town;

pub use folder::Folder;
pub use pages::Pages;
pub use receiver::{Receiver, Reply};
