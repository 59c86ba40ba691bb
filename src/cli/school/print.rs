//! A school in words: who it is, whom it belongs to, where it comes from, what is open, every figure.

use std::collections::BTreeMap;

use super::super::ask::when;
use super::super::{Failure, output};
use crate::pipeline::ask::figures::Known;
use crate::pipeline::ask::lineage::Branch;
use crate::pipeline::ask::place::HeldView;
use crate::pipeline::ask::school::{ConcernView, Membership, SchoolView};
use crate::register::{GROUP_LINKS, LINKS};

pub fn school(view: &SchoolView) -> Result<(), Failure> {
    let name = view.name.as_deref().unwrap_or("name not known");
    output::text_line(&format!("{} {name}{}", view.urn, view.la.as_ref().map_or(String::new(), |la| format!(", LA {la}"))))?;
    if let Some(when) = when(view.on.as_deref(), view.as_of.as_deref()) {
        output::text_line(&when)?;
        output::text_line("concerns and the answers of rules are those of today, whatever the day asked about")?;
    }
    register(view)?;
    belongs(view)?;
    lineage(view)?;
    concerns(view)?;
    for (n, news) in view.news.iter().enumerate() {
        if n == 0 {
            output::text_line("\nNews of the register and notices, newest first; none of them is a concern")?;
        }
        output::text_line(&format!("  {} {}: {} (no. {})", news.about, news.title, news.says, news.sequence))?;
    }
    figures(view)
}

/// What the register says, without what it does not know.
fn register(view: &SchoolView) -> Result<(), Failure> {
    let Some(said) = view.register.iter().find_map(|field| field.release_name.as_ref()) else {
        let why = match view.listing {
            "gone" => "an earlier release of the register had it, the last one known has not",
            "set_aside" => "its row in the register was set aside",
            _ => "no release of the register has it",
        };
        return output::text_line(&format!("\nThe register: {why}"));
    };
    output::text_line(&format!("\nIn the register ({said})"))?;
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for field in &view.register {
        match (&field.value, &field.why) {
            (Some(value), _) => output::text_line(&format!("  {:<42} {value}", field.title))?,
            (None, Some(why)) => missing.entry(why).or_default().push(&field.title),
            (None, None) => {}
        }
    }
    if let Some(gss) = view.authority.as_ref().and_then(|one| one.gss.as_ref()) {
        output::text_line(&format!("  {:<42} {gss} (by the file of authorities)", "GSS code of the authority"))?;
    }
    output::text_line(&format!("  {:<42} {}", "In law", view.legal_status.words(String::clone)))?;
    for (why, titles) in missing {
        output::text_line(&format!("  {why}: {}", titles.join(", ")))?;
    }
    if view.laestabs.len() > 1 {
        for number in &view.laestabs {
            let until = number.until.as_ref().map_or(String::new(), |day| format!(", another by {day}"));
            output::text_line(&format!("  number {} by {}{until}", number.laestab, number.by))?;
        }
    }
    Ok(())
}

fn belongs(view: &SchoolView) -> Result<(), Failure> {
    if !view.memberships.is_empty() || !view.sponsors.is_empty() {
        output::text_line("\nBelongs to")?;
    }
    for span in &view.memberships {
        output::text_line(&format!("  {}", membership(span)))?;
    }
    for sponsor in &view.sponsors {
        output::text_line(&format!("  sponsor {} ({})", sponsor.name.as_deref().unwrap_or("name not known"), sponsor.uid))?;
    }
    for one in &view.looked_after {
        let example = if one.example { ", an example" } else { "" };
        output::text_line(&format!("  partnership {} ({}{example}), {}", one.title, one.partnership, held(&one.held)))?;
        for part in one.sub_areas.iter().chain(&one.boards) {
            output::text_line(&format!("    {} ({}), {}", part.title, part.id, held(&part.held)))?;
        }
    }
    let way = &view.pathway;
    output::text_line(&format!("\nWhich way help goes: {}", way.title))?;
    output::text_line(&format!("  {}", way.says))?;
    output::text_line(&format!("  ({}; {}) {}", way.source, way.id, way.caveat))
}

pub fn membership(span: &Membership) -> String {
    let name = span.name.as_deref().unwrap_or("name not known");
    let from = if span.exact { format!("since {}", span.from) } else { format!("by {}", span.from) };
    let to = span.to.as_ref().map_or(String::new(), |to| format!(", no longer on {to}"));
    format!("{} {name} ({}), {from}{to}", span.kind, span.body)
}

fn held(held: &HeldView) -> String {
    match &held.by {
        Some(by) => format!("by {by}"),
        None => format!("which is not known without {}", held.not_known.join(" and ")),
    }
}

fn lineage(view: &SchoolView) -> Result<(), Failure> {
    let lineage = &view.lineage;
    for (title, branches, succession) in [
        ("Comes after", &lineage.before, Some(&lineage.predecessor)),
        ("Goes on as", &lineage.after, Some(&lineage.successor)),
        ("Also linked with", &lineage.beside, None),
    ] {
        if !branches.is_empty() {
            output::text_line(&format!("\n{title}"))?;
            tree(branches, 1)?;
        }
        if let Some(why) = succession.and_then(|succession| succession.why_not.as_ref()) {
            output::text_line(&format!("  {why}"))?;
        }
    }
    Ok(())
}

fn tree(branches: &[Branch], depth: usize) -> Result<(), Failure> {
    for branch in branches {
        let date = branch.date.as_ref().map_or(String::new(), |day| format!(" on {day}"));
        let cut = branch.cut.map_or(String::new(), |cut| format!("; {cut}"));
        output::text_line(&format!(
            "{:indent$}{} {}, {}: {}{date}{cut}",
            "",
            branch.urn,
            branch.name.words(String::clone),
            branch.status.words(String::clone),
            branch.says,
            indent = depth * 2
        ))?;
        tree(&branch.further, depth + 1)?;
    }
    Ok(())
}

fn concerns(view: &SchoolView) -> Result<(), Failure> {
    if !(view.concerns.is_empty() && view.concerns_gone_on.is_empty() && view.unknown.is_empty()) {
        output::text_line("")?;
    }
    for concern in &view.concerns {
        let from = concern.followed_from.map_or(String::new(), |urn| format!(", raised for {urn}, from which it followed"));
        output::text_line(&format!("{}{from}", said(concern)))?;
    }
    for concern in &view.concerns_gone_on {
        output::text_line(&format!("{}, gone on with {}", said(concern), concern.urn))?;
    }
    for (rule, because) in &view.unknown {
        output::text_line(&format!("{rule} could not be assessed: {}", because.join("; ")))?;
    }
    Ok(())
}

fn said(concern: &ConcernView) -> String {
    let state = format!("{:?}", concern.state).to_lowercase();
    format!("concern {}: {state}, {}, about {}", concern.id, concern.severity, concern.about)
}

/// Figures besides those of the row of the register that is shown above, and of links and groups.
fn figures(view: &SchoolView) -> Result<(), Failure> {
    let row = view.register.iter().find_map(|field| field.release.zip(field.row));
    let shown =
        |figure: &&Known| ![LINKS, GROUP_LINKS].contains(&figure.dataset.as_str()) && row != Some((figure.release, figure.row));
    let mut heading = String::new();
    for figure in view.figures.iter().filter(shown) {
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
    Ok(())
}
