-- The archive, format 1. Times are microseconds since 1970-01-01T00:00:00Z, prices fen per unit, quantities and rates
-- millionths. Money (the columns of type ANY) is an INTEGER of fen where it fits 64 bits, else a BLOB of 16 bytes:
-- the two's complement of the fen, most significant byte first. Integers stand for enumerations with the numbers that
-- they have in the events.

-- One row: up to where the events are written, and of which venue they are.
CREATE TABLE archive (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  venue    BLOB
) STRICT;

CREATE TABLE members (
  member   INTEGER PRIMARY KEY,
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

CREATE TABLE products (
  product  INTEGER PRIMARY KEY,
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  unit     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- Announcements and what has become of them. `announcement` is the CBOR of the terms; the columns before it are what
-- is searched. `opens` and `closes` are as they stand, `reason` is what staff last said.
CREATE TABLE auctions (
  auction      INTEGER PRIMARY KEY,
  sequence     INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  side         TEXT NOT NULL,
  product      TEXT NOT NULL,
  initiator    INTEGER NOT NULL,
  status       TEXT NOT NULL,
  opens        INTEGER NOT NULL,
  closes       INTEGER NOT NULL,
  reason       TEXT NOT NULL,
  key          BLOB,
  announcement BLOB NOT NULL
) STRICT;
CREATE INDEX auctions_by_status ON auctions (status);
CREATE INDEX auctions_by_product ON auctions (product);

-- `lot` is the place in the announcement, from 0. `price` is the best price, or what it was sold at.
CREATE TABLE lots (
  auction  INTEGER NOT NULL,
  lot      INTEGER NOT NULL,
  code     TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  sealed   INTEGER NOT NULL,
  status   TEXT NOT NULL,
  ends     INTEGER NOT NULL,
  leader   INTEGER,
  price    INTEGER,
  accepted INTEGER NOT NULL,
  refused  INTEGER NOT NULL,
  contract INTEGER,
  PRIMARY KEY (auction, lot)
) STRICT, WITHOUT ROWID;

-- Accepted bids, by the entry that made them. `outcome`: 0 in an open lot, 1 sealed (no price is known), 2 sealed and
-- opened, 3 sealed and opened, but replaced by a later one.
CREATE TABLE bids (
  auction    INTEGER NOT NULL,
  lot        INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  member     INTEGER NOT NULL,
  user       INTEGER,
  outcome    INTEGER NOT NULL,
  price      INTEGER,
  margin     ANY,
  ends       INTEGER,
  alias      INTEGER,
  overtaken  INTEGER,
  seen_price INTEGER,
  PRIMARY KEY (auction, lot, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX bids_of_member ON bids (member, sequence);

-- Refused bids, by the entry that made them; the lot may not exist. Of a sealed lot neither price nor reason is said.
-- `reason` is the stable word, never its figures: what a member has available tells what it holds for sealed bids.
CREATE TABLE refusals (
  sequence INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  auction  INTEGER NOT NULL,
  lot      INTEGER NOT NULL,
  member   INTEGER NOT NULL,
  user     INTEGER,
  price    INTEGER,
  reason   TEXT
) STRICT;
CREATE INDEX refusals_of_member ON refusals (member);

-- Movements of money, one row for each member (0: the exchange itself) and movement: `amount`, above zero, leaves the
-- account `source` and reaches the account `target`; the side that is not this member's is NULL. Accounts: 0 bank,
-- 1 available, 2 bid margin, 3 initiator margin, 4 contract margin. What is held for sealed bids counts as available,
-- as everyone but its owner reads it, and a movement between the two leaves no row. `place` counts the movements of an
-- entry. `cause`: 0 deposit, 1 withdrawal (`reference`), 2 bid held, 3 bid released, 4 initiator held, 5 initiator
-- released (`auction`, `lot`), 6 awarded (`contract`).
CREATE TABLE postings (
  member    INTEGER NOT NULL,
  sequence  INTEGER NOT NULL,
  place     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  source    INTEGER,
  target    INTEGER,
  amount    ANY NOT NULL,
  cause     INTEGER NOT NULL,
  auction   INTEGER,
  lot       INTEGER,
  contract  INTEGER,
  reference TEXT,
  PRIMARY KEY (member, sequence, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE contracts (
  contract      INTEGER PRIMARY KEY,
  sequence      INTEGER NOT NULL,
  at            INTEGER NOT NULL,
  auction       INTEGER NOT NULL,
  lot           INTEGER NOT NULL,
  seller        INTEGER NOT NULL,
  buyer         INTEGER NOT NULL,
  winner        INTEGER NOT NULL,
  price         INTEGER NOT NULL,
  quantity      INTEGER NOT NULL,
  amount        ANY NOT NULL,
  seller_margin ANY NOT NULL,
  buyer_margin  ANY NOT NULL
) STRICT;
CREATE INDEX contracts_of_seller ON contracts (seller);
CREATE INDEX contracts_of_buyer ON contracts (buyer);

-- What was done with an auction, by whom and with the reason that members read; what the clock did has neither. The
-- figures are those after the act, NULL where the act does not touch them.
CREATE TABLE acts (
  auction  INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  act      TEXT NOT NULL,
  user     INTEGER,
  status   TEXT NOT NULL,
  opens    INTEGER,
  closes   INTEGER,
  reason   TEXT NOT NULL,
  PRIMARY KEY (auction, sequence, place)
) STRICT, WITHOUT ROWID;

-- Acts that wait or waited for a second person. `act` is its CBOR.
CREATE TABLE approvals (
  approval         INTEGER PRIMARY KEY,
  sequence         INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  user             INTEGER NOT NULL,
  role             TEXT NOT NULL,
  member           INTEGER NOT NULL,
  act              BLOB NOT NULL,
  decision         TEXT NOT NULL,
  decided_sequence INTEGER,
  decided_at       INTEGER,
  decided_by       INTEGER
) STRICT;
