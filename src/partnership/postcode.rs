//! Postcodes, and the parts of the country that the first letters and digits of one stand for.

use std::fmt;

use serde::Serialize;

/// A postcode area (`WX`), a district (`WX1`), a sector (`WX1 2`) or one whole postcode.
///
/// Compared by whole units: the district `WX1` has nothing of `WX12`, and `W1` nothing of `W1A`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostcodePart {
    area: String,
    /// What follows the letters of the area, before the gap.
    district: Option<String>,
    sector: Option<char>,
    /// The two letters at the end.
    unit: Option<String>,
}

/// The postcode of a school, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postcode(PostcodePart);

impl PostcodePart {
    /// None if the text is none of the four.
    pub fn parse(text: &str) -> Option<PostcodePart> {
        let text = text.trim().to_ascii_uppercase();
        let mut words = text.split_whitespace();
        let (outward, inward) = (words.next()?, words.next());
        if words.next().is_some() {
            return None;
        }
        let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
        let (area, rest) = (outward.get(..letters)?, outward.get(letters..)?);
        if !(1..=2).contains(&letters) {
            return None;
        }
        let district = match rest.as_bytes() {
            [] => None,
            [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z'] => Some(rest.to_owned()),
            _ => return None,
        };
        let (sector, unit) = match inward.map(str::as_bytes) {
            None => (None, None),
            Some(_) if district.is_none() => return None,
            Some([sector @ b'0'..=b'9']) => (Some(char::from(*sector)), None),
            Some([sector @ b'0'..=b'9', b'A'..=b'Z', b'A'..=b'Z']) => {
                (Some(char::from(*sector)), inward.and_then(|inward| inward.get(1..)).map(str::to_owned))
            }
            Some(_) => return None,
        };
        Some(PostcodePart { area: area.to_owned(), district, sector, unit })
    }

    pub fn holds(&self, postcode: &Postcode) -> bool {
        let whole = &postcode.0;
        self.area == whole.area
            && (self.district.is_none() || self.district == whole.district)
            && (self.sector.is_none() || self.sector == whole.sector)
            && (self.unit.is_none() || self.unit == whole.unit)
    }

    /// `postcode district`, for example.
    pub fn kind(&self) -> &'static str {
        match (&self.district, self.sector, &self.unit) {
            (None, ..) => "postcode area",
            (Some(_), None, _) => "postcode district",
            (Some(_), Some(_), None) => "postcode sector",
            (Some(_), Some(_), Some(_)) => "postcode",
        }
    }
}

impl Postcode {
    /// Reads a whole postcode, with its gap or without. None if it is not one.
    pub fn parse(text: &str) -> Option<Postcode> {
        let packed: String = text.split_whitespace().collect();
        let split = packed.len().checked_sub(3)?;
        let (outward, inward) = (packed.get(..split)?, packed.get(split..)?);
        let part = PostcodePart::parse(&format!("{outward} {inward}"))?;
        part.unit.is_some().then_some(Postcode(part))
    }
}

impl fmt::Display for PostcodePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.area, self.district.as_deref().unwrap_or_default())?;
        if let Some(sector) = self.sector {
            write!(f, " {sector}{}", self.unit.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

impl Serialize for PostcodePart {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_whole_units_only() {
        let rows = [
            ("WX", "WX1 2AL", true),
            ("WX", "W1 2AL", false),
            ("W", "WX1 2AL", false),
            ("WX1", "WX1 2AL", true),
            ("WX1", "WX12 2AL", false),
            ("wx1  2", "wx12al", true),
            ("WX1 2", "WX12 2AL", false),
            ("WX12", "WX1 2AL", false),
            ("W1", "W1A 1AA", false),
            ("W1A", "W1A 1AA", true),
            ("WX1 2AL", "WX1 2AL", true),
            ("WX1 2AL", "WX1 2AM", false),
        ];
        for (part, postcode, holds) in rows {
            let (part, whole) = (PostcodePart::parse(part).unwrap(), Postcode::parse(postcode).unwrap());
            assert_eq!(part.holds(&whole), holds, "{part} {postcode}");
        }
    }

    #[test]
    fn what_is_no_part_of_a_postcode_is_not_read() {
        for text in ["", "1", "WXY", "WX123", "WX1A2", "WX 2", "WX1 22", "WX1 A", "WX1 2A", "WX1 2 3", "wéx", "WX-1"] {
            assert_eq!(PostcodePart::parse(text), None, "{text}");
        }
        for text in ["", "WX1", "WX1 2", "2AL", "WX1 2A1", "not known", "é1 2AL"] {
            assert_eq!(Postcode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_part_is_written_as_it_is_spoken() {
        for (text, kind) in
            [("WX", "postcode area"), ("WX1", "postcode district"), ("WX1 2", "postcode sector"), ("WX1 2AL", "postcode")]
        {
            let part = PostcodePart::parse(&text.to_lowercase()).unwrap();
            assert_eq!((part.to_string().as_str(), part.kind()), (text, kind));
        }
    }
}
