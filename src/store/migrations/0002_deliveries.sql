-- Where each subscription stands on the log. Alerts up to `cursor` have been looked at: each was
-- either owed to it (`matched`, one row in `delivery`) or passed over by its filter.
CREATE TABLE subscription (
  id           TEXT PRIMARY KEY,
  started      INTEGER NOT NULL,
  cursor       INTEGER NOT NULL,
  matched      INTEGER NOT NULL DEFAULT 0,
  passed_over  INTEGER NOT NULL DEFAULT 0,
  -- milliseconds since 1970: the receiver asked us to wait until then
  paused_until INTEGER,
  -- why nothing is sent until a person enables it again
  disabled     TEXT
) STRICT, WITHOUT ROWID;

-- One row for each alert owed. Times are milliseconds since 1970.
CREATE TABLE delivery (
  subscription TEXT NOT NULL REFERENCES subscription (id),
  seq          INTEGER NOT NULL,
  urn          INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_at      INTEGER NOT NULL,
  last_status  INTEGER,
  last_error   TEXT,
  PRIMARY KEY (subscription, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_pending ON delivery (subscription, seq) WHERE state = 'pending';

-- One row for each try, with the beginning of what the receiver said.
CREATE TABLE delivery_attempt (
  subscription TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  attempt      INTEGER NOT NULL,
  started      INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL,
  status       INTEGER,
  what         TEXT NOT NULL,
  PRIMARY KEY (subscription, seq, attempt)
) STRICT, WITHOUT ROWID;
