--
-- Defaults: a literal of any JSON kind, or an expression
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "string", "type": "varchar", "default": "it''s \"quoted\" and \\ back"},
  {"property": "empty", "type": "varchar", "default": ""},
  {"property": "injection", "type": "text", "default": "''); DROP TABLE nextauth.users; --"},
  {"property": "number", "type": "int", "default": -5},
  {"property": "fraction", "type": "numeric", "precision": 12, "scale": 2, "default": 1.5},
  {"property": "float", "type": "float8", "default": 1.5},
  {"property": "large", "type": "bigint", "default": 9007199254740993},
  {"property": "true", "type": "boolean", "default": true},
  {"property": "true as string", "type": "boolean", "default": "true"},
  {"property": "null", "type": "text", "default": null},
  {"property": "object", "type": "jsonb", "default": {"theme": "dark", "it''s": [1, null]}},
  {"property": "list", "type": "json", "default": [1, 2]},
  {"property": "json text", "type": "jsonb", "default": "{}"},
  {"property": "json string", "type": "jsonb", "default": "\"text\""},
  {"property": "array", "type": "text", "array": true, "default": ["a", "b,c", "d\"e", "f\\g", "", "NULL", null]},
  {"property": "numbers", "type": "int", "array": true, "default": [1, 2]},
  {"property": "matrix", "type": "int", "array": true, "default": [[1, 2], [3, 4]]},
  {"property": "no elements", "type": "text", "array": true, "default": []},
  {"property": "array text", "type": "text", "array": true, "default": "{a,b}"},
  {"property": "boxes", "type": "box", "array": true, "default": ["(1,2),(3,4)", "(5,6),(7,8)"]},
  {"property": "json as written", "type": "json", "default": "{\"b\":1,  \"a\":2}"},
  {"property": "sequence", "type": "int", "defaultExpression": "nextval(''nextauth.users_id_seq'')"},
  {"property": "objects", "type": "jsonb", "array": true, "default": [{"a": 1}, [2]]},
  {"property": "simple array", "type": "simple-array", "default": ["a", "b"]},
  {"property": "simple json", "type": "simple-json", "default": {"a": 1}},
  {"property": "date", "type": "date", "default": "2024-02-29"},
  {"property": "expression", "type": "timestamp", "defaultExpression": "now()"},
  {"property": "comment", "type": "int", "defaultExpression": "1 + 1 -- two"},
  {"property": "no default", "type": "int", "nullable": true, "defaultExpression": "NULL"}
]');
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
SELECT k.key AS column, k.value
FROM nextauth.users u, jsonb_each(to_jsonb(u)) k
WHERE k.key NOT IN ('id', 'name', 'email', 'email_verified', 'image', 'created_at', 'updated_at', 'expression', 'sequence')
ORDER BY k.key COLLATE "C";
-- what is described makes the same again
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
SELECT x.action, count(*)
FROM nextauth.extend_model('User', nextauth.entity_schema('User') -> 'columns') x
GROUP BY x.action;
-- to TypeORM every default is described so that it finds the database equal:
-- as a literal, or as the expression that it reads
SELECT property, column_default,
  definition -> 'default' AS "default", definition ->> 'defaultExpression' AS expression
FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- the standard's date and time values are written as TypeORM writes them
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "a", "type": "timestamp", "defaultExpression": "CURRENT_TIMESTAMP"},
  {"property": "b", "type": "timestamp", "defaultExpression": "CURRENT_TIMESTAMP(3)"},
  {"property": "c", "type": "date", "defaultExpression": "CURRENT_DATE"},
  {"property": "d", "type": "time", "defaultExpression": "LOCALTIME"},
  {"property": "e", "type": "timestamp", "precision": 3, "defaultExpression": "current_timestamp + interval ''1 day''"},
  {"property": "f", "type": "text", "defaultExpression": "CURRENT_USER"}
]');
SELECT property, column_default FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- an expression that PostgreSQL reads as something simpler once it is printed
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"minus": {"type": "varchar", "defaultExpression": "operator(pg_catalog.-) 1"}}');
SELECT action FROM nextauth.extend_model('User', '{"minus": {"type": "varchar", "defaultExpression": "operator(pg_catalog.-) 1"}}');
ROLLBACK;

-- a literal is read by the settings of the session, and kept so that every
-- session reads the same
BEGIN;
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL extra_float_digits = -10;
SET LOCAL quote_all_identifiers = on;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "day": {"type": "date", "default": "02/01/2020"},
  "moment": {"type": "timestamptz", "default": "2020-01-02 00:00:00+00"},
  "while": {"type": "interval", "default": "-1 2:03:04"},
  "ratio": {"type": "float8", "default": 0.12345678901234568},
  "token": {"generated": "uuid"}
}');
SELECT property, definition FROM nextauth.model_columns WHERE is_custom ORDER BY property;
RESET datestyle;
RESET timezone;
RESET intervalstyle;
RESET extra_float_digits;
RESET quote_all_identifiers;
SELECT property, definition FROM nextauth.model_columns WHERE is_custom ORDER BY property;
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;

-- what is no default of the type
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "default": "abc"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "default": 1.5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "smallint", "default": 40000}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 3, "default": "abcd"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "default": true}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "boolean", "default": "maybe"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "jsonb", "default": "text"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "simple-json", "default": "text"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "simple-json", "defaultExpression": "''text''"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "simple-array", "default": ["a,b"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "array": true, "default": {"a": 1}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "array": true, "default": ["x"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "uuid", "generated": "uuid", "default": "x"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": false, "default": null}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "default": 1, "defaultExpression": "1"}}');
-- a time that would be fixed at the time of this call
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "default": "now()"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "date", "array": true, "default": ["today"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "tstzrange", "default": "[ NOW ,]"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "date", "defaultExpression": "''now''"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "date", "defaultExpression": "''today 10:00''::date"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "defaultExpression": "''now''::timestamptz"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "defaultExpression": "date_trunc(''day'', timestamptz ''now'') + ''1 day''"}}');

-- what is not exactly one expression, or none that a default may be
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": ""}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1 +"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1, 2"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1) + (2"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1 AS b"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "id FROM nextauth.users"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1 UNION SELECT 2"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1; DROP TABLE nextauth.users"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "1), ADD COLUMN b int DEFAULT (2"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "(SELECT 1)"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "id"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "count(*)"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "no_such_function()"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "now()"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "defaultExpression": "$1"}}');
SELECT count(*) FROM nextauth.custom_column;
