--
-- get_session_and_user() notices every change
--
-- It reads by two indexes and remembers the tables, so each of these changes
-- comes between two calls of one session.  Where statements may not use an
-- index, the counts of scans tell who has looked: the fast path or a statement.
--
\set SHOW_CONTEXT never
SELECT current_database() AS database \gset
CREATE ROLE regress_nextauth_reader;
CREATE ROLE regress_nextauth_group;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_group;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
BEGIN;
CREATE FUNCTION pg_temp.look(token text DEFAULT 'token', OUT answer json, OUT path text) LANGUAGE plpgsql AS $$
DECLARE
  scans bigint;
BEGIN
  SELECT sum(seq_scan) INTO scans FROM pg_stat_xact_user_tables WHERE relname ~ '^(old_)?sessions?$|^users$';
  answer := nextauth.get_session_and_user(token);
  SELECT CASE sum(seq_scan) WHEN scans THEN 'indexes' ELSE 'statement' END INTO path
    FROM pg_stat_xact_user_tables WHERE relname ~ '^(old_)?sessions?$|^users$';
END $$;
-- drops the unique constraint, or index, of the tokens
CREATE FUNCTION pg_temp.drop_unique() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name regclass;
BEGIN
  FOR name IN SELECT indexrelid FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indrelid = 'nextauth.sessions'::regclass AND attname = 'session_token'
  LOOP
    IF EXISTS (SELECT FROM pg_constraint WHERE conindid = name) THEN
      EXECUTE format('ALTER TABLE nextauth.sessions DROP CONSTRAINT %I', (SELECT conname FROM pg_constraint WHERE conindid = name));
    ELSE
      EXECUTE format('DROP INDEX %s', name);
    END IF;
  END LOOP;
END $$;
SET LOCAL ROLE regress_nextauth_owner;
-- the guard of declared columns is another test's
SET LOCAL nextauth.protect_columns = off;
SET LOCAL nextauth.protect_tables = off;
INSERT INTO nextauth.users (name, email) VALUES ('Ada "A" Lovelace', 'ada@example.com');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) SELECT id, '2131-01-01', 'token', 'a' FROM nextauth.users;
SAVEPOINT made;

-- A session and its user, as Auth.js names what they have
SELECT answer #- '{session,id}' #- '{session,userId}' #- '{user,id}' AS answer, path FROM (SELECT answer::jsonb, path FROM pg_temp.look()) l;
SELECT answer ->'user' ->> 'id' = id::text AS is_text FROM pg_temp.look(), nextauth.users;
SELECT * FROM pg_temp.look('none');
SELECT nextauth.get_session_and_user(NULL);
ROLLBACK TO made;

-- What the transaction has changed so far
UPDATE nextauth.users SET name = 'Ada';
SELECT answer #>> '{user,name}' AS name, path FROM pg_temp.look();
UPDATE nextauth.sessions SET expires = now();
SELECT * FROM pg_temp.look();
UPDATE nextauth.sessions SET expires = 'infinity';
SELECT answer #>> '{session,expires}' AS expires FROM pg_temp.look();
UPDATE nextauth.sessions SET expires = now() + '1 microsecond', user_id = -1;
SELECT * FROM pg_temp.look();
ROLLBACK TO made;
DELETE FROM nextauth.sessions;
SELECT * FROM pg_temp.look();
ROLLBACK TO made;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
-- where tokens are not unique, one that has not expired
SELECT pg_temp.drop_unique();
CREATE INDEX ON nextauth.sessions (session_token);
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
  SELECT id, now() - n * interval '1 day', 'token', n FROM nextauth.users, generate_series(1, 3) n;
SELECT answer #>> '{session,expires}' LIKE '2131%' AS found, path FROM pg_temp.look();
ROLLBACK TO made;

-- A column that comes, is hidden, gets another name, changes its type, and goes
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-"}}');
SELECT answer #>> '{user,nick}' AS nick, path FROM pg_temp.look();
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-", "select": false}}');
SELECT answer -> 'user' -> 'nick' IS NULL AS hidden, path FROM pg_temp.look();
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-"}}');
ALTER TABLE nextauth.users RENAME COLUMN nick TO handle;
SELECT answer #>> '{user,nick}' AS nick, path FROM pg_temp.look();
ALTER TABLE nextauth.users ALTER COLUMN handle DROP DEFAULT, ALTER COLUMN handle TYPE integer USING 5;
SELECT answer #> '{user,nick}' AS nick, path FROM pg_temp.look();
ALTER TABLE nextauth.users DROP COLUMN handle;
SELECT answer -> 'user' -> 'nick' IS NULL AS gone, path FROM pg_temp.look();
ROLLBACK TO made;
SELECT answer -> 'user' -> 'nick' IS NULL AS gone, path FROM pg_temp.look();

-- A property that is renamed
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-"}}');
SELECT answer #>> '{user,nick}' AS nick, path FROM pg_temp.look();
SELECT action FROM nextauth.rename_property('User', 'nick', 'handle');
SELECT answer #>> '{user,handle}' AS handle, path FROM pg_temp.look();
ROLLBACK TO made;

-- Values of many kinds, also ones that are too long for the row
SELECT action FROM nextauth.extend_model('User', '{
  "tags": {"type": "text", "array": true, "default": ["a", "b\"c"]},
  "settings": {"type": "jsonb", "default": {"theme": "dark"}},
  "ratio": {"type": "double precision", "default": "NaN"},
  "since": {"type": "date", "default": "2031-02-03"},
  "role": {"enum": ["user", "admin"], "default": "user"},
  "bio": {"type": "text", "nullable": true}}');
UPDATE nextauth.users SET bio = (SELECT string_agg(md5(n::text), E'\n') FROM generate_series(1, 1000) n);
SELECT answer -> 'user' -> 'tags' AS tags, answer -> 'user' -> 'settings' AS settings, answer -> 'user' -> 'ratio' AS ratio,
       answer -> 'user' -> 'since' AS since, answer -> 'user' -> 'role' AS role, md5(answer #>> '{user,bio}') = md5(bio) AS is_whole, path
  FROM pg_temp.look(), nextauth.users;
ROLLBACK TO made;

-- Another index, and none: by hash, on an expression, for some of the rows
SELECT pg_temp.drop_unique();
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
CREATE INDEX token ON nextauth.sessions USING hash (session_token);
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look('none');
DROP INDEX nextauth.token;
CREATE INDEX token ON nextauth.sessions (session_token) INCLUDE (expires);
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
DROP INDEX nextauth.token;
CREATE INDEX token ON nextauth.sessions (session_token, expires);
CREATE INDEX ON nextauth.sessions ((session_token || ''));
CREATE INDEX ON nextauth.sessions (session_token) WHERE expires < '2031-01-01';
CREATE INDEX ON nextauth.sessions (session_token COLLATE "ucs_basic");
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
ROLLBACK TO made;

-- Ids of another type, and of two types, which take a cast
SELECT answer #>> '{user,name}' AS name, path FROM pg_temp.look();
ALTER TABLE nextauth.sessions ALTER COLUMN user_id TYPE bigint;
SELECT answer #>> '{user,name}' AS name, path FROM pg_temp.look();
ROLLBACK TO made;

-- A table with children, and one that is elsewhere, or gone
CREATE TABLE nextauth.old_sessions () INHERITS (nextauth.sessions);
INSERT INTO nextauth.old_sessions (id, user_id, expires, session_token, access_token) SELECT 99, id, '2131-01-01', 'old', 'o' FROM nextauth.users;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look('old');
ROLLBACK TO made;
ALTER TABLE nextauth.sessions RENAME TO session;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
RESET ROLE;
CREATE SCHEMA regress_nextauth_elsewhere AUTHORIZATION regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
ALTER TABLE nextauth.session SET SCHEMA regress_nextauth_elsewhere;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
ROLLBACK TO made;
DROP TABLE nextauth.sessions;
SELECT * FROM pg_temp.look();
ROLLBACK TO made;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();

-- Privileges: the function has the caller's
RESET ROLE;
SAVEPOINT reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.look();
ROLLBACK TO reader;
GRANT SELECT ON nextauth.users TO regress_nextauth_reader;
GRANT SELECT ON nextauth.sessions TO regress_nextauth_group;
GRANT regress_nextauth_group TO regress_nextauth_reader;
SAVEPOINT granted;
SET LOCAL ROLE regress_nextauth_reader;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
RESET ROLE;
-- a role that is left
REVOKE regress_nextauth_group FROM regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.look();
ROLLBACK TO granted;
SET LOCAL ROLE regress_nextauth_reader;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
RESET ROLE;
REVOKE SELECT ON nextauth.users FROM regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.look();
ROLLBACK TO granted;
-- columns that are all granted, but one by one, and all but one
REVOKE SELECT ON nextauth.users FROM regress_nextauth_reader;
GRANT SELECT (id, name, email, email_verified, image) ON nextauth.users TO regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
RESET ROLE;
REVOKE SELECT (email) ON nextauth.users FROM regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.look();
ROLLBACK TO granted;

-- Row level security: of the reader, who is below it, and of the owner, who is above unless it is forced
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE regress_nextauth_reader;
SELECT answer FROM pg_temp.look();
SET LOCAL row_security = off;
SELECT * FROM pg_temp.look();
ROLLBACK TO granted;
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE regress_nextauth_owner;
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
ALTER TABLE nextauth.sessions FORCE ROW LEVEL SECURITY;
SELECT answer IS NOT NULL AS found FROM pg_temp.look();
CREATE POLICY everybody ON nextauth.sessions USING (true);
SELECT answer IS NOT NULL AS found, path FROM pg_temp.look();
ROLLBACK TO made;

-- Rows of the catalog that somebody else writes, as a restore does
RESET ROLE;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-"}}');
SELECT answer #>> '{user,nick}' AS nick, path FROM pg_temp.look();
CREATE TEMPORARY TABLE dumped AS TABLE nextauth.custom_column;
DELETE FROM nextauth.custom_column;
SELECT answer -> 'user' -> 'nick' IS NULL AS gone, path FROM pg_temp.look();
INSERT INTO nextauth.custom_column SELECT * FROM dumped;
SELECT answer #>> '{user,nick}' AS nick, path FROM pg_temp.look();
ROLLBACK TO made;

-- Sliding: written when it is due, and not otherwise
SET LOCAL ROLE regress_nextauth_owner;
UPDATE nextauth.sessions SET expires = now() + '1 hour', updated_at = '2020-01-01';
SELECT (nextauth.get_session_and_user('token', 3600, 60) #>> '{session,expires}')::timestamptz = now() + '1 hour' AS kept;
SELECT updated_at = '2020-01-01' AS untouched FROM nextauth.sessions;
SELECT (nextauth.get_session_and_user('token', 7200, 60) #>> '{session,expires}')::timestamptz = now() + '2 hours' AS moved;
SELECT updated_at = now() AS touched FROM nextauth.sessions;
SELECT (nextauth.get_session_and_user('token', '7200', '60') #>> '{session,expires}')::timestamptz = now() + '2 hours' AS kept;
SELECT nextauth.get_session_and_user('none', 7200, 60);
SELECT nextauth.get_session_and_user('token', NULL, 60);
ROLLBACK TO made;
-- a transaction that only reads does not write
UPDATE nextauth.sessions SET expires = now() + '1 hour';
SET LOCAL transaction_read_only = on;
SELECT (nextauth.get_session_and_user('token', 7200, 60) #>> '{session,expires}')::timestamptz = now() + '1 hour' AS kept;
ROLLBACK;

RESET enable_indexscan;
RESET enable_bitmapscan;
REVOKE ALL ON SCHEMA nextauth FROM regress_nextauth_reader, regress_nextauth_group;
DROP ROLE regress_nextauth_reader;
DROP ROLE regress_nextauth_group;
