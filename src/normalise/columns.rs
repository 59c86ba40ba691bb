//! A header, looked up by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::faults::{Class, Finding};

/// Names of a header and where each stands.
pub(super) struct Header<'a> {
    pub names: Vec<&'a str>,
    at: BTreeMap<&'a str, Vec<usize>>,
    /// Names in the release before; none if it is not known.
    earlier: BTreeSet<&'a str>,
}

impl<'a> Header<'a> {
    pub fn new(header: &'a [String], earlier: &'a [String]) -> Header<'a> {
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let mut at: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            at.entry(name).or_default().push(place);
        }
        Header { names, at, earlier: earlier.iter().map(|name| name.trim()).collect() }
    }

    pub fn has(&self, name: &str) -> bool {
        self.at.contains_key(name.trim())
    }

    /// The one place of `name`; a finding if it stands there twice.
    pub fn place(&self, name: &str) -> Result<Option<usize>, Finding> {
        match self.at.get(name.trim()).map(Vec::as_slice) {
            None => Ok(None),
            Some([place]) => Ok(Some(*place)),
            Some(places) => {
                let columns: Vec<_> = places.iter().map(|place| (place + 1).to_string()).collect();
                let what = format!(
                    "the header has this name {} times (columns {}), so its figures cannot be told apart: ask the publisher which one is meant",
                    places.len(),
                    columns.join(" and ")
                );
                Err(Finding::new(Class::Refuse, "duplicate-label", what).in_column(name.trim()))
            }
        }
    }

    /// The one place of whichever alias stands in the header.
    pub fn place_of_any(&self, aliases: &[String]) -> Result<Option<usize>, Finding> {
        let mut found: Option<(usize, &str)> = None;
        for alias in aliases {
            let Some(place) = self.place(alias)? else { continue };
            match found {
                Some((earlier, _)) if earlier == place => {}
                Some((_, earlier)) => {
                    let what =
                        format!("the header has both `{earlier}` and `{}`, and the manifest takes them for one", alias.trim());
                    return Err(Finding::new(Class::Hold, "ambiguous-column", what).in_column(alias.trim()));
                }
                None => found = Some((place, alias)),
            }
        }
        Ok(found.map(|(place, _)| place))
    }

    /// The finding for a column that is not there under any of its names: says which of the
    /// `spare` columns, those that nothing else uses, is most likely the same one renamed. A column
    /// that was there before under its own name is not it.
    pub fn missing(&self, aliases: &[String], for_what: &str, spare: &[&str]) -> Finding {
        let expected = aliases.first().map_or("", |name| name.trim());
        let others = aliases.len().saturating_sub(1);
        let mut what = format!("no column `{expected}`");
        if others > 0 {
            what.push_str(&format!(" or any of its {others} other names"));
        }
        what.push_str(&format!(", which {for_what} needs"));
        let fresh: Vec<&str> = spare.iter().copied().filter(|name| !self.earlier.contains(name)).collect();
        match likeliest(aliases, &fresh) {
            Some(name) => what.push_str(&format!(
                ": most likely renamed to `{name}`; if so, add that name to `from` in the manifest and ingest again"
            )),
            None => {
                what.push_str(": no column of the file resembles it; if it was renamed, add its name to `from` in the manifest");
            }
        }
        Finding::new(Class::Hold, "missing-column", what).in_column(expected)
    }
}

/// The spare column whose name is most like one of the aliases; the only spare one if there is
/// no other.
fn likeliest<'a>(aliases: &[String], spare: &[&'a str]) -> Option<&'a str> {
    if let [only] = spare {
        return Some(only);
    }
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let likeness = |name: &str| aliases.iter().map(|alias| strsim::jaro_winkler(&plain(alias), &plain(name))).fold(0.0, f64::max);
    let best = spare.iter().map(|name| (likeness(name), *name)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))?;
    (best.0 >= 0.6).then_some(best.1)
}
