-- One life of the record: positions of another one say nothing here.
INSERT INTO meta (key, value) VALUES ('epoch', lower(hex(randomblob(16))));
-- The agent's connections to a relay, and its starts: each with the newest entry of the record at its beginning, by which a position of a store
-- that was put back from a backup, or copied, is told apart from one of this store.
CREATE TABLE runs (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    run   BLOB NOT NULL UNIQUE,
    head  INTEGER NOT NULL
);
