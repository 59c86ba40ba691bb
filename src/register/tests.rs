//! Laws of the register, over any history of one school.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::events::{self, Asked, Event, What};
use super::lineage::Succession;
use super::membership::{self, Kind, Span};
use super::{Field, GROUP_LINKS, LINKS, Lens, Picture};
use crate::model::measure::Measure;
use crate::model::record::Entry;
use crate::model::{
    Body, Fact, FactState, History, Measures, Missing, NoticeKind, Period, RegisterKind, ReleaseInfo, ReleaseNo, Slot, Stage, Urn,
};

fn measures() -> Measures {
    let registry = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/measures.toml")).unwrap();
    Measures::new(toml::from_str::<BTreeMap<String, Measure>>(&registry).unwrap())
}

fn urn(number: u32) -> Urn {
    Urn::try_from(number).unwrap()
}

/// A history under construction, for tests elsewhere too: facts are put in the order in which the store keeps them.
pub struct School {
    pub measures: Measures,
    facts: Vec<Fact>,
    releases: BTreeMap<ReleaseNo, ReleaseInfo>,
}

impl Default for School {
    fn default() -> School {
        School { measures: measures(), facts: Vec::new(), releases: BTreeMap::new() }
    }
}

impl School {
    pub fn put(&mut self, no: i64, day: Date, dataset: &str, part: &str, cells: &[(&str, &str)]) {
        let mut cells: Vec<_> = cells.iter().map(|(id, token)| (self.measures.code(id).unwrap(), *id, *token)).collect();
        cells.sort();
        let mut body = Body::default();
        for (code, id, token) in cells {
            let entry = match (token, id) {
                ("", _) => Entry::Missing(Missing::Blank),
                ("none", _) => Entry::Missing(Missing::NotApplicable),
                (token, id) if id.ends_with("date") || id.ends_with("joined") => Entry::Date(token.parse().unwrap()),
                _ => Entry::Text,
            };
            body.push(code, 0, entry, token);
        }
        self.state(no, day, dataset, part, FactState::Present(body));
    }

    pub fn state(&mut self, no: i64, day: Date, dataset: &str, part: &str, state: FactState) {
        let release = ReleaseNo(no);
        let fact = Fact {
            dataset: Arc::from(dataset),
            part: part.to_owned(),
            slot: Slot::AsAt,
            day: Some(day),
            release,
            said: release,
            row: 2,
            state,
        };
        self.facts.push(fact);
        self.facts.sort_by(|one, two| {
            (&one.dataset, &one.part, one.day, one.release).cmp(&(&two.dataset, &two.part, two.day, two.release))
        });
        self.releases.insert(
            release,
            ReleaseInfo {
                no: release,
                source: dataset.into(),
                dataset: dataset.into(),
                period: Period::Day(day),
                stage: Stage::AsAt,
                version: 1,
                partial: false,
                published: day,
                file: "f".into(),
                file_name: "f.csv".into(),
                layout: "l".into(),
                columns: BTreeMap::new(),
            },
        );
    }

    pub fn gias(&mut self, no: i64, day: Date, cells: &[(&str, &str)]) {
        self.put(no, day, "gias", "", cells);
    }

    pub fn history(&self) -> History {
        History { subject: 900_001, facts: self.facts.clone() }
    }

    pub fn lens(&self) -> Lens<'_> {
        let since = self.facts.iter().filter(|fact| &*fact.dataset == GROUP_LINKS).map(|fact| (fact.release, fact.day.unwrap()));
        Lens::new(&self.measures, &["gias".to_owned()], since.min_by_key(|(no, day)| (*day, *no)))
    }

    /// What release `no` is news of.
    fn news(&self, no: i64) -> Vec<Event> {
        let (history, lens) = (self.history(), self.lens());
        let before = self.releases.values().filter(|info| info.dataset == "gias" && info.no.0 < no).map(|info| info.period);
        let extract_before = before.max().and_then(|period| if let Period::Day(day) = period { Some(day) } else { None });
        let asked = Asked {
            urn: urn(900_001),
            history: &history,
            lens: &lens,
            releases: &self.releases,
            before: ReleaseNo(no - 1),
            now: ReleaseNo(no),
            extract_before,
        };
        events::events(&asked, &|_| None)
    }

    fn told(&self, no: i64) -> Vec<(What, String)> {
        self.news(no).into_iter().map(|event| (event.what, event.says)).collect()
    }

    fn spans(&self, known: i64) -> Vec<Span> {
        membership::spans(&self.history(), &self.lens(), ReleaseNo(known))
    }
}

const FIRST: Date = date(2022, 4, 25);
const SECOND: Date = date(2024, 6, 17);

fn open<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut cells = vec![("gias.name", "Heath School"), ("gias.status", "open"), ("gias.la", "990")];
    cells.retain(|(id, _)| more.iter().all(|(other, _)| other != id));
    cells.extend(more);
    cells
}

/// What changed between two extracts, and what is told.
#[test]
fn what_is_news_and_what_is_not() {
    use RegisterKind::*;
    let register = |kind| Some(What::Register(kind));
    let rows: &[(&[(&str, &str)], &[(&str, &str)], Option<What>, &str)] = &[
        (&[], &[], None, ""),
        (
            &[("gias.trust", "none")],
            &[("gias.trust", "2001"), ("gias.trust-name", "Learning Trust")],
            register(JoinedTrust),
            "joined the trust Learning Trust (2001)",
        ),
        (&[("gias.trust", "2001")], &[("gias.trust", "none")], register(LeftTrust), "left the trust 2001"),
        (&[("gias.trust", "2001")], &[("gias.trust", "2002")], register(MovedTrust), "moved from the trust 2001 to 2002"),
        // what is not known is no change
        (&[("gias.trust", "2001")], &[("gias.trust", "")], None, ""),
        (&[("gias.trust", "2001"), ("gias.trust-name", "A")], &[("gias.trust", "2001"), ("gias.trust-name", "B")], None, ""),
        (&[("gias.federation", "none")], &[("gias.federation", "1001")], register(Federated), "joined the federation 1001"),
        (
            &[],
            &[("gias.la", "991"), ("gias.la-name", "Newcombe")],
            register(AuthorityChanged),
            "belongs to the local authority Newcombe (991) and no longer to 990",
        ),
        (&[], &[("gias.name", "HEATH SCHOOL")], None, ""),
        (&[], &[("gias.name", "Moor School")], register(Renamed), "is called Moor School and no longer Heath School"),
        (&[], &[("gias.pupils", "400")], None, ""),
        (&[], &[("gias.status", "open-but-proposed-to-close")], register(ProposedToClose), "is proposed to close"),
        (&[("gias.status", "open-but-proposed-to-close")], &[], register(StaysOpen), "is no longer proposed to close"),
        (
            &[],
            &[("gias.status", "closed"), ("gias.close-date", "2023-08-31"), ("gias.trust", "none")],
            register(Closed),
            "closed on 31 August 2023; no successor is known",
        ),
        (&[("gias.status", "closed")], &[], register(OpenAgain), "is open again in the register, which had it as closed"),
        (
            &[("gias.status", "proposed-to-open")],
            &[("gias.open-date", "2023-09-01")],
            register(Opened),
            "opened on 1 September 2023",
        ),
    ];
    for (before, after, expected, says) in rows {
        let mut school = School::default();
        school.gias(1, FIRST, &open(before));
        school.gias(2, SECOND, &open(after));
        let told = school.told(2);
        assert_eq!(told.first().map(|(what, _)| *what), *expected, "{before:?} → {after:?}: {told:?}");
        assert_eq!(told.first().map_or("", |(_, says)| says), *says);
        assert!(told.len() <= 1, "{told:?}");
    }
}

#[test]
fn a_school_that_was_not_there_is_new_or_was_only_not_listed() {
    for (opened, expected, says) in [
        ("2023-09-01", RegisterKind::Opened, "opened on 1 September 2023, in the trust 2001"),
        (
            "1999-09-01",
            RegisterKind::Listed,
            "is in the register for the first time; it opened on 1 September 1999, in the trust 2001",
        ),
        ("", RegisterKind::Listed, "is in the register for the first time, which does not say when it opened, in the trust 2001"),
    ] {
        let mut school = School::default();
        school.put(1, FIRST, "gias", "elsewhere", &open(&[]));
        school.facts.clear();
        school.gias(2, SECOND, &open(&[("gias.open-date", opened), ("gias.trust", "2001")][usize::from(opened.is_empty())..]));
        assert_eq!(school.told(2), [(What::Register(expected), says.to_owned())]);
    }
}

#[test]
fn a_row_that_is_not_there_is_no_news_and_what_was_last_said_is_compared_with() {
    let mut school = School::default();
    school.gias(1, FIRST, &open(&[("gias.trust", "2001")]));
    school.state(2, date(2023, 1, 1), "gias", "", FactState::Absent);
    school.state(3, date(2023, 2, 1), "gias", "", FactState::Quarantined);
    school.gias(4, SECOND, &open(&[("gias.trust", "2002")]));
    assert_eq!((school.told(2), school.told(3)), (Vec::new(), Vec::new()));
    assert_eq!(school.told(4)[0].0, What::Register(RegisterKind::MovedTrust));
    assert!(school.spans(3).iter().all(|span| span.to.is_none()), "nothing ended where nothing was said");
}

#[test]
fn a_row_about_a_group_that_was_set_aside_ends_nothing() {
    let cells = [("grouplinks.group", "2001"), ("grouplinks.name", "A Trust"), ("grouplinks.type", "Multi-academy trust")];
    let mut school = School::default();
    school.put(1, FIRST, GROUP_LINKS, "2001", &cells);
    school.state(2, date(2023, 1, 1), GROUP_LINKS, "2001", FactState::Quarantined);
    assert_eq!(school.told(2), []);
    assert!(school.spans(2).iter().all(|span| span.to.is_none()), "{:?}", school.spans(2));
    school.state(3, SECOND, GROUP_LINKS, "2001", FactState::Absent);
    assert_eq!(school.told(3)[0].0, What::Register(RegisterKind::LeftTrust));
}

#[test]
fn an_end_is_told_with_who_comes_after_and_again_once_that_is_known() {
    let link = |kind: &'static str| [("links.other", "900002"), ("links.other-name", "Moor School"), ("links.type", kind)];
    for (kind, expected) in [
        ("Successor", RegisterKind::Succeeded),
        ("Successor - merged", RegisterKind::Merged),
        ("Successor - Split School", RegisterKind::Split),
    ] {
        let mut school = School::default();
        school.gias(1, FIRST, &open(&[]));
        school.gias(2, SECOND, &open(&[("gias.status", "closed")]));
        school.put(3, SECOND, LINKS, "900002", &link(kind));
        assert_eq!(school.told(2)[0].0, What::Register(RegisterKind::Closed));
        assert_eq!(school.told(3)[0].0, What::Register(expected), "{kind}");
        assert_eq!(school.news(3)[0].others, [urn(900_002)]);
    }
}

#[test]
fn only_one_plain_link_carries_anything_over() {
    let succession = |links: &[(&str, &str)]| {
        let mut school = School::default();
        for (other, kind) in links {
            school.put(1, FIRST, LINKS, &format!("{other} {kind}"), &[("links.other", other), ("links.type", kind)]);
        }
        let (history, lens) = (school.history(), school.lens());
        Picture::at(&history, &lens, ReleaseNo(9), None).predecessor()
    };
    assert_eq!(succession(&[]), Succession::None);
    assert_eq!(succession(&[("900002", "Successor"), ("900003", "Sixth Form Centre Link")]), Succession::None);
    assert_eq!(succession(&[("900002", "Predecessor")]).unique(), Some(urn(900_002)));
    let mut damaged = School::default();
    damaged.put(1, FIRST, LINKS, "900002 Predecessor", &[("links.other", "900002"), ("links.type", "Predecessor")]);
    damaged.state(1, FIRST, LINKS, "900003 Predecessor", FactState::Quarantined);
    let (history, lens) = (damaged.history(), damaged.lens());
    let damaged = Picture::at(&history, &lens, ReleaseNo(9), None).predecessor();
    assert_eq!(damaged, Succession::NotKnown(vec![urn(900_002)]), "the row that was set aside may name another");
    assert!(damaged.why_not("predecessor").unwrap().contains("could not be trusted"));
    let nameless = succession(&[("900002", "Predecessor"), ("see notes", "Predecessor")]);
    assert_eq!(nameless, Succession::NotKnown(vec![urn(900_002)]));
    let two = succession(&[("900002", "Predecessor"), ("900003", "Predecessor")]);
    let merged = succession(&[("900002", "Predecessor - merged")]);
    assert_eq!((two.unique(), merged.unique()), (None, None));
    let why = two.why_not("predecessor").unwrap();
    assert_eq!(why, "2 predecessors (900002, 900003): it would be a guess what belongs to whom, so nothing is carried over");
}

#[test]
fn a_change_of_head_is_told_without_saying_who() {
    let rows: &[(&str, &str, Option<NoticeKind>)] = &[
        ("1a2b3c4d", "1a2b3c4d", None),
        ("1a2b3c4d", "99990000", Some(NoticeKind::NewHead)),
        ("1a2b3c4d", "vacant", Some(NoticeKind::HeadVacancy)),
        ("1a2b3c4d", "", Some(NoticeKind::HeadVacancy)),
        ("vacant", "99990000", Some(NoticeKind::NewHead)),
        ("", "99990000", None),
    ];
    for (before, after, expected) in rows {
        let mut school = School::default();
        school.gias(1, FIRST, &open(&[("gias.head", before)]));
        school.gias(2, SECOND, &open(&[("gias.head", after)]));
        let news = school.news(2);
        assert_eq!(news.first().map(|event| event.what), expected.map(What::Notice), "{before} → {after}");
        let text = format!("{news:?}");
        assert!(!text.contains("1a2b3c4d") && !text.contains("99990000"), "{text}");
    }
}

#[derive(Debug, Clone)]
enum Said {
    Register { trust: &'static str, la: &'static str, status: &'static str },
    Absent,
    Group { uid: &'static str, gone: bool, joined: Option<i16> },
    GroupSetAside { uid: &'static str },
}

fn any_said() -> impl Strategy<Value = Said> {
    prop_oneof![
        4 => (proptest::sample::select(vec!["2001", "2002", "none", ""]), proptest::sample::select(vec!["990", "991"]), proptest::sample::select(vec!["open", "closed"]))
            .prop_map(|(trust, la, status)| Said::Register { trust, la, status }),
        1 => Just(Said::Absent),
        2 => (proptest::sample::select(vec!["2001", "2003"]), any::<bool>(), proptest::option::of(0i16..900))
            .prop_map(|(uid, gone, joined)| Said::Group { uid, gone, joined }),
        1 => proptest::sample::select(vec!["2001", "2003"]).prop_map(|uid| Said::GroupSetAside { uid }),
    ]
}

fn built(said: &[(u8, Said)]) -> School {
    let mut school = School::default();
    for (no, (day, said)) in (1i64..).zip(said) {
        let day = date(2020, 1, 1).saturating_add(jiff::Span::new().days(i64::from(*day) * 5));
        match said {
            Said::Register { trust, la, status } => {
                school.gias(no, day, &open(&[("gias.trust", trust), ("gias.la", la), ("gias.status", status)]));
            }
            Said::Absent => school.state(no, day, "gias", "", FactState::Absent),
            Said::GroupSetAside { uid } => school.state(no, day, GROUP_LINKS, uid, FactState::Quarantined),
            Said::Group { uid, gone: true, .. } => school.state(no, day, GROUP_LINKS, uid, FactState::Absent),
            Said::Group { uid, joined, .. } => {
                let joined = joined.map(|days| date(2019, 1, 1).saturating_add(jiff::Span::new().days(days)).to_string());
                let joined = joined.as_deref().unwrap_or("");
                let cells = [
                    ("grouplinks.group", *uid),
                    ("grouplinks.name", "A Trust"),
                    ("grouplinks.type", "Multi-academy trust"),
                    ("grouplinks.joined", joined),
                ];
                school.put(no, day, GROUP_LINKS, uid, &cells[..cells.len() - usize::from(joined.is_empty())]);
            }
        }
    }
    school
}

proptest! {
    /// Of one kind, a school belongs to one body at a time.
    #[test]
    fn memberships_of_one_kind_never_overlap(said in proptest::collection::vec((any::<u8>(), any_said()), 0..12)) {
        let school = built(&said);
        for kind in Kind::ALL {
            let spans: Vec<Span> = school.spans(99).into_iter().filter(|span| span.kind == kind).collect();
            for span in &spans {
                prop_assert!(span.to.is_none_or(|to| span.from <= to), "{:?}", span);
            }
            for pair in spans.windows(2) {
                prop_assert!(pair[0].to.is_some_and(|to| to <= pair[1].from), "{:?}", pair);
            }
        }
    }

    /// What is known up to a release is what is known where the later ones never came.
    #[test]
    fn as_of_agrees_with_a_rebuild(said in proptest::collection::vec((any::<u8>(), any_said()), 0..12), cut in 0usize..12) {
        let cut = cut.min(said.len());
        let (all, some) = (built(&said), built(&said[..cut]));
        let known = i64::try_from(cut).unwrap();
        // whether group links are known at all is asked of the same releases
        let mut lens = all.lens();
        lens.group_links_since = some.lens().group_links_since;
        prop_assert_eq!(membership::spans(&all.history(), &lens, ReleaseNo(known)), some.spans(99));
        for field in [Field::Trust, Field::La, Field::Status] {
            let (one, other, lens) = (all.history(), some.history(), some.lens());
            let (one, other) = (Picture::at(&one, &lens, ReleaseNo(known), None), Picture::at(&other, &lens, ReleaseNo(99), None));
            prop_assert_eq!(one.text(field), other.text(field));
        }
    }

    /// No run of extracts makes it panic, and an extract that repeats the last one is no news.
    #[test]
    fn the_same_again_is_no_news(said in proptest::collection::vec(any_said(), 1..8)) {
        let ordered: Vec<(u8, Said)> = (1u8..).zip(said.iter().cloned()).collect();
        let mut school = built(&ordered);
        let no = i64::try_from(said.len()).unwrap();
        let last = school.facts.iter().filter(|fact| &*fact.dataset == "gias").max_by_key(|fact| fact.day).cloned();
        if let Some(last) = last {
            let day = date(2030, 1, 1);
            school.state(no + 1, day, "gias", "", last.state);
            prop_assert_eq!(school.news(no + 1), Vec::new());
        }
    }
}
