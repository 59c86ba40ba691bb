use std::collections::BTreeSet;

use super::*;

const NONE: Known<&str> = Err(Missing::Blank);

#[test]
fn every_type_is_found_by_its_name_and_by_its_code() {
    let codes: BTreeSet<&str> = TYPES.iter().map(|each| each.code).collect();
    let names: BTreeSet<&str> = TYPES.iter().map(|each| each.name).collect();
    assert_eq!((codes.len(), names.len()), (TYPES.len(), TYPES.len()));
    for each in TYPES {
        assert_eq!(legal_type(Ok(each.name), NONE), Ok(each));
        assert_eq!(legal_type(Ok(&each.name.to_uppercase()), NONE), Ok(each));
        assert_eq!(legal_type(NONE, Ok(each.code)), Ok(each));
        assert_eq!(legal_type(NONE, Ok(&format!("{:0>2}", each.code))), Ok(each));
    }
    assert_eq!(legal_type(Ok("Service children’s education"), NONE).map(|found| found.code), Ok("26"));
}

#[test]
fn the_status_follows_the_type_then_the_group_and_is_never_guessed() {
    use LegalStatus::*;
    let cases: &[(Known<&str>, Known<&str>, Known<&str>, Result<LegalStatus, &str>)] = &[
        (Ok("Community school"), NONE, Ok("Local authority maintained schools"), Ok(Maintained)),
        (Ok("Foundation special school"), NONE, Ok("Special schools"), Ok(Maintained)),
        (Ok("Other independent special school"), NONE, Ok("Special schools"), Ok(Independent)),
        (Ok("City technology college"), NONE, Ok("Independent schools"), Ok(OtherStateFunded)),
        (Ok("Academy converter"), NONE, NONE, Ok(Academy)),
        (NONE, Ok("2"), NONE, Ok(Maintained)),
        (NONE, NONE, Ok("Free Schools"), Ok(Academy)),
        (NONE, NONE, Ok("LA maintained schools"), Ok(Maintained)),
        (NONE, NONE, Ok("Special schools"), Err("the type of the school is blank in the file")),
        (NONE, NONE, Ok("Independent schools"), Err("the type of the school is blank in the file")),
        (NONE, NONE, NONE, Err("the type of the school is blank in the file")),
        (
            Ok("Hedge school"),
            Ok("1"),
            Ok("Local authority maintained schools"),
            Err("the register calls the school `Hedge school`, a type that is not known here"),
        ),
        (
            Ok("Academy converter"),
            NONE,
            Ok("Local authority maintained schools"),
            Err(
                "the register calls the school `Academy converter` and counts it among `Local authority maintained schools`, which does not go together",
            ),
        ),
    ];
    for (name, code, group, expected) in cases {
        let found = legal_status(*name, *code, *group).map_err(|unclear| unclear.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{name:?} {code:?} {group:?}");
    }
}
