--
-- check_models() names what is in schema nextauth and is neither the extension's nor the tables' owner's, who could
-- put it there, and rows of the catalog that say what who wrote them could not have done
--
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT current_database() AS regression \gset
CREATE ROLE regress_nextauth_intruder;
CREATE ROLE regress_nextauth_keeper;
DROP DATABASE IF EXISTS regress_nextauth_check;
CREATE DATABASE regress_nextauth_check OWNER regress_nextauth_keeper;
\c regress_nextauth_check
SET client_min_messages = warning;
CREATE EXTENSION nextauth;
SELECT * FROM nextauth.check_models();
GRANT USAGE, CREATE ON SCHEMA nextauth TO regress_nextauth_intruder;
SET ROLE regress_nextauth_intruder;
CREATE FUNCTION nextauth.grant_adapter(varchar) RETURNS void LANGUAGE sql AS '';
CREATE OPERATOR nextauth.= (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text);
CREATE TYPE nextauth.users_role_enum AS ENUM ('user', 'admin');
CREATE DOMAIN nextauth.word AS text;
CREATE TABLE nextauth.authenticators (id serial);
CREATE VIEW nextauth.people AS SELECT 1 AS one;
RESET ROLE;
CREATE FUNCTION nextauth.theirs() RETURNS void LANGUAGE sql AS '';
ALTER FUNCTION nextauth.theirs() OWNER TO regress_nextauth_intruder;
-- what belongs to the owner of the tables, or a superuser, is named only if it is an operator, or a function that could
-- be called instead of another of its name
CREATE TYPE nextauth.mood AS ENUM ('good');
CREATE FUNCTION nextauth.help() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION nextauth.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text';
CREATE FUNCTION nextauth.definition_of(varchar) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NULL;
DROP OWNED BY regress_nextauth_intruder;
DROP FUNCTION nextauth.lower(varchar), nextauth.definition_of(varchar);
SELECT * FROM nextauth.check_models();
-- also if everybody may create, or the schema is somebody's
GRANT CREATE ON SCHEMA nextauth TO PUBLIC;
ALTER SCHEMA nextauth OWNER TO regress_nextauth_keeper;
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NULL;
REVOKE CREATE ON SCHEMA nextauth FROM PUBLIC;
ALTER SCHEMA nextauth OWNER TO CURRENT_USER;

-- the owner of the database may insert into the catalog, for a restore, but is believed only in what is theirs
CREATE TABLE public.secrets (LIKE nextauth.sessions INCLUDING ALL);
CREATE SCHEMA kept;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_keeper;
SET ROLE regress_nextauth_keeper;
INSERT INTO nextauth.model VALUES ('Evil', 'public.secrets'), ('Authenticator', 'pg_catalog.pg_authid');
INSERT INTO nextauth.custom_column VALUES ('User', 'secret', 'image', 'text', '{}', 'nextauth.users');
INSERT INTO nextauth.adapter VALUES ('kept', 'pg');
-- whatever they say of it themselves
INSERT INTO nextauth.custom_column VALUES ('User', 'other', 'name', 'text', '{}', 'nextauth.users', true);
RESET ROLE;
SELECT finding, remedy FROM nextauth.check_models() WHERE model IS NULL;
SELECT model FROM nextauth.models ORDER BY 1;
SELECT count(*) FROM nextauth.model_columns WHERE is_custom;
SELECT count(*) FROM nextauth.adapters;
SELECT nextauth.entity_schema('User') #> '{columns,secret}' IS NULL AS is_left_out;
-- nor does the trigger that looks at what is inserted look at other tables
CREATE TABLE public.model (name int, relation text, vouched boolean);
CREATE TRIGGER vouch BEFORE INSERT ON public.model FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
INSERT INTO public.model VALUES (5, 'x', true);
DROP TABLE public.model;
-- what is not believed is in nobody's way
BEGIN;
SELECT property, action FROM nextauth.extend_model('User', '{"other": {"type": "int", "nullable": true}, "mine": {"type": "int", "nullable": true}}');
SET LOCAL ROLE regress_nextauth_keeper;
INSERT INTO nextauth.custom_column VALUES ('User', 'x', 'yours', 'text', '{}', 'nextauth.users'), ('User', 'theirs', 'y', 'text', '{}', 'nextauth.users');
RESET ROLE;
ALTER TABLE nextauth.users RENAME COLUMN mine TO yours;
SELECT property, column_name, action FROM nextauth.rename_property('User', 'mine', 'theirs');
ROLLBACK;
-- what is theirs counts, if the users are theirs too
CREATE SCHEMA keeper AUTHORIZATION regress_nextauth_keeper;
DELETE FROM nextauth.model WHERE name IN ('Session', 'Evil', 'Authenticator');
DELETE FROM nextauth.adapter;
SET ROLE regress_nextauth_keeper;
CREATE TABLE keeper.requests (id int, identifier varchar, token varchar, expires timestamptz, created_at timestamptz, updated_at timestamptz);
RESET ROLE;
DELETE FROM nextauth.model WHERE name = 'VerificationRequest';
SET ROLE regress_nextauth_keeper;
INSERT INTO nextauth.model VALUES ('VerificationRequest', 'keeper.requests');
INSERT INTO nextauth.adapter VALUES ('keeper', 'pg');
RESET ROLE;
SELECT name, vouched FROM nextauth.model WHERE name = 'VerificationRequest' UNION ALL SELECT schema, vouched FROM nextauth.adapter;
DELETE FROM nextauth.adapter;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_keeper;
SET ROLE regress_nextauth_keeper;
CREATE TABLE keeper.sessions (id int, user_id int, expires timestamptz, session_token text, access_token text,
  created_at timestamptz, updated_at timestamptz, device text);
INSERT INTO nextauth.model VALUES ('Session', 'keeper.sessions');
INSERT INTO nextauth.custom_column VALUES ('Session', 'device', 'device', 'text', '{}', 'keeper.sessions');
-- unless it has not the model's columns
CREATE TABLE keeper.keys (id int);
INSERT INTO nextauth.model VALUES ('Authenticator', 'keeper.keys');
RESET ROLE;
SELECT name, relation, vouched FROM nextauth.model WHERE name IN ('Session', 'Authenticator') ORDER BY 1;
SELECT property, column_name FROM nextauth.model_columns WHERE is_custom;
-- what a superuser did not believe stays so in a superuser's restore
CREATE TEMP TABLE dumped AS SELECT * FROM nextauth.model WHERE name = 'Authenticator';
DELETE FROM nextauth.model WHERE name = 'Authenticator';
INSERT INTO nextauth.model SELECT * FROM dumped;
SELECT name, vouched FROM nextauth.model WHERE name = 'Authenticator';

\c :regression
DROP DATABASE regress_nextauth_check;
DROP ROLE regress_nextauth_intruder, regress_nextauth_keeper;
