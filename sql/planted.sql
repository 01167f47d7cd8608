--
-- Who may create objects in schema nextauth, or where an adapter's views are
-- to be, plants there what calls could find: nobody's call finds it
--
\set SHOW_CONTEXT never
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_planted;
CREATE DATABASE regress_nextauth_planted;
\c regress_nextauth_planted
SET client_min_messages = warning;
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
CREATE ROLE regress_nextauth_author;
CREATE ROLE regress_nextauth_intruder;
CREATE ROLE regress_nextauth_app;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_author WITH GRANT OPTION;
GRANT USAGE, CREATE ON SCHEMA nextauth TO regress_nextauth_intruder;
GRANT CREATE ON DATABASE regress_nextauth_planted TO regress_nextauth_author, regress_nextauth_intruder;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_author;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_author;
GRANT REFERENCES (id) ON nextauth.users TO regress_nextauth_intruder;
INSERT INTO nextauth.users (name, email) VALUES ('ada', 'ada@example.com');
SET ROLE regress_nextauth_author;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "code": {"type": "text", "nullable": true}}');
RESET ROLE;

-- Planted code takes a number of it, which stays taken
CREATE SCHEMA evil AUTHORIZATION regress_nextauth_intruder;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE SEQUENCE public.taken;
GRANT USAGE, SELECT ON SEQUENCE public.taken TO PUBLIC;
-- What a call comes to when each of these makes it.  Nothing of it stays.
CREATE FUNCTION public.outcome(call text, as_role text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM setval('public.taken', 1, false);
  BEGIN
    EXECUTE 'SET LOCAL ROLE ' || as_role;
    EXECUTE call;
    RAISE EXCEPTION USING ERRCODE = 'UNDO1';
  EXCEPTION
    WHEN SQLSTATE 'UNDO1' THEN result := 'works';
    WHEN OTHERS THEN result := 'fails';
  END;
  RETURN result || CASE WHEN (SELECT is_called FROM public.taken) THEN ', planted code ran' ELSE '' END;
END $$;
-- or, where only what is the case afterwards is looked at, whatever it comes to
CREATE PROCEDURE public.try(as_role text, call text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SET LOCAL ROLE ' || as_role;
  EXECUTE call;
  RESET ROLE;
EXCEPTION WHEN OTHERS THEN
END $$;

--
-- Types: what another can rename, relabel or drop holds nothing of a model
--
CREATE VIEW public.types_of_others AS
SELECT a.attname AS "column", t.typtype AS kind FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.typarray = t.oid
WHERE a.attrelid IN (SELECT relation FROM nextauth.models) AND a.attnum > 0
  AND pg_get_userbyid(COALESCE(e.typowner, t.typowner)) = 'regress_nextauth_intruder';
\set roles '''{"role": {"enum": ["user", "admin"], "default": "user"}}'''
\set grants '''{"grants": {"enum": ["read", "write"], "array": true, "default": []}}'''
\set shared '''{"shared": {"enum": ["user", "admin"], "enumName": "users_role_enum", "default": "user"}}'''
BEGIN;
SET LOCAL ROLE regress_nextauth_intruder;
CREATE TYPE nextauth.users_role_enum AS ENUM ('user', 'admin');
CREATE TYPE nextauth.users_grants_enum AS ENUM ('read', 'write');
RESET ROLE;
CALL public.try('none', format('SELECT nextauth.extend_model(''User'', %L)', :roles));
CALL public.try('regress_nextauth_author', format('SELECT nextauth.extend_model(''User'', %L)', :roles));
CALL public.try('none', format('SELECT nextauth.extend_model(''User'', %L)', :grants));
CALL public.try('regress_nextauth_author', format('SELECT nextauth.extend_model(''User'', %L)', :grants));
CALL public.try('none', format('SELECT nextauth.extend_model(''User'', %L)', :shared));
CALL public.try('none', format('SELECT nextauth.extend_models(jsonb_build_object(''User'', jsonb_build_object(''columns'', %L::jsonb)))', :shared));
SELECT * FROM public.types_of_others;
ROLLBACK;
-- nor does a column get one when it has another type already, or labels are added
BEGIN;
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"role": {"type": "text", "nullable": true}}')$$);
SET LOCAL ROLE regress_nextauth_intruder;
CREATE TYPE nextauth.users_role_enum AS ENUM ('user');
RESET ROLE;
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"role": {"enum": ["user"], "nullable": true}}')$$);
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "nullable": true}}')$$);
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"handle": {"enum": ["user", "admin"], "enumName": "users_role_enum", "nullable": true}}')$$);
SELECT * FROM public.types_of_others;
ROLLBACK;
-- one of the owner's or of a superuser is taken as before
BEGIN;
CREATE TYPE nextauth.users_role_enum AS ENUM ('user', 'admin');
CALL public.try('regress_nextauth_author', format('SELECT nextauth.extend_model(''User'', %L)', :roles));
SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'nextauth.users'::regclass AND attname = 'role';
ROLLBACK;

-- Sequences: a column's values are from its own
BEGIN;
SET LOCAL ROLE regress_nextauth_intruder;
CREATE SEQUENCE nextauth.users_number_seq;
CREATE SEQUENCE nextauth.users_ticket_seq;
RESET ROLE;
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"number": {"type": "int", "generated": "increment"}}')$$);
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"ticket": {"type": "int", "generated": "identity"}}')$$);
SELECT d.refobjid::regclass AS sequence FROM pg_attrdef f JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
WHERE f.adrelid = 'nextauth.users'::regclass AND c.relowner = 'regress_nextauth_intruder'::regrole;
ROLLBACK;

--
-- Tables: the optional model Authenticator is given only by who owns the users
--
BEGIN;
SET LOCAL ROLE regress_nextauth_intruder;
CREATE TABLE nextauth.authenticators (
  id serial CONSTRAINT "PK_1f524613bc876f10f9ba8b0f394" PRIMARY KEY,
  credential_id varchar NOT NULL CONSTRAINT "UQ_4a606bcad68063eecff5cff4c84" UNIQUE,
  user_id integer NOT NULL, provider_account_id varchar NOT NULL, credential_public_key text NOT NULL,
  counter integer NOT NULL, credential_device_type varchar NOT NULL, credential_backed_up boolean NOT NULL, transports varchar
);
CREATE INDEX "IDX_79111b083a20c575bdd813f3b6" ON nextauth.authenticators (user_id);
CREATE TABLE evil.keys (LIKE nextauth.authenticators INCLUDING ALL);
RESET ROLE;
SAVEPOINT s;
CALL public.try('regress_nextauth_intruder', $$SELECT nextauth.adopt_model('Authenticator', 'nextauth.authenticators')$$);
CALL public.try('regress_nextauth_intruder', $$SELECT nextauth.adopt_model('Authenticator', 'evil.keys')$$);
CALL public.try('regress_nextauth_intruder', $$SELECT nextauth.install()$$);
SELECT relation FROM nextauth.model WHERE name = 'Authenticator';
-- so the owner's calls do not meet it, and a superuser's give no right to it
SELECT public.outcome($$SELECT nextauth.add_adapter('pg'::text)$$, 'regress_nextauth_author');
SELECT public.outcome($$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$, 'regress_nextauth_author');
SELECT public.outcome($$SELECT nextauth.convert_ids('text'::text)$$, 'regress_nextauth_author');
CALL public.try('none', $$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$);
SELECT has_table_privilege('regress_nextauth_app', 'nextauth.authenticators', 'INSERT, SELECT') AS of_the_intruder,
  has_table_privilege('regress_nextauth_app', 'evil.keys', 'INSERT, SELECT') AS of_the_intruder_too,
  has_table_privilege('regress_nextauth_app', 'nextauth.users', 'INSERT, SELECT') AS of_the_owner;
ROLLBACK TO s;
-- install(), add_adapter() and a new extension do not take it either
CALL public.try('none', $$SELECT nextauth.install()$$);
CALL public.try('regress_nextauth_author', $$SELECT nextauth.install()$$);
CALL public.try('none', $$SELECT nextauth.convert_ids('text'); ALTER TABLE nextauth.authenticators ALTER user_id TYPE text, ALTER id DROP DEFAULT, ALTER id TYPE text, ALTER id SET DEFAULT gen_random_uuid()::text$$);
CALL public.try('none', $$SELECT nextauth.add_adapter('prisma')$$);
CALL public.try('regress_nextauth_author', $$SELECT nextauth.add_adapter('prisma')$$);
CALL public.try('none', $$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$);
SELECT relation FROM nextauth.model WHERE name = 'Authenticator';
SELECT has_table_privilege('regress_nextauth_app', 'nextauth.authenticators', 'INSERT, SELECT') AS of_the_intruder;
ROLLBACK TO s;
CALL public.try('none', $$DROP EXTENSION nextauth; CREATE EXTENSION nextauth$$);
SELECT relation FROM nextauth.model WHERE name = 'Authenticator';
ROLLBACK;
-- other things of that name stand in nobody's way
BEGIN;
SET LOCAL ROLE regress_nextauth_intruder;
CREATE VIEW nextauth.authenticators AS SELECT 1 AS id;
RESET ROLE;
SELECT public.outcome(call, 'regress_nextauth_author') FROM unnest(ARRAY[$$SELECT nextauth.check_models()$$,
  $$SELECT nextauth.add_adapter('pg'::text)$$, $$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$,
  $$SELECT nextauth.convert_ids('text'::text)$$]) call;
ROLLBACK;
-- the owner gives it
BEGIN;
SET LOCAL ROLE regress_nextauth_author;
CREATE SCHEMA regress_nextauth_keys;
CREATE TABLE regress_nextauth_keys.keys (
  id serial PRIMARY KEY, credential_id varchar NOT NULL UNIQUE,
  user_id integer NOT NULL, provider_account_id varchar NOT NULL, credential_public_key text NOT NULL,
  counter integer NOT NULL, credential_device_type varchar NOT NULL, credential_backed_up boolean NOT NULL, transports varchar
);
CREATE INDEX ON regress_nextauth_keys.keys (user_id);
SELECT nextauth.adopt_model('Authenticator', 'regress_nextauth_keys.keys');
SELECT relation FROM nextauth.model WHERE name = 'Authenticator';
ROLLBACK;

--
-- Views, and the schema they are in: an adapter's are made by who adds it
--
BEGIN;
SET LOCAL ROLE regress_nextauth_intruder;
CREATE FUNCTION evil.take() RETURNS boolean LANGUAGE sql AS $$SELECT nextval('public.taken') > 0$$;
GRANT EXECUTE ON FUNCTION evil.take() TO PUBLIC;
CREATE SCHEMA nextauth_pg;
GRANT USAGE, CREATE ON SCHEMA nextauth_pg TO PUBLIC;
CREATE VIEW nextauth_pg.users AS SELECT 1 AS id, 'x'::varchar AS name, 'x'::varchar AS email, now() AS "emailVerified", 'x'::varchar AS image WHERE evil.take();
CREATE VIEW nextauth_pg.accounts AS SELECT 1 AS id WHERE evil.take();
CREATE RULE evil AS ON INSERT TO nextauth_pg.users DO INSTEAD SELECT evil.take();
RESET ROLE;
SELECT setval('public.taken', 1, false);
CALL public.try('none', $$SELECT nextauth.add_adapter('pg')$$);
CALL public.try('regress_nextauth_author', $$SELECT nextauth.add_adapter('pg')$$);
CALL public.try('none', $$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$);
CALL public.try('none', $$SELECT nextauth.extend_model('User', '{"phone": {"type": "text", "nullable": true}}')$$);
CALL public.try('none', $$SELECT nextauth.check_models()$$);
CALL public.try('none', $$SELECT nextauth.convert_ids('text')$$);
CALL public.try('none', $$SELECT nextauth.drop_adapter('nextauth_pg')$$);
SELECT schema, adapter FROM nextauth.adapter;
SELECT has_table_privilege('regress_nextauth_app', 'nextauth_pg.users', 'INSERT, SELECT') AS of_the_intruder;
SELECT is_called AS planted_code_ran FROM public.taken;
ROLLBACK;

--
-- Operators, for who has the schema in the search_path
--
SET ROLE regress_nextauth_intruder;
DO $$
DECLARE
  operator text;
  type text;
BEGIN
  FOREACH operator IN ARRAY ARRAY['=', '<>', '||', '<', '>', '~'] LOOP
    FOREACH type IN ARRAY ARRAY['text', 'name', 'oid', 'integer', 'bigint', 'jsonb', '"char"', 'regclass', 'varchar', 'boolean'] LOOP
      EXECUTE format('CREATE OR REPLACE FUNCTION evil.compare(%1$s, %1$s) RETURNS boolean LANGUAGE sql AS %2$L', type,
        'SELECT pg_catalog.nextval(''public.taken'') IS NOT NULL');
      EXECUTE format('CREATE OPERATOR nextauth.%1$s (LEFTARG = %2$s, RIGHTARG = %2$s, FUNCTION = evil.compare)', operator, type);
    END LOOP;
  END LOOP;
END $$;
RESET ROLE;
SELECT setval('public.taken', 1, false);
BEGIN;
SET LOCAL search_path = nextauth, pg_catalog;
SELECT count(*) > 0 AS done FROM extend_model('User', '{"phone": {"type": "varchar", "length": 20, "default": "x", "unique": true}}'::jsonb, '{"checks": [{"expression": "char_length(name) OPERATOR(pg_catalog.<) 100"}]}'::jsonb);
SELECT count(*) > 0 AS done FROM plan_model('User', '{"name": {"type": "varchar", "length": 100, "nullable": true}}'::jsonb, '{}'::jsonb);
SELECT count(*) > 0 AS done FROM add_adapter('pg'::text);
SELECT count(*) > 0 AS done FROM convert_ids('bigint'::text);
SELECT entity_schemas() IS NOT NULL AS done, (SELECT count(*) FROM check_models()) IS NOT NULL AS done;
SELECT count(*) IS NOT NULL AS done FROM model_columns;
ALTER TABLE users RENAME COLUMN phone TO telephone;
ALTER TABLE users RENAME TO people;
DROP SCHEMA nextauth_pg CASCADE;
SELECT is_called AS planted_code_ran FROM public.taken;
ROLLBACK;

--
-- Types: f('x') is a cast, if there is a type f, not the call of a function f
--
SELECT DISTINCT p.proname AS "function without a reserved type" FROM pg_proc p
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nextauth') AND p.pronargs - p.pronargdefaults <= 1 AND p.pronargs > 0
  AND NOT EXISTS (SELECT FROM pg_type t WHERE t.typname = p.proname AND t.typnamespace = p.pronamespace AND NOT t.typisdefined);
SET ROLE regress_nextauth_intruder;
CREATE FUNCTION evil.yes(text) RETURNS boolean LANGUAGE sql AS $$SELECT nextval('public.taken') > 0$$;
GRANT EXECUTE ON FUNCTION evil.yes TO PUBLIC;
CREATE DOMAIN nextauth.grant_adapter AS text CHECK (evil.yes(VALUE));
CREATE DOMAIN nextauth.entity_schema AS text CHECK (evil.yes(VALUE));
CREATE TYPE nextauth.add_adapter AS ENUM ('pg');
CREATE TYPE nextauth.convert_ids AS (a text);
CREATE TYPE nextauth.describe_model AS RANGE (subtype = text);
CREATE TABLE nextauth.columns_of (a text);
DROP TYPE nextauth.grant_adapter;
ALTER TYPE nextauth.grant_adapter RENAME TO other;
RESET ROLE;
SELECT public.outcome($$SELECT nextauth.grant_adapter('regress_nextauth_app')$$, 'none');
-- of the owner's, by a model, too
SET ROLE regress_nextauth_author;
SELECT nextauth.extend_model('User', '{"role": {"enum": ["pg"], "enumName": "add_adapter", "nullable": true}}');
RESET ROLE;

--
-- Functions: each of the extension's calls finds the extension's, whatever
-- arguments others of its name take
--
CREATE PROCEDURE public.plant(VARIADIC signatures text[]) LANGUAGE plpgsql AS $$
DECLARE
  verb text;
  arguments text;
BEGIN
  FOREACH verb IN ARRAY ARRAY['extend_model', 'extend_models', 'plan_model', 'extend_model_online', 'rename_property',
    'drop_properties', 'adopt_model', 'install', 'convert_ids', 'plan_convert_ids', 'grant_adapter', 'add_adapter', 'drop_adapter',
    'describe_model', 'entity_schema', 'entity_schemas', 'definition_of', 'options_of', 'columns_of', 'check_models',
    'create_user', 'get_user', 'get_user_by_email', 'get_user_by_account', 'update_user', 'delete_user', 'link_account', 'unlink_account',
    'get_account', 'create_session', 'get_session_and_user', 'update_session', 'delete_session', 'sessions_of', 'sign_out_everywhere',
    'create_verification_token', 'use_verification_token', 'create_authenticator', 'get_authenticator', 'list_authenticators_by_user_id',
    'update_authenticator_counter', 'sign_in',
    'delete_expired', 'purge_expired',
    'authenticate', 'authenticate_connection', 'sign_out', 'user_id', 'session_id']
  LOOP
    FOREACH arguments IN ARRAY signatures LOOP
      BEGIN
        EXECUTE format(CASE WHEN verb IN ('extend_model_online', 'purge_expired') THEN 'CREATE PROCEDURE nextauth.%I(%s)'
            ELSE 'CREATE FUNCTION nextauth.%I(%s) RETURNS void' END
          || ' LANGUAGE sql AS $f$SELECT nextval(''public.taken''); SELECT$f$', verb, arguments);
      EXCEPTION WHEN OTHERS THEN
      END;
    END LOOP;
  END LOOP;
END $$;
SET ROLE regress_nextauth_intruder;
CREATE DOMAIN evil.word AS text;
SELECT array_agg(signature) AS signatures FROM (
  WITH type (name) AS (
    SELECT unnest(ARRAY['text', 'varchar', 'bpchar', 'name', '"char"', 'json', 'jsonb', 'xml', 'regclass', 'regrole', 'integer',
      'evil.word', 'text[]', 'anyelement', 'anynonarray', 'anyarray', 'anyenum', 'anycompatible'])),
  string (name) AS (SELECT unnest(ARRAY['text', 'varchar', 'name', 'jsonb', 'anyelement']))
  SELECT a.name FROM type a
  UNION ALL SELECT a.name || ', ' || b.name FROM string a, type b
  UNION ALL SELECT a.name || ', ' || b.name || ', ' || c.name FROM string a, string b, string c
  UNION ALL SELECT a.name || ', text, text, ' || b.name FROM string a, string b
  UNION ALL SELECT unnest(ARRAY['', 'VARIADIC text[]', 'VARIADIC anyarray', 'text, VARIADIC text[]', 'text, VARIADIC jsonb[]',
    'text, text, VARIADIC text[]', 'text, VARIADIC anyarray'])) s (signature) \gset
CALL public.plant(VARIADIC :'signatures');
RESET ROLE;
CREATE TABLE public.call AS
SELECT * FROM unnest(ARRAY[
  $$SELECT * FROM nextauth.extend_model('User', '{"phone": {"type": "varchar", "nullable": true}}')$$,
  $$SELECT * FROM nextauth.extend_model('User', '{"phone": {"type": "varchar", "nullable": true}}'::jsonb)$$,
  $$SELECT * FROM nextauth.extend_model('User'::text, '{"phone": {"type": "varchar", "nullable": true}}'::text)$$,
  $$SELECT * FROM nextauth.extend_model('User', '{"phone": {"type": "varchar", "nullable": true}}', '{"checks": []}')$$,
  $$SELECT * FROM nextauth.extend_model('User', '{"phone": {"type": "varchar", "nullable": true}}'::jsonb, '{"checks": []}'::jsonb)$$,
  $$SELECT * FROM nextauth.plan_model('User', '{"phone": {"type": "varchar", "nullable": true}}')$$,
  $$SELECT * FROM nextauth.plan_model('User', '{"phone": {"type": "varchar", "nullable": true}}'::jsonb)$$,
  $$SELECT * FROM nextauth.plan_model('User', '{"phone": {"type": "varchar", "nullable": true}}', '{}')$$,
  $$SELECT * FROM nextauth.extend_models('{"User": {"columns": {"phone": {"type": "varchar", "nullable": true}}}}')$$,
  $$SELECT * FROM nextauth.extend_models('{"User": {"columns": {"phone": {"type": "varchar", "nullable": true}}}}'::jsonb)$$,
  $$SELECT * FROM nextauth.rename_property('User', 'nick', 'handle')$$,
  $$SELECT * FROM nextauth.rename_property('User', 'nick', 'handle', 'called')$$,
  $$SELECT * FROM nextauth.drop_properties('User', 'nick')$$,
  $$SELECT * FROM nextauth.drop_properties('User', 'nick', 'code')$$,
  $$SELECT * FROM nextauth.drop_properties('User', VARIADIC '{nick}'::text[])$$,
  $$SELECT nextauth.adopt_model('User', 'nextauth.users')$$,
  $$SELECT nextauth.adopt_model('User', 'nextauth.users'::regclass)$$,
  $$SELECT nextauth.grant_adapter('regress_nextauth_app')$$,
  $$SELECT nextauth.grant_adapter('regress_nextauth_app'::regrole)$$,
  $$SELECT * FROM nextauth.add_adapter('pg')$$,
  $$SELECT * FROM nextauth.add_adapter('pg', 'apart')$$,
  $$SELECT * FROM nextauth.add_adapter('pg'); SELECT * FROM nextauth.drop_adapter('nextauth_pg')$$,
  $$SELECT * FROM nextauth.convert_ids('bigint')$$,
  $$SELECT * FROM nextauth.plan_convert_ids('bigint')$$,
  $$SELECT nextauth.describe_model('typeorm')$$,
  $$SELECT nextauth.describe_model('typeorm', 'User')$$,
  $$SELECT nextauth.entity_schema('User')$$,
  $$SELECT nextauth.entity_schemas()$$,
  $$SELECT nextauth.definition_of('User')$$,
  $$SELECT nextauth.options_of('User')$$,
  $$SELECT * FROM nextauth.columns_of('User')$$,
  $$SELECT * FROM nextauth.check_models()$$,
  $$SELECT nextauth.create_user('{"name": "eve"}')$$,
  $$SELECT nextauth.create_user('{"name": "eve"}'::jsonb)$$,
  $$SELECT nextauth.get_user('1')$$,
  $$SELECT nextauth.get_user_by_email('ada@example.com')$$,
  $$SELECT nextauth.get_user_by_account('github', '1')$$,
  $$SELECT nextauth.update_user('{"id": "1", "name": "eve"}')$$,
  $$SELECT nextauth.update_user('{"id": "1", "name": "eve"}'::jsonb)$$,
  $$SELECT nextauth.delete_user('1')$$,
  $$SELECT nextauth.link_account('{"userId": "1", "type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$SELECT nextauth.unlink_account('github', '1')$$,
  $$SELECT nextauth.get_account('github', '1')$$,
  $$SELECT nextauth.create_session('{"userId": "1"}')$$,
  $$SELECT nextauth.get_session_and_user('s')$$,
  $$SELECT nextauth.get_session_and_user('s', 60, 60)$$,
  $$SELECT nextauth.get_session_and_user('s', '60', '60')$$,
  $$SELECT nextauth.update_session('{"sessionToken": "s", "expires": "2131-01-01"}')$$,
  $$SELECT nextauth.delete_session('s')$$,
  $$SELECT nextauth.sessions_of('1')$$,
  $$SELECT nextauth.sign_out_everywhere('1')$$,
  $$SELECT nextauth.create_verification_token('{"identifier": "a", "token": "t", "expires": "2131-01-01"}')$$,
  $$SELECT nextauth.use_verification_token('a', 't')$$,
  $$SELECT nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')$$,
  $$SELECT nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}', '{"maxAge": 60}')$$,
  $$SELECT nextauth.sign_in('{}'::jsonb, '{"type": "oauth", "provider": "github", "providerAccountId": "1"}'::jsonb, '{}'::jsonb)$$,
  $$SELECT nextauth.authenticate('token')$$,
  $$SELECT nextauth.authenticate_connection('token')$$,
  $$SELECT nextauth.sign_out(), nextauth.user_id(), nextauth.session_id()$$,
  $$PREPARE p AS SELECT nextauth.authenticate($1); EXECUTE p ('token'); DEALLOCATE p$$,
  $$SELECT * FROM nextauth.install()$$,
  $$SELECT nextauth.delete_expired()$$,
  $$SELECT nextauth.delete_expired(10)$$,
  $$SELECT nextauth.delete_expired('10')$$,
  $$SELECT * FROM nextauth.models; SELECT * FROM nextauth.model_columns; SELECT * FROM nextauth.custom_models$$,
  -- as drivers send it, with parameters of types that the server is to find
  $$PREPARE p AS SELECT nextauth.extend_model($1, $2); EXECUTE p ('User', '{}'); DEALLOCATE p$$,
  $$PREPARE p AS SELECT nextauth.entity_schema($1); EXECUTE p ('User'); DEALLOCATE p$$,
  $$PREPARE p AS SELECT nextauth.delete_expired($1); EXECUTE p ('10'); DEALLOCATE p$$]) WITH ORDINALITY c (call, number);
SELECT call, public.outcome(call, 'none') AS "as a superuser", public.outcome(call, 'regress_nextauth_author') AS "as the owner"
FROM public.call ORDER BY number;
-- those that are procedures
SELECT setval('public.taken', 1, false);
CALL nextauth.extend_model_online('User', '{"online": {"type": "varchar", "nullable": true}}');
CALL nextauth.extend_model_online('User', '{"online": {"type": "varchar", "nullable": true}}', '{}');
CALL nextauth.extend_model_online('User', '{"online": {"type": "varchar", "nullable": true}}'::jsonb);
CALL nextauth.purge_expired();
CALL nextauth.purge_expired(10);
CALL nextauth.purge_expired('10');
SELECT attname FROM pg_attribute WHERE attrelid = 'nextauth.users'::regclass AND attname = 'online';
SELECT is_called AS planted_code_ran FROM public.taken;

-- with defaults they make calls ambiguous, which PostgreSQL lets nobody keep
-- from them, but are not called either
SET ROLE regress_nextauth_intruder;
SELECT array_agg(signature) AS signatures FROM (
  WITH type (name) AS (
    SELECT unnest(ARRAY['text', 'varchar', 'name', 'json', 'jsonb', 'regclass', 'regrole', 'integer', 'evil.word', 'text[]'])),
  string (name) AS (SELECT unnest(ARRAY['text', 'varchar', 'name', 'jsonb', 'anyelement']))
  SELECT a.name || ' DEFAULT NULL' FROM type a
  UNION ALL SELECT a.name || ', ' || b.name || ' DEFAULT NULL, integer DEFAULT NULL' FROM string a, type b
  UNION ALL SELECT 'text, ' || a.name || ', ' || b.name || ' DEFAULT NULL, oid DEFAULT NULL' FROM string a, type b
  UNION ALL SELECT 'text, text, text, ' || b.name || ' DEFAULT NULL, oid DEFAULT NULL' FROM type b
  UNION ALL SELECT 'text, text, text, text, ' || b.name || ' DEFAULT NULL, oid DEFAULT NULL' FROM type b
  UNION ALL SELECT 'integer DEFAULT 1, integer DEFAULT 1') s (signature) \gset
CALL public.plant(VARIADIC :'signatures');
RESET ROLE;
SELECT call FROM public.call
WHERE public.outcome(call, 'none') ~ 'planted' OR public.outcome(call, 'regress_nextauth_author') ~ 'planted' ORDER BY number;

\c :regression
DROP DATABASE regress_nextauth_planted;
DROP ROLE regress_nextauth_author, regress_nextauth_intruder, regress_nextauth_app;
