--
-- The columns of adapters' views have the defaults and comments of the tables',
-- for clients that read the catalog and name all columns in an INSERT
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
CREATE VIEW public.settings AS
SELECT c.relnamespace::regnamespace::text COLLATE "C" || '.' || c.relname COLLATE "C" AS view, a.attname AS "column",
  pg_get_expr(d.adbin, d.adrelid) AS "default", col_description(c.oid, a.attnum) AS comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text ~ '^nextauth_'
  AND (d.oid IS NOT NULL OR col_description(c.oid, a.attnum) IS NOT NULL);
GRANT SELECT ON public.settings TO PUBLIC;
SET ROLE regress_nextauth_owner;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "plan": {"type": "varchar", "length": 20, "default": "free", "comment": "What is paid for"},
  "roles": {"enum": ["user", "admin"], "array": true, "default": ["user"]},
  "writer": {"type": "varchar", "defaultExpression": "CURRENT_USER"},
  "twice": {"type": "int", "asExpression": "2", "generatedType": "STORED", "nullable": true}}');
SELECT count(*) FROM unnest('{pg,prisma,better-auth}'::text[]) a, nextauth.add_adapter(a);

--
-- Built-in and custom ones.  A view with a trigger needs no default: what is
-- null gets the table's
--
SELECT * FROM public.settings ORDER BY view, "column";
INSERT INTO nextauth_pg.users (id, email, plan, roles) VALUES (DEFAULT, 'ada@example.com', DEFAULT, DEFAULT)
RETURNING id ~ '^[0-9a-f-]{36}$' AS has_id, plan, roles, writer, twice;
INSERT INTO nextauth_prisma."User" (id, email, plan, roles) VALUES (NULL, 'bob@example.com', NULL, NULL)
RETURNING id ~ '^[0-9a-f-]{36}$' AS has_id, plan, roles, writer, twice;
SELECT * FROM nextauth.check_models();
SELECT DISTINCT action FROM nextauth.add_adapter('pg');

--
-- They are evaluated as the one who writes, like the table's
--
SELECT nextauth.grant_adapter('regress_nextauth_app');
RESET ROLE;
SET ROLE regress_nextauth_app;
INSERT INTO nextauth_pg.users (email) VALUES ('eve@example.com') RETURNING writer;
RESET ROLE;
-- to leave a column out takes no right to write it
BEGIN;
SET LOCAL ROLE regress_nextauth_owner;
REVOKE INSERT ON nextauth.users, nextauth_pg.users FROM regress_nextauth_app;
GRANT INSERT (email) ON nextauth.users TO regress_nextauth_app;
GRANT INSERT (email) ON nextauth_pg.users TO regress_nextauth_app;
SET LOCAL ROLE regress_nextauth_app;
INSERT INTO nextauth_pg.users (email) VALUES ('mallory@example.com') RETURNING plan;
INSERT INTO nextauth_pg.users (email, plan) VALUES ('trent@example.com', 'paid');
ROLLBACK;
SET ROLE regress_nextauth_owner;

--
-- They follow the models
--
BEGIN;
SELECT statement FROM nextauth.plan_model('User', '{"plan": {"type": "varchar", "length": 20, "default": "paid", "comment": "What was paid"}}');
SELECT action FROM nextauth.extend_model('User', '{"plan": {"type": "varchar", "length": 20, "default": "paid", "comment": "What was paid"}}');
SELECT * FROM public.settings WHERE "column" = 'plan' ORDER BY view;
SELECT action FROM nextauth.extend_model('User', '{"plan": {"type": "varchar", "length": 20, "nullable": true, "comment": ""}}');
SELECT * FROM public.settings WHERE "column" = 'plan' ORDER BY view;
SELECT action FROM nextauth.extend_model('User', '{"plan": {"type": "varchar", "length": 20, "nullable": true, "comment": ""}}');
SELECT action FROM nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "unique": true, "comment": "In lower case"}}');
SELECT action FROM nextauth.rename_property('User', 'roles', 'duties');
SELECT * FROM public.settings WHERE "column" IN ('email', 'roles', 'duties') ORDER BY view, "column";
SELECT * FROM nextauth.check_models();
-- a view that shows a column converted has none any more
SELECT action FROM nextauth.extend_model('Session', '{"seenAt": {"type": "timestamp", "defaultExpression": "now()"}}');
SELECT * FROM public.settings WHERE "column" IN ('id', 'createdAt', 'seenAt') AND view ~ '(sessions|session|Session)$' ORDER BY view, "column";
ROLLBACK;
-- one that takes the next value of a sequence takes the right to use that, which grant_adapter() gives
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"number": {"type": "int", "generated": "increment"}}');
SELECT * FROM public.settings WHERE "column" = 'number';
SET LOCAL ROLE regress_nextauth_app;
SAVEPOINT s;
INSERT INTO nextauth_pg.users (email) VALUES ('trent@example.com');
ROLLBACK TO s;
SET LOCAL ROLE regress_nextauth_owner;
SELECT nextauth.grant_adapter('regress_nextauth_app');
SET LOCAL ROLE regress_nextauth_app;
INSERT INTO nextauth_pg.users (email) VALUES ('trent@example.com') RETURNING number;
SET LOCAL ROLE regress_nextauth_owner;
SELECT statement FROM nextauth.plan_model('User', '{"number": {"type": "int", "generated": "increment", "comment": "From 1 on"}}');
-- the sequence can go; what was granted stays
SELECT action FROM nextauth.extend_model('User', '{"number": {"type": "int", "default": 7}}');
SELECT * FROM public.settings WHERE "column" = 'number';
SET LOCAL ROLE regress_nextauth_app;
INSERT INTO nextauth_pg.users (email) VALUES ('walter@example.com') RETURNING number;
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.check_models();
ROLLBACK;

--
-- And what is done by hand
--
BEGIN;
ALTER TABLE nextauth.users ALTER plan SET DEFAULT 'trial', ALTER roles DROP DEFAULT;
SELECT * FROM public.settings WHERE "column" IN ('plan', 'roles') ORDER BY view, "column";
-- to a comment add_adapter() has to be called
COMMENT ON COLUMN nextauth.users.plan IS 'By hand';
SELECT finding FROM nextauth.check_models();
SELECT name, action FROM nextauth.add_adapter('pg') WHERE action <> 'unchanged';
SELECT * FROM public.settings WHERE "column" = 'plan' ORDER BY view;
-- a default that only a view has is not the model's
ALTER VIEW nextauth_pg.users ALTER name SET DEFAULT 'nobody';
ALTER VIEW nextauth_pg.users ALTER plan SET DEFAULT 'none';
SELECT finding FROM nextauth.check_models() WHERE finding ~ 'nextauth_pg';
SELECT name, action FROM nextauth.add_adapter('pg') WHERE action <> 'unchanged';
SELECT * FROM public.settings WHERE "column" IN ('name', 'plan') ORDER BY view;
ROLLBACK;

--
-- Serial ids
--
RESET ROLE;
BEGIN;
SET LOCAL client_min_messages = warning;
DROP EXTENSION nextauth CASCADE;
DROP OWNED BY regress_nextauth_owner CASCADE;
DROP SCHEMA nextauth CASCADE;
SET LOCAL nextauth.id_type = 'integer';
CREATE EXTENSION nextauth;
SELECT count(*) FROM nextauth.add_adapter('pg');
SELECT * FROM public.settings ORDER BY view, "column";
INSERT INTO nextauth_pg.users (id, email) VALUES (DEFAULT, 'ada@example.com') RETURNING id;
SELECT statement FROM nextauth.plan_convert_ids('text') WHERE statement ~ 'ALTER VIEW';
SELECT count(*) > 0 AS converted FROM nextauth.convert_ids('text');
SELECT * FROM public.settings ORDER BY view, "column";
SELECT * FROM nextauth.check_models();
ROLLBACK;

\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
