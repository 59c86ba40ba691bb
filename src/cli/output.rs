//! How verbs print.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Failure;
use crate::faults::Faults;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    Text,
    Json,
}

/// One JSON object on a line of its own.
pub fn json_line(value: &impl Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    text_line(&line)
}

pub fn text_line(line: &str) -> Result<(), Failure> {
    writeln!(io::stdout().lock(), "{line}").map_err(anyhow::Error::from)?;
    Ok(())
}

/// `1 school`, `3 schools`.
pub fn number(count: impl TryInto<u64>, what: &str) -> String {
    match count.try_into() {
        Ok(1) => format!("1 {what}"),
        Ok(count) => format!("{count} {what}s"),
        Err(_) => format!("many {what}s"),
    }
}

/// A spinner with a message at a terminal, nothing elsewhere.
pub fn spinner(message: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(message);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A bar of `length` steps at a terminal, nothing elsewhere.
pub fn bar(length: u64, message: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(message)
}

/// An error with its causes on one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

fn count(faults: &Faults) -> String {
    match faults.0.len() {
        1 => "one fault in the files in force".into(),
        faults => format!("{faults} faults in the files in force"),
    }
}

/// Says why a verb failed. Faults of files are data too: each is an object on a line of its own.
pub fn failure(failure: &Failure, output: Output) {
    match (failure, output) {
        (Failure::Config(faults), Output::Json) => {
            let _ = faults.0.iter().try_for_each(json_line);
            eprintln!("headwater: {}", count(faults));
        }
        (Failure::Config(faults), Output::Text) if faults.0.len() > 1 => eprintln!("headwater: {}:\n{faults}", count(faults)),
        _ => eprintln!("headwater: {}", chain(failure)),
    }
}

/// Whether the reader of our output has gone, as `| head` does: no failure of ours.
pub fn is_broken_pipe(failure: &Failure) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(failure);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return true;
        }
        cause = error.source();
    }
    matches!(failure, Failure::Other(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
