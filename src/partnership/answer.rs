//! Yes, no, unknown.

use std::fmt;

use serde::Serialize;

/// After Kleene: unknown is an answer of its own and never turns into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    No,
    Unknown,
    Yes,
}

impl Answer {
    pub fn and(self, other: Answer) -> Answer {
        self.min(other)
    }

    pub fn or(self, other: Answer) -> Answer {
        self.max(other)
    }

    pub fn negate(self) -> Answer {
        match self {
            Answer::Yes => Answer::No,
            Answer::No => Answer::Yes,
            Answer::Unknown => Answer::Unknown,
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Answer {
        if yes { Answer::Yes } else { Answer::No }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        })
    }
}
