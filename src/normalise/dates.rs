//! Dates as publishers write them, by the patterns that the manifest allows.

use jiff::civil::Date;

/// A pattern made of `dd`, `mm`, `yyyy` and separators, for example `dd-mm-yyyy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DatePattern(String);

impl DatePattern {
    pub fn new(pattern: &str) -> DatePattern {
        DatePattern(pattern.to_ascii_lowercase())
    }

    /// The day that `token` names; none unless every character fits.
    pub fn read(&self, token: &str) -> Option<Date> {
        if token.len() != self.0.len() {
            return None;
        }
        let (mut year, mut month, mut day) = (0i16, 0i8, 0i8);
        for (shape, byte) in self.0.bytes().zip(token.bytes()) {
            let digit = byte.wrapping_sub(b'0');
            match shape {
                b'd' | b'm' | b'y' if digit > 9 => return None,
                b'd' => day = day.checked_mul(10)?.checked_add(digit as i8)?,
                b'm' => month = month.checked_mul(10)?.checked_add(digit as i8)?,
                b'y' => year = year.checked_mul(10)?.checked_add(i16::from(digit))?,
                _ if shape != byte => return None,
                _ => {}
            }
        }
        Date::new(year, month, day).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_fits_its_pattern_exactly_or_not_at_all() {
        let slashes = DatePattern::new("dd/mm/yyyy");
        assert_eq!(slashes.read("06/05/2026"), Some(date(2026, 5, 6)));
        for wrong in ["6/5/2026", "06-05-2026", "31/02/2026", "06/05/26", "", "aa/bb/cccc"] {
            assert_eq!(slashes.read(wrong), None, "{wrong}");
        }
        assert_eq!(DatePattern::new("yyyy-mm-dd").read("2026-05-06"), Some(date(2026, 5, 6)));
    }
}
