//! A data folder with an alert log, and a receiver that does as it is told.

pub mod folder;
pub mod pages;
pub mod receiver;

pub use folder::Folder;
pub use pages::Pages;
pub use receiver::{Receiver, Reply};
