//! `headwater trust UID`: who belongs to a trust, who once did, and what it is like.

use clap::Args;

use super::ask::{Days, Folder, when};
use super::{Context, Failure, Output, output};
use crate::pipeline::ask::profile::ProfileView;
use crate::pipeline::ask::told::{ShareView, Told};
use crate::pipeline::ask::trust::{self, TrustView};

#[derive(Debug, Args)]
pub struct Trust {
    /// Group UID of the trust, federation or sponsor
    uid: String,
    #[command(flatten)]
    days: Days,
    /// Scheme by which size is cut; the first of config/trust-sizes.toml without it
    #[arg(long, value_name = "SCHEME")]
    sizes: Option<String>,
}

impl Trust {
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let folder = Folder::open(context, self.days)?;
        let view = trust::trust(&folder.asker()?, &self.uid, self.sizes.as_deref())?;
        match context.output {
            Output::Json => output::json_line(&view),
            Output::Text => print(&view),
        }
    }
}

fn print(view: &TrustView) -> Result<(), Failure> {
    output::text_line(&format!("{} {} {}", view.kind, view.uid, name(&view.name)))?;
    if let Some(when) = when(view.on.as_deref(), view.as_of.as_deref()) {
        output::text_line(&when)?;
    }
    let group = &view.group;
    if group.name.value.is_some() {
        for (title, told) in [
            ("Type", &group.kind),
            ("Status", &group.status),
            ("Opened", &group.opened),
            ("Incorporated", &group.incorporated),
            ("Companies House number", &group.companies_house),
        ] {
            output::text_line(&format!("  {title:<26} {}", told.words(String::clone)))?;
        }
    } else {
        output::text_line(&format!("  the register of groups: {}", group.name.words(String::clone)))?;
    }
    if let Some(profile) = &view.profile {
        self::profile(profile)?;
    }
    output::text_line(&format!("\n{}", output::number(view.members.len(), "member")))?;
    for member in &view.members {
        let joined = match (&member.joined, member.exact) {
            (Some(day), true) => format!("since {day}"),
            (Some(day), false) => format!("by {day}"),
            (None, _) => "since when is not known".to_owned(),
        };
        let (phase, kind) = (member.phase.words(String::clone), member.kind.words(String::clone));
        output::text_line(&format!(
            "  {} {}, {phase}, {kind}, LA {}, {joined}",
            member.urn,
            name(&member.name),
            member.la.words(String::clone)
        ))?;
    }
    if !view.past_members.is_empty() {
        output::text_line(&format!("\n{} that once belonged", view.past_members.len()))?;
    }
    for past in &view.past_members {
        let from = if past.exact { "from" } else { "by" };
        output::text_line(&format!("  {} {}, {from} {}, no longer on {}", past.urn, name(&past.name), past.from, past.to))?;
    }
    if !view.history.is_empty() {
        output::text_line("\nWho joined and who left")?;
    }
    for step in &view.history {
        let by = if step.exact { "" } else { "by " };
        output::text_line(&format!("  {by}{} {} {} {}", step.day, step.what, step.urn, name(&step.name)))?;
    }
    Ok(())
}

fn profile(profile: &ProfileView) -> Result<(), Failure> {
    let size = &profile.size;
    let mut other = Vec::new();
    for (what, count) in [
        ("of them proposed to close", size.closing),
        ("proposed to open", size.proposed),
        ("closed", size.closed),
        ("not known whether open", size.status_not_known),
    ] {
        if count > 0 {
            other.push(format!(", {count} {what}"));
        }
    }
    output::text_line(&format!("\nProfile on {}, of the schools known to be open", profile.as_of))?;
    let line = |title: &str, words: String| output::text_line(&format!("  {title:<26} {words}"));
    line("Schools", format!("{}{}", size.open, other.concat()))?;
    line("Size", format!("{} (scheme {}: {})", size.band.words(String::clone), size.scheme, size.scheme_title))?;
    line("Phases", profile.phases.words())?;
    line("Phase mix", profile.phase_mix.words(String::clone))?;
    line("Kinds", profile.kinds.words())?;
    line("Converters", share(&profile.converters))?;
    line("Sponsored", share(&profile.sponsored))?;
    line("Local authorities", profile.authorities.words())?;
    line("Regions", profile.regions.words())?;
    let spread = &profile.spread;
    let unknown = if spread.not_located > 0 { format!("; {} not located", spread.not_located) } else { String::new() };
    let words = match &spread.distances {
        Some(far) => format!(
            "median distance {:.1} km in a straight line, {} of neighbours within {:.1} km, {} in the largest{unknown}",
            f64::from(far.median_metres) / 1000.0,
            output::number(far.clusters, "cluster"),
            f64::from(far.neighbours_within_metres) / 1000.0,
            output::number(far.largest_cluster, "school")
        ),
        None => format!("fewer than two schools are located{unknown}"),
    };
    line("Spread", words)?;
    line(
        "Age",
        profile.age.words(|age| {
            let years = age.years.map_or_else(|| "not begun yet".to_owned(), |years| output::number(years, "year"));
            format!("{years} ({} {}), {}", age.dated_by, age.since, age.band)
        }),
    )
}

fn share(share: &ShareView) -> String {
    let percent = share.percent.as_ref().map_or(String::new(), |percent| format!(" ({percent}%)"));
    let unknown = if share.not_known > 0 { format!(", not known of {} more", share.not_known) } else { String::new() };
    format!("{} of {}{percent}{unknown}", share.count, share.of)
}

fn name(told: &Told<String>) -> String {
    told.value.clone().unwrap_or_else(|| "name not known".to_owned())
}
