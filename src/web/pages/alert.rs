//! One alert: what happened, why, and each figure down to its cell.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::event::{Citation, Clause, CloudEvent, Data, Figure};
use super::super::read::Entry;
use super::frame::{class_of, frame, kind, when};

/// `about` are the alerts about the same school, newest first.
pub fn page(entry: &Entry, about: &[Entry]) -> Markup {
    let Ok(event) = CloudEvent::read(&entry.body) else {
        let title = format!("Alert {}", entry.seq);
        let body =
            html! { h1 { (title) } p { "This entry of the log cannot be shown; it reads:" } pre { code { (entry.body) } } };
        return frame(&title, body);
    };
    let data = &event.data;
    let title = format!("{}: {}", data.heading(), data.school.name.or_dash());
    frame(
        &title,
        html! {
            h1 { @if data.is_concern() { (kind(data.kind.as_str())) } @else { (kind(class_of(data.class.as_str()))) } " " (title) }
            @if !data.is_concern() { p { (no_concern(data.class.as_str())) } }
            @if !data.because.is_empty() {
                h2 { @if data.is_concern() { "Why" } @else { "What happened" } }
                ul { @for because in &data.because { li { (because.as_str()) } } }
            }
            @if !data.pathway.says.is_empty() { h2 { "Which way help goes" } p { (data.pathway.says.as_str()) } }
            h2 { "What" }
            (facts(entry, &event))
            h2 { "Evidence" }
            @if data.is_concern() { p { "What the rule asks, the answer, and the cell in which each figure stands. Rows are counted as a spreadsheet shows them." } }
            @else { p { "What was said before and what is said now, with the cells. Rows are counted as a spreadsheet shows them." } }
            @if data.evidence.clauses.is_empty() { p { "This alert carries no figures." } }
            @if data.is_concern() {
                @for (title, clauses) in groups(&data.evidence.clauses) { (table(title, clauses, entry.urn)) }
            } @else {
                (said(&data.evidence.clauses, entry.urn))
            }
            (files(&data.evidence.clauses))
            (others(entry, data, about))
        },
    )
}

fn facts(entry: &Entry, event: &CloudEvent) -> Markup {
    let data = &event.data;
    let before = if data.state_before.is_empty() { "none".to_owned() } else { data.state_before.words() };
    html! {
        dl {
            dt { "School" }
            dd { (data.school.name.or_dash()) ", URN " a href={ "/schools/" (entry.urn) } { (entry.urn) } " (" a href={ "/?urn=" (entry.urn) } { "all its alerts" } "), local authority " (data.school.la.or_dash()) }
            @for other in &data.others { dt { "Also about" } dd { "URN " a href={ "/schools/" (other.as_str()) } { (other.as_str()) } } }
            @if data.is_concern() {
            dt { "Rule" }
            dd { (data.rule.title.or_dash()) " (" code { (data.rule.id.as_str()) } ", version " (data.rule.version.or_dash()) ")" @if !data.rule.source.is_empty() { "; source: " (data.rule.source.as_str()) } }
            dt { "Answer" } dd { (data.verdict.words()) @if !data.severity.is_empty() { ", " (data.severity.as_str()) } }
            dt { "Concern" } dd { code { (data.concern.as_str()) } ": " (before) " → " (data.state_after.words()) }
            }
            dt { "About" } dd { (data.about.or_dash()) }
            dt { "Cause" } dd { (data.cause.words()) }
            dt { "Published" } dd { (when(event.time.as_str())) }
            dt { "Recorded" } dd { (when(event.recordedtime.as_str())) }
            dt { "Alert" } dd { "number " (entry.seq) ", " a href={ "/api/v1/alerts/" (entry.id) } { "as CloudEvent " code { (entry.id) } } }
        }
    }
}

/// The clauses under each outermost one, what decided first. A rule that speaks about some schools
/// only has two: whether it speaks about this one, and what it asks.
fn groups(clauses: &[Clause]) -> Vec<(&'static str, &[Clause])> {
    let groups: Vec<&[Clause]> = clauses.chunk_by(|_, next| next.depth > 0).collect();
    match groups[..] {
        [scope, rule] => vec![("What the rule asks", rule), ("Whether the rule is about this school", scope)],
        _ => groups.into_iter().map(|group| ("What the rule asks", group)).collect(),
    }
}

fn table(title: &str, clauses: &[Clause], urn: u32) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(title) {
            table {
                caption { (title) }
                thead { tr { @for head in ["Clause", "Answer", "Figure", "Value", "Where it stands"] { th scope="col" { (head) } } } }
                tbody { @for clause in clauses { (clause_rows(clause, urn)) } }
            }
        }
    }
}

fn no_concern(class: &str) -> &'static str {
    match class {
        "notice" => "A supportive notice, for those who can help. It is not a concern and is not counted as one.",
        _ => "News of the register. It is not a concern and is not counted as one.",
    }
}

/// The cells of news about who is who: there is no rule and no answer.
fn said(clauses: &[Clause], urn: u32) -> Markup {
    html! {
        @if clauses.iter().any(|clause| !clause.figures.is_empty()) {
            div.wide tabindex="0" role="region" aria-label="What is said" {
                table {
                    caption { "What is said, the earlier first" }
                    thead { tr { @for head in ["Field", "Value", "Where it stands"] { th scope="col" { (head) } } } }
                    tbody { @for figure in clauses.iter().flat_map(|clause| &clause.figures) { tr { (figure_cells(figure, urn)) } } }
                }
            }
        }
    }
}

fn clause_rows(clause: &Clause, urn: u32) -> Markup {
    let (rows, indent) = (clause.figures.len().max(1), format!("padding-left: {}rem", 0.6 + f32::from(clause.depth.min(8))));
    let answer = match clause.verdict.as_str() {
        "met" => "yes",
        "not_met" => "no",
        "unknown" => "cannot be told",
        _ => clause.verdict.or_dash(),
    };
    html! {
        tr {
            th.clause scope="row" rowspan=(rows) style=(indent) { (clause.says.or_dash()) }
            td rowspan=(rows) { (answer) }
            @match clause.figures.first() { Some(figure) => { (figure_cells(figure, urn)) } None => { td colspan="3" {} } }
        }
        @for figure in clause.figures.iter().skip(1) { tr { (figure_cells(figure, urn)) } }
    }
}

fn figure_cells(figure: &Figure, urn: u32) -> Markup {
    html! {
        td { @if figure.title.is_empty() { (figure.measure.or_dash()) } @else { (figure.title.as_str()) } " " span.date { (figure.period.as_str()) } }
        td {
            @if figure.missing.is_empty() { (figure.value.or_dash()) }
            @else { span.missing { "no figure: " (figure.value.as_str()) " (" (figure.missing.as_str()) ")" } }
            @if !figure.interval.is_empty() { br; span.note { "95 % interval " (figure.interval.as_str()) } }
            @if !figure.cohort.is_empty() { br; span.note { (figure.cohort.as_str()) " pupils" } }
        }
        (cell(figure.cite.as_ref(), urn))
    }
}

/// Release, row, column and token: with the list of files, enough to find the cell by hand.
fn cell(cite: Option<&Citation>, urn: u32) -> Markup {
    let Some(cite) = cite else { return html! { td { "there is no cell" } } };
    html! {
        td.cell {
            (name(cite)) ", row " (cite.row.or_dash()) ", column " code { (cite.column.or_dash()) } ", which reads "
            @if cite.raw.is_empty() { "nothing" } @else { code { (cite.raw.as_str()) } }
            @if !cite.urn.is_empty() && cite.urn.as_str() != urn.to_string() { "; the row of URN " (cite.urn.as_str()) }
        }
    }
}

fn name(cite: &Citation) -> &str {
    if cite.release_name.is_empty() { cite.release.or_dash() } else { cite.release_name.as_str() }
}

/// Each file once.
fn files(clauses: &[Clause]) -> Markup {
    let cites = clauses.iter().flat_map(|clause| &clause.figures).filter_map(|figure| figure.cite.as_ref());
    let files: BTreeSet<(&str, &str)> = cites.map(|cite| (name(cite), cite.file.or_dash())).collect();
    html! {
        @if !files.is_empty() {
            h2 { "Files" }
            ul { @for (release, file) in &files { li { (release) ", SHA-256 " code { (file) } } } }
        }
    }
}

/// The other alerts of the same concern.
fn others(entry: &Entry, data: &Data, about: &[Entry]) -> Markup {
    let same: Vec<(&Entry, Data)> = about
        .iter()
        .filter(|other| other.seq != entry.seq)
        .filter_map(|other| CloudEvent::read(&other.body).ok().map(|event| (other, event.data)))
        .filter(|(_, other)| data.is_concern() && other.is_concern() && other.concern == data.concern)
        .collect();
    html! {
        @if !same.is_empty() {
            h2 { "Other alerts of this concern" }
            ul { @for (other, told) in &same {
                li { a href={ "/alerts/" (other.id) } { "No. " (other.seq) ", " (told.kind.as_str()) ", about " (told.about.or_dash()) } " – " (told.cause.words()) }
            } }
        }
    }
}
