//! Releases about one key, in every order of arrival, against what they say when read in order of day.

use proptest::prelude::*;

use super::*;
use crate::model::{Body, Stage};
use crate::pipeline::days::Coming;

/// What one file says of the key: a state, that it was set aside, or nothing.
type Says = Option<u8>;

fn release(no: i64, day: i8, published: i8, partial: bool) -> ReleaseInfo {
    ReleaseInfo {
        no: ReleaseNo(no),
        source: if partial { "search".into() } else { "extract".into() },
        dataset: "gias".into(),
        period: Period::Day(jiff::civil::date(2026, 6, day)),
        stage: Stage::AsAt,
        version: 1,
        partial,
        published: jiff::civil::date(2026, 6, published),
        file: String::new(),
        file_name: String::new(),
        layout: String::new(),
        columns: BTreeMap::new(),
    }
}

fn state(says: u8) -> FactState {
    if says == 0 { FactState::Quarantined } else { FactState::Present(Body::from_bytes(vec![says])) }
}

/// What a file about the key leads to, as `changes` does it for one in its turn.
fn take(marks: &mut Vec<Mark>, days: &Days, info: &ReleaseInfo, says: Says) {
    let Period::Day(day) = info.period else { return };
    let coming = Coming { source: &info.source, period: info.period, published: info.published, partial: info.partial };
    let told = says.map(|says| (u32::from(says) + 100 * info.no.0 as u32, state(says)));
    if !days.end_before(coming) {
        marks.extend(Late::new(info, days).unwrap().amend(marks, told));
        marks.sort_by_key(Mark::place);
        return;
    }
    let last = marks.last().cloned();
    let (row, state) = match told {
        Some(told) => told,
        None if info.partial || last.is_none() => return,
        None => (0, FactState::Absent),
    };
    let same = last.filter(|last| last.state == state);
    match same {
        Some(same) if info.partial => marks.push(Mark { day, release: info.no, said: same.said, row: same.row, state }),
        Some(_) => {}
        None => marks.push(Mark { day, release: info.no, said: info.no, row, state }),
    }
}

/// The state by reading the releases in order of day, as far as they were published by `by` and
/// came before `known`.
fn read(all: &[(ReleaseInfo, Says)], day: Date, by: Date, known: ReleaseNo) -> FactState {
    let mut there: Vec<_> = all
        .iter()
        .filter(|(info, _)| info.published <= by && info.no <= known && info.period <= Period::Day(day))
        .filter(|(info, says)| !info.partial || says.is_some())
        .collect();
    there.sort_by_key(|(info, _)| (info.period, info.no));
    there.last().and_then(|(_, says)| *says).map_or(FactState::Absent, state)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// On every day, as known by every day of publication and by every act, the facts say what the
    /// releases say; and every citation is of a file that says so and was known by then.
    #[test]
    fn any_order_of_arrival_says_the_same(
        files in proptest::collection::vec((1..7i8, 1..9i8, proptest::bool::weighted(0.3), proptest::option::weighted(0.75, 0..4u8)), 1..9),
        in_step in any::<bool>(),
    ) {
        let mut all: Vec<(ReleaseInfo, Says)> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        for (no, (day, published, partial, says)) in (1..).zip(files) {
            let info = release(no, day, if in_step { day } else { published }, partial);
            let days = Days::new(all.iter().map(|(info, _)| info.clone()).collect());
            take(&mut marks, &days, &info, says);
            all.push((info, says));
        }
        let published = |no: ReleaseNo| all.iter().find(|(info, _)| info.no == no).map(|(info, _)| info.published).unwrap();
        for pair in marks.windows(2) {
            prop_assert!(pair[0].place() < pair[1].place());
        }
        for known in 1..=all.len() as i64 {
            for (day, by) in (1..8).flat_map(|day| (1..9).map(move |by| (day, by))) {
                let (day, by) = (jiff::civil::date(2026, 6, day), jiff::civil::date(2026, 6, by));
                let last = marks
                    .iter()
                    .rfind(|mark| mark.day <= day && mark.release.0 <= known && published(mark.release) <= by);
                let found = last.map_or(FactState::Absent, |mark| mark.state.clone());
                prop_assert_eq!(found, read(&all, day, by, ReleaseNo(known)), "on {} by {} up to {}: {:?}", day, by, known, marks);
            }
        }
        for mark in &marks {
            let (said, says) = all.iter().find(|(info, _)| info.no == mark.said).unwrap();
            prop_assert_eq!(says.map_or(FactState::Absent, state), mark.state.clone());
            prop_assert!(said.no <= mark.release && said.published <= published(mark.release), "{:?}", mark);
            prop_assert_eq!(mark.row, says.map_or(0, |says| u32::from(says) + 100 * said.no.0 as u32));
        }
    }
}

#[test]
fn what_a_later_file_only_repeated_is_said_again_with_the_file_that_said_it_first() {
    let all = [(1, 10, Some(1)), (2, 12, Some(1)), (3, 11, Some(2))];
    let (mut marks, mut infos) = (Vec::new(), Vec::new());
    for (no, day, says) in all {
        let info = release(no, day, day, false);
        take(&mut marks, &Days::new(infos.clone()), &info, says);
        infos.push(info);
    }
    let seen: Vec<_> = marks.iter().map(|mark| (mark.day.day(), mark.release.0, mark.said.0, mark.row)).collect();
    assert_eq!(seen, [(10, 1, 1, 101), (11, 3, 3, 302), (12, 2, 1, 101)]);
}
