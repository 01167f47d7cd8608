--
-- Bad input: a clear error, and nothing changed.  Every SQLSTATE is shown.
--
SET ROLE regress_nextauth_owner;

-- no such model
SELECT nextauth.extend_model('Usr', '{}');
\echo :SQLSTATE
SELECT nextauth.extend_model('user', '{}');
SELECT nextauth.extend_model('Organisation', '{}');
SELECT nextauth.entity_schema('Users');
\echo :SQLSTATE
SELECT nextauth.extend_models('{"Sesion": {"columns": {}}}');

-- null
SELECT nextauth.extend_model(NULL, '{}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', NULL);
SELECT nextauth.extend_models(NULL);
SELECT nextauth.entity_schema(NULL);

-- not the kind of JSON that is understood
SELECT nextauth.extend_model('User', '"phoneNumber"');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', 'null');
SELECT nextauth.extend_model('User', '["phoneNumber"]');
SELECT nextauth.extend_model('User', '[{"type": "varchar"}]');
SELECT nextauth.extend_model('User', '[{"property": 5, "type": "varchar"}]');
SELECT nextauth.extend_model('User', '{"phoneNumber": "varchar"}');
SELECT nextauth.extend_model('User', '{"phoneNumber": null}');
SELECT nextauth.extend_model('User', '{"phoneNumber": [{"type": "varchar"}]}');
SELECT nextauth.extend_models('[]');
SELECT nextauth.extend_models('{"User": []}');
SELECT nextauth.extend_models('{"User": {"phoneNumber": {"type": "varchar"}}}');
SELECT nextauth.extend_models('{"User": {"columns": 5}}');
SELECT nextauth.extend_models('{"User": {}}');

-- no such option
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nulable": true}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "Nullable": true}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "property": "x"}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "colour": "red"}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "": 1}}');
-- options of TypeORM that cannot be had here
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "unsigned": true}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "transformer": {}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "primary": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "geometry", "srid": 4326}}');

-- no such type
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchr"}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "VARCHAR"}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar(20)"}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "pg_catalog.int4"}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": ""}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": 5}}');

-- values of another JSON kind: 'yes' is not true
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": "yes"}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "unique": 1}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": null}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "comment": ["x"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": 5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "generated": "rowid"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "precision": 1.5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "precision": 1e400}}');

-- the limits of PostgreSQL
SELECT nextauth.extend_model('User', (
  SELECT jsonb_object_agg('c' || i, '{"type": "int", "nullable": true}'::jsonb) FROM generate_series(1, 1600) i));
\echo :SQLSTATE
SELECT nextauth.extend_model('User', (
  SELECT jsonb_object_agg('c' || i, '{"type": "int", "nullable": true}'::jsonb) FROM generate_series(1, 20000) i));
-- to which a column that was dropped counts as well; a plan says so, too, also of a table that inherits
BEGIN;
SAVEPOINT s;
DO $$ BEGIN
  EXECUTE (SELECT 'ALTER TABLE nextauth.users ' || string_agg(format('ADD COLUMN c%s int', i), ', ') FROM generate_series(1, 1590) i);
  EXECUTE (SELECT 'ALTER TABLE nextauth.users ' || string_agg(format('DROP COLUMN c%s', i), ', ') FROM generate_series(1, 1590) i);
END $$;
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "int", "nullable": true}, "b": {"type": "int", "nullable": true}, "c": {"type": "int", "nullable": true}}');
SELECT statement FROM nextauth.plan_model('User', '{"a": {"type": "int", "nullable": true}, "b": {"type": "int", "nullable": true}, "c": {"type": "int", "nullable": true}, "d": {"type": "int", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
CREATE TABLE nextauth.heir () INHERITS (nextauth.users);
DO $$ BEGIN
  EXECUTE (SELECT 'ALTER TABLE nextauth.heir ' || string_agg(format('ADD COLUMN c%s int', i), ', ') FROM generate_series(1, 1593) i);
  EXECUTE (SELECT 'ALTER TABLE nextauth.heir ' || string_agg(format('DROP COLUMN c%s', i), ', ') FROM generate_series(1, 1593) i);
END $$;
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}');
ROLLBACK;
SELECT nextauth.extend_model('User', jsonb_build_object('a', jsonb_build_object('type', 'numeric', 'precision', 5000)));
\echo :SQLSTATE
-- what is an expression nowhere but in a SELECT
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "asExpression": "*", "generatedType": "STORED"}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "defaultExpression": "*"}}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "*"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "where": "*"}]}');
-- deep and large
\set VERBOSITY sqlstate
SELECT nextauth.extend_model('User', ('{"a": {"type": "int", "array": true, "default": ' || repeat('[', 1000) || repeat(']', 1000) || '}}')::jsonb);
\set VERBOSITY default
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', ('{"a": {"type": "jsonb", "default": ' || repeat('[', 1000) || repeat(']', 1000) || '}}')::jsonb);
SELECT count(*) FROM nextauth.extend_model('User', jsonb_build_object('b', jsonb_build_object('type', 'text', 'default', repeat('x', 5000))));
SELECT length(nextauth.entity_schema('User') #>> '{columns,b,default}');
ROLLBACK;

-- nothing was changed by all that
SELECT count(*) FROM nextauth.custom_column;
SELECT count(*) FROM pg_attribute WHERE attrelid = 'nextauth.users'::regclass AND attnum > 0;
