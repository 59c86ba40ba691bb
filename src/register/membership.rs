//! Spans of belonging: in which trust, federation and local authority a school was, from when to when.
//!
//! A span begins on the day that the publisher gives, where it gives one that fits; else on the day
//! of the extract that first says so, which is the latest day on which it can have begun. It ends on
//! the day on which another is said, or none, or the school is closed. Where nothing is said, nothing
//! ends: a school that vanished from a file has not left its trust.

use jiff::civil::Date;

use super::field::{Field, Lens};
use super::picture::Picture;
use crate::model::{History, Missing, ReleaseNo};

/// What kind of body a school belongs to. Of each kind there is one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Authority,
    Trust,
    Federation,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Authority, Kind::Trust, Kind::Federation];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Authority => "local authority",
            Kind::Trust => "trust",
            Kind::Federation => "federation",
        }
    }
}

/// A school's time with one body. `to` is the first day on which it no longer belonged to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub kind: Kind,
    /// Code of the local authority, or group UID.
    pub body: String,
    pub name: Option<String>,
    pub from: Date,
    /// Whether `from` is the day itself; else it had begun by then.
    pub exact: bool,
    pub to: Option<Date>,
}

impl Span {
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on < to)
    }
}

/// All spans of a school as the releases up to `known` tell them, by kind and then by day.
pub fn spans(history: &History, lens: &Lens<'_>, known: ReleaseNo) -> Vec<Span> {
    let mut days: Vec<Date> = history
        .facts
        .iter()
        .filter(|fact| fact.release <= known && &*fact.dataset != super::LINKS && lens.reads(&fact.dataset))
        .filter_map(|fact| fact.day)
        .collect();
    days.sort_unstable();
    days.dedup();
    let mut told: [Vec<Span>; 3] = Default::default();
    let mut before = None;
    for day in days {
        let picture = Picture::at(history, lens, known, Some(day));
        for (kind, spans) in Kind::ALL.into_iter().zip(&mut told) {
            step(spans, kind, &picture, day, before);
        }
        before = Some(day);
    }
    told.into_iter().flatten().collect()
}

/// One day's word about one kind of body.
fn step(spans: &mut Vec<Span>, kind: Kind, picture: &Picture<'_>, day: Date, before: Option<Date>) {
    let closed = picture.text(Field::Status).is_ok_and(|status| status == "closed");
    let said = if closed { Ok(None) } else { body(kind, picture) };
    let open = spans.last().filter(|span| span.to.is_none());
    match said {
        Err(_) => {}
        Ok(None) => {
            let since = picture.date(Field::CloseDate).ok().filter(|_| closed);
            if let Some(span) = spans.last_mut().filter(|span| span.to.is_none()) {
                // a day of closing that lies before anything that was said afterwards is no end of it
                let end = since.filter(|since| before.is_none_or(|before| *since > before)).unwrap_or(day);
                span.to = Some(end.max(span.from));
            }
        }
        Ok(Some(body)) if open.is_some_and(|span| span.body == body.body) => {
            if let Some(span) = spans.last_mut() {
                // told later and more exactly
                if let Some(exact) = body.since.filter(|since| !span.exact && *since <= span.from) {
                    let floor = spans.len().checked_sub(2).and_then(|at| spans[at].to);
                    if let Some(span) = spans.last_mut().filter(|_| floor.is_none_or(|floor| floor <= exact)) {
                        (span.from, span.exact) = (exact, true);
                    }
                } else if body.name.is_some() {
                    span.name = body.name;
                }
            }
        }
        Ok(Some(body)) => {
            let fits = |since: &Date| *since <= day && before.is_none_or(|before| spans.is_empty() || *since > before);
            let exact = body.since.filter(fits);
            let from = exact.unwrap_or(day);
            if let Some(last) = spans.last_mut().filter(|span| span.to.is_none()) {
                last.to = Some(from.max(last.from));
            }
            spans.push(Span { kind, body: body.body, name: body.name, from, exact: exact.is_some(), to: None });
        }
    }
}

struct Body {
    body: String,
    name: Option<String>,
    /// Where the publisher says since when.
    since: Option<Date>,
}

fn body(kind: Kind, picture: &Picture<'_>) -> Result<Option<Body>, Missing> {
    let group = match kind {
        Kind::Authority => {
            let body = picture.text(Field::La)?;
            return Ok(Some(Body { body, name: picture.text(Field::LaName).ok(), since: None }));
        }
        Kind::Trust => picture.trust()?,
        Kind::Federation => picture.federation()?,
    };
    Ok(group.map(|group| Body { body: group.uid, name: group.name, since: group.joined }))
}
