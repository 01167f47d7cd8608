--
-- Enums: a type of their own, named as TypeORM names it
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT * FROM nextauth.extend_model('User', '[
  {"property": "role", "type": "enum", "enum": ["user", "admin"], "default": "user"},
  {"property": "accountState", "type": "simple-enum", "enum": ["new", "it''s", "a \"b\""], "nullable": true},
  {"property": "grants", "type": "enum", "enum": ["read", "write"], "array": true, "default": ["read", "write"]},
  {"property": "Level", "name": "Level", "type": "enum", "enum": [1, 2], "default": 1}
]');
SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder) AS labels,
  pg_get_userbyid(t.typowner) AS owner
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
GROUP BY t.oid, t.typname, t.typowner ORDER BY t.typname COLLATE "C";
SELECT property, column_default, definition FROM nextauth.model_columns WHERE is_custom;
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;

-- an object as TypeScript compiles an enum: its values, but not those of its
-- numeric keys
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{
  "plan": {"type": "enum", "enum": {"Free": "free", "Pro": "pro"}, "default": "free"},
  "rank": {"type": "enum", "enum": {"0": "Low", "1": "High", "Low": 0, "High": 1}, "nullable": true},
  "like": {"type": "enum", "enum": {"nan": "a", "inf": "b", "0x": "c", "1e": "d", "-1.5e3": "e", "0xFF": "f", " 1 ": "g", "": "h", "Infinity": "i"}, "nullable": true}
}');
SELECT property, definition -> 'enum' AS labels FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- a type of another name, which several columns can share
BEGIN;
SELECT * FROM nextauth.extend_model('Account', '[
  {"property": "first", "enum": ["a", "b"], "enumName": "Ab", "default": "a"},
  {"property": "second", "enum": ["a", "b"], "enumName": "Ab", "nullable": true}
]');
SELECT * FROM nextauth.extend_model('Session', '{"third": {"enum": ["a", "b"], "enumName": "Ab", "nullable": true}}');
SAVEPOINT s;
SELECT nextauth.extend_model('Session', '{"fourth": {"enum": ["a", "c"], "enumName": "Ab", "nullable": true}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('Session', '[
  {"property": "fifth", "enum": ["a"], "enumName": "X", "nullable": true},
  {"property": "sixth", "enum": ["b"], "enumName": "X", "nullable": true}
]');
ROLLBACK;

-- the type of a column stays its own when the table is renamed
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
ALTER TABLE nextauth.users RENAME TO people;
SELECT * FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
SELECT definition FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- also when the table is moved, and the type is not
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"mood": {"enum": ["happy", "sad"], "enumName": "mood", "nullable": true}}');
RESET ROLE;
CREATE SCHEMA regress_nextauth_app;
ALTER TABLE nextauth.users SET SCHEMA regress_nextauth_app;
SELECT * FROM nextauth.extend_model('User', '{"mood": {"enum": ["happy", "sad"], "enumName": "mood", "nullable": true}}');
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- an array of it is another column than one of it
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "array": true, "nullable": true}}');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "nullable": true}}');
ROLLBACK TO s;
-- one that is no enum is made of it by way of text
SELECT nextauth.extend_model('User', '{"role": {"type": "varchar", "array": true, "nullable": true}}');
ROLLBACK;

-- the type belongs to the owner of the table, whoever extends the model
RESET ROLE;
BEGIN;
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
SELECT pg_get_userbyid(typowner) FROM pg_type WHERE typname = 'users_role_enum';
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- what is no enum
SELECT nextauth.extend_model('User', '{"a": {"type": "enum"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": []}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": "x"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": [true]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x", "y", "x"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": [""]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x"], "default": "y"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x"], "array": true, "default": ["y"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x"], "defaultExpression": "''x''"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x"], "length": 5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "enum": ["x"]}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "enumName": "x"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "enum", "enum": ["x"], "enumName": "users"}}');
