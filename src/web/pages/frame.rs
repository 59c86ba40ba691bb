//! What all pages have around them.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

pub fn frame(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Headwater" }
                // the file is ours, and style is no place for escapes
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header { a href="/" { "Headwater" } " " span { "alerts about schools, with their evidence" } }
                main id="main" { (body) }
                footer { "Alerts lead to published figures. A figure that is missing is shown as missing, with the reason." }
            }
        }
    }
}

/// A date and time as people write it: `2026-11-20T09:30:00Z` → `2026-11-20 09:30 UTC`. A release
/// is published on a day, which stands in the log as its midnight.
pub fn when(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) if text.ends_with("T00:00:00Z") => time.strftime("%Y-%m-%d").to_string(),
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// The word for entries that are no concern.
pub fn class_of(class: &str) -> &'static str {
    match class {
        "notice" => "notice",
        _ => "register",
    }
}

/// The kind of an alert as a word in colour; the word alone says it too.
pub fn kind(word: &str) -> Markup {
    let known = [
        "raised",
        "escalated",
        "reopened",
        "changed",
        "eased",
        "resolved",
        "withdrawn",
        "unknown",
        "followed",
        "register",
        "notice",
    ];
    let class = known.iter().find(|known| **known == word).copied().unwrap_or("other");
    html! { span class={ "kind " (class) } { (word) } }
}
