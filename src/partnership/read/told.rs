//! Collects the faults of one file, and reads the small things that stand in all of them.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use super::super::day::Span;
use super::Known;
use crate::faults::{Fault, Faults, nearest};
use crate::model::Urn;
use crate::register::legal::LegalStatus;
use crate::toml_file;

pub struct Told<'a> {
    pub file: &'a Path,
    pub text: &'a str,
    pub known: Known<'a>,
    pub faults: Faults,
}

impl<'a> Told<'a> {
    pub fn new(file: &'a Path, text: &'a str, known: Known<'a>) -> Told<'a> {
        Told { file, text, known, faults: Faults::default() }
    }

    /// `path` is a dotted key in which tables of a list are counted from zero: `board.0.chair`.
    pub fn fault(&mut self, path: &str, what: impl Into<String>, hint: Option<String>) {
        let parts: Vec<&str> = path.split('.').collect();
        let line = toml_file::line_of(self.text, &parts);
        self.faults.push(Fault { file: self.file.to_owned(), line, key: path.to_owned(), what: what.into(), hint });
    }

    pub fn words_needed(&mut self, path: &str, text: &str) {
        if text.trim().is_empty() {
            self.fault(path, "this must not be empty", None);
        }
    }

    pub fn file_id(&mut self, id: &str) {
        let stem = self.file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if id != stem {
            self.fault("id", format!("`{id}` is not the file's name"), Some(format!("write `{stem}`")));
        } else {
            self.id("id", id);
        }
    }

    pub fn id(&mut self, path: &str, id: &str) {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            self.fault(path, format!("`{id}` is not a name: lower-case letters, digits and hyphens"), None);
        }
    }

    /// Ids that stand twice in one list of tables, `list.0.id` and on.
    pub fn distinct<'i>(&mut self, list: &str, ids: impl IntoIterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (n, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                self.fault(&format!("{list}.{n}.id"), format!("there is another `{id}` before it"), None);
            }
        }
    }

    pub fn day(&mut self, path: &str, text: Option<&str>) -> Option<Date> {
        let text = text?;
        let day = text.parse().ok();
        if day.is_none() {
            self.fault(path, format!("`{text}` is not a day"), Some("write it as \"2026-09-01\"".into()));
        }
        day
    }

    /// The keys `from` and `to` of a table; `path` is empty for the file itself.
    pub fn span(&mut self, path: &str, from: Option<&str>, to: Option<&str>) -> Span {
        let key = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let span = Span { from: self.day(&key("from"), from), to: self.day(&key("to"), to) };
        match (span.from, span.to) {
            (Some(first), Some(last)) if first > last => {
                self.fault(&key("to"), format!("{last} is before {first}, the day in `from`"), None);
                Span::default()
            }
            _ => span,
        }
    }

    pub fn urn(&mut self, path: &str, number: i64) -> Option<Urn> {
        let urn = u32::try_from(number).ok().and_then(|number| Urn::try_from(number).ok());
        if urn.is_none() {
            self.fault(path, format!("`{number}` is not a URN: a URN has six digits and does not start with 0"), None);
        }
        urn
    }

    pub fn urns(&mut self, path: &str, numbers: &[i64]) -> BTreeSet<Urn> {
        let mut urns = BTreeSet::new();
        for (n, number) in numbers.iter().enumerate() {
            if let Some(urn) = self.urn(&format!("{path}.{n}"), *number)
                && !urns.insert(urn)
            {
                self.fault(&format!("{path}.{n}"), format!("{urn} stands twice in this list"), None);
            }
        }
        urns
    }

    /// Authorities by either code, as three-digit codes. One that was abolished needs an end by
    /// then, or one of those that took over beside it.
    pub fn las(&mut self, path: &str, texts: &[String], span: Span) -> BTreeSet<String> {
        let found: Vec<Option<String>> =
            texts.iter().enumerate().map(|(n, text)| self.la(&format!("{path}.{n}"), text)).collect();
        let codes: BTreeSet<String> = found.iter().flatten().cloned().collect();
        for (n, code) in found.iter().enumerate().filter_map(|(n, code)| code.as_ref().map(|code| (n, code))) {
            self.still_there(&format!("{path}.{n}"), code, span, &codes);
        }
        codes
    }

    /// Three-digit code of an authority that is written by either of its codes.
    pub fn la(&mut self, path: &str, text: &str) -> Option<String> {
        let Some(all) = self.known.authorities else { return Some(text.trim().to_owned()) };
        if let Some(one) = all.find(text) {
            return Some(one.code.clone());
        }
        let hint = match all.nearest(text) {
            Some(near) if near.name.eq_ignore_ascii_case(text.trim()) => format!("write `{}` for {}", near.code, near.name),
            Some(near) => format!("did you mean `{}`, {}?", near.code, near.name),
            None => "a three-digit code such as 850 or one of the Office for National Statistics such as E10000014".into(),
        };
        self.fault(path, format!("there is no local authority `{text}`"), Some(hint));
        None
    }

    pub fn still_there(&mut self, path: &str, code: &str, span: Span, beside: &BTreeSet<String>) {
        let Some(all) = self.known.authorities else { return };
        let Some((one, last)) = all.get(code).and_then(|one| Some((one, one.to?))) else { return };
        if span.to.is_some_and(|to| to <= last) || one.replaced_by.iter().any(|next| beside.contains(next)) {
            return;
        }
        let next: Vec<String> = one
            .replaced_by
            .iter()
            .map(|code| format!("{code} {}", all.get(code).map_or("", |next| next.name.as_str())).trim().to_owned())
            .collect();
        let hint = format!("name {} as well, or end this with `to`", next.join(" and "));
        self.fault(path, format!("{code} {} was abolished after {last}", one.name), Some(hint));
    }

    pub fn phases(&mut self, path: &str, words: &[String]) -> BTreeSet<String> {
        let known: Option<Vec<&str>> = self.known.phases.map(|phases| phases.iter().map(String::as_str).collect());
        self.among(path, words, known.as_deref(), "phase")
    }

    pub fn legal(&mut self, path: &str, words: &[String]) -> BTreeSet<String> {
        self.among(path, words, Some(&LegalStatus::ALL.map(LegalStatus::word)), "legal status")
    }

    fn among(&mut self, path: &str, words: &[String], known: Option<&[&str]>, kind: &str) -> BTreeSet<String> {
        for (n, word) in words.iter().enumerate() {
            if let Some(known) = known
                && !known.contains(&word.as_str())
            {
                let hint = near_or_all(word, known.iter().copied());
                self.fault(&format!("{path}.{n}"), format!("there is no {kind} `{word}`"), Some(hint));
            }
        }
        words.iter().cloned().collect()
    }
}

/// The nearest known name, or all that there are.
pub fn near_or_all<'k>(wrong: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    match nearest(wrong, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known.collect::<Vec<_>>().as_slice() {
            [] => "there is none yet".into(),
            all => format!("known here: {}", all.join(", ")),
        },
    }
}
