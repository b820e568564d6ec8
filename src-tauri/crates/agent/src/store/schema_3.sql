-- A deleted session takes its measurements with it, also those that are no longer current: they are found by session.
DROP INDEX measurements_by_session;
CREATE INDEX measurements_by_session ON measurements (session, current, id);
-- The time of a session's first measurement, for trends over time.
CREATE INDEX measurements_by_time ON measurements (session, time) WHERE current = 1;
