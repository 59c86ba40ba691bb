//! The answer of one node of the tree with everything it rests on.

use crate::model::Verdict;
use crate::model::evidence::{Clause, Figure};

#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub verdict: Verdict,
    /// The condition in plain English.
    pub says: String,
    /// What was found, as a sentence for an officer; empty for combinators.
    pub because: String,
    pub figures: Vec<Figure>,
    /// For combinators: the parts that decided, see [`super::logic`].
    pub parts: Vec<Judged>,
    /// The verdict is the opposite of its one part's.
    pub negates: bool,
}

impl Judged {
    pub fn leaf(verdict: Verdict, says: String, because: String, figures: Vec<Figure>) -> Judged {
        Judged { verdict, says, because, figures, parts: Vec::new(), negates: false }
    }

    /// Clauses in the order of the rule, each with its depth in the tree.
    pub fn clauses(&self, depth: u8, out: &mut Vec<Clause>) {
        out.push(Clause { says: self.says.clone(), verdict: self.verdict, depth, figures: self.figures.clone() });
        for part in &self.parts {
            part.clauses(depth.saturating_add(1), out);
        }
    }

    /// The sentences of the leaves that share the verdict of the whole, each once. A leaf under
    /// `not` carries the opposite one, so what is asked for turns there.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        self.gather(self.verdict, &mut reasons);
        reasons
    }

    fn gather(&self, wanted: Verdict, reasons: &mut Vec<String>) {
        if self.verdict != wanted {
            return;
        }
        if self.parts.is_empty() {
            if !self.because.is_empty() && !reasons.contains(&self.because) {
                reasons.push(self.because.clone());
            }
            return;
        }
        for part in &self.parts {
            part.gather(if self.negates { wanted.negate() } else { wanted }, reasons);
        }
    }
}
