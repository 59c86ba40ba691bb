//! `headwater school URN`: what is known, and since which release.

use clap::Args;
use jiff::civil::Date;

use super::{Context, Failure, Output, output};
use crate::model::Urn;
use crate::pipeline::view::{self, SchoolView};
use crate::store::{facts, open_connection};

#[derive(Debug, Args)]
pub struct School {
    /// Unique reference number of the school, six digits
    urn: Urn,
    /// As the public knew it on this day
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

impl School {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let db = open_connection(&context.data, false)?;
        let measures = context.setup()?.measures.with_codes(&facts::measure_codes(&db)?);
        let view = view::school(&db, &measures, self.urn, self.as_of)?;
        if view.figures.is_empty() && view.gaps.is_empty() {
            let when = self.as_of.map_or(String::new(), |day| format!(" on {day}"));
            return Err(Failure::Data(format!("nothing was known about {}{when}", self.urn)));
        }
        match context.output {
            Output::Json => output::json_line(&view),
            Output::Text => print(&view),
        }
    }
}

fn print(view: &SchoolView) -> Result<(), Failure> {
    let name = view.name.as_deref().unwrap_or("name not known");
    output::text_line(&format!("{} {name}{}", view.urn, view.la.as_ref().map_or(String::new(), |la| format!(", LA {la}"))))?;
    if let Some(day) = &view.as_of {
        output::text_line(&format!("as known on {day}"))?;
    }
    for (title, urns) in [("predecessor", &view.predecessors), ("successor", &view.successors)] {
        for urn in urns {
            output::text_line(&format!("{title} {urn}"))?;
        }
    }
    let mut heading = String::new();
    for figure in &view.figures {
        let under = format!(
            "{} {}: {} (published {}), row {}",
            figure.dataset, figure.period, figure.release_name, figure.published, figure.row
        );
        let under = if figure.part.is_empty() { under } else { format!("{under}, {}", figure.part) };
        if under != heading {
            output::text_line(&format!("\n{under}"))?;
            heading = under;
        }
        let value = figure.value.clone().or(figure.missing.map(|why| format!("[{why}]"))).unwrap_or_default();
        let raw = if figure.raw == value { String::new() } else { format!("  `{}`", figure.raw.escape_debug()) };
        output::text_line(&format!("  {:<42} {value}{raw}", figure.title))?;
    }
    for gap in &view.gaps {
        output::text_line(&format!("\n{} {}: {} ({})", gap.dataset, gap.period, gap.what, gap.release_name))?;
    }
    output::text_line("")?;
    for concern in &view.concerns {
        output::text_line(&format!(
            "concern {}: {}, {}, about {}",
            concern.id,
            format!("{:?}", concern.state).to_lowercase(),
            concern.severity,
            concern.about
        ))?;
    }
    for (rule, because) in &view.unknown {
        output::text_line(&format!("{rule} could not be assessed: {}", because.join("; ")))?;
    }
    Ok(())
}
