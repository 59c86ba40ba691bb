//! Headwater turns what is published about schools in England into concern alerts that can be
//! explained to the cell. The modules stand in the order in which data passes through them;
//! ARCHITECTURE.md has the picture.

pub mod faults;
pub mod model;
pub mod toml_file;

pub mod alert;
pub mod assess;
pub mod connector;
pub mod decode;
pub mod deliver;
pub mod fetch;
pub mod normalise;
pub mod pipeline;
pub mod release_gate;
pub mod store;
pub mod web;

pub mod cli;
pub mod config;
pub mod demo;
pub mod runtime;
pub mod telemetry;
