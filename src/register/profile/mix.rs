//! The phase mix of a trust (CA-09).

use std::fmt;

use super::tally::Tally;

/// The rule behind the label. The study names the six labels and not how it gave them.
pub const PHASE_MIX_RULE: &str = "our rule: primary or secondary if all open schools are, middle schools as they are deemed; \
     mainly primary or mainly secondary from two thirds of them; other if more than half are neither primary, \
     secondary nor all-through; otherwise mixed; no label while the phase of any school is not known";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseMix {
    Primary,
    MainlyPrimary,
    Mixed,
    MainlySecondary,
    Secondary,
    Other,
}

/// Why a trust has no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPhaseMix {
    #[error("no school is known to be open")]
    NoSchools,
    #[error("the phase of {0} of its schools is not known")]
    NotKnown(u32),
}

/// The label of the open schools, whose phases these are.
pub fn label(phases: &Tally<String>) -> Result<PhaseMix, NoPhaseMix> {
    let (all, not_known) = (phases.known_total(), phases.not_known_total());
    if not_known > 0 {
        return Err(NoPhaseMix::NotKnown(not_known));
    }
    let count = |names: &[&str]| phases.share(|phase| names.contains(&phase.as_str())).count;
    let primary = count(&["Primary", "Middle deemed primary"]);
    let secondary = count(&["Secondary", "Middle deemed secondary"]);
    let neither = all - primary - secondary - count(&["All-through"]);
    let two_thirds = |number: u32| u64::from(number) * 3 >= u64::from(all) * 2;
    Ok(if all == 0 {
        return Err(NoPhaseMix::NoSchools);
    } else if primary == all {
        PhaseMix::Primary
    } else if secondary == all {
        PhaseMix::Secondary
    } else if two_thirds(primary) {
        PhaseMix::MainlyPrimary
    } else if two_thirds(secondary) {
        PhaseMix::MainlySecondary
    } else if u64::from(neither) * 2 > u64::from(all) {
        PhaseMix::Other
    } else {
        PhaseMix::Mixed
    })
}

impl PhaseMix {
    pub fn word(self) -> &'static str {
        match self {
            PhaseMix::Primary => "primary",
            PhaseMix::MainlyPrimary => "mainly primary",
            PhaseMix::Mixed => "mixed",
            PhaseMix::MainlySecondary => "mainly secondary",
            PhaseMix::Secondary => "secondary",
            PhaseMix::Other => "other",
        }
    }
}

impl fmt::Display for PhaseMix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Missing;

    #[test]
    fn labels_follow_the_rule() {
        let cases: &[(&str, Result<PhaseMix, NoPhaseMix>)] = &[
            ("", Err(NoPhaseMix::NoSchools)),
            ("ppp", Ok(PhaseMix::Primary)),
            ("pm", Ok(PhaseMix::Primary)),
            ("ss", Ok(PhaseMix::Secondary)),
            ("pps", Ok(PhaseMix::MainlyPrimary)),
            ("pss", Ok(PhaseMix::MainlySecondary)),
            ("ppss", Ok(PhaseMix::Mixed)),
            ("a", Ok(PhaseMix::Mixed)),
            ("pan", Ok(PhaseMix::Mixed)),
            ("nn", Ok(PhaseMix::Other)),
            ("nnp", Ok(PhaseMix::Other)),
            ("np", Ok(PhaseMix::Mixed)),
            ("ppp?", Err(NoPhaseMix::NotKnown(1))),
        ];
        for (letters, expected) in cases {
            let phases = letters.chars().map(|letter| match letter {
                'p' => Ok("Primary".to_owned()),
                'm' => Ok("Middle deemed primary".to_owned()),
                's' => Ok("Secondary".to_owned()),
                'a' => Ok("All-through".to_owned()),
                'n' => Ok("Not applicable".to_owned()),
                _ => Err(Missing::Blank),
            });
            assert_eq!(label(&Tally::of(phases)), *expected, "{letters}");
        }
    }
}
