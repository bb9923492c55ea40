PRAGMA application_id = 1115251054;
PRAGMA user_version = 7;
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
CREATE TABLE archive (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  venue    BLOB
) STRICT;
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
, unit TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX auctions_by_product ON auctions (product);
CREATE INDEX auctions_by_status ON auctions (status);
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
CREATE INDEX audit_of_auction ON audit (auction, sequence);
CREATE INDEX audit_of_member ON audit (member, sequence);
CREATE INDEX audit_of_subject ON audit (subject, sequence);
CREATE INDEX audit_of_user ON audit (user, sequence);
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
, cancelled_sequence INTEGER, cancelled_at INTEGER, cancelled_by INTEGER, cancelled_reason TEXT) STRICT;
CREATE INDEX contracts_of_buyer ON contracts (buyer);
CREATE INDEX contracts_of_seller ON contracts (seller);
CREATE TABLE freezes (
  member   INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  user     INTEGER,
  frozen   INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (member, sequence)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE members (
  member   INTEGER PRIMARY KEY,
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
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
  reference TEXT, corrects INTEGER,
  PRIMARY KEY (member, sequence, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_paid ON postings (member, sequence, place) WHERE cause IN (0, 1, 51);
CREATE TABLE products (
  product  INTEGER PRIMARY KEY,
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  unit     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL
, name_en TEXT, specification TEXT, kind TEXT) STRICT;
CREATE INDEX products_by_code ON products (code);
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
CREATE TABLE trades (
  product  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  contract INTEGER NOT NULL,
  side     TEXT NOT NULL,
  annulled INTEGER NOT NULL,
  PRIMARY KEY (product, at, contract)
) STRICT, WITHOUT ROWID;
INSERT INTO archive VALUES (1, 20, 1752631200000020, NULL);
INSERT INTO members VALUES (1, 'B1', 'Firm 1', 2, 1752631200000002);
INSERT INTO members VALUES (2, 'B2', 'Firm 2', 2, 1752631200000002);
INSERT INTO members VALUES (3, 'B3', 'Firm 3', 2, 1752631200000002);
INSERT INTO products VALUES (1, 'PrNd-metal', 'PrNd-metal', 't', 5, 1752631200000005, NULL, NULL, NULL);
INSERT INTO auctions VALUES (1, 6, 1752631200000006, 'sale', 'PrNd-metal', 1, 'cancelled', 1752631200000000, 1752633000000000, 'the notary''s line is cut', NULL, x'9275e98791e5b19ee995a8e9929520323020742027782700016a50724e642d6d6574616c61741b00063a02401928001b00063a02ab62fa00001a035e1f20f619c3501a000186a01a0aba950000f41a00030d40f68282624c311a01312d0082624c321a01312d00', 't');
INSERT INTO auctions VALUES (2, 15, 1752631200000015, 'sale', 'PrNd-metal', 1, 'running', 1752631200000000, 1752633000000000, '', NULL, x'9275e98791e5b19ee995a8e9929520323020742027782700016a50724e642d6d6574616c61741b00063a02401928001b00063a02ab62fa00011a035e1f20f619c3501a000186a01a0aba950000f41a00030d40f68182624c311a01312d00', 't');
INSERT INTO lots VALUES (1, 0, 'L1', 20000000, 0, 'sold', 1752631200000500, 3, 56600000, 2, 1, 1);
INSERT INTO lots VALUES (1, 1, 'L2', 20000000, 0, 'cancelled', 1752631200000600, NULL, NULL, 1, 0, NULL);
INSERT INTO lots VALUES (2, 0, 'L1', 20000000, 1, 'waiting', 1752633000000000, NULL, NULL, 3, 1, NULL);
INSERT INTO bids VALUES (1, 0, 8, 1752631200000008, 2, 2, 0, 56550000, 226200000, 1752633100000000, 2, NULL, 56500000);
INSERT INTO bids VALUES (1, 0, 11, 1752631200000011, 3, 3, 0, 56600000, 226400000, 1752633100000000, 3, 2, 56550000);
INSERT INTO bids VALUES (1, 1, 12, 1752631200000012, 2, 2, 0, 56550000, 226200000, 1752633100000000, 2, NULL, 56500000);
INSERT INTO bids VALUES (2, 0, 17, 1752631200000017, 2, 2, 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO bids VALUES (2, 0, 18, 1752631200000018, 3, 3, 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO bids VALUES (2, 0, 20, 1752631200000020, 2, 2, 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO refusals VALUES (9, 1752631200000009, 1, 0, 2, 2, 56600000, 'consecutive_bid');
INSERT INTO refusals VALUES (10, 1752631200000010, 1, 7, 3, 3, 56600000, 'unknown_lot');
INSERT INTO refusals VALUES (19, 1752631200000019, 2, 0, 3, 3, NULL, NULL);
INSERT INTO postings VALUES (0, 5, 0, 1752631200000005, 0, NULL, 1099511627776, 0, NULL, NULL, NULL, 'statement ''1''', NULL);
INSERT INTO postings VALUES (0, 5, 1, 1752631200000005, 0, NULL, 2199023255552, 0, NULL, NULL, NULL, 'statement ''2''', NULL);
INSERT INTO postings VALUES (0, 5, 2, 1752631200000005, 0, NULL, x'00000000000100000000000000000000', 0, NULL, NULL, NULL, 'statement ''3''', NULL);
INSERT INTO postings VALUES (1, 5, 0, 1752631200000005, NULL, 1, 1099511627776, 0, NULL, NULL, NULL, 'statement ''1''', NULL);
INSERT INTO postings VALUES (1, 7, 0, 1752631200000007, 1, 3, 226000000, 4, 1, 0, NULL, NULL, NULL);
INSERT INTO postings VALUES (1, 7, 1, 1752631200000007, 1, 3, 226000000, 4, 1, 1, NULL, NULL, NULL);
INSERT INTO postings VALUES (1, 13, 1, 1752631200000013, 3, 4, 226000000, 6, NULL, NULL, 1, NULL, NULL);
INSERT INTO postings VALUES (1, 14, 1, 1752631200000014, 3, 1, 226000000, 5, 1, 1, NULL, NULL, NULL);
INSERT INTO postings VALUES (2, 5, 1, 1752631200000005, NULL, 1, 2199023255552, 0, NULL, NULL, NULL, 'statement ''2''', NULL);
INSERT INTO postings VALUES (2, 8, 0, 1752631200000008, 1, 2, 226200000, 2, 1, 0, NULL, NULL, NULL);
INSERT INTO postings VALUES (2, 11, 0, 1752631200000011, 2, 1, 226200000, 3, 1, 0, NULL, NULL, NULL);
INSERT INTO postings VALUES (2, 12, 0, 1752631200000012, 1, 2, 226200000, 2, 1, 1, NULL, NULL, NULL);
INSERT INTO postings VALUES (2, 14, 0, 1752631200000014, 2, 1, 226200000, 3, 1, 1, NULL, NULL, NULL);
INSERT INTO postings VALUES (3, 5, 2, 1752631200000005, NULL, 1, x'00000000000100000000000000000000', 0, NULL, NULL, NULL, 'statement ''3''', NULL);
INSERT INTO postings VALUES (3, 11, 1, 1752631200000011, 1, 2, 226400000, 2, 1, 0, NULL, NULL, NULL);
INSERT INTO postings VALUES (3, 13, 0, 1752631200000013, 2, 4, 226400000, 6, NULL, NULL, 1, NULL, NULL);
INSERT INTO contracts VALUES (1, 13, 1752631200000500, 1, 0, 1, 3, 3, 56600000, 20000000, x'0000000000000002fffffffffffffffd', 226000000, 226400000, NULL, NULL, NULL, NULL);
INSERT INTO acts VALUES (1, 6, 0, 1752631200000006, 'submitted', 4, 'submitted', 1752631200000000, 1752633000000000, '');
INSERT INTO acts VALUES (1, 7, 0, 1752631200000007, 'published', 9, 'running', 1752631200000000, 1752633000000000, '');
INSERT INTO acts VALUES (1, 14, 0, 1752631200000014, 'cancelled', 9, 'cancelled', 1752631200000000, 1752633000000000, 'the notary''s line is cut');
INSERT INTO acts VALUES (2, 15, 0, 1752631200000015, 'submitted', 4, 'submitted', 1752631200000000, 1752633000000000, '');
INSERT INTO acts VALUES (2, 16, 0, 1752631200000016, 'published', 9, 'running', 1752631200000000, 1752633000000000, '');
INSERT INTO audit VALUES (4, 0, 1752631200000004, 9, 'signed_in', NULL, NULL, NULL, '');
INSERT INTO audit VALUES (7, 0, 1752631200000007, 9, 'auction_published', NULL, 1, NULL, '');
INSERT INTO audit VALUES (14, 0, 1752631200000014, 9, 'auction_cancelled', NULL, 1, NULL, 'the notary''s line is cut');
INSERT INTO audit VALUES (16, 0, 1752631200000016, 9, 'auction_published', NULL, 2, NULL, '');
INSERT INTO trades VALUES ('PrNd-metal', 1752631200000500, 1, 'sale', 0);
INSERT INTO notices VALUES (1, 7, 0, 1752631200000007, 'approved', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO notices VALUES (1, 13, 1, 1752631200000013, 'sold', 1, 0, 56600000, x'0000000000000002fffffffffffffffd', NULL, NULL);
INSERT INTO notices VALUES (1, 14, 1, 1752631200000014, 'released', 1, 1, NULL, 226000000, NULL, NULL);
INSERT INTO notices VALUES (1, 16, 0, 1752631200000016, 'approved', 2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO notices VALUES (2, 11, 0, 1752631200000011, 'overtaken', 1, 0, 56600000, NULL, 1752633100000000, NULL);
INSERT INTO notices VALUES (2, 13, 2, 1752631200000013, 'lost', 1, 0, 56600000, NULL, NULL, NULL);
INSERT INTO notices VALUES (2, 14, 0, 1752631200000014, 'released', 1, 1, NULL, 226200000, NULL, NULL);
INSERT INTO notices VALUES (3, 13, 0, 1752631200000013, 'won', 1, 0, 56600000, x'0000000000000002fffffffffffffffd', NULL, NULL);
