//! Days as people write them.

use jiff::civil::Date;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// `1 September 2023`.
///
/// ```
/// use headwater::register::day;
/// assert_eq!(day::words(jiff::civil::date(2023, 9, 1)), "1 September 2023");
/// ```
pub fn words(day: Date) -> String {
    let month = usize::try_from(day.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}
