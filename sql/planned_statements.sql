--
-- The statements that plan_model() returns, run by hand, are all that
-- extend_model() does to the table
--
SET ROLE regress_nextauth_owner;
SET timezone = 'UTC';
CREATE TEMP TABLE cases (
  number serial,
  -- what the model is extended by, and then is to be
  before jsonb,
  after jsonb,
  before_options jsonb DEFAULT '{}',
  after_options jsonb DEFAULT '{}'
);

-- Cases of a column, "a"
INSERT INTO cases (before, after)
SELECT jsonb_build_object('a', before::jsonb), jsonb_build_object('a', after::jsonb)
FROM (VALUES
  -- its type
  ('{"type": "varchar", "length": 5, "default": "x"}', '{"type": "varchar", "length": 20, "default": "x"}'),
  ('{"type": "varchar", "length": 5, "default": "x"}', '{"type": "varchar", "default": "y"}'),
  ('{"type": "varchar", "length": 5, "default": "x"}', '{"type": "text"}'),
  ('{"type": "text", "default": "x", "unique": true}',
   '{"type": "varchar", "length": 1, "default": "x", "unique": true}'),
  ('{"type": "text", "default": "x"}', '{"type": "char", "length": 2, "default": "y"}'),
  ('{"type": "int", "default": 1}', '{"type": "bigint", "default": 1}'),
  ('{"type": "int", "default": 1, "unique": true}',
   '{"type": "numeric", "precision": 6, "scale": 2, "unique": true, "default": 1}'),
  ('{"type": "numeric", "precision": 6, "scale": 2, "default": 1}',
   '{"type": "numeric", "precision": 8, "scale": 2, "default": 1}'),
  ('{"type": "numeric", "precision": 6, "scale": 2, "default": 1}', '{"type": "int", "default": 1}'),
  ('{"type": "int", "default": 1}', '{"type": "boolean", "default": true}'),
  ('{"type": "text", "default": "1"}', '{"type": "int", "default": 1}'),
  ('{"type": "text", "default": "f"}', '{"type": "boolean", "default": false}'),
  ('{"type": "timestamp", "precision": 0, "defaultExpression": "now()"}',
   '{"type": "timestamp", "precision": 3, "defaultExpression": "now()"}'),
  ('{"type": "timestamp", "defaultExpression": "''2020-02-02''::timestamptz"}',
   '{"type": "timestamp without time zone", "defaultExpression": "now()"}'),
  ('{"type": "json", "default": {"k": 1}}', '{"type": "jsonb", "default": {"k": 2}}'),
  ('{"type": "varchar", "array": true, "default": ["x", "y z"]}', '{"type": "text", "array": true, "default": []}'),
  ('{"type": "bit", "length": 4, "default": "1010", "unique": true}',
   '{"type": "varbit", "default": "1010", "unique": true}'),
  ('{"type": "text", "default": "x", "unique": true}',
   '{"type": "text", "default": "x", "unique": true, "collation": "C"}'),
  ('{"type": "text", "default": "x", "collation": "C"}', '{"type": "varchar", "default": "x"}'),
  -- what else it has
  ('{"type": "text", "default": "x"}', '{"type": "text", "nullable": true}'),
  ('{"type": "text", "nullable": true, "default": "x"}', '{"type": "text"}'),
  ('{"type": "text", "nullable": true}', '{"type": "text", "nullable": true, "default": "it''s \\ \"quoted\""}'),
  ('{"type": "text", "nullable": true}',
   '{"type": "text", "nullable": true, "unique": true, "comment": "it''s \\ \"quoted\""}'),
  ('{"type": "text", "nullable": true, "unique": true, "comment": "c"}', '{"type": "text", "nullable": true}'),
  ('{"type": "text", "nullable": true}', '{"type": "text", "nullable": true, "select": false}'),
  -- an enum
  ('{"enum": ["x", "y"], "default": "x"}', '{"enum": ["w", "x", "it''s", "y", "z"], "default": "y"}'),
  ('{"enum": ["x", "y"], "array": true, "default": ["x"]}',
   '{"enum": ["x", "y", "z"], "array": true, "default": ["y"]}'),
  ('{"enum": ["x", "y"], "default": "x"}', '{"type": "text", "default": "x"}'),
  ('{"type": "text", "default": "x"}', '{"enum": ["x", "y"], "default": "y"}'),
  ('{"type": "text", "array": true, "default": ["x"]}', '{"enum": ["x", "y"], "array": true, "default": ["y"]}'),
  ('{"enum": ["x", "y"], "default": "x"}', '{"enum": ["y", "x"], "enumName": "E", "default": "x"}'),
  -- generated
  ('{"type": "int", "default": 7}', '{"type": "int", "generated": "increment"}'),
  ('{"type": "int", "default": 7}', '{"type": "bigint", "generated": "identity"}'),
  ('{"type": "text", "default": "7"}', '{"type": "int", "generated": "increment"}'),
  ('{"type": "int", "generated": "increment"}', '{"type": "bigint", "generated": "increment"}'),
  ('{"type": "int", "generated": "increment"}', '{"type": "int", "generated": "identity"}'),
  ('{"type": "int", "generated": "identity"}', '{"type": "int", "generated": "increment"}'),
  ('{"type": "int", "generated": "identity"}', '{"type": "bigint", "generated": "identity"}'),
  ('{"type": "int", "generated": "increment"}', '{"type": "int", "default": 1}'),
  ('{"type": "int", "generated": "identity"}', '{"type": "text", "nullable": true}'),
  ('{"type": "uuid", "nullable": true}', '{"generated": "uuid", "nullable": true}'),
  -- a foreign key
  ('{"type": "int", "nullable": true}', '{"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}'),
  ('{"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}',
   '{"type": "int", "nullable": true, "foreignKey":
     {"target": "User", "onDelete": "CASCADE", "deferrable": "INITIALLY DEFERRED", "name": "mine"}}'),
  ('{"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}', '{"type": "bigint", "nullable": true}'),
  ('{"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}',
   '{"type": "bigint", "nullable": true, "foreignKey": {"target": "Account"}}')
) c (before, after);

-- Cases of "b", computed from a
INSERT INTO cases (before, after)
SELECT '{"a": {"type": "text", "default": "x"}}' || jsonb_build_object('b', before::jsonb),
  '{"a": {"type": "text", "default": "x"}}' || jsonb_build_object('b', after::jsonb)
FROM (VALUES
  ('{"type": "text", "unique": true, "comment": "c", "asExpression": "upper(a)", "generatedType": "STORED"}',
   '{"type": "text", "unique": true, "comment": "c", "asExpression": "lower(a)", "generatedType": "STORED"}'),
  ('{"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}',
   '{"type": "int", "asExpression": "length(a)", "generatedType": "STORED"}'),
  ('{"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}',
   '{"type": "varchar", "length": 3, "default": "y"}')
) c (before, after);
INSERT INTO cases (before, after) VALUES
  ('{"a": {"type": "text", "default": "x"}}',
   '{"a": {"type": "text", "default": "x"},
     "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}'),
  -- other names, several columns, columns that share an enum type
  ('{"a\"b c": {"type": "text", "nullable": true}}',
   '{"a\"b c": {"type": "varchar", "length": 9, "nullable": true, "unique": true, "default": "$$;--",
     "comment": "x"}}'),
  ('{}',
   '{"a": {"type": "int", "default": 1}, "b": {"type": "text", "nullable": true, "unique": true},
     "c": {"generated": "uuid"}, "d": {"type": "int", "generated": true}}'),
  ('{"a": {"enum": ["x"], "enumName": "E", "default": "x"}, "b": {"enum": ["x"], "enumName": "E", "default": "x"}}',
   '{"a": {"enum": ["x", "y"], "enumName": "E", "default": "x"},
     "b": {"enum": ["x", "y"], "enumName": "E", "default": "x"}}'),
  -- a built-in column
  ('{}',
   '{"name": {"type": "varchar", "nullable": true, "length": 50, "default": "x", "unique": true, "comment": "c"}}'),
  ('{"name": {"type": "varchar", "nullable": true, "length": 50, "default": "x", "unique": true, "comment": "c"}}',
   '{"name": {"type": "varchar", "nullable": true, "length": "", "default": null, "unique": false, "comment": ""}}');

-- Cases of indices, uniques and checks
INSERT INTO cases (before, after, before_options, after_options)
SELECT '{"a": {"type": "int", "default": 1}, "b": {"type": "int", "default": 1}}', '{}', before::jsonb, after::jsonb
FROM (VALUES
  ('{}',
   '{"indices": [{"columns": ["a", "b"]}, {"columns": ["b"], "unique": true, "where": "a > 0"}],
     "uniques": [{"columns": ["b", "a"]}, {"columns": ["a"], "deferrable": "INITIALLY DEFERRED"}],
     "checks": [{"expression": "a < 9"}]}'),
  ('{"indices": [{"name": "i", "columns": ["a", "b"]}],
     "uniques": [{"name": "u", "columns": ["a", "b"]}],
     "checks": [{"name": "c", "expression": "a < 9"}]}',
   '{"indices": [{"name": "i", "columns": ["b"], "unique": true}],
     "uniques": [{"name": "u", "columns": ["b", "a"], "deferrable": "INITIALLY IMMEDIATE"}],
     "checks": [{"name": "c", "expression": "a > 0"}]}'),
  ('{"indices": [{"name": "i", "columns": ["a", "b"]}]}', '{"uniques": [{"name": "i", "columns": ["a", "b"]}]}'),
  ('{"uniques": [{"name": "i", "columns": ["a", "b"]}]}', '{"indices": [{"name": "i", "columns": ["a", "b"]}]}')
) c (before, after);
-- of a computed column
INSERT INTO cases (before, after, before_options, after_options)
SELECT '{"a": {"type": "text", "default": "x"},
    "b": {"type": "text", "asExpression": "upper(a)", "generatedType": "STORED"}}',
  '{"b": {"type": "text", "asExpression": "lower(a)", "generatedType": "STORED"}}', options, options
FROM jsonb('{"indices": [{"columns": ["b", "a"]}], "checks": [{"expression": "b <> ''''"}]}') options;

-- All that PostgreSQL holds of the table and its like
CREATE FUNCTION pg_temp.facts() RETURNS text LANGUAGE sql AS $$
  SELECT jsonb_agg(fact ORDER BY fact::text)::text FROM (
    SELECT to_jsonb(a) - 'attacl' || jsonb_build_object(
      'default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(attrelid, attnum)) AS fact
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
    WHERE attrelid = 'nextauth.users'::regclass
    UNION ALL SELECT to_jsonb(c) FROM pg_constraint c WHERE conrelid = 'nextauth.users'::regclass
    UNION ALL SELECT to_jsonb(i) - 'indcheckxmin' FROM pg_index i WHERE indrelid = 'nextauth.users'::regclass
    UNION ALL SELECT jsonb_build_object('class', relname, 'file', relfilenode)
      FROM pg_class WHERE relnamespace = 'nextauth'::regnamespace
    UNION ALL SELECT to_jsonb(e) FROM pg_enum e
  ) facts $$;

-- Runs the statements of a case by hand, then extend_model(), and undoes both.
-- Returns what extend_model() had still to do to the table.
CREATE FUNCTION pg_temp.left_over(c cases) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  statement text := 'extend_model() before';
  facts text;
  result text := 'nothing';
BEGIN
  PERFORM nextauth.extend_model('User', c.before, c.before_options);
  INSERT INTO nextauth.users DEFAULT VALUES;
  SET CONSTRAINTS ALL IMMEDIATE;
  FOR statement IN SELECT p.statement FROM nextauth.plan_model('User', c.after, c.after_options) p ORDER BY step LOOP
    EXECUTE statement;
  END LOOP;
  facts := pg_temp.facts();
  IF EXISTS (SELECT FROM nextauth.plan_model('User', c.after, c.after_options)) THEN
    result := 'by its plan: ' ||
      (SELECT string_agg(p.statement, '; ') FROM nextauth.plan_model('User', c.after, c.after_options) p);
  END IF;
  PERFORM nextauth.extend_model('User', c.after, c.after_options);
  IF facts <> pg_temp.facts() OR (SELECT action = 'extend_model' AND statements <> '{}' FROM nextauth.model_changes
      WHERE model = 'User' AND version > 1 ORDER BY version DESC LIMIT 1) THEN
    result := 'more than its plan says';
  END IF;
  IF EXISTS (SELECT FROM nextauth.extend_model('User', c.after, c.after_options) WHERE action <> 'unchanged') THEN
    result := 'the same again';
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'UNDO1';
EXCEPTION
  WHEN SQLSTATE 'UNDO1' THEN RETURN result;
  WHEN OTHERS THEN RETURN SQLERRM || ' after ' || statement;
END $$;
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE TEMP TABLE results ON COMMIT DROP AS SELECT c.*, pg_temp.left_over(c) FROM cases c ORDER BY number;
SELECT left_over, count(*) FROM results GROUP BY left_over;
-- in which cases something is
SELECT left_over, before, before_options, after, after_options
FROM results WHERE left_over <> 'nothing' ORDER BY number;
ROLLBACK;
