--
-- add_adapter(), drop_adapter(): schemas in which adapters find the models as
-- they call them
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
CREATE ROLE regress_nextauth_member;
GRANT regress_nextauth_owner TO regress_nextauth_member;

--
-- It takes ownership of the tables, and the right to create a schema
--
BEGIN;
REVOKE CREATE ON DATABASE regress_nextauth_adapters FROM regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SELECT nextauth.add_adapter('pg');
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- what it does it returns: the schema, what the models lacked, triggers that
-- fill what the adapter does not write, the views
SELECT * FROM nextauth.add_adapter('pg');
-- called again it does nothing, takes no lock and writes nothing
BEGIN;
SELECT * FROM nextauth.add_adapter('pg');
SELECT relation::regclass, mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock';
SELECT pg_current_xact_id_if_assigned() IS NULL AS wrote_nothing;
COMMIT;
-- it can do so where nothing may be written
BEGIN READ ONLY;
SELECT DISTINCT action FROM nextauth.add_adapter('pg');
SAVEPOINT s;
SELECT nextauth.add_adapter('neon');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_adapter('nextauth_pg');
\echo :SQLSTATE
ROLLBACK;

-- an adapter that deletes users alone gets foreign keys; those of the others
-- only what is still missing for them, and a schema
SELECT * FROM nextauth.add_adapter('kysely');
SELECT * FROM nextauth.add_adapter('supabase');
SELECT * FROM nextauth.add_adapter('better-auth');
SELECT a.adapter, kind, name, action
FROM unnest('{neon,prisma,drizzle,typeorm,sequelize,mikro-orm}'::text[]) a (adapter), nextauth.add_adapter(a.adapter)
WHERE kind NOT IN ('schema', 'view');
SELECT * FROM nextauth.adapters ORDER BY schema;
-- all models are what they are to be, and so are the views
SELECT * FROM nextauth.check_models();
-- nothing of one adapter's is to be seen in another's
SELECT * FROM public.shown ORDER BY schema, view;
-- they are their users' views, of whom they ask rights and row level security
SELECT DISTINCT c.reloptions, pg_get_userbyid(c.relowner) FROM pg_class c
WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text ~ '^(nextauth_|next_auth)';
SELECT obj_description('nextauth_prisma."VerificationToken"'::regclass);

-- what was added is in the catalog, for TypeORM and for other databases
SELECT property, type, data_type, is_nullable, definition -> 'select' AS "select"
FROM nextauth.model_columns WHERE is_custom ORDER BY model, property;
SELECT jsonb_pretty(nextauth.entity_schema('Session') #- '{columns}');
SELECT model, columns, options FROM nextauth.custom_models WHERE model <> 'Account' ORDER BY model;
SELECT model, version, action, changes FROM nextauth.model_changes ORDER BY model, version;

-- Hasura's documents say uuid, which no text is, and no serial
SELECT nextauth.add_adapter('hasura');
\echo :SQLSTATE
BEGIN;
RESET ROLE;
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
DROP OWNED BY regress_nextauth_owner CASCADE;
SAVEPOINT empty;
SET LOCAL nextauth.id_type = 'uuid';
CREATE EXTENSION nextauth;
SELECT count(*) FROM nextauth.add_adapter('hasura');
SELECT * FROM public.shown WHERE schema = 'nextauth_hasura' ORDER BY view;
SELECT a FROM unnest('{pg,neon,supabase,prisma,kysely,drizzle,typeorm,sequelize,mikro-orm,better-auth}'::text[]) a
WHERE (SELECT count(*) FROM nextauth.add_adapter(a)) > 0;
ROLLBACK TO empty;
-- with next-auth 3's own ids, these can work
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
SELECT a FROM unnest('{pg,neon}'::text[]) a WHERE (SELECT count(*) FROM nextauth.add_adapter(a)) > 0;
SELECT * FROM public.shown WHERE schema = 'nextauth_pg' ORDER BY view;
SAVEPOINT s;
SELECT nextauth.add_adapter('drizzle');
ROLLBACK TO s;
SELECT nextauth.add_adapter('supabase');
ROLLBACK TO empty;
-- each table has ids of its own
SET LOCAL nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
CREATE TABLE public.logins (
  id bigserial PRIMARY KEY, user_id text NOT NULL, expires timestamptz NOT NULL,
  session_token varchar NOT NULL UNIQUE, access_token varchar NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT nextauth.adopt_model('Session', 'public.logins');
SAVEPOINT s;
SELECT nextauth.add_adapter('sequelize');
ROLLBACK TO s;
-- which Prisma does not ask for
SELECT kind, name, action FROM nextauth.add_adapter('prisma') WHERE kind = 'view';
SELECT columns FROM public.shown WHERE view = 'Session (t)';
ROLLBACK;
SET ROLE regress_nextauth_owner;

--
-- Schemas: the adapter's, or another one
--
BEGIN;
SELECT kind, name, action FROM nextauth.add_adapter('drizzle', 'Auth "v5"') WHERE kind IN ('schema', 'view');
SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'Auth "v5"' GROUP BY 1 ORDER BY 1;
INSERT INTO "Auth ""v5""".session ("sessionToken", "userId", expires) VALUES ('t', 'nobody', '2031-02-03');
ROLLBACK;
BEGIN;
CREATE SCHEMA regress_nextauth_own;
SELECT kind, name, action FROM nextauth.add_adapter('mikro-orm', schema => 'regress_nextauth_own') WHERE kind IN ('schema', 'view');
SELECT adapter, schema FROM nextauth.adapters WHERE adapter = 'mikro-orm' ORDER BY schema;
-- they all follow the models
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT nick FROM regress_nextauth_own."user";
-- the schema stays if it has something else in it
CREATE TABLE regress_nextauth_own.mine ();
SELECT * FROM nextauth.drop_adapter('regress_nextauth_own');
DROP TABLE regress_nextauth_own.mine;
ROLLBACK;

--
-- Errors: nothing is changed
--
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text; detail text; hint text;
BEGIN
  EXECUTE call;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ' ' || message, nullif(detail, ''), nullif(hint, ''));
END $$;
SELECT call, pg_temp.outcome('SELECT nextauth.' || call) FROM (VALUES
  ('add_adapter(NULL)'), ('add_adapter(''Prisma'')'), ('add_adapter(''mongodb'')'), ('add_adapter('''')'),
  ('add_adapter(''pg'', '''')'), ('add_adapter(''pg'', ''nextauth_prisma'')'),
  ('add_adapter(''pg'', ''nextauth'')'), ('add_adapter(''pg'', ''pg_catalog'')'), ('add_adapter(''pg'', ''pg_temp'')'),
  ('add_adapter(''pg'', ''information_schema'')'),
  ('drop_adapter(NULL)'), ('drop_adapter(''public'')'), ('drop_adapter(''nextauth_hasura'')')) c (call);
-- something else has the name of a view
BEGIN;
CREATE SCHEMA regress_nextauth_own;
CREATE TABLE regress_nextauth_own.sessions ();
SELECT nextauth.add_adapter('pg', 'regress_nextauth_own');
ROLLBACK;
BEGIN;
CREATE SCHEMA regress_nextauth_own;
CREATE VIEW regress_nextauth_own.sessions AS SELECT * FROM nextauth.sessions WHERE expires > now();
SELECT nextauth.add_adapter('pg', 'regress_nextauth_own');
ROLLBACK;
-- a property that the adapter needs is there, and is something else
BEGIN;
SELECT count(*) FROM nextauth.adapters, nextauth.drop_adapter(schema);
SET LOCAL client_min_messages = warning;
SELECT count(*) FROM nextauth.drop_properties('Account', 'expiresAt', 'scope', 'tokenType');
SELECT count(*) FROM nextauth.drop_properties('VerificationRequest', 'value');
SAVEPOINT s;
SELECT count(*) FROM nextauth.extend_model('Account', '{"expiresAt": {"type": "bigint", "nullable": true}}');
SELECT nextauth.add_adapter('pg');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.extend_model('Account', '{"expiresAt": {"type": "int", "nullable": true, "name": "expiry"}}');
SELECT nextauth.add_adapter('pg');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.extend_model('Account', '{"scope": {"type": "varchar", "array": true, "nullable": true}}');
SELECT nextauth.add_adapter('pg');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.extend_model('Account', '{"tokenType": {"type": "varchar"}}');
SELECT nextauth.add_adapter('pg');
ROLLBACK TO s;
-- one that will do is the application's own, and stays so
SELECT count(*) FROM nextauth.extend_model('Account', '{"scope": {"type": "text", "default": "", "name": "granted"}}');
SELECT name, action FROM nextauth.add_adapter('pg') WHERE kind = 'column';
SELECT count(*) FROM nextauth.add_adapter('better-auth');
SELECT columns FROM public.shown WHERE view IN ('accounts', 'account') ORDER BY schema;
SELECT count(*) FROM nextauth.adapters, nextauth.drop_adapter(schema);
SELECT property, column_name, action FROM nextauth.drop_properties('Account', 'scope');
ROLLBACK;
-- the schema is somebody's who could put anything in the place of a view
RESET ROLE;
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_app;
GRANT CREATE, USAGE ON SCHEMA regress_nextauth_app TO regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT nextauth.add_adapter('pg', 'regress_nextauth_app');
RESET ROLE;
REVOKE CREATE ON SCHEMA regress_nextauth_app FROM regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT nextauth.add_adapter('pg', 'regress_nextauth_app');
-- a model without a table
BEGIN;
SET LOCAL client_min_messages = warning;
DROP TABLE nextauth.sessions CASCADE;
SELECT nextauth.add_adapter('pg');
ROLLBACK;
-- rights are looked at before anything is locked
RESET ROLE;
DROP SCHEMA regress_nextauth_app;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_app;
GRANT CREATE ON DATABASE regress_nextauth_adapters TO regress_nextauth_app;
SET ROLE regress_nextauth_app;
BEGIN;
SAVEPOINT s;
SELECT nextauth.add_adapter('pg', 'mine');
ROLLBACK TO s;
SELECT nextauth.add_adapter('pg');
ROLLBACK TO s;
SELECT nextauth.drop_adapter('nextauth_pg');
ROLLBACK TO s;
SELECT relation::regclass, mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE pid = pg_backend_pid() AND c.relnamespace::regnamespace::text ~ '^next';
ROLLBACK;
SELECT adapter, schema FROM nextauth.adapters WHERE adapter = 'pg';
INSERT INTO nextauth.adapter VALUES ('regress_nextauth_app', 'pg');
RESET ROLE;
REVOKE CREATE ON DATABASE regress_nextauth_adapters FROM regress_nextauth_app;

--
-- Whoever acts for the owner: a member, a superuser
--
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.adapters, nextauth.drop_adapter(schema);
DROP TABLE nextauth.authenticators;
SAVEPOINT s;
SET LOCAL ROLE regress_nextauth_member;
SELECT count(*) FROM nextauth.add_adapter('prisma');
SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'nextauth_prisma';
SELECT relname, pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = 'nextauth_prisma'::regnamespace OR relname ~ 'authenticators' ORDER BY 1;
SELECT action, count(*) FROM nextauth.drop_adapter('nextauth_prisma') GROUP BY 1;
ROLLBACK TO s;
RESET ROLE;
SELECT count(*) FROM nextauth.add_adapter('prisma');
SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'nextauth_prisma';
SELECT relname, pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = 'nextauth_prisma'::regnamespace OR relname ~ 'authenticators' ORDER BY 1;
-- so the owner himself can go on
SET LOCAL ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT action, count(*) FROM nextauth.drop_adapter('nextauth_prisma') GROUP BY 1;
-- who is given the tables is to be given the views
SELECT count(*) FROM nextauth.add_adapter('kysely');
RESET ROLE;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_member;
GRANT CREATE, USAGE ON SCHEMA nextauth TO regress_nextauth_member;
REVOKE regress_nextauth_owner FROM regress_nextauth_member;
SET LOCAL ROLE regress_nextauth_member;
SELECT nextauth.extend_model('User', '{"nick2": {"type": "text", "nullable": true}}');
ROLLBACK;

--
-- What is missing is made good: what somebody dropped or put in its place
--
SET ROLE regress_nextauth_owner;
BEGIN;
DROP VIEW nextauth_typeorm.users;
CREATE OR REPLACE VIEW nextauth_typeorm.sessions AS
SELECT id, session_token AS "sessionToken", user_id AS "userId", '0'::varchar AS expires FROM nextauth.sessions;
DROP TRIGGER nextauth_write ON nextauth_typeorm.verification_tokens;
ALTER VIEW nextauth_typeorm.accounts RESET (security_invoker);
DROP TRIGGER nextauth_fill ON nextauth.accounts;
SELECT * FROM nextauth.check_models();
SELECT * FROM nextauth.add_adapter('typeorm');
SELECT * FROM public.shown WHERE schema = 'nextauth_typeorm' ORDER BY view;
SELECT DISTINCT action FROM nextauth.add_adapter('typeorm');
SELECT * FROM nextauth.check_models();
ROLLBACK;
-- not all rows, or some of them twice, is not what an adapter is to see
BEGIN;
CREATE OR REPLACE VIEW nextauth_sequelize.users AS SELECT id, name, email, email_verified, image FROM nextauth.users WHERE email IS NOT NULL;
CREATE OR REPLACE VIEW nextauth_sequelize.sessions AS SELECT id, expires, session_token, user_id FROM nextauth.sessions LIMIT 1;
CREATE OR REPLACE VIEW nextauth_sequelize.verification_tokens AS SELECT DISTINCT token, identifier, expires FROM nextauth.verification_requests;
SELECT model, finding FROM nextauth.check_models();
SELECT name, action FROM nextauth.add_adapter('sequelize') WHERE kind = 'view';
ROLLBACK;
-- until then that is left to whoever put it there, also by a change of the model
BEGIN;
CREATE OR REPLACE VIEW nextauth_pg.users AS SELECT id, name, email, email_verified AS "emailVerified", image FROM nextauth.users WHERE email IS NOT NULL;
DROP VIEW nextauth_pg.verification_token;
DROP VIEW nextauth_neon.users;
CREATE VIEW nextauth_neon.users AS SELECT 1 AS id;
SELECT count(*) FROM nextauth.extend_models('{
  "User": {"columns": {"nick": {"type": "text", "nullable": true}}},
  "VerificationRequest": {"columns": {"nick": {"type": "text", "nullable": true}}}}');
SELECT name, action FROM nextauth.add_adapter('typeorm') WHERE action <> 'unchanged';
SELECT finding FROM nextauth.check_models();
SELECT * FROM nextauth.drop_adapter('nextauth_neon') WHERE kind IN ('schema', 'view');
ROLLBACK;
-- what somebody made with the view, or put on it, is in the way of another one
BEGIN;
CREATE OR REPLACE VIEW nextauth_pg.users AS SELECT id, name, email, email_verified AS "emailVerified", image FROM nextauth.users WHERE email IS NOT NULL;
CREATE VIEW nextauth_pg.named AS SELECT * FROM nextauth_pg.users WHERE name IS NOT NULL;
CREATE RULE log AS ON INSERT TO nextauth_pg.users DO ALSO NOTHING;
SELECT nextauth.add_adapter('pg');
ROLLBACK;
BEGIN;
CREATE VIEW nextauth_pg.named AS SELECT * FROM nextauth_pg.users WHERE name IS NOT NULL;
SELECT nextauth.drop_adapter('nextauth_pg');
ROLLBACK;

-- DROP EXTENSION takes CASCADE, for the triggers; the views stay, and the next
-- one finds them
BEGIN;
RESET ROLE;
SAVEPOINT s;
\set VERBOSITY terse
DROP EXTENSION nextauth;
\set VERBOSITY default
ROLLBACK TO s;
SET LOCAL client_min_messages = warning;
GRANT SELECT ON nextauth_kysely."User" TO regress_nextauth_app;
DROP EXTENSION nextauth CASCADE;
SELECT count(*) FROM pg_views WHERE schemaname ~ '^(nextauth_|next_auth)';
CREATE EXTENSION nextauth;
SELECT count(*) FROM nextauth.adapters;
-- a column in which an adapter keeps secrets is proposed as one not to be selected
SELECT finding, substring(remedy FROM '"select": false') FROM nextauth.check_models() WHERE finding ~ 'password|value|scope' ORDER BY 1;
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.add_adapter('typeorm');
SELECT * FROM nextauth.add_adapter('kysely');
SELECT has_table_privilege('regress_nextauth_app', 'nextauth_kysely."User"', 'SELECT');
ROLLBACK;

--
-- Schemas and views are ordinary objects
--
SET ROLE regress_nextauth_owner;
BEGIN;
ALTER SCHEMA nextauth_pg RENAME TO "Auth.js";
SELECT adapter, schema FROM nextauth.adapters WHERE adapter = 'pg';
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT nick FROM "Auth.js".users;
SELECT * FROM nextauth.drop_adapter('Auth.js');
ROLLBACK;
BEGIN;
SET LOCAL client_min_messages = warning;
DROP SCHEMA nextauth_pg CASCADE;
DROP SCHEMA nextauth_neon, nextauth_kysely CASCADE;
SELECT adapter FROM nextauth.adapters ORDER BY 1;
RESET ROLE;
DROP OWNED BY regress_nextauth_owner;
SELECT adapter FROM nextauth.adapters ORDER BY 1;
SELECT name, relation FROM nextauth.model;
ROLLBACK;
SET ROLE regress_nextauth_owner;
-- the tables may have other names, and be somewhere else
BEGIN;
CREATE SCHEMA regress_nextauth_own;
RESET ROLE;
ALTER TABLE nextauth.users RENAME TO "People's";
SET ROLE regress_nextauth_owner;
ALTER TABLE nextauth."People's" SET SCHEMA regress_nextauth_own;
SELECT DISTINCT action FROM nextauth.add_adapter('prisma');
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
INSERT INTO nextauth_prisma."User" (id, nick) VALUES ('ada', 'ada') RETURNING id, nick;
SELECT count(*) FROM nextauth.add_adapter('prisma', 'again');
SELECT * FROM again."User" WHERE nick = 'ada' AND "createdAt" IS NULL;
ROLLBACK;
-- catalog rows that say nothing: of a later version, or of a schema that is gone
BEGIN;
RESET ROLE;
INSERT INTO nextauth.adapter VALUES ('nextauth_future', 'future'), ('regress_nextauth_gone', 'pg');
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT finding, remedy FROM nextauth.check_models();
SELECT * FROM nextauth.adapters WHERE schema IN ('nextauth_future', 'regress_nextauth_gone') ORDER BY 1;
SELECT * FROM nextauth.drop_adapter('regress_nextauth_gone');
SAVEPOINT s;
SELECT nextauth.drop_adapter('nextauth_future');
ROLLBACK TO s;
CREATE SCHEMA regress_nextauth_own;
ALTER SCHEMA regress_nextauth_own RENAME TO nextauth_future;
SELECT adapter FROM nextauth.adapters WHERE schema = 'nextauth_future';
ROLLBACK;
-- nobody else drops what is left of an adapter without tables
BEGIN;
RESET ROLE;
SET LOCAL client_min_messages = warning;
DROP TABLE nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests, nextauth.authenticators CASCADE;
SET LOCAL ROLE regress_nextauth_app;
SAVEPOINT s;
SELECT nextauth.drop_adapter('nextauth_pg');
ROLLBACK TO s;
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.drop_adapter('nextauth_pg');
ROLLBACK;

--
-- drop_adapter(): the views, and the schema; no column, key or row.  With the
-- last adapter go the triggers that fill columns
--
BEGIN;
SELECT * FROM nextauth.drop_adapter('nextauth_prisma');
SELECT s.schema, count(*) FROM nextauth.adapters s, nextauth.drop_adapter(s.schema) WHERE s.schema <> 'nextauth_pg' GROUP BY 1 ORDER BY 1;
SELECT * FROM nextauth.drop_adapter('nextauth_pg');
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY conrelid::regclass::text;
SELECT model, custom_columns FROM nextauth.models ORDER BY model;
SELECT * FROM nextauth.check_models();
SELECT tgname FROM pg_trigger WHERE tgname ~ 'nextauth';
-- what it leaves can be dropped, or is taken up again
SELECT count(*) FROM nextauth.drop_properties('Session', 'ipAddress', 'userAgent');
SELECT kind, name, action FROM nextauth.add_adapter('better-auth') WHERE kind <> 'view';
ROLLBACK;

--
-- Grants stay, also when a view is made anew; default privileges add none
--
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
GRANT USAGE ON SCHEMA nextauth_pg TO regress_nextauth_member;
GRANT SELECT ON nextauth_pg.users TO regress_nextauth_app WITH GRANT OPTION;
GRANT UPDATE (name, nick) ON nextauth_pg.users TO PUBLIC;
GRANT INSERT (nick) ON nextauth_pg.users TO regress_nextauth_app WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO regress_nextauth_member, PUBLIC;
CREATE FUNCTION pg_temp.grants(OUT "column" name, OUT grantee text, OUT privilege text, OUT option boolean) RETURNS SETOF record
LANGUAGE sql AS $$
  SELECT g.attname, coalesce(r.rolname, 'PUBLIC'), p.privilege_type, p.is_grantable
  FROM (SELECT NULL::name AS attname, relacl AS acl FROM pg_class WHERE oid = 'nextauth_pg.users'::regclass
    UNION ALL SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'nextauth_pg.users'::regclass) g
  CROSS JOIN aclexplode(g.acl) p LEFT JOIN pg_roles r ON r.oid = p.grantee
  WHERE r.rolname IS DISTINCT FROM 'regress_nextauth_owner' ORDER BY 1, 2, 3
$$;
SELECT * FROM pg_temp.grants();
SELECT 'nextauth_pg.users'::regclass::oid AS before \gset
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}}');
SELECT 'nextauth_pg.users'::regclass::oid <> :before AS made_anew;
SELECT * FROM pg_temp.grants();
-- a new column is nobody's whose grants are on columns
SELECT action FROM nextauth.extend_model('User', '{"nick2": {"type": "varchar", "nullable": true}}');
SELECT 'nextauth_pg.users'::regclass::oid AS before \gset
SELECT action FROM nextauth.rename_property('User', 'nick', 'alias');
SELECT 'nextauth_pg.users'::regclass::oid = :before AS is_the_same;
SELECT * FROM pg_temp.grants() WHERE "column" IS NOT NULL;
SELECT action FROM nextauth.drop_properties('User', 'alias');
SELECT * FROM pg_temp.grants();
ROLLBACK;
-- also what is granted by a transaction's own past
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
GRANT SELECT ON nextauth_pg.users TO regress_nextauth_app;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}}');
SELECT has_table_privilege('regress_nextauth_app', 'nextauth_pg.users', 'SELECT');
ROLLBACK;

--
-- Grants and row level security of the tables hold for whoever uses a view
--
BEGIN;
INSERT INTO nextauth.users (id, name, email) VALUES ('ada', 'Ada', 'ada@example.com'), ('bob', 'Bob', 'bob@example.com');
INSERT INTO nextauth_prisma."Session" ("sessionToken", "userId", expires) VALUES ('a', 'ada', '2031-02-03'), ('b', 'bob', '2031-02-03');
GRANT USAGE ON SCHEMA nextauth_prisma, nextauth_kysely TO regress_nextauth_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA nextauth_prisma, nextauth_kysely TO regress_nextauth_app;
SAVEPOINT s;
SET LOCAL ROLE regress_nextauth_app;
SELECT * FROM nextauth_kysely."User";
ROLLBACK TO s;
SET LOCAL ROLE regress_nextauth_app;
DELETE FROM nextauth_prisma."Session";
ROLLBACK TO s;
SET LOCAL ROLE regress_nextauth_app;
INSERT INTO nextauth_prisma."Session" ("sessionToken", "userId", expires) VALUES ('c', 'ada', '2031-02-03');
ROLLBACK TO s;
-- to read a view takes the right to read all that it shows, and no more
GRANT SELECT (user_id, session_token, expires), UPDATE (expires) ON nextauth.sessions TO regress_nextauth_app;
SET LOCAL ROLE regress_nextauth_app;
SELECT "sessionToken" FROM nextauth_kysely."Session" ORDER BY 1;
UPDATE nextauth_kysely."Session" SET expires = expires WHERE "sessionToken" = 'a' RETURNING "sessionToken";
SAVEPOINT t;
SELECT "sessionToken" FROM nextauth_prisma."Session";
ROLLBACK TO t;
UPDATE nextauth_kysely."Session" SET "userId" = 'bob' WHERE "sessionToken" = 'a';
ROLLBACK TO s;
-- through a trigger only what changes is written
GRANT SELECT, UPDATE (expires) ON nextauth.sessions TO regress_nextauth_app;
SET LOCAL ROLE regress_nextauth_app;
UPDATE nextauth_prisma."Session" SET expires = '2032-01-01', "userId" = "userId" WHERE "sessionToken" = 'a' RETURNING "sessionToken", expires;
UPDATE nextauth_prisma."Session" SET "userId" = 'bob' WHERE "sessionToken" = 'a';
ROLLBACK TO s;
-- grant_adapter() gives a role all of it
RESET ROLE;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner WITH GRANT OPTION;
SET LOCAL ROLE regress_nextauth_owner;
SELECT nextauth.grant_adapter('regress_nextauth_app');
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON nextauth.sessions USING (user_id = current_setting('nextauth_app.id', true));
SET LOCAL ROLE regress_nextauth_app;
SET LOCAL nextauth_app.id = 'bob';
SELECT "sessionToken" FROM nextauth_prisma."Session";
SELECT "sessionToken" FROM nextauth_kysely."Session";
SELECT session_token FROM nextauth_sequelize.sessions;
UPDATE nextauth_prisma."Session" SET expires = '2032-01-01' RETURNING "sessionToken";
DELETE FROM nextauth_prisma."Session" WHERE "sessionToken" = 'a' RETURNING "sessionToken";
SAVEPOINT s;
INSERT INTO nextauth_prisma."Session" ("sessionToken", "userId", expires) VALUES ('c', 'ada', '2031-02-03');
ROLLBACK TO s;
INSERT INTO nextauth_kysely."Session" ("sessionToken", "userId", expires) VALUES ('c', 'ada', '2031-02-03');
ROLLBACK;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app, regress_nextauth_member;
