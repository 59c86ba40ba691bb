//! The one integration-test program: a module for each part that is tried from outside.

mod support;

mod fetch;
