//! The Progress 8 bands of the performance tables, derived as a check of the published ones.
//!
//! The guidance gives the cut points without saying on which side the boundaries lie. The tables
//! of 2017/18 and 2018/19 settle it: a score of exactly 0.5 is well above average, one of exactly
//! −0.5 is below average. Rules read the published band; nothing is decided on a derived one.

use rust_decimal::Decimal;

/// From well above average (1 in the tables) to well below (5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    WellAbove = 1,
    Above = 2,
    Average = 3,
    Below = 4,
    WellBelow = 5,
}

/// The band of a score with its 95 % confidence limits.
///
/// ```
/// use headwater::assess::band::{Band, progress8};
/// let band = |score: &str, lower: &str, upper: &str| {
///     progress8(score.parse().unwrap(), lower.parse().unwrap(), upper.parse().unwrap())
/// };
/// assert_eq!(band("0.5", "0.33", "0.66"), Band::WellAbove);
/// assert_eq!(band("-0.5", "-0.7", "-0.3"), Band::Below);
/// assert_eq!(band("-0.51", "-0.67", "-0.35"), Band::WellBelow);
/// assert_eq!(band("-0.9", "-1.9", "0.1"), Band::Average); // the interval holds 0
/// ```
pub fn progress8(score: Decimal, lower: Decimal, upper: Decimal) -> Band {
    let half = Decimal::new(5, 1);
    if lower > Decimal::ZERO {
        if score >= half { Band::WellAbove } else { Band::Above }
    } else if upper < Decimal::ZERO {
        if score < -half { Band::WellBelow } else { Band::Below }
    } else {
        Band::Average
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number;

    /// Every published band of the corpus is reproduced, 209 of 2017/18 and 3,401 of 2018/19.
    #[test]
    fn published_bands_come_out() {
        let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
        let path = std::env::var_os("HEADWATER_CORPUS").map_or(beside, Into::into).join("oracle/p8_band_check.csv");
        if !path.exists() {
            println!("published bands: skipped, there is no {} (HEADWATER_CORPUS)", path.display());
            return;
        }
        let mut table = csv::Reader::from_path(path).unwrap();
        let header = table.headers().unwrap().clone();
        let place = |name: &str| header.iter().position(|one| one == name).unwrap();
        let columns = ["P8MEA", "P8CILOW", "P8CIUPP"].map(place);
        let published = place("published_P8_BANDING");
        let mut equal = 0;
        for row in table.records() {
            let row = row.unwrap();
            let Ok(band) = row[published].parse::<u8>() else { continue };
            let [score, lower, upper] = columns.map(|at| number::parse(&row[at]).unwrap());
            assert_eq!(progress8(score, lower, upper) as u8, band, "{row:?}");
            equal += 1;
        }
        assert_eq!(equal, 3_610);
    }
}
