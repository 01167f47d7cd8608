--
-- Methods of an adapter: users.  A role that has what grant_adapter() grants
-- calls them; each returns what the pg adapter's view shows, in Auth.js's terms.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;
SET timezone = 'Asia/Kolkata';
SELECT count(*) > 0 AS added FROM unnest('{pg,prisma,better-auth}'::text[]) a, nextauth.add_adapter(a);

SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "nick", "type": "varchar", "length": 10, "nullable": true, "unique": true},
  {"property": "called", "name": "known as", "type": "text", "nullable": true},
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "tags", "type": "text", "array": true, "nullable": true},
  {"property": "settings", "type": "jsonb", "nullable": true},
  {"property": "note", "type": "json", "nullable": true},
  {"property": "face", "type": "bytea", "nullable": true},
  {"property": "age", "type": "int", "nullable": true},
  {"property": "coins", "type": "bigint", "nullable": true},
  {"property": "score", "type": "double precision", "nullable": true},
  {"property": "price", "type": "numeric", "precision": 10, "scale": 2, "nullable": true},
  {"property": "active", "type": "boolean", "default": true},
  {"property": "born", "type": "date", "nullable": true},
  {"property": "seen", "type": "timestamptz", "nullable": true},
  {"property": "wakes", "type": "time", "nullable": true},
  {"property": "took", "type": "interval", "nullable": true},
  {"property": "key", "type": "uuid", "nullable": true},
  {"property": "secret", "type": "text", "nullable": true, "select": false},
  {"property": "fixed", "type": "text", "nullable": true, "update": false},
  {"property": "given", "type": "text", "nullable": true, "insert": false},
  {"property": "loud", "type": "text", "nullable": true, "asExpression": "upper(name)", "generatedType": "STORED"},
  {"property": "changes", "type": "int", "version": true},
  {"property": "changed", "type": "timestamptz", "updateDate": true}
]');
SELECT nextauth.grant_adapter('regress_nextauth_app');
RESET ROLE;
-- Keys of a method's row whose value is not what the view shows, as to_json() has it
CREATE FUNCTION public.differences(method json, id text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT COALESCE(m.key, v.key) FROM json_each(method) m
  FULL JOIN (SELECT s.* FROM nextauth_pg.users u, json_each(to_json(u)) s WHERE u.id = differences.id) v USING (key)
  WHERE m.value::text IS DISTINCT FROM v.value::text
$$;

--
-- create_user() inserts a user; the database makes the id
--
SET ROLE regress_nextauth_app;
SELECT nextauth.create_user('{
  "id": "mine", "name": "Ada", "email": "ada@example.com", "emailVerified": "2031-01-01T00:00:00Z", "image": null,
  "nick": "ada", "called": "Countess", "role": "admin", "tags": ["a", "b\"c"], "settings": {"dark": true}, "note": [1, 2],
  "face": "\\x00ff", "age": 36, "coins": 9007199254740993, "score": 1.5, "price": 12.3, "active": false,
  "born": "1815-12-10", "seen": "2030-06-01T12:00:00Z", "wakes": "07:30", "took": "90 minutes",
  "key": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "secret": "hush", "fixed": "once"
}') AS ada \gset
SELECT key, value FROM json_each(:'ada') WHERE key NOT IN ('id', 'changed');
SELECT :'ada'::json ->> 'id' AS ada_id \gset
SELECT :'ada_id' = 'mine' AS took_the_id;
-- as the view shows it
SELECT public.differences(:'ada', :'ada_id');
-- nothing given: defaults
SELECT u ->> 'role' AS role, u ->> 'active' AS active, u ->> 'changes' AS changes, u ->> 'name' AS name FROM nextauth.create_user('{}') u;

--
-- get_user(), get_user_by_email(): the user, or null
--
SELECT public.differences(nextauth.get_user(:'ada_id'), :'ada_id');
SELECT nextauth.get_user(:'ada_id')::text = :'ada' AS the_same, nextauth.get_user_by_email('ada@example.com')::text = :'ada' AS the_same_by_email;
SELECT nextauth.get_user('nobody') IS NULL AS by_id, nextauth.get_user_by_email('nobody@example.com') IS NULL AS by_email,
  nextauth.get_user_by_account('github', '1') IS NULL AS by_account;
-- an address has the case that it was given
SELECT nextauth.get_user_by_email('ADA@example.com') IS NULL AS is_null;
-- no password and nothing else of another adapter's comes out
SELECT k AS of_another FROM json_object_keys(nextauth.get_user(:'ada_id')) k
WHERE k NOT IN (SELECT property FROM nextauth.columns_of('User')) OR k ~* 'password|created|updated|secret';
-- prepared, and in a query over many rows
PREPARE by_email(text) AS SELECT nextauth.get_user_by_email($1) ->> 'name';
EXECUTE by_email('ada@example.com');
SELECT name, nextauth.get_user(id) ->> 'name' AS by_method FROM nextauth_pg.users WHERE name IS NOT NULL;

--
-- update_user() gives what is named, and leaves the rest
--
SELECT u ->> 'name' AS name, u ->> 'loud' AS loud, u ->> 'nick' AS nick, u ->> 'changes' AS changes, u ->> 'tags' AS tags
FROM nextauth.update_user(json_build_object('id', :'ada_id', 'name', 'Augusta', 'tags', NULL)::text) u;
SELECT public.differences(nextauth.get_user(:'ada_id'), :'ada_id');
SELECT secret FROM nextauth.users WHERE id = :'ada_id';
SELECT nextauth.update_user(jsonb_build_object('id', :'ada_id', 'secret', 'sh')) ->> 'secret' AS not_returned;
-- only the id: nothing is written
SELECT nextauth.update_user(jsonb_build_object('id', :'ada_id')) ->> 'changes' AS changes;
SELECT nextauth.update_user('{"id": "nobody", "name": "x"}') IS NULL AS nobody;

--
-- Errors: a property that there is not, or that cannot be written; a value that does not fit.  Nothing is written.
--
SELECT nextauth.create_user('{"nik": "ada"}');
\echo :SQLSTATE
SELECT nextauth.update_user('{"id": "x", "email_verified": null}');
SELECT nextauth.create_user('{"password": "x"}');
SELECT nextauth.create_user('{"createdAt": "2031-01-01"}');
SELECT nextauth.create_user('{"loud": "ADA"}');
\echo :SQLSTATE
SELECT nextauth.create_user('{"given": "x"}');
SELECT nextauth.update_user('{"id": "x", "fixed": "twice"}');
SELECT nextauth.create_user('{"role": "king"}');
SELECT nextauth.create_user('{"nick": "longer than ten"}');
SELECT nextauth.create_user('{"age": "old"}');
SELECT nextauth.create_user('{"nick": "ada"}');
SELECT nextauth.update_user('{"name": "x"}');
\echo :SQLSTATE
SELECT nextauth.update_user('{"id": null, "name": "x"}');
SELECT nextauth.create_user('[]');
SELECT nextauth.create_user('1');
SELECT nextauth.create_user('{');
SELECT nextauth.create_user(NULL::text);
\echo :SQLSTATE
SELECT nextauth.create_user(NULL::jsonb);
SELECT nextauth.update_user(NULL::text);
SELECT nextauth.get_user(NULL);
SELECT nextauth.get_user_by_email(NULL);
SELECT nextauth.get_user_by_account('github', NULL);
SELECT nextauth.delete_user(NULL);
SELECT count(*) FROM nextauth.users;

--
-- delete_user() takes accounts, sessions and authenticators along
--
SELECT nextauth.link_account(jsonb_build_object('userId', :'ada_id', 'type', 'oauth', 'provider', 'github', 'providerAccountId', '1')) IS NOT NULL AS linked;
SELECT nextauth.create_session(jsonb_build_object('userId', :'ada_id')) IS NOT NULL AS signed_in;
SELECT nextauth.create_authenticator(jsonb_build_object('userId', :'ada_id', 'credentialID', 'c', 'providerAccountId', '1',
  'credentialPublicKey', 'k', 'counter', 0, 'credentialDeviceType', 'singleDevice', 'credentialBackedUp', false)) ->> 'credentialID' AS credential;
SELECT public.differences(nextauth.get_user_by_account('github', '1'), :'ada_id');
SELECT nextauth.delete_user(:'ada_id') ->> 'name' AS name;
SELECT nextauth.delete_user(:'ada_id') IS NULL AS again;
SELECT (SELECT count(*) FROM nextauth.accounts) AS accounts, (SELECT count(*) FROM nextauth.sessions) AS sessions,
  (SELECT count(*) FROM nextauth.authenticators) AS authenticators;

-- A trigger that keeps the user keeps what they have
RESET ROLE;
BEGIN;
CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep BEFORE DELETE ON nextauth.users FOR EACH ROW EXECUTE FUNCTION public.keep();
SET LOCAL ROLE regress_nextauth_app;
SELECT u ->> 'id' AS bob_id FROM nextauth.create_user('{"name": "Bob"}') u \gset
SELECT nextauth.create_session(jsonb_build_object('userId', :'bob_id')) IS NOT NULL AS signed_in;
DO $$ BEGIN
  PERFORM nextauth.delete_user(id) FROM nextauth.users WHERE name = 'Bob';
EXCEPTION WHEN object_not_in_prerequisite_state THEN
  RAISE NOTICE '%', regexp_replace(SQLERRM, '".*"', '"..."');
END $$;
SELECT count(*) FROM nextauth.sessions;
ROLLBACK;

--
-- The model changes between two calls of a session: renamed, dropped, hidden, moved
--
SET ROLE regress_nextauth_owner;
SELECT u ->> 'id' AS eve_id FROM nextauth.create_user('{"name": "Eve", "nick": "eve", "called": "E"}') u \gset
PREPARE eve AS SELECT u ->> 'handle' AS handle, u -> 'nick' AS nick FROM nextauth.get_user(:'eve_id') u;
EXECUTE eve;
SELECT action FROM nextauth.rename_property('User', 'nick', 'handle');
EXECUTE eve;
SELECT action FROM nextauth.extend_model('User', '{"called": {"type": "text", "name": "known as", "nullable": true, "select": false}}');
SELECT nextauth.get_user(:'eve_id') -> 'called' AS called;
ALTER TABLE nextauth.users RENAME "known as" TO alias;
SELECT nextauth.update_user(jsonb_build_object('id', :'eve_id', 'called', 'Eva')) ->> 'name' AS name;
SELECT alias FROM nextauth.users WHERE id = :'eve_id';
SELECT action FROM nextauth.drop_properties('User', 'handle', 'tags');
SELECT public.differences(nextauth.get_user(:'eve_id'), :'eve_id');
CREATE SCHEMA elsewhere;
ALTER TABLE nextauth.users SET SCHEMA elsewhere;
ALTER TABLE elsewhere.users RENAME TO "The Users";
SELECT public.differences(nextauth.get_user(:'eve_id'), :'eve_id');
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"mood": {"type": "text", "default": "fine"}}');
SELECT nextauth.get_user(:'eve_id') ->> 'mood' AS mood;
ROLLBACK;
SELECT nextauth.get_user(:'eve_id') -> 'mood' AS mood;

--
-- Ids of all types are text in JSON
--
RESET ROLE;
CREATE FUNCTION public.of_each_method() RETURNS TABLE (id_type text, "user" text, account text, session text, authenticator text, gone bigint) LANGUAGE plpgsql AS $$
DECLARE
  id text;
BEGIN
  SELECT format_type(atttypid, NULL) INTO id_type FROM pg_attribute WHERE attrelid = 'nextauth.users'::regclass AND attname = 'id';
  id := nextauth.create_user('{"name": "Ada"}') ->> 'id';
  "user" := json_typeof(nextauth.get_user(id) -> 'id');
  account := json_typeof(nextauth.link_account(jsonb_build_object('userId', id, 'type', 'oauth', 'provider', 'g', 'providerAccountId', '1')) -> 'userId');
  session := json_typeof(nextauth.create_session(jsonb_build_object('userId', id, 'sessionToken', 's')) -> 'userId');
  session := session || ' ' || (nextauth.get_session_and_user('s') -> 'user' ->> 'id' = id);
  authenticator := json_typeof(nextauth.create_authenticator(jsonb_build_object('userId', id, 'credentialID', 'c', 'providerAccountId', '1',
    'credentialPublicKey', 'k', 'counter', 0, 'credentialDeviceType', 'singleDevice', 'credentialBackedUp', false)) -> 'userId');
  PERFORM nextauth.delete_user(id);
  SELECT count(*) INTO gone FROM nextauth.sessions;
  RETURN NEXT;
END $$;
SET client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
DROP SCHEMA nextauth, elsewhere, nextauth_pg, nextauth_prisma, nextauth_better_auth CASCADE;
CREATE PROCEDURE public.try_ids() LANGUAGE plpgsql AS $$
DECLARE
  id_type text;
  result record;
BEGIN
  FOREACH id_type IN ARRAY ARRAY['integer', 'bigint', 'uuid', 'text'] LOOP
    PERFORM set_config('nextauth.id_type', id_type, false);
    CREATE EXTENSION nextauth;
    PERFORM nextauth.install();
    IF to_regclass('nextauth.authenticators') IS NULL THEN
      EXECUTE $a$CREATE TABLE nextauth.authenticators (id $a$ || CASE id_type WHEN 'integer' THEN 'serial' WHEN 'bigint' THEN 'bigserial' WHEN 'uuid' THEN 'uuid DEFAULT gen_random_uuid()' ELSE 'text DEFAULT gen_random_uuid()::text' END
        || $a$ PRIMARY KEY, credential_id varchar NOT NULL UNIQUE, user_id $a$ || id_type || $a$ NOT NULL, provider_account_id varchar NOT NULL,
        credential_public_key text NOT NULL, counter integer NOT NULL, credential_device_type varchar NOT NULL,
        credential_backed_up boolean NOT NULL, transports varchar)$a$;
      CREATE INDEX ON nextauth.authenticators (user_id);
      PERFORM nextauth.adopt_model('Authenticator', 'nextauth.authenticators'::regclass);
    END IF;
    SELECT * INTO result FROM public.of_each_method();
    RAISE WARNING '%', result;
    DROP EXTENSION nextauth CASCADE;
    DROP SCHEMA nextauth CASCADE;
  END LOOP;
END $$;
CALL public.try_ids();

\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
