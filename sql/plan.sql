--
-- plan_model(): what extend_model() would run
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "a", "type": "varchar", "length": 5, "nullable": true},
  {"property": "n", "type": "int", "nullable": true},
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "key", "type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}
]', '{"indices": [{"name": "by_a", "columns": ["a"]}]}');
INSERT INTO nextauth.users (n) VALUES (1), (2), (3);
-- nothing to do
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "varchar", "length": 5, "nullable": true}}');
-- new columns, and what they need before and after
SELECT * FROM nextauth.plan_model('User', '[
  {"property": "plain", "type": "text", "nullable": true, "comment": "it''s plain"},
  {"property": "sum", "type": "int", "asExpression": "n + one", "generatedType": "STORED", "nullable": true},
  {"property": "one", "type": "int", "default": 1, "unique": true, "nullable": true},
  {"property": "state", "enum": ["on", "off"], "default": "on"},
  {"property": "owner", "type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "SET NULL"}}
]', '{"indices": [{"columns": ["one", "n"]}], "checks": [{"expression": "n > 0"}], "uniques": [{"columns": ["n", "plain"]}]}');
SELECT * FROM nextauth.plan_model('User', '{"token": {"generated": "uuid"}, "serial": {"type": "int", "generated": true}, "mine": {"type": "int", "generated": "identity"}}');
-- changes
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "varchar", "length": 8, "nullable": true, "default": "x", "comment": "a"}}');
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "varchar", "length": 8, "nullable": true, "collation": "C"}}');
SELECT * FROM nextauth.plan_model('User', '{"n": {"type": "int", "unique": true}}');
SELECT * FROM nextauth.plan_model('User', '{"n": {"type": "bigint", "generated": "increment"}}');
SELECT * FROM nextauth.plan_model('User', '{"n": {"type": "text", "nullable": true}, "role": {"type": "text", "default": "user"}}');
SELECT * FROM nextauth.plan_model('User', '{"role": {"enum": ["guest", "user", "admin", "root"], "default": "user"}}');
SELECT * FROM nextauth.plan_model('User', '{"role": {"enum": ["user", "admin"], "enumName": "Role", "default": "user"}}');
SELECT * FROM nextauth.plan_model('User', '{}', '{"indices": [{"name": "by_a", "columns": ["a", "n"]}]}');
-- what is for adapters alone needs no statement
SELECT * FROM nextauth.plan_model('User', '{"a": {"type": "varchar", "length": 5, "nullable": true, "select": false}}');
-- it has changed nothing
SELECT columns, options FROM nextauth.custom_models;
SELECT count(*) FROM nextauth.model_changes;
ROLLBACK;

-- what is wrong is wrong here, too
SELECT * FROM nextauth.plan_model('Usr', '{}');
SELECT * FROM nextauth.plan_model('User', '{"a": {"tpye": "int"}}');
SELECT * FROM nextauth.plan_model('User', '{"email": {"type": "text"}}');
SELECT * FROM nextauth.plan_model(NULL, '{}');
SELECT * FROM nextauth.plan_model('User', NULL);
SELECT * FROM nextauth.plan_model('User', '{}', NULL);

-- whoever may use the schema may ask, in a transaction that is read-only,
-- without a lock that keeps anybody waiting; but of rows only who may read them is told
RESET ROLE;
CREATE ROLE regress_nextauth_reader;
BEGIN;
INSERT INTO nextauth.users (name) VALUES ('Ada');
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
SAVEPOINT s;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM nextauth.plan_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 1, "unique": true}, "n": {"type": "int"}}');
ROLLBACK TO s;
GRANT SELECT ON nextauth.users TO regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SELECT * FROM nextauth.plan_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60, "unique": true}, "n": {"type": "int", "default": 1}}');
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60, "unique": true}}');
ROLLBACK;
BEGIN READ ONLY;
SELECT statement FROM nextauth.plan_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60}, "role": {"enum": ["a"], "default": "a"}, "n": {"generated": true, "type": "int"}}');
SELECT DISTINCT mode FROM pg_locks
WHERE locktype = 'relation' AND pid = pg_backend_pid() AND relation::regclass::text LIKE 'nextauth.%';
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 60}}');
ROLLBACK;
DROP ROLE regress_nextauth_reader;

--
-- Its statements, run by hand, leave extend_model() nothing to do
--
SET ROLE regress_nextauth_owner;
CREATE TEMP TABLE cases (n serial, before jsonb, after jsonb, before_options jsonb DEFAULT '{}', after_options jsonb DEFAULT '{}');
INSERT INTO cases (before, after) VALUES
  -- types
  ('{"a": {"type": "varchar", "length": 5, "default": "x"}}', '{"a": {"type": "varchar", "length": 20, "default": "x"}}'),
  ('{"a": {"type": "varchar", "length": 5, "default": "x"}}', '{"a": {"type": "varchar", "default": "y"}}'),
  ('{"a": {"type": "varchar", "length": 5, "default": "x"}}', '{"a": {"type": "text"}}'),
  ('{"a": {"type": "text", "default": "x", "unique": true}}', '{"a": {"type": "varchar", "length": 1, "default": "x", "unique": true}}'),
  ('{"a": {"type": "text", "default": "x"}}', '{"a": {"type": "char", "length": 2, "default": "y"}}'),
  ('{"a": {"type": "int", "default": 1}}', '{"a": {"type": "bigint", "default": 1}}'),
  ('{"a": {"type": "int", "default": 1, "unique": true}}', '{"a": {"type": "numeric", "precision": 6, "scale": 2, "unique": true, "default": 1}}'),
  ('{"a": {"type": "numeric", "precision": 6, "scale": 2, "default": 1}}', '{"a": {"type": "numeric", "precision": 8, "scale": 2, "default": 1}}'),
  ('{"a": {"type": "numeric", "precision": 6, "scale": 2, "default": 1}}', '{"a": {"type": "int", "default": 1}}'),
  ('{"a": {"type": "int", "default": 1}}', '{"a": {"type": "boolean", "default": true}}'),
  ('{"a": {"type": "text", "default": "1"}}', '{"a": {"type": "int", "default": 1}}'),
  ('{"a": {"type": "text", "default": "f"}}', '{"a": {"type": "boolean", "default": false}}'),
  ('{"a": {"type": "timestamp", "precision": 0, "defaultExpression": "now()"}}', '{"a": {"type": "timestamp", "precision": 3, "defaultExpression": "now()"}}'),
  ('{"a": {"type": "timestamp", "defaultExpression": "''2020-02-02''::timestamptz"}}', '{"a": {"type": "timestamp without time zone", "defaultExpression": "now()"}}'),
  ('{"a": {"type": "json", "default": {"k": 1}}}', '{"a": {"type": "jsonb", "default": {"k": 2}}}'),
  ('{"a": {"type": "varchar", "array": true, "default": ["x", "y z"]}}', '{"a": {"type": "text", "array": true, "default": []}}'),
  ('{"a": {"type": "bit", "length": 4, "default": "1010", "unique": true}}', '{"a": {"type": "varbit", "default": "1010", "unique": true}}'),
  ('{"a": {"type": "text", "default": "x", "unique": true}}', '{"a": {"type": "text", "default": "x", "unique": true, "collation": "C"}}'),
  ('{"a": {"type": "text", "default": "x", "collation": "C"}}', '{"a": {"type": "varchar", "default": "x"}}'),
  -- the rest of a column
  ('{"a": {"type": "text", "default": "x"}}', '{"a": {"type": "text", "nullable": true}}'),
  ('{"a": {"type": "text", "nullable": true, "default": "x"}}', '{"a": {"type": "text"}}'),
  ('{"a": {"type": "text", "nullable": true}}', '{"a": {"type": "text", "nullable": true, "default": "it''s \\ \"quoted\""}}'),
  ('{"a": {"type": "text", "nullable": true}}', '{"a": {"type": "text", "nullable": true, "unique": true, "comment": "it''s \\ \"quoted\""}}'),
  ('{"a": {"type": "text", "nullable": true, "unique": true, "comment": "c"}}', '{"a": {"type": "text", "nullable": true}}'),
  ('{"a": {"type": "text", "nullable": true}}', '{"a": {"type": "text", "nullable": true, "select": false}}'),
  ('{"a\"b c": {"type": "text", "nullable": true}}', '{"a\"b c": {"type": "varchar", "length": 9, "nullable": true, "unique": true, "default": "$$;--", "comment": "x"}}'),
  ('{}', '{"a": {"type": "int", "default": 1}, "b": {"type": "text", "nullable": true, "unique": true}, "c": {"generated": "uuid"}, "d": {"type": "int", "generated": true}}'),
  -- enums
  ('{"a": {"enum": ["x", "y"], "default": "x"}}', '{"a": {"enum": ["w", "x", "it''s", "y", "z"], "default": "y"}}'),
  ('{"a": {"enum": ["x", "y"], "array": true, "default": ["x"]}}', '{"a": {"enum": ["x", "y", "z"], "array": true, "default": ["y"]}}'),
  ('{"a": {"enum": ["x"], "enumName": "E", "default": "x"}, "b": {"enum": ["x"], "enumName": "E", "default": "x"}}', '{"a": {"enum": ["x", "y"], "enumName": "E", "default": "x"}, "b": {"enum": ["x", "y"], "enumName": "E", "default": "x"}}'),
  ('{"a": {"enum": ["x", "y"], "default": "x"}}', '{"a": {"type": "text", "default": "x"}}'),
  ('{"a": {"type": "text", "default": "x"}}', '{"a": {"enum": ["x", "y"], "default": "y"}}'),
  ('{"a": {"type": "text", "array": true, "default": ["x"]}}', '{"a": {"enum": ["x", "y"], "array": true, "default": ["y"]}}'),
  ('{"a": {"enum": ["x", "y"], "default": "x"}}', '{"a": {"enum": ["y", "x"], "enumName": "E", "default": "x"}}'),
  -- generated
  ('{"a": {"type": "int", "default": 7}}', '{"a": {"type": "int", "generated": "increment"}}'),
  ('{"a": {"type": "int", "default": 7}}', '{"a": {"type": "bigint", "generated": "identity"}}'),
  ('{"a": {"type": "text", "default": "7"}}', '{"a": {"type": "int", "generated": "increment"}}'),
  ('{"a": {"type": "int", "generated": "increment"}}', '{"a": {"type": "bigint", "generated": "increment"}}'),
  ('{"a": {"type": "int", "generated": "increment"}}', '{"a": {"type": "int", "generated": "identity"}}'),
  ('{"a": {"type": "int", "generated": "identity"}}', '{"a": {"type": "int", "generated": "increment"}}'),
  ('{"a": {"type": "int", "generated": "identity"}}', '{"a": {"type": "bigint", "generated": "identity"}}'),
  ('{"a": {"type": "int", "generated": "increment"}}', '{"a": {"type": "int", "default": 1}}'),
  ('{"a": {"type": "int", "generated": "identity"}}', '{"a": {"type": "text", "nullable": true}}'),
  ('{"a": {"type": "uuid", "nullable": true}}', '{"a": {"generated": "uuid", "nullable": true}}'),
  -- computed
  ('{"a": {"type": "text", "default": "x"}}', '{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}'),
  ('{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "unique": true, "comment": "c", "asExpression": "upper(a)", "generatedType": "STORED"}}', '{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "unique": true, "comment": "c", "asExpression": "lower(a)", "generatedType": "STORED"}}'),
  ('{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}', '{"a": {"type": "text", "default": "x"}, "b": {"type": "int", "asExpression": "length(a)", "generatedType": "STORED"}}'),
  ('{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}', '{"a": {"type": "text", "default": "x"}, "b": {"type": "varchar", "length": 3, "default": "y"}}'),
  -- foreign keys
  ('{"a": {"type": "int", "nullable": true}}', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}}'),
  ('{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}}', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "CASCADE", "deferrable": "INITIALLY DEFERRED", "name": "mine"}}}'),
  ('{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}}', '{"a": {"type": "bigint", "nullable": true}}'),
  ('{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}}', '{"a": {"type": "bigint", "nullable": true, "foreignKey": {"target": "Account"}}}'),
  -- built in
  ('{}', '{"name": {"type": "varchar", "nullable": true, "length": 50, "default": "x", "unique": true, "comment": "c"}}'),
  ('{"name": {"type": "varchar", "nullable": true, "length": 50, "default": "x", "unique": true, "comment": "c"}}', '{"name": {"type": "varchar", "nullable": true, "length": "", "default": null, "unique": false, "comment": ""}}');
INSERT INTO cases (before, before_options, after, after_options) VALUES
  ('{"a": {"type": "int", "default": 1}, "b": {"type": "int", "default": 1}}', '{}',
   '{}', '{"indices": [{"columns": ["a", "b"]}, {"columns": ["b"], "unique": true, "where": "a > 0"}], "uniques": [{"columns": ["b", "a"]}, {"columns": ["a"], "deferrable": "INITIALLY DEFERRED"}], "checks": [{"expression": "a < 9"}]}'),
  ('{"a": {"type": "int", "default": 1}, "b": {"type": "int", "default": 1}}', '{"indices": [{"name": "i", "columns": ["a", "b"]}], "uniques": [{"name": "u", "columns": ["a", "b"]}], "checks": [{"name": "c", "expression": "a < 9"}]}',
   '{}', '{"indices": [{"name": "i", "columns": ["b"], "unique": true}], "uniques": [{"name": "u", "columns": ["b", "a"], "deferrable": "INITIALLY IMMEDIATE"}], "checks": [{"name": "c", "expression": "a > 0"}]}'),
  ('{"a": {"type": "int", "default": 1}, "b": {"type": "int", "default": 1}}', '{"indices": [{"name": "i", "columns": ["a", "b"]}]}',
   '{}', '{"uniques": [{"name": "i", "columns": ["a", "b"]}]}'),
  ('{"a": {"type": "int", "default": 1}, "b": {"type": "int", "default": 1}}', '{"uniques": [{"name": "i", "columns": ["a", "b"]}]}',
   '{}', '{"indices": [{"name": "i", "columns": ["a", "b"]}]}'),
  ('{"a": {"type": "text", "default": "x"}, "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}', '{"indices": [{"columns": ["b", "a"]}], "checks": [{"expression": "b <> ''''"}]}',
   '{"b": {"type": "text", "asExpression": "lower(a)", "generatedType": "STORED"}}', '{"indices": [{"columns": ["b", "a"]}], "checks": [{"expression": "b <> ''''"}]}');
-- all that PostgreSQL holds of the table and its like
CREATE FUNCTION pg_temp.facts() RETURNS text LANGUAGE sql AS $$
  SELECT jsonb_agg(fact ORDER BY fact::text)::text FROM (
    SELECT to_jsonb(a) - 'attacl' || jsonb_build_object('default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(attrelid, attnum)) AS fact
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
    WHERE attrelid = 'nextauth.users'::regclass
    UNION ALL SELECT to_jsonb(c) FROM pg_constraint c WHERE conrelid = 'nextauth.users'::regclass
    UNION ALL SELECT to_jsonb(i) - 'indcheckxmin' FROM pg_index i WHERE indrelid = 'nextauth.users'::regclass
    UNION ALL SELECT jsonb_build_object('class', relname, 'file', relfilenode) FROM pg_class WHERE relnamespace = 'nextauth'::regnamespace
    UNION ALL SELECT to_jsonb(e) FROM pg_enum e
  ) facts $$;
DO $$
DECLARE
  c record;
  statement text;
  facts text;
BEGIN
  SET LOCAL client_min_messages = warning;
  -- elsewhere a time would not change its type
  SET LOCAL timezone = 'UTC';
  FOR c IN SELECT * FROM cases ORDER BY n LOOP
    BEGIN
      PERFORM nextauth.extend_model('User', c.before, c.before_options);
      INSERT INTO nextauth.users DEFAULT VALUES;
      SET CONSTRAINTS ALL IMMEDIATE;
      FOR statement IN SELECT p.statement FROM nextauth.plan_model('User', c.after, c.after_options) p ORDER BY p.step LOOP
        EXECUTE statement;
      END LOOP;
      facts := pg_temp.facts();
      IF EXISTS (SELECT FROM nextauth.plan_model('User', c.after, c.after_options)) THEN
        RAISE WARNING 'case %: there is still % to do', c.n, (SELECT string_agg(p.statement, '; ') FROM nextauth.plan_model('User', c.after, c.after_options) p);
      END IF;
      PERFORM nextauth.extend_model('User', c.after, c.after_options);
      IF facts <> pg_temp.facts() OR
        (SELECT action = 'extend_model' AND statements <> '{}' FROM nextauth.model_changes WHERE model = 'User' AND version > 1 ORDER BY version DESC LIMIT 1)
      THEN
        RAISE WARNING 'case %: extend_model() did more', c.n;
      END IF;
      IF EXISTS (SELECT FROM nextauth.extend_model('User', c.after, c.after_options) WHERE action <> 'unchanged') THEN
        RAISE WARNING 'case %: and more', c.n;
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'P0RBK';
    EXCEPTION
      WHEN SQLSTATE 'P0RBK' THEN NULL;
      WHEN OTHERS THEN RAISE WARNING 'case %: % after %', c.n, SQLERRM, statement;
    END;
  END LOOP;
END $$;
SELECT count(*) > 50 AS many FROM cases;
DROP TABLE cases;
DROP FUNCTION pg_temp.facts;
