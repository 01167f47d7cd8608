--
-- Event triggers: DDL that does not know of models cannot destroy them
--
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "phoneNumber": {"type": "varchar", "nullable": true},
  "role": {"enum": ["user", "admin"], "default": "user"}
}');

-- a built-in column is not dropped, renamed or retyped
ALTER TABLE nextauth.users DROP COLUMN email;
\echo :SQLSTATE
ALTER TABLE nextauth.users ADD COLUMN x int, DROP COLUMN IF EXISTS image CASCADE;
ALTER TABLE nextauth.users RENAME COLUMN email TO mail;
ALTER TABLE nextauth.users RENAME email TO mail;
ALTER VIEW nextauth.users RENAME COLUMN email TO mail;
ALTER TABLE nextauth.users ALTER COLUMN email TYPE text;
ALTER TABLE nextauth.accounts ALTER COLUMN user_id TYPE bigint, ADD COLUMN x int;
-- however the table is named
SET search_path = nextauth;
ALTER TABLE users RENAME COLUMN email TO mail;
ALTER TABLE users ALTER COLUMN email TYPE text;
ALTER TABLE users DROP COLUMN email;
RESET search_path;
-- a custom one is not dropped, also not with its type
ALTER TABLE nextauth.users DROP COLUMN phone_number;
DROP TYPE nextauth.users_role_enum CASCADE;
-- nor where another comes in its place, or it goes with something else that is dropped: an enum with its owner's things
-- or its schema, a domain, an extension, a function that computes it
ALTER TABLE nextauth.users DROP COLUMN phone_number, ADD COLUMN phone_number varchar;
RESET ROLE;
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA regress_nextauth_app;
CREATE ROLE regress_nextauth_type_owner;
CREATE TYPE regress_nextauth_app.mood AS ENUM ('happy', 'sad');
ALTER TYPE regress_nextauth_app.mood OWNER TO regress_nextauth_type_owner;
CREATE DOMAIN regress_nextauth_app.nick AS text;
CREATE FUNCTION regress_nextauth_app.shout(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN upper($1); END $$;
CREATE TABLE regress_nextauth_app.composite (x integer);
CREATE EXTENSION citext SCHEMA regress_nextauth_app;
DO $$ BEGIN FOR i IN 1..100 LOOP EXECUTE format('CREATE TABLE regress_nextauth_app.t%s (x integer)', i); END LOOP; END $$;
ALTER TABLE nextauth.users ADD COLUMN mood regress_nextauth_app.mood, ADD COLUMN nick regress_nextauth_app.nick,
  ADD COLUMN login regress_nextauth_app.citext, ADD COLUMN shouted text GENERATED ALWAYS AS (regress_nextauth_app.shout(name)) STORED,
  ADD COLUMN composite regress_nextauth_app.composite;
-- as if all of them were declared
INSERT INTO nextauth.custom_column (model, property, column_name, type, in_table)
SELECT 'User', name, name, 'text', 'nextauth.users' FROM unnest(ARRAY['mood', 'nick', 'login', 'shouted', 'composite']) name;
CREATE FUNCTION pg_temp.outcome(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE command;
  RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = 'works';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
SELECT command, pg_temp.outcome(command) FROM unnest(ARRAY[
  'DROP TYPE regress_nextauth_app.mood CASCADE',
  'DROP OWNED BY regress_nextauth_type_owner CASCADE',
  'DROP DOMAIN regress_nextauth_app.nick CASCADE',
  'DROP EXTENSION citext CASCADE',
  'DROP FUNCTION regress_nextauth_app.shout(text) CASCADE',
  'DROP TABLE regress_nextauth_app.composite CASCADE',
  'DROP SCHEMA regress_nextauth_app CASCADE',
  'ALTER TABLE nextauth.users DROP COLUMN name CASCADE']) command;
-- what was undone does not count
SAVEPOINT s;
SET LOCAL nextauth.protect_columns = off;
DROP TYPE regress_nextauth_app.mood CASCADE;
SET LOCAL nextauth.protect_columns = on;
DROP TABLE regress_nextauth_app.t1;
ROLLBACK TO s;
DROP TABLE regress_nextauth_app.t1;
DROP TYPE regress_nextauth_app.mood CASCADE;
ROLLBACK;
-- not even by a superuser, or from within a function
ALTER TABLE nextauth.users DROP COLUMN phone_number;
DO $$ BEGIN EXECUTE 'ALTER TABLE nextauth.users DROP COLUMN email'; END $$;
SET ROLE regress_nextauth_owner;
-- all else is as it always was
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN undeclared int, ALTER COLUMN name SET DEFAULT 'nobody',
  ALTER COLUMN phone_number TYPE text, ALTER COLUMN phone_number SET NOT NULL;
ALTER TABLE nextauth.users RENAME COLUMN undeclared TO still_undeclared;
ALTER TABLE nextauth.users DROP COLUMN still_undeclared;
ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
SELECT definition FROM nextauth.model_columns WHERE property = 'phoneNumber';
CREATE TABLE nextauth.other (email text, phone_number text);
ALTER TABLE nextauth.other DROP COLUMN email;
ALTER TABLE nextauth.other RENAME COLUMN phone_number TO phone;
DROP TABLE nextauth.other;
ROLLBACK;

-- the catalog follows renames: of a custom column, of the table, of its schema
BEGIN;
SET LOCAL search_path = nextauth;
ALTER TABLE users RENAME COLUMN phone_number TO telephone;
RESET search_path;
SELECT property, column_name FROM nextauth.custom_column ORDER BY property;
SELECT nextauth.entity_schema('User') #> '{columns,phoneNumber}';
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true, "name": "telephone"}}');
RESET ROLE;
ALTER TABLE nextauth.users RENAME TO people;
CREATE SCHEMA regress_nextauth_app;
ALTER TABLE nextauth.people SET SCHEMA regress_nextauth_app;
ALTER SCHEMA regress_nextauth_app RENAME TO regress_nextauth_app2;
SELECT relation FROM nextauth.models WHERE model = 'User';
-- there it is protected like before
SAVEPOINT s;
ALTER TABLE regress_nextauth_app2.people DROP COLUMN email;
ROLLBACK TO s;
ALTER TABLE regress_nextauth_app2.people RENAME COLUMN telephone TO mobile;
SELECT column_name FROM nextauth.custom_column WHERE property = 'phoneNumber';
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- the table that was renamed or moved is known by its OID: neither a name in
-- the search_path nor the right to use the schema matters
BEGIN;
CREATE TABLE nextauth.other ();
RESET ROLE;
CREATE SCHEMA regress_nextauth_app;
GRANT CREATE ON SCHEMA regress_nextauth_app TO regress_nextauth_owner;
CREATE TABLE regress_nextauth_app.people ();
SET LOCAL search_path = regress_nextauth_app, nextauth;
ALTER TABLE users RENAME TO people;
ALTER TABLE nextauth.people RENAME TO users;
SET ROLE regress_nextauth_owner;
ALTER TABLE IF EXISTS missing RENAME TO users;
ALTER TABLE nextauth.other SET SCHEMA regress_nextauth_app;
SELECT action, changes FROM nextauth.model_changes ORDER BY version;
ROLLBACK;

-- who means it says so; then the catalog forgets a custom column
BEGIN;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN phone_number, DROP COLUMN image, ALTER COLUMN name TYPE text;
ALTER TABLE nextauth.users RENAME COLUMN email TO mail;
DROP TYPE nextauth.users_role_enum CASCADE;
SELECT property FROM nextauth.custom_column;
-- and check_models() tells what is no longer as it should be
SELECT * FROM nextauth.check_models();
-- a built-in column that is missing is not passed over
SELECT nextauth.extend_model('User', '{"image": {"type": "varchar", "nullable": true}}');
ROLLBACK;

-- that ends with the transaction, however it was set: a pooler gives the session
-- to somebody else after it
SET nextauth.protect_columns = off;
SHOW nextauth.protect_columns;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ALTER TABLE nextauth.users RENAME COLUMN email TO mail;
BEGIN;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
BEGIN;
SAVEPOINT s;
SET LOCAL nextauth.protect_columns = off;
ROLLBACK TO s;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
BEGIN;
SET LOCAL nextauth.protect_columns = off;
SET LOCAL nextauth.protect_columns = on;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
-- within it, it counts
BEGIN;
SET nextauth.protect_columns = off;
SAVEPOINT s;
SHOW nextauth.protect_columns;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
SET nextauth.protect_columns = off \; ALTER TABLE nextauth.users DROP COLUMN phone_number \; ROLLBACK;
SELECT property FROM nextauth.custom_column ORDER BY 1;
-- a procedure, a role or a database may be given it for good
CREATE PROCEDURE nextauth.regress_drop() LANGUAGE plpgsql SET nextauth.protect_columns = off
AS $$ BEGIN ALTER TABLE nextauth.users DROP COLUMN phone_number; END $$;
BEGIN;
CALL nextauth.regress_drop();
ALTER TABLE nextauth.users DROP COLUMN role;
ROLLBACK;
DROP PROCEDURE nextauth.regress_drop;
RESET ROLE;
ALTER DATABASE :"DBNAME" SET nextauth.protect_columns = off;
\c
BEGIN;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
SHOW nextauth.protect_columns;
ALTER DATABASE :"DBNAME" RESET nextauth.protect_columns;
-- also what was set before the session called the extension
\c
SET nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
\c
BEGIN;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN phone_number;
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- check_models() also finds what nobody declared, and says how to declare it
SELECT * FROM nextauth.check_models();
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN home_page varchar(200) DEFAULT 'it''s', ADD COLUMN serial serial;
CREATE TYPE nextauth.mood AS ENUM ('happy', 'sad');
ALTER TABLE nextauth.sessions ADD COLUMN mood nextauth.mood[] NOT NULL DEFAULT '{happy}';
SELECT * FROM nextauth.check_models();
SELECT remedy FROM nextauth.check_models() WHERE remedy LIKE 'SELECT%' \gexec
SELECT * FROM nextauth.check_models();
ROLLBACK;

-- empty tables and their schemas are dropped like any others; the catalog forgets them
BEGIN;
DROP TABLE nextauth.users;
SELECT name FROM nextauth.model ORDER BY 1;
SELECT count(*) FROM nextauth.custom_column;
SELECT * FROM nextauth.check_models();
SELECT * FROM nextauth.install();
ROLLBACK;
BEGIN;
RESET ROLE;
CREATE SCHEMA regress_nextauth_app;
ALTER TABLE nextauth.users SET SCHEMA regress_nextauth_app;
DROP SCHEMA regress_nextauth_app CASCADE;
SELECT name FROM nextauth.model ORDER BY 1;
DROP OWNED BY regress_nextauth_owner;
SELECT name FROM nextauth.model ORDER BY 1;
ROLLBACK;

-- also with the extension in it
BEGIN;
RESET ROLE;
SET LOCAL client_min_messages = warning;
DROP SCHEMA nextauth CASCADE;
SELECT count(*) FROM pg_event_trigger WHERE evtname LIKE 'nextauth%';
CREATE TABLE regress_nextauth_other (x int);
DROP TABLE regress_nextauth_other;
ROLLBACK;

-- the functions are for event triggers only
SELECT nextauth.guard_drop();
RESET ROLE;
BEGIN;
CREATE EVENT TRIGGER regress_nextauth_misused ON ddl_command_end EXECUTE FUNCTION nextauth.guard_drop();
CREATE TABLE nextauth.other ();
ROLLBACK;

-- a parent is altered with its children, a composite type with the tables of it:
-- through none of them is a built-in column dropped, renamed or retyped
BEGIN;
RESET ROLE;
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
CREATE PROCEDURE regress_nextauth_app.try(statements text[]) LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  FOREACH statement IN ARRAY statements LOOP
    BEGIN
      EXECUTE statement;
      RAISE INFO 'went through: %', statement;
    EXCEPTION WHEN dependent_objects_still_exist THEN
      RAISE INFO '%', SQLERRM;
    END;
  END LOOP;
END $$;
SAVEPOINT s;
CREATE TABLE regress_nextauth_app.grandparent (email varchar);
CREATE TABLE regress_nextauth_app.parent (phone_number varchar, seen_at timestamptz) INHERITS (regress_nextauth_app.grandparent);
ALTER TABLE nextauth.users ADD COLUMN seen_at timestamptz;
ALTER TABLE nextauth.users INHERIT regress_nextauth_app.parent;
CALL regress_nextauth_app.try(ARRAY[
  'ALTER TABLE regress_nextauth_app.grandparent RENAME COLUMN email TO mail',
  'ALTER TABLE regress_nextauth_app.grandparent ALTER COLUMN email TYPE text',
  'ALTER TABLE regress_nextauth_app.parent ALTER COLUMN seen_at TYPE timestamp, ALTER COLUMN phone_number TYPE text']);
ALTER TABLE regress_nextauth_app.parent RENAME COLUMN phone_number TO telephone;
SELECT property, column_name FROM nextauth.custom_column WHERE property = 'phoneNumber';
SELECT action, changes FROM nextauth.model_changes WHERE model = 'User' ORDER BY version DESC LIMIT 1;
-- what the table has by itself, it keeps
ALTER TABLE regress_nextauth_app.grandparent DROP COLUMN email;
SELECT count(email) FROM nextauth.users;
-- and who is no heir any more is not concerned
ALTER TABLE nextauth.users NO INHERIT regress_nextauth_app.parent;
ALTER TABLE regress_nextauth_app.parent RENAME telephone TO email;
ALTER TABLE regress_nextauth_app.parent RENAME COLUMN email TO mail;
ROLLBACK TO s;
-- a partition's columns go with those of the table that it is of
CREATE TABLE regress_nextauth_app.parted (LIKE nextauth.users) PARTITION BY RANGE (created_at);
ALTER TABLE nextauth.users DROP CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433", DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
CREATE TABLE regress_nextauth_app.subparted PARTITION OF regress_nextauth_app.parted DEFAULT PARTITION BY RANGE (created_at);
ALTER TABLE regress_nextauth_app.subparted ATTACH PARTITION nextauth.users DEFAULT;
CALL regress_nextauth_app.try(ARRAY[
  'ALTER TABLE regress_nextauth_app.parted RENAME COLUMN email TO mail',
  'ALTER TABLE regress_nextauth_app.parted ALTER COLUMN email TYPE text',
  'ALTER TABLE regress_nextauth_app.parted DROP COLUMN email',
  'ALTER TABLE regress_nextauth_app.parted DROP COLUMN phone_number']);
ALTER TABLE regress_nextauth_app.parted RENAME COLUMN phone_number TO telephone;
SELECT property, column_name FROM nextauth.custom_column WHERE property = 'phoneNumber';
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE regress_nextauth_app.parted DROP COLUMN telephone;
SELECT property, column_name FROM nextauth.custom_column WHERE property = 'phoneNumber';
SET LOCAL nextauth.protect_columns = on;
ROLLBACK TO s;
-- nor through a type
CREATE TYPE regress_nextauth_app.person AS (id integer, name varchar, email varchar, email_verified timestamptz, image varchar,
  created_at timestamptz, updated_at timestamptz, role nextauth.users_role_enum, phone_number varchar);
ALTER TABLE nextauth.users OF regress_nextauth_app.person;
CALL regress_nextauth_app.try(ARRAY[
  'ALTER TYPE regress_nextauth_app.person RENAME ATTRIBUTE email TO mail CASCADE',
  'ALTER TYPE regress_nextauth_app.person ALTER ATTRIBUTE email TYPE text CASCADE',
  'ALTER TYPE regress_nextauth_app.person DROP ATTRIBUTE email CASCADE',
  'ALTER TYPE regress_nextauth_app.person DROP ATTRIBUTE phone_number CASCADE']);
ALTER TYPE regress_nextauth_app.person RENAME ATTRIBUTE phone_number TO telephone CASCADE;
SELECT property, column_name FROM nextauth.custom_column WHERE property = 'phoneNumber';
ROLLBACK;

-- leave the model as it was
SET ROLE regress_nextauth_owner;
BEGIN;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN phone_number, DROP COLUMN role;
COMMIT;
DROP TYPE nextauth.users_role_enum;
SELECT count(*) FROM nextauth.custom_column;

-- if the schema of the extension gets another name, nothing is guarded, and
-- nobody else is hindered
RESET ROLE;
BEGIN;
ALTER SCHEMA nextauth RENAME TO regress_nextauth_renamed;
CREATE TABLE regress_nextauth_other (a integer);
ALTER TABLE regress_nextauth_other RENAME COLUMN a TO b;
DROP TABLE regress_nextauth_other;
ROLLBACK;

-- neither if something else has the name of its catalog, whatever that says
BEGIN;
ALTER SCHEMA nextauth RENAME TO regress_nextauth_renamed;
CREATE TABLE regress_nextauth_other (id integer, name integer, email integer);
CREATE SCHEMA nextauth;
CREATE TABLE nextauth.model (name text, relation regclass);
CREATE TABLE nextauth.adapter (schema name);
INSERT INTO nextauth.model VALUES ('User', 'regress_nextauth_other'), ('Account', NULL);
INSERT INTO nextauth.adapter VALUES ('regress_nextauth_app'), (NULL);
ALTER TABLE regress_nextauth_other RENAME COLUMN name TO label;
ALTER TABLE regress_nextauth_other RENAME TO regress_nextauth_another;
ALTER TABLE regress_nextauth_another DROP COLUMN email;
CREATE SCHEMA regress_nextauth_app;
ALTER SCHEMA regress_nextauth_app RENAME TO regress_nextauth_app2;
DROP SCHEMA regress_nextauth_app2;
DROP TABLE regress_nextauth_another;
ALTER TABLE nextauth.model ALTER COLUMN relation TYPE text;
ALTER TABLE nextauth.adapter DROP COLUMN schema;
CREATE TABLE regress_nextauth_other (name integer);
ALTER TABLE regress_nextauth_other RENAME COLUMN name TO label;
DROP TABLE regress_nextauth_other;
ROLLBACK;

-- an adapter's schema is forgotten when it is dropped, also if somebody makes another at once; others are nobody's
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT count(*) FROM nextauth.add_adapter('pg');
CREATE SCHEMA regress_nextauth_app;
ALTER SCHEMA regress_nextauth_app RENAME TO regress_nextauth_app2;
DROP SCHEMA regress_nextauth_app2;
SELECT schema FROM nextauth.adapter;
ALTER SCHEMA nextauth_pg RENAME TO regress_nextauth_pg;
SELECT schema FROM nextauth.adapter;
CREATE FUNCTION public.regress_nextauth_make_again() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN CREATE SCHEMA regress_nextauth_pg; END $$;
CREATE EVENT TRIGGER a_regress_nextauth_again ON sql_drop WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION public.regress_nextauth_make_again();
DROP SCHEMA regress_nextauth_pg CASCADE;
SELECT count(*) FROM pg_namespace WHERE nspname = 'regress_nextauth_pg';
SELECT schema FROM nextauth.adapter;
ROLLBACK;

-- who owns a table renames its columns, also without the use of the extension's schema; the adapters' views that are
-- not theirs they leave alone
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT count(*) FROM nextauth.add_adapter('pg');
ALTER TABLE nextauth.users SET SCHEMA public;
CREATE ROLE regress_nextauth_table_owner;
ALTER TABLE public.users OWNER TO regress_nextauth_table_owner;
SET ROLE regress_nextauth_table_owner;
ALTER TABLE public.users RENAME COLUMN nick TO handle;
RESET ROLE;
SELECT property, column_name FROM nextauth.custom_column WHERE model = 'User';
SELECT nick FROM nextauth_pg.users;
SELECT * FROM nextauth.check_models() WHERE finding ~ 'view';
ROLLBACK;
