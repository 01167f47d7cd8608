--
-- Methods of an adapter have the caller's rights: grants, policies, and no more
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
CREATE ROLE regress_nextauth_clerk;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_clerk;
SET ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
SELECT count(*) FROM nextauth.extend_model('User', '{"tenant": {"type": "text", "nullable": true}, "number": {"type": "int", "generated": "increment"}}');
SELECT nextauth.grant_adapter('regress_nextauth_app');
INSERT INTO nextauth.users (id, name, email, tenant) VALUES ('ada', 'Ada', 'ada@example.com', 'a'), ('bob', 'Bob', 'bob@example.com', 'b');
INSERT INTO nextauth.sessions (user_id, session_token, expires) VALUES ('ada', 's', '2131-01-01'), ('bob', 't', '2131-01-01');
INSERT INTO nextauth.accounts (user_id, provider_type, provider_id, provider_account_id) VALUES ('bob', 'oauth', 'github', 'b');
INSERT INTO nextauth.verification_requests (identifier, token, expires) VALUES ('ada', 'v', '2131-01-01');

RESET ROLE;
-- Calls of the methods
CREATE VIEW public.call AS SELECT * FROM unnest(ARRAY[
  $$nextauth.create_user('{"name": "Eve"}')$$, $$nextauth.get_user('ada')$$, $$nextauth.get_user_by_email('ada@example.com')$$,
  $$nextauth.get_user_by_account('github', 'b')$$, $$nextauth.update_user('{"id": "ada", "name": "A"}')$$, $$nextauth.delete_user('ada')$$,
  $$nextauth.link_account('{"userId": "ada", "type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$nextauth.unlink_account('github', 'b')$$, $$nextauth.get_account('github', 'b')$$,
  $$nextauth.create_session('{"userId": "ada"}')$$, $$nextauth.get_session_and_user('s')$$, $$nextauth.get_session_and_user('s', 2000000000, 0)$$,
  $$nextauth.update_session('{"sessionToken": "s", "expires": "2132-01-01"}')$$, $$nextauth.delete_session('s')$$,
  $$nextauth.sessions_of('ada')$$, $$nextauth.sign_out_everywhere('ada')$$,
  $$nextauth.create_verification_token('{"identifier": "ada", "token": "w", "expires": "2131-01-01"}')$$, $$nextauth.use_verification_token('ada', 'v')$$,
  $$nextauth.sign_in('{"name": "Eve"}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "b"}')$$
  ]) WITH ORDINALITY c (call, number);
CREATE FUNCTION public.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  BEGIN
    EXECUTE 'SELECT ' || call INTO result;
    RAISE EXCEPTION USING ERRCODE = 'UNDO1';
  EXCEPTION
    WHEN SQLSTATE 'UNDO1' THEN RETURN CASE WHEN result IS NULL THEN 'null' ELSE 'works' END;
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
  END;
END $$;
GRANT SELECT ON public.call TO PUBLIC;

-- grant_adapter() is enough for all of them
SET ROLE regress_nextauth_app;
SELECT call, public.outcome(call) FROM public.call WHERE public.outcome(call) <> 'works' ORDER BY number;
-- with USAGE on the schema alone, none works, nor does any tell whether a row is there or lock a table
SET ROLE regress_nextauth_clerk;
SELECT count(*), public.outcome(call) FROM public.call GROUP BY 2 ORDER BY 2;
BEGIN;
SAVEPOINT s;
SELECT nextauth.delete_user('ada');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT relation::regclass, mode FROM pg_locks WHERE relation::regclass::text ~ '^nextauth\.(users|accounts|sessions)$';
ROLLBACK;

--
-- Grants on some tables, for some commands, on some columns
--
RESET ROLE;
GRANT SELECT ON nextauth.users, nextauth.sessions TO regress_nextauth_clerk;
SET ROLE regress_nextauth_clerk;
SELECT call, public.outcome(call) FROM public.call ORDER BY number;
RESET ROLE;
REVOKE SELECT ON nextauth.users, nextauth.sessions FROM regress_nextauth_clerk;
GRANT SELECT (id, name), UPDATE (name), INSERT (id, name) ON nextauth.users TO regress_nextauth_clerk;
SET ROLE regress_nextauth_clerk;
SELECT call, public.outcome(call) FROM public.call WHERE call ~ '_user\(' AND call !~ 'session' ORDER BY number;
RESET ROLE;
REVOKE ALL (id, name) ON nextauth.users FROM regress_nextauth_clerk;

--
-- A cast to JSON is code of the table: it runs as the owner of that, whoever calls,
-- and where names are looked up is not the caller's choice
--
RESET ROLE;
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
CREATE SCHEMA regress_nextauth_app;
CREATE TYPE regress_nextauth_app.place AS (city text);
SELECT count(*) FROM nextauth.extend_model('User', '{"mood": {"enum": ["fine", "busy"], "default": "fine"},
  "moods": {"enum": ["a"], "array": true, "default": ["a"]}, "place": {"type": "regress_nextauth_app.place", "nullable": true}}');
UPDATE nextauth.users SET place = ROW('Oslo');
CREATE FUNCTION regress_nextauth_app.tell(text) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE '% runs as %, with %', $1, current_user, current_setting('search_path');
  RETURN to_json($1);
END $$;
CREATE FUNCTION regress_nextauth_app.tell(nextauth.users_mood_enum) RETURNS json LANGUAGE sql AS 'SELECT regress_nextauth_app.tell($1::text)';
CREATE FUNCTION regress_nextauth_app.tell(nextauth.users_moods_enum) RETURNS json LANGUAGE sql AS 'SELECT regress_nextauth_app.tell($1::text)';
CREATE CAST (nextauth.users_mood_enum AS json) WITH FUNCTION regress_nextauth_app.tell(nextauth.users_mood_enum);
CREATE CAST (nextauth.users_moods_enum AS json) WITH FUNCTION regress_nextauth_app.tell(nextauth.users_moods_enum);
RESET ROLE;
SELECT nextauth.get_user('ada') -> 'mood' AS mood;
SELECT nextauth.get_session_and_user('s') #> '{user,place}' AS place;
ROLLBACK;

--
-- Policies hide rows from methods as from any statement
--
RESET ROLE;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON nextauth.users TO regress_nextauth_app USING (tenant = current_setting('app.tenant', true));
CREATE POLICY own ON nextauth.sessions TO regress_nextauth_app USING (EXISTS (SELECT FROM nextauth.users u WHERE u.id = user_id));
SET ROLE regress_nextauth_app;
PREPARE who AS SELECT nextauth.get_session_and_user('s') -> 'user' ->> 'name' AS ada, nextauth.get_session_and_user('t') -> 'user' ->> 'name' AS bob;
EXECUTE who;
SET app.tenant = 'a';
EXECUTE who;
SET app.tenant = 'b';
EXECUTE who;
SELECT nextauth.get_user('ada') IS NULL AS hidden, nextauth.get_user_by_email('ada@example.com') IS NULL AS by_email;
SELECT nextauth.update_user('{"id": "ada", "name": "taken"}') IS NULL AS not_updated, nextauth.delete_user('ada') IS NULL AS not_deleted, nextauth.sign_out_everywhere('ada') AS signed_out;
SELECT nextauth.create_session('{"userId": "ada"}');
SELECT nextauth.create_user('{"name": "Eve", "tenant": "a"}');
SELECT nextauth.create_user('{"name": "Eve", "tenant": "b"}') ->> 'name' AS name;
-- the same statement of the same session, as another role
RESET ROLE;
EXECUTE who;
SET ROLE regress_nextauth_app;
EXECUTE who;
RESET ROLE;
SELECT name FROM nextauth.users WHERE id IN ('ada', 'bob') ORDER BY id;
-- a user that may not be deleted keeps all they have
CREATE POLICY stay ON nextauth.users AS RESTRICTIVE FOR DELETE TO regress_nextauth_app USING (false);
SET ROLE regress_nextauth_app;
SELECT nextauth.delete_user('bob');
\echo :SQLSTATE
SELECT nextauth.get_session_and_user('t') -> 'user' ->> 'name' AS bob;
-- a policy refuses what no sign-in may write
SELECT nextauth.sign_in('{"name": "Eve", "tenant": "a"}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}');
\echo :SQLSTATE
RESET ROLE;
DROP POLICY stay ON nextauth.users;
ALTER TABLE nextauth.users DISABLE ROW LEVEL SECURITY;
ALTER TABLE nextauth.sessions DISABLE ROW LEVEL SECURITY;
RESET app.tenant;

--
-- A SECURITY DEFINER function lends its owner's rights, as to any statement, and only while it runs
--
CREATE FUNCTION public.name_of(token text) RETURNS text SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN nextauth.get_session_and_user(token) -> 'user' ->> 'name';
ALTER FUNCTION public.name_of(text) OWNER TO regress_nextauth_app;
SET ROLE regress_nextauth_clerk;
SELECT public.name_of('s');
SELECT nextauth.get_session_and_user('s');

--
-- A method within a method: a trigger of the table calls another, and fails
--
RESET ROLE;
CREATE TABLE public.seen (name text);
GRANT INSERT ON public.seen TO regress_nextauth_app;
CREATE FUNCTION public.greet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.seen VALUES (nextauth.get_user(NEW.id) ->> 'name');
  IF NEW.name <> 'again' THEN
    PERFORM nextauth.update_user(jsonb_build_object('id', NEW.id, 'name', 'again'));
  END IF;
  IF NEW.name = 'bad' THEN
    RAISE EXCEPTION 'bad name';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER greet AFTER UPDATE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION public.greet();
SET ROLE regress_nextauth_app;
SELECT nextauth.update_user('{"id": "ada", "name": "Augusta"}') ->> 'name' AS returned;
SELECT nextauth.get_user('ada') ->> 'name' AS name;
\set VERBOSITY terse
SELECT nextauth.update_user('{"id": "ada", "name": "bad"}');
\set VERBOSITY default
SELECT nextauth.get_user('ada') ->> 'name' AS name;
RESET ROLE;
SELECT * FROM public.seen;
DROP TRIGGER greet ON nextauth.users;

--
-- The search_path of the caller does not matter; and it is as it was afterwards
--
CREATE SCHEMA regress_nextauth_forged AUTHORIZATION regress_nextauth_clerk;
GRANT USAGE ON SCHEMA regress_nextauth_forged TO PUBLIC;
SET ROLE regress_nextauth_clerk;
CREATE FUNCTION regress_nextauth_forged.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT '1900-01-01'::timestamptz$$;
CREATE FUNCTION regress_nextauth_forged.evil(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'called as %', current_user; RETURN true; END $$;
CREATE FUNCTION regress_nextauth_forged.evil(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'called as %', current_user; RETURN true; END $$;
CREATE OPERATOR regress_nextauth_forged.= (FUNCTION = regress_nextauth_forged.evil, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR regress_nextauth_forged.= (FUNCTION = regress_nextauth_forged.evil, LEFTARG = varchar, RIGHTARG = varchar);
CREATE TABLE regress_nextauth_forged.users (id text);
SET ROLE regress_nextauth_app;
SET search_path = regress_nextauth_forged, pg_catalog, nextauth;
CREATE TEMP TABLE users (id text);
SELECT call, public.outcome(call) FROM public.call WHERE public.outcome(call) OPERATOR(pg_catalog.<>) 'works' ORDER BY number;
SHOW search_path;
RESET search_path;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app, regress_nextauth_clerk;
