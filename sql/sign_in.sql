--
-- sign_in(): what follows when a provider has said who somebody is
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
SELECT count(*) FROM nextauth.extend_model('User', '{"tenant": {"type": "text", "nullable": true}}');
SELECT count(*) FROM nextauth.extend_model('Session', '{"device": {"type": "text", "nullable": true}}');
SELECT nextauth.grant_adapter('regress_nextauth_app');
SET ROLE regress_nextauth_app;
\set github '{"type": "oauth", "provider": "github", "providerAccountId": "1", "access_token": "t", "expires_at": 1924992000}'
\set google '{"type": "oidc", "provider": "google", "providerAccountId": "7"}'
CREATE FUNCTION pg_temp.told(result json) RETURNS TABLE (name text, email text, provider text, lasts interval, is_new text) LANGUAGE sql AS $$
  SELECT result -> 'user' ->> 'name', result -> 'user' ->> 'email', result -> 'account' ->> 'provider',
    date_trunc('second', (result -> 'session' ->> 'expires')::timestamptz - now()), result ->> 'isNewUser'
$$;

--
-- The first time there is a new user, whose address is in lower case; then the same one
--
SELECT * FROM pg_temp.told(nextauth.sign_in('{"name": "Ada", "email": "Ada@Example.com", "tenant": "a"}', :'github'));
SELECT * FROM pg_temp.told(nextauth.sign_in('{"name": "Another name"}', :'github'));
SELECT name, email, "emailVerified", tenant FROM nextauth_pg.users;
SELECT provider, "providerAccountId", access_token, expires_at FROM nextauth_pg.accounts;
-- a session each time, with a token of 32 random bytes
SELECT count(DISTINCT "sessionToken"), min(length("sessionToken")) FROM nextauth_pg.sessions;
-- what it returns is what the other methods return
SELECT r -> 'user' AS "user", r -> 'account' AS account, r -> 'session' ->> 'sessionToken' AS token FROM nextauth.sign_in('{}', :'github') r \gset
SELECT nextauth.get_user_by_account('github', '1')::text = :'user' AS "user", nextauth.get_account('github', '1')::text = :'account' AS account,
  nextauth.get_session_and_user(:'token') ->> 'user' = :'user' AS session;

--
-- An address that a user has: only when the option says so, and the provider that the address is verified
--
\set profile '{"name": "Ada", "email": "ada@example.com"}'
\set verified '{"name": "Ada", "email": "ada@example.com", "email_verified": true}'
\set linking '{"allowDangerousEmailAccountLinking": true}'
SELECT nextauth.sign_in(:'profile', :'google');
\echo :SQLSTATE
SELECT nextauth.sign_in(:'verified', :'google');
SELECT nextauth.sign_in(:'verified', :'google', '{"allowDangerousEmailAccountLinking": false}');
SELECT nextauth.sign_in(:'profile', :'google', :'linking');
SELECT nextauth.sign_in('{"email": "ada@example.com", "email_verified": false}', :'google', :'linking');
SELECT nextauth.sign_in('{"email": "ada@example.com", "email_verified": null}', :'google', :'linking');
SELECT nextauth.sign_in('{"email": "ada@example.com", "email_verified": 1}', :'google', :'linking');
SELECT (SELECT count(*) FROM nextauth.users) AS users, (SELECT count(*) FROM nextauth.accounts) AS accounts, (SELECT count(*) FROM nextauth.sessions) AS sessions;
BEGIN;
SELECT * FROM pg_temp.told(nextauth.sign_in(:'verified', :'google', :'linking'));
SELECT count(DISTINCT "userId"), count(*) FROM nextauth_pg.accounts;
ROLLBACK;
-- as some providers say it
BEGIN;
SELECT * FROM pg_temp.told(nextauth.sign_in('{"email": "ADA@example.com", "email_verified": "true"}', :'google', :'linking'));
ROLLBACK;
-- nobody has the address: it needs no proof
BEGIN;
SELECT * FROM pg_temp.told(nextauth.sign_in('{"email": "bob@example.com"}', :'google'));
ROLLBACK;
-- without an address each account is a user of its own
BEGIN;
SELECT * FROM pg_temp.told(nextauth.sign_in('{"name": "Ada"}', :'google', :'linking'));
SELECT * FROM pg_temp.told(nextauth.sign_in('{"email": null}', '{"type": "oauth", "provider": "gitlab", "providerAccountId": "1"}'));
ROLLBACK;

--
-- Options: who is signed in already, and the session
--
SELECT "userId" AS ada_id FROM nextauth_pg.accounts \gset
BEGIN;
SELECT * FROM pg_temp.told(nextauth.sign_in('{"email": "other@example.com"}', :'google', json_build_object('userId', :'ada_id')::text));
SELECT count(*) FROM nextauth.users;
ROLLBACK;
BEGIN;
SELECT nextauth.create_user('{"name": "Bob"}') ->> 'id' AS bob_id \gset
SELECT nextauth.sign_in('{}', :'github'::jsonb, jsonb_build_object('userId', :'bob_id'));
ROLLBACK;
SELECT nextauth.sign_in('{}', :'google', '{"userId": "nobody"}');
\echo :SQLSTATE
SELECT r -> 'session' ->> 'device' AS device, (r -> 'session' ->> 'expires')::timestamptz - now() = '1 hour' AS an_hour
FROM nextauth.sign_in('{}', :'github', '{"maxAge": 3600, "session": {"device": "phone"}}') r;
SELECT nextauth.sign_in('{}', :'github', '{"session": {"userId": "bob"}}');
SELECT nextauth.sign_in('{}', :'github', '{"session": {"devise": "phone"}}');
SELECT nextauth.sign_in('{}', :'github', '{"maxage": 3600}');
SELECT nextauth.sign_in('{}', :'github', '{"maxAge": "3600"}');
SELECT nextauth.sign_in('{}', :'github', '{"allowDangerousEmailAccountLinking": "yes"}');
SELECT nextauth.sign_in('{}', :'github', '[]');

--
-- Errors: nothing is written
--
SELECT nextauth.sign_in('{"nme": "Bob"}', :'google');
SELECT nextauth.sign_in('[]', :'google');
SELECT nextauth.sign_in('{}', '{"type": "oauth", "provider": "google"}');
SELECT nextauth.sign_in('{}', '{"type": "oauth", "provider": "google", "providerAccountId": null}');
SELECT nextauth.sign_in('{}', '{"provider": "google", "providerAccountId": "7", "userId": "ada"}');
SELECT nextauth.sign_in(NULL::text, :'google');
SELECT nextauth.sign_in('{}', NULL::text);
SELECT nextauth.sign_in('{}'::jsonb, :'google'::jsonb, NULL::jsonb);
SELECT (SELECT count(*) FROM nextauth.users) AS users, (SELECT count(*) FROM nextauth.accounts) AS accounts;

-- Several users with the address, of different tenants: never a guess
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "unique": false}}', '{"uniques": [{"columns": ["tenant", "email"]}]}');
SET ROLE regress_nextauth_app;
SELECT nextauth.create_user('{"name": "Ada B", "email": "ada@example.com", "tenant": "b"}') ->> 'tenant' AS tenant;
SELECT nextauth.sign_in(:'verified', :'google', :'linking');
\echo :SQLSTATE
SELECT nextauth.get_user_by_email('ada@example.com');

-- A unique value of a new user that another has is an error in every kind of transaction, not a reason to try again
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
UPDATE nextauth.users SET nick = 'ada' WHERE tenant = 'b';
SET ROLE regress_nextauth_app;
\set VERBOSITY terse
SELECT nextauth.sign_in('{"nick": "ada"}', :'google');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT nextauth.sign_in('{"nick": "ada"}', :'google');
ROLLBACK;
\set VERBOSITY default

-- An account whose user is gone signs nobody in
DELETE FROM nextauth.users WHERE tenant = 'a';
SELECT regexp_replace(nextauth.get_user_by_account('github', '1')::text, '.*', 'somebody') AS "user";
DO $$ BEGIN
  PERFORM nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}');
EXCEPTION WHEN foreign_key_violation THEN
  RAISE NOTICE '%', regexp_replace(SQLERRM, '".*"', '"..."');
END $$;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
