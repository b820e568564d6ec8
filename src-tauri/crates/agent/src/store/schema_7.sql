-- Temporary sessions are deleted some time after their end, unless they are kept: `lifetime_s` is null where a session is kept. `resting_since` is
-- when it ended last, or when its time was set after that; null while it goes on.
ALTER TABLE sessions ADD COLUMN lifetime_s INTEGER;
ALTER TABLE sessions ADD COLUMN resting_since TEXT;
UPDATE sessions SET resting_since = coalesce(ended_at, created_at) WHERE state IN ('finished', 'failed');
