-- Which schools a code was ever said of: a local authority, a group, the first half of a postcode. It
-- only says where to look; who belongs where on a day follows from the facts.
CREATE TABLE posting (
  kind  TEXT NOT NULL,
  value TEXT NOT NULL,
  urns  BLOB NOT NULL,           -- ascending, four bytes each, little endian
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- Supportive notices that stand, so that each is told once.
CREATE TABLE notice (
  kind        TEXT NOT NULL,
  partnership TEXT NOT NULL,
  urn         INTEGER NOT NULL,
  seq         INTEGER NOT NULL,  -- the entry of the log that told it
  PRIMARY KEY (kind, partnership, urn)
) STRICT, WITHOUT ROWID;

-- The releases of a register in the order of their days, and those published after a day.
CREATE INDEX release_by_day ON release (dataset, info ->> '$.period', no) WHERE status = 'accepted' AND decided IS NULL;
CREATE INDEX release_by_published ON release (info ->> '$.published');
