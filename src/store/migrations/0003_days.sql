-- The history of a register goes by the day that a release is about, in whatever order releases came.
-- `day` counts from 1970-01-01 and is 0 for facts about an academic year. `said` is the release in
-- whose file the record was read: mostly `release` itself, and an earlier one where a release that
-- came late made it necessary to say again how things stood at `release`.

CREATE TABLE fact_by_day (
  subject INTEGER NOT NULL,
  dataset INTEGER NOT NULL,
  part    TEXT NOT NULL,
  slot    INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  release INTEGER NOT NULL,
  said    INTEGER NOT NULL,
  row     INTEGER NOT NULL,      -- in the file of `said`
  state   INTEGER NOT NULL,      -- 0 present, 1 absent from this release, 2 set aside
  body    BLOB NOT NULL,
  PRIMARY KEY (subject, dataset, part, slot, day, release)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE day_of (release INTEGER PRIMARY KEY, day INTEGER NOT NULL);
INSERT INTO day_of
  SELECT no, unixepoch(json_extract(info, '$.period')) / 86400 FROM release
  WHERE unixepoch(json_extract(info, '$.period')) IS NOT NULL;

INSERT INTO fact_by_day
  SELECT subject, dataset, part, slot, iif(slot = 0, coalesce(day_of.day, 0), 0), fact.release, fact.release, row, state, body
  FROM fact LEFT JOIN day_of ON day_of.release = fact.release
  ORDER BY subject, dataset, part, slot, fact.release;

DROP TABLE day_of;
DROP TABLE fact;
ALTER TABLE fact_by_day RENAME TO fact;
