//! Floor standards of 2016 to 2018 for two local authorities, school by school.

use std::collections::BTreeMap;

use headwater::model::Verdict;

use super::{Real, rows};
use crate::support::corpus;

#[test]
fn floor_outcomes_of_two_authorities_are_those_of_the_definitions_for_every_school() {
    let Some(corpus) = corpus::folder("floor standards") else { return };
    let mut real = Real::new();
    for (source, key, rule, oracle) in [
        ("ks2-performance", "ks2", "ks2-floor-2016", "ks2_floor_LA850_LA936.csv"),
        ("ks4-performance", "ks4", "ks4-floor-2016", "ks4_floor_LA850_LA936.csv"),
    ] {
        let oracle = rows(&corpus.join("oracle").join(oracle));
        let (mut seen, mut tally) = (0, BTreeMap::new());
        for (year, published) in [("2015-2016", "2017-04-27"), ("2016-2017", "2018-04-19"), ("2017-2018", "2019-04-11")] {
            let file = corpus.join(format!("reshaped/{key}/{year}/england_{key}final.csv.gz"));
            let release = real.accept(source, &file, year, None, published);
            let answers = real.answers(rule);
            let mut differ = Vec::new();
            for row in oracle.iter().filter(|row| row["year"] == year) {
                let urn: u32 = row["urn"].parse().unwrap();
                let verdict = answers.get(&urn).map_or(Verdict::NotMet, |answer| answer.verdict);
                let expected = match row["below_floor"].as_str() {
                    "true" => Verdict::Met,
                    "false" => Verdict::NotMet,
                    _ => Verdict::Unknown,
                };
                if verdict != expected {
                    differ.push(format!("{year} {urn}: {verdict}, expected {expected} ({})", row["reason"]));
                }
                *tally.entry(expected).or_insert(0) += 1;
                seen += 1;
            }
            assert!(differ.is_empty(), "{rule}:\n{}", differ.join("\n"));
            let explained = real.explain_every(97, release.info.no);
            println!("{rule} {year}: {explained} alerts explained from the raw bytes");
        }
        assert_eq!(seen, oracle.len());
        println!("{rule}: {seen} answers equal, {tally:?}");
    }
    real.verify();
}
