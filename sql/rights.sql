--
-- Who may do what: the owner of a table extends its model, whoever may use
-- the schema reads the catalog
--
CREATE ROLE regress_nextauth_reader;
CREATE ROLE regress_nextauth_stranger;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');

-- USAGE is enough to read
SET ROLE regress_nextauth_reader;
SELECT model, property, column_name FROM nextauth.custom_column ORDER BY 1, 2;
SELECT model, relation, custom_columns FROM nextauth.models ORDER BY 1, 2;
SELECT count(*) FROM nextauth.model_columns;
SELECT model, columns FROM nextauth.custom_models ORDER BY 1, 2;
SELECT nextauth.entity_schema('User') #> '{columns,phoneNumber}';
-- but to nothing else
SELECT * FROM nextauth.users;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
\echo :SQLSTATE
-- also where nothing is to change
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
SELECT nextauth.extend_models('{"User": {"columns": {"nick": {"type": "text", "nullable": true}}}}');
INSERT INTO nextauth.custom_column VALUES ('User', 'x', 'x', 'text');
UPDATE nextauth.model SET relation = 'pg_class';
DELETE FROM nextauth.custom_column;
TRUNCATE nextauth.custom_column;

-- the right is checked before any lock is taken or waited for
BEGIN;
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
ROLLBACK TO s;
SELECT mode FROM pg_locks WHERE relation = 'nextauth.users'::regclass;
ROLLBACK;
-- and an unchanged call leaves none
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
SELECT mode FROM pg_locks WHERE relation = 'nextauth.users'::regclass;
SELECT pg_current_xact_id_if_assigned() IS NULL AS wrote_nothing;
COMMIT;

-- a model without a table is not anybody's to fill
RESET ROLE;
CREATE SCHEMA regress_nextauth_reader AUTHORIZATION regress_nextauth_reader;
SET ROLE regress_nextauth_owner;
BEGIN;
DROP TABLE nextauth.sessions;
SET LOCAL ROLE regress_nextauth_reader;
CREATE TABLE regress_nextauth_reader.sessions (
  id serial PRIMARY KEY, user_id int NOT NULL, expires timestamptz NOT NULL,
  session_token varchar NOT NULL UNIQUE, access_token varchar NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT nextauth.adopt_model('Session', 'regress_nextauth_reader.sessions');
ROLLBACK;
-- a reader can make a trigger of write_through_view() on a view of their own, and gets no row of it but what the view says
SET ROLE regress_nextauth_reader;
CREATE TABLE regress_nextauth_reader.tools
  (id int PRIMARY KEY, bought timestamptz, since timetz DEFAULT '12:00+00', name text DEFAULT 'saw');
BEGIN;
CREATE VIEW regress_nextauth_reader.shown AS SELECT id, bought AT TIME ZONE 'UTC' AS bought, name FROM regress_nextauth_reader.tools;
CREATE TRIGGER anything INSTEAD OF INSERT OR UPDATE OR DELETE ON regress_nextauth_reader.shown
  FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view();
INSERT INTO regress_nextauth_reader.shown VALUES (1, '2030-01-01') RETURNING *;
UPDATE regress_nextauth_reader.shown SET name = 'axe' RETURNING *;
DELETE FROM regress_nextauth_reader.shown RETURNING *;
ROLLBACK;
-- made a timestamp in its own way: what the table returned was of another type
BEGIN;
CREATE VIEW regress_nextauth_reader.shown AS SELECT id, '2030-01-01'::date + since::time AS since, name FROM regress_nextauth_reader.tools;
CREATE TRIGGER anything INSTEAD OF INSERT ON regress_nextauth_reader.shown
  FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view();
INSERT INTO regress_nextauth_reader.shown (id) VALUES (1) RETURNING length(name);
ROLLBACK;
-- the number of a column of groups is not the table's
BEGIN;
CREATE VIEW regress_nextauth_reader.shown AS SELECT name, id FROM regress_nextauth_reader.tools GROUP BY name, id;
CREATE TRIGGER anything INSTEAD OF INSERT ON regress_nextauth_reader.shown
  FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view();
INSERT INTO regress_nextauth_reader.shown (id) VALUES (1) RETURNING length(name);
ROLLBACK;
DROP TABLE regress_nextauth_reader.tools;
RESET ROLE;
DROP SCHEMA regress_nextauth_reader;
-- nor does an adapter get a view that anybody has put where it looks, with triggers that would run as its users
BEGIN;
CREATE SCHEMA shared;
GRANT USAGE, CREATE ON SCHEMA shared TO regress_nextauth_reader, regress_nextauth_owner;
GRANT SELECT ON nextauth.users TO regress_nextauth_reader;
SET ROLE regress_nextauth_reader;
CREATE VIEW shared.users WITH (security_invoker) AS SELECT id, name, email, email_verified AS "emailVerified", image FROM nextauth.users;
RESET ROLE;
SELECT * FROM nextauth.add_adapter('pg', 'shared');
ROLLBACK;
-- without USAGE there is nothing at all
SET ROLE regress_nextauth_stranger;
SELECT nextauth.entity_schemas();
SELECT * FROM nextauth.models ORDER BY 1, 2;

-- but for its own tables DDL is what it always was
CREATE TEMP TABLE own (email int, x int);
ALTER TABLE own RENAME COLUMN email TO mail;
ALTER TABLE own ALTER COLUMN mail TYPE text, DROP COLUMN x;
DROP TABLE own;
-- not even the owner of the tables writes the catalog directly
SET ROLE regress_nextauth_owner;
DELETE FROM nextauth.custom_column;
UPDATE nextauth.model SET name = 'Usr';
-- a member of the owning role is an owner
RESET ROLE;
GRANT regress_nextauth_owner TO regress_nextauth_stranger;
SET ROLE regress_nextauth_stranger;
SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "role": {"enum": ["user"], "nullable": true}}');
SELECT pg_get_userbyid(typowner) FROM pg_type WHERE typname = 'users_role_enum';
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "default": 7}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "generated": "increment"}}');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING n;
SELECT sequenceowner FROM pg_sequences WHERE sequencename = 'users_n_seq';
ROLLBACK;

-- grant_adapter() gives a role what an adapter needs, later columns included
RESET ROLE;
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_app;
SELECT count(*) FROM nextauth.users;
SELECT nextauth.grant_adapter('regress_nextauth_app');
RESET ROLE;
REVOKE GRANT OPTION FOR USAGE ON SCHEMA nextauth FROM regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT nextauth.grant_adapter('regress_nextauth_app');
RESET ROLE;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner WITH GRANT OPTION;
SET ROLE regress_nextauth_owner;
SELECT nextauth.grant_adapter('regress_nextauth_app');
-- again, it changes nothing
SELECT nextauth.grant_adapter('regress_nextauth_app');
SELECT nextauth.grant_adapter(NULL);
SELECT nextauth.grant_adapter('nobody_at_all');
SELECT count(*) FROM nextauth.extend_model('User', '{"later": {"enum": ["a", "b"], "default": "a"}}');
SET ROLE regress_nextauth_app;
INSERT INTO nextauth.users (email, later) VALUES ('ada@example.com', 'b') RETURNING later;
UPDATE nextauth.users SET later = 'a' RETURNING later;
DELETE FROM nextauth.users RETURNING email;
SELECT count(*) FROM nextauth.custom_models;
-- and no more
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
TRUNCATE nextauth.users;
ALTER TABLE nextauth.users ADD COLUMN x int;
CREATE TABLE nextauth.x ();

-- a policy that is forced upon the owner of a table hides nothing from who is above it
RESET ROLE;
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"seen": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT nextauth.extend_model('User', '{"seen": {"type": "int"}}');
ROLLBACK;
-- names that are resolved are PostgreSQL's own, whatever the caller's path
RESET ROLE;
CREATE SCHEMA regress_nextauth_forged AUTHORIZATION regress_nextauth_stranger;
SET ROLE regress_nextauth_stranger;
CREATE FUNCTION regress_nextauth_forged.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';
CREATE FUNCTION pg_temp.gen_random_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
CREATE DOMAIN regress_nextauth_forged.jsonb AS text;
CREATE TABLE regress_nextauth_forged.custom_column (model text, property text, column_name name, type text, options json);
SET search_path = regress_nextauth_forged, pg_temp, nextauth, pg_catalog;
SELECT * FROM nextauth.extend_model('User', '{
  "seen": {"type": "timestamp", "nullable": true, "defaultExpression": "now()"},
  "settings": {"type": "jsonb", "nullable": true},
  "token": {"generated": "uuid"}
}');
SET search_path = '';
SELECT property, data_type, column_default FROM nextauth.columns_of('User')
WHERE property OPERATOR(pg_catalog.=) ANY (ARRAY['seen', 'settings', 'token']);
RESET search_path;

-- also those of the views, when the extension is created where somebody may
-- have planted operators
RESET ROLE;
DROP EXTENSION nextauth;
SET ROLE regress_nextauth_owner;
CREATE FUNCTION nextauth.evil(oid, regclass) RETURNS boolean LANGUAGE plpgsql
AS $$ BEGIN RAISE NOTICE 'called as %', current_user; RETURN true; END $$;
CREATE OPERATOR nextauth.= (FUNCTION = nextauth.evil, LEFTARG = oid, RIGHTARG = regclass);
RESET ROLE;
CREATE EXTENSION nextauth;
SELECT model, relation FROM nextauth.models ORDER BY model;
DROP SCHEMA regress_nextauth_forged CASCADE;
DROP OWNED BY regress_nextauth_stranger;
DROP EXTENSION nextauth;
DROP SCHEMA nextauth CASCADE;
DROP ROLE regress_nextauth_reader, regress_nextauth_stranger, regress_nextauth_app,
  regress_nextauth_owner;
