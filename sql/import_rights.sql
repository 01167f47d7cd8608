--
-- import_rows(): whose rights read, convert and insert the rows
--
\set SHOW_CONTEXT never
CREATE ROLE regress_nextauth_importer;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_importer;
CREATE SCHEMA regress_nextauth_app;
GRANT USAGE, CREATE ON SCHEMA regress_nextauth_app TO regress_nextauth_owner, regress_nextauth_importer;

-- only the owner imports, and nobody else holds a lock on the table
SET ROLE regress_nextauth_importer;
BEGIN;
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"id": 1}]');
ROLLBACK TO s;
SELECT count(*) FROM pg_locks WHERE relation = 'nextauth.users'::regclass;
ROLLBACK;
-- a privilege to insert is not enough
RESET ROLE;
GRANT INSERT, SELECT ON nextauth.users TO regress_nextauth_importer;
SET ROLE regress_nextauth_importer;
SELECT nextauth.import_rows('User', '[{"id": 1}]');
RESET ROLE;
REVOKE INSERT, SELECT ON nextauth.users FROM regress_nextauth_importer;

-- The source is read with the caller's rights: the owner may not read it
CREATE TABLE regress_nextauth_app.secret AS SELECT '{"id": 1, "name": "Ada"}'::jsonb AS document;
SET ROLE regress_nextauth_owner;
SELECT nextauth.import_rows('User', 'regress_nextauth_app.secret'::regclass);
RESET ROLE;
BEGIN;
-- a superuser may, and inserts with the owner's rights
SELECT * FROM nextauth.import_rows('User', 'regress_nextauth_app.secret'::regclass);
ROLLBACK;
GRANT SELECT (document) ON regress_nextauth_app.secret TO regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT * FROM nextauth.import_rows('User', 'regress_nextauth_app.secret', 'document');
ROLLBACK;
RESET ROLE;
-- nor by its number, without the right to use its schema
SELECT 'regress_nextauth_app.secret'::regclass::oid AS secret \gset
REVOKE USAGE, CREATE ON SCHEMA regress_nextauth_app FROM regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT nextauth.import_rows('User', :secret::regclass);
RESET ROLE;
GRANT USAGE, CREATE ON SCHEMA regress_nextauth_app TO regress_nextauth_owner;
-- if a policy hides rows, they would be missing
ALTER TABLE regress_nextauth_app.secret ENABLE ROW LEVEL SECURITY;
SET ROLE regress_nextauth_owner;
SELECT nextauth.import_rows('User', 'regress_nextauth_app.secret'::regclass);
RESET ROLE;

-- Code of the source's owner does not run: neither a view's, nor that of an index
SET ROLE regress_nextauth_importer;
CREATE TABLE regress_nextauth_app.trap (document jsonb);
INSERT INTO regress_nextauth_app.trap VALUES ('{"id": 1}');
CREATE FUNCTION regress_nextauth_app.tell(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'I run as %', current_user; RETURN $1; END $$;
CREATE INDEX ON regress_nextauth_app.trap ((regress_nextauth_app.tell('x') || document::text));
CREATE VIEW regress_nextauth_app.trap_view AS SELECT regress_nextauth_app.tell(document::text) AS document FROM regress_nextauth_app.trap;
GRANT SELECT ON regress_nextauth_app.trap, regress_nextauth_app.trap_view TO regress_nextauth_owner;
RESET ROLE;
SELECT nextauth.import_rows('User', 'regress_nextauth_app.trap_view'::regclass);
BEGIN;
SELECT * FROM nextauth.import_rows('User', 'regress_nextauth_app.trap'::regclass);
ROLLBACK;
SET ROLE regress_nextauth_importer;
CREATE DOMAIN regress_nextauth_app.json AS jsonb;
CREATE TABLE regress_nextauth_app.typed (document regress_nextauth_app.json);
RESET ROLE;
SELECT nextauth.import_rows('User', 'regress_nextauth_app.typed'::regclass, 'document');

-- A cast that somebody planted is not used, nor a function or an operator
CREATE SCHEMA evil;
CREATE FUNCTION evil.steal(jsonb) RETURNS character varying IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'stolen as %', current_user; RETURN $1::text; END $$;
CREATE CAST (jsonb AS character varying) WITH FUNCTION evil.steal(jsonb) AS IMPLICIT;
CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'stolen as %', current_user; RETURN $1; END $$;
CREATE FUNCTION evil.count(OUT bigint) LANGUAGE sql AS 'SELECT 9::bigint';
CREATE TABLE evil.nextauth_rows_0 AS SELECT 7 AS id, 'Mallory' AS name;
BEGIN;
SET LOCAL search_path = evil, pg_catalog;
SELECT * FROM nextauth.import_rows('User', '[{"id": 1, "name": {"a": 1}, "email": "ada@example.com"}]');
SELECT id, name FROM nextauth.users;
ROLLBACK;
DROP CAST (jsonb AS character varying);
SET client_min_messages = warning;
DROP SCHEMA evil CASCADE;
RESET client_min_messages;

-- Code of the model's table runs as its owner, who calls or not: checks of domains, defaults, triggers
SET ROLE regress_nextauth_owner;
BEGIN;
CREATE FUNCTION regress_nextauth_app.show(what text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE '% runs as %', what, current_user; RETURN what; END $$;
CREATE FUNCTION regress_nextauth_app.fire() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM regress_nextauth_app.show('trigger'); RETURN new; END $$;
CREATE DOMAIN regress_nextauth_app.phone AS text CHECK (regress_nextauth_app.show('domain') IS NOT NULL);
SELECT count(*) FROM nextauth.extend_model('User', '{"phone": {"type": "regress_nextauth_app.phone", "nullable": true}}');
ALTER TABLE nextauth.users ALTER image SET DEFAULT regress_nextauth_app.show('default');
CREATE TRIGGER fire BEFORE INSERT ON nextauth.users FOR EACH ROW EXECUTE FUNCTION regress_nextauth_app.fire();
RESET ROLE;
SELECT * FROM nextauth.import_rows('User', '[{"id": 1, "phone": "+44"}]');
-- it gets none of the caller's rights back
SET LOCAL ROLE regress_nextauth_owner;
CREATE OR REPLACE FUNCTION regress_nextauth_app.fire() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RESET ROLE; RETURN new; END $$;
RESET ROLE;
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"id": 2}]');
ROLLBACK TO s;
-- nor later
SET LOCAL ROLE regress_nextauth_owner;
DROP TRIGGER fire ON nextauth.users;
CREATE CONSTRAINT TRIGGER fire AFTER INSERT ON nextauth.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION regress_nextauth_app.fire();
RESET ROLE;
SELECT nextauth.import_rows('User', '[{"id": 2}]');
ROLLBACK;
RESET ROLE;

-- Policies hold for the rows as they do for INSERT
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY named ON nextauth.users USING (name IS NOT NULL);
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"id": 1}]');
ROLLBACK TO s;
SELECT * FROM nextauth.import_rows('User', '[{"id": 1, "name": "Ada"}]');
ROLLBACK;

-- check_models() tells what keeps people from signing in only to those who may see the rows
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.import_rows('User', '[{"id": 1, "email": "Ada@example.com"}]');
SELECT count(*) FROM nextauth.check_models();
SET LOCAL ROLE regress_nextauth_importer;
SELECT count(*) FROM nextauth.check_models();
ROLLBACK;
-- nor does it fail where the owner may not read the table
BEGIN;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_importer;
REVOKE SELECT ON nextauth.users FROM regress_nextauth_importer;
INSERT INTO nextauth.users (email) VALUES ('Ada@example.com');
SELECT count(*) FROM nextauth.check_models() WHERE property = 'email';
GRANT SELECT ON nextauth.users TO regress_nextauth_importer;
SELECT count(*) FROM nextauth.check_models() WHERE property = 'email';
REVOKE USAGE ON SCHEMA nextauth FROM regress_nextauth_importer;
SELECT count(*) FROM nextauth.check_models() WHERE property = 'email';
ROLLBACK;
\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA regress_nextauth_app CASCADE;
REVOKE USAGE ON SCHEMA nextauth FROM regress_nextauth_importer;
DROP ROLE regress_nextauth_importer;
