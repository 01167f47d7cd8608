--
-- Ids of an own format: the default of "id" is the application's to choose
--
\set SHOW_CONTEXT never
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SELECT current_database() AS database \gset
BEGIN;
GRANT CREATE ON DATABASE :"database" TO regress_nextauth_owner;
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests;
SET LOCAL nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;
SET LOCAL client_min_messages = notice;
SET LOCAL ROLE regress_nextauth_owner;
SAVEPOINT made;

-- An expression that makes ids, as of any other column
SELECT statement, cost FROM nextauth.plan_model('User', '{"id": {"type": "text", "defaultExpression": "''usr_'' || gen_random_uuid()"}}');
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "''usr_'' || gen_random_uuid()"}}');
INSERT INTO nextauth.users (email) VALUES ('ada@example.com') RETURNING id ~ '^usr_[0-9a-f-]{36}$' AS is_own;
-- again, and restated without one, it stays
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "text", "primary": true, "defaultExpression": "''usr_'' || gen_random_uuid()"}}');
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "text", "primary": true}}');
SELECT action FROM nextauth.extend_model('User', nextauth.entity_schema('User') -> 'columns') WHERE property = 'id';
-- so it is described to adapters, and to extend_model() elsewhere
SELECT nextauth.entity_schema('User') #> '{columns,id}' AS id;
SELECT columns FROM nextauth.custom_models WHERE model = 'User';
SELECT version, changes, statements FROM nextauth.model_changes WHERE model = 'User';
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT line FROM unnest(ARRAY['prisma', 'drizzle', 'typeorm', 'better-auth']) format,
  string_to_table(nextauth.describe_model(format, 'User'), E'\n') line WHERE line ~ '^ *id\M|betterAuth\(';
-- who leaves ids to the database gets them, also through a view with a trigger
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('better-auth');
INSERT INTO nextauth_better_auth."user" (name, email, "emailVerified") VALUES ('Grace', 'grace@example.com', true) RETURNING id LIKE 'usr_%' AS is_own;
-- null takes it back to the built-in one
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "text", "default": null}}');
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "text", "default": null}}');
SELECT columns FROM nextauth.custom_models WHERE model = 'User';
ROLLBACK TO made;

-- Those of any model, by a function of one's own
CREATE FUNCTION regress_nextauth_app.new_id(kind text) RETURNS text LANGUAGE sql AS $$ SELECT kind || '_' || gen_random_uuid() $$;
SELECT model, property, action FROM nextauth.extend_models('{
  "User": {"columns": {"id": {"type": "text", "defaultExpression": "regress_nextauth_app.new_id(''usr'')"}}},
  "Account": {"columns": {"id": {"type": "text", "defaultExpression": "regress_nextauth_app.new_id(''acc'')"}}},
  "Session": {"columns": {"id": {"type": "text", "defaultExpression": "regress_nextauth_app.new_id(''ses'')"}}},
  "VerificationRequest": {"columns": {"id": {"type": "text", "defaultExpression": "regress_nextauth_app.new_id(''ver'')"}}}}');
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) VALUES ('u', '2031-01-01', 's', 'a') RETURNING left(id, 4);

-- They do not keep the extension from coming back
RESET ROLE;
DROP EXTENSION nextauth;
CREATE EXTENSION nextauth;
SELECT model, relation, custom_columns FROM nextauth.models ORDER BY model;
SELECT model, property, column_default FROM nextauth.model_columns WHERE property = 'id' ORDER BY model;
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
-- nor do those that somebody set by hand
ALTER TABLE nextauth.users ALTER id SET DEFAULT md5(random()::text);
DROP EXTENSION nextauth;
CREATE EXTENSION nextauth;
SELECT column_default FROM nextauth.model_columns WHERE model = 'User' AND property = 'id';
-- but an id has to fill itself
ALTER TABLE nextauth.users ALTER id DROP DEFAULT;
SELECT finding, remedy FROM nextauth.check_models() WHERE property = 'id';
DROP EXTENSION nextauth;
SAVEPOINT none;
CREATE EXTENSION nextauth;
ROLLBACK TO made;

--
-- What is refused
--
-- what would give several rows the same id
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "default": "the one"}}');
\echo :SQLSTATE
ROLLBACK TO made;
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "''usr_'' || now()"}}');
ROLLBACK TO made;
-- what its owner could not run
RESET ROLE;
CREATE FUNCTION regress_nextauth_app.secret() RETURNS text LANGUAGE sql AS $$ SELECT gen_random_uuid()::text $$;
REVOKE EXECUTE ON FUNCTION regress_nextauth_app.secret() FROM PUBLIC;
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "regress_nextauth_app.secret()"}}');
\echo :SQLSTATE
ROLLBACK TO made;
-- other changes of the id
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "primary": false, "defaultExpression": "gen_random_uuid()"}}');
ROLLBACK TO made;
SELECT nextauth.extend_model('User', '{"id": {"type": "text", "nullable": true, "defaultExpression": "gen_random_uuid()"}}');
ROLLBACK TO made;
SELECT nextauth.extend_model('User', '{"id": {"type": "uuid", "defaultExpression": "gen_random_uuid()"}}');
ROLLBACK TO made;

-- uuids: another function than gen_random_uuid(), such as uuidv7() of PostgreSQL 18
CREATE FUNCTION regress_nextauth_app.new_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT gen_random_uuid() $$;
SELECT count(*) FROM nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "regress_nextauth_app.new_uuid()::text"}}');
SELECT count(*) FROM nextauth.convert_ids('uuid');
SELECT column_default, definition FROM nextauth.model_columns WHERE model = 'User' AND property = 'id';
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "uuid", "primary": true, "generated": "uuid"}}');
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "uuid", "primary": true, "default": null}}');
SELECT column_default, definition FROM nextauth.model_columns WHERE model = 'User' AND property = 'id';
ROLLBACK TO made;
-- what makes no uuids is not converted
SELECT count(*) FROM nextauth.extend_model('User', '{"id": {"type": "text", "defaultExpression": "''usr_'' || gen_random_uuid()"}}');
SELECT nextauth.convert_ids('uuid');
ROLLBACK;

-- Integers: a function instead of a sequence, and back
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
CREATE SEQUENCE regress_nextauth_app.numbers START 1000;
INSERT INTO nextauth.users (id, email) VALUES (7, 'ada@example.com');
SELECT statement FROM nextauth.plan_model('User', '{"id": {"type": "int", "defaultExpression": "nextval(''regress_nextauth_app.numbers'') * 2"}}');
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "int", "defaultExpression": "nextval(''regress_nextauth_app.numbers'') * 2"}}');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING id;
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "int", "primary": true, "generated": true}}');
SAVEPOINT s;
-- converted, it goes on
SELECT count(*) FROM nextauth.convert_ids('text');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING id;
ROLLBACK TO s;
SELECT property, action FROM nextauth.extend_model('User', '{"id": {"type": "int", "default": null}}');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING id;
\d nextauth.users
ROLLBACK;
DROP SCHEMA regress_nextauth_app;
