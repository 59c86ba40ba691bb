//! `headwater area CODE`: the schools of a local authority, or of a part of a partnership.

use clap::Args;

use super::ask::{Days, Folder, when};
use super::{Context, Failure, Output, output};
use crate::pipeline::ask::area::{self, AreaView, RuleHere};
use crate::pipeline::ask::told::Told;

#[derive(Debug, Args)]
pub struct Area {
    /// Three-digit code or GSS code of a local authority, or PARTNERSHIP/SUB-AREA
    code: String,
    #[command(flatten)]
    days: Days,
}

impl Area {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let folder = Folder::open(context, self.days)?;
        let view = area::area(&folder.asker()?, &self.code)?;
        match context.output {
            Output::Json => output::json_line(&view),
            Output::Text => print(&view),
        }
    }
}

fn print(view: &AreaView) -> Result<(), Failure> {
    output::text_line(&format!("{} {}", view.code, name(&view.name)))?;
    if let Some(one) = &view.authority {
        let gss = one.gss.as_deref().unwrap_or("no GSS code on file");
        let kind = one.kind().map_or(String::new(), |kind| format!(", {kind}"));
        let gone = one.to.map_or(String::new(), |day| format!(", abolished after {day}, now {}", one.replaced_by.join(", ")));
        output::text_line(&format!("  {gss}{kind}, {}{gone}", one.region))?;
    }
    if let Some(when) = when(view.on.as_deref(), view.as_of.as_deref()) {
        output::text_line(&when)?;
    }
    let about = view.day.as_ref().map_or(String::new(), |day| format!(" on {day}"));
    output::text_line(&format!("\n{}{about}", output::number(view.open, "open school")))?;
    for (count, what) in [
        (view.status_not_known, "more of which it is not known whether they are open"),
        (view.may_be_here, "more of which it is not known whether they are here"),
    ] {
        if count > 0 {
            output::text_line(&format!("  {count} {what}"))?;
        }
    }
    output::text_line(&format!("  phases: {}", view.phases.words()))?;
    output::text_line(&format!("  in law: {}", view.legal_statuses.words()))?;
    rules(&view.concerns)?;
    output::text_line("\nTrusts with schools here")?;
    for trust in &view.trusts {
        output::text_line(&format!(
            "  {} {}: {}",
            trust.uid,
            trust.name.as_deref().unwrap_or("name not known"),
            output::number(trust.schools, "school")
        ))?;
    }
    output::text_line(&format!("  in none: {}; not known: {}", view.in_no_trust, view.trust_not_known))?;
    output::text_line("\nSchools")?;
    for school in &view.schools {
        let concerns = if school.concerns.is_empty() { String::new() } else { format!("; open: {}", school.concerns.join(", ")) };
        let (phase, status) = (school.phase.words(String::clone), school.legal_status.words(String::clone));
        output::text_line(&format!("  {} {}, {phase}, {status}{concerns}", school.urn, name(&school.name)))?;
    }
    Ok(())
}

/// Concerns by rule, with what could not be assessed.
pub fn rules(rules: &[RuleHere]) -> Result<(), Failure> {
    if !rules.is_empty() {
        output::text_line("\nConcerns by rule, as they stand now")?;
    }
    for rule in rules {
        let gone = if rule.evidence_gone > 0 { format!(", evidence gone {}", rule.evidence_gone) } else { String::new() };
        let title = rule.title.as_deref().unwrap_or("no rule of that name any more");
        output::text_line(&format!(
            "  {} ({title}): open {}{gone}, could not be assessed {}",
            rule.rule, rule.open, rule.not_assessed
        ))?;
    }
    Ok(())
}

fn name(told: &Told<String>) -> String {
    told.value.clone().unwrap_or_else(|| "name not known".to_owned())
}
