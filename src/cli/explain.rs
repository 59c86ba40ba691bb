//! `headwater explain ALERT|CONCERN`: why, down to the cell, computed again.

use clap::Args;

use super::{Context, Failure, Output, output};
use crate::model::{Evidence, Verdict};
use crate::pipeline::explain::{self, Explained};
use crate::store::{RawStore, open_connection};

#[derive(Debug, Args)]
pub struct Explain {
    /// Id or sequence of an alert, or a concern as RULE/URN
    what: String,
}

impl Explain {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let db = open_connection(&context.data, false)?;
        let raw = RawStore::open(&context.data)?;
        let entry = explain::find(&db, &self.what)?
            .ok_or_else(|| Failure::Data(format!("there is no alert or concern `{}`: `headwater log` shows them", self.what)))?;
        let spinner = output::spinner("reading the raw files again");
        let explained = explain::explain(&db, &raw, &entry)?;
        spinner.finish_and_clear();
        match context.output {
            Output::Json => output::json_line(&explained)?,
            Output::Text => print(&explained)?,
        }
        match explained.damaged.as_slice() {
            [] if explained.same => Ok(()),
            [] => Err(Failure::Data("computed again from the raw bytes, the answer differs".into())),
            damaged => Err(Failure::Data(format!(
                "it cannot be computed again: the raw file {} is gone or damaged: bring it back from a copy; `headwater verify` names all",
                damaged.join(", ")
            ))),
        }
    }
}

fn print(explained: &Explained) -> Result<(), Failure> {
    let data = &explained.alert["data"];
    let text = |pointer: &str| data.pointer(pointer).and_then(|value| value.as_str()).unwrap_or("-").to_owned();
    let line = |line: String| output::text_line(&line);
    let school = format!("{} ({})", text("/school/name"), explained.alert["subject"].as_str().unwrap_or("-"));
    if data["rule"].is_object() {
        line(format!("{} {} for {school}", text("/rule/title"), text("/kind")))?;
        line(format!("  rule      {} version {}, {}", text("/rule/id"), data["rule"]["version"], text("/rule/source")))?;
    } else {
        line(format!("{}: {school}", text("/title")))?;
    }
    line(format!("  cause     {}, about {}", text("/cause"), text("/about")))?;
    for because in data["because"].as_array().into_iter().flatten() {
        line(format!("  because   {}", because.as_str().unwrap_or("-")))?;
    }
    let evidence: Evidence = serde_json::from_value(data["evidence"].clone()).unwrap_or_default();
    for clause in &evidence.clauses {
        line(format!("  {}{} [{}]", "  ".repeat(usize::from(clause.depth)), clause.says, clause.verdict))?;
        for figure in &clause.figures {
            let indent = "  ".repeat(usize::from(clause.depth) + 2);
            line(format!("{indent}{} {}: {}", figure.title, figure.period, figure.value))?;
            for (title, value) in [("cohort", &figure.cohort), ("95 % interval", &figure.interval)] {
                if let Some(value) = value {
                    line(format!("{indent}  {title} {value}"))?;
                }
            }
            if let Some(cite) = &figure.cite {
                let check = explained.cells.iter().find(|cell| cell.cite == *cite);
                let seen = if check.is_some_and(|cell| cell.same) { "read again: the same" } else { "READ AGAIN: NOT THE SAME" };
                line(format!(
                    "{indent}  {}, file {}…, row {}, column {}, token `{}` ({seen})",
                    cite.release_name,
                    cite.file.get(..12).unwrap_or(&cite.file),
                    cite.row,
                    cite.column,
                    cite.raw.escape_debug()
                ))?;
            }
        }
    }
    let verdict = match explained.verdict {
        Some(Verdict::Met) => "met, ",
        Some(Verdict::NotMet) => "not met, ",
        Some(Verdict::Unknown) => "unknown, ",
        None => "",
    };
    line(format!("  computed again from the raw bytes: {verdict}{}", if explained.same { "the same" } else { "NOT THE SAME" }))
}
