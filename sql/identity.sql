--
-- Who is asking: authenticate(), user_id() and what policies do with it
--
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_identity;
CREATE DATABASE regress_nextauth_identity;
\c regress_nextauth_identity
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
CREATE ROLE regress_nextauth_app;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_app;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com'), ('grace@example.com');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES
  (1, now() + '1 day', 'of ada', 'a'), (2, 'infinity', 'of grace', 'b'),
  (1, now() - '1 second'::interval, 'expired', 'c'), (1, '-infinity', 'long expired', 'd');
-- the notes of each user are the user's own
CREATE TABLE regress_nextauth_note (user_id integer, note text);
INSERT INTO regress_nextauth_note VALUES (1, 'Engine'), (2, 'Compiler');
ALTER TABLE regress_nextauth_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON regress_nextauth_note USING (user_id = (SELECT nextauth.user_id()::integer));
GRANT SELECT, INSERT ON regress_nextauth_note TO regress_nextauth_app;
CREATE VIEW who AS SELECT nextauth.user_id() AS user_id, nextauth.session_id() AS session_id;
GRANT SELECT ON who TO regress_nextauth_app;
SET ROLE regress_nextauth_app;

--
-- The application's role has no right on the tables
--
SELECT token FROM (SELECT session_token AS token FROM nextauth.sessions) s;
SELECT * FROM who;
SELECT * FROM regress_nextauth_note;
-- but a token tells it whose session it is, until the end of the transaction
BEGIN;
SELECT nextauth.authenticate('of ada');
SELECT * FROM who;
SELECT * FROM regress_nextauth_note;
INSERT INTO regress_nextauth_note VALUES (2, 'Forged');
ROLLBACK;
SELECT * FROM who;
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT * FROM regress_nextauth_note;
COMMIT;
SELECT * FROM who;
-- also where one statement is a transaction
SELECT nextauth.authenticate('of ada');
SELECT * FROM who;

--
-- What is no valid token: it tells only that, and forgets who was known
--
BEGIN;
SELECT token, nextauth.authenticate('of ada') AS before, nextauth.authenticate(token) AS valid, nextauth.user_id()
FROM (VALUES ('expired'), ('long expired'), ('of nobody'), (''), (NULL), ('OF ADA'), ('of ada '), ('of%'),
             ('a'), ('1'), (''' OR true --'), (repeat('of ada', 100000))) t (token)
WHERE length(coalesce(token, '')) < 100;
SELECT nextauth.authenticate(repeat('of ada', 100000));
COMMIT;
-- a session whose user is gone; the expiry and the token are read at each call
RESET ROLE;
BEGIN;
SELECT nextauth.authenticate('of grace');
ALTER TABLE nextauth.sessions DISABLE TRIGGER ALL;
DO $$ DECLARE k name; BEGIN
  SELECT conname INTO k FROM pg_constraint WHERE conrelid = 'nextauth.sessions'::regclass AND contype = 'f';
  IF FOUND THEN EXECUTE format('ALTER TABLE nextauth.sessions DROP CONSTRAINT %I', k); END IF; END $$;
DELETE FROM nextauth.users WHERE id = 2;
SELECT nextauth.authenticate('of grace');
UPDATE nextauth.sessions SET expires = now() - '1 hour'::interval WHERE session_token = 'of ada';
SELECT nextauth.authenticate('of ada');
UPDATE nextauth.sessions SET expires = 'infinity' WHERE session_token = 'of ada';
SELECT nextauth.authenticate('of ada');
DELETE FROM nextauth.sessions WHERE session_token = 'of ada';
SELECT * FROM who;
SELECT nextauth.authenticate('of ada');
SELECT * FROM who;
ROLLBACK;
SET ROLE regress_nextauth_app;

--
-- It follows transactions and savepoints
--
BEGIN;
SAVEPOINT a;
SELECT nextauth.authenticate('of ada');
SAVEPOINT b;
SELECT nextauth.authenticate('of grace');
SELECT * FROM who;
ROLLBACK TO b;
SELECT * FROM who;
SELECT nextauth.sign_out();
SELECT * FROM who;
ROLLBACK TO b;
RELEASE b;
SELECT * FROM who;
ROLLBACK TO a;
SELECT * FROM who;
SELECT nextauth.authenticate('of ada');
RELEASE a;
SELECT * FROM who;
-- not SET ROLE or SET SESSION AUTHORIZATION
RESET ROLE;
SELECT * FROM who;
SET SESSION AUTHORIZATION regress_nextauth_app;
SELECT * FROM who;
RESET SESSION AUTHORIZATION;
SET ROLE regress_nextauth_app;
SELECT * FROM who;
COMMIT;
SELECT * FROM who;
-- an error ends it with the transaction
BEGIN;
SELECT nextauth.authenticate('of ada');
SELECT 1 / 0;
COMMIT;
SELECT * FROM who;
-- sign_out() forgets it, and leaves the session
BEGIN;
SELECT nextauth.authenticate('of ada');
SELECT nextauth.sign_out();
SELECT * FROM who;
SELECT nextauth.authenticate('of ada');
COMMIT;

--
-- For the whole connection when asked for
--
SELECT nextauth.authenticate_connection('of ada');
SELECT * FROM who;
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT * FROM who;
COMMIT;
SELECT * FROM who;
BEGIN;
SELECT nextauth.authenticate_connection('of grace');
ROLLBACK;
SELECT * FROM who;
SET ROLE NONE;
SELECT * FROM who;
SET ROLE regress_nextauth_app;
RESET ALL;
SET ROLE regress_nextauth_app;
SELECT * FROM who;
SELECT nextauth.authenticate_connection('of ada');
DISCARD ALL;
SELECT * FROM who;
SET ROLE regress_nextauth_app;
-- a token that is not valid, and sign_out(), end that, too
SELECT nextauth.authenticate_connection('of ada');
SELECT nextauth.authenticate('expired');
SELECT * FROM who;
SELECT nextauth.authenticate_connection('of ada');
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT nextauth.sign_out();
COMMIT;
SELECT * FROM who;
SELECT nextauth.authenticate_connection('of ada'), nextauth.authenticate_connection(NULL);
SELECT * FROM who;
-- unless the transaction is rolled back
SELECT nextauth.authenticate_connection('of ada');
BEGIN;
SELECT nextauth.authenticate('expired');
ROLLBACK;
SELECT * FROM who;
BEGIN;
SELECT nextauth.sign_out();
ROLLBACK;
SELECT * FROM who;
SELECT nextauth.sign_out();

--
-- Parallel workers know it
--
RESET ROLE;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SET max_parallel_workers_per_gather = 2;
ALTER TABLE regress_nextauth_note SET (parallel_workers = 2);
DROP POLICY own ON regress_nextauth_note;
CREATE POLICY own ON regress_nextauth_note USING (user_id = nextauth.user_id()::integer);
SET ROLE regress_nextauth_app;
EXPLAIN (COSTS off) SELECT note, nextauth.session_id() FROM regress_nextauth_note;
BEGIN;
SELECT nextauth.authenticate('of grace');
SELECT note, nextauth.session_id() FROM regress_nextauth_note;
ROLLBACK;
SELECT note, nextauth.session_id() FROM regress_nextauth_note;
SELECT nextauth.authenticate_connection('of ada');
SELECT note, nextauth.session_id() FROM regress_nextauth_note;
SELECT nextauth.sign_out();
SELECT note, nextauth.session_id() FROM regress_nextauth_note;
RESET ALL;

--
-- Every type of ids, compared without casting the column, so by its index
--
RESET ROLE;
ALTER TABLE regress_nextauth_note DISABLE ROW LEVEL SECURITY;
CREATE TABLE regress_nextauth_seen (of text, user_id text, own bigint, by_index boolean);
CREATE PROCEDURE see(type regtype) LANGUAGE plpgsql AS $$
DECLARE plan text; found bigint; person text;
BEGIN
  EXECUTE format('CREATE TABLE regress_nextauth_post (user_id %s)', type);
  EXECUTE 'INSERT INTO regress_nextauth_post SELECT id FROM nextauth.users';
  CREATE INDEX regress_nextauth_post_user ON regress_nextauth_post (user_id);
  ALTER TABLE regress_nextauth_post ENABLE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY own ON regress_nextauth_post USING (user_id = (SELECT nextauth.user_id()::%s))', type);
  GRANT SELECT ON regress_nextauth_post TO regress_nextauth_app;
  PERFORM nextauth.authenticate('of grace');
  SET LOCAL ROLE regress_nextauth_app;
  SET LOCAL enable_seqscan = off;
  SET LOCAL enable_bitmapscan = off;
  EXECUTE 'SELECT count(*), min(user_id::text) FROM regress_nextauth_post' INTO found, person;
  FOR plan IN EXPLAIN (COSTS off) SELECT * FROM regress_nextauth_post LOOP
    EXIT WHEN plan ~ 'Index Cond';
  END LOOP;
  RESET ROLE;
  INSERT INTO regress_nextauth_seen VALUES (type::text,
    CASE WHEN nextauth.user_id() = (SELECT u.id::text FROM nextauth.users u WHERE u.email = 'grace@example.com') AND person = nextauth.user_id()
    THEN 'right' ELSE 'wrong' END, found, plan ~ 'Index Cond: .user_id = ');
  DROP TABLE regress_nextauth_post;
END $$;
SET client_min_messages = warning;
CALL see('integer');
SET nextauth.allow_rewrite = on;
SELECT count(*) > 0 AS converted FROM nextauth.convert_ids('bigint');
CALL see('bigint');
SELECT count(*) > 0 AS converted FROM nextauth.convert_ids('text');
CALL see('text');
CALL see('varchar');
-- a user remembered for the connection before the ids had another type fails the cast, and sees nothing
SELECT nextauth.authenticate_connection('of grace');
SELECT nextauth.user_id()::uuid IS NULL AS own;
SELECT nextauth.sign_out();
DROP EXTENSION nextauth CASCADE;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SET nextauth.id_type = 'uuid';
CREATE EXTENSION nextauth;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_app;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com'), ('grace@example.com');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
SELECT id, 'infinity', 'of ' || split_part(email, '@', 1), email FROM nextauth.users;
CALL see('uuid');
SELECT * FROM regress_nextauth_seen;
-- what is remembered stays a text; the next call finds the converted id
SELECT nextauth.authenticate_connection('of grace');
SELECT count(*) > 0 AS converted FROM nextauth.convert_ids('text');
SELECT nextauth.user_id() = id AS own FROM nextauth.users WHERE email = 'grace@example.com';
SELECT nextauth.authenticate_connection('of grace');
SELECT nextauth.user_id() = id AS own FROM nextauth.users WHERE email = 'grace@example.com';

--
-- Tables with other indexes, types, owners and children
--
SELECT nextauth.sign_out();
BEGIN;
SET LOCAL nextauth.protect_columns = off;
-- without an index
DO $$ DECLARE k name; BEGIN
  FOR k IN SELECT conname FROM pg_constraint WHERE conrelid = 'nextauth.sessions'::regclass AND contype IN ('u', 'f') LOOP
    EXECUTE format('ALTER TABLE nextauth.sessions DROP CONSTRAINT %I', k); END LOOP; END $$;
SELECT nextauth.authenticate('of grace'), nextauth.authenticate('of nobody');
-- with indexes that do not serve: of some rows, of another order, of an expression
CREATE INDEX ON nextauth.sessions (session_token) WHERE session_token = 'of ada';
CREATE INDEX ON nextauth.sessions (session_token varchar_pattern_ops);
CREATE INDEX ON nextauth.sessions ((session_token || ''));
CREATE INDEX ON nextauth.sessions USING hash (session_token);
SELECT seq_scan AS before FROM pg_stat_xact_user_tables WHERE relid = 'nextauth.sessions'::regclass \gset
SELECT nextauth.authenticate('of grace');
SELECT seq_scan > :before AS is_scanned FROM pg_stat_xact_user_tables WHERE relid = 'nextauth.sessions'::regclass;
SELECT nextauth.authenticate('of grace'), nextauth.authenticate('of nobody');
-- and with one of an own order
CREATE INDEX ON nextauth.sessions (session_token DESC NULLS FIRST, id);
SELECT nextauth.authenticate('of grace'), nextauth.authenticate('of nobody');
-- nobody knows which time one without time zone is
ALTER TABLE nextauth.sessions ALTER expires TYPE timestamp USING 'infinity';
SELECT nextauth.authenticate('of grace');
\echo :SQLSTATE
ROLLBACK;
-- policies of the tables, forced on their owner, too, do not hide a session
BEGIN;
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SET ROLE regress_nextauth_app;
SELECT nextauth.authenticate('of grace');
ROLLBACK;
-- a table that inherits from the sessions counts if its owner does
BEGIN;
CREATE TABLE regress_nextauth_old_session (more text) INHERITS (nextauth.sessions);
INSERT INTO regress_nextauth_old_session (id, user_id, expires, session_token, access_token)
SELECT gen_random_uuid()::text, id, 'infinity', 'inherited', 'x' FROM nextauth.users WHERE email = 'ada@example.com';
SELECT nextauth.authenticate('inherited'), nextauth.user_id() = id AS own FROM nextauth.users WHERE email = 'ada@example.com';
ALTER TABLE regress_nextauth_old_session OWNER TO regress_nextauth_app;
SELECT nextauth.authenticate('inherited');
ROLLBACK;
-- a table in another schema
BEGIN;
CREATE SCHEMA regress_nextauth_auth;
ALTER TABLE nextauth.sessions SET SCHEMA regress_nextauth_auth;
ALTER TABLE regress_nextauth_auth.sessions RENAME TO logins;
SELECT nextauth.authenticate('of grace');
ROLLBACK;
-- and none
BEGIN;
SET LOCAL nextauth.protect_tables = off;
DROP TABLE nextauth.sessions CASCADE;
SELECT nextauth.authenticate('of grace');
ROLLBACK;

\c :regression
DROP DATABASE regress_nextauth_identity;
DROP ROLE regress_nextauth_app;
