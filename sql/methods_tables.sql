--
-- Methods on tables that their owner has altered: in place of a wrong answer
-- there is an error that says what is not as it should be
--
\set SHOW_CONTEXT never
BEGIN;
CREATE ROLE regress_nextauth_reader;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SET LOCAL nextauth.protect_columns = off;
INSERT INTO nextauth.users (id, name) VALUES (1, 'Ada');
INSERT INTO nextauth.accounts (compound_id, user_id, provider_type, provider_id, provider_account_id) VALUES ('g', 1, 'oauth', 'github', '1');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES (1, '2131-01-01', 'token', 'a');
INSERT INTO nextauth.verification_requests (identifier, token, expires) VALUES ('ada', 'v', '2131-01-01');
-- calls a method, and tells of its error, too
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  EXECUTE 'SELECT ' || call INTO result;
  RETURN coalesce(result, 'null');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- calls methods without a column
CREATE FUNCTION pg_temp.without(model text, column_name text, calls text[]) RETURNS TABLE (call text, outcome text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE nextauth.%I DROP COLUMN %I CASCADE', model, column_name);
  RETURN QUERY SELECT c, regexp_replace(pg_temp.outcome(c), '\{.*\}', '{...}') FROM unnest(calls) c;
END $$;
CREATE FUNCTION pg_temp.suppress() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
SAVEPOINT made;

-- Text that is no id, or too large for one, is nobody's
SELECT call, pg_temp.outcome(call) FROM unnest(ARRAY[
  $$nextauth.get_user('abc')$$, $$nextauth.get_user('99999999999')$$, $$nextauth.get_user('')$$, $$nextauth.sessions_of('abc')$$,
  $$nextauth.sign_out_everywhere('abc')$$, $$nextauth.delete_user('abc')$$]) call;
-- but nothing is written with it
SELECT call, pg_temp.outcome(call) FROM unnest(ARRAY[
  $$nextauth.update_user('{"id": "abc", "name": "A"}')$$, $$nextauth.create_session('{"userId": "abc"}')$$]) call;
-- nor does a token that is not of the column's type find a session, by the index or by a statement
ALTER TABLE nextauth.sessions ALTER session_token TYPE uuid USING '6d3ff2b4-8f25-4d0b-9f0c-0d3b6cf8c8a1';
SELECT nextauth.get_session_and_user('6D3FF2B4-8F25-4D0B-9F0C-0D3B6CF8C8A1') #>> '{user,name}' AS name, nextauth.get_session_and_user('token') AS none,
  nextauth.get_session_and_user('token', 60, 60) AS none, nextauth.delete_session('token') AS none;
-- the checks of a domain are for what is written, not for what is looked for
CREATE DOMAIN regress_nextauth_app.token AS text CHECK (length(VALUE) > 4);
ALTER TABLE nextauth.sessions ALTER session_token TYPE regress_nextauth_app.token USING 'token';
SELECT nextauth.get_session_and_user('token') #>> '{user,name}' AS name, nextauth.get_session_and_user('abc') AS none, nextauth.delete_session('abc') AS none;
SELECT pg_temp.outcome($$nextauth.create_session('{"userId": "1", "sessionToken": "abc"}')$$);
ROLLBACK TO made;

-- A built-in column that is gone
SELECT * FROM pg_temp.without('users', 'id', ARRAY[$$nextauth.get_session_and_user('token')$$, $$nextauth.get_user('1')$$,
  $$nextauth.get_user_by_account('github', '1')$$, $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "2"}')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "2"}', '{"userId": "1"}')$$,
  $$nextauth.create_session('{"userId": "1"}')$$, $$nextauth.delete_user('1')$$]);
ROLLBACK TO made;
SELECT * FROM pg_temp.without('sessions', 'expires', ARRAY[$$nextauth.get_session_and_user('token')$$, $$nextauth.get_session_and_user('token', 60, 60)$$,
  $$nextauth.sessions_of('1')$$, $$nextauth.authenticate('token')$$]);
ROLLBACK TO made;
SELECT * FROM pg_temp.without('sessions', 'user_id', ARRAY[$$nextauth.get_session_and_user('token')$$, $$nextauth.sessions_of('1')$$,
  $$nextauth.sign_out_everywhere('1')$$, $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')$$]);
ROLLBACK TO made;
SELECT * FROM pg_temp.without('accounts', 'user_id', ARRAY[$$nextauth.get_user_by_account('github', '1')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "2"}')$$]);
ROLLBACK TO made;
SELECT * FROM pg_temp.without('accounts', 'provider_id', ARRAY[$$nextauth.get_account('github', '1')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "providerAccountId": "2"}')$$]);
ROLLBACK TO made;
SELECT * FROM pg_temp.without('verification_requests', 'expires', ARRAY[$$nextauth.use_verification_token('ada', 'v')$$]);
ROLLBACK TO made;

-- A trigger that suppresses rows
CREATE TRIGGER suppress BEFORE INSERT ON nextauth.users FOR EACH ROW EXECUTE FUNCTION pg_temp.suppress();
SELECT nextauth.create_user('{"name": "Bob"}');
\echo :SQLSTATE
ROLLBACK TO made;
CREATE PROCEDURE pg_temp.suppress_each() LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['users', 'accounts', 'sessions'] LOOP
    EXECUTE format('CREATE TRIGGER suppress BEFORE INSERT ON nextauth.%I FOR EACH ROW EXECUTE FUNCTION pg_temp.suppress()', name);
    RAISE NOTICE '%', pg_temp.outcome($c$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "2"}')$c$);
    EXECUTE format('DROP TRIGGER suppress ON nextauth.%I', name);
  END LOOP;
END $$;
CALL pg_temp.suppress_each();
SELECT count(*) FROM nextauth.users;
ROLLBACK TO made;

-- An account of nobody signs nobody in, and gets nobody
ALTER TABLE nextauth.accounts ALTER user_id DROP NOT NULL;
UPDATE nextauth.accounts SET user_id = NULL;
SELECT call, pg_temp.outcome(call) FROM unnest(ARRAY[
  $$nextauth.sign_in('{"name": "Bob"}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}', '{"userId": "1"}')$$]) call;
SELECT count(*) FROM nextauth.users;
ROLLBACK TO made;

-- Times without time zone: which time one is depends on who reads it, so no method uses them
ALTER TABLE nextauth.sessions ALTER expires TYPE timestamp;
SELECT call, pg_temp.outcome(call) FROM unnest(ARRAY[
  $$nextauth.get_session_and_user('token')$$, $$nextauth.sessions_of('1')$$, $$nextauth.create_session('{"userId": "1"}')$$, $$nextauth.authenticate('token')$$]) call;
SELECT nextauth.delete_session('token');
\echo :SQLSTATE
ROLLBACK TO made;
-- nor in a domain
CREATE DOMAIN regress_nextauth_app.moment AS timestamp;
ALTER TABLE nextauth.users ALTER email_verified TYPE regress_nextauth_app.moment;
SELECT pg_temp.outcome($$nextauth.get_user('1')$$);
ROLLBACK TO made;
-- one that is no property of theirs is no hindrance
ALTER TABLE nextauth.sessions ALTER created_at TYPE timestamp;
SELECT nextauth.get_session_and_user('token') #>> '{user,name}' AS name;
ROLLBACK TO made;

-- Another name: of a table
ALTER TABLE nextauth.users RENAME TO people;
SELECT nextauth.get_user('1') ->> 'name' AS name;
RESET ROLE;
SET LOCAL ROLE regress_nextauth_reader;
SELECT pg_temp.outcome($$nextauth.get_user('1')$$);
ROLLBACK TO made;
-- of its schema, beside another one that has the old name
ALTER TABLE nextauth.users SET SCHEMA regress_nextauth_app;
SELECT nextauth.get_user('1') ->> 'name' AS name;
RESET ROLE;
ALTER SCHEMA regress_nextauth_app RENAME TO regress_nextauth_old;
SELECT nextauth.get_user('1') ->> 'name' AS name, nextauth.get_session_and_user('token') #>> '{user,name}' AS name;
CREATE SCHEMA regress_nextauth_app;
CREATE TABLE regress_nextauth_app.users (LIKE regress_nextauth_old.users INCLUDING ALL);
INSERT INTO regress_nextauth_app.users (id, name) VALUES (1, 'Eve');
SELECT nextauth.get_user('1') ->> 'name' AS name, nextauth.get_session_and_user('token') #>> '{user,name}' AS name;
ROLLBACK TO made;
SELECT nextauth.get_user('1') ->> 'name' AS name;
-- and of the schema of a type's operator
RESET ROLE;
CREATE EXTENSION citext SCHEMA regress_nextauth_app;
SET LOCAL client_min_messages = error;
ALTER TABLE nextauth.users ALTER email TYPE regress_nextauth_app.citext;
RESET client_min_messages;
UPDATE nextauth.users SET email = 'ada@example.com';
SELECT nextauth.get_user_by_email('ADA@example.com') ->> 'name' AS name;
ALTER EXTENSION citext SET SCHEMA public;
SELECT nextauth.get_user_by_email('ADA@example.com') ->> 'name' AS name;
ROLLBACK TO made;
-- The caller's search_path is for the tables' triggers, as in a statement of the
-- caller: an application's own rows beside a user
CREATE TABLE regress_nextauth_app.profile (user_id integer, name text);
CREATE FUNCTION regress_nextauth_app.add_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO profile VALUES (NEW.id, NEW.name);
  RETURN NULL;
END $$;
CREATE TRIGGER profile AFTER INSERT ON nextauth.users FOR EACH ROW EXECUTE FUNCTION regress_nextauth_app.add_profile();
SET LOCAL search_path = regress_nextauth_app;
SELECT nextauth.create_user('{"name": "Bob"}') ->> 'name' AS name;
SELECT nextauth.sign_in('{"name": "Eve"}', '{"type": "oauth", "provider": "github", "providerAccountId": "2"}') #>> '{user,name}' AS name;
SELECT name FROM profile;
ROLLBACK TO made;
-- but nothing that is first on it stands for what the methods use
CREATE FUNCTION regress_nextauth_app.fail() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'not ours'; END $$;
CREATE FUNCTION regress_nextauth_app.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT regress_nextauth_app.fail()::text::timestamptz';
CREATE TABLE regress_nextauth_app.users (id integer);
DO $$
DECLARE
  type text;
  operator text;
BEGIN
  FOREACH type IN ARRAY ARRAY['integer', 'text', 'varchar', 'timestamptz'] LOOP
    EXECUTE format('CREATE FUNCTION regress_nextauth_app.compare(%s, %1$s) RETURNS boolean LANGUAGE sql AS %L', type, 'SELECT regress_nextauth_app.fail()');
    FOREACH operator IN ARRAY ARRAY['=', '>', '<=', '+'] LOOP
      EXECUTE format('CREATE OPERATOR regress_nextauth_app.%s (FUNCTION = regress_nextauth_app.compare, LEFTARG = %s, RIGHTARG = %2$s)', operator, type);
    END LOOP;
  END LOOP;
END $$;
SELECT action FROM nextauth.extend_model('User', '{"edits": {"type": "integer", "version": true, "default": 1}}');
SET LOCAL search_path = regress_nextauth_app, pg_catalog;
SAVEPOINT hostile;
SELECT 1 = 1;
ROLLBACK TO hostile;
SELECT call, outcome FROM pg_catalog.unnest(ARRAY[
  $$nextauth.get_user('1')$$, $$nextauth.get_user_by_account('github', '1')$$, $$nextauth.get_session_and_user('token', 2000000000, 0)$$,
  $$nextauth.sessions_of('1')$$, $$nextauth.update_user('{"id": "1", "name": "A"}')$$, $$nextauth.use_verification_token('ada', 'v')$$,
  $$nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$nextauth.create_session('{"userId": "1"}')$$, $$nextauth.authenticate('token')$$, $$nextauth.delete_session('token')$$,
  $$nextauth.delete_user('1')$$]) call, pg_temp.outcome(call)
WHERE outcome !~ '^[[{]|^true$';
ROLLBACK;
