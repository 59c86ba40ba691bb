use proptest::prelude::*;

use super::*;

pub fn repository() -> SizeSchemes {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/trust-sizes.toml");
    SizeSchemes::load(&path, &std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|faults| panic!("{faults}"))
}

/// §4.1 of the field catalogue: the sample has three bands, and trust 2 of its table A.1, which
/// grew from 3 schools in the table to 9 at the visit, changes its band with the day.
#[test]
fn the_study_cuts_its_sample_in_three_and_the_day_decides_the_band() {
    let schemes = repository();
    let study = schemes.get("study-2018").unwrap();
    let labels: Vec<&str> = study.bands.iter().map(|band| band.label.as_str()).collect();
    assert_eq!(labels, ["3–6", "7–14", "15+"]);
    assert_eq!(study.band(3).map(|band| band.label.as_str()), Ok("3–6"));
    assert_eq!(study.band(9).map(|band| band.label.as_str()), Ok("7–14"));
    assert_eq!(study.band(2), Err(NoBand::BelowSmallest));
    assert!(study.counts.contains("table"));
}

#[test]
fn the_competing_schemes_disagree_about_one_and_the_same_count() {
    let schemes = repository();
    let bands = |count: u32| -> Vec<String> {
        let told = |scheme: &SizeScheme| match scheme.band(count) {
            Ok(band) => format!("{}: {}", scheme.id, band.label),
            Err(why) => format!("{}: {why}", scheme.id),
        };
        schemes.all().iter().map(told).collect()
    };
    insta::assert_snapshot!("six_schools", bands(6).join("\n"));
    insta::assert_snapshot!("no_school", bands(0).join("\n"));
}

#[test]
fn a_scheme_has_to_be_named_and_a_slip_is_told() {
    let schemes = repository();
    assert_eq!(
        schemes.get("study2018").unwrap_err().to_string(),
        "there is no size scheme `study2018`: did you mean `study-2018`?"
    );
    assert!(schemes.get("").unwrap_err().to_string().contains("there are study-2018, survey-2018"));
}

#[test]
fn a_count_that_is_not_settled_has_a_band_only_if_every_answer_gives_the_same() {
    let schemes = repository();
    let study = schemes.get("study-2018").unwrap();
    assert_eq!(study.band_between(3, 6).map(|band| band.label.as_str()), Ok("3–6"));
    assert_eq!(study.band_between(6, 7), Err(NoBand::Unsettled));
    assert_eq!(study.band_between(1, 2), Err(NoBand::BelowSmallest));
}

#[test]
fn every_fault_of_the_file_comes_at_once() {
    let scheme = |id: &str, bands: &str| {
        format!("[[scheme]]\nid = \"{id}\"\ntitle = \"t\"\nsource = \"s\"\ncounts = \"schools\"\nbands = [{bands}]\n")
    };
    let text = [
        scheme("twice", "{ label = \"1+\", from = 1 }"),
        scheme("twice", "{ label = \"1+\", from = 1 }"),
        scheme("none", ""),
        scheme("gap", "{ label = \"1\", from = 1, to = 1 }, { label = \"3+\", from = 3 }"),
        scheme("overlap", "{ label = \"1-3\", from = 1, to = 3 }, { label = \"3+\", from = 3 }"),
        scheme("open", "{ label = \"1+\", from = 1 }, { label = \"3+\", from = 3 }"),
        scheme("back", "{ label = \"3-1\", from = 3, to = 1 }"),
        scheme("", "{ label = \"\", from = 3 }"),
    ];
    let faults = SizeSchemes::load(Path::new("trust-sizes.toml"), &text.concat()).unwrap_err();
    insta::assert_snapshot!("faults", faults.to_string());
    let slip = text[0].replace("counts", "count");
    insta::assert_snapshot!("slip", SizeSchemes::load(Path::new("trust-sizes.toml"), &slip).unwrap_err().to_string());
}

proptest! {
    /// A count is in one band at the most, and in one if it lies between the ends of the scheme.
    #[test]
    fn bands_neither_overlap_nor_leave_gaps(count in 0_u32..2_000) {
        for scheme in repository().all() {
            let holding = scheme.bands.iter().filter(|band| band.holds(count)).count();
            let inside = count >= scheme.bands[0].from && scheme.bands.last().unwrap().to.is_none_or(|to| count <= to);
            prop_assert_eq!(holding, usize::from(inside), "{}", scheme.id);
            prop_assert_eq!(scheme.band(count).is_ok(), inside);
        }
    }
}
