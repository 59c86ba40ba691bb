//! Whole stages against real sockets and real files, in one program.

mod support;

mod accounting;
mod daemon;
mod stream;
mod web;
mod webhook;
