--
-- purge_expired() and delete_expired(): expired rows go, whoever calls, in
-- transactions of the call's own or in the caller's
--
\set SHOW_CONTEXT never
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_purge;
CREATE DATABASE regress_nextauth_purge;
\c regress_nextauth_purge
SET client_min_messages = warning;
CREATE EXTENSION nextauth;
RESET client_min_messages;
CREATE ROLE regress_nextauth_keeper;
CREATE ROLE regress_nextauth_app;
CREATE ROLE regress_nextauth_stranger;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_keeper, regress_nextauth_app, regress_nextauth_stranger;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_keeper;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_keeper;
INSERT INTO nextauth.users (id, email) VALUES ('1', 'ada@example.com');

-- So many sessions that have expired, and as many that have not
CREATE PROCEDURE public.sign_in(number integer) LANGUAGE sql AS $$
  INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
  SELECT '1', now() + CASE WHEN expired THEN -1 ELSE 1 END * make_interval(mins => i), gen_random_uuid(), gen_random_uuid()
  FROM generate_series(1, number) i, unnest('{true,false}'::boolean[]) expired;
$$;
CREATE VIEW public.session AS
SELECT count(*) FILTER (WHERE expires < now()) AS expired, count(*) FILTER (WHERE expires >= now()) AS live
FROM nextauth.sessions;
GRANT SELECT ON public.session TO PUBLIC;

--
-- What has expired
--
SET ROLE regress_nextauth_keeper;
ALTER TABLE nextauth.verification_requests ALTER expires DROP NOT NULL;
INSERT INTO nextauth.verification_requests (identifier, token, expires) VALUES
  ('a minute ago', 'a', now() - interval '1 minute'), ('before all times', 'b', '-infinity'),
  ('in an hour', 'c', now() + interval '1 hour'), ('never', 'd', 'infinity'), ('nobody knows', 'e', NULL);
CALL public.sign_in(3);
CALL nextauth.purge_expired();
SELECT identifier FROM nextauth.verification_requests ORDER BY token;
SELECT * FROM public.session;
-- and when nothing has, nothing is said
CALL nextauth.purge_expired();
SELECT nextauth.delete_expired();

--
-- Batches: a transaction deletes at most so many rows
--
RESET ROLE;
CREATE TABLE public.deleted (xid xid8, "user" name, live boolean);
GRANT INSERT, SELECT ON public.deleted TO regress_nextauth_keeper;
CREATE FUNCTION public.log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.deleted VALUES (pg_current_xact_id(), current_user, OLD.expires > now());
  RETURN NULL;
END $$;
CREATE TRIGGER log AFTER DELETE ON nextauth.sessions FOR EACH ROW EXECUTE FUNCTION public.log();
CREATE VIEW public.batch AS
SELECT count(*) AS transactions, max(rows) AS "most rows", sum(rows) AS rows
FROM (SELECT count(*) AS rows FROM public.deleted GROUP BY xid) d;
SET ROLE regress_nextauth_keeper;
CALL public.sign_in(1000);
CALL nextauth.purge_expired(300);
RESET ROLE;
SELECT * FROM public.batch;
SELECT DISTINCT "user", live FROM public.deleted;
TRUNCATE public.deleted;
-- by default as many as nextauth.batch_rows says; null is the same
CALL public.sign_in(100);
SET nextauth.batch_rows = 50;
CALL nextauth.purge_expired(NULL);
SELECT * FROM public.batch;
RESET nextauth.batch_rows;
-- a driver may send the number as text
CALL public.sign_in(2);
CALL nextauth.purge_expired('1');
SELECT * FROM public.session;
CALL nextauth.purge_expired(0);
\echo :SQLSTATE
CALL nextauth.purge_expired('-1');
CALL nextauth.purge_expired('all');
SELECT nextauth.delete_expired(0);
DROP TRIGGER log ON nextauth.sessions;

--
-- In the caller's transaction
--
DELETE FROM nextauth.sessions;
CALL public.sign_in(10);
BEGIN;
CALL nextauth.purge_expired();
\echo :SQLSTATE
ROLLBACK;
BEGIN READ ONLY;
SELECT nextauth.delete_expired();
ROLLBACK;
BEGIN;
SELECT nextauth.delete_expired();
SELECT * FROM public.session;
ROLLBACK;
SELECT * FROM public.session;
-- a limited call goes on where the last one stopped, and finds what a rollback brought back
BEGIN;
SELECT nextauth.delete_expired(4);
ROLLBACK;
SELECT nextauth.delete_expired(8);
SELECT nextauth.delete_expired('8');
SELECT nextauth.delete_expired(8);
SELECT * FROM public.session;

--
-- Who may call: whoever may delete the rows.  It is done as the tables' owner
--
CALL public.sign_in(2);
SET ROLE regress_nextauth_stranger;
CALL nextauth.purge_expired();
\echo :SQLSTATE
SELECT nextauth.delete_expired();
-- no lock is taken for that
BEGIN;
SAVEPOINT s;
SELECT nextauth.delete_expired();
ROLLBACK TO s;
SELECT relation::regclass FROM pg_locks WHERE relation = 'nextauth.sessions'::regclass;
ROLLBACK;
RESET ROLE;
SELECT * FROM public.session;
-- all of the tables are purged, or none
GRANT DELETE ON nextauth.sessions TO regress_nextauth_app;
SET ROLE regress_nextauth_app;
CALL nextauth.purge_expired();
RESET ROLE;
SELECT * FROM public.session;
-- who may not read the rows does not learn how many there were
GRANT DELETE ON nextauth.verification_requests TO regress_nextauth_app;
SET ROLE regress_nextauth_app;
CALL nextauth.purge_expired();
SELECT * FROM public.session;
SELECT nextauth.delete_expired();
RESET ROLE;
GRANT SELECT ON nextauth.sessions, nextauth.verification_requests TO regress_nextauth_app;
CALL public.sign_in(2);
SET ROLE regress_nextauth_app;
CALL nextauth.purge_expired();
-- the owner's trigger runs as the owner, and does not get the caller's rights
RESET ROLE;
CREATE SCHEMA owned AUTHORIZATION regress_nextauth_keeper;
SET ROLE regress_nextauth_keeper;
CREATE FUNCTION owned.climb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE 'I run as %', current_user;
  RESET ROLE;
  RETURN NULL;
END $$;
CREATE TRIGGER climb AFTER DELETE ON nextauth.sessions FOR EACH ROW EXECUTE FUNCTION owned.climb();
RESET ROLE;
CALL public.sign_in(1);
CALL nextauth.purge_expired();
\echo :SQLSTATE
SELECT * FROM public.session;
DROP TRIGGER climb ON nextauth.sessions;
-- the caller's operators are not used
CREATE SCHEMA own;
CREATE FUNCTION own.always(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR own.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = own.always);
SET search_path = own, pg_catalog;
CALL nextauth.purge_expired();
RESET search_path;
SELECT * FROM public.session;

--
-- Row-level security: a policy that hides rows from the caller keeps none of
-- them, nor does the caller learn of them
--
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON nextauth.sessions USING (user_id = current_setting('app.user', true));
CALL public.sign_in(2);
SET ROLE regress_nextauth_app;
SELECT count(*) FROM nextauth.sessions;
SELECT nextauth.delete_expired();
RESET ROLE;
SELECT * FROM public.session;
-- one that is forced upon the owner could
ALTER TABLE nextauth.sessions FORCE ROW LEVEL SECURITY;
CALL public.sign_in(2);
SET ROLE regress_nextauth_keeper;
CALL nextauth.purge_expired();
\echo :SQLSTATE
-- except to a role that it is not meant for
RESET ROLE;
CALL nextauth.purge_expired();
DROP POLICY own ON nextauth.sessions;
ALTER TABLE nextauth.sessions DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;

--
-- Rows that refer to sessions
--
DELETE FROM nextauth.sessions;
CALL public.sign_in(20);
CREATE TABLE public.visit (session_id text CONSTRAINT visit_session REFERENCES nextauth.sessions);
INSERT INTO public.visit SELECT id FROM nextauth.sessions WHERE expires < now() ORDER BY expires LIMIT 3;
CALL nextauth.purge_expired(7);
SELECT * FROM public.session;
-- also if it is checked later
ALTER TABLE public.visit ALTER CONSTRAINT visit_session DEFERRABLE INITIALLY DEFERRED;
CALL public.sign_in(5);
SET ROLE regress_nextauth_app;
CALL nextauth.purge_expired();
-- but not in the caller's transaction, at the end of which it would be checked with the caller's rights
SELECT nextauth.delete_expired();
\echo :SQLSTATE
RESET ROLE;
SELECT * FROM public.session;
-- they go, too, if the foreign key says so
ALTER TABLE public.visit DROP CONSTRAINT visit_session,
  ADD CONSTRAINT visit_session FOREIGN KEY (session_id) REFERENCES nextauth.sessions ON DELETE CASCADE;
CALL nextauth.purge_expired();
SELECT count(*) FROM public.visit;
DROP TABLE public.visit;

--
-- A trigger may keep rows: the others go, and the call ends
--
CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN CASE WHEN OLD.session_token LIKE 'kept%' THEN NULL ELSE OLD END;
END $$;
CREATE TRIGGER keep BEFORE DELETE ON nextauth.sessions FOR EACH ROW EXECUTE FUNCTION public.keep();
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
SELECT '1', now() - interval '1 day', 'kept ' || i, i FROM generate_series(1, 20) i;
CALL public.sign_in(20);
CALL nextauth.purge_expired(5);
SELECT left(session_token, 4) AS token, count(*) FROM nextauth.sessions WHERE expires < now() GROUP BY 1;
DROP TRIGGER keep ON nextauth.sessions;

--
-- With an index on the time, blocks without expired rows are not read
--
DELETE FROM nextauth.sessions;
SELECT * FROM nextauth.extend_model('Session', '{}', '{"indices": [{"name": "sessions_expires", "columns": ["expires"]}]}');
CALL public.sign_in(1000);
CALL nextauth.purge_expired(300);
SELECT * FROM public.session;
CALL public.sign_in(5);
SELECT nextauth.delete_expired(3);
SELECT nextauth.delete_expired(3);
SELECT nextauth.delete_expired(3);
-- in whatever order it has, but not if it lacks rows
DROP INDEX nextauth.sessions_expires;
CREATE INDEX sessions_expires ON nextauth.sessions (expires DESC NULLS FIRST, user_id);
CREATE INDEX sessions_partly ON nextauth.sessions (expires) WHERE user_id = '2';
CALL public.sign_in(5);
CALL nextauth.purge_expired();
DROP INDEX nextauth.sessions_expires;
CALL public.sign_in(5);
CALL nextauth.purge_expired();
DROP INDEX nextauth.sessions_partly;
SELECT expired FROM public.session;

--
-- A trigger can make a call while one is running
--
CREATE FUNCTION public.go_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() = 1 THEN
    PERFORM nextauth.delete_expired(1);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER go_on AFTER DELETE ON nextauth.sessions FOR EACH STATEMENT EXECUTE FUNCTION public.go_on();
CREATE INDEX sessions_expires ON nextauth.sessions (expires);
CALL public.sign_in(3000);
SELECT nextauth.delete_expired(100) BETWEEN 1 AND 100 AS limited;
SELECT nextauth.delete_expired() > 0 AS done;
SELECT expired FROM public.session;
DROP TRIGGER go_on ON nextauth.sessions;
DROP INDEX nextauth.sessions_expires;

--
-- Whatever the session has set
--
CALL public.sign_in(2);
SET default_transaction_isolation = serializable;
SET lock_timeout = '1ms';
SET enable_tidscan = off;
CALL nextauth.purge_expired();
SHOW transaction_isolation;
RESET default_transaction_isolation;
RESET lock_timeout;
RESET enable_tidscan;
SET default_transaction_read_only = on;
CALL nextauth.purge_expired();
\echo :SQLSTATE
RESET default_transaction_read_only;

--
-- Tables: wherever they are, and whatever inherits from them
--
ALTER TABLE nextauth.sessions RENAME TO "Signed in";
ALTER TABLE nextauth."Signed in" SET SCHEMA own;
CREATE TABLE own.more () INHERITS (own."Signed in");
INSERT INTO own.more (user_id, expires, session_token, access_token) VALUES ('1', now() - interval '1 hour', 'a', 'a'), ('1', 'infinity', 'b', 'b');
INSERT INTO own."Signed in" (user_id, expires, session_token, access_token) VALUES ('1', now() - interval '1 hour', 'c', 'c');
CALL nextauth.purge_expired();
\echo :SQLSTATE
GRANT USAGE ON SCHEMA own TO regress_nextauth_keeper;
CALL nextauth.purge_expired();
ALTER TABLE own.more OWNER TO regress_nextauth_keeper;
CALL nextauth.purge_expired();
SELECT session_token FROM own.more;
-- whoever owns the schema could replace the table, so they must be one whom its owner trusts
CREATE SCHEMA strange AUTHORIZATION regress_nextauth_stranger;
ALTER TABLE own.more SET SCHEMA strange;
SELECT nextauth.delete_expired();
\echo :SQLSTATE
-- the owner of the parent is none, for a superuser
ALTER SCHEMA strange OWNER TO regress_nextauth_keeper;
SELECT nextauth.delete_expired();
ALTER TABLE strange.more OWNER TO CURRENT_USER;
CALL nextauth.purge_expired();
\echo :SQLSTATE
ALTER TABLE strange.more SET SCHEMA own;
-- a time without time zone has to have passed in every time zone
CREATE TABLE own.requests (
  id text DEFAULT gen_random_uuid()::text CONSTRAINT requests_key PRIMARY KEY, identifier varchar NOT NULL, token varchar NOT NULL UNIQUE,
  expires timestamp NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
DELETE FROM nextauth.verification_requests;
SET client_min_messages = error;
SELECT nextauth.adopt_model('VerificationRequest', 'own.requests');
RESET client_min_messages;
INSERT INTO own.requests (identifier, token, expires) VALUES
  ('expired in the west, too', 'a', now() AT TIME ZONE 'UTC' - interval '12 hours 1 minute'),
  ('not expired in the west', 'b', now() AT TIME ZONE 'UTC' - interval '11 hours 59 minutes');
SET TimeZone = 'Pacific/Auckland';
CALL nextauth.purge_expired();
SELECT identifier FROM own.requests;
RESET TimeZone;
-- no model has a table
DROP VIEW public.session;
DELETE FROM own."Signed in";
DELETE FROM own.requests;
DROP TABLE own.requests, own.more;
DROP TABLE own."Signed in";
CALL nextauth.purge_expired();
SELECT nextauth.delete_expired();

\c :regression
DROP DATABASE regress_nextauth_purge;
DROP ROLE regress_nextauth_keeper, regress_nextauth_app, regress_nextauth_stranger;
