-- The archive, format 2: the audit trail. What happened before is in the log alone, so everything is read from there anew.
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

-- Who did what, one row an act: acts of staff and of those who manage users, sign-ins, and looks at what is another's. `user` did
-- it (of sign-ins that went wrong: as whom it was tried; NULL: nobody has that login); `member`, `auction` and `subject` (a
-- user) are whom it concerns. Users are numbers: no login and no name is in here. `place` counts the rows of an entry.
CREATE TABLE audit (
  sequence INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  user     INTEGER,
  act      TEXT NOT NULL,
  member   INTEGER,
  auction  INTEGER,
  subject  INTEGER,
  detail   TEXT NOT NULL,
  PRIMARY KEY (sequence, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_of_user ON audit (user, sequence);
CREATE INDEX audit_of_subject ON audit (subject, sequence);
CREATE INDEX audit_of_member ON audit (member, sequence);
CREATE INDEX audit_of_auction ON audit (auction, sequence);
