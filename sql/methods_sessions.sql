--
-- Methods of an adapter: sessions
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS added FROM unnest('{pg,prisma,better-auth}'::text[]) a, nextauth.add_adapter(a);
SELECT count(*) FROM nextauth.extend_model('Session', '{
  "device": {"type": "text", "nullable": true}, "pin": {"type": "text", "nullable": true, "select": false},
  "changes": {"type": "int", "version": true}
}');
SELECT nextauth.grant_adapter('regress_nextauth_app');
INSERT INTO nextauth.users (id, name, email) VALUES ('ada', 'Ada', 'ada@example.com'), ('bob', 'Bob', NULL);
RESET ROLE;
CREATE FUNCTION public.differences(method json) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT COALESCE(m.key, v.key) FROM json_each(method) m
  FULL JOIN (SELECT e.* FROM nextauth_pg.sessions s, json_each(to_json(s)) e WHERE s."sessionToken" = method ->> 'sessionToken') v USING (key)
  WHERE m.value::text IS DISTINCT FROM v.value::text
$$;
SET ROLE regress_nextauth_app;

--
-- create_session(): of a user, with what is given; the token and the expiry, unless they are given
--
SELECT nextauth.create_session('{"userId": "ada", "sessionToken": "s", "expires": "2131-01-01T00:00:00Z", "device": "phone", "pin": "1234"}') AS session \gset
SELECT key, value FROM json_each(:'session') WHERE key <> 'id';
SELECT public.differences(:'session');
SELECT s ->> 'sessionToken' ~ '^[0-9a-f]{64}$' AS random, (s ->> 'expires')::timestamptz = now() + '30 days' AS thirty_days
FROM nextauth.create_session('{"userId": "bob"}') s;
SELECT count(DISTINCT nextauth.create_session('{"userId": "bob"}') ->> 'sessionToken') FROM generate_series(1, 100);
-- NextAuth.js v3 wants an access token, too, which is not the session's
SELECT count(DISTINCT access_token), bool_or(access_token = session_token) AS same FROM nextauth.sessions;

--
-- get_session_and_user(): both, or null
--
SELECT nextauth.get_session_and_user('s') ->> 'session' = :'session' AS session,
  nextauth.get_session_and_user('s') ->> 'user' = nextauth.get_user('ada')::text AS "user";
SELECT nextauth.get_session_and_user('no') IS NULL AS unknown;
-- no token of NextAuth.js v3, and nothing else of another adapter's
SELECT nextauth.get_session_and_user('s')::text ~ 'access|pin|1234|password|ipAddress' AS tells;
-- expired
SELECT nextauth.update_session('{"sessionToken": "s", "expires": "2001-01-01"}') IS NOT NULL AS updated;
SELECT nextauth.get_session_and_user('s') IS NULL AS expired;
-- without its user
BEGIN;
SELECT s ->> 'userId' AS "user" FROM nextauth.update_session('{"sessionToken": "s", "expires": "2131-01-01"}') s;
DELETE FROM nextauth.users WHERE id = 'ada';
SELECT nextauth.get_session_and_user('s') IS NULL AS nobody;
ROLLBACK;

--
-- update_session() gives what is named, by the token
--
SELECT s ->> 'device' AS device, s ->> 'changes' AS changes FROM nextauth.update_session('{"sessionToken": "s", "expires": "2131-01-01T00:00:00Z", "device": "tablet"}') s;
-- an id that was read with it does not matter
SELECT id AS before FROM nextauth_pg.sessions WHERE "sessionToken" = 's' \gset
SELECT s ->> 'device' AS device FROM nextauth.update_session('{"sessionToken": "s", "id": "another", "device": "desk"}') s;
SELECT id = :'before' AS same_id FROM nextauth_pg.sessions WHERE "sessionToken" = 's';
SELECT nextauth.update_session('{"sessionToken": "no", "device": "x"}') IS NULL AS unknown;
SELECT nextauth.update_session('{"device": "x"}');
\echo :SQLSTATE
SELECT nextauth.update_session('{"sessionToken": "s", "devise": "x"}');
\echo :SQLSTATE

--
-- get_session_and_user(token, max_age, update_age) lets it expire later, when that is due
--
SELECT nextauth.update_session(jsonb_build_object('sessionToken', 's', 'expires', now() + '100 s')) ->> 'changes' AS changes;
-- 100 seconds of 1000 are left: it was moved 900 seconds ago
SELECT (r -> 'session' ->> 'expires')::timestamptz - now() < '101 s' AS not_due, r -> 'session' ->> 'changes' AS changes FROM nextauth.get_session_and_user('s', 1000, 950) r;
BEGIN;
SELECT (r -> 'session' ->> 'expires')::timestamptz = now() + '1000 s' AS due, r -> 'session' ->> 'changes' AS changes FROM nextauth.get_session_and_user('s', 1000, 60) r;
SELECT (nextauth.get_session_and_user('s', 1000, 60) -> 'session' ->> 'changes') AS once;
ROLLBACK;
SELECT nextauth.get_session_and_user('s', '1000', '60') -> 'session' ->> 'changes' AS as_text;
SELECT nextauth.get_session_and_user('no', 1000, 60) IS NULL AS unknown;
BEGIN READ ONLY;
SELECT nextauth.get_session_and_user('s', 100000, 60) -> 'session' ->> 'changes' AS read_only;
ROLLBACK;

--
-- sessions_of(), delete_session(), sign_out_everywhere()
--
SELECT json_array_length(nextauth.sessions_of('bob')) AS bob, json_array_length(nextauth.sessions_of('ada')) AS ada, nextauth.sessions_of('nobody') AS nobody;
SELECT s ->> 'device' AS device, s ->> 'sessionToken' AS token FROM json_array_elements(nextauth.sessions_of('ada')) s;
SELECT nextauth.delete_session('s') ->> 'device' AS device;
SELECT nextauth.delete_session('s') IS NULL AS again;
SELECT nextauth.get_session_and_user('s') IS NULL AS signed_out;
SELECT nextauth.sign_out_everywhere('bob');
SELECT nextauth.sign_out_everywhere('bob');
SELECT count(*) FROM nextauth.sessions;

--
-- Errors
--
SELECT nextauth.create_session('{"userId": "nobody"}');
\echo :SQLSTATE
SELECT nextauth.create_session('{}');
\echo :SQLSTATE
SELECT nextauth.create_session('{"userId": "ada", "accessToken": "x"}');
SELECT nextauth.create_session('{"userId": "ada", "expires": "soon"}');
SELECT nextauth.create_session(NULL::text);
SELECT nextauth.get_session_and_user(NULL);
SELECT nextauth.get_session_and_user('s', NULL::integer, 1);
SELECT nextauth.get_session_and_user('s', '1', NULL);
SELECT nextauth.get_session_and_user('s', 'long', '1');
SELECT nextauth.update_session(NULL::jsonb);
SELECT nextauth.delete_session(NULL);
SELECT nextauth.sessions_of(NULL);
SELECT nextauth.sign_out_everywhere(NULL);
-- a read-only transaction says why not
BEGIN READ ONLY;
SAVEPOINT s;
SELECT nextauth.create_session('{"userId": "ada"}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.delete_session('s');
ROLLBACK TO s;
SELECT nextauth.sign_in('{}', '{"provider": "github", "providerAccountId": "1", "type": "oauth"}');
ROLLBACK TO s;
SELECT nextauth.use_verification_token('a', 'b');
ROLLBACK TO s;
SELECT nextauth.get_user('ada') ->> 'name' AS name;
ROLLBACK;

--
-- In a parallel query, also if it is the session's first call
--
RESET ROLE;
INSERT INTO nextauth.sessions (user_id, session_token, expires, changes) SELECT 'ada', 'parallel ' || n, 'infinity', 1 FROM generate_series(1, 3) n;
ALTER TABLE nextauth.sessions SET (parallel_workers = 2);
\set ask 'SELECT nextauth.get_session_and_user(session_token) #>> \'{user,id}\' AS "user", nextauth.get_user(user_id) ->> \'id\' AS id FROM nextauth.sessions WHERE session_token LIKE \'%parallel%\''
\c
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) :ask;
:ask;

\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
