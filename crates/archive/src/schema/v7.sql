-- Format 7: what was paid in and out is found without reading what was held and released between.
CREATE INDEX postings_paid ON postings (member, sequence, place) WHERE cause IN (0, 1, 51);
