-- Points marked by hand in a sweep: that of a file, an electrode and, where it has several, a segment and a peak. `automatic` is the measurement as
-- it would be without the mark; null where the sweep has none now.
CREATE TABLE marks (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    session   INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    file      TEXT NOT NULL,
    electrode INTEGER,
    segment   INTEGER,
    peak      INTEGER,
    value     TEXT NOT NULL,              -- JSON: protocol::mark::Mark
    automatic TEXT                        -- JSON: protocol::measurement::Measurement
);
CREATE UNIQUE INDEX marks_once ON marks (session, file, coalesce(electrode, -1), coalesce(segment, -1), coalesce(peak, -1));
