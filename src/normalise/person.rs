//! A fingerprint in place of a person's name (invariant I9): enough to see that a post is held by
//! somebody else, not who holds it.
//!
//! What goes into it is the first letter of the first name and a skeleton of the last name, so
//! that spelling, title, case, accents, hyphens, apostrophes and spaces change nothing:
//!
//! 1. titles before and honours after the name go, then everything but letters; accents go too;
//! 2. `ph` is f, `ck`, `c` and `q` are k, `z` is s, and a letter that is doubled counts once;
//! 3. after the first letter a, e, i, o, u and y go, unless fewer than two other letters are left:
//!    Lee, Li and Low stay three names.
//!
//! A name with a digit in it is no name but a code, of which every character counts.
//!
//! The fingerprint is eight hexadecimal digits of a SHA-256 that begins with the subject's number:
//! nobody can be followed from school to school by it. It is a pseudonym all the same, as whoever
//! knows a name can try it.
//!
//! Limits, chosen so that a new person is rarely missed: a first name that begins with another
//! letter (Liz, Elizabeth), a new name after a marriage, or a first name that is left out is
//! another fingerprint. Where only one of both names is given it is taken for the last name,
//! whichever column it stands in, so that a publisher may move it. One who stops to give first
//! names at all changes everybody, and that the gate holds (`changed-max`).

use std::collections::BTreeMap;

use csv::StringRecord;
use sha2::{Digest, Sha256};

use crate::connector::{Column, Layout, Person as Spec};
use crate::model::Missing;
use crate::model::record::Entry;

/// The value of a post that nobody holds.
pub const VACANT: &str = "vacant";

/// How the name in two columns of a row becomes a fingerprint.
#[derive(Debug, Clone)]
pub(super) struct Person {
    first: Option<usize>,
    last: usize,
    /// In plain words, with a space before and after.
    vacant: Vec<String>,
    /// Whole names, in plain words, that name nobody → the marker as the manifest has it.
    markers: BTreeMap<String, (String, Missing)>,
    blank: Missing,
}

/// What stands in place of the name, and may be kept and shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Named {
    /// Eight hexadecimal digits.
    Somebody(String),
    Vacant,
    /// With the marker of the manifest that says so, empty where the cells are.
    Nobody(String, Missing),
}

impl Named {
    pub fn entry(&self) -> Entry<'_> {
        match self {
            Named::Nobody(_, why) => Entry::Missing(*why),
            _ => Entry::Text,
        }
    }

    pub fn raw(&self) -> &str {
        match self {
            Named::Somebody(raw) | Named::Nobody(raw, _) => raw,
            Named::Vacant => VACANT,
        }
    }
}

impl Person {
    pub fn new(spec: &Spec, column: &Column, layout: &Layout, last: usize, first: Option<usize>) -> Person {
        let mut markers = layout.markers.clone();
        markers.extend(column.markers.clone());
        Person {
            first,
            last,
            vacant: spec.vacant.iter().map(|phrase| format!(" {} ", plain(phrase))).collect(),
            blank: markers.get("").copied().unwrap_or(layout.blank),
            markers: markers.into_iter().map(|(token, why)| (plain(&token), (token, why))).collect(),
        }
    }

    /// Whether neither column says anything.
    pub fn is_blank(&self, cells: &StringRecord) -> bool {
        self.cell(cells, Some(self.last)).is_empty() && self.cell(cells, self.first).is_empty()
    }

    /// Who the row of `subject` names.
    pub fn read(&self, subject: i64, cells: &StringRecord) -> Named {
        let (first, last) = (self.cell(cells, self.first), self.cell(cells, Some(self.last)));
        let whole = plain(&format!("{first} {last}"));
        if whole.is_empty() {
            return Named::Nobody(String::new(), self.blank);
        }
        if let Some((token, why)) = self.markers.get(&whole) {
            return Named::Nobody(token.clone(), *why);
        }
        let padded = format!(" {whole} ");
        if self.vacant.iter().any(|phrase| padded.contains(phrase.as_str())) {
            return Named::Vacant;
        }
        Named::Somebody(fingerprint(subject, first, last))
    }

    fn cell<'c>(&self, cells: &'c StringRecord, place: Option<usize>) -> &'c str {
        place.and_then(|place| cells.get(place)).unwrap_or("").trim()
    }
}

/// Of the person with these names, at this school or group.
fn fingerprint(subject: i64, first: &str, last: &str) -> String {
    let code = [first, last].iter().any(|name| name.contains(|c: char| c.is_ascii_digit()));
    let (initial, name) = if code {
        (String::new(), format!("{first} {last}").trim().to_lowercase())
    } else {
        let (first, last) = (skeleton(&without_titles(first, true)), skeleton(&without_titles(last, false)));
        match (first.chars().next(), last.is_empty()) {
            (_, true) => (String::new(), first),
            (initial, false) => (initial.map(String::from).unwrap_or_default(), last),
        }
    };
    let hash = Sha256::digest(format!("head of a school\n{subject}\n{initial}\n{name}"));
    hex::encode(&hash[..4])
}

/// Lower-case words of letters and digits, parted by one space.
fn plain(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase));
    }
    words
}

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lady",
    "lord",
    "rev",
    "revd",
    "reverend",
    "canon",
    "father",
    "fr",
    "sister",
    "sr",
    "brother",
    "br",
];

const HONOURS: &[&str] = &["obe", "mbe", "cbe", "npqh", "phd", "jp"];

/// Without titles before the name and honours after it; one that is all there is stays, unless
/// `wholly` is true: a first name that is nothing but a title is none.
fn without_titles(name: &str, wholly: bool) -> String {
    let words = plain(name);
    let mut words: Vec<&str> = words.split(' ').collect();
    let least = usize::from(!wholly);
    while words.len() > least && words.first().is_some_and(|word| TITLES.contains(word)) {
        words.remove(0);
    }
    while words.len() > least && words.last().is_some_and(|word| HONOURS.contains(word)) {
        words.pop();
    }
    words.concat()
}

/// What is left of a name when its spelling goes.
fn skeleton(name: &str) -> String {
    let letters: String = name.chars().flat_map(char::to_lowercase).map(base).filter(|c| c.is_alphabetic()).collect();
    let letters = letters.replace('ß', "ss").replace('æ', "ae").replace('œ', "oe").replace("ph", "f");
    let alike = |c: char| match c {
        'c' | 'q' => 'k',
        'z' => 's',
        c => c,
    };
    let mut once: Vec<char> = letters.chars().map(alike).collect();
    once.dedup();
    let is_vowel = |c: char| "aeiouy".contains(c);
    if once.iter().filter(|c| !is_vowel(**c)).count() < 2 {
        return once.into_iter().collect();
    }
    once.iter().enumerate().filter(|(n, c)| *n == 0 || !is_vowel(**c)).map(|(_, c)| *c).collect()
}

/// The letter without its accent, for those that occur in names in Europe.
fn base(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ð' | 'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' | 'þ' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c => c,
    }
}

#[cfg(test)]
mod tests;
