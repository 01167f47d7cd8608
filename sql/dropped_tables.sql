--
-- nextauth.protect_tables: a model's table that has rows is not dropped
--
SET ROLE regress_nextauth_owner;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');

DROP TABLE nextauth.users;
\echo :SQLSTATE
DROP TABLE IF EXISTS nextauth.sessions, nextauth.users CASCADE;
-- all or nothing: the empty one of them is there, too
SELECT count(*) FROM nextauth.models;
-- an empty table is dropped like any other, and the catalog forgets it
BEGIN;
DROP TABLE nextauth.sessions;
SELECT model FROM nextauth.models ORDER BY 1;
-- also one that this transaction has emptied, by whatever means
DELETE FROM nextauth.users;
DROP TABLE nextauth.users;
ROLLBACK;
BEGIN;
TRUNCATE nextauth.users;
DROP TABLE nextauth.users;
ROLLBACK;
-- but not one to which it has added rows, or the rows of which are hidden from whoever asks
BEGIN;
DELETE FROM nextauth.users;
INSERT INTO nextauth.users (email) VALUES ('grace@example.com');
SAVEPOINT s;
DROP TABLE nextauth.users;
ROLLBACK TO s;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT count(*) FROM nextauth.users;
DROP TABLE nextauth.users;
ROLLBACK;
-- a superuser is refused, too, and a function, and a table that is elsewhere by another name
RESET ROLE;
DROP TABLE nextauth.users;
DO $$ BEGIN EXECUTE 'DROP TABLE nextauth.users'; END $$;
CREATE SCHEMA regress_nextauth_app;
BEGIN;
ALTER TABLE nextauth.users SET SCHEMA regress_nextauth_app;
ALTER TABLE regress_nextauth_app.users RENAME TO "People";
SAVEPOINT s;
DROP TABLE regress_nextauth_app."People";
ROLLBACK TO s;
DROP SCHEMA regress_nextauth_app CASCADE;
ROLLBACK;

--
-- Nor with anything else that is dropped, this extension with its schema among it
--
CREATE FUNCTION pg_temp.outcome(commands text, outcome text = 'dropped') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE commands;
  RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = outcome;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
SET client_min_messages = warning;
SELECT pg_temp.outcome('DROP SCHEMA nextauth CASCADE');
CREATE TYPE regress_nextauth_app.person AS (id integer, name varchar, email varchar, email_verified timestamptz, image varchar,
  created_at timestamptz, updated_at timestamptz);
CREATE TABLE regress_nextauth_app.grandparent ();
CREATE TABLE regress_nextauth_app.parent () INHERITS (regress_nextauth_app.grandparent);
CREATE TABLE regress_nextauth_app.parted (LIKE nextauth.users) PARTITION BY RANGE (created_at);
CREATE FUNCTION regress_nextauth_app.part(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END $$;
CREATE TABLE regress_nextauth_app.computed (LIKE nextauth.users) PARTITION BY LIST (regress_nextauth_app.part(email));
CREATE ACCESS METHOD regress_nextauth_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE PROCEDURE regress_nextauth_app.drop() LANGUAGE plpgsql AS $$ BEGIN DROP TABLE nextauth.users; END $$;
SELECT command, pg_temp.outcome(prelude || ';' || command) FROM (VALUES
  ('ALTER TABLE nextauth.users OF regress_nextauth_app.person', 'DROP TYPE regress_nextauth_app.person CASCADE'),
  ('ALTER TABLE nextauth.users INHERIT regress_nextauth_app.parent', 'DROP TABLE regress_nextauth_app.grandparent CASCADE'),
  ('ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3", DROP CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433",
      ADD PRIMARY KEY (id, created_at);
    ALTER TABLE regress_nextauth_app.parted ATTACH PARTITION nextauth.users DEFAULT', 'DROP TABLE regress_nextauth_app.parted'),
  ('ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
    ALTER TABLE regress_nextauth_app.computed ATTACH PARTITION nextauth.users DEFAULT', 'DROP FUNCTION regress_nextauth_app.part CASCADE'),
  ('CREATE TABLE regress_nextauth_app.users (LIKE nextauth.users INCLUDING ALL) USING regress_nextauth_heap;
    INSERT INTO regress_nextauth_app.users SELECT * FROM nextauth.users; DELETE FROM nextauth.users;
    SELECT nextauth.adopt_model($a$User$a$, $a$regress_nextauth_app.users$a$)', 'DROP ACCESS METHOD regress_nextauth_heap CASCADE'),
  ('SELECT 1', 'CALL regress_nextauth_app.drop()')) cases (prelude, command);
-- rows of a table that inherits from it are the model's as well
SELECT commands, pg_temp.outcome(commands) FROM unnest(ARRAY[
  'CREATE TABLE archive () INHERITS (nextauth.users); INSERT INTO archive SELECT * FROM nextauth.users; DELETE FROM ONLY nextauth.users;
   DROP TABLE nextauth.users CASCADE',
  'CREATE TABLE archive () INHERITS (nextauth.users); CREATE TABLE old () INHERITS (archive); INSERT INTO old SELECT * FROM nextauth.users;
   DELETE FROM ONLY nextauth.users; DROP TABLE nextauth.users CASCADE',
  'CREATE TABLE archive () INHERITS (nextauth.users); DELETE FROM nextauth.users; DROP TABLE nextauth.users CASCADE']) commands;
-- but such a table is no model's itself, nor is one that inherits no more, a copy, or what only refers to it
SELECT commands, pg_temp.outcome(commands) FROM unnest(ARRAY[
  'CREATE TABLE archive () INHERITS (nextauth.users); INSERT INTO archive SELECT * FROM nextauth.users; DROP TABLE archive',
  'CREATE TABLE archive () INHERITS (nextauth.users); INSERT INTO archive SELECT * FROM nextauth.users; ALTER TABLE archive NO INHERIT nextauth.users;
   DELETE FROM nextauth.users; DROP TABLE nextauth.users CASCADE',
  'ALTER TABLE nextauth.users INHERIT regress_nextauth_app.parent; ALTER TABLE nextauth.users NO INHERIT regress_nextauth_app.parent;
   DROP TABLE regress_nextauth_app.grandparent CASCADE',
  'CREATE TABLE copy AS SELECT * FROM nextauth.users; LOCK nextauth.users; DROP TABLE copy',
  'CREATE TEMP TABLE users AS SELECT * FROM nextauth.users; LOCK nextauth.users; DROP TABLE users',
  'CREATE TABLE posts (user_id integer REFERENCES nextauth.users); INSERT INTO posts SELECT id FROM nextauth.users; DROP TABLE posts',
  'CREATE VIEW shown AS SELECT * FROM nextauth.users; DROP VIEW shown',
  'LOCK nextauth.users; CREATE INDEX i ON nextauth.users (name); DROP INDEX nextauth.i',
  'CREATE MATERIALIZED VIEW mails AS SELECT email FROM nextauth.users; CREATE UNIQUE INDEX ON mails (email); REFRESH MATERIALIZED VIEW CONCURRENTLY mails;
   ALTER TABLE nextauth.users ALTER COLUMN created_at SET DEFAULT clock_timestamp(), ALTER COLUMN image SET STORAGE EXTERNAL;
   CLUSTER nextauth.users USING "PK_a3ffb1c0c8416b9fc6f907b7433"; REINDEX TABLE nextauth.users; DROP MATERIALIZED VIEW mails']) commands;
-- a row of the catalog that is not believed keeps nobody from anything
SELECT pg_temp.outcome('CREATE TABLE victim AS SELECT 1 AS id; UPDATE nextauth.model SET relation = $a$victim$a$ WHERE name = $a$User$a$; DROP TABLE victim');
-- an extension takes none with it, be it empty or not: the event trigger that would look is not fired before DROP EXTENSION, so that this
-- extension can be dropped where its library is gone
SELECT commands, pg_temp.outcome(commands) FROM unnest(ARRAY[
  'CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE nextauth.users; DROP EXTENSION citext',
  'CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE nextauth.sessions; DROP EXTENSION citext',
  'CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE nextauth.sessions; SET LOCAL nextauth.protect_tables = off; DROP EXTENSION citext',
  'CREATE EXTENSION citext; DROP EXTENSION citext']) commands;
-- this one leaves the tables
SELECT pg_temp.outcome('DROP EXTENSION nextauth');
-- the primary key of a table that has rows stays: who loads the rows again, after a DROP TABLE that was refused, doubles none
SELECT commands, pg_temp.outcome(commands) FROM unnest(ARRAY[
  'ALTER TABLE ONLY nextauth.users DROP CONSTRAINT IF EXISTS "PK_a3ffb1c0c8416b9fc6f907b7433"',
  'ALTER TABLE nextauth.users ADD x integer, DROP CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" CASCADE',
  'ALTER TABLE nextauth.users DROP CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433", ADD PRIMARY KEY (id)',
  'ALTER TABLE nextauth.sessions DROP CONSTRAINT "PK_3238ef96f18b355b671619111bc"',
  'ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3"']) commands;
-- who does not own the table learns nothing of rows
CREATE ROLE regress_nextauth_other;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_other;
SET ROLE regress_nextauth_other;
SELECT commands, pg_temp.outcome(commands) FROM unnest(ARRAY[
  'DROP TABLE nextauth.users', 'DROP TABLE nextauth.sessions', 'ALTER TABLE nextauth.users DROP CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433"']) commands;
RESET ROLE;
DROP OWNED BY regress_nextauth_other;
DROP ROLE regress_nextauth_other;
RESET client_min_messages;

--
-- Who means it says so, for a transaction or in the command that starts the session
--
SET ROLE regress_nextauth_owner;
BEGIN;
SET LOCAL nextauth.protect_tables = off;
DROP TABLE nextauth.users;
SELECT model FROM nextauth.models ORDER BY 1;
ROLLBACK;
SET nextauth.protect_tables = off;
SHOW nextauth.protect_tables;
DROP TABLE nextauth.users;
RESET nextauth.protect_tables;
\c -reuse-previous=on "options='-c nextauth.protect_tables=off'"
BEGIN;
DROP TABLE nextauth.users;
ROLLBACK;
SHOW nextauth.protect_tables;
-- the first command of a session is guarded, too, and what was set before it counts
\c -reuse-previous=on "options=''"
DROP TABLE nextauth.users;
\c
BEGIN;
SET LOCAL nextauth.protect_tables = off;
DROP TABLE nextauth.users;
ROLLBACK;
DROP SCHEMA nextauth CASCADE;
-- DROP OWNED is to drop what a role has, also in the session in which a DROP TABLE was refused
DROP TABLE nextauth.users;
BEGIN;
DROP OWNED BY regress_nextauth_owner;
SELECT count(*) FROM nextauth.models;
ROLLBACK;
\c
BEGIN;
DROP OWNED BY regress_nextauth_owner;
ROLLBACK;
-- and a restore, which sets these five, drops what it is about to make
DROP TABLE nextauth.users;
BEGIN;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL xmloption = content;
SAVEPOINT s;
DROP TABLE nextauth.users;
ROLLBACK TO s;
SET LOCAL row_security = off;
DROP TABLE nextauth.users;
ROLLBACK;
-- who disables the event triggers disables this
SET session_replication_role = replica;
BEGIN;
DROP TABLE nextauth.users;
ROLLBACK;
RESET session_replication_role;
BEGIN;
ALTER EVENT TRIGGER nextauth_guard_ddl_start DISABLE;
DROP TABLE nextauth.users;
ROLLBACK;
-- event triggers of others that drop something change nothing of all that
CREATE FUNCTION regress_nextauth_app.drop_something() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE something ();
  DROP TABLE something;
END $$;
BEGIN;
CREATE EVENT TRIGGER z_regress_nextauth ON ddl_command_start WHEN TAG IN ('DROP SCHEMA', 'DROP OWNED') EXECUTE FUNCTION regress_nextauth_app.drop_something();
SAVEPOINT s;
SET LOCAL client_min_messages = warning;
DROP SCHEMA nextauth CASCADE;
ROLLBACK TO s;
DROP OWNED BY regress_nextauth_owner;
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA regress_nextauth_app CASCADE;
DROP ACCESS METHOD regress_nextauth_heap;
RESET client_min_messages;
DELETE FROM nextauth.users;
