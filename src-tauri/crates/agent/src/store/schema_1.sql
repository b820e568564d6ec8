CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: record entries of deleted sessions stay

    uuid          TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    source        TEXT NOT NULL,          -- JSON: protocol::session::Source
    technique     TEXT NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT,
    created_at    TEXT NOT NULL,
    ended_at      TEXT,
    last_measured TEXT,
    seq           INTEGER NOT NULL DEFAULT 0,
    revision      INTEGER NOT NULL DEFAULT 0,
    recomputed    INTEGER NOT NULL DEFAULT 0,  -- newest revision that is in force for every measurement
    files_measured INTEGER NOT NULL DEFAULT 0,
    files_skipped  INTEGER NOT NULL DEFAULT 0,
    files_partial  INTEGER NOT NULL DEFAULT 0,
    measurements   INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE revisions (
    session  INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    at       TEXT NOT NULL,
    settings TEXT NOT NULL,               -- settings.toml
    PRIMARY KEY (session, revision)
) WITHOUT ROWID;

-- One row per path; its newest state. `bytes` and `modified_ns` are the signature that was last looked at.
CREATE TABLE files (
    id              INTEGER PRIMARY KEY,
    session         INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    file_revision   INTEGER NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT,
    message         TEXT,
    bytes           INTEGER NOT NULL,
    modified_ns     INTEGER NOT NULL,
    hash            BLOB,
    format          TEXT,
    electrode       INTEGER,
    frequency_hz    REAL,
    idx             INTEGER,
    points          INTEGER,
    expected_points INTEGER,
    at              TEXT NOT NULL,
    UNIQUE (session, name)
);

-- Every complete content that was ever seen at a path, byte for byte, compressed.
CREATE TABLE contents (
    file          INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    file_revision INTEGER NOT NULL,
    hash          BLOB NOT NULL,
    bytes         INTEGER NOT NULL,
    modified_ns   INTEGER NOT NULL,
    packed        BLOB NOT NULL,
    PRIMARY KEY (file, file_revision)
);

CREATE TABLE measurements (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    session            INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    file               INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    file_revision      INTEGER NOT NULL,
    current            INTEGER NOT NULL,   -- 1: of the file's newest revision and the newest settings
    revision           INTEGER NOT NULL,
    electrode          INTEGER,
    frequency_hz       REAL,
    idx                INTEGER,
    time               TEXT,
    time_source        TEXT,
    method             TEXT,
    status             TEXT NOT NULL,
    reason             TEXT,
    message            TEXT,
    peak_current_a     REAL,
    peak_potential_v   REAL,
    baseline_current_a REAL,
    area_va            REAL,
    charge_c           REAL,
    fwhm_v             REAL,
    snr                REAL,
    polarity           TEXT,
    quality            TEXT,
    excluded           INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX measurements_by_session ON measurements (session, id) WHERE current = 1;
CREATE INDEX measurements_by_index ON measurements (session, idx) WHERE current = 1;
CREATE INDEX measurements_by_file ON measurements (file);

-- Which electrodes and frequencies a session has, so that nobody has to look through its measurements for them.
CREATE TABLE axes (
    session      INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    electrode    INTEGER,
    frequency_hz REAL
);
CREATE UNIQUE INDEX axes_once ON axes (session, coalesce(electrode, -1), coalesce(frequency_hz, -1.0));

-- Everything that happened; `at_offset` counts over all sessions from 1 without gaps.
CREATE TABLE record (
    at_offset INTEGER PRIMARY KEY,
    session   INTEGER NOT NULL,           -- stays when its session is deleted, as an empty place
    seq       INTEGER NOT NULL,
    at        TEXT NOT NULL,
    event     TEXT                        -- JSON: protocol::record::RecordEvent; null once the session is deleted
);
CREATE INDEX record_by_session ON record (session, seq);

CREATE TABLE markers (
    session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    marker  TEXT NOT NULL,
    value   TEXT NOT NULL,                -- JSON: protocol::session::Marker
    PRIMARY KEY (session, marker)
) WITHOUT ROWID;

-- Outcomes of commands, so that a repeated command has no second effect.
CREATE TABLE commands (
    id      TEXT PRIMARY KEY,
    at      TEXT NOT NULL,
    outcome TEXT NOT NULL
) WITHOUT ROWID;
