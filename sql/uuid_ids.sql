--
-- uuids as ids: what applications declare then, and convert_ids('uuid')
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

-- texts that are uuids, in the models and in a table of the application
SELECT count(*) FROM nextauth.extend_model('User', '{"managerId": {"type": "text", "nullable": true, "foreignKey": {"target": "User"}}}');
INSERT INTO nextauth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'ada@example.com');
INSERT INTO nextauth.users (email, manager_id) SELECT 'grace@example.com', id FROM nextauth.users;
INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) SELECT id, '2031-01-01', email, email FROM nextauth.users;
CREATE TABLE regress_nextauth_app.posts (
  id serial PRIMARY KEY,
  author_id text DEFAULT '00000000-0000-4000-8000-00000000000a' REFERENCES nextauth.users ON DELETE CASCADE,
  maker_id varchar DEFAULT gen_random_uuid() REFERENCES nextauth.users
);
INSERT INTO regress_nextauth_app.posts (maker_id) VALUES (NULL);
SAVEPOINT text_ids;

-- the plan is what is done
SELECT statement, cost, rows FROM nextauth.plan_convert_ids('uuid') WHERE statement ~ 'users|posts';
SELECT * FROM nextauth.convert_ids('uuid');
SELECT property, data_type, column_default, type FROM nextauth.model_columns WHERE property IN ('id', 'userId', 'managerId') ORDER BY model, property;
SELECT id, email, manager_id FROM nextauth.users WHERE email = 'ada@example.com';
\d regress_nextauth_app.posts
SELECT model, property, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
-- again there is nothing to do
SELECT DISTINCT action FROM nextauth.convert_ids('uuid');
SAVEPOINT uuid_ids;

-- Those adapters whose libraries make other ids by default say what to declare
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('prisma');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('drizzle');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('better-auth');
-- the others take them as they are
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('kysely');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('hasura');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('typeorm');
-- and it is printed
\pset format unaligned
\pset tuples_only on
SELECT line FROM unnest(ARRAY['prisma', 'drizzle', 'kysely', 'typeorm', 'sequelize', 'mikro-orm', 'better-auth', 'json-schema']) format,
  string_to_table(nextauth.describe_model(format), E'\n') line WHERE line ~* '\m(id|user_?id)\M.*[({:.]|@db.Uuid|betterAuth\(';
\pset format aligned
\pset tuples_only off
-- the ids are made by the database, through each view
INSERT INTO nextauth_drizzle."user" (email) VALUES ('alan@example.com') RETURNING pg_typeof(id), id IS NOT NULL AS has_id;
INSERT INTO nextauth_better_auth."user" (name, email, "emailVerified") VALUES ('E', 'edith@example.com', true) RETURNING pg_typeof(id), id IS NOT NULL AS has_id;
-- from there they become texts again
SELECT nextauth.convert_ids('text');
ROLLBACK TO uuid_ids;
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT column_default FROM nextauth.model_columns WHERE model = 'User' AND property = 'id';
ROLLBACK TO text_ids;

-- with adapters the views are made again
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('better-auth');
SELECT count(*) FROM nextauth.convert_ids('uuid');
SELECT DISTINCT pg_typeof(id) FROM nextauth_better_auth."user";
SELECT model, finding FROM nextauth.check_models() WHERE model IS NOT NULL;
ROLLBACK TO text_ids;

--
-- What is refused: ids keep their values
--
INSERT INTO nextauth.users (id, email) VALUES ('clh3z', 'eve@example.com');
SELECT nextauth.convert_ids('uuid');
\echo :SQLSTATE
ROLLBACK TO text_ids;
-- also one that is written in another way
INSERT INTO nextauth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000B', 'eve@example.com'), ('{00000000-0000-4000-8000-00000000000c}', NULL);
SELECT nextauth.plan_convert_ids('uuid');
ROLLBACK TO text_ids;
-- in whatever table: to this row no user is to be found
ALTER TABLE regress_nextauth_app.posts DROP CONSTRAINT posts_author_id_fkey,
  ADD FOREIGN KEY (author_id) REFERENCES nextauth.users NOT VALID;
CREATE TABLE regress_nextauth_app.old_posts () INHERITS (regress_nextauth_app.posts);
INSERT INTO regress_nextauth_app.old_posts (id, author_id) VALUES (7, 'nobody');
SELECT nextauth.convert_ids('uuid');
ROLLBACK TO text_ids;
-- or a row that a policy hides
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT nextauth.convert_ids('uuid');
ROLLBACK TO text_ids;
-- a default that makes other texts
ALTER TABLE regress_nextauth_app.posts ALTER author_id SET DEFAULT current_setting('app.user');
SELECT nextauth.convert_ids('uuid');
ROLLBACK TO text_ids;
-- integers
SELECT count(*) FROM nextauth.convert_ids('text');
SELECT nextauth.convert_ids('integer');
ROLLBACK;
BEGIN;
SELECT nextauth.convert_ids('uuid');
ROLLBACK;
DROP SCHEMA regress_nextauth_app;
