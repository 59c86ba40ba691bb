//! Times of day in England, right on both days on which the clocks change.
//!
//! An expression is evaluated on the civil clock, as if there were no zones, and each civil time is
//! then mapped to an instant of Europe/London: a time that does not exist in spring is an hour
//! later, one that occurs twice in autumn is the first of the two. Thus a daily job runs exactly
//! once on every day; evaluated on zoned times it would skip `30 1 * * *` in spring and run it twice
//! in autumn. The price is that a job of every half hour pauses for one hour in autumn.

use std::fmt;
use std::str::FromStr;

use cron::TimeUnitSpec;
use jiff::civil::{Date, DateTime, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// When a task is due. Five fields as in `crontab` (minute, hour, day of month, month, day of week)
/// or six with seconds in front. A day must fit both the day of the month and the day of the week.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    fields: cron::Schedule,
    zone: TimeZone,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASchedule {
    #[error("`{0}` has {1} fields: write minute, hour, day of month, month and day of week, for example `30 6 * * *`")]
    Fields(String, usize),
    #[error("`{0}` gives the day of the week as a number, which means different days in different programs: write MON to SUN")]
    NumberedDay(String),
    #[error("`{0}` is not a schedule: {1}")]
    Expression(String, String),
    #[error("`{0}` never comes")]
    Never(String),
    #[error("the time zone Europe/London is not known here: {0}")]
    Zone(String),
}

impl Schedule {
    /// The first instant after `after` at which it is due; none when there is none before 2101.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let here = after.to_zoned(self.zone.clone()).datetime();
        // a time skipped in spring is due up to an hour after its own name
        let from = here.checked_sub(1.hour()).unwrap_or(here);
        let mut best: Option<(Timestamp, DateTime)> = None;
        for civil in self.civil_times(from) {
            if best.is_some_and(|(_, shown)| civil >= shown) {
                break;
            }
            let Ok(due) = self.zone.to_ambiguous_zoned(civil).compatible() else { continue };
            if due.timestamp() > after && best.is_none_or(|(soonest, _)| due.timestamp() < soonest) {
                best = Some((due.timestamp(), due.datetime()));
            }
        }
        best.map(|(due, _)| due)
    }

    /// Every instant after `after` at which it is due, strictly increasing.
    pub fn upcoming(&self, after: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        std::iter::successors(self.next(after), |last| self.next(*last))
    }

    /// Times on the civil clock that fit the expression, from `from` on, in order.
    fn civil_times(&self, from: DateTime) -> impl Iterator<Item = DateTime> + '_ {
        let days = std::iter::successors(Some(from.date()), |day| day.tomorrow().ok()).take_while(|day| day.year() <= 2100);
        days.filter(|day| self.has_day(*day)).flat_map(move |day| {
            let at = move |h: u32, m: u32, s: u32| day.to_datetime(time(h as i8, m as i8, s as i8, 0));
            let minutes = self.fields.hours().iter().flat_map(|h| self.fields.minutes().iter().map(move |m| (h, m)));
            minutes.flat_map(move |(h, m)| self.fields.seconds().iter().map(move |s| at(h, m, s))).filter(move |t| *t >= from)
        })
    }

    fn has_day(&self, day: Date) -> bool {
        let whole = |n: i64| u32::try_from(n).unwrap_or(0);
        self.fields.years().includes(whole(day.year().into()))
            && self.fields.months().includes(whole(day.month().into()))
            && self.fields.days_of_month().includes(whole(day.day().into()))
            && self.fields.days_of_week().includes(whole(day.weekday().to_sunday_one_offset().into()))
    }
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Schedule, NotASchedule> {
        let shown = || text.chars().take(60).collect::<String>();
        let fields: Vec<&str> = text.split_whitespace().collect();
        let (full, day_of_week) = match fields.as_slice() {
            [_, _, _, _, day] => (format!("0 {}", fields.join(" ")), *day),
            [_, _, _, _, _, day] => (fields.join(" "), *day),
            _ => return Err(NotASchedule::Fields(shown(), fields.len())),
        };
        if day_of_week.bytes().any(|b| b.is_ascii_digit()) {
            return Err(NotASchedule::NumberedDay(shown()));
        }
        let fields = cron::Schedule::from_str(&full).map_err(|e| NotASchedule::Expression(shown(), e.to_string()))?;
        let zone = TimeZone::get("Europe/London").map_err(|e| NotASchedule::Zone(e.to_string()))?;
        let schedule = Schedule { text: text.trim().to_owned(), fields, zone };
        match schedule.next(Timestamp::UNIX_EPOCH) {
            Some(_) => Ok(schedule),
            None => Err(NotASchedule::Never(shown())),
        }
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Schedule) -> bool {
        self.text == other.text
    }
}

impl Eq for Schedule {}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for Schedule {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Schedule, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Instants of two days as London shows them, from midnight of `day`.
    fn london(expression: &str, day: &str, hours: i64) -> Vec<String> {
        let schedule: Schedule = expression.parse().unwrap();
        let start = day.parse::<Date>().unwrap().in_tz("Europe/London").unwrap();
        let end = start.timestamp() + hours.hours();
        schedule
            .upcoming(start.timestamp() - 1.nanosecond())
            .take_while(|due| *due < end)
            .map(|due| due.to_zoned(schedule.zone.clone()).strftime("%d %H:%M %Z").to_string())
            .collect()
    }

    #[test]
    fn a_daily_job_runs_once_on_each_day_on_which_the_clocks_change() {
        assert_eq!(london("30 1 * * *", "2027-03-27", 72), ["27 01:30 GMT", "28 02:30 BST", "29 01:30 BST"]);
        assert_eq!(london("30 1 * * *", "2027-10-30", 72), ["30 01:30 BST", "31 01:30 BST", "01 01:30 GMT"]);
        assert_eq!(london("0 0 6 * * *", "2027-03-27", 47), ["27 06:00 GMT", "28 06:00 BST"]);
    }

    #[test]
    fn every_half_hour_stays_in_order_and_repeats_nothing() {
        let spring = london("*/30 * * * *", "2027-03-28", 3);
        assert_eq!(spring, ["28 00:00 GMT", "28 00:30 GMT", "28 02:00 BST", "28 02:30 BST", "28 03:00 BST", "28 03:30 BST"]);
        let autumn = london("*/30 * * * *", "2027-10-31", 4);
        assert_eq!(autumn[..4], ["31 00:00 BST", "31 00:30 BST", "31 01:00 BST", "31 01:30 BST"]);
        assert_eq!(autumn[4..], ["31 02:00 GMT", "31 02:30 GMT"]);
    }

    #[test]
    fn a_time_skipped_in_spring_does_not_overtake_one_that_exists() {
        assert_eq!(london("10 1,2 * * *", "2027-03-28", 23), ["28 02:10 BST"]);
        assert_eq!(london("50 1 * * SUN", "2027-03-28", 23), ["28 02:50 BST"]);
    }

    #[test]
    fn started_within_the_hour_that_comes_twice_it_does_not_run_again() {
        let schedule: Schedule = "30 1 * * *".parse().unwrap();
        let second = "2027-10-31T01:15:00+00:00[Europe/London]".parse::<jiff::Zoned>().unwrap();
        assert_eq!(schedule.next(second.timestamp()).unwrap().to_string(), "2027-11-01T01:30:00Z");
    }

    #[test]
    fn expressions_that_would_surprise_are_refused() {
        let refused = |text: &str| text.parse::<Schedule>().unwrap_err().to_string();
        assert!(refused("30 6 * *").contains("4 fields"));
        assert!(refused("30 6 * * 1").contains("MON"));
        assert!(refused("99 6 * * *").contains("not a schedule"));
        assert!(refused("0 6 30 2 *").contains("never"));
        assert_eq!("30 6 * * MON-FRI".parse::<Schedule>().unwrap().to_string(), "30 6 * * MON-FRI");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn instants_strictly_increase_and_a_daily_job_runs_on_every_day(
            hour in 0u8..24, minute in 0u8..60, year in 2024i16..2040
        ) {
            let schedule: Schedule = format!("{minute} {hour} * * *").parse().unwrap();
            let start = jiff::civil::date(year, 1, 1).in_tz("Europe/London").unwrap().timestamp();
            let mut last = start - 1.nanosecond();
            let mut day = jiff::civil::date(year, 1, 1);
            for due in schedule.upcoming(last).take(730) {
                prop_assert!(due > last);
                prop_assert_eq!(due.to_zoned(schedule.zone.clone()).date(), day);
                (last, day) = (due, day.tomorrow().unwrap());
            }
        }

        #[test]
        fn frequent_jobs_strictly_increase_over_the_changes(step in 1u8..60, hours in "\\*|1|1-2|0-3|\\*/2", spring in any::<bool>()) {
            let schedule: Schedule = format!("*/{step} {hours} * * *").parse().unwrap();
            let start: Timestamp = if spring { "2027-03-27T20:00:00Z" } else { "2027-10-30T20:00:00Z" }.parse().unwrap();
            let instants: Vec<Timestamp> = schedule.upcoming(start).take(600).collect();
            prop_assert!(instants.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
