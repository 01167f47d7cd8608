--
-- The e-mail address: unique, as it is built in; or unique for each tenant; or in whatever case it is written
--
SET ROLE regress_nextauth_owner;
\set SHOW_CONTEXT never

--
-- "unique": false drops the built-in constraint
--
\set repeated '{"email": {"type": "varchar", "nullable": true, "unique": false}}'
\set one_each '{"email": {"type": "varchar", "nullable": true, "unique": true}}'
BEGIN;
SELECT * FROM nextauth.plan_model('User', :'repeated');
SELECT * FROM nextauth.extend_model('User', :'repeated');
-- again, nothing changes; nor when it is left out
SELECT * FROM nextauth.plan_model('User', :'repeated');
SELECT * FROM nextauth.extend_model('User', :'repeated');
SELECT * FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true}}');
SELECT * FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "comment": "where to write"}}');
SELECT action, changes, statements FROM nextauth.model_changes WHERE model = 'User' ORDER BY version DESC LIMIT 2;
-- it is remembered, and said wherever the model is described
SELECT name, not_unique FROM nextauth.model WHERE not_unique <> '{}';
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT columns, options FROM nextauth.custom_models WHERE model = 'User';
SELECT nextauth.entity_schema('User') #> '{columns,email}' AS email;
SELECT is_unique, definition FROM nextauth.model_columns WHERE model = 'User' AND property = 'email';
SET LOCAL client_min_messages = warning;
SELECT l FROM string_to_table(nextauth.describe_model('typeorm', 'User'), E'\n') l WHERE l ~ 'email:';
-- Prisma's client asks for a user by it, and needs to take it for unique
SELECT l FROM string_to_table(nextauth.describe_model('prisma', 'User'), E'\n') l WHERE l ~ 'email ';
SET LOCAL client_min_messages = notice;
-- a table that is renamed or moved is the same model
ALTER TABLE nextauth.users RENAME TO people;
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT * FROM nextauth.extend_model('User', :'repeated');
ALTER TABLE nextauth.people RENAME TO users;
-- "unique": true brings it back, unless rows contradict
INSERT INTO nextauth.users (email) VALUES ('ada@example.com'), ('ada@example.com'), (NULL), (NULL), ('bob@example.com');
SAVEPOINT s;
SELECT nextauth.extend_model('User', :'one_each');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT name, not_unique FROM nextauth.model WHERE not_unique <> '{}';
DELETE FROM nextauth.users;
SELECT * FROM nextauth.extend_model('User', :'one_each');
SELECT * FROM nextauth.extend_model('User', :'one_each');
SELECT columns FROM nextauth.custom_models WHERE model = 'User';
SELECT name, not_unique FROM nextauth.model WHERE not_unique <> '{}';
SELECT nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true}}');
ROLLBACK;

-- by hand it is what check_models() asks about, and names both calls
BEGIN;
ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
SELECT property, finding, remedy FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT regexp_replace(remedy, '.* Or, if values may repeat: ', '') AS call FROM nextauth.check_models() WHERE property = 'email' \gset
:call
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
-- and taken back likewise
ALTER TABLE nextauth.users ADD CONSTRAINT mine UNIQUE (email);
SELECT columns FROM nextauth.custom_models WHERE model = 'User';
SELECT * FROM nextauth.extend_model('User', :'one_each');
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;

-- one of each tenant, by a constraint or an index, in the same call
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "unique": false}, "tenantId": {"type": "int", "default": 1}}',
  '{"uniques": [{"columns": ["email", "tenantId"]}]}');
INSERT INTO nextauth.users (email, tenant_id) VALUES ('ada@example.com', 1), ('ada@example.com', 2);
SAVEPOINT s;
INSERT INTO nextauth.users (email, tenant_id) VALUES ('ada@example.com', 1);
ROLLBACK TO s;
SELECT * FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "unique": false}, "tenantId": {"type": "int", "default": 1}}',
  '{"uniques": [{"columns": ["email", "tenantId"]}], "indices": [{"columns": [{"expression": "lower(email)"}, "tenantId"], "unique": true, "name": "one address"}]}');
SELECT columns -> 'email' AS email, options FROM nextauth.custom_models WHERE model = 'User';
CREATE TEMP TABLE kept AS SELECT * FROM nextauth.custom_models WHERE model = 'User';
-- adapters go on
RESET ROLE;
SELECT kind, name, action FROM nextauth.add_adapter('pg') WHERE kind IN ('schema', 'view');
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT email, "tenantId" FROM nextauth_pg.users ORDER BY 2;
-- DROP EXTENSION forgets it with the catalog; the table comes back as it is, and the same definition is taken again
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
CREATE EXTENSION nextauth;
SET LOCAL ROLE regress_nextauth_owner;
SELECT property, finding FROM nextauth.check_models() WHERE property = 'email';
SELECT x.* FROM kept m, nextauth.extend_model(m.model, m.columns, m.options) x;
SELECT property, finding FROM nextauth.check_models() WHERE property = 'email';
SELECT email, tenant_id FROM nextauth.users ORDER BY 2;
RESET ROLE;
ROLLBACK;

-- a table that is adopted may have it so
SET ROLE regress_nextauth_owner;
BEGIN;
CREATE TABLE nextauth.people (LIKE nextauth.users INCLUDING ALL);
ALTER TABLE nextauth.people DROP CONSTRAINT people_email_key;
INSERT INTO nextauth.people (email) VALUES ('ada@example.com'), ('ada@example.com');
SELECT nextauth.adopt_model('User', 'nextauth.people');
SELECT * FROM nextauth.extend_model('User', :'repeated');
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;
-- but what is unique by an index of its own is not the extension's to drop
BEGIN;
ALTER TABLE nextauth.users DROP CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3";
CREATE UNIQUE INDEX email ON nextauth.users (email);
SELECT nextauth.extend_model('User', :'repeated');
\echo :SQLSTATE
ROLLBACK;

-- a constraint of another kind may take its place
BEGIN;
SELECT * FROM nextauth.extend_model('User', :'repeated', '{"uniques": [{"columns": ["email"], "deferrable": "INITIALLY DEFERRED"}]}');
SELECT * FROM nextauth.extend_model('User', :'repeated', '{"uniques": [{"columns": ["email"], "deferrable": "INITIALLY DEFERRED"}]}');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype = 'u';
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK;

-- what adapters look up one row by stays unique
SELECT nextauth.extend_model('Session', '{"sessionToken": {"type": "varchar", "unique": false}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('Session', '{"accessToken": {"type": "varchar", "unique": false}}');
SELECT nextauth.extend_model('Account', '{"compoundId": {"type": "varchar", "unique": false}}');
SELECT nextauth.extend_model('VerificationRequest', '{"token": {"type": "varchar", "unique": false}}');
-- and nobody but the owner of the table says so
RESET ROLE;
CREATE ROLE regress_nextauth_passer;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_passer;
SET ROLE regress_nextauth_passer;
SELECT nextauth.extend_model('User', :'repeated');
UPDATE nextauth.model SET not_unique = '{email}';
RESET ROLE;
REVOKE USAGE ON SCHEMA nextauth FROM regress_nextauth_passer;
DROP ROLE regress_nextauth_passer;

--
-- citext
--
\set any_case '{"email": {"type": "citext", "nullable": true, "unique": true}}'
SET ROLE regress_nextauth_owner;
SELECT nextauth.extend_model('User', :'any_case');
\echo :SQLSTATE
BEGIN;
RESET ROLE;
CREATE SCHEMA regress_nextauth_types;
GRANT USAGE ON SCHEMA regress_nextauth_types TO regress_nextauth_owner;
CREATE EXTENSION citext SCHEMA regress_nextauth_types;
SELECT count(*) FROM nextauth.add_adapter('pg');
SET LOCAL ROLE regress_nextauth_owner;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com'), ('Ada@example.com'), ('Bob@example.com');
-- addresses that differ only in case are shown
SAVEPOINT s;
SELECT nextauth.extend_model('User', :'any_case');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT statement, cost FROM nextauth.plan_model('User', '{"email": {"type": "citext", "nullable": true, "unique": false}}');
DELETE FROM nextauth.users WHERE email LIKE 'A%';
SELECT * FROM nextauth.plan_model('User', :'any_case');
SELECT * FROM nextauth.extend_model('User', :'any_case');
SELECT * FROM nextauth.extend_model('User', :'any_case');
-- the views have the column's type, and an application finds whatever case if the schema of citext is on its search_path
SET LOCAL search_path = nextauth_pg, regress_nextauth_types;
SELECT email FROM users WHERE email = 'bob@EXAMPLE.com';
SET LOCAL search_path = nextauth_pg;
SELECT email FROM users WHERE email = 'bob@EXAMPLE.com';
RESET search_path;
SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'nextauth_pg.users'::regclass AND attname = 'email';
SAVEPOINT s;
INSERT INTO nextauth_pg.users (email) VALUES ('BOB@example.com');
ROLLBACK TO s;
-- it is no drift, and described as it is
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT nextauth.entity_schema('User') #> '{columns,email}' AS email;
SELECT columns -> 'email' AS email FROM nextauth.custom_models WHERE model = 'User';
-- restated as it is built in it stays so
SELECT * FROM nextauth.extend_model('User', :'one_each');
SELECT nextauth.extend_model('User', '{"email": {"type": "varchar", "length": 100, "nullable": true, "unique": true}}');
ROLLBACK TO s;
SELECT * FROM nextauth.extend_model('User', '{"email": {"type": "citext", "nullable": true, "unique": false, "comment": "any case"}}');
SELECT columns -> 'email' AS email FROM nextauth.custom_models WHERE model = 'User';
-- the way back is by hand
RESET ROLE;
SAVEPOINT citext;
SET LOCAL nextauth.protect_columns = off;
DROP VIEW nextauth_pg.users;
ALTER TABLE nextauth.users ALTER COLUMN email TYPE varchar;
SET LOCAL nextauth.protect_columns = on;
SELECT * FROM nextauth.add_adapter('pg') WHERE action <> 'unchanged';
SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK TO citext;
-- nor is it drift when somebody made it so by hand, and it is adopted with the table
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
ALTER TABLE nextauth.users ADD UNIQUE (email);
CREATE EXTENSION nextauth;
SET LOCAL ROLE regress_nextauth_owner;
SELECT property, finding FROM nextauth.check_models() WHERE property = 'email';
SELECT columns -> 'email' AS email FROM nextauth.custom_models WHERE model = 'User';
RESET ROLE;
ROLLBACK;
-- no other built-in column, and no other type
SET ROLE regress_nextauth_owner;
BEGIN;
RESET ROLE;
CREATE EXTENSION citext;
SET LOCAL ROLE regress_nextauth_owner;
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"name": {"type": "citext", "nullable": true}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"email": {"type": "text", "nullable": true, "unique": true}}');
ROLLBACK;
RESET ROLE;
