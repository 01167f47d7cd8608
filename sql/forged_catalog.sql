--
-- Rows of the catalog may be the database owner's, who loads them in a
-- restore: they give nobody a right that they lack, and break nothing
--
\set SHOW_CONTEXT never
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_forged_catalog;
CREATE ROLE regress_nextauth_keeper;
CREATE ROLE regress_nextauth_author;
CREATE ROLE regress_nextauth_victim;
CREATE ROLE regress_nextauth_app;
CREATE DATABASE regress_nextauth_forged_catalog OWNER regress_nextauth_keeper;
\c regress_nextauth_forged_catalog
SET client_min_messages = warning;
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_keeper;

-- Somebody makes a call, and what is looked at is what is the case afterwards
CREATE PROCEDURE public.try(as_role text, call text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SET LOCAL ROLE ' || as_role;
  EXECUTE call;
  RESET ROLE;
EXCEPTION WHEN OTHERS THEN
END $$;
-- or, where it is to go on as if nothing was, whether it works.  Nothing of it stays.
CREATE FUNCTION public.outcome(as_role text, call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SET LOCAL ROLE ' || as_role;
  EXECUTE call;
  RAISE EXCEPTION USING ERRCODE = 'UNDO1';
EXCEPTION
  WHEN SQLSTATE 'UNDO1' THEN RETURN 'works';
  WHEN OTHERS THEN RETURN 'fails';
END $$;
-- All that a table or view is, as far as somebody could have changed it
CREATE FUNCTION public.state(relation regclass) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', relation, relacl, relhastriggers, CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END,
    (SELECT string_agg(attname || ' ' || atttypid::regtype || attnotnull || COALESCE(attacl::text, ''), ' ' ORDER BY attnum)
     FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped),
    (SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint WHERE conrelid = relation),
    (SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = relation))
  FROM pg_class WHERE oid = relation
$$;

-- A superuser and another role have tables here that are nobody else's,
-- some like the models'
CREATE SCHEMA su;
CREATE SCHEMA victim AUTHORIZATION regress_nextauth_victim;
GRANT USAGE ON SCHEMA su, victim TO PUBLIC;
CREATE TABLE su.secrets (id integer PRIMARY KEY, secret text, other integer);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{users,accounts,sessions,verification_requests}'::text[] LOOP
    EXECUTE format('CREATE TABLE su.%1$I (LIKE nextauth.%1$I INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE su.%1$I ALTER COLUMN id DROP DEFAULT', name);
    EXECUTE format('CREATE SEQUENCE su.%I OWNED BY su.%I.id', name || '_id_seq', name);
    EXECUTE format('ALTER TABLE su.%I ALTER COLUMN id SET DEFAULT nextval(%L)', name, 'su.' || name || '_id_seq');
  END LOOP;
END $$;
CREATE TABLE su.authenticators (
  id serial PRIMARY KEY, credential_id varchar NOT NULL UNIQUE,
  user_id integer NOT NULL, provider_account_id varchar NOT NULL, credential_public_key text NOT NULL,
  counter integer NOT NULL, credential_device_type varchar NOT NULL, credential_backed_up boolean NOT NULL, transports varchar
);
CREATE INDEX ON su.authenticators (user_id);
CREATE TABLE victim.authenticators (LIKE su.authenticators INCLUDING ALL EXCLUDING DEFAULTS);
CREATE SEQUENCE victim.authenticators_id_seq OWNED BY victim.authenticators.id;
ALTER TABLE victim.authenticators ALTER COLUMN id SET DEFAULT nextval('victim.authenticators_id_seq');
ALTER TABLE victim.authenticators OWNER TO regress_nextauth_victim;
CREATE VIEW su.shown AS SELECT * FROM su.authenticators;
CREATE MATERIALIZED VIEW su.stored AS SELECT * FROM su.authenticators;
CREATE TABLE su.parted (LIKE su.authenticators) PARTITION BY RANGE (id);
-- views that show to whoever may read them what else only a superuser may
CREATE SCHEMA views;
GRANT USAGE ON SCHEMA views TO regress_nextauth_keeper;
CREATE VIEW views.users AS SELECT name, email FROM nextauth.users;
CREATE VIEW views.passwords AS SELECT rolname, rolpassword FROM pg_authid;
CREATE TEMP TABLE victim AS
SELECT oid AS relation, oid::regclass::text COLLATE "C" AS name, public.state(oid) AS before FROM pg_class
WHERE relnamespace::regnamespace::text = ANY (ARRAY['su', 'victim', 'views']) AND relkind IN ('r', 'v', 'm', 'p', 'S')
  OR oid IN ('pg_authid'::regclass, 'pg_largeobject'::regclass, 'information_schema.sql_features'::regclass,
    'nextauth.model'::regclass, 'nextauth.custom_column'::regclass);
-- each that has become another, or that the application may use
CREATE VIEW pg_temp.changed AS
SELECT name FROM victim WHERE public.state(relation) IS DISTINCT FROM before
  OR has_table_privilege('regress_nextauth_app', relation, 'INSERT, UPDATE, DELETE')
  OR has_table_privilege('regress_nextauth_app', relation, 'SELECT') AND name !~ 'sql_features|nextauth'
UNION
SELECT 'schema views' WHERE has_schema_privilege('regress_nextauth_app', 'views', 'USAGE')
ORDER BY 1;
-- What superusers do with an installation
CREATE PROCEDURE public.use_it() LANGUAGE plpgsql AS $$
DECLARE
  call text;
BEGIN
  FOREACH call IN ARRAY ARRAY[
    $c$SELECT nextauth.grant_adapter('regress_nextauth_app')$c$,
    $c$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')$c$,
    $c$SELECT nextauth.extend_model('Authenticator', '{"nick": {"type": "text", "nullable": true}}')$c$,
    $c$SELECT nextauth.rename_property('User', 'nick', 'handle')$c$,
    $c$SELECT nextauth.drop_properties('User', 'handle')$c$,
    $c$SELECT nextauth.add_adapter('pg')$c$,
    $c$SELECT nextauth.convert_ids('text')$c$,
    $c$SELECT nextauth.add_adapter('prisma')$c$,
    $c$SELECT nextauth.add_adapter('better-auth')$c$,
    $c$SELECT nextauth.check_models()$c$,
    $c$SELECT nextauth.install()$c$,
    $c$SELECT nextauth.grant_adapter('regress_nextauth_app')$c$]
  LOOP
    CALL public.try('none', call);
  END LOOP;
END $$;

--
-- The table of a model: it is one that the writer of the row could have given
-- the extension.  No role is a member of another here.
--
-- all is well without
BEGIN;
CALL public.use_it();
SELECT * FROM pg_temp.changed;
SELECT has_table_privilege('regress_nextauth_app', 'nextauth.users', 'INSERT') AS of_a_model;
ROLLBACK;
-- any of these in the place of the optional one
CREATE FUNCTION pg_temp.forge(forged text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  result text[];
BEGIN
  SET LOCAL ROLE regress_nextauth_keeper;
  EXECUTE format('INSERT INTO nextauth.model VALUES (''Authenticator'', %L)', forged);
  RESET ROLE;
  CALL public.use_it();
  result := ARRAY(SELECT name FROM pg_temp.changed);
  IF public.outcome('none', $c$SELECT nextauth.extend_model('User', '{"more": {"type": "text", "nullable": true}}')$c$) = 'fails' THEN
    result := result || 'extend_model() fails'::text;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'UNDO1';
EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
  RETURN result;
END $$;
SELECT forged, pg_temp.forge(forged) AS changed
FROM unnest(ARRAY['pg_catalog.pg_authid', 'pg_catalog.pg_largeobject', 'information_schema.sql_features', 'su.secrets',
  'su.authenticators', 'victim.authenticators', 'su.users', 'su.shown', 'su.stored', 'su.parted', 'views.users', 'views.passwords',
  'su.authenticators_id_seq', 'su.authenticators_pkey', 'nextauth.model', 'nextauth.custom_column', 'nextauth.models',
  'nextauth.users_id_seq', '4000000000', '-']) forged;
-- all of the models, where there is none yet, as in a restore
BEGIN;
DELETE FROM victim WHERE name ~ '^nextauth|^views.users$';
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests CASCADE;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL xmloption = content;
SET LOCAL row_security = off;
CREATE EXTENSION nextauth;
SET LOCAL row_security = on;
SELECT count(*) FROM nextauth.model;
SAVEPOINT s;
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.model VALUES ('User', 'su.users'), ('Account', 'su.accounts'), ('Session', 'su.sessions'),
  ('VerificationRequest', 'su.verification_requests'), ('Authenticator', 'su.authenticators');
RESET ROLE;
CALL public.use_it();
SELECT * FROM pg_temp.changed;
ROLLBACK TO s;
-- some of them their own, as the users of which they name a superuser's
SET LOCAL ROLE regress_nextauth_keeper;
CREATE SCHEMA mine;
CREATE TABLE mine.users (
  id serial PRIMARY KEY, name varchar, email varchar UNIQUE, email_verified timestamptz, image varchar,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
INSERT INTO nextauth.model VALUES ('User', 'mine.users'), ('Account', 'su.accounts'), ('Session', 'su.sessions'),
  ('VerificationRequest', 'victim.authenticators'), ('Authenticator', 'victim.authenticators') ON CONFLICT DO NOTHING;
RESET ROLE;
CALL public.use_it();
SELECT * FROM pg_temp.changed;
ROLLBACK;

-- and nobody is kept from the DDL of their own tables by one
BEGIN;
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.model VALUES ('Authenticator', 'victim.authenticators'), ('Evil', 'su.secrets');
RESET ROLE;
SELECT call, public.outcome(role, call) FROM (VALUES
  ('regress_nextauth_victim', 'ALTER TABLE victim.authenticators RENAME COLUMN counter TO n'),
  ('regress_nextauth_victim', 'ALTER TABLE victim.authenticators ALTER COLUMN counter TYPE text'),
  ('regress_nextauth_victim', 'ALTER TABLE victim.authenticators DROP COLUMN counter'),
  ('regress_nextauth_victim', 'ALTER TABLE victim.authenticators RENAME TO keys'),
  ('regress_nextauth_victim', 'DROP TABLE victim.authenticators'),
  ('none', 'ALTER TABLE su.secrets RENAME COLUMN secret TO known'),
  ('none', 'ALTER TABLE su.secrets ALTER COLUMN secret TYPE varchar'),
  ('none', 'ALTER TABLE su.secrets DROP COLUMN secret'),
  ('none', 'ALTER TABLE su.secrets RENAME TO told'),
  ('none', 'ALTER TABLE su.secrets SET SCHEMA public'),
  ('none', 'DROP TABLE su.secrets CASCADE'),
  ('none', 'ALTER SCHEMA su RENAME TO so'),
  ('none', 'DROP SCHEMA su, victim CASCADE'),
  ('none', 'DROP OWNED BY regress_nextauth_victim'),
  ('none', 'SELECT * FROM nextauth.models; SELECT * FROM nextauth.model_columns; SELECT * FROM nextauth.custom_models'),
  ('none', 'SELECT nextauth.entity_schemas()'),
  ('none', 'SELECT nextauth.describe_model(''typeorm'')'),
  ('none', 'SELECT nextauth.check_models()'),
  ('none', 'SELECT nextauth.install()'),
  ('none', 'SELECT nextauth.extend_model(''User'', ''{"nick": {"type": "text", "nullable": true}}'')'),
  ('none', 'SELECT nextauth.convert_ids(''text'')'),
  ('none', 'SELECT nextauth.grant_adapter(''regress_nextauth_app'')')) c (role, call);
ROLLBACK;

--
-- Which schema is an adapter's
--
BEGIN;
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.adapter VALUES ('views', 'neon'), ('su', 'typeorm'), ('no_such_schema', 'prisma'), ('pg_catalog', 'evil'), ('victim', '');
RESET ROLE;
CALL public.use_it();
SELECT * FROM pg_temp.changed;
SELECT call, public.outcome('none', call) FROM unnest(ARRAY[
  $$SELECT nextauth.extend_model('User', '{"more": {"type": "text", "nullable": true}}')$$,
  $$SELECT nextauth.add_adapter('neon')$$,
  $$SELECT nextauth.grant_adapter('regress_nextauth_app')$$,
  $$SELECT nextauth.check_models()$$,
  $$SELECT * FROM nextauth.adapters$$,
  'ALTER TABLE nextauth.users RENAME TO people',
  'ALTER SCHEMA views RENAME TO seen',
  'ALTER SCHEMA su RENAME TO so',
  'DROP SCHEMA views CASCADE',
  'ALTER TABLE su.users RENAME COLUMN email TO mail',
  'ALTER TABLE su.users DROP COLUMN email']) call;
ROLLBACK;

--
-- Columns
--
-- one that is built in is no custom one, and so is not dropped or renamed as one
BEGIN;
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.custom_column VALUES ('User', 'x', 'image', 'text'), ('Session', 'y', 'no_such_column', 'text'),
  ('Account', 'z', 'id', 'int'), ('VerificationRequest', 'token', 'tableoid', 'oid');
RESET ROLE;
CALL public.try('none', $$SELECT nextauth.drop_properties('User', 'x')$$);
CALL public.try('none', $$SELECT nextauth.rename_property('Account', 'z', 'key')$$);
CALL public.try('none', $$SELECT nextauth.drop_properties('Account', 'z')$$);
SELECT attrelid::regclass::text COLLATE "C" AS "table", attname FROM pg_attribute
WHERE attrelid IN ('nextauth.users'::regclass, 'nextauth.accounts'::regclass) AND attname IN ('image', 'id') AND NOT attisdropped
ORDER BY 1, 2;
ROLLBACK;
-- whatever else they say of columns, the rest goes on
BEGIN;
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.custom_column VALUES ('User', 'y', 'y', 'no such type', '{}'),
  ('User', 'z', 'z', '', '[]'), ('User', '', 'a', 'text', '"x"'), ('User', 'b', 'b', 'text', '{"select": 7, "update": [], "nonsense": null}'),
  ('Session', repeat('long', 1000), 'c', 'text', 'null'), ('User', 'a"; --', 'd', 'text''', '{"createDate": {}}');
INSERT INTO nextauth.custom_column VALUES ('Evil', 'x', 'email', 'text', '{}'), ('', '', '', '', '{}');
INSERT INTO nextauth.custom_column SELECT model, property || '2', column_name || '2', type, options, 'nextauth.users' FROM nextauth.custom_column WHERE model = 'User';
RESET ROLE;
SELECT call, public.outcome('none', call) FROM unnest(ARRAY[
  $$SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')$$,
  $$SELECT nextauth.extend_model('Session', '{"nick": {"type": "text", "nullable": true}}')$$,
  $$SELECT nextauth.add_adapter('pg')$$,
  $$SELECT nextauth.convert_ids('text')$$,
  $$SELECT nextauth.grant_adapter('regress_nextauth_app')$$,
  $$SELECT nextauth.check_models()$$,
  $$SELECT nextauth.entity_schemas()$$,
  $$SELECT * FROM nextauth.models; SELECT * FROM nextauth.model_columns; SELECT * FROM nextauth.custom_models$$,
  'ALTER TABLE nextauth.users ADD COLUMN y integer; ALTER TABLE nextauth.users RENAME COLUMN y TO yy',
  'ALTER TABLE nextauth.users RENAME TO people',
  'DROP TABLE nextauth.users CASCADE',
  'ALTER TABLE su.users RENAME COLUMN email TO mail']) call;
ROLLBACK;

--
-- Versions: a model goes on from whatever they say
--
CREATE FUNCTION pg_temp.forge_version(forged text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  SET LOCAL ROLE regress_nextauth_keeper;
  EXECUTE 'INSERT INTO nextauth.model_change VALUES ' || forged;
  RESET ROLE;
  result := public.outcome('none', call);
  RAISE EXCEPTION USING ERRCODE = 'UNDO1';
EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
  RETURN result;
END $$;
SELECT forged, call FROM unnest(ARRAY[
  $$('User', 9223372036854775807, 'infinity', 'x', 'extend_model', '{}', '{}')$$,
  $$('User', 2147483646, '-infinity', 'x', 'extend_model', 'null', '{NULL}'), ('User', 2147483647, 'epoch', 'x', '', '[]', '{}')$$,
  $$('User', -9223372036854775808, now(), 'x', 'extend_model', '7', '{}'), ('Account', 9223372036854775806, now(), '', '', '{"x": {}}', '{}')$$,
  $$('Evil', 9223372036854775807, now(), 'x', 'drop table', '{}', '{}')$$]) forged,
unnest(ARRAY[
  $$SELECT nextauth.extend_model('User', '{"a": {"type": "text", "nullable": true}}'); SELECT nextauth.extend_model('User', '{"b": {"type": "text", "nullable": true}}')$$,
  $$SELECT nextauth.convert_ids('text'); SELECT nextauth.add_adapter('prisma')$$,
  'ALTER TABLE nextauth.users RENAME TO people',
  'DROP TABLE nextauth.users CASCADE',
  $$SELECT * FROM nextauth.models; SELECT * FROM nextauth.check_models(); SELECT * FROM nextauth.model_changes$$]) call
WHERE pg_temp.forge_version(forged, call) <> 'works';

\c :regression
SET client_min_messages = warning;
DROP DATABASE regress_nextauth_forged_catalog;

--
-- What is not the extension's own is not read: the schema was the database
-- owner's before, who has renamed it and made another
--
CREATE DATABASE regress_nextauth_forged_catalog OWNER regress_nextauth_keeper;
\c regress_nextauth_forged_catalog
SET client_min_messages = warning;
SET ROLE regress_nextauth_keeper;
CREATE SCHEMA nextauth;
RESET ROLE;
SET nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
CREATE SCHEMA su;
GRANT USAGE ON SCHEMA su TO PUBLIC;
CREATE TABLE su.secrets (id integer PRIMARY KEY, secret text, other integer);
CREATE SEQUENCE public.taken;
GRANT USAGE ON SEQUENCE public.taken TO PUBLIC;
SET ROLE regress_nextauth_keeper;
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.run() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  -- a superuser comes by
  IF current_user <> 'regress_nextauth_keeper' THEN
    PERFORM nextval('public.taken');
  END IF;
  BEGIN
    PERFORM pg_catalog.set_config('search_path', 'evil', false);
  EXCEPTION WHEN OTHERS THEN
  END;
  BEGIN
    ALTER ROLE regress_nextauth_keeper SUPERUSER;
  EXCEPTION WHEN OTHERS THEN
  END;
  RETURN true;
END $$;
ALTER SCHEMA nextauth RENAME TO elsewhere;
CREATE SCHEMA nextauth;
GRANT USAGE ON SCHEMA nextauth TO PUBLIC;
CREATE VIEW nextauth.model AS SELECT 'User'::text AS name, oid::regclass AS relation FROM pg_class WHERE relname IN ('secrets', 'told') AND evil.run();
CREATE TABLE nextauth.custom_column (model text, property text, column_name name, type text, options jsonb);
CREATE TABLE nextauth.model_change (model text, version bigint, changed_at timestamptz DEFAULT now(), changed_by name, action text,
  changes jsonb, statements text[], CHECK (evil.run()));
CREATE TABLE nextauth.adapter (schema name PRIMARY KEY, adapter text NOT NULL);
CREATE FUNCTION evil.trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.run(); RETURN NEW; END $$;
CREATE TRIGGER evil BEFORE INSERT OR UPDATE OR DELETE ON nextauth.custom_column FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger();
CREATE TRIGGER evil BEFORE INSERT OR UPDATE OR DELETE ON nextauth.adapter FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger();
GRANT ALL ON ALL TABLES IN SCHEMA nextauth TO PUBLIC;
RESET ROLE;
-- what superusers do elsewhere works as if there was no extension
ALTER TABLE su.secrets RENAME COLUMN secret TO known;
ALTER TABLE su.secrets ALTER COLUMN known TYPE varchar;
ALTER TABLE su.secrets DROP COLUMN other;
ALTER TABLE su.secrets RENAME TO told;
ALTER TABLE su.told SET SCHEMA public;
ALTER SCHEMA su RENAME TO so;
CREATE TABLE so.t AS SELECT 1 AS a;
DROP TABLE so.t;
CREATE VIEW so.v AS SELECT 1 AS a;
ALTER VIEW so.v RENAME COLUMN a TO b;
DROP SCHEMA so CASCADE;
DROP TABLE public.told;
SHOW search_path;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_nextauth_keeper';
SELECT is_called AS ran_as_superuser FROM public.taken;
-- and so it does in the old schema, whatever is in the new one
SET ROLE regress_nextauth_keeper;
DROP TABLE nextauth.custom_column, nextauth.model_change, nextauth.adapter;
CREATE VIEW nextauth.custom_column AS
SELECT 'User'::text AS model, 'x'::text AS property, 'x'::name AS column_name, 'text'::text AS type, '{}'::jsonb AS options WHERE evil.run();
CREATE VIEW nextauth.model_change AS
SELECT 'User'::text AS model, 1::bigint AS version, now() AS changed_at, 'x'::name AS changed_by, 'x'::text AS action,
  '{}'::jsonb AS changes, '{}'::text[] AS statements WHERE evil.run();
CREATE VIEW nextauth.adapter AS SELECT 'x'::name AS schema, 'pg'::text AS adapter WHERE evil.run();
CREATE FUNCTION nextauth.columns_of(text) RETURNS SETOF text LANGUAGE sql AS 'SELECT evil.run()::text';
RESET ROLE;
DO $$
DECLARE
  call text;
BEGIN
  FOREACH call IN ARRAY ARRAY[
    $c$SELECT elsewhere.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')$c$,
    $c$SELECT elsewhere.plan_model('User', '{"nick": {"type": "text", "nullable": true}}')$c$,
    $c$SELECT elsewhere.grant_adapter('regress_nextauth_app')$c$,
    $c$SELECT elsewhere.add_adapter('pg')$c$,
    $c$SELECT elsewhere.convert_ids('text')$c$,
    $c$SELECT elsewhere.check_models()$c$,
    $c$SELECT elsewhere.install()$c$,
    $c$SELECT elsewhere.entity_schemas()$c$,
    $c$SELECT * FROM elsewhere.model_columns$c$,
    $c$ALTER TABLE elsewhere.users RENAME TO people$c$,
    $c$ALTER TABLE elsewhere.people RENAME COLUMN email TO mail$c$]
  LOOP
    BEGIN
      EXECUTE call;
    EXCEPTION WHEN OTHERS THEN
    END;
  END LOOP;
END $$;
SHOW search_path;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_nextauth_keeper';
SELECT is_called AS ran_as_superuser FROM public.taken;
-- it goes as any other
DROP EXTENSION nextauth CASCADE;

\c :regression
SET client_min_messages = warning;
DROP DATABASE regress_nextauth_forged_catalog;
DROP ROLE regress_nextauth_keeper, regress_nextauth_author, regress_nextauth_victim, regress_nextauth_app;
