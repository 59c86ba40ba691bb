//! The alerts, newest first.

use maud::{Markup, html};

use super::super::event::CloudEvent;
use super::super::read::Entry;
use super::frame::{class_of, frame, kind, when};

/// `entries` may hold one more than the `limit` shown: then there are older ones.
pub fn page(entries: &[Entry], limit: usize, before: Option<i64>, urn: Option<u32>, last: i64) -> Markup {
    let (shown, older) = entries.split_at(entries.len().min(limit));
    let title = urn.map_or_else(|| "Alerts".to_owned(), |urn| format!("Alerts about school {urn}"));
    let place = |seq: i64| match urn {
        Some(urn) => format!("/?urn={urn}&before={seq}"),
        None => format!("/?before={seq}"),
    };
    frame(
        &title,
        html! {
            h1 { (title) }
            @if shown.is_empty() {
                p { @if last == 0 { "No alert has been logged yet." } @else { "There are no alerts here." } }
            } @else {
                div.wide tabindex="0" role="region" aria-label="Alerts" {
                    table {
                        caption { (shown.len()) " alerts and news of the register, newest first; " (last) " in the log" }
                        thead { tr {
                            th scope="col" { "No." } th scope="col" { "What" } th scope="col" { "School" }
                            th scope="col" { "About" } th scope="col" { "Because" } th scope="col" { "Cause" }
                            th scope="col" { "Published" } th scope="col" { "Evidence" }
                        } }
                        tbody { @for entry in shown { (row(entry)) } }
                    }
                }
            }
            nav aria-label="Pages" {
                @if before.is_some() { a href=(urn.map_or_else(|| "/".to_owned(), |urn| format!("/?urn={urn}"))) { "Newest" } }
                @if let (Some(last), false) = (shown.last(), older.is_empty()) { a href=(place(last.seq)) { "Older" } }
                @if let Some(urn) = urn { a href={ "/schools/" (urn) } { "Who this school is" } " " a href="/" { "All schools" } }
            }
        },
    )
}

fn row(entry: &Entry) -> Markup {
    let link = format!("/alerts/{}", entry.id);
    let Ok(event) = CloudEvent::read(&entry.body) else {
        return html! { tr { td { (entry.seq) } td { (kind("other")) } td colspan="5" { "cannot be read" } td { a href=(link) { "Entry " (entry.seq) } } } };
    };
    let data = event.data;
    html! {
        tr {
            td { (entry.seq) }
            td { @if data.is_concern() { (kind(data.kind.as_str())) } @else { (kind(class_of(data.class.as_str()))) } @if !data.severity.is_empty() { " " (data.severity.as_str()) } }
            th scope="row" { (data.school.name.or_dash()) " " a href={ "/schools/" (entry.urn) } aria-label={ "school " (entry.urn) } { (entry.urn) } }
            td { @if !data.is_concern() { (data.title.or_dash()) } @else if data.rule.title.is_empty() { (data.rule.id.or_dash()) } @else { (data.rule.title.as_str()) } " (" span.date { (data.about.or_dash()) } ")" }
            td { @if let Some(first) = data.because.first() { (first.as_str()) } }
            td { (data.cause.words()) }
            td.date { (when(event.time.as_str())) }
            td { a href=(link) aria-label={ "Evidence of alert " (entry.seq) } { "Evidence" } }
        }
    }
}
