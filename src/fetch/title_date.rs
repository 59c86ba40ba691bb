//! Days and academic years as publishers write them in titles, URLs and file names.

use jiff::civil::Date;

/// The latest day named in a text: `31 Oct 2023`, `30_June_2026`, `1st Sept 2015`, `2026-06-30`,
/// `20260630`. None where no day is named; a month alone names no day.
pub fn date_in(text: &str) -> Option<Date> {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let named = tokens.windows(3).filter_map(|w| day_month_year(w[0], w[1], w[2]).or_else(|| year_month_day(w[0], w[1], w[2])));
    let compact = tokens.iter().filter_map(|token| compact(token));
    named.chain(compact).max()
}

fn day_month_year(day: &str, name: &str, year: &str) -> Option<Date> {
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = day[digits.len()..].to_ascii_lowercase();
    if !matches!(suffix.as_str(), "" | "st" | "nd" | "rd" | "th") {
        return None;
    }
    date(year, month(name)?, digits)
}

fn year_month_day(year: &str, month: &str, day: &str) -> Option<Date> {
    date(year, two_digits(month)?, two_digits(day).map(|_| day)?)
}

/// Eight digits at the end of a word, as in `edubasealldata20240617`. An academic year such as
/// `20222023` has month 20 and is no date.
fn compact(token: &str) -> Option<Date> {
    let digits = token.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    date(&digits[..4], two_digits(&digits[4..6])?, &digits[6..])
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !all_digits(year) || day.len() > 2 || !all_digits(day) {
        return None;
    }
    let year = year.parse().ok().filter(|year| (1990..=2100).contains(year))?;
    Date::new(year, month, day.parse().ok()?).ok()
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let found =
        MONTHS.iter().position(|month| name == *month || name == month[..3] || (name == "sept" && *month == "september"))?;
    i8::try_from(found + 1).ok()
}

/// An academic year in a file name: `2023-2024_england_ks4.csv`, `ks4_202324.csv`, `2018/19`,
/// printed `2023/24`. Only two years that follow each other count; several different ones: none.
pub fn academic_year_in(text: &str) -> Option<String> {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|token| !token.is_empty()).collect();
    let joined = tokens.iter().filter_map(|token| match token.len() {
        6 | 8 => following(&token[..4], &token[4..]),
        _ => None,
    });
    let apart = tokens.windows(2).filter_map(|pair| following(pair[0], pair[1]));
    let mut found: Vec<String> = joined.chain(apart).collect();
    found.sort();
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

fn following(first: &str, second: &str) -> Option<String> {
    if first.len() != 4 || !matches!(second.len(), 2 | 4) {
        return None;
    }
    let start: u16 = first.parse().ok().filter(|year| (1990..=2100).contains(year))?;
    let next: u16 = second.parse().ok()?;
    let end = start + 1;
    (next == if second.len() == 4 { end } else { end % 100 }).then(|| format!("{start}/{:02}", end % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_titles() {
        for (text, expected) in [
            ("Management information - state-funded schools - latest inspections as at 31 Oct 2023", Some("2023-10-31")),
            ("… latest inspections as at 30 June 2026", Some("2026-06-30")),
            ("Management_information_-_latest_inspections_as_at_30_Apr_2025.csv", Some("2025-04-30")),
            ("as at 1st Sept 2015", Some("2015-09-01")),
            ("1 September 2015 to 31 August 2019", Some("2019-08-31")),
            ("as at 31 DECEMBER 2025", Some("2025-12-31")),
            ("edubasealldata20240617.csv", Some("2024-06-17")),
            ("register-2026-06-30.csv", Some("2026-06-30")),
            ("as at 31 June 2026", None),
            ("as at June 2026", None),
            ("31 Octember 2023", None),
            ("results 20222023", None),
            ("681cd390275cb67b18d870fc", None),
            ("", None),
            ("31 ", None),
            ("é31 Oct 2023", Some("2023-10-31")),
        ] {
            assert_eq!(date_in(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn academic_years_in_file_names() {
        for (text, expected) in [
            ("2023-2024_england_ks4final.csv", Some("2023/24")),
            ("england_ks2_201617.csv", Some("2016/17")),
            ("absence 2018-19.csv", Some("2018/19")),
            ("20222023_ks4.csv", Some("2022/23")),
            ("1999-00.csv", Some("1999/00")),
            ("2023-2025.csv", None),
            ("201617_and_201718.csv", None),
            ("20240617.csv", None),
            ("ks4.csv", None),
        ] {
            assert_eq!(academic_year_in(text).as_deref(), expected, "{text}");
        }
    }
}
