--
-- Methods of an adapter: accounts at providers, and passkeys
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;

--
-- Auth.js gives accounts what NextAuth.js v3 has no column for: the hint adds it
--
INSERT INTO nextauth.users (id, name) VALUES ('ada', 'Ada');
SELECT nextauth.link_account('{"userId": "ada", "type": "oauth", "provider": "github", "providerAccountId": "1", "id_token": "x"}');
\echo :SQLSTATE
SELECT count(*) FROM nextauth.accounts;
-- an account without it is linked all the same
BEGIN;
SELECT a ->> 'provider' AS provider, a -> 'id_token' AS id_token
FROM nextauth.link_account('{"userId": "ada", "type": "oauth", "provider": "github", "providerAccountId": "1"}') a;
ROLLBACK;
SELECT count(*) > 0 AS added FROM unnest('{pg,prisma,better-auth}'::text[]) a, nextauth.add_adapter(a);
SELECT count(*) FROM nextauth.extend_model('Account', '{"plan": {"enum": ["free", "paid"], "default": "free"}, "pin": {"type": "text", "nullable": true, "select": false}}');
SELECT nextauth.grant_adapter('regress_nextauth_app');
RESET ROLE;
CREATE FUNCTION public.differences(method json) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT COALESCE(m.key, v.key) FROM json_each(method) m
  FULL JOIN (SELECT s.* FROM nextauth_pg.accounts a, json_each(to_json(a)) s
             WHERE a.provider = method ->> 'provider' AND a."providerAccountId" = method ->> 'providerAccountId') v USING (key)
  WHERE m.value::text IS DISTINCT FROM v.value::text
$$;
SET ROLE regress_nextauth_app;

--
-- link_account() inserts an account of a user
--
SELECT nextauth.link_account('{
  "userId": "ada", "type": "oidc", "provider": "google", "providerAccountId": "7", "refresh_token": "r", "access_token": "a",
  "expires_at": 1924992000, "id_token": "i", "scope": "email", "session_state": "s", "token_type": "bearer", "plan": "paid", "pin": "1234"
}') AS google \gset
SELECT key, value FROM json_each(:'google') WHERE key <> 'id';
SELECT public.differences(:'google');
-- and what NextAuth.js v3 and other adapters know of it
SELECT compound_id = encode(sha256('google:7'), 'hex') AS is_hash, access_token_expires AT TIME ZONE 'UTC' AS expires, pin FROM nextauth.accounts;
SELECT provider, type FROM nextauth_prisma."Account";
-- once
SELECT nextauth.link_account('{"userId": "ada", "type": "oidc", "provider": "google", "providerAccountId": "7"}');
\echo :SQLSTATE

--
-- get_account(), get_user_by_account(): the account, or its user, or null
--
SELECT nextauth.get_account('google', '7')::text = :'google' AS the_same;
SELECT nextauth.get_user_by_account('google', '7') ->> 'name' AS name;
SELECT nextauth.get_account('google', '8') IS NULL AS no_account, nextauth.get_user_by_account('github', '7') IS NULL AS no_user;
-- no password and nothing else of another adapter's
SET ROLE regress_nextauth_owner;
INSERT INTO nextauth_better_auth.account (id, "userId", "providerId", "accountId", password) VALUES ('b', 'ada', 'credential', 'ada', 'scrypt');
SET ROLE regress_nextauth_app;
SELECT count(*) FROM nextauth.accounts WHERE accounts::text ~ 'scrypt';
SELECT nextauth.get_account('credential', 'ada')::text ~ 'scrypt|password|pin' AS tells;
SELECT public.differences(nextauth.get_account('credential', 'ada'));
SELECT nextauth.link_account('{"userId": "ada", "type": "credentials", "provider": "credential", "providerAccountId": "eve", "password": "x"}');

--
-- unlink_account() deletes it
--
SELECT nextauth.unlink_account('google', '7')::text = :'google' AS the_same;
SELECT nextauth.unlink_account('google', '7') IS NULL AS again;
SELECT nextauth.get_account('google', '7') IS NULL AS gone;
SELECT provider FROM nextauth_pg.accounts;

--
-- Errors
--
SELECT nextauth.link_account('{"userId": "bob", "type": "oidc", "provider": "google", "providerAccountId": "7"}');
\echo :SQLSTATE
SELECT nextauth.link_account('{"type": "oidc", "provider": "google", "providerAccountId": "7"}');
\echo :SQLSTATE
SELECT nextauth.link_account('{"userId": "ada", "provider": "google", "providerAccountID": "7"}');
\echo :SQLSTATE
SELECT nextauth.link_account('{"userId": "ada", "type": "oidc", "provider": "google", "providerAccountId": "7", "compoundId": "x"}');
SELECT nextauth.link_account('{"userId": "ada", "type": "oidc", "provider": "google", "providerAccountId": "7", "expires_at": "soon"}');
SELECT nextauth.link_account(NULL::jsonb);
SELECT nextauth.unlink_account(NULL, '7');
SELECT nextauth.get_account('google', NULL);
SELECT count(*) FROM nextauth_pg.accounts;

--
-- Passkeys
--
SELECT nextauth.create_authenticator('{"userId": "ada", "credentialID": "c2", "providerAccountId": "1", "credentialPublicKey": "k", "counter": 0,
  "credentialDeviceType": "singleDevice", "credentialBackedUp": false, "transports": "usb"}') AS passkey \gset
SELECT key, value FROM json_each(:'passkey') WHERE key <> 'id';
SELECT nextauth.create_authenticator('{"userId": "ada", "credentialID": "c1", "providerAccountId": "2", "credentialPublicKey": "k", "counter": 5,
  "credentialDeviceType": "multiDevice", "credentialBackedUp": true}') ->> 'transports' AS transports;
SELECT nextauth.get_authenticator('c2')::text = :'passkey' AS the_same, nextauth.get_authenticator('c3') IS NULL AS no_passkey;
SELECT a ->> 'credentialID' AS credential, a ->> 'counter' AS counter FROM json_array_elements(nextauth.list_authenticators_by_user_id('ada')) a;
SELECT nextauth.list_authenticators_by_user_id('bob');
SELECT nextauth.update_authenticator_counter('c2', 1) ->> 'counter' AS counter, nextauth.update_authenticator_counter('c2', '2') ->> 'counter' AS as_text,
  nextauth.update_authenticator_counter('c3', 1) IS NULL AS no_passkey;
SELECT nextauth.create_authenticator('{"userId": "bob", "credentialID": "c3", "providerAccountId": "1", "credentialPublicKey": "k", "counter": 0,
  "credentialDeviceType": "singleDevice", "credentialBackedUp": false}');
SELECT nextauth.create_authenticator('{"userId": "ada", "credentialId": "c3"}');
SELECT nextauth.update_authenticator_counter('c2', 'many');
SELECT nextauth.update_authenticator_counter('c2', NULL::integer);
SELECT nextauth.update_authenticator_counter(NULL, 1);
SELECT nextauth.get_authenticator(NULL);
SELECT nextauth.list_authenticators_by_user_id(NULL);
-- Where the model has no table
RESET ROLE;
BEGIN;
SET LOCAL nextauth.protect_tables = off;
DROP TABLE nextauth.authenticators CASCADE;
SET LOCAL ROLE regress_nextauth_app;
SAVEPOINT s;
SELECT nextauth.get_authenticator('c2');
\echo :SQLSTATE
ROLLBACK TO s;
-- users are deleted all the same
SELECT nextauth.delete_user('ada') ->> 'name' AS name;
ROLLBACK;

\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
