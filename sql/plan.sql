--
-- plan_model(): what extend_model() would run, which locks it would take, what
-- it costs and which right it needs
--
SET ROLE regress_nextauth_owner;
\getenv abs_srcdir PG_ABS_SRCDIR
\set plan :abs_srcdir '/sql/include/plan.sql'
\i :plan
CREATE FUNCTION pg_temp.plan(columns jsonb, options jsonb DEFAULT '{}') RETURNS TABLE (statement text, takes text)
LANGUAGE sql AS $$
  SELECT pg_temp.by_clause(statement), pg_temp.takes(lock, cost, rows, needs)
  FROM nextauth.plan_model('User', columns, options) ORDER BY step
$$;

BEGIN;
SELECT property, action FROM nextauth.extend_model('User', '[
  {"property": "a", "type": "varchar", "length": 5, "nullable": true},
  {"property": "n", "type": "int", "nullable": true},
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "key", "type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}
]', '{"indices": [{"name": "by_a", "columns": ["a"]}]}');
INSERT INTO nextauth.users (n) VALUES (1), (2), (3);

--
-- It returns a row a statement, in the order in which they run, and no row if
-- there is nothing to do
--
SELECT * FROM nextauth.plan_model('User', '{}', '{"indices": [{"name": "by_a", "columns": ["a", "n"]}]}');
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "varchar", "length": 5, "nullable": true}}');
-- what is for adapters alone needs no statement
SELECT * FROM nextauth.plan_model('User', '{
  "a": {"type": "varchar", "length": 5, "nullable": true, "select": false}}');

--
-- New columns: one ALTER TABLE for all of them, with what they need before and
-- after; a computed column follows what it is computed of
--
SELECT * FROM pg_temp.plan('[
  {"property": "plain", "type": "text", "nullable": true, "comment": "it''s plain"},
  {"property": "sum", "type": "int", "asExpression": "n + one", "generatedType": "STORED", "nullable": true},
  {"property": "one", "type": "int", "default": 1, "unique": true, "nullable": true},
  {"property": "state", "enum": ["on", "off"], "default": "on"},
  {"property": "owner", "type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "SET NULL"}}
]', '{
  "indices": [{"columns": ["one", "n"]}],
  "checks": [{"expression": "n > 0"}],
  "uniques": [{"columns": ["n", "plain"]}]
}');
-- what differs from row to row rewrites the table
SELECT * FROM pg_temp.plan('{
  "token": {"generated": "uuid"},
  "serial": {"type": "int", "generated": true},
  "mine": {"type": "int", "generated": "identity"}}');

--
-- Columns that change
--
-- a longer one, with a default and a comment
SELECT * FROM pg_temp.plan('{
  "a": {"type": "varchar", "length": 8, "nullable": true, "default": "x", "comment": "a"}}');
-- another collation is another order of the index
SELECT * FROM pg_temp.plan('{"a": {"type": "varchar", "length": 8, "nullable": true, "collation": "C"}}');
-- values are looked at for NOT NULL and UNIQUE
SELECT * FROM pg_temp.plan('{"n": {"type": "int", "unique": true}}');
-- a sequence goes on after the highest
SELECT * FROM pg_temp.plan('{"n": {"type": "bigint", "generated": "increment"}}');
-- another type, with which an enum type goes
SELECT * FROM pg_temp.plan('{"n": {"type": "text", "nullable": true}, "role": {"type": "text", "default": "user"}}');
-- labels are put where the definition has them
SELECT * FROM pg_temp.plan('{"role": {"enum": ["guest", "user", "admin", "root"], "default": "user"}}');
-- an enum type of another name
SELECT * FROM pg_temp.plan('{"role": {"enum": ["user", "admin"], "enumName": "Role", "default": "user"}}');

-- All this has changed nothing
SELECT property, definition - 'name' AS definition
FROM nextauth.custom_models, jsonb_each(columns) c (property, definition);
SELECT options FROM nextauth.custom_models;
SELECT count(*) AS changes FROM nextauth.model_changes;
ROLLBACK;

--
-- What is wrong is wrong here, too
--
SELECT * FROM nextauth.plan_model('Usr', '{}');
SELECT * FROM nextauth.plan_model('User', '{"a": {"tpye": "int"}}');
SELECT * FROM nextauth.plan_model('User', '{"email": {"type": "text"}}');
SELECT * FROM nextauth.plan_model(NULL, '{}');
SELECT * FROM nextauth.plan_model('User', NULL);
SELECT * FROM nextauth.plan_model('User', '{}', NULL);

--
-- Whoever may use the schema may ask; but only who may read the rows is told
-- how many there are
--
RESET ROLE;
CREATE ROLE regress_nextauth_reader;
BEGIN;
INSERT INTO nextauth.users (name) VALUES ('Ada');
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
SAVEPOINT s;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.plan('{
  "name": {"type": "varchar", "nullable": true, "length": 1, "unique": true}, "n": {"type": "int"}}');
ROLLBACK TO s;
GRANT SELECT ON nextauth.users TO regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM pg_temp.plan('{
  "name": {"type": "varchar", "nullable": true, "length": 60, "unique": true}, "n": {"type": "int", "default": 1}}');
-- to ask is not to do
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60, "unique": true}}');
ROLLBACK;
DROP ROLE regress_nextauth_reader;

--
-- It can be asked in a transaction that is read-only, and takes no lock that
-- keeps anybody waiting
--
BEGIN READ ONLY;
SELECT statement FROM pg_temp.plan('{
  "name": {"type": "varchar", "nullable": true, "length": 60},
  "role": {"enum": ["a"], "default": "a"},
  "n": {"generated": true, "type": "int"}}');
SELECT DISTINCT mode FROM pg_locks
WHERE locktype = 'relation' AND pid = pg_backend_pid() AND relation::regclass::text LIKE 'nextauth.%';
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60}}');
ROLLBACK;
