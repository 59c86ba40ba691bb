-- What was published, what follows from it, and what was said about it.
-- Acts are enough to compute everything else again; the rest is kept because it is asked for often.

CREATE TABLE measure (code INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE dataset (code INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;

-- Every act that changed the folder, in order. `no` is the commit sequence, the only cursor.
CREATE TABLE act (
  no     INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,          -- config, file, turned_away, accept, refuse, redrive
  at     TEXT NOT NULL,          -- when it was recorded, RFC 3339
  config TEXT NOT NULL,          -- hash of the files in force, kept in the raw store
  body   TEXT NOT NULL           -- arguments as JSON
) STRICT;

CREATE TABLE release (
  no        INTEGER PRIMARY KEY, -- the act that brought it
  dataset   TEXT NOT NULL,
  source    TEXT NOT NULL,
  slot      INTEGER NOT NULL,
  status    TEXT NOT NULL,       -- accepted, held, refused
  file      TEXT NOT NULL,
  info      TEXT NOT NULL,       -- ReleaseInfo as JSON
  counts    TEXT NOT NULL,       -- rows read, accepted, quarantined, skipped by reason
  shape     TEXT NOT NULL,       -- statistics for the gate
  findings  TEXT NOT NULL,
  outcomes  TEXT NOT NULL,       -- assessments by rule and verdict
  decided   INTEGER              -- the act of a person that accepted or refused it later
) STRICT;
CREATE INDEX release_by_slot ON release (dataset, slot, no);
CREATE INDEX release_by_file ON release (file);

-- One record a (subject, data set, part, slot) and release, only where it differs from the one before.
-- Clustered by subject, so that a school's whole history is one range scan.
CREATE TABLE fact (
  subject INTEGER NOT NULL,
  dataset INTEGER NOT NULL,
  part    TEXT NOT NULL,
  slot    INTEGER NOT NULL,
  release INTEGER NOT NULL,
  row     INTEGER NOT NULL,
  state   INTEGER NOT NULL,      -- 0 present, 1 absent from this release, 2 set aside
  body    BLOB NOT NULL,
  PRIMARY KEY (subject, dataset, part, slot, release)
) STRICT, WITHOUT ROWID;

-- Who was in the release that counts in a slot, and the hashes of its rows, so that rows that did
-- not change cost nothing the next time.
CREATE TABLE roll (
  dataset     TEXT NOT NULL,
  slot        INTEGER NOT NULL,
  release     INTEGER NOT NULL,
  source      TEXT NOT NULL,
  fingerprint TEXT NOT NULL,     -- of header, manifest and registry
  keys        BLOB NOT NULL,
  hashes      BLOB NOT NULL,
  PRIMARY KEY (dataset, slot)
) STRICT, WITHOUT ROWID;

-- Schools that the register says are closed, and since when: a figure about a later period is wrong.
CREATE TABLE closed (urn INTEGER PRIMARY KEY, day TEXT NOT NULL) STRICT;

CREATE TABLE quarantine (
  release INTEGER NOT NULL,
  no      INTEGER NOT NULL,
  row     INTEGER,
  finding TEXT NOT NULL,
  cells   TEXT NOT NULL,
  PRIMARY KEY (release, no)
) STRICT, WITHOUT ROWID;

-- Latest answers other than "not met", by rule and school.
CREATE TABLE outcome (
  rule    TEXT NOT NULL,
  urn     INTEGER NOT NULL,
  version INTEGER NOT NULL,
  slot    INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  about   TEXT NOT NULL,
  because TEXT NOT NULL,
  act     INTEGER NOT NULL,
  PRIMARY KEY (rule, urn)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcome_by_urn ON outcome (urn);

CREATE TABLE concern (
  id     TEXT PRIMARY KEY,
  rule   TEXT NOT NULL,
  urn    INTEGER NOT NULL,
  state  TEXT NOT NULL,
  body   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX concern_by_urn ON concern (urn);
CREATE INDEX concern_by_rule ON concern (rule);

-- Append-only. `body` is the alert as every subscriber gets it.
CREATE TABLE log (
  seq  INTEGER PRIMARY KEY,
  id   TEXT NOT NULL UNIQUE,
  urn  INTEGER NOT NULL,
  type TEXT NOT NULL,
  rule TEXT NOT NULL,
  act  INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX log_by_urn ON log (urn, seq);
CREATE TRIGGER log_is_append_only_u BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the alert log is append-only'); END;
CREATE TRIGGER log_is_append_only_d BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the alert log is append-only'); END;

-- What the last poll of a source left behind: validators, versions.
CREATE TABLE position (source TEXT PRIMARY KEY, known TEXT NOT NULL) STRICT, WITHOUT ROWID;
