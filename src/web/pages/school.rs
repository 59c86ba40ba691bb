//! One school: who it is, whom it belongs to, where it comes from, and what is open about it.

use maud::{Markup, html};

use super::super::event::{CloudEvent, Text};
use super::super::read::Entry;
use super::super::school::{Branch, Concern, Held, Membership, School, Told};
use super::frame::{class_of, frame, kind, when};

/// `log` are the entries about the school, newest first.
pub fn page(school: &School, log: &[Entry]) -> Markup {
    let title = format!("{} ({})", or(&school.name, "School without a known name"), school.urn.as_str());
    frame(
        &title,
        html! {
            h1 { (title) }
            @if !school.on.is_empty() { p { "As it stood on " (school.on.as_str()) "." } }
            @if !school.as_of.is_empty() { p { "As known on " (school.as_of.as_str()) "; what was published later is left out." } }
            (who(school))
            (belongs(school))
            (lineage(school))
            (concerns(school, log))
            (news(school))
            h2 { "Which way help goes" }
            p { strong { (school.pathway.title.or_dash()) } }
            p { (school.pathway.says.as_str()) }
            p.note { (school.pathway.caveat.as_str()) " Source: " (school.pathway.source.as_str()) }
            (register(school))
            nav aria-label="More" {
                a href={ "/?urn=" (school.urn.as_str()) } { "All alerts and news about this school" } " "
                a href={ "/api/v1/schools/" (school.urn.as_str()) } { "As JSON, with every figure" }
            }
        },
    )
}

fn who(school: &School) -> Markup {
    let status = school.register.iter().find(|field| field.field.as_str() == "status");
    let ages = match (school.said("low_age"), school.said("high_age")) {
        ("", _) | (_, "") => "ages not known".to_owned(),
        (low, high) => format!("ages {low} to {high}"),
    };
    let address = ["street", "locality", "town", "postcode"].map(|field| school.said(field));
    let address: Vec<&str> = address.into_iter().filter(|part| !part.is_empty()).collect();
    let la = |field: &str| if school.said(field).is_empty() { "not known".to_owned() } else { school.said(field).to_owned() };
    html! {
        h2 { "Who it is" }
        @match school.listing.as_str() {
            "never" => { p { "No release of the register has this school." } }
            "gone" => { p { "An earlier release of the register had this school; the last one has not, and it is not known what became of it." } }
            "set_aside" => { p { "The school's row in the register was set aside, because it could not be trusted." } }
            _ => {}
        }
        dl {
            dt { "Status" } dd { @if let Some(status) = status { (told(&status.value, &status.why)) } }
            dt { "In law" } dd { (value(&school.legal_status)) @if !school.said("type").is_empty() { " (" (school.said("type")) ")" } }
            dt { "Phase" } dd { (la("phase")) ", " (ages) }
            dt { "Pupils" } dd { (la("pupils")) }
            dt { "Address" } dd { @if address.is_empty() { "not known" } @else { (address.join(", ")) } }
            dt { "Local authority" } dd { (la("la_name")) ", code " (la("la")) ", GSS code "
                @if school.said("la_gss").is_empty() { (or(&school.authority.gss, "not known")) } @else { (school.said("la_gss")) } ", region " (la("region")) }
            dt { "Numbers" }
            dd {
                "URN " (school.urn.as_str()) ", UKPRN " (la("ukprn"))
                @for number in &school.laestabs {
                    ", LAESTAB " (number.laestab.as_str()) " (by " (number.by.as_str())
                    @if !number.until.is_empty() { ", another by " (number.until.as_str()) } ")"
                }
            }
        }
    }
}

fn belongs(school: &School) -> Markup {
    html! {
        h2 { "Whom it belongs to" }
        @if school.memberships.is_empty() && school.sponsors.is_empty() { p { "No membership is known." } }
        ul {
            @for span in &school.memberships { li { (membership(span)) } }
            @for group in &school.sponsors { li { "sponsor " (group.name.or_dash()) " (" (group.uid.as_str()) ")" } }
            @for one in &school.looked_after {
                li {
                    "partnership " (one.title.as_str()) @if one.example { " (an invented example)" } ", " (held(&one.held))
                    @if !(one.sub_areas.is_empty() && one.boards.is_empty()) {
                        ul { @for part in one.sub_areas.iter().chain(&one.boards) { li { (part.title.as_str()) ", " (held(&part.held)) } } }
                    }
                }
            }
        }
    }
}

fn membership(span: &Membership) -> Markup {
    html! {
        (span.kind.as_str()) " " (span.name.or_dash()) " (" (span.body.as_str()) "), "
        @if span.exact { "since " } @else { "by " } (span.from.as_str())
        @if !span.to.is_empty() { ", no longer on " (span.to.as_str()) }
    }
}

fn held(held: &Held) -> String {
    if held.by.is_empty() {
        let what: Vec<&str> = held.not_known.iter().map(Text::as_str).collect();
        format!("which is not known without {}", what.join(" and "))
    } else {
        format!("by {}", held.by.as_str())
    }
}

fn lineage(school: &School) -> Markup {
    let lineage = &school.lineage;
    html! {
        h2 { "Where it comes from and where it went" }
        @if lineage.before.is_empty() && lineage.after.is_empty() && lineage.beside.is_empty() { p { "No link to another establishment is known." } }
        @for (title, branches, why) in [
            ("Comes after", &lineage.before, Some(&lineage.predecessor.why_not)),
            ("Goes on as", &lineage.after, Some(&lineage.successor.why_not)),
            ("Also linked with", &lineage.beside, None),
        ] {
            @if !branches.is_empty() {
                h3 { (title) }
                (tree(branches))
                @if let Some(why) = why.filter(|why| !why.is_empty()) { p { (why.as_str()) "." } }
            }
        }
    }
}

fn tree(branches: &[Branch]) -> Markup {
    html! {
        ul {
            @for branch in branches {
                li {
                    a href={ "/schools/" (branch.urn.as_str()) } { (or(&branch.name.value, "name not known")) " (" (branch.urn.as_str()) ")" }
                    ", " (value(&branch.status)) ": " (branch.says.as_str())
                    @if !branch.date.is_empty() { " on " (branch.date.as_str()) }
                    @if !branch.cut.is_empty() { "; " (branch.cut.as_str()) }
                    @if !branch.further.is_empty() { (tree(&branch.further)) }
                }
            }
        }
    }
}

fn concerns(school: &School, log: &[Entry]) -> Markup {
    let events: Vec<(&Entry, CloudEvent)> =
        log.iter().filter_map(|entry| CloudEvent::read(&entry.body).ok().map(|event| (entry, event))).collect();
    let alert = |concern: &Concern| events.iter().find(|(_, event)| event.data.concern == concern.id).map(|(entry, _)| *entry);
    html! {
        h2 { "Concerns" }
        @if school.concerns.is_empty() && school.concerns_gone_on.is_empty() { p { "No concern was ever raised that is about this school." } }
        @if !(school.on.is_empty() && school.as_of.is_empty()) { p.note { "As they stand today." } }
        ul {
            @for concern in &school.concerns {
                li {
                    (said(concern))
                    @if !concern.followed_from.is_empty() {
                        "; raised for " a href={ "/schools/" (concern.followed_from.as_str()) } { (concern.followed_from.as_str()) } ", from which it followed"
                    }
                    @if let Some(entry) = alert(concern) { " – " a href={ "/alerts/" (entry.id) } { "evidence of its last alert, no. " (entry.seq) } }
                }
            }
            @for concern in &school.concerns_gone_on {
                li { (said(concern)) "; gone on with " a href={ "/schools/" (concern.urn.as_str()) } { (concern.urn.as_str()) } }
            }
        }
        @if !school.unknown.is_empty() {
            h3 { "Could not be assessed" }
            ul { @for (rule, because) in &school.unknown {
                li { code { (rule) } ": " @for (n, why) in because.iter().enumerate() { @if n > 0 { "; " } (why.as_str()) } }
            } }
        }
    }
}

fn said(concern: &Concern) -> Markup {
    html! {
        @if concern.rule_title.is_empty() { (concern.rule.or_dash()) } @else { (concern.rule_title.as_str()) }
        ": " strong { (concern.state.words()) } ", " (concern.severity.as_str()) ", about " (concern.about.or_dash())
    }
}

fn news(school: &School) -> Markup {
    html! {
        @if !school.news.is_empty() {
            h2 { "News of the register and notices" }
            p.note { "Newest first. None of these is a concern." }
            ul { @for news in &school.news {
                li {
                    (kind(class_of(news.class.as_str()))) " " (when(news.about.as_str())) ", "
                    a href={ "/alerts/" (news.id.as_str()) } { (news.title.or_dash()) } ": " (news.says.as_str())
                }
            } }
        }
    }
}

fn register(school: &School) -> Markup {
    html! {
        @if school.register.iter().any(|field| !field.value.is_empty()) {
            h2 { "In the register" }
            div.wide tabindex="0" role="region" aria-label="In the register" {
                table {
                    caption { "Each field with the release and the row that says so" }
                    thead { tr { @for head in ["Field", "Value", "Since", "Where it stands"] { th scope="col" { (head) } } } }
                    tbody {
                        @for field in &school.register {
                            tr {
                                th scope="row" { (field.title.as_str()) }
                                td { (told(&field.value, &field.why)) }
                                td.date { (field.since.or_dash()) }
                                td.cell { @if field.row.is_empty() { "there is no cell" } @else { (field.release_name.as_str()) ", row " (field.row.as_str()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn value(told: &Told) -> Markup {
    self::told(&told.value, &told.why)
}

fn told(value: &Text, why: &Text) -> Markup {
    html! {
        @if value.is_empty() { span.missing { "not known: " (why.or_dash()) } } @else { (value.as_str()) }
    }
}

fn or<'a>(text: &'a Text, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text.as_str() }
}
