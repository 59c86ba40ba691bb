//! The examples that come with the program, over the schools of the demonstration's county.

use headwater::config::{Bundle, Settings};
use headwater::demo::SEED;
use headwater::demo::county::{County, LA, Phase};
use headwater::model::Urn;
use headwater::partnership::{Answer, Place, Ties, TrustTie, coverage_gap, isolated};
use headwater::pipeline::Setup;
use jiff::civil::date;

#[test]
fn every_school_of_the_county_is_in_one_sub_area_and_in_the_partnerships_of_its_phase_and_town() {
    let setup = Setup::new(Bundle::load(&Settings::default().files).unwrap()).unwrap_or_else(|faults| panic!("{faults}"));
    let (on, la) = (date(2026, 6, 1), LA.to_string());
    let [shire, unitary, primary] =
        ["example-shire", "example-unitary", "example-alliance"].map(|id| setup.partnerships.get(id).unwrap());
    let mut answers = [0, 0, 0, 0];
    for school in County::new(SEED).open_on(on) {
        let formerly: Vec<Urn> = school.predecessor.into_iter().map(|urn| Urn::try_from(urn).unwrap()).collect();
        let phase = match school.phase {
            Phase::Primary => "Primary",
            Phase::Secondary => "Secondary",
            Phase::Special => "Not applicable",
        };
        let place = Place {
            formerly: &formerly,
            la: Some(&la),
            postcode: Some(&school.postcode),
            phase: Some(phase),
            ..Place::of(Urn::try_from(school.urn).unwrap())
        };
        assert!(shire.holds(&place, on).is_yes());
        let parts = shire.sub_areas_of(&place, on);
        assert!(parts.len() == 1 && parts[0].1.is_yes(), "{} {parts:?}", school.postcode);
        assert_eq!(shire.boards_for(&place, on).len(), 2, "the management board and the team of the area");
        let town = ["WX1 ", "WX2 ", "WX3 "].iter().any(|district| school.postcode.starts_with(district));
        assert_eq!(unitary.holds(&place, on).is_yes(), town, "{}", school.postcode);
        assert_eq!(primary.holds(&place, on).is_yes(), school.phase == Phase::Primary);

        let ties = Ties {
            trust: school.trust.map_or(TrustTie::None, |_| TrustTie::Of(None)),
            federation: Some(false),
            roll: Some(school.pupils),
            alliances: setup.alliances.titles(&place, on),
            relationships: shire.relationships_of(&place),
        };
        for indicator in
            [isolated(shire.isolation.as_ref().unwrap(), &ties, on), coverage_gap(shire.coverage.as_ref().unwrap(), &ties, on)]
        {
            match indicator.verdict {
                Answer::Yes => assert_eq!(ties.trust, TrustTie::None, "a trust of unknown size leaves the answer open"),
                Answer::Unknown => assert_eq!(ties.trust, TrustTie::Of(None)),
                Answer::No => {}
            }
        }
        let isolated = isolated(shire.isolation.as_ref().unwrap(), &ties, on).verdict;
        answers[match isolated {
            Answer::Yes => 0,
            Answer::Unknown => 1,
            Answer::No => 2,
        }] += 1;
        answers[3] += usize::from(!ties.alliances.is_empty());
    }
    // all three answers come up, and the academy that is a member under its number before is one of those that belong
    assert!(answers.iter().all(|n| *n > 0), "{answers:?}");
    assert_eq!(answers[3], 8, "{answers:?}: a ninth member was merged into another school");
}
