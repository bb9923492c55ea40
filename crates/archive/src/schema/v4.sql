-- Format 4: awards as the public reads them, by product and time. What is quoted is an award in the unit that the catalogue
-- has for its product. `annulled`: 1 for an award that counts no longer.
ALTER TABLE auctions ADD COLUMN unit TEXT NOT NULL DEFAULT '';
CREATE INDEX products_by_code ON products (code);
CREATE TABLE trades (
  product  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  contract INTEGER NOT NULL,
  side     TEXT NOT NULL,
  annulled INTEGER NOT NULL,
  PRIMARY KEY (product, at, contract)
) STRICT, WITHOUT ROWID;
