--
-- What TypeORM's entity options say beside columns: indices, uniques, checks;
-- and the foreign keys of columns
--
SET ROLE regress_nextauth_owner;

--
-- Indices, uniques and checks
--
-- they have the names that TypeORM gives them
BEGIN;
SELECT * FROM nextauth.extend_model('User', '[
  {"property": "firstName", "type": "text", "nullable": true},
  {"property": "lastName", "type": "text", "nullable": true},
  {"property": "age", "type": "int", "nullable": true}
]', '{
  "indices": [
    {"columns": ["lastName", "firstName"]},
    {"columns": ["age"], "where": "age > 17"},
    {"columns": ["firstName", "email"], "unique": true},
    {"name": "by age", "columns": ["age"]}
  ],
  "uniques": [
    {"columns": ["firstName", "age"]},
    {"name": "one of a name", "columns": ["lastName", "firstName"], "deferrable": "INITIALLY DEFERRED"}
  ],
  "checks": [
    {"expression": "age > 0"},
    {"name": "named", "expression": "first_name IS NOT NULL OR last_name IS NOT NULL OR age IS NULL"}
  ]
}');
\d nextauth.users
-- again, nothing changes
SELECT * FROM nextauth.extend_model('User', '{}', '{
  "indices": [
    {"columns": ["lastName", "firstName"]},
    {"columns": ["age"], "where": "age > 17"},
    {"columns": ["firstName", "email"], "unique": true},
    {"name": "by age", "columns": ["age"]}
  ],
  "uniques": [
    {"columns": ["firstName", "age"]},
    {"name": "one of a name", "columns": ["lastName", "firstName"], "deferrable": "INITIALLY DEFERRED"}
  ],
  "checks": [
    {"expression": "age > 0"},
    {"name": "named", "expression": "first_name IS NOT NULL OR last_name IS NOT NULL OR age IS NULL"}
  ]
}');
-- they hold
SAVEPOINT s;
\set VERBOSITY terse
INSERT INTO nextauth.users (age) VALUES (0);
ROLLBACK TO s;
INSERT INTO nextauth.users (age) VALUES (1);
ROLLBACK TO s;
INSERT INTO nextauth.users (first_name, last_name) VALUES ('Ada', 'Byron'), ('Ada', 'Byron');
SET CONSTRAINTS ALL IMMEDIATE;
\set VERBOSITY default
ROLLBACK TO s;
-- what a definition leaves out stays
SELECT * FROM nextauth.extend_model('User', '{}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [], "checks": []}');
-- the catalog gives them back, as extend_model() and as TypeORM takes them
SELECT jsonb_pretty(options) FROM nextauth.custom_models;
SELECT x.action, count(*) FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) x GROUP BY x.action;
SELECT nextauth.entity_schema(model) @> options AS as_typeorm FROM nextauth.custom_models;
CREATE TEMP TABLE kept AS SELECT * FROM nextauth.custom_models;
CREATE TEMP TABLE facts AS SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass
  UNION SELECT NULL, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass;
-- so they can be made again elsewhere
DROP INDEX nextauth."IDX_dabb232d5fffe04fe8124f811f";
SELECT count(*) FROM nextauth.drop_properties('User', 'firstName', 'lastName', 'age');
SELECT x.action, count(*) FROM kept m, nextauth.extend_model(m.model, m.columns, m.options) x GROUP BY x.action;
SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass
  UNION SELECT NULL, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass
  EXCEPT SELECT * FROM facts;
ROLLBACK;

-- one of a name is changed to what is defined, one without a name is another
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}, "b": {"type": "int", "nullable": true}}', '{
  "indices": [{"name": "i", "columns": ["a"]}, {"columns": ["a", "b"]}],
  "uniques": [{"name": "u", "columns": ["a", "b"]}],
  "checks": [{"name": "c", "expression": "a > 0"}, {"expression": "b > 0"}]
}');
SELECT * FROM nextauth.extend_model('User', '{}', '{
  "indices": [{"name": "i", "columns": ["b"], "unique": true, "where": "a > 0"}, {"columns": ["b", "a"]}],
  "uniques": [{"name": "u", "columns": ["a", "b"], "deferrable": "INITIALLY IMMEDIATE"}],
  "checks": [{"name": "c", "expression": "a > 1"}, {"expression": "b > 1"}]
}');
SELECT options FROM nextauth.custom_models;
SELECT statements FROM nextauth.model_changes ORDER BY version DESC LIMIT 1;
-- also to something else of that name
SELECT * FROM nextauth.extend_model('User', '{}', '{"uniques": [{"name": "i", "columns": ["a"]}], "indices": [{"name": "u", "columns": ["b"]}]}');
SELECT options -> 'indices' AS indices, options -> 'uniques' AS uniques FROM nextauth.custom_models;
ROLLBACK;

-- one that is there under another name is what an unnamed definition means
BEGIN;
ALTER TABLE nextauth.users ADD CONSTRAINT by_hand UNIQUE (name, email), ADD CONSTRAINT ok CHECK (name <> '');
CREATE INDEX my_index ON nextauth.users (name);
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"]}], "uniques": [{"columns": ["name", "email"]}], "checks": [{"expression": "name <> ''''"}]}');
ROLLBACK;

-- a UNIQUE constraint of one column is the column's "unique"
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}', '{"uniques": [{"columns": ["a"]}]}');
SELECT * FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "unique": true}}');
SELECT * FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}', '{"uniques": [{"columns": ["a"], "deferrable": "INITIALLY DEFERRED"}]}');
SELECT * FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}', '{"uniques": [{"columns": ["a"], "deferrable": "INITIALLY DEFERRED"}]}');
SELECT columns, options FROM nextauth.custom_models;
SELECT * FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}');
SELECT columns, options FROM nextauth.custom_models;
ROLLBACK;

-- one that PostgreSQL has yet to check is checked
BEGIN;
ALTER TABLE nextauth.users ADD CONSTRAINT "no name" CHECK (name <> '') NOT VALID;
SELECT * FROM nextauth.extend_model('User', '{}', '{"checks": [{"expression": "name <> ''''"}]}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"checks": [{"expression": "name <> ''''"}]}');
SELECT convalidated FROM pg_constraint WHERE conname = 'no name';
ROLLBACK;

-- several models in one call
BEGIN;
SELECT * FROM nextauth.extend_models('{
  "User": {"columns": {"a": {"type": "int", "nullable": true}}, "indices": [{"columns": ["a"]}]},
  "Account": {"columns": {}, "checks": [{"expression": "provider_id <> ''''"}]},
  "Session": {"columns": {}, "uniques": [{"columns": ["userId", "expires"]}]}
}');
ROLLBACK;
-- what is built in has indexes already
SELECT * FROM nextauth.extend_model('Account', '{}', '{"indices": [{"columns": ["userId"]}, {"name": "providerId", "columns": ["providerId"]}]}');

-- what is none
SELECT nextauth.extend_model('User', '{}', '[]');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '1');
SELECT nextauth.extend_model('User', '{}', NULL);
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indexes": []}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"columns": {"a": {"type": "int"}}}');
SELECT nextauth.extend_model('User', '{}', '{"indices": {}}');
SELECT nextauth.extend_model('User', '{}', '{"indices": null}');
SELECT nextauth.extend_model('User', '{}', '{"indices": ["name"]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"colums": ["name"]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "spatial": true}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": "name"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": []}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [1]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "unique": "yes"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "name": 1}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "name": ""}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', format('{"indices": [{"columns": ["name"], "name": "%s"}]}', repeat('x', 64))::jsonb);
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["nme"]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["email_verified"]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"]}, {"columns": ["name"]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "where": "nme > 1"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "where": "name"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "where": ""}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "where": "created_at < now()"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["id"], "name": "PK_a3ffb1c0c8416b9fc6f907b7433"}]}');
\echo :SQLSTATE
-- what is built in keeps its meaning
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["email"], "name": "UQ_97672ac88f789774dd47f7c8be3"}]}');
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["email"], "deferrable": "INITIALLY DEFERRED"}]}');
SELECT nextauth.extend_model('Account', '{}', '{"indices": [{"columns": ["providerId"], "name": "userId"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name"], "name": "accounts"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["name"], "where": "true"}]}');
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["name", "name"]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["name"], "deferrable": true}]}');
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["name"], "deferrable": "sometimes"}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"name": "c"}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expresion": "true"}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": true}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "true"}, {"expression": "true"}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "nme <> ''''"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "name"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "true) NOT VALID; DROP TABLE nextauth.users; --"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "true, false"}]}');
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "(SELECT count(*) FROM nextauth.users) < 9"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "count(*) > 1"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "$1 > 1"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_models('{"User": {"columns": {}, "index": []}}');
SELECT nextauth.extend_models('{"User": {"indices": []}}');
-- expressions of every sort are what they were when they are defined again
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"c": {"type": "char", "length": 3, "nullable": true}, "v": {"type": "varchar", "nullable": true}, "n": {"type": "smallint", "nullable": true}, "t": {"type": "text", "array": true, "nullable": true}, "j": {"type": "jsonb", "nullable": true}, "\"q\"": {"type": "int", "nullable": true}}');
CREATE FUNCTION pg_temp.define(expression text, OUT action text, OUT again text, OUT stored text) LANGUAGE plpgsql AS $$
DECLARE
  options jsonb = jsonb_build_object('checks', jsonb_build_array(jsonb_build_object('expression', expression)));
BEGIN
  SELECT x.action INTO action FROM nextauth.extend_model('User', '{}', options) x;
  SELECT x.action, x.column_name INTO again, stored FROM nextauth.extend_model('User', '{}', options) x;
  SELECT pg_get_constraintdef(oid) INTO stored FROM pg_constraint WHERE conname = stored;
END $$;
SELECT expression, d.* FROM unnest(ARRAY[
  'v IN (''a'', ''b'')', 'c IN (''a'', ''b'')', 'n IN (1, 2)', 'n BETWEEN -1 AND - 2', 'NOT NOT n = 1', 'v LIKE ''a%''', 'v ~* ''^[a-z]+$''',
  'n::int % 2 = 1', 't[1] = ''x'' AND ''y'' = ANY (t)', 'j ->> ''k'' = ''it''''s''', 'CASE WHEN n > 1 THEN v IS NOT NULL ELSE true END',
  'created_at > ''2020-02-02''', 'created_at > timestamp ''2020-02-02''', 'COALESCE(v, c) <> ''''', '"""q""" > 1', 'users.n > 1',
  'v COLLATE "C" < ''b''', 'n = 1.0', 'ROW(n, v) = ROW(1, ''x'')', 'length(v) < 9 -- short', '(((n))) > ((2))', 'users IS NOT NULL',
  'n > 1 AND n < 5 AND n <> 3', 'interval ''1 day'' > ''1 hour''', 'v = lower(v)', 'true', 'NULL'
]) expression, pg_temp.define(expression) d;
DROP FUNCTION pg_temp.define;
ROLLBACK;

--
-- Foreign keys
--
RESET ROLE;
CREATE SCHEMA "Regress Nextauth";
CREATE TABLE "Regress Nextauth"."My Team" (id int PRIMARY KEY);
CREATE TABLE "Regress Nextauth".pair (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE "Regress Nextauth".keyless (id int UNIQUE);
CREATE TABLE "Regress Nextauth".private (id int PRIMARY KEY);
GRANT USAGE ON SCHEMA "Regress Nextauth" TO regress_nextauth_owner;
GRANT REFERENCES ON "Regress Nextauth"."My Team" TO regress_nextauth_owner;
INSERT INTO "Regress Nextauth"."My Team" VALUES (1), (2);
SET ROLE regress_nextauth_owner;
BEGIN;
CREATE TABLE nextauth.group (key text PRIMARY KEY);
SELECT * FROM nextauth.extend_model('Account', '[
  {"property": "owner", "type": "int", "nullable": true, "foreignKey": {"target": "User"}},
  {"property": "parent", "type": "int", "nullable": true, "foreignKey": {"target": "Account", "onDelete": "CASCADE", "onUpdate": "RESTRICT", "deferrable": "INITIALLY DEFERRED"}},
  {"property": "group", "type": "text", "nullable": true, "foreignKey": {"target": "group", "onDelete": "SET NULL", "onUpdate": "CASCADE"}},
  {"property": "team", "type": "int", "default": 1, "foreignKey": {"target": "\"Regress Nextauth\".\"My Team\"", "onDelete": "SET DEFAULT", "onUpdate": "SET DEFAULT", "name": "my \"team\"", "deferrable": "INITIALLY IMMEDIATE"}},
  {"property": "none", "type": "int", "nullable": true, "foreignKey": {"target": "nextauth.users", "onDelete": "NO ACTION", "onUpdate": "NO ACTION"}}
]');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'nextauth.accounts'::regclass AND contype = 'f' ORDER BY 1;
SELECT x.property, x.action FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) x;
SELECT key, value -> 'foreignKey' AS foreign_key FROM nextauth.custom_models, jsonb_each(columns);
SELECT jsonb_pretty(nextauth.entity_schema('Account') -> 'relations');
-- changed, renamed, gone
SELECT property, action FROM nextauth.extend_model('Account', '[
  {"property": "owner", "type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "CASCADE"}},
  {"property": "parent", "type": "int", "nullable": true, "foreignKey": {"target": "User", "name": "mine"}},
  {"property": "group", "type": "text", "nullable": true, "foreignKey": {"target": "group", "onDelete": "SET NULL", "onUpdate": "CASCADE", "name": "another"}},
  {"property": "team", "type": "int", "default": 1, "foreignKey": {"target": "\"Regress Nextauth\".\"My Team\"", "onDelete": "SET DEFAULT", "onUpdate": "SET DEFAULT", "deferrable": "INITIALLY IMMEDIATE"}},
  {"property": "none", "type": "int", "nullable": true}
]');
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'nextauth.accounts'::regclass AND contype = 'f' ORDER BY 1;
SELECT DISTINCT x.action FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) x;
-- one that is not validated is
ALTER TABLE nextauth.accounts DROP CONSTRAINT mine, ADD CONSTRAINT mine FOREIGN KEY (parent) REFERENCES nextauth.users NOT VALID;
SELECT action FROM nextauth.extend_model('Account', '{"parent": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "name": "mine"}}}');
SELECT convalidated FROM pg_constraint WHERE conname = 'mine';
SELECT action FROM nextauth.extend_model('Account', '{"parent": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "name": "mine"}}}');
-- of several it is the one that is defined
ALTER TABLE nextauth.accounts ADD CONSTRAINT a FOREIGN KEY (parent) REFERENCES nextauth.accounts, ADD CONSTRAINT z FOREIGN KEY (parent) REFERENCES nextauth.accounts;
SELECT action FROM nextauth.extend_model('Account', '{"parent": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "name": "mine"}}}');
SELECT action FROM nextauth.extend_model('Account', '{"parent": {"type": "int", "nullable": true}}');
SELECT action FROM nextauth.extend_model('Account', '{"parent": {"type": "int", "nullable": true}}');
ROLLBACK;
-- the other model of the call may be what it refers to
BEGIN;
SELECT model, property, action FROM nextauth.extend_models('{
  "Account": {"columns": {"owner": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}},
  "User": {"columns": {"main": {"type": "int", "nullable": true, "foreignKey": {"target": "Account"}}}}
}');
ROLLBACK;

-- what is none
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": true}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": 1}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelte": "CASCADE"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "inverseSide": "users"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "cascade"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onUpdate": "DEFAULT"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "deferrable": "yes"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "name": ""}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "Users"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "nowhere.users"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": ""}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "a.b.c.d"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "\"Regress Nextauth\".pair"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "\"Regress Nextauth\".keyless"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "models"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "users_id_seq"}}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "array": true, "nullable": true, "foreignKey": {"target": "User"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "uuid", "nullable": true, "foreignKey": {"target": "User"}}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "\"Regress Nextauth\".private"}}}');
\echo :SQLSTATE
-- to say what would be done needs no right on the other table
SELECT cost FROM nextauth.plan_model('User', '{"a": {"type": "int", "nullable": true, "foreignKey": {"target": "\"Regress Nextauth\".private"}}}');
-- nor does it take more than REFERENCES to be done
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "int", "default": 1}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "int", "default": 1, "foreignKey": {"target": "\"Regress Nextauth\".\"My Team\""}}}');
ROLLBACK;
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA "Regress Nextauth" CASCADE;
RESET client_min_messages;
SET ROLE regress_nextauth_owner;
