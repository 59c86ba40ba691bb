//! Concerns as they stand, and the latest answers that are not "not met".

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::model::{Concern, ConcernState, Outcome, Urn, Verdict};

pub fn put(db: &Connection, concern: &Concern) -> Result<(), StoreError> {
    let body = serde_json::to_string(concern).map_err(|error| StoreError::Damaged(error.to_string()))?;
    db.prepare_cached("INSERT OR REPLACE INTO concern (id, rule, urn, state, body) VALUES (?, ?, ?, ?, ?)")?.execute(params![
        concern.id,
        concern.rule,
        concern.urn.get(),
        word(concern.state),
        body
    ])?;
    Ok(())
}

pub fn get(db: &Connection, id: &str) -> Result<Option<Concern>, StoreError> {
    let body: Option<String> =
        db.prepare_cached("SELECT body FROM concern WHERE id = ?")?.query_row([id], |row| row.get(0)).optional()?;
    body.map(|body| parse(&body)).transpose()
}

/// Every concern of one rule, by id.
pub fn of_rule(db: &Connection, rule: &str) -> Result<Vec<Concern>, StoreError> {
    db.prepare_cached("SELECT body FROM concern WHERE rule = ? ORDER BY id")?
        .query_map([rule], |row| row.get::<_, String>(0))?
        .map(|body| parse(&body?))
        .collect()
}

pub fn of_school(db: &Connection, urn: Urn) -> Result<Vec<Concern>, StoreError> {
    db.prepare_cached("SELECT body FROM concern WHERE urn = ? ORDER BY id")?
        .query_map([urn.get()], |row| row.get::<_, String>(0))?
        .map(|body| parse(&body?))
        .collect()
}

/// Every concern, by id.
pub fn all(db: &Connection) -> Result<Vec<Concern>, StoreError> {
    db.prepare_cached("SELECT body FROM concern ORDER BY id")?
        .query_map([], |row| row.get::<_, String>(0))?
        .map(|body| parse(&body?))
        .collect()
}

/// One answer as kept: met, or unknown with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub rule: String,
    pub urn: u32,
    pub verdict: Verdict,
    pub about: String,
    pub because: Vec<String>,
}

/// Keeps an answer; "not met" is kept as no answer.
pub fn put_outcome(db: &Connection, outcome: &Outcome, act: i64) -> Result<(), StoreError> {
    if outcome.verdict == Verdict::NotMet {
        db.prepare_cached("DELETE FROM outcome WHERE rule = ? AND urn = ?")?.execute(params![outcome.rule, outcome.urn.get()])?;
        return Ok(());
    }
    let because = serde_json::to_string(&outcome.because).map_err(|error| StoreError::Damaged(error.to_string()))?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO outcome (rule, urn, version, slot, verdict, about, because, act) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        outcome.rule,
        outcome.urn.get(),
        outcome.rule_version,
        outcome.slot.to_code(),
        verdict_word(outcome.verdict),
        outcome.about,
        because,
        act
    ])?;
    Ok(())
}

pub fn outcomes_of_school(db: &Connection, urn: Urn) -> Result<Vec<Answer>, StoreError> {
    answers(db, "WHERE urn = ? ORDER BY rule", params![urn.get()])
}

/// Schools for which a rule could not be answered, with the reasons (I1).
pub fn unknown(db: &Connection, rule: &str) -> Result<Vec<Answer>, StoreError> {
    answers(db, "WHERE rule = ? AND verdict = 'unknown' ORDER BY urn", params![rule])
}

/// Every kept answer of one rule, by school.
pub fn answers_of(db: &Connection, rule: &str) -> Result<Vec<Answer>, StoreError> {
    answers(db, "WHERE rule = ? ORDER BY urn", params![rule])
}

/// Number of schools by rule and kept verdict.
pub fn totals(db: &Connection) -> Result<BTreeMap<(String, Verdict), u32>, StoreError> {
    db.prepare_cached("SELECT rule, verdict, count(*) FROM outcome GROUP BY rule, verdict")?
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?)))?
        .map(|row| {
            let (rule, verdict, count) = row?;
            Ok(((rule, verdict_of(&verdict)), count))
        })
        .collect()
}

fn answers(db: &Connection, clause: &str, values: impl rusqlite::Params) -> Result<Vec<Answer>, StoreError> {
    let sql = format!("SELECT rule, urn, verdict, about, because FROM outcome {clause}");
    db.prepare_cached(&sql)?
        .query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get::<_, String>(4)?)))?
        .map(|row| {
            let (rule, urn, verdict, about, because) = row?;
            let because = serde_json::from_str(&because).map_err(|error| StoreError::Damaged(error.to_string()))?;
            Ok(Answer { rule, urn, verdict: verdict_of(&verdict), about, because })
        })
        .collect()
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not_met",
        Verdict::Unknown => "unknown",
    }
}

fn verdict_of(word: &str) -> Verdict {
    match word {
        "met" => Verdict::Met,
        "not_met" => Verdict::NotMet,
        _ => Verdict::Unknown,
    }
}

fn word(state: ConcernState) -> &'static str {
    match state {
        ConcernState::Open => "open",
        ConcernState::Unknown => "unknown",
        ConcernState::Resolved => "resolved",
        ConcernState::Withdrawn => "withdrawn",
    }
}

fn parse(body: &str) -> Result<Concern, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Damaged(format!("a concern cannot be read: {error}")))
}

/// Schools for which an answer of this rule is kept.
pub fn answered(db: &Connection, rule: &str) -> Result<BTreeSet<u32>, StoreError> {
    Ok(db
        .prepare_cached("SELECT urn FROM outcome WHERE rule = ?")?
        .query_map([rule], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
