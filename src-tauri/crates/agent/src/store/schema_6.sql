-- What people write. Notes are the profile's: one about a session stays when the session is deleted, with its name.
CREATE TABLE notes (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid           TEXT NOT NULL UNIQUE,
    revision       INTEGER NOT NULL,
    text           TEXT NOT NULL,
    words          INTEGER NOT NULL,
    session        INTEGER REFERENCES sessions(id) ON DELETE SET NULL,
    idx            INTEGER,               -- a note about the sweeps of a file number
    measurement    INTEGER,               -- a note about a point
    former_session TEXT,
    created_at     TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    changed_at     TEXT NOT NULL,
    changed_by     TEXT NOT NULL
);
CREATE INDEX notes_by_session ON notes (session) WHERE session IS NOT NULL;
CREATE INDEX notes_by_time ON notes (created_at, id);

CREATE TABLE note_topics (
    note     INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    key      TEXT NOT NULL,               -- in small letters: by it topics are told apart
    topic    TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (note, key)
) WITHOUT ROWID;
CREATE INDEX note_topics_by_key ON note_topics (key);

-- Texts and topics by their words; `rowid` is `notes.id`.
CREATE VIRTUAL TABLE note_words USING fts5(text, topics, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
