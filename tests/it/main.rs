//! The one integration binary: whole stages on whole files.

mod connectors_corpus;
mod hostile;
mod published;
mod support;
