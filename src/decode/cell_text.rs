//! Cells of workbooks as the publisher would have written them in a CSV file.

/// A number: no more than the fifteen digits that a spreadsheet keeps, no exponent, no `.0`.
pub(super) fn number(value: f64) -> String {
    let value: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    match value == 0.0 {
        true => "0".to_owned(),
        false => value.to_string(),
    }
}

/// A share shown as a percentage: `0.72` is `72%`.
pub(super) fn percentage(value: f64) -> String {
    number(value * 100.0) + "%"
}

/// Whether a number format shows percentages: a `%` outside quotes and not escaped.
pub(super) fn shows_percentage(format: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for c in format.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

/// A date, with its time if that is not midnight.
pub(super) fn date_time((year, month, day, hour, minute, second, milli): (u16, u8, u8, u8, u8, u8, u16)) -> String {
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    }
}

/// An ISO date whose midnight is left out.
pub(super) fn iso(text: &str) -> &str {
    text.strip_suffix("T00:00:00").or_else(|| text.strip_suffix("T00:00:00.000")).unwrap_or(text)
}

pub(super) fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_written() {
        for (value, wanted) in [
            (1.0, "1"),
            (900_001.0, "900001"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (-0.55, "-0.55"),
            (72.35, "72.35"),
            (1e-7, "0.0000001"),
            (100_063_123_456.0, "100063123456"),
            (833_036.666_67, "833036.66667"),
        ] {
            assert_eq!(number(value), wanted);
        }
        assert_eq!(percentage(0.07), "7%");
        assert_eq!(percentage(0.289), "28.9%");
    }

    #[test]
    fn formats_and_dates() {
        assert!(shows_percentage("0.0%"));
        assert!(!shows_percentage("0\"%\"") && !shows_percentage("0\\%") && !shows_percentage("General"));
        assert_eq!(date_time((2026, 5, 6, 0, 0, 0, 0)), "2026-05-06");
        assert_eq!(date_time((2026, 5, 6, 9, 30, 0, 0)), "2026-05-06T09:30:00");
        assert_eq!(iso("2026-05-06T00:00:00"), "2026-05-06");
    }
}
