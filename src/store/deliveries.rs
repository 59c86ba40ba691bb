//! What is owed to each subscription, and what became of it.
//!
//! A subscription has a cursor on the alert log. Moving the cursor and noting what is owed is one
//! transaction, and so is the outcome of a try with its entry in the attempt log: whenever the
//! process dies, everything behind the cursor is delivered, pending or dead, and nothing twice
//! (invariant I7). A death between the answer of a receiver and its commit leads to a second
//! request with the same `webhook-id`, never with another one, since that id is the alert's own.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

/// Longest text kept of one attempt, in characters.
const WHAT_LENGTH: usize = 300;
/// Entries of the log looked at in one transaction.
const STEP: u32 = 500;

/// An entry of the log as a filter sees it and a channel sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub seq: i64,
    /// The CloudEvent's id, the same on every channel.
    pub id: String,
    pub urn: u32,
    /// CloudEvents type, for example `headwater.concern.raised.v1`.
    pub kind: String,
    pub rule: String,
    /// The CloudEvent, one line of JSON.
    pub body: String,
}

/// Where a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub cursor: i64,
    /// The receiver asked us to wait until then.
    pub paused_until: Option<Timestamp>,
    /// Why nothing is sent until a person enables it again.
    pub disabled: Option<String>,
}

/// One alert owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    pub seq: i64,
    pub urn: u32,
    pub attempts: u32,
    pub next_at: Timestamp,
}

/// What a try leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Delivered,
    Retry(Timestamp),
    /// Given up; a person may redrive it.
    Dead,
}

/// One try that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub seq: i64,
    pub started: Timestamp,
    pub took_ms: u32,
    /// HTTP status, none where no answer came.
    pub status: Option<u16>,
    /// What the receiver said or what went wrong; shortened when stored.
    pub what: String,
    pub mark: Mark,
}

/// What the tries of one commit mean for the whole subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    pub pause_until: Option<Timestamp>,
    pub disable: Option<String>,
}

/// The sum of invariant I7 for one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accounting {
    /// Entries of the log between its start and its cursor, as the log has them.
    pub logged: i64,
    pub passed_over: i64,
    /// Of those, what it asked for.
    pub matched: i64,
    pub delivered: i64,
    pub pending: i64,
    pub dead: i64,
    /// Entries after the cursor, not yet looked at.
    pub ahead: i64,
}

impl Accounting {
    pub fn balances(&self) -> bool {
        self.logged == self.matched + self.passed_over && self.matched == self.delivered + self.pending + self.dead
    }
}

/// Make sure that the subscription has a cursor: at the start of the log, or at its end as of now.
/// One that has a cursor keeps it.
pub fn begin(db: &Connection, subscription: &str, from_start: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO subscription (id, started, cursor)
         SELECT ?1, last, last FROM (SELECT CASE WHEN ?2 THEN 0 ELSE coalesce(max(seq), 0) END AS last FROM log)
         WHERE true ON CONFLICT (id) DO NOTHING",
    )?
    .execute(params![subscription, from_start])?;
    Ok(())
}

/// None for a subscription that was never begun.
pub fn standing(db: &Connection, subscription: &str) -> rusqlite::Result<Option<Standing>> {
    db.prepare_cached("SELECT cursor, paused_until, disabled FROM subscription WHERE id = ?")?
        .query_row([subscription], |row| {
            let paused_until = row.get::<_, Option<i64>>(1)?.map(from_millis);
            Ok(Standing { cursor: row.get(0)?, paused_until, disabled: row.get(2)? })
        })
        .optional()
}

/// Move the cursor on until the log ends or `room` more alerts are owed. Each step is a
/// transaction. `bodies` says whether `wanted` looks at the body. Returns how many were added.
pub fn plan(
    db: &mut Connection,
    subscription: &str,
    room: u32,
    now: Timestamp,
    bodies: bool,
    mut wanted: impl FnMut(&Logged) -> bool,
) -> rusqlite::Result<u32> {
    let mut added = 0;
    while added < room {
        let Some(here) = standing(db, subscription)? else { break };
        if after(db, here.cursor, 1, false)?.is_empty() {
            break; // nothing new is no reason to write
        }
        let tx = begin_write(db)?;
        let Some(here) = standing(&tx, subscription)? else { break };
        let mut last = here.cursor;
        let (mut matched, mut seen) = (0, 0);
        let mut insert =
            tx.prepare_cached("INSERT INTO delivery (subscription, seq, urn, state, next_at) VALUES (?, ?, ?, 'pending', ?)")?;
        for row in after(&tx, here.cursor, STEP, bodies)? {
            if added + matched >= room {
                break;
            }
            (seen, last) = (seen + 1, row.seq);
            if wanted(&row) {
                insert.execute(params![subscription, row.seq, row.urn, now.as_millisecond()])?;
                matched += 1;
            }
        }
        drop(insert);
        tx.prepare_cached(
            "UPDATE subscription SET cursor = ?2, matched = matched + ?3, passed_over = passed_over + ?4 WHERE id = ?1",
        )?
        .execute(params![subscription, last, matched, seen - matched])?;
        tx.commit()?;
        added += matched;
    }
    Ok(added)
}

/// Entries of the log after `seq`, in order; the bodies are left empty unless asked for.
pub fn after(db: &Connection, seq: i64, limit: u32, bodies: bool) -> rusqlite::Result<Vec<Logged>> {
    db.prepare_cached(
        "SELECT seq, id, urn, type, rule, CASE WHEN ?3 THEN body ELSE '' END FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?
    .query_map(params![seq, limit, bodies], logged)?
    .collect()
}

/// One entry of the log.
pub fn entry(db: &Connection, seq: i64) -> rusqlite::Result<Option<Logged>> {
    db.prepare_cached("SELECT seq, id, urn, type, rule, body FROM log WHERE seq = ?")?.query_row([seq], logged).optional()
}

/// Alerts owed and not yet delivered or given up, after `seq`, in the order of the log.
pub fn pending(db: &Connection, subscription: &str, after: i64) -> rusqlite::Result<Vec<Owed>> {
    db.prepare_cached(
        "SELECT seq, urn, attempts, next_at FROM delivery WHERE subscription = ? AND state = 'pending' AND seq > ? ORDER BY seq",
    )?
    .query_map(params![subscription, after], |row| {
        let next_at = from_millis(row.get(3)?);
        Ok(Owed { seq: row.get(0)?, urn: row.get(1)?, attempts: row.get(2)?, next_at })
    })?
    .collect()
}

/// Commit the outcomes of tries together with what they mean for the subscription. Only pending
/// alerts change, so that an outcome that comes late cannot undo a person's decision.
pub fn record(db: &mut Connection, subscription: &str, attempts: &[Attempt], effect: &Effect) -> rusqlite::Result<()> {
    let tx = begin_write(db)?;
    for attempt in attempts {
        let what: String = attempt.what.chars().take(WHAT_LENGTH).collect();
        let (state, next_at) = match attempt.mark {
            Mark::Delivered => ("delivered", attempt.started),
            Mark::Retry(at) => ("pending", at),
            Mark::Dead => ("dead", attempt.started),
        };
        let error = (attempt.mark != Mark::Delivered).then_some(what.as_str());
        tx.prepare_cached(
            "UPDATE delivery SET state = ?3, attempts = attempts + 1, next_at = ?4, last_status = ?5, last_error = ?6
             WHERE subscription = ?1 AND seq = ?2 AND state = 'pending'",
        )?
        .execute(params![subscription, attempt.seq, state, next_at.as_millisecond(), attempt.status, error])?;
        tx.prepare_cached(
            "INSERT INTO delivery_attempt (subscription, seq, attempt, started, took_ms, status, what)
             SELECT ?1, ?2, 1 + coalesce(max(attempt), 0), ?3, ?4, ?5, ?6 FROM delivery_attempt WHERE subscription = ?1 AND seq = ?2",
        )?
        .execute(params![
            subscription,
            attempt.seq,
            attempt.started.as_millisecond(),
            attempt.took_ms,
            attempt.status,
            what
        ])?;
    }
    if let Some(until) = effect.pause_until {
        let until = until.as_millisecond();
        tx.prepare_cached("UPDATE subscription SET paused_until = max(coalesce(paused_until, 0), ?2) WHERE id = ?1")?
            .execute(params![subscription, until])?;
    }
    if let Some(why) = &effect.disable {
        let why: String = why.chars().take(WHAT_LENGTH).collect();
        tx.prepare_cached("UPDATE subscription SET disabled = ?2 WHERE id = ?1")?.execute(params![subscription, why])?;
    }
    tx.commit()
}

/// Send again what was given up, from now on; `seq` none for all. Returns how many.
pub fn redrive(db: &Connection, subscription: &str, seq: Option<i64>, now: Timestamp) -> rusqlite::Result<usize> {
    db.prepare_cached(
        "UPDATE delivery SET state = 'pending', attempts = 0, next_at = ?3
         WHERE subscription = ?1 AND state = 'dead' AND (?2 IS NULL OR seq = ?2)",
    )?
    .execute(params![subscription, seq, now.as_millisecond()])
}

/// End a pause, and enable what was disabled.
pub fn enable(db: &Connection, subscription: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE subscription SET paused_until = NULL, disabled = NULL WHERE id = ?")?.execute([subscription])?;
    Ok(())
}

/// Stop sending until [`enable`], for the reason given.
pub fn disable(db: &Connection, subscription: &str, why: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE subscription SET disabled = ?2 WHERE id = ?1")?.execute([subscription, why])?;
    Ok(())
}

/// Ids of all subscriptions that were ever begun, in order.
pub fn subscriptions(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT id FROM subscription ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
}

/// The sum of one subscription, counted from the rows and from the log; none if never begun.
pub fn accounting(db: &Connection, subscription: &str) -> rusqlite::Result<Option<Accounting>> {
    db.prepare_cached(
        "SELECT (SELECT count(*) FROM log WHERE seq > s.started AND seq <= s.cursor), s.passed_over, s.matched,
                coalesce(sum(d.state = 'delivered'), 0), coalesce(sum(d.state = 'pending'), 0), coalesce(sum(d.state = 'dead'), 0),
                (SELECT count(*) FROM log WHERE seq > s.cursor)
         FROM subscription s LEFT JOIN delivery d ON d.subscription = s.id WHERE s.id = ? GROUP BY s.id",
    )?
    .query_row([subscription], |row| {
        Ok(Accounting {
            logged: row.get(0)?,
            passed_over: row.get(1)?,
            matched: row.get(2)?,
            delivered: row.get(3)?,
            pending: row.get(4)?,
            dead: row.get(5)?,
            ahead: row.get(6)?,
        })
    })
    .optional()
}

fn begin_write(db: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    // taken at once: a read transaction that becomes a writing one cannot wait for its turn
    db.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn logged(row: &Row<'_>) -> rusqlite::Result<Logged> {
    let (seq, id, urn) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Logged { seq, id, urn, kind: row.get(3)?, rule: row.get(4)?, body: row.get(5)? })
}

fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}
