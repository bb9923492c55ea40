-- The archive, format 5: halts and freezes, contracts that are cancelled, corrections.

-- Halts. `scope` is `market`, `product`, `side` or `format`, `subject` the product's code, the side or the format; what
-- was halted auction by auction is in `acts`.
CREATE TABLE halts (
  halt            INTEGER PRIMARY KEY,
  sequence        INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  user            INTEGER,
  scope           TEXT NOT NULL,
  subject         TEXT,
  reason          TEXT NOT NULL,
  lifted_sequence INTEGER,
  lifted_at       INTEGER,
  lifted_by       INTEGER,
  lifted_reason   TEXT
) STRICT;

-- Freezes of members, and their ends (`frozen` 0).
CREATE TABLE freezes (
  member   INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  user     INTEGER,
  frozen   INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (member, sequence)
) STRICT, WITHOUT ROWID;

-- The contract of a lot that was annulled.
ALTER TABLE contracts ADD COLUMN cancelled_sequence INTEGER;
ALTER TABLE contracts ADD COLUMN cancelled_at INTEGER;
ALTER TABLE contracts ADD COLUMN cancelled_by INTEGER;
ALTER TABLE contracts ADD COLUMN cancelled_reason TEXT;

-- `postings.cause` 50: released by an annulment (`contract`); 51: a correction (`reference` is why) of the deposit or
-- withdrawal of the entry `corrects`.
ALTER TABLE postings ADD COLUMN corrects INTEGER;
