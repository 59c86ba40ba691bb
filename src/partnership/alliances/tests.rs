use jiff::civil::date;

use super::super::read::tests::examples;
use super::*;

fn urn(number: u32) -> Urn {
    Urn::try_from(number).unwrap()
}

fn ties(place: &Place<'_>, on: Date) -> Vec<(String, How, Holds)> {
    let (_, alliances) = examples();
    alliances.of(place, on).into_iter().map(|tie| (tie.alliance.id.clone(), tie.how, tie.holds)).collect()
}

fn yes(by: &str) -> Holds {
    Holds::Yes(by.to_owned())
}

#[test]
fn a_school_belongs_from_the_day_on_which_it_joins_to_the_day_on_which_it_leaves() {
    let (_, alliances) = examples();
    let school = Place::of(urn(900_004));
    let belongs = |on| alliances.titles(&school, on).len();
    assert_eq!(belongs(date(2013, 8, 31)), 0);
    assert_eq!(belongs(date(2013, 9, 1)), 1);
    assert_eq!(belongs(date(2019, 8, 31)), 1);
    assert_eq!(belongs(date(2020, 1, 1)), 0);
    assert_eq!(belongs(date(2021, 9, 1)), 1);
    let alliance = alliances.get("example-two-counties").unwrap();
    assert!(!alliance.schools(date(2020, 1, 1)).contains(&urn(900_004)));
    assert!(alliance.schools(date(2020, 1, 1)).contains(&urn(900_302)), "those that lead belong");
}

#[test]
fn an_alliance_crosses_borders_and_what_is_only_on_offer_is_no_tie() {
    let on = date(2026, 6, 1);
    let other_county = Place { la: Some("992"), ..Place::of(urn(900_801)) };
    assert_eq!(ties(&other_county, on), [("example-two-counties".to_owned(), How::Member, yes("URN 900801"))]);
    let member_of_one = Place { la: Some("990"), ..Place::of(urn(900_002)) };
    assert_eq!(
        ties(&member_of_one, on),
        [
            ("example-hub".to_owned(), How::HubOfItsAuthority, yes("local authority 990")),
            ("example-open".to_owned(), How::Member, yes("URN 900002")),
        ]
    );
    let (_, alliances) = examples();
    assert_eq!(alliances.titles(&member_of_one, on), ["Example alliance that is open to all"]);
    assert!(alliances.titles(&Place { la: Some("990"), ..Place::of(urn(900_200)) }, on).is_empty());
}

#[test]
fn a_hub_for_a_school_without_a_known_authority_is_unknown() {
    let found = ties(&Place::of(urn(900_200)), date(2026, 6, 1));
    let unknown = Holds::Unknown(vec!["its local authority".to_owned()]);
    assert_eq!(
        found,
        [("example-hub".to_owned(), How::HubOfItsAuthority, unknown.clone()), ("example-open".to_owned(), How::MayJoin, unknown),]
    );
}

#[test]
fn what_is_written_about_the_number_before_still_counts() {
    let formerly = [urn(900_021)];
    let academy = Place { formerly: &formerly, la: Some("992"), ..Place::of(urn(900_502)) };
    let found = ties(&academy, date(2026, 6, 1));
    assert_eq!(found, [("example-two-counties".to_owned(), How::Member, yes("URN 900021, its number before"))]);
}
