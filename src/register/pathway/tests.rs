use super::*;

fn repository() -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/pathways.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

fn load() -> Pathways {
    let (path, text) = repository();
    Pathways::load(&path, &text).unwrap_or_else(|faults| panic!("{faults}"))
}

/// LP-12, US-L3: the same evidence, two statuses, two pathways.
#[test]
fn the_same_evidence_leads_two_ways_by_legal_status() {
    let pathways = load();
    let maintained = pathways.for_school(Standing::Maintained, TrustTie::None);
    assert_eq!(maintained.support, Support::CompulsoryAndFree);
    assert_eq!((maintained.first, maintained.verb, maintained.formal), (Body::School, Verb::Arrange, Formal::Ladder));
    let academy = pathways.for_school(Standing::Academy, TrustTie::Several);
    assert_eq!(academy.support, Support::Voluntary);
    assert_eq!((academy.first, academy.verb, academy.formal), (Body::Trust, Verb::Offer, Formal::RegionalReferral));
    // a foundation school that a trust supports is still maintained
    assert_eq!(pathways.for_school(Standing::Maintained, TrustTie::Several), maintained);
}

#[test]
fn whatever_is_known_of_a_school_it_has_one_pathway_and_no_more_than_its_status_allows() {
    let pathways = load();
    let mut told = Vec::new();
    for status in Standing::ALL {
        for trust in TrustTie::ALL {
            let pathway = pathways.for_school(status, trust);
            told.push(format!(
                "{:<19}{:<13}{} | {} | {}",
                status.word(),
                trust.word(),
                pathway.id,
                pathway.support,
                pathway.formal
            ));
            if status == Standing::Unknown {
                assert_eq!((pathway.formal, pathway.support), (Formal::None, Support::NotKnown));
                assert!(pathway.text.contains("not known"));
            }
        }
    }
    insta::assert_snapshot!("all_combinations", told.join("\n"));
}

#[test]
fn pathways_read_well() {
    let pathways = load();
    let mut told = vec![pathways.caveat.clone()];
    for pathway in pathways.all() {
        let also: Vec<String> = pathway.also.iter().map(ToString::to_string).collect();
        told.push(format!(
            "{}\n  first: {}; then: {}\n  {}\n  {} ({})",
            pathway.title,
            pathway.first,
            also.join(", "),
            pathway.text,
            pathway.source,
            pathway.year
        ));
    }
    insta::assert_snapshot!("texts", told.join("\n\n"));
}

#[test]
fn a_status_and_a_tie_come_from_what_is_known() {
    for (status, standing) in LegalStatus::ALL.into_iter().zip(Standing::ALL) {
        assert_eq!(Standing::from(Ok::<_, ()>(status)), standing);
        assert_eq!(standing.word(), status.word());
    }
    assert_eq!(Standing::from(Err("no type")), Standing::Unknown);
    let cases: &[(Result<Option<Result<u32, ()>>, ()>, TrustTie)] = &[
        (Ok(None), TrustTie::None),
        (Ok(Some(Ok(1))), TrustTie::OnlySchool),
        (Ok(Some(Ok(2))), TrustTie::Several),
        (Ok(Some(Err(()))), TrustTie::SizeUnknown),
        (Err(()), TrustTie::Unknown),
    ];
    for (known, tie) in cases {
        assert_eq!(TrustTie::of(*known), *tie);
    }
}

#[test]
fn every_fault_of_the_file_comes_at_once() {
    let (_, text) = repository();
    let spoilt = text
        .replace(
            "when = { status = [\"academy\"], trust = [\"several\"] }",
            "when = { status = [\"academy\", \"other\"], trust = [\"only-school\"] }",
        )
        .replace("id = \"status-not-known\"", "id = \"maintained\"")
        .replace("also = [\"local-authority\"]", "also = [\"school\"]")
        .replace(
            "verb = \"ask\"\nsupport = \"not-known\"\nformal = \"none\"",
            "verb = \"arrange\"\nsupport = \"compulsory-and-free\"\nformal = \"ladder\"",
        );
    let faults = Pathways::load(Path::new("pathways.toml"), &spoilt).unwrap_err();
    insta::assert_snapshot!("faults", faults.to_string());
    let slips = text.replace("\"maintained\"]", "\"maintaned\"]").replace("verb = \"ask\"", "vreb = \"ask\"");
    insta::assert_snapshot!("slips", Pathways::load(Path::new("pathways.toml"), &slips).unwrap_err().to_string());
}
