-- Format 3: what the catalogue says of a product. `kind` is its word; NULL: nothing is said.
ALTER TABLE products ADD COLUMN name_en TEXT;
ALTER TABLE products ADD COLUMN specification TEXT;
ALTER TABLE products ADD COLUMN kind TEXT;
