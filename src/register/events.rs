//! The difference of two pictures of one school that is news about who is who.
//!
//! Codes are compared as normalised, names without their wording, and a field that is not said is
//! compared with what was last said of it. So a rewrite of codes, other capitals, a rise of the roll
//! or a column that is missing once raise nothing. What is not known is never taken for a change.

use jiff::civil::Date;

use super::cite::{self, Releases};
use super::fate::{self, End, Fate};
use super::field::{Field, Lens};
use super::picture::{Group, Listing, Picture};
use super::{VACANT, day, wording};
use crate::model::{FactState, Figure, History, NoticeKind, RegisterKind, ReleaseNo, Urn, Value};

/// What the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Register(RegisterKind),
    Notice(NoticeKind),
}

/// One piece of news about one school.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub what: What,
    /// A sentence without its subject: "joined the trust Wexcombe Learning (2001)".
    pub says: String,
    /// The establishments that it also is about: predecessor, successor.
    pub others: Vec<Urn>,
    /// What was said before and what is said now, with the cells.
    pub figures: Vec<Figure>,
}

/// One school in an act that changed what is known of it.
pub struct Asked<'a> {
    pub urn: Urn,
    pub history: &'a History,
    pub lens: &'a Lens<'a>,
    pub releases: &'a Releases,
    /// The last release that was known before, and the one that is known now.
    pub before: ReleaseNo,
    pub now: ReleaseNo,
    /// The day of the last whole extract of the register before this one; none if this is the
    /// first, in which everybody is new and nobody is news.
    pub extract_before: Option<Date>,
}

/// Every event of one school. `other` describes another establishment as known now.
pub fn events(asked: &Asked<'_>, other: &dyn Fn(Urn) -> Option<History>) -> Vec<Event> {
    let before = Picture::at(asked.history, asked.lens, asked.before, None);
    let now = Picture::at(asked.history, asked.lens, asked.now, None);
    let said = Picture::last_said(asked.history, asked.lens, asked.before);
    let mut events = Vec::new();
    if before.listing() == Listing::Never && now.listing() == Listing::Listed {
        events.extend(appeared(asked, &now));
        return events;
    }
    if matches!(now.listing(), Listing::Gone | Listing::SetAside) {
        // what became of it is not known, and nothing is made of that
        return events;
    }
    let (was, is) = (fate::of(&said), fate::of(&now));
    events.extend(fared(asked, &said, &now, &was, &is, other));
    if !matches!(is, Fate::Closed(_)) {
        let opened = events.iter().any(|event| event.what == What::Register(RegisterKind::Opened));
        moved(asked, &said, &now, &mut events);
        // a school that opens in a trust has not joined it besides
        events.retain(|event| !opened || event.what != What::Register(RegisterKind::JoinedTrust));
        renamed(asked, &said, &now, &mut events);
        head(asked, &now, &mut events);
    }
    events
}

/// In the register for the first time.
fn appeared(asked: &Asked<'_>, now: &Picture<'_>) -> Option<Event> {
    let before = asked.extract_before?;
    let opened = now.date(Field::OpenDate);
    let (kind, says) = match (fate::of(now), &opened) {
        (Fate::ProposedToOpen, Ok(date)) => {
            (RegisterKind::ProposedToOpen, format!("is proposed to open on {}", day::words(*date)))
        }
        (Fate::ProposedToOpen, Err(_)) => (RegisterKind::ProposedToOpen, "is proposed to open".to_owned()),
        (fate, Ok(date)) if fate.is_open() && *date > before => {
            (RegisterKind::Opened, format!("opened on {}", day::words(*date)))
        }
        (fate, Ok(date)) if fate.is_open() => {
            (RegisterKind::Listed, format!("is in the register for the first time; it opened on {}", day::words(*date)))
        }
        (fate, Err(_)) if fate.is_open() => {
            (RegisterKind::Listed, "is in the register for the first time, which does not say when it opened".to_owned())
        }
        _ => return None,
    };
    let others = now.predecessor().urns().to_vec();
    let mut says = says;
    if let Ok(Some(trust)) = now.trust() {
        says.push_str(&format!(", in the trust {}", called(&trust)));
    }
    if !others.is_empty() {
        let list = others.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        says.push_str(&format!(", in place of {list}"));
    }
    let fields = [Field::Status, Field::OpenDate, Field::Trust];
    Some(Event { what: What::Register(kind), says, others, figures: figures(asked, &[now], &fields) })
}

/// Opening, closing and how it ended.
fn fared(
    asked: &Asked<'_>,
    said: &Picture<'_>,
    now: &Picture<'_>,
    was: &Fate,
    is: &Fate,
    other: &dyn Fn(Urn) -> Option<History>,
) -> Option<Event> {
    let mut others = Vec::new();
    let (kind, says) = match (was, is) {
        (Fate::Unknown, _) | (_, Fate::Unknown) => return None,
        (was, is) if was == is => return None,
        // how it ended cannot be read any more: nothing new
        (Fate::Closed(_), Fate::Closed(End::NotKnown)) => return None,
        (_, Fate::Closed(end)) => {
            others = end.others().to_vec();
            let successor = if let End::SucceededBy(urn) = end { other(*urn) } else { None };
            let successor = successor.as_ref().map(|history| Picture::at(history, asked.lens, asked.now, None));
            fate::ended(end, now, successor.as_ref())
        }
        (Fate::Closed(_), _) => (RegisterKind::OpenAgain, "is open again in the register, which had it as closed".to_owned()),
        (Fate::ProposedToOpen, _) => match now.date(Field::OpenDate) {
            Ok(date) => (RegisterKind::Opened, format!("opened on {}", day::words(date))),
            Err(_) => (RegisterKind::Opened, "is open; the register does not say since when".to_owned()),
        },
        (_, Fate::ProposedToClose) => (RegisterKind::ProposedToClose, "is proposed to close".to_owned()),
        (_, Fate::ProposedToOpen) => {
            (RegisterKind::ProposedToOpen, "is proposed to open, though the register had it as open".to_owned())
        }
        (Fate::ProposedToClose, Fate::Open) => (RegisterKind::StaysOpen, "is no longer proposed to close".to_owned()),
        (Fate::Open, Fate::Open) => return None,
    };
    let mut found = figures(asked, &[said, now], &[Field::Status, Field::CloseDate]);
    for link in now.links().iter().filter(|link| others.contains(&link.other)) {
        let measures = asked.lens.measures;
        found.extend(cite::cell_of(link.fact, asked.lens.link_type, asked.urn, measures, asked.releases));
        found.extend(cite::cell_of(link.fact, asked.lens.link_other, asked.urn, measures, asked.releases));
    }
    Some(Event { what: What::Register(kind), says, others, figures: found })
}

/// Trust, federation and local authority.
fn moved(asked: &Asked<'_>, said: &Picture<'_>, now: &Picture<'_>, events: &mut Vec<Event>) {
    use RegisterKind as K;
    type Read = for<'p> fn(&Picture<'p>) -> Result<Option<Group>, crate::model::Missing>;
    let kinds: [(Field, &str, Read, [RegisterKind; 3]); 2] = [
        (Field::Trust, "trust", |picture| picture.trust(), [K::JoinedTrust, K::LeftTrust, K::MovedTrust]),
        (Field::Federation, "federation", |picture| picture.federation(), [K::Federated, K::LeftFederation, K::MovedFederation]),
    ];
    for (field, what, read, [joined, left, went]) in kinds {
        let (Some(old), Ok(new)) = (last(asked, read), read(now)) else { continue };
        let (kind, says) = match (&old, &new) {
            (None, Some(new)) => (joined, format!("joined the {what} {}{}", called(new), since(new))),
            (Some(old), None) => (left, format!("left the {what} {}", called(old))),
            (Some(old), Some(new)) if old.uid != new.uid => {
                (went, format!("moved from the {what} {} to {}{}", called(old), called(new), since(new)))
            }
            _ => continue,
        };
        let mut found = figures(asked, &[said, now], &[field]);
        for (picture, group) in [(said, &old), (now, &new)] {
            if let Some(fact) = group.as_ref().and_then(|group| picture.group_fact(&group.uid)) {
                found.extend(cite::cell_of(fact, asked.lens.group, asked.urn, asked.lens.measures, asked.releases));
            }
        }
        events.push(Event { what: What::Register(kind), says, others: Vec::new(), figures: found });
    }
    if let (Ok(old), Ok(new)) = (said.text(Field::La), now.text(Field::La))
        && old != new
    {
        let name = |picture: &Picture<'_>, code: &str| match picture.text(Field::LaName) {
            Ok(name) => format!("{name} ({code})"),
            Err(_) => code.to_owned(),
        };
        let says = format!("belongs to the local authority {} and no longer to {}", name(now, &new), name(said, &old));
        let found = figures(asked, &[said, now], &[Field::La]);
        events.push(Event { what: What::Register(K::AuthorityChanged), says, others: Vec::new(), figures: found });
    }
}

fn renamed(asked: &Asked<'_>, said: &Picture<'_>, now: &Picture<'_>, events: &mut Vec<Event>) {
    if let (Ok(old), Ok(new)) = (said.text(Field::Name), now.text(Field::Name))
        && !wording::same(&old, &new)
    {
        let found = figures(asked, &[said, now], &[Field::Name]);
        let says = format!("is called {new} and no longer {old}");
        events.push(Event { what: What::Register(RegisterKind::Renamed), says, others: Vec::new(), figures: found });
    }
}

/// A new head, or nobody. Only the fact and the day are told, never who.
fn head(asked: &Asked<'_>, now: &Picture<'_>, events: &mut Vec<Event>) {
    let Some((old, picture)) = last_head(asked) else { return };
    let (kind, says) = match now.value(Field::Head) {
        Ok(Value::Text(new)) if new == old => return,
        Ok(Value::Text(new)) if new == VACANT => (NoticeKind::HeadVacancy, "the register says that the post of head is vacant"),
        Ok(Value::Text(_)) => (NoticeKind::NewHead, "has a new head"),
        Err(crate::model::Missing::Blank) if old != VACANT && said_head_before(asked) => {
            (NoticeKind::HeadVacancy, "the register names no head any more: the post may be vacant")
        }
        _ => return,
    };
    let mut found: Vec<Figure> = cite::field(&picture, Field::Head, asked.urn, asked.releases).into_iter().collect();
    found.extend(cite::field(now, Field::Head, asked.urn, asked.releases));
    events.push(Event { what: What::Notice(kind), says: says.to_owned(), others: Vec::new(), figures: found });
}

/// Whether the picture just before had a head: else the blank is no news.
fn said_head_before(asked: &Asked<'_>) -> bool {
    Picture::last_said(asked.history, asked.lens, asked.before).value(Field::Head).is_ok()
}

/// The head as last said, whatever was left out since, with the picture that said it.
fn last_head<'a>(asked: &Asked<'a>) -> Option<(String, Picture<'a>)> {
    earlier(asked).find_map(|picture| match picture.value(Field::Head) {
        Ok(Value::Text(head)) => Some((head, picture)),
        _ => None,
    })
}

/// The last known membership before this act: none if nothing was ever said.
fn last(
    asked: &Asked<'_>,
    read: for<'p> fn(&Picture<'p>) -> Result<Option<Group>, crate::model::Missing>,
) -> Option<Option<Group>> {
    earlier(asked).find_map(|picture| read(&picture).ok())
}

/// What was said before this act, the last first.
fn earlier<'a>(asked: &Asked<'a>) -> impl Iterator<Item = Picture<'a>> {
    let (history, lens, before) = (asked.history, asked.lens, asked.before);
    let mut releases: Vec<ReleaseNo> = history
        .facts
        .iter()
        .filter(|fact| fact.release <= before && lens.reads(&fact.dataset) && matches!(fact.state, FactState::Present(_)))
        .map(|fact| fact.release)
        .collect();
    releases.sort_unstable_by(|one, other| other.cmp(one));
    releases.dedup();
    let first = Some(before).filter(|before| releases.first() != Some(before));
    first.into_iter().chain(releases).map(move |known| Picture::last_said(history, lens, known))
}

fn called(group: &Group) -> String {
    match &group.name {
        Some(name) => format!("{name} ({})", group.uid),
        None => group.uid.clone(),
    }
}

fn since(group: &Group) -> String {
    group.joined.map_or_else(String::new, |joined| format!(" on {}", day::words(joined)))
}

fn figures(asked: &Asked<'_>, pictures: &[&Picture<'_>], fields: &[Field]) -> Vec<Figure> {
    let mut found = Vec::new();
    for field in fields {
        for picture in pictures {
            let figure = cite::field(picture, *field, asked.urn, asked.releases);
            found.extend(figure.filter(|figure| !found.contains(figure)));
        }
    }
    found
}
