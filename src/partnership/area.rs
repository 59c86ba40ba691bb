//! The geography of a partnership or of one of its parts.

use std::collections::BTreeSet;

use serde::Serialize;

use super::place::{Holds, Place};
use super::postcode::{Postcode, PostcodePart};
use crate::model::Urn;

/// Schools by place, then narrowed: every school of one of the authorities, with one of the
/// postcodes or with one of the numbers, if it is also of one of the phases and legal statuses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Three-digit codes.
    pub las: BTreeSet<String>,
    pub urns: BTreeSet<Urn>,
    pub postcodes: Vec<PostcodePart>,
    /// Empty: all.
    pub phases: BTreeSet<String>,
    /// Empty: all.
    pub legal: BTreeSet<String>,
}

impl Area {
    /// Whether it names any place; a part that does not only narrows the whole.
    pub fn names_places(&self) -> bool {
        !(self.las.is_empty() && self.urns.is_empty() && self.postcodes.is_empty())
    }

    pub fn holds(&self, place: &Place<'_>) -> Holds {
        let by_place = if self.names_places() {
            self.by_urn(place).or(self.by_la(place)).or(self.by_postcode(place))
        } else {
            Holds::Yes("the whole area".into())
        };
        by_place.and(narrowed(&self.phases, place.phase, "its phase")).and(narrowed(&self.legal, place.legal, "its legal status"))
    }

    fn by_urn(&self, place: &Place<'_>) -> Holds {
        match place.urns().find(|urn| self.urns.contains(urn)) {
            Some(urn) if urn == place.urn => Holds::Yes(format!("URN {urn}")),
            Some(urn) => Holds::Yes(format!("URN {urn}, its number before")),
            None => Holds::No,
        }
    }

    fn by_la(&self, place: &Place<'_>) -> Holds {
        match place.la {
            _ if self.las.is_empty() => Holds::No,
            None => Holds::unknown("its local authority"),
            Some(la) if self.las.contains(la) => Holds::Yes(format!("local authority {la}")),
            Some(_) => Holds::No,
        }
    }

    fn by_postcode(&self, place: &Place<'_>) -> Holds {
        match place.postcode.map(Postcode::parse) {
            _ if self.postcodes.is_empty() => Holds::No,
            None => Holds::unknown("its postcode"),
            Some(None) => Holds::unknown("a postcode of it that can be read"),
            Some(Some(postcode)) => match self.postcodes.iter().find(|part| part.holds(&postcode)) {
                Some(part) => Holds::Yes(format!("{} {part}", part.kind())),
                None => Holds::No,
            },
        }
    }
}

/// Whether a school is among those with certain words, or there are no such words.
pub(super) fn narrowed(words: &BTreeSet<String>, word: Option<&str>, missing: &str) -> Holds {
    match word {
        _ if words.is_empty() => Holds::Yes(String::new()),
        None => Holds::unknown(missing),
        Some(word) if words.contains(word) => Holds::Yes(word.to_owned()),
        Some(_) => Holds::No,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urn(number: u32) -> Urn {
        Urn::try_from(number).unwrap()
    }

    fn words(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn area() -> Area {
        Area {
            las: words(&["990"]),
            urns: [urn(900_700)].into(),
            postcodes: vec![PostcodePart::parse("WX1").unwrap()],
            phases: words(&["Primary"]),
            legal: words(&[]),
        }
    }

    #[test]
    fn places_are_added_up_and_then_narrowed() {
        let primary = Place { phase: Some("Primary"), la: Some("991"), postcode: Some("WX2 1AL"), ..Place::of(urn(900_001)) };
        let yes = |by: &str| Holds::Yes(by.to_owned());
        assert_eq!(area().holds(&primary), Holds::No);
        assert_eq!(area().holds(&Place { la: Some("990"), ..primary }), yes("local authority 990"));
        assert_eq!(area().holds(&Place { postcode: Some("WX1 2AL"), ..primary }), yes("postcode district WX1"));
        assert_eq!(area().holds(&Place { postcode: Some("WX12 2AL"), ..primary }), Holds::No);
        assert_eq!(area().holds(&Place { urn: urn(900_700), ..primary }), yes("URN 900700"));
        assert_eq!(area().holds(&Place { formerly: &[urn(900_700)], ..primary }), yes("URN 900700, its number before"));
        assert_eq!(area().holds(&Place { la: Some("990"), phase: Some("Secondary"), ..primary }), Holds::No);
    }

    #[test]
    fn what_is_not_known_of_a_school_is_not_a_no() {
        let primary = Place { phase: Some("Primary"), la: Some("991"), postcode: Some("WX2 1AL"), ..Place::of(urn(900_001)) };
        let unknown = |what: &[&str]| Holds::Unknown(what.iter().map(|what| (*what).to_owned()).collect());
        assert_eq!(area().holds(&Place { la: None, ..primary }), unknown(&["its local authority"]));
        assert_eq!(
            area().holds(&Place { la: None, postcode: None, ..primary }),
            unknown(&["its local authority", "its postcode"])
        );
        assert_eq!(area().holds(&Place { postcode: Some("?"), ..primary }), unknown(&["a postcode of it that can be read"]));
        assert_eq!(area().holds(&Place { la: Some("990"), phase: None, ..primary }), unknown(&["its phase"]));
        // what is known decides where it can
        assert_eq!(area().holds(&Place { la: None, phase: Some("Secondary"), ..primary }), Holds::No);
        assert_eq!(area().holds(&Place { la: Some("990"), postcode: None, ..primary }), Holds::Yes("local authority 990".into()));
    }

    proptest! {
        #[test]
        fn forgetting_something_about_a_school_never_turns_the_answer_round(
            la in prop::sample::select(vec!["990", "991"]),
            postcode in prop::sample::select(vec!["WX1 2AL", "WX12 2AL", "nowhere"]),
            phase in prop::sample::select(vec!["Primary", "Secondary"]),
            forget in prop::array::uniform3(any::<bool>()),
        ) {
            let whole = Place { la: Some(la), postcode: Some(postcode), phase: Some(phase), ..Place::of(urn(900_001)) };
            let less = Place {
                la: whole.la.filter(|_| !forget[0]),
                postcode: whole.postcode.filter(|_| !forget[1]),
                phase: whole.phase.filter(|_| !forget[2]),
                ..whole
            };
            match area().holds(&less) {
                Holds::Unknown(_) => {}
                Holds::No => prop_assert!(area().holds(&whole).is_no()),
                Holds::Yes(_) => prop_assert!(area().holds(&whole).is_yes()),
            }
        }
    }
}
