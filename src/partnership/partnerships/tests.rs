use jiff::civil::date;

use super::super::read::tests::examples;
use super::*;
use crate::model::Urn;

const NOW: Date = date(2026, 6, 1);

fn school(number: u32, postcode: &'static str) -> Place<'static> {
    let urn = Urn::try_from(number).unwrap();
    Place { la: Some("990"), postcode: Some(postcode), phase: Some("Primary"), legal: Some("maintained"), ..Place::of(urn) }
}

fn ids<T>(found: Vec<(&T, Holds)>, id: impl Fn(&T) -> &str) -> Vec<(String, Holds)> {
    found.into_iter().map(|(one, holds)| (id(one).to_owned(), holds)).collect()
}

fn yes(id: &str, by: &str) -> (String, Holds) {
    (id.to_owned(), Holds::Yes(by.to_owned()))
}

#[test]
fn several_partnerships_may_look_after_one_school() {
    let (all, _) = examples();
    let held = |place: &Place<'_>, on| ids(all.of(place, on), |one| &one.id);
    let north = school(900_024, "WX1 4CA");
    assert_eq!(
        held(&north, NOW),
        [
            yes("example-alliance", "local authority 990"),
            yes("example-shire", "local authority 990"),
            yes("example-unitary", "postcode district WX1"),
        ]
    );
    // WX12 is not WX1, and a secondary school is none of the primary board's
    let east = Place { phase: Some("Secondary"), ..school(900_320, "WX12 1AL") };
    assert_eq!(held(&east, NOW), [yes("example-shire", "local authority 990")]);
    // before its first day a partnership looks after nobody
    assert_eq!(held(&north, date(2015, 1, 1)), [yes("example-unitary", "postcode district WX1")]);
    assert!(held(&Place { la: Some("850"), postcode: Some("SO23 8UJ"), ..north }, NOW).is_empty());
}

#[test]
fn sub_areas_and_boards_follow_from_where_a_school_is() {
    let (all, _) = examples();
    let shire = all.get("example-shire").unwrap();
    let boards = |place: &Place<'_>| ids(shire.boards_for(place, NOW), |board| &board.id);
    let west = school(900_019, "WX20 2BM");
    assert_eq!(ids(shire.sub_areas_of(&west, NOW), |part| &part.id), [yes("west", "postcode district WX20")]);
    assert_eq!(boards(&west), [yes("management", "the whole area"), yes("team-west", "postcode district WX20")]);
    // a school in another county that happens to have such a postcode is none of them
    assert!(shire.sub_areas_of(&Place { la: Some("991"), ..west }, NOW).is_empty());
    let unitary = all.get("example-unitary").unwrap();
    let boards = |legal| ids(unitary.boards_for(&Place { legal, ..school(900_024, "WX1 4CA") }, NOW), |board| &board.id);
    assert_eq!(boards(Some("maintained")).len(), 3);
    assert_eq!(boards(Some("academy")).len(), 2);
    assert_eq!(boards(None)[2], ("termly-visits".to_owned(), Holds::Unknown(vec!["its legal status".to_owned()])));
}

#[test]
fn a_school_of_which_too_little_is_known_is_neither_in_nor_out() {
    let (all, _) = examples();
    let shire = all.get("example-shire").unwrap();
    let place = Place { la: None, postcode: None, ..school(900_019, "") };
    assert_eq!(shire.holds(&place, NOW), Holds::Unknown(vec!["its local authority".to_owned()]));
    let parts = shire.sub_areas_of(&place, NOW);
    assert_eq!(parts.len(), 4);
    assert_eq!(parts[0].1, Holds::Unknown(vec!["its postcode".to_owned(), "its local authority".to_owned()]));
    // in the area for certain, and in one of its four parts
    let place = Place { la: Some("990"), ..place };
    assert!(shire.holds(&place, NOW).is_yes());
    assert!(shire.boards_for(&place, NOW).iter().filter(|(_, holds)| !holds.is_yes()).count() == 4);
}

#[test]
fn organisations_belong_for_their_days() {
    let (all, _) = examples();
    let shire = all.get("example-shire").unwrap();
    let diocese = |on| shire.members_on(on).any(|member| member.name == "Diocese of Wexcombe");
    assert!(!diocese(date(2017, 8, 31)) && diocese(date(2017, 9, 1)));
    assert_eq!(shire.members_on(date(2015, 8, 31)).count(), 0);
}

#[test]
fn what_is_written_about_a_school_is_found_under_its_number_before() {
    let (all, _) = examples();
    let shire = all.get("example-shire").unwrap();
    let formerly = [Urn::try_from(900_012).unwrap()];
    let academy = Place { formerly: &formerly, ..school(900_599, "WX13 1AL") };
    assert_eq!(shire.relationships_of(&academy).len(), 1);
    assert_eq!(shire.relationships_of(&school(900_599, "WX13 1AL")).len(), 0);
}
