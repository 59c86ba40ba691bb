//! Numbers as publishers write them: `43%`, `43.0%`, `£45,421`, `5,485`, `-0.51`.

use rust_decimal::Decimal;

/// Reads a published figure. Decoration (percent sign, pound sign, thousands commas in the right
/// places, blanks around it) is dropped; anything else is not a number. A percentage is in
/// percentage points: `43%` is 43. Exponents are refused: they come from a spreadsheet that
/// destroyed a code.
///
/// ```
/// use headwater::model::number::parse;
/// assert_eq!(parse("43.0%").unwrap().to_string(), "43.0");
/// assert_eq!(parse("£45,421").unwrap().to_string(), "45421");
/// assert_eq!(parse("-0.51").unwrap().to_string(), "-0.51");
/// assert!(parse("1.00063E+11").is_none());
/// assert!(parse("4,5").is_none()); // a decimal comma, not thousands
/// assert!(parse("SUPP").is_none());
/// ```
pub fn parse(token: &str) -> Option<Decimal> {
    let text = token.trim();
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.strip_prefix('£').unwrap_or(text);
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_some_and(|f| f.is_empty() || f.len() > 20 || !digits(f)) || whole.len() > 20 {
        return None;
    }
    let mut plain = String::with_capacity(text.len() + 1);
    plain.push_str(sign);
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or("");
        if first.is_empty() || first.len() > 3 || !digits(first) {
            return None;
        }
        plain.push_str(first);
        for group in groups {
            if group.len() != 3 || !digits(group) {
                return None;
            }
            plain.push_str(group);
        }
    } else {
        if !digits(whole) || (whole.is_empty() && fraction.is_none()) {
            return None;
        }
        plain.push_str(if whole.is_empty() { "0" } else { whole });
    }
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).ok()
}
