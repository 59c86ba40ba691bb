use std::path::Path;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::{Missing, Urn};
use crate::register::size::SizeSchemes;
use crate::register::spread::NEIGHBOURS;

const DAY: Date = date(2026, 6, 22);

fn scheme(id: &str) -> SizeScheme {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/trust-sizes.toml");
    SizeSchemes::load(&path, &std::fs::read_to_string(&path).unwrap()).unwrap().get(id).unwrap().clone()
}

fn trust() -> GroupFacts {
    GroupFacts {
        uid: "9001".to_owned(),
        name: Ok("Wexcombe Learning Trust".to_owned()),
        kind: Ok("Multi-academy trust".to_owned()),
        status: Ok("Open".to_owned()),
        opened: Err(Missing::Blank),
        incorporated: Ok(date(2011, 9, 1)),
        companies_house: Ok("09000001".to_owned()),
    }
}

fn school(urn: u32, type_name: &str, phase: &str) -> Listed {
    Listed {
        status: Ok(Status::Open),
        phase: Ok(phase.to_owned()),
        type_name: Ok(type_name.to_owned()),
        la: Ok("990".to_owned()),
        region: Ok("South West".to_owned()),
        trust: Ok("9001".to_owned()),
        ..Listed::unknown(Urn::try_from(urn).unwrap(), Missing::Blank)
    }
}

fn schools() -> Vec<Listed> {
    let mut schools = vec![
        school(900_001, "Academy converter", "Primary"),
        school(900_002, "Academy converter", "Primary"),
        school(900_003, "Academy sponsor led", "Secondary"),
        school(900_004, "Free schools", "Primary"),
        school(900_005, "Academy converter", "Primary"),
        school(900_006, "Academy converter", "Primary"),
    ];
    for (n, school) in (0_u32..).zip(&mut schools) {
        (school.easting, school.northing) = (Ok(400_000 + 4_000 * n), Ok(100_000));
    }
    schools[1].joined = Ok(Joined::On(date(2024, 9, 1)));
    schools[2].joined = Ok(Joined::On(date(2012, 4, 1)));
    schools[3].joined = Ok(Joined::By(date(2024, 6, 17)));
    schools[3].type_name = Err(Missing::NoColumn);
    schools[3].easting = Err(Missing::Blank);
    schools[4].status = Ok(Status::Closed);
    schools[5].status = Ok(Status::Closing);
    schools
}

fn of(schools: &[Listed], scheme_id: &str) -> Profile {
    Profile::of(trust(), schools, DAY, &scheme(scheme_id), NEIGHBOURS)
}

#[test]
fn a_profile_counts_the_open_schools_and_what_is_not_known_of_them() {
    let profile = of(&schools(), "study-2018");
    assert_eq!((profile.size.open, profile.size.closing, profile.size.closed), (5, 1, 1));
    assert_eq!(profile.size.band.as_ref().map(|band| band.label.as_str()), Ok("3–6"));
    assert_eq!(profile.size.scheme, "study-2018");
    assert_eq!(profile.converters().to_string(), "3 of 4 (75%), not known of 1 more");
    assert_eq!(profile.sponsored().to_string(), "1 of 4 (25%), not known of 1 more");
    assert_eq!(profile.neither_converter_nor_sponsored().to_string(), "0 of 4 (0%), not known of 1 more");
    assert_eq!(profile.phase_mix, Ok(PhaseMix::MainlyPrimary));
    assert_eq!((profile.spread.located, profile.spread.not_located, profile.spread.authorities), (4, 1, 1));
    // two schools joined before the day or after it for certain, of one it is open, of two nothing is known
    assert_eq!(profile.joined_after(date(2023, 6, 22)).to_string(), "1 of 2 (50%), not known of 3 more");
    let age = profile.age.unwrap();
    assert_eq!((age.years, age.dated_by, age.band), (Some(14), DatedBy::Incorporated, AgeBand::From2011));
}

#[test]
fn a_school_of_unknown_status_leaves_the_band_open_where_it_could_change_it() {
    let mut schools = schools();
    schools[0].status = Err(Missing::NotInRelease);
    let size = |schools: &[Listed], id: &str| of(schools, id).size.band.map(|band| band.label);
    assert_eq!(size(&schools, "study-2018"), Ok("3–6".to_owned()));
    schools[1].status = Err(Missing::NotInRelease);
    schools[2].status = Err(Missing::NotInRelease);
    assert_eq!(size(&schools, "study-2018"), Err(NoBand::Unsettled));
    assert_eq!(of(&schools, "study-2018").size.status_not_known, 3);
}

#[test]
fn a_trust_without_schools_or_dates_has_reasons_and_no_figures() {
    let group = GroupFacts { incorporated: Err(Missing::NotInRelease), ..trust() };
    let profile = Profile::of(group, &[], DAY, &scheme("study-2018"), NEIGHBOURS);
    assert_eq!(profile.size.band, Err(NoBand::BelowSmallest));
    assert_eq!(profile.phase_mix, Err(NoPhaseMix::NoSchools));
    assert_eq!(profile.age, Err(Missing::NotInRelease));
    assert_eq!(profile.converters().percent(), None);
    assert_eq!(profile.spread.distances, None);
}

#[test]
fn the_age_is_in_whole_years_and_the_end_of_2010_parts_the_bands() {
    let age =
        |opened, day| Profile::of(GroupFacts { opened, ..trust() }, &[], day, &scheme("study-2018"), NEIGHBOURS).age.unwrap();
    let old = age(Ok(date(2010, 12, 31)), DAY);
    assert_eq!((old.years, old.dated_by, old.band), (Some(15), DatedBy::Opened, AgeBand::UpTo2010));
    assert_eq!(age(Ok(date(2011, 1, 1)), DAY).band, AgeBand::From2011);
    assert_eq!(age(Ok(date(2011, 6, 22)), DAY).years, Some(15));
    assert_eq!(age(Ok(date(2011, 6, 23)), DAY).years, Some(14));
    assert_eq!(age(Ok(date(2026, 6, 23)), DAY).years, None);
}

fn any_school() -> impl Strategy<Value = Listed> {
    let status = prop_oneof![Just(Err(Missing::Blank)), proptest::sample::select(&Status::ALL[..]).prop_map(Ok)];
    let phase = proptest::option::of(proptest::sample::select(&["Primary", "Secondary", "All-through", "Not applicable"][..]));
    let kind =
        proptest::option::of(proptest::sample::select(&["Academy converter", "Academy sponsor led", "Free schools", "?"][..]));
    let place = proptest::option::of((1_u32..700_000, 1_u32..1_300_000));
    (900_000_u32..900_999, status, phase, kind, place).prop_map(|(urn, status, phase, kind, place)| {
        let mut listed = Listed::unknown(Urn::try_from(urn).unwrap(), Missing::NoColumn);
        listed.status = status;
        listed.phase = phase.map(str::to_owned).ok_or(Missing::Blank);
        listed.type_name = kind.map(str::to_owned).ok_or(Missing::Blank);
        if let Some((easting, northing)) = place {
            (listed.easting, listed.northing) = (Ok(easting), Ok(northing));
        }
        listed
    })
}

proptest! {
    /// Whatever is known of the schools, every one is counted once in every part, in any order.
    #[test]
    fn no_school_is_lost_and_order_makes_no_difference(
        (schools, shuffled) in proptest::collection::vec(any_school(), 0..30)
            .prop_flat_map(|schools| (Just(schools.clone()), Just(schools).prop_shuffle())),
    ) {
        let profile = of(&schools, "register-four");
        let size = &profile.size;
        prop_assert_eq!((size.open + size.proposed + size.closed + size.status_not_known) as usize, schools.len());
        prop_assert_eq!(profile.phases.known_total() + profile.phases.not_known_total(), size.open);
        prop_assert_eq!(profile.kinds.known_total() + profile.kinds.not_known_total(), size.open);
        prop_assert_eq!(profile.authorities.not_known_total(), size.open);
        prop_assert_eq!(profile.spread.located + profile.spread.not_located, size.open);
        let shares = [profile.converters(), profile.sponsored(), profile.neither_converter_nor_sponsored()];
        prop_assert_eq!(shares.iter().map(|share| share.count).sum::<u32>(), profile.kinds.known_total());
        prop_assert_eq!(&profile, &of(&shuffled, "register-four"));
    }
}
