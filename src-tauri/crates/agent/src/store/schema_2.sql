-- Cyclic voltammetry gives a file's electrode one measurement per segment, and some methods give one per peak. What only
-- one technique has is kept as the JSON object `more`, because no query selects by it.
ALTER TABLE measurements ADD COLUMN segment INTEGER;
ALTER TABLE measurements ADD COLUMN peak INTEGER;
ALTER TABLE measurements ADD COLUMN more TEXT;
