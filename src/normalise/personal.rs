//! Columns about pupils or persons, told by their names (invariant I9).
//!
//! A published school file has none, except those that its manifest lists under `personal`, which
//! are dropped unread. Any other one means that this is not the file it is said to be, or that
//! somebody has joined private data to it, and then no row of it may be kept.

use crate::faults::{Class, Finding};

/// Words that no column of a school-level table has, in any combination.
const ALONE: &[&str] = &[
    "upn",
    "uln",
    "upi",
    "surname",
    "forename",
    "firstname",
    "lastname",
    "middlename",
    "givenname",
    "familyname",
    "fullname",
    "dob",
    "dateofbirth",
    "birthdate",
    "email",
    "emailaddress",
    "nino",
    "nhsnumber",
];

/// Words for a person …
const PERSON: &[&str] = &[
    "pupil",
    "pupils",
    "student",
    "learner",
    "child",
    "parent",
    "carer",
    "guardian",
    "teacher",
    "headteacher",
    "head",
    "principal",
    "governor",
    "contact",
    "person",
    "staff",
    "proprietor",
    "props",
    "chair",
];

/// … and what would identify one, if it follows such a word.
const ATTRIBUTE: &[&str] = &[
    "name",
    "names",
    "firstname",
    "lastname",
    "initials",
    "title",
    "id",
    "identifier",
    "number",
    "ref",
    "reference",
    "address",
    "street",
    "postcode",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "email",
    "mail",
    "birth",
    "honours",
    "salutation",
];

/// Names, in small letters and digits, that official headers use for something harmless although
/// the rules above would catch them.
const HARMLESS: &[&str] = &["numberofpupils", "headpreferredjobtitle"];

/// A finding for each column of `header` that looks personal and is not among `known`.
pub fn check(header: &[&str], known: &[String]) -> Vec<Finding> {
    header
        .iter()
        .filter(|name| !known.iter().any(|known| known.trim() == **name))
        .filter(|name| looks_personal(name))
        .map(|name| {
            let what = "looks like data about a person, and none may be stored: nothing of this file was kept; remove the \
                        column at its source, or list it under `personal` in the manifest if it is published and to be dropped";
            Finding::new(Class::Refuse, "personal-data", what).in_column(*name)
        })
        .collect()
}

fn looks_personal(name: &str) -> bool {
    let words = words(name);
    let squeezed = words.concat();
    if HARMLESS.contains(&squeezed.as_str()) {
        return false;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(ALONE) || ALONE.contains(&squeezed.as_str()) {
        return true;
    }
    for pair in words.windows(2) {
        let pair = pair.concat();
        if ALONE.contains(&pair.as_str())
            || pair == "homeaddress"
            || pair == "mobilenumber"
            || pair == "mobilephone"
            || pair == "homepostcode"
        {
            return true;
        }
    }
    if words.windows(3).any(|three| three.concat() == "dateofbirth") {
        return true;
    }
    let person = words.iter().position(|word| PERSON.contains(&word.as_str()));
    match person {
        // the attribute must belong to the person: `head first name`, `pupil id`, `name of pupil`
        Some(at) => {
            let after = words[at + 1..].iter().take(2).any(|word| ATTRIBUTE.contains(&word.as_str()));
            let before = at >= 2 && words[at - 1] == "of" && matches!(words[at - 2].as_str(), "name" | "address" | "birth");
            let counted = words
                .iter()
                .any(|word| matches!(word.as_str(), "total" | "percent" | "percentage" | "average" | "count" | "ratio" | "fte"));
            (after || before) && !counted
        }
        None => false,
    }
}

/// Lower-case words of a name: cut at anything but letters and digits, and where a small letter
/// is followed by a capital.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (small_before && c.is_uppercase()) {
            words.push(String::new());
        }
        small_before = c.is_lowercase();
        if c.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_about_persons_are_seen_in_many_spellings() {
        for name in [
            "UPN",
            "Pupil UPN",
            "pupil_name",
            "PupilName",
            "Surname",
            "Forename",
            "First name",
            "first_name",
            "DOB",
            "Date of birth",
            "DateOfBirth",
            "HeadteacherEmail",
            "E-mail",
            "email address",
            "Parent phone",
            "Student ID",
            "studentId",
            "Home address",
            "Name of pupil",
            "HeadFirstName",
            "ChildPostcode",
            "contact telephone number",
        ] {
            assert!(looks_personal(name), "{name}");
        }
    }

    #[test]
    fn columns_about_schools_are_not() {
        for name in [
            "TELNUM",
            "School name",
            "BOYS",
            "LA name",
            "NumberOfPupils",
            "Pupil:     Teacher Ratio",
            "Total number of pupils",
            "TelephoneNum",
            "HeadPreferredJobTitle",
            "PPERSABS10",
            "trust_name",
            "pupil_count",
            "Linked UID",
            "EstablishmentName",
            "Postcode",
            "ParliamentaryConstituency (name)",
            "Statutory lowest age",
            "Academy sponsor name",
            "pupil_to_qual_teacher_ratio",
            "pt_not_mobile",
        ] {
            assert!(!looks_personal(name), "{name}");
        }
    }

    #[test]
    fn a_column_that_the_manifest_knows_is_no_news() {
        assert_eq!(check(&["URN", "HeadFirstName"], &["HeadFirstName".to_owned()]), []);
        assert_eq!(check(&["URN", "HeadFirstName"], &[]).len(), 1);
    }
}
