-- Which sources of time a session's measurements have: trends keep to one, and must not look through the session for it. Nobody asks for the
-- earliest time any more.
DROP INDEX measurements_by_time;
CREATE INDEX measurements_by_time_source ON measurements (session, time_source) WHERE current = 1 AND status <> 'failed';
