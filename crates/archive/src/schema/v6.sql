-- The archive, format 6: notices. What happened before is told by the log alone, in its order, so everything is read from there
-- anew.
DELETE FROM archive;
DELETE FROM members;
DELETE FROM products;
DELETE FROM auctions;
DELETE FROM lots;
DELETE FROM bids;
DELETE FROM refusals;
DELETE FROM postings;
DELETE FROM contracts;
DELETE FROM acts;
DELETE FROM approvals;
DELETE FROM audit;
DELETE FROM trades;
DELETE FROM halts;
DELETE FROM freezes;

-- What a member is told, for all of its users. `kind` is `overtaken` (`price`, and the lot's `ends` after it), `ends_soon`
-- (`ends`), `won`, `sold` (`price`, `amount` of the contract), `lost` (`price`), `approved`, `refused` (`reason`), `released`
-- (`amount`). `place` counts the notices of an entry, those of one event to several members as one. Who has read what is in the
-- log.
CREATE TABLE notices (
  member   INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  auction  INTEGER NOT NULL,
  lot      INTEGER,
  price    INTEGER,
  amount   ANY,
  ends     INTEGER,
  reason   TEXT,
  PRIMARY KEY (member, sequence, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_by_entry ON notices (sequence, place);
