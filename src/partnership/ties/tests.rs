use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::super::day::{Span, When};
use super::*;
use crate::model::Urn;

const NOW: Date = date(2026, 6, 1);

fn rule() -> Isolation {
    Isolation { tracked: Tie::ALL.into(), peer_review_months: Some(24), small_roll_below: Some(250) }
}

fn alone() -> Ties<'static> {
    Ties { trust: TrustTie::None, federation: Some(false), roll: Some(212), ..Ties::default() }
}

fn written(kind: RelationshipKind, when: When) -> Relationship {
    Relationship { urn: Urn::try_from(900_001).unwrap(), kind, with: Some("the alliance".into()), when }
}

fn shown(indicator: &Indicator) -> String {
    let part = |one: &Component| {
        let aside = if one.tracked { "" } else { " (not tracked)" };
        format!("{:<23}{:<8}{}{aside}\n", one.component, one.answer.to_string(), one.because)
    };
    format!("{}\n{}", indicator.verdict, indicator.components.iter().map(part).collect::<String>())
}

#[test]
fn a_small_school_without_any_tie_is_isolated_and_every_part_says_why() {
    insta::assert_snapshot!("alone", shown(&isolated(&rule(), &alone(), NOW)));
    let coverage = Coverage { window_months: 12, counts: [Contact::Trust, Contact::Adviser, Contact::Visit].into() };
    insta::assert_snapshot!("gap", shown(&coverage_gap(&coverage, &alone(), NOW)));
}

#[test]
fn what_is_known_and_what_is_not_is_told_part_by_part() {
    let network = written(RelationshipKind::Network, When::Through(Span { from: Some(date(2024, 9, 1)), to: None }));
    let visit = written(RelationshipKind::Visit, When::On(date(2026, 2, 10)));
    let rule = Isolation { tracked: [Tie::Trust, Tie::Alliance].into(), peer_review_months: None, small_roll_below: None };
    let ties = Ties { alliances: vec!["Alliance A", "Alliance B"], relationships: vec![&network, &visit], ..Ties::default() };
    insta::assert_snapshot!("tied", shown(&isolated(&rule, &ties, NOW)));
    let coverage = Coverage { window_months: 3, counts: [Contact::Trust, Contact::Visit].into() };
    insta::assert_snapshot!("visited", shown(&coverage_gap(&coverage, &ties, NOW)));
}

#[test]
fn each_tie_alone_ends_isolation() {
    let verdict = |ties: &Ties<'_>| isolated(&rule(), ties, NOW).verdict;
    assert_eq!(verdict(&alone()), Answer::Yes);
    assert_eq!(verdict(&Ties { trust: TrustTie::Of(Some(1)), ..alone() }), Answer::Yes);
    assert_eq!(verdict(&Ties { trust: TrustTie::Of(Some(2)), ..alone() }), Answer::No);
    assert_eq!(verdict(&Ties { federation: Some(true), ..alone() }), Answer::No);
    assert_eq!(verdict(&Ties { roll: Some(250), ..alone() }), Answer::No);
    assert_eq!(verdict(&Ties { alliances: vec!["A"], ..alone() }), Answer::No);
    let review = |day| written(RelationshipKind::PeerReview, When::On(day));
    let (two_years_ago, longer_ago) = (review(date(2024, 6, 1)), review(date(2024, 5, 31)));
    assert_eq!(verdict(&Ties { relationships: vec![&two_years_ago], ..alone() }), Answer::No);
    assert_eq!(verdict(&Ties { relationships: vec![&longer_ago], ..alone() }), Answer::Yes);
    // help by a trust for a time is not ownership, and no tie of this list
    let managed = written(RelationshipKind::ManagementPartnership, When::Through(Span::default()));
    assert_eq!(verdict(&Ties { relationships: vec![&managed], ..alone() }), Answer::Yes);
}

#[test]
fn a_rule_that_tracks_nothing_finds_nobody_isolated() {
    let rule = Isolation { tracked: [].into(), peer_review_months: None, small_roll_below: None };
    assert_eq!(isolated(&rule, &alone(), NOW).verdict, Answer::Unknown);
}

fn trusts() -> impl Strategy<Value = TrustTie> {
    prop_oneof![Just(TrustTie::None), (0..4u32).prop_map(|schools| TrustTie::Of(Some(schools)))]
}

proptest! {
    #[test]
    fn forgetting_something_never_turns_a_verdict_round(
        trust in trusts(),
        federation in any::<bool>(),
        roll in 200..300u32,
        tracked in prop::collection::btree_set(prop::sample::select(Tie::ALL.to_vec()), 0..7),
        counts in prop::collection::btree_set(prop::sample::select(Contact::ALL.to_vec()), 0..9),
        forget in prop::array::uniform4(any::<bool>()),
    ) {
        let whole = Ties { trust, federation: Some(federation), roll: Some(roll), ..Ties::default() };
        let less = Ties {
            trust: match (forget[0], trust) {
                (true, TrustTie::Of(_)) if forget[3] => TrustTie::Of(None),
                (true, _) => TrustTie::Unknown,
                (false, known) => known,
            },
            federation: whole.federation.filter(|_| !forget[1]),
            roll: whole.roll.filter(|_| !forget[2]),
            ..Ties::default()
        };
        let isolation = Isolation { tracked, ..rule() };
        let coverage = Coverage { window_months: 12, counts };
        for (with, without) in [
            (isolated(&isolation, &whole, NOW), isolated(&isolation, &less, NOW)),
            (coverage_gap(&coverage, &whole, NOW), coverage_gap(&coverage, &less, NOW)),
        ] {
            prop_assert!(without.verdict == Answer::Unknown || without.verdict == with.verdict);
            for (one, two) in with.components.iter().zip(&without.components) {
                prop_assert!(two.answer == Answer::Unknown || two.answer == one.answer);
            }
        }
    }

    #[test]
    fn a_part_that_is_not_tracked_never_decides(tracked in prop::collection::btree_set(prop::sample::select(Tie::ALL.to_vec()), 1..7)) {
        let isolation = Isolation { tracked, ..rule() };
        let found = isolated(&isolation, &alone(), NOW);
        prop_assert_eq!(found.verdict, Answer::Yes);
        prop_assert!(found.components.iter().all(|one| !one.because.is_empty()));
    }
}
