//! The one integration-test program: a module for each promise that is tried from outside.

mod support;

mod accounting;
mod fetch;
mod stream;
mod web;
mod webhook;
