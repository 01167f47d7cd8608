--
-- Custom columns flow through the views of adapters: with extend_model(),
-- rename_property(), drop_properties(), by hand, and with a plan
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM unnest('{pg,supabase,prisma,kysely,drizzle,typeorm,sequelize,mikro-orm,better-auth}'::text[]) a,
  nextauth.add_adapter(a);
-- what the views show beside what their adapters want of them
CREATE VIEW regress_nextauth_app.columns AS
SELECT n.nspname AS schema, c.relname AS view, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname ~ '^(nextauth_|next_auth)';
CREATE TABLE regress_nextauth_app.base AS SELECT * FROM regress_nextauth_app.columns;
CREATE VIEW regress_nextauth_app.custom AS
SELECT schema, view, string_agg(name || ' ' || type, ', ' ORDER BY name) AS columns
FROM (SELECT * FROM regress_nextauth_app.columns EXCEPT SELECT * FROM regress_nextauth_app.base) c
GROUP BY 1, 2 ORDER BY 1, 2;
SET search_path = regress_nextauth_app;

--
-- A new column is in every view of its model: under the property's name, or the
-- column's where the adapter writes snake case.  To Prisma all times are UTC's
--
-- a plan shows that, also of an enum that does not exist yet
SELECT statement FROM nextauth.plan_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}')
WHERE statement ~ 'ENUM|nextauth_pg' ORDER BY step;
BEGIN;
SELECT * FROM nextauth.extend_model('User', '[
  {"property": "phoneNumber", "type": "varchar", "length": 20, "nullable": true},
  {"property": "lastSeenAt", "type": "timestamp", "defaultExpression": "now()"},
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "tags", "enum": ["a", "b"], "array": true, "nullable": true},
  {"property": "logins", "type": "int", "default": 0}]');
SELECT * FROM custom;
-- what is there keeps its place
SELECT string_agg(name, ', ') FROM (SELECT attname AS name FROM pg_attribute WHERE attrelid = 'nextauth_pg.users'::regclass ORDER BY attnum) c;
-- it is written by each, with its default if it is left out
INSERT INTO nextauth_pg.users (id, "phoneNumber", tags) VALUES ('pg', '+44', '{a,b}') RETURNING id, "phoneNumber", role, tags, logins;
INSERT INTO nextauth_prisma."User" (id, "lastSeenAt", role) VALUES ('prisma', '2031-02-03 04:05:06.789', 'admin') RETURNING id, "lastSeenAt", role, logins;
INSERT INTO nextauth_drizzle."user" (id, "lastSeenAt") VALUES ('drizzle', '2031-02-03 04:05:06.789+00') RETURNING id, "lastSeenAt" AT TIME ZONE 'UTC', logins;
INSERT INTO nextauth_typeorm.users (id, "phoneNumber", logins) VALUES ('typeorm', '+49', 3) RETURNING id, "phoneNumber", role, logins;
INSERT INTO nextauth_mikro_orm."user" (id, phone_number, role) VALUES ('mikro-orm', '+41', 'admin') RETURNING id, phone_number, role;
INSERT INTO nextauth_better_auth."user" (id, "phoneNumber", tags) VALUES ('better-auth', '+43', '{b}') RETURNING id, "phoneNumber", tags;
UPDATE nextauth_better_auth."user" SET role = 'admin', tags = tags || '{a}' WHERE id = 'better-auth' RETURNING role, tags;
INSERT INTO nextauth_typeorm.users (id, role) VALUES ('x', 'nobody');
ROLLBACK;
-- what the views do not show touches none of them
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "unique": true}}');
SELECT relation::regclass, mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relkind = 'v';
ROLLBACK;
-- several models, all or none
BEGIN;
SELECT model, property, action FROM nextauth.extend_models('{
  "Account": {"columns": {"note": {"type": "text", "nullable": true}}},
  "Session": {"columns": {"deviceName": {"type": "text", "nullable": true}}},
  "VerificationRequest": {"columns": {"sentAt": {"type": "timestamp", "nullable": true}}}}');
SELECT * FROM custom WHERE schema IN ('nextauth_prisma', 'nextauth_sequelize');
SAVEPOINT s;
SELECT nextauth.extend_models('{
  "Account": {"columns": {"other": {"type": "text", "nullable": true}}},
  "Session": {"columns": {"device": {"type": "nonsense"}}}}');
ROLLBACK TO s;
SELECT count(*) FROM columns WHERE name = 'other';
ROLLBACK;
-- of a model that an adapter shows as it is, until there is a time
BEGIN;
SELECT action FROM nextauth.extend_model('Authenticator', '{"lastUsed": {"type": "timestamp", "nullable": true}, "name": {"type": "text", "default": "key"}}');
INSERT INTO nextauth.users (id) VALUES ('ada');
INSERT INTO nextauth_prisma."Authenticator" ("credentialID", "userId", "providerAccountId", "credentialPublicKey", counter, "credentialDeviceType", "credentialBackedUp", "lastUsed")
VALUES ('c', 'ada', 'p', 'k', 0, 'singleDevice', false, '2031-02-03 04:05:06') RETURNING "lastUsed", name;
UPDATE nextauth_drizzle.authenticator SET counter = 1 RETURNING "lastUsed" AT TIME ZONE 'UTC', name;
UPDATE nextauth_prisma."Authenticator" SET counter = 2 WHERE "credentialID" = 'c' RETURNING "lastUsed", counter;
ROLLBACK;

--
-- Another type, or another length: the views are made anew, with what they had
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"bio": {"type": "text", "nullable": true}, "logins": {"type": "int", "default": 0}, "role": {"enum": ["user", "admin"], "default": "user"}}');
INSERT INTO nextauth_kysely."User" (id, bio) VALUES ('ada', 'mathematician');
SELECT property, action FROM nextauth.extend_model('User', '{"bio": {"type": "varchar", "length": 30, "nullable": true}, "logins": {"type": "bigint", "default": 0}}');
SELECT * FROM custom WHERE schema IN ('nextauth_kysely', 'nextauth_typeorm');
UPDATE nextauth_typeorm.users SET logins = 5000000000 WHERE id = 'ada' RETURNING bio, logins;
SELECT statement FROM nextauth.model_changes, unnest(statements) statement
WHERE model = 'User' AND version = (SELECT version FROM nextauth.models WHERE model = 'User')
  AND statement ~ 'ALTER TABLE|nextauth_(pg|drizzle)';
-- a type that changes without the table, too
SELECT property, action FROM nextauth.extend_model('User', '{"bio": {"type": "text", "nullable": true}, "role": {"enum": ["user", "editor", "admin"], "default": "user"}}');
UPDATE nextauth_pg.users SET role = 'admin' RETURNING role;
SELECT * FROM custom WHERE schema = 'nextauth_pg';
-- and one that is built in
SELECT property, action FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "length": 100, "nullable": true, "unique": true}}');
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_prisma');
SELECT * FROM nextauth.check_models();
ROLLBACK;

--
-- A property or a column has another name
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nickName": {"type": "text", "nullable": true}, "homeTown": {"type": "text", "nullable": true}}');
SELECT * FROM nextauth.rename_property('User', 'nickName', 'screenName');
-- only the column, or only the property
SELECT * FROM nextauth.rename_property('User', 'homeTown', 'homeTown', 'city');
SELECT * FROM custom WHERE view = 'users' AND schema <> 'next_auth';
SELECT * FROM nextauth.rename_property('User', 'homeTown', 'town', 'city');
SELECT * FROM custom WHERE view = 'users' AND schema <> 'next_auth';
-- by hand
ALTER TABLE nextauth.users RENAME screen_name TO "Screen ""Name""";
SELECT * FROM custom WHERE view = 'users' AND schema <> 'next_auth';
UPDATE nextauth_sequelize.users SET "Screen ""Name""" = 'ada';
SELECT * FROM nextauth.check_models();
ROLLBACK;
-- two that change places
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"first": {"type": "text", "nullable": true}, "second": {"type": "int", "nullable": true}}');
SELECT action FROM nextauth.rename_property('User', 'first', 'third', 'first');
SELECT action FROM nextauth.rename_property('User', 'second', 'first', 'second');
SELECT action FROM nextauth.rename_property('User', 'third', 'second', 'first');
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_mikro_orm');
ROLLBACK;
-- where the owner of the table may not read the catalog
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nickName": {"type": "text", "nullable": true}}');
CREATE SCHEMA regress_nextauth_own;
ALTER TABLE nextauth.users SET SCHEMA regress_nextauth_own;
RESET ROLE;
REVOKE ALL ON SCHEMA nextauth FROM regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
ALTER TABLE regress_nextauth_own.users RENAME nick_name TO nick;
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_mikro_orm');
ROLLBACK;

--
-- A column is dropped
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "bio": {"type": "text", "nullable": true}}');
SELECT action FROM nextauth.drop_properties('User', 'nick');
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_typeorm');
-- by hand that takes two confirmations, and add_adapter() then
SAVEPOINT s;
ALTER TABLE nextauth.users DROP COLUMN bio;
ROLLBACK TO s;
SET LOCAL client_min_messages = warning;
ALTER TABLE nextauth.users DROP COLUMN bio CASCADE;
ROLLBACK TO s;
SET LOCAL client_min_messages = warning;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN bio CASCADE;
SELECT model, finding, remedy FROM nextauth.check_models();
SELECT s.schema, name, action FROM nextauth.adapters s, nextauth.add_adapter(s.adapter, s.schema)
WHERE kind = 'view' AND action <> 'unchanged' ORDER BY s.schema;
SELECT * FROM nextauth.check_models();
SELECT * FROM custom;
ROLLBACK;
-- a column that an adapter needs is neither dropped nor given another meaning
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text; detail text; hint text;
BEGIN
  EXECUTE 'SELECT nextauth.' || call;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ' ' || message, nullif(detail, ''), nullif(hint, ''));
END $$;
SELECT pg_temp.outcome(call) FROM (VALUES
  ($$drop_properties('Session', 'ipAddress')$$),
  ($$drop_properties('Account', 'expiresAt')$$),
  ($$rename_property('Account', 'idToken', 'token')$$),
  ($$rename_property('Account', 'expiresAt', 'expiresAt', 'expiry')$$),
  ($$extend_model('Account', '{"expiresAt": {"type": "bigint", "nullable": true}}')$$),
  ($$extend_model('Account', '{"expiresAt": {"type": "int"}}')$$),
  ($$plan_model('Account', '{"scope": {"enum": ["openid"], "nullable": true}}')$$)) c (call);
-- what else becomes of it is the application's choice, but it stays the adapters'
BEGIN;
SELECT property, action FROM nextauth.extend_model('Account', '{
  "scope": {"type": "text", "nullable": true, "comment": "as granted"},
  "password": {"type": "varchar", "nullable": true, "select": false},
  "expiresAt": {"type": "int", "default": 0}}');
SELECT * FROM custom;
ROLLBACK;

--
-- select: false keeps a column from those who read all, by SELECT *
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true, "select": false}}');
SELECT schema FROM columns WHERE name = 'secret' ORDER BY 1;
SELECT action FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true}}');
SELECT count(*) FROM columns WHERE name = 'secret';
SELECT action FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true, "select": false}}');
SELECT schema FROM columns WHERE name = 'secret' ORDER BY 1;
ROLLBACK;

--
-- Names: of a convention's own, odd ones, long ones
--
BEGIN;
-- what a convention calls its own is not hidden by a custom property
SELECT action FROM nextauth.extend_model('Account', '{"type": {"type": "int", "nullable": true, "name": "kind"}, "provider": {"type": "int", "nullable": true}, "accountId": {"type": "int", "nullable": true}}');
SELECT * FROM custom;
INSERT INTO nextauth.users (id) VALUES ('ada');
INSERT INTO nextauth_kysely."Account" ("userId", type, provider, "providerAccountId", "accountId") VALUES ('ada', 'oauth', 'github', '1', 7) RETURNING type, "accountId";
INSERT INTO nextauth_better_auth.account ("userId", "providerId", "accountId", type) VALUES ('ada', 'github', '2', 8) RETURNING "accountId", type;
SELECT provider_account_id, kind, account_id FROM nextauth.accounts ORDER BY 1;
SELECT action FROM nextauth.rename_property('Account', 'type', 'sort');
SELECT * FROM custom WHERE schema = 'nextauth_pg';
ROLLBACK;
BEGIN;
SELECT action FROM nextauth.extend_model('User', jsonb_build_object(
  'it''s "odd"; --', '{"type": "text", "nullable": true, "name": "Odd \"Column\"; --"}'::jsonb,
  'select', '{"type": "int", "nullable": true}'::jsonb,
  rpad('p', 63, 'p'), '{"type": "int", "nullable": true}'::jsonb));
SELECT schema, columns FROM custom WHERE schema IN ('nextauth_prisma', 'nextauth_sequelize');
INSERT INTO nextauth_prisma."User" (id, "it's ""odd""; --", "select") VALUES ('ada', 'x', 1) RETURNING "it's ""odd""; --", "select";
UPDATE nextauth_prisma."User" SET "it's ""odd""; --" = 'y' RETURNING "it's ""odd""; --";
DELETE FROM nextauth_prisma."User";
SELECT action FROM nextauth.rename_property('User', 'it''s "odd"; --', 'Robert''); DROP TABLE users; --', 'x "y"');
SELECT action FROM nextauth.extend_model('User', '{"select": {"type": "bigint", "nullable": true}}');
SELECT schema, columns FROM custom WHERE schema IN ('nextauth_prisma', 'nextauth_sequelize');
SELECT * FROM nextauth.check_models();
ROLLBACK;

--
-- Columns that somebody made by hand show when they are declared; computed ones
-- and those with a sequence show as well
--
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN nick text, ADD COLUMN undeclared int;
SELECT * FROM custom;
SELECT * FROM nextauth.extend_model('User', '{
  "nick": {"type": "text", "nullable": true},
  "upper": {"type": "text", "nullable": true, "asExpression": "upper(name)", "generatedType": "STORED"},
  "number": {"type": "int", "generated": "increment"}}');
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_prisma');
INSERT INTO nextauth_pg.users (id, name, nick) VALUES ('a', 'Ada', 'ada') RETURNING name, nick, upper, number;
INSERT INTO nextauth_prisma."User" (id, name) VALUES ('b', 'Bob') RETURNING name, upper, number;
UPDATE nextauth_prisma."User" SET name = 'Bobby' WHERE id = 'b' RETURNING name, upper, number;
SAVEPOINT s;
UPDATE nextauth_prisma."User" SET upper = 'x' WHERE id = 'b';
ROLLBACK TO s;
-- another expression
SELECT property, action FROM nextauth.extend_model('User', '{"upper": {"type": "text", "nullable": true, "asExpression": "upper(nick)", "generatedType": "STORED"}}');
SELECT upper FROM nextauth_prisma."User" ORDER BY id;
SELECT * FROM custom WHERE schema IN ('nextauth_pg', 'nextauth_prisma');
ROLLBACK;

--
-- Views of somebody's on an adapter's: a new column is added behind, but another
-- type, or none, takes the adapter's view away from under them
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
CREATE VIEW nicks AS SELECT name, nick FROM nextauth_pg.users;
CREATE MATERIALIZED VIEW names AS SELECT name FROM nextauth_prisma."User";
SELECT action FROM nextauth.extend_model('User', '{"bio": {"type": "text", "nullable": true}}');
SELECT action FROM nextauth.rename_property('User', 'nick', 'alias');
SELECT * FROM nicks;
SAVEPOINT s;
SELECT action FROM nextauth.extend_model('User', '{"alias": {"type": "varchar", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT statement FROM nextauth.plan_model('User', '{"alias": {"type": "varchar", "nullable": true}}');
ROLLBACK TO s;
SELECT action FROM nextauth.drop_properties('User', 'bio');
ROLLBACK TO s;
DROP VIEW nicks;
DROP MATERIALIZED VIEW names;
SELECT action FROM nextauth.extend_model('User', '{"alias": {"type": "varchar", "nullable": true}}');
ROLLBACK;
-- a trigger of one's own is not lost unawares, either
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
CREATE FUNCTION pg_temp.log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER log AFTER INSERT ON nextauth_pg.users EXECUTE FUNCTION pg_temp.log();
SELECT action FROM nextauth.drop_properties('User', 'nick');
ROLLBACK;

--
-- plan_model() tells the statements; run by hand they leave nothing to do
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT count(*) FROM nextauth.adapters, nextauth.drop_adapter(schema) WHERE adapter NOT IN ('drizzle', 'pg');
GRANT SELECT (nick) ON nextauth_drizzle."user" TO PUBLIC;
SELECT step, statement, lock FROM nextauth.plan_model('User', '{"nick": {"type": "varchar", "nullable": true}, "seenAt": {"type": "timestamp", "nullable": true}}');
SELECT count(*) FROM columns WHERE name = 'seenAt';
SELECT statement FROM nextauth.plan_model('User', '{"nick": {"type": "varchar", "nullable": true}, "seenAt": {"type": "timestamp", "nullable": true}}') \gexec
SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}, "seenAt": {"type": "timestamp", "nullable": true}}');
SELECT * FROM custom;
SELECT has_column_privilege('public', 'nextauth_drizzle."user"', 'nick', 'SELECT');
SELECT * FROM nextauth.check_models();
ROLLBACK;

-- an enum's type is the column's alone for all that the views show it
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}, "tags": {"enum": ["a"], "array": true, "nullable": true}}');
SELECT * FROM nextauth.rename_property('User', 'role', 'rank');
SELECT action FROM nextauth.extend_model('User', '{"tags": {"type": "text", "array": true, "nullable": true}}');
SELECT typname FROM pg_type WHERE typnamespace = 'nextauth'::regnamespace AND typtype = 'e';
SELECT action FROM nextauth.drop_properties('User', 'rank');
SELECT count(*) FROM pg_type WHERE typnamespace = 'nextauth'::regnamespace AND typtype = 'e';
ROLLBACK;

--
-- In several transactions
--
CALL nextauth.extend_model_online('User', '{
  "bio": {"type": "varchar", "length": 10, "nullable": true},
  "token": {"type": "uuid", "defaultExpression": "gen_random_uuid()"},
  "phoneNumber": {"type": "text", "nullable": true, "unique": true}}');
SELECT * FROM custom;
INSERT INTO nextauth_prisma."User" (id) VALUES ('ada') RETURNING token IS NOT NULL AS has_token;
SELECT * FROM nextauth.check_models();

RESET search_path;
RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
