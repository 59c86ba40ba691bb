//! The one integration binary: whole stages on whole files.

mod hostile;
mod published;
mod support;
