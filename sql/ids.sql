--
-- nextauth.id_type: what CREATE EXTENSION and install() make of ids
--
\set SHOW_CONTEXT never
\set VERBOSITY terse
-- for each type: the columns of ids, what refers to users, and no drift
CREATE FUNCTION pg_temp.ids() RETURNS TABLE (model text, property text, type text, data_type text, column_default text)
LANGUAGE sql AS $$
  SELECT c.model, c.property, c.type, c.data_type, c.column_default
  FROM nextauth.model_columns c
  WHERE c.property IN ('id', 'userId') ORDER BY 1, 2
$$;
BEGIN;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SAVEPOINT empty;
-- with integers the tables are exactly those that NextAuth.js v3's TypeORM
-- adapter would have made
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
SELECT * FROM pg_temp.ids();
SELECT * FROM nextauth.check_models();
\d nextauth.users
\d nextauth.accounts
\d nextauth.sessions
\d nextauth.verification_requests
ROLLBACK TO empty;
SET LOCAL nextauth.id_type = 'bigint';
CREATE EXTENSION nextauth;
SELECT * FROM pg_temp.ids();
SELECT * FROM nextauth.check_models();
ROLLBACK TO empty;
SET LOCAL nextauth.id_type = 'uuid';
CREATE EXTENSION nextauth;
SELECT * FROM pg_temp.ids();
SELECT * FROM nextauth.check_models();
ROLLBACK TO empty;
-- text is the default
SET LOCAL nextauth.id_type TO DEFAULT;
CREATE EXTENSION nextauth;
SELECT * FROM pg_temp.ids();
SELECT * FROM nextauth.check_models();

-- the rest of these runs on text ids
SAVEPOINT text_ids;
-- the models say so to adapters
SELECT nextauth.entity_schema('Session') #> '{columns,id}' AS id,
  nextauth.entity_schema('Session') #> '{columns,userId}' AS user_id;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com')
RETURNING id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AS is_uuid;
-- they may be restated, as JavaScript spreads them
SELECT * FROM nextauth.extend_model('User', '{"id": {"type": "text", "primary": true}, "name": {"type": "varchar", "nullable": true}}');
SELECT property, action FROM nextauth.extend_model('Account', nextauth.entity_schema('Account') -> 'columns');
-- but not as something else
\set VERBOSITY default
SELECT nextauth.extend_model('User', '{"id": {"type": "int", "primary": true, "generated": true}}');
ROLLBACK TO text_ids;
SELECT nextauth.extend_model('Account', '{"userId": {"type": "int"}}');
ROLLBACK TO text_ids;
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "primary": true, "default": "the one"}}');
\set VERBOSITY terse
ROLLBACK TO text_ids;
-- what refers to a model has the type of its ids
SELECT * FROM nextauth.extend_model('User', '{"managerId": {"type": "text", "nullable": true, "foreignKey": {"target": "User"}}}');
SELECT nextauth.extend_model('User', '{"bossId": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}');
ROLLBACK TO text_ids;

-- It is the tables that count, not the setting: what is missing is made to fit
-- the users, or what refers to them
DROP TABLE nextauth.sessions;
SET LOCAL nextauth.id_type = 'integer';
SELECT model, action FROM nextauth.install();
DROP TABLE nextauth.users, nextauth.verification_requests;
SELECT model, action FROM nextauth.install();
SELECT DISTINCT data_type FROM pg_temp.ids();
-- only where there is nothing, the setting
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SELECT model, action FROM nextauth.install();
SELECT DISTINCT data_type FROM pg_temp.ids();
ROLLBACK TO text_ids;
-- likewise for tables that CREATE EXTENSION adopts
DROP EXTENSION nextauth;
DROP TABLE nextauth.sessions;
SET LOCAL nextauth.id_type = 'uuid';
CREATE EXTENSION nextauth;
SELECT DISTINCT data_type FROM pg_temp.ids();
SELECT * FROM nextauth.check_models();
-- which must agree with each other
DROP EXTENSION nextauth;
DROP TABLE nextauth.users;
CREATE TABLE nextauth.users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name character varying,
  email character varying UNIQUE,
  email_verified timestamptz,
  image character varying,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
\set VERBOSITY default
CREATE EXTENSION nextauth;
\set VERBOSITY terse
ROLLBACK;

--
-- adopt_model() takes tables with ids of any of these types, see also adopt_ids.sql
--
SET ROLE regress_nextauth_owner;
BEGIN;
CREATE TABLE nextauth.people (LIKE nextauth.users INCLUDING ALL);
ALTER TABLE nextauth.people ALTER id DROP DEFAULT, ALTER id TYPE varchar;
CREATE TABLE nextauth.logins (LIKE nextauth.sessions INCLUDING ALL);
ALTER TABLE nextauth.logins ALTER id TYPE bigint, ALTER user_id TYPE varchar;
SAVEPOINT s;
SELECT nextauth.adopt_model('User', 'nextauth.people');
ROLLBACK TO s;
ALTER TABLE nextauth.people ALTER id SET DEFAULT md5(random()::text);
SAVEPOINT s;
\set VERBOSITY default
SELECT nextauth.adopt_model('Session', 'nextauth.logins');
\set VERBOSITY terse
ROLLBACK TO s;
SELECT nextauth.adopt_model('User', 'nextauth.people');
SELECT nextauth.adopt_model('Session', 'nextauth.logins');
SELECT * FROM nextauth.check_models();
ROLLBACK;
RESET ROLE;

--
-- The setting is known before the library is: in a new session
--
\c -
\set VERBOSITY terse
SET nextauth.id_type = 'BigInt';
SHOW nextauth.id_type;
SELECT count(*) FROM nextauth.check_models();
SHOW nextauth.id_type;
SET nextauth.id_type = 'serial';
-- also as the database's own, and one that there is not makes no ids that
-- nobody asked for
SELECT current_database() AS database \gset
ALTER DATABASE :"database" SET nextauth.id_type = 'uuid';
\c -
BEGIN;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
CREATE EXTENSION nextauth;
SELECT DISTINCT data_type FROM nextauth.model_columns WHERE property IN ('id', 'userId');
ROLLBACK;
ALTER DATABASE :"database" RESET nextauth.id_type;
\c -
SET nextauth.id_type = 'serial';
BEGIN;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SAVEPOINT s;
\set VERBOSITY default
CREATE EXTENSION nextauth;
\echo :SQLSTATE
ROLLBACK TO s;
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
SELECT DISTINCT data_type FROM nextauth.model_columns WHERE property IN ('id', 'userId');
ROLLBACK;
