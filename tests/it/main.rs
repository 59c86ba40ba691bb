//! The one integration-test program: a module for each promise that is tried from outside.

// A test may end its own process, and plays the world outside: its clock, servers and clients.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and stand in for publishers and subscribers"
)]

mod support;

mod accounting;
mod answers;
mod browser;
mod cli;
mod connectors_corpus;
mod connectors_register;
mod crash;
mod daemon;
mod daemon_run;
mod fetch;
mod fixtures;
mod hostile;
mod layers;
mod notices;
mod one_commit;
mod persons;
mod partnerships;
mod published;
mod register_corpus;
mod register_time;
mod storage_faults;
mod stream;
mod watched_folder;
mod web;
mod web_who;
mod webhook;
