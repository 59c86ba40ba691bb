//! Headwater turns what is published about schools in England into concern alerts that can be
//! explained to the cell. The modules stand in the order in which data passes through them;
//! ARCHITECTURE.md has the picture.

pub mod faults;
pub mod toml_file;
pub mod model;

pub mod connector;
pub mod fetch;
pub mod decode;
pub mod normalise;
pub mod release_gate;
pub mod register;
pub mod partnership;
pub mod store;
pub mod assess;
pub mod alert;
pub mod deliver;
pub mod web;
pub mod pipeline;

pub mod config;
pub mod runtime;
pub mod telemetry;
pub mod demo;
pub mod cli;
