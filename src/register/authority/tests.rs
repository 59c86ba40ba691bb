use jiff::civil::date;

use super::*;

fn shipped() -> Authorities {
    let text = include_str!("../../../config/authorities.toml");
    Authorities::load(Path::new("config/authorities.toml"), text).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn the_authorities_of_england_are_all_there() {
    let all = shipped();
    let today = date(2026, 6, 22);
    let count = |kind| all.all().filter(|one| !one.fictional && one.in_force(today) && one.kind() == Some(kind)).count();
    // 153 upper-tier authorities since April 2023
    assert_eq!(count(AuthorityKind::Shire), 21);
    assert_eq!(count(AuthorityKind::Unitary), 63);
    assert_eq!(count(AuthorityKind::MetropolitanBorough), 36);
    assert_eq!(count(AuthorityKind::LondonBorough), 32);
    assert_eq!(count(AuthorityKind::CityOfLondon), 1);
    let hampshire = all.find("850").unwrap();
    assert_eq!((hampshire.name.as_str(), hampshire.region.as_str()), ("Hampshire", "South East"));
    assert_eq!(all.find("E10000014"), Some(hampshire));
    // the code before and after the council became a unitary
    assert_eq!(all.find("E10000023"), all.find("e06000065"));
    assert!(all.find("990").unwrap().fictional);
}

#[test]
fn one_that_was_replaced_is_there_until_its_last_day() {
    let all = shipped();
    let cumbria = all.get("909").unwrap();
    assert!(cumbria.in_force(date(2023, 3, 31)) && !cumbria.in_force(date(2023, 4, 1)));
    assert_eq!(cumbria.replaced_by, ["942", "943"]);
    for gone in all.all().filter(|one| one.to.is_some()) {
        for next in &gone.replaced_by {
            let next = all.get(next).unwrap();
            assert_eq!(next.from, gone.to.unwrap().tomorrow().ok(), "{} after {}", next.name, gone.name);
        }
    }
}

#[test]
fn what_was_nearly_a_code_or_a_name_is_guessed() {
    let all = shipped();
    let guess = |text| all.nearest(text).map(|one| one.code.as_str());
    assert_eq!(guess("Wexcomb"), Some("990"));
    assert_eq!(guess("Dorset"), Some("838"));
    assert_eq!(guess("9990"), Some("990"));
    assert_eq!(guess("E0600990"), Some("990"));
    assert_eq!(guess("Xyzzyxyzzyxyzzy"), None);
}

#[test]
fn every_fault_comes_at_once_with_its_place() {
    let text = r#"
        "85" = { name = "Short", gss = "E10000014", region = "South East" }
        "850" = { name = "Hampshire", gss = "E10000014", region = "South East" }
        "851" = { name = " ", gss = "W06000044", region = "South East" }
        "852" = { name = "Gone", region = "South East", from = "2024-13-01", replaced-by = ["853", "850"] }
        "854" = { name = "Backwards", region = "South East", from = "2024-04-01", to = "2023-04-01" }
    "#;
    let faults = Authorities::load(Path::new("authorities.toml"), text).unwrap_err();
    insta::assert_snapshot!("faults", faults);
    let faults =
        Authorities::load(Path::new("a.toml"), "\"850\" = { name = \"Hampshire\", region = \"South Eest\" }").unwrap_err();
    insta::assert_snapshot!("region", faults);
}
