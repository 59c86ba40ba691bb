//! `[coverage]` and `[isolation]` as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::ties::{Contact, Coverage, Isolation, Tie};
use super::Told;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CoverageFile {
    window_months: u32,
    counts: Vec<Contact>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IsolationFile {
    tracked: Vec<Tie>,
    peer_review_months: Option<u32>,
    small_roll_below: Option<u32>,
}

impl CoverageFile {
    pub fn read(self, told: &mut Told<'_>) -> Coverage {
        months(told, "coverage.window-months", self.window_months);
        if self.counts.is_empty() {
            told.fault("coverage.counts", "without a kind that counts every school would be a gap", None);
        }
        Coverage { window_months: self.window_months, counts: self.counts.into_iter().collect() }
    }
}

impl IsolationFile {
    pub fn read(self, told: &mut Told<'_>) -> Isolation {
        if self.tracked.iter().all(|tie| *tie == Tie::Roll) {
            let hint = "track what you would know of: trust, federation, alliance, network, deployment, peer-review".into();
            told.fault("isolation.tracked", "without a tie that is tracked every school would be isolated", Some(hint));
        }
        if let Some(given) = self.peer_review_months {
            months(told, "isolation.peer-review-months", given);
        } else if self.tracked.contains(&Tie::PeerReview) {
            told.fault("isolation.peer-review-months", "this key is missing: `peer-review` is tracked", None);
        }
        match self.small_roll_below {
            Some(0) => told.fault("isolation.small-roll-below", "no school has fewer than 0 pupils", None),
            None if self.tracked.contains(&Tie::Roll) => {
                told.fault("isolation.small-roll-below", "this key is missing: `roll` is tracked", None);
            }
            _ => {}
        }
        Isolation {
            tracked: self.tracked.into_iter().collect(),
            peer_review_months: self.peer_review_months,
            small_roll_below: self.small_roll_below,
        }
    }
}

fn months(told: &mut Told<'_>, path: &str, months: u32) {
    if !(1..=120).contains(&months) {
        told.fault(path, format!("{months} months: this should be between 1 and 120"), None);
    }
}
