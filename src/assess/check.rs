//! What can be wrong with a rule although it reads well: measures that do not exist, a threshold
//! on a name, a value that never occurs. Every fault with its key, at the line of the rule.

use std::path::Path;

use super::Condition;
use super::rule::{Asks, Rule};
use crate::faults::{Fault, Faults, nearest};
use crate::model::measure::MeasureKind;
use crate::model::{AcademicYear, Measures};

/// Walks one rule and gathers its faults.
pub struct Checker<'a> {
    pub measures: &'a Measures,
    /// Inside `scope`.
    pub in_scope: bool,
    /// The rule is asked about years.
    pub yearly: bool,
    pub data_from: Option<AcademicYear>,
    pub data_to: Option<AcademicYear>,
    file: &'a Path,
    line: Option<u32>,
    key: Vec<String>,
    faults: Faults,
}

/// Faults of one rule that stands at `line` of `file`.
pub fn rule(rule: &Rule, file: &Path, line: Option<u32>, measures: &Measures) -> Faults {
    let mut checker = Checker {
        measures,
        in_scope: false,
        yearly: rule.asks == Asks::Year,
        data_from: rule.data_from,
        data_to: rule.data_to,
        file,
        line,
        key: vec![rule.id.clone()],
        faults: Faults::default(),
    };
    if rule.id.is_empty() || !rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        checker.fault("id", "use lower-case letters, digits and hyphens".to_owned());
    }
    if rule.version == 0 {
        checker.fault("version", "versions count from 1".to_owned());
    }
    if rule.data_from.zip(rule.data_to).is_some_and(|(from, to)| to < from) {
        checker.fault("data-to", "it lies before data-from".to_owned());
    }
    if rule.decided_from.zip(rule.decided_to).is_some_and(|(from, to)| to < from) {
        checker.fault("decided-to", "it lies before decided-from".to_owned());
    }
    if rule.asks == Asks::AsAt && (rule.data_from.is_some() || rule.data_to.is_some()) {
        checker.fault("data-from", "a rule that asks how things stand speaks about no years".to_owned());
    }
    if let Some(scope) = &rule.scope {
        checker.in_scope = true;
        checker.within("scope", |checker| scope.check(checker));
        checker.in_scope = false;
    }
    checker.within("enter", |checker| rule.enter.check(checker));
    for case in &rule.severity_when {
        checker.within("severity-when", |checker| case.when.check(checker));
    }
    let reads = rule.reads();
    for set in rule.driven_by.iter().filter(|set| !reads.contains(*set)) {
        checker.fault("driven-by", format!("the rule reads nothing of `{set}`"));
    }
    if rule.case.is_empty() {
        checker.fault("case", "a rule without test cases is refused: add [[rule.case]]".to_owned());
    }
    checker.faults
}

impl Checker<'_> {
    pub fn fault(&mut self, key: &str, what: String) {
        self.fault_with(key, what, None);
    }

    fn fault_with(&mut self, key: &str, what: String, hint: Option<String>) {
        let key = self.key.iter().map(String::as_str).chain([key]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        self.faults.push(Fault { file: self.file.to_owned(), line: self.line, key, what, hint });
    }

    pub fn within(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.key.push(key.to_owned());
        check(self);
        self.key.pop();
    }

    pub fn list(&mut self, key: &str, list: &[Condition]) {
        if list.is_empty() {
            self.fault(key, "an empty list decides nothing".to_owned());
        }
        for (place, one) in list.iter().enumerate() {
            self.within(&format!("{key}[{}]", place + 1), |checker| one.check(checker));
        }
    }

    /// The measure exists.
    pub fn measure(&mut self, id: &str) -> bool {
        if self.measures.get(id).is_some() {
            return true;
        }
        let hint = nearest(id, self.measures.ids()).map(|near| format!("did you mean `{near}`?"));
        self.fault_with("measure", format!("there is no measure `{id}`"), hint);
        false
    }

    /// The measure exists and is a number.
    pub fn number(&mut self, id: &str) -> bool {
        self.measure(id) && self.kind(id, &[MeasureKind::Number], "a number")
    }

    /// The measure exists, is a category or a name, and can have each of the values.
    pub fn category<'v>(&mut self, id: &str, values: impl IntoIterator<Item = &'v String>) {
        if !self.measure(id) || !self.kind(id, &[MeasureKind::Category, MeasureKind::Text], "a category or a name") {
            return;
        }
        let known = self.measures.get(id).map(|one| one.values.clone()).unwrap_or_default();
        let mut any = false;
        for value in values {
            any = true;
            if !known.is_empty() && !known.contains(value) {
                let hint = nearest(value, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                self.fault_with("values", format!("`{id}` is never `{value}`"), hint);
            }
        }
        if !any {
            self.fault("values", "name at least one value".to_owned());
        }
    }

    fn kind(&mut self, id: &str, wanted: &[MeasureKind], words: &str) -> bool {
        let right = self.measures.get(id).is_some_and(|one| wanted.contains(&one.kind));
        if !right {
            self.fault("measure", format!("`{id}` is not {words}"));
        }
        right
    }
}
