//! One alert: what happened, why, and each figure down to its cell.

use maud::{Markup, html};

use super::super::event::{Citation, Clause, CloudEvent, Data, Figure};
use super::super::read::Entry;
use super::frame::{frame, kind, when};

/// `about` are the alerts about the same school, newest first.
pub fn page(entry: &Entry, about: &[Entry]) -> Markup {
    let Ok(event) = CloudEvent::read(&entry.body) else {
        let title = format!("Alert {}", entry.seq);
        let body =
            html! { h1 { (title) } p { "This entry of the log cannot be shown; it reads:" } pre { code { (entry.body) } } };
        return frame(&title, body);
    };
    let data = &event.data;
    let title = format!("{}: {}", data.rule.title.or_dash(), data.school.name.or_dash());
    frame(
        &title,
        html! {
            h1 { (kind(data.kind.as_str())) " " (title) }
            @if !data.because.is_empty() {
                h2 { "Why" }
                ul { @for because in &data.because { li { (because.as_str()) } } }
            }
            h2 { "What" }
            (facts(entry, &event))
            h2 { "Evidence" }
            p { "Each clause of the rule, what it found, and the cell in which each figure stands. Rows are counted as a spreadsheet shows them." }
            @if data.evidence.clauses.is_empty() { p { "This alert carries no figures." } }
            @for clause in &data.evidence.clauses { (clause_block(clause)) }
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
            dd { (data.school.name.or_dash()) ", URN " a href={ "/?urn=" (entry.urn) } { (entry.urn) } ", local authority " (data.school.la.or_dash()) }
            dt { "Rule" }
            dd { (data.rule.title.or_dash()) " (" code { (data.rule.id.as_str()) } ", version " (data.rule.version.or_dash()) ")" @if !data.rule.source.is_empty() { "; source: " (data.rule.source.as_str()) } }
            dt { "About" } dd { (data.about.or_dash()) }
            dt { "Answer" } dd { (data.verdict.words()) @if !data.severity.is_empty() { ", " (data.severity.as_str()) } }
            dt { "Concern" } dd { code { (data.concern.as_str()) } ": " (before) " → " (data.state_after.words()) }
            dt { "Cause" } dd { (data.cause.words()) }
            dt { "Published" } dd { (when(event.time.as_str())) }
            dt { "Recorded" } dd { (when(event.recordedtime.as_str())) }
            dt { "Alert" } dd { "number " (entry.seq) ", " a href={ "/api/v1/alerts/" (entry.id) } { "as CloudEvent " code { (entry.id) } } }
        }
    }
}

fn clause_block(clause: &Clause) -> Markup {
    let indent = format!("margin-left: {}rem", u16::from(clause.depth.min(8)) * 3 / 2);
    html! {
        section style=(indent) {
            h3 { (clause.says.or_dash()) ": " (clause.verdict.words()) }
            @if !clause.figures.is_empty() {
                div.wide tabindex="0" role="region" aria-label={ "Figures of: " (clause.says.as_str()) } {
                    table {
                        caption { "Figures looked at" }
                        thead { tr {
                            @for head in ["Figure", "Period", "Value", "Cohort", "95 % interval", "Where it stands"] {
                                th scope="col" { (head) }
                            }
                        } }
                        tbody { @for figure in &clause.figures { (figure_row(figure)) } }
                    }
                }
            }
        }
    }
}

fn figure_row(figure: &Figure) -> Markup {
    html! {
        tr {
            th scope="row" { @if figure.title.is_empty() { (figure.measure.or_dash()) } @else { (figure.title.as_str()) } }
            td.date { (figure.period.or_dash()) }
            td {
                @if figure.missing.is_empty() { (figure.value.or_dash()) }
                @else { span.missing { "no figure: " (figure.value.as_str()) " (" (figure.missing.as_str()) ")" } }
            }
            td { (figure.cohort.or_dash()) }
            td { (figure.interval.or_dash()) }
            (cell(figure.cite.as_ref()))
        }
    }
}

/// Release, row, column, token and file: enough to find the cell by hand.
fn cell(cite: Option<&Citation>) -> Markup {
    let Some(cite) = cite else { return html! { td { "there is no cell" } } };
    let release = if cite.release_name.is_empty() { cite.release.or_dash() } else { cite.release_name.as_str() };
    html! {
        td.cell {
            (release) ", row " (cite.row.or_dash()) ", column " code { (cite.column.or_dash()) } ", which reads "
            @if cite.raw.is_empty() { "nothing" } @else { code { (cite.raw.as_str()) } }
            @if !cite.urn.is_empty() { "; the row of URN " (cite.urn.as_str()) }
            br;
            span.note { "file with SHA-256 " code { (cite.file.or_dash()) } }
        }
    }
}

/// The other alerts of the same concern.
fn others(entry: &Entry, data: &Data, about: &[Entry]) -> Markup {
    let same: Vec<(&Entry, Data)> = about
        .iter()
        .filter(|other| other.seq != entry.seq)
        .filter_map(|other| CloudEvent::read(&other.body).ok().map(|event| (other, event.data)))
        .filter(|(_, other)| other.concern == data.concern)
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
