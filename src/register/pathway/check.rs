//! That every school has exactly one pathway, and none has steps that are not for it.

use std::path::Path;

use super::{Formal, Pathway, Standing, Support, TrustTie, Verb};
use crate::faults::{Fault, Faults};
use crate::toml_file;

pub fn faults(caveat: &str, all: &[Pathway], file: &Path, text: &str) -> Faults {
    let mut faults = Faults::default();
    let mut push = |line: Option<u32>, key: &str, what: String, hint: Option<&str>| {
        faults.push(Fault { file: file.to_owned(), line, key: key.to_owned(), what, hint: hint.map(str::to_owned) });
    };
    if caveat.trim().is_empty() {
        push(toml_file::line_of(text, &["caveat"]), "caveat", "this is empty".to_owned(), None);
    }
    for (place, pathway) in all.iter().enumerate() {
        let place = place.to_string();
        let line = |key: &str| toml_file::line_of(text, &["pathway", &place, key]);
        let words = [("id", &pathway.id), ("title", &pathway.title), ("text", &pathway.text), ("source", &pathway.source)];
        for (key, _) in words.into_iter().filter(|(_, words)| words.trim().is_empty()) {
            push(line(key), &format!("pathway.{key}"), "this is empty".to_owned(), None);
        }
        if all.iter().filter(|other| other.id == pathway.id).count() > 1 {
            push(line("id"), "pathway.id", format!("there is another pathway `{}`", pathway.id), None);
        }
        if pathway.also.contains(&pathway.first) {
            push(line("also"), "pathway.also", format!("`{}` names its first addressee again", pathway.id), None);
        }
        let only = |status: Standing| pathway.when.status.iter().all(|each| *each == status);
        match pathway.formal {
            Formal::Ladder if !only(Standing::Maintained) => {
                let what = format!("`{}` has formal steps for schools that are not maintained", pathway.id);
                push(line("formal"), "pathway.formal", what, Some("only a maintained school has them"));
            }
            Formal::RegionalReferral if !only(Standing::Academy) => {
                let what = format!("`{}` refers schools that are not academies to the regional team", pathway.id);
                push(line("formal"), "pathway.formal", what, Some("only an academy is referred there"));
            }
            Formal::Ladder | Formal::RegionalReferral | Formal::None => {}
        }
        if pathway.support == Support::CompulsoryAndFree && !only(Standing::Maintained) {
            let what = format!("`{}` makes support compulsory for schools that are not maintained", pathway.id);
            push(line("support"), "pathway.support", what, Some("it can only be offered to them"));
        }
        if pathway.verb == Verb::Arrange && !only(Standing::Maintained) {
            let what = format!("`{}` arranges support for schools that are not maintained", pathway.id);
            push(line("verb"), "pathway.verb", what, Some("use offer"));
        }
    }
    for status in Standing::ALL {
        for trust in TrustTie::ALL {
            let fitting: Vec<&str> =
                all.iter().filter(|each| each.when.fits(status, trust)).map(|each| each.id.as_str()).collect();
            let case = format!("status {} and trust {}", status.word(), trust.word());
            match fitting.as_slice() {
                [_] => {}
                [] => push(None, "pathway.when", format!("there is no pathway for {case}"), None),
                several => {
                    let what = format!("there is more than one pathway for {case}: {}", several.join(", "));
                    push(None, "pathway.when", what, None);
                }
            }
        }
    }
    faults.0.sort_by_key(|fault| fault.line.unwrap_or(u32::MAX));
    faults
}
