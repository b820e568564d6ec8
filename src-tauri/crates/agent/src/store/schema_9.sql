-- From where a revision of the settings was made: 'here' or 'afar'; null where it was made by an earlier version.
ALTER TABLE revisions ADD COLUMN author TEXT;
