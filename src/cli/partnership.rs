//! `headwater partnership ID`: who is in a partnership, and which schools it looks after.

use clap::Args;

use super::area::rules;
use super::ask::{Days, Folder, when};
use super::{Context, Failure, Output, output};
use crate::partnership::Indicator;
use crate::pipeline::ask::partnership::{self, PartnershipView};

#[derive(Debug, Args)]
pub struct Partnership {
    /// Id of the partnership: the name of its file
    id: String,
    #[command(flatten)]
    days: Days,
}

impl Partnership {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let folder = Folder::open(context, self.days)?;
        let view = partnership::partnership(&folder.asker()?, &self.id)?;
        match context.output {
            Output::Json => output::json_line(&view),
            Output::Text => print(&view),
        }
    }
}

fn print(view: &PartnershipView) -> Result<(), Failure> {
    let example = if view.example { " (an invented example)" } else { "" };
    output::text_line(&format!("{} {}{example}", view.id, view.title))?;
    if let Some(when) = when(view.on.as_deref(), view.as_of.as_deref()) {
        output::text_line(&when)?;
    }
    if !view.stands {
        output::text_line(&format!("  it did not stand on {}", view.day))?;
    }
    heading("Members", view.members.len())?;
    for member in &view.members {
        let role = member.role.as_ref().map_or(String::new(), |role| format!(": {role}"));
        let reference = member.reference.as_ref().map_or(String::new(), |reference| format!(" {reference}"));
        output::text_line(&format!("  {} ({}{reference}), {}{role}", member.name, member.kind, member.when))?;
    }
    heading("Boards", view.boards.len())?;
    for board in &view.boards {
        let meets = board.meets.as_ref().map_or(String::new(), |meets| format!(", meets {meets}"));
        output::text_line(&format!(
            "  {} ({}), chaired by {}{meets}: {}",
            board.title,
            board.id,
            board.chair,
            counted(board.schools, board.not_known)
        ))?;
    }
    heading("Sub-areas", view.sub_areas.len())?;
    for part in &view.sub_areas {
        let lead = part.lead.as_ref().map_or(String::new(), |lead| format!(", led by {lead}"));
        output::text_line(&format!("  {} ({}){lead}: {}", part.title, part.id, counted(part.schools, part.not_known)))?;
    }
    heading("Alliances of its schools", view.alliances.len())?;
    for alliance in &view.alliances {
        output::text_line(&format!("  {} ({}): {}", alliance.title, alliance.id, output::number(alliance.schools, "school")))?;
    }
    rules(&view.concerns)?;
    output::text_line(&format!("\n{} on {}", output::number(view.schools.len(), "open school"), view.day))?;
    if view.status_not_known > 0 {
        output::text_line(&format!("  {} more of which it is not known whether they are open", view.status_not_known))?;
    }
    for school in &view.schools {
        let name = school.name.words(String::clone);
        output::text_line(&format!(
            "  {} {name}, {}, by {}",
            school.urn,
            school.legal_status.words(String::clone),
            school.held_by.as_deref().unwrap_or("not known")
        ))?;
        for (what, found) in [("isolated", &school.isolation), ("nobody works with it", &school.coverage)] {
            if let Some(found) = found {
                output::text_line(&format!("    {what}: {}", indicator(found)))?;
            }
        }
    }
    heading("Schools of which it is not known", view.not_known.len())?;
    for school in &view.not_known {
        let name = school.name.words(String::clone);
        output::text_line(&format!("  {} {name}: not known is {}", school.urn, school.held.not_known.join(" and ")))?;
    }
    Ok(())
}

fn heading(title: &str, count: usize) -> Result<(), Failure> {
    if count > 0 { output::text_line(&format!("\n{title}")) } else { Ok(()) }
}

fn counted(schools: u32, not_known: u32) -> String {
    let more = if not_known > 0 { format!(", not known of {not_known} more") } else { String::new() };
    format!("{}{more}", output::number(schools, "school"))
}

fn indicator(found: &Indicator) -> String {
    let tracked = found.components.iter().filter(|one| one.tracked);
    let because: Vec<&str> = tracked.map(|one| one.because.as_str()).collect();
    format!("{} ({})", found.verdict, because.join("; "))
}
