//! The program as people start it: what it prints, how it ends, and what it leaves behind.

mod ask;
mod demo;
mod ingest;
mod redrive;
mod release;
mod usage;
mod validate;
mod who;
