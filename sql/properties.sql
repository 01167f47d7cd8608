--
-- rename_property() and drop_properties()
--
SET ROLE regress_nextauth_owner;

--
-- A property gets another name, and its column with it; its data stays
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "comment": "what friends say"}}');
INSERT INTO nextauth.users (nick) VALUES ('ada');
SELECT * FROM nextauth.rename_property('User', 'nick', 'screenName');
SELECT screen_name FROM nextauth.users;
SELECT property, column_name, comment FROM nextauth.model_columns WHERE is_custom;
SELECT * FROM nextauth.extend_model('User', '{"screenName": {"type": "text", "nullable": true, "comment": "what friends say"}}');
-- the column stays if it never was the property's, or is said to
SELECT * FROM nextauth.rename_property('User', 'screenName', 'handle', 'screen_name');
SELECT * FROM nextauth.rename_property('User', 'handle', 'screenname');
SELECT * FROM nextauth.extend_model('User', '{"screenname": {"type": "text", "nullable": true, "name": "screen_name", "comment": "what friends say"}}');
-- or gets the given name
SELECT * FROM nextauth.rename_property('User', 'screenname', 'screenname', 'Screen "Name"');
SELECT * FROM nextauth.rename_property('User', 'screenname', 'it''s', 'Screen "Name"');
SELECT * FROM nextauth.rename_property('User', 'it''s', 'it''s', 'Screen "Name"');
SELECT * FROM nextauth.rename_property('User', 'it''s', 'ada', 'ada');
SELECT ada FROM nextauth.users;
SELECT version, action, changes, statements FROM nextauth.model_changes ORDER BY version;
ROLLBACK;

-- whatever TypeORM names after the column has a new name, too
BEGIN;
CREATE TABLE nextauth.team (id int PRIMARY KEY);
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "roles", "enum": ["user", "admin"], "array": true, "nullable": true},
  {"property": "n", "type": "int", "generated": "increment"},
  {"property": "i", "type": "int", "generated": "identity", "unique": true},
  {"property": "team", "type": "int", "nullable": true, "foreignKey": {"target": "team"}},
  {"property": "key", "type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}
]', '{
  "indices": [{"columns": ["n", "role"]}, {"columns": ["i"], "where": "i > 0"}, {"name": "mine", "columns": ["n"]}],
  "uniques": [{"columns": ["role", "n"]}],
  "checks": [{"expression": "n > 0"}]
}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT r.* FROM (VALUES ('role', 'rank'), ('roles', 'ranks'), ('n', 'number'), ('i', 'order'), ('team', 'squad'), ('key', 'lower')) v (old, new),
  nextauth.rename_property('User', old, new) r;
SELECT statements FROM nextauth.model_changes ORDER BY version;
SELECT property, action FROM nextauth.extend_model('User', '[
  {"property": "rank", "enum": ["user", "admin"], "default": "user"},
  {"property": "ranks", "enum": ["user", "admin"], "array": true, "nullable": true},
  {"property": "number", "type": "int", "generated": "increment"},
  {"property": "order", "type": "int", "generated": "identity", "unique": true},
  {"property": "squad", "type": "int", "nullable": true, "foreignKey": {"target": "team"}},
  {"property": "lower", "type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}
]', '{
  "indices": [{"columns": ["number", "rank"]}, {"columns": ["order"], "where": "\"order\" > 0"}, {"name": "mine", "columns": ["number"]}],
  "uniques": [{"columns": ["rank", "number"]}],
  "checks": [{"expression": "number > 0"}]
}');
-- the names are those that new columns would have, but for those of expressions,
-- which TypeORM names by the author's letters
CREATE TEMP TABLE names AS SELECT conname AS name FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype <> 'n'
  UNION SELECT relname FROM pg_class, pg_index WHERE indrelid = 'nextauth.users'::regclass AND indexrelid = pg_class.oid
  UNION SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'nextauth'::regnamespace
  UNION SELECT typname FROM pg_type WHERE typtype = 'e';
SELECT count(*) FROM nextauth.drop_properties('User', 'rank', 'ranks', 'number', 'order', 'squad', 'lower');
SELECT count(*) FROM nextauth.extend_model('User', '[
  {"property": "rank", "enum": ["user", "admin"], "default": "user"},
  {"property": "ranks", "enum": ["user", "admin"], "array": true, "nullable": true},
  {"property": "number", "type": "int", "generated": "increment"},
  {"property": "order", "type": "int", "generated": "identity", "unique": true},
  {"property": "squad", "type": "int", "nullable": true, "foreignKey": {"target": "team"}},
  {"property": "lower", "type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}
]', '{
  "indices": [{"columns": ["number", "rank"]}, {"columns": ["order"], "where": "\"order\" > 0"}, {"name": "mine", "columns": ["number"]}],
  "uniques": [{"columns": ["rank", "number"]}],
  "checks": [{"expression": "number > 0"}]
}');
SELECT name AS new_name FROM (
  SELECT conname AS name FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype <> 'n'
  UNION SELECT relname FROM pg_class, pg_index WHERE indrelid = 'nextauth.users'::regclass AND indexrelid = pg_class.oid
  UNION SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'nextauth'::regnamespace
  UNION SELECT typname FROM pg_type WHERE typtype = 'e') new
WHERE name NOT IN (SELECT name FROM names) ORDER BY 1;
ROLLBACK;

-- a type that others share, or that has a name of its own, keeps it
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user"], "default": "user"}, "level": {"enum": ["low"], "enumName": "Level", "default": "low"}}');
SELECT action FROM nextauth.extend_model('Account', '{"role": {"enum": ["user"], "enumName": "users_role_enum", "nullable": true}}');
SELECT data_type FROM nextauth.rename_property('User', 'role', 'rank');
SELECT data_type FROM nextauth.rename_property('User', 'level', 'tier');
SELECT property, definition FROM nextauth.model_columns WHERE is_custom ORDER BY 1;
ROLLBACK;

-- a property that the table lost the column of
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
RESET ROLE;
SET LOCAL session_replication_role = replica;
ALTER TABLE nextauth.users DROP COLUMN nick;
SET LOCAL session_replication_role = origin;
SET LOCAL ROLE regress_nextauth_owner;
SELECT * FROM nextauth.rename_property('User', 'nick', 'handle');
SELECT property, column_name FROM nextauth.custom_column;
SELECT * FROM nextauth.drop_properties('User', 'handle');
SELECT count(*) FROM nextauth.custom_column;
ROLLBACK;

-- what cannot be renamed
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "role": {"enum": ["x"], "default": "x"}, "other": {"type": "int", "nullable": true}}');
ALTER TABLE nextauth.users ADD COLUMN undeclared int;
SAVEPOINT s;
SELECT nextauth.rename_property('User', 'email', 'mail');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nik', 'handle');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'undeclared', 'handle');
ROLLBACK TO s;
SELECT nextauth.rename_property('Usr', 'nick', 'handle');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', 'other');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', 'email');
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', 'Other');
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', 'handle', 'undeclared');
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', '');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', 'handle', '');
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', repeat('x', 64));
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'role', repeat('x', 60));
\echo :SQLSTATE
ROLLBACK TO s;
\set SHOW_CONTEXT never
SELECT nextauth.rename_property('User', 'nick', 'xmin');
\echo :SQLSTATE
ROLLBACK TO s;
CREATE TYPE nextauth.users_rank_enum AS ENUM ();
SELECT nextauth.rename_property('User', 'role', 'rank');
\echo :SQLSTATE
\set SHOW_CONTEXT errors
ROLLBACK TO s;
SELECT nextauth.rename_property(NULL, 'nick', 'handle');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.rename_property('User', NULL, 'handle');
ROLLBACK TO s;
SELECT nextauth.rename_property('User', 'nick', NULL);
ROLLBACK TO s;
SET LOCAL transaction_read_only = on;
SELECT nextauth.rename_property('User', 'nick', 'handle');
\echo :SQLSTATE
ROLLBACK TO s;
SET LOCAL transaction_read_only = on;
SELECT nextauth.drop_properties('User', 'nick');
\echo :SQLSTATE
ROLLBACK TO s;
-- not by anybody
RESET ROLE;
CREATE ROLE regress_nextauth_reader;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
GRANT ALL ON nextauth.users TO regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_reader;
SAVEPOINT s;
SELECT nextauth.rename_property('User', 'nick', 'handle');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'nick');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', VARIADIC '{}'::text[]);
ROLLBACK;

--
-- Properties go, with their columns and what belongs to these
--
BEGIN;
CREATE TABLE nextauth.team (id int PRIMARY KEY);
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "nick", "type": "varchar", "length": 9, "unique": true, "nullable": true, "comment": "c"},
  {"property": "role", "enum": ["user", "admin"], "default": "user"},
  {"property": "level", "enum": ["low"], "enumName": "Level", "default": "low"},
  {"property": "Quoted \"it''s\"", "type": "int", "generated": "increment"},
  {"property": "team", "type": "int", "nullable": true, "foreignKey": {"target": "team"}},
  {"property": "a", "type": "int", "nullable": true},
  {"property": "b", "type": "int", "nullable": true}
]', '{"indices": [{"columns": ["nick"], "where": "nick <> ''''"}, {"columns": ["a", "b"]}], "checks": [{"expression": "a > 0"}, {"expression": "a > b"}], "uniques": [{"columns": ["b", "a"]}]}');
INSERT INTO nextauth.users (nick) VALUES ('ada'), (NULL), ('alan');
SELECT * FROM nextauth.drop_properties('User', 'nick');
SELECT * FROM nextauth.drop_properties('User', 'role', 'level', 'role');
SELECT typname FROM pg_type WHERE typtype = 'e';
SELECT * FROM nextauth.drop_properties('User', VARIADIC ARRAY['Quoted "it''s"', 'team', 'b', 'a']);
SELECT action, changes, statements FROM nextauth.model_changes ORDER BY version DESC LIMIT 3;
SELECT count(*) FROM nextauth.model_columns WHERE is_custom;
SELECT relname FROM pg_class WHERE relkind IN ('i', 'S') AND relname ~ 'user' AND relnamespace = 'nextauth'::regnamespace ORDER BY 1;
-- none is none
SELECT * FROM nextauth.drop_properties('User', VARIADIC '{}'::text[]);
SELECT max(version) FROM nextauth.model_changes;
ROLLBACK;

-- what else depends on one is named
BEGIN;
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "viewed", "type": "int", "nullable": true},
  {"property": "alone", "type": "int", "nullable": true},
  {"property": "a", "type": "int", "nullable": true},
  {"property": "b", "type": "int", "nullable": true},
  {"property": "key", "type": "int", "nullable": true, "unique": true},
  {"property": "base", "type": "int", "nullable": true},
  {"property": "computed", "type": "int", "nullable": true, "asExpression": "base + 1", "generatedType": "STORED"},
  {"property": "secret", "type": "boolean", "nullable": true},
  {"property": "watched", "type": "int", "nullable": true},
  {"property": "measured", "type": "int", "nullable": true}
]', '{"indices": [{"columns": ["a", "b"]}], "uniques": [{"columns": ["a", "b", "email"]}], "checks": [{"name": "a_b", "expression": "a > b"}]}');
CREATE VIEW nextauth.viewing AS SELECT viewed, email FROM nextauth.users;
CREATE MATERIALIZED VIEW nextauth.viewing_alone AS SELECT 1 FROM nextauth.users GROUP BY alone;
CREATE INDEX partial ON nextauth.users (email) WHERE b > 0;
CREATE TABLE nextauth.other (key int REFERENCES nextauth.users (key));
CREATE POLICY hide ON nextauth.users USING (secret);
CREATE FUNCTION nextauth.watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch AFTER UPDATE OF watched ON nextauth.users FOR EACH ROW EXECUTE FUNCTION nextauth.watch();
CREATE FUNCTION nextauth.measure() RETURNS bigint BEGIN ATOMIC SELECT sum(measured) FROM nextauth.users; END;
SAVEPOINT s;
SELECT nextauth.drop_properties('User', 'viewed');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'alone');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'a');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'a', 'b');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'key');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'base');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'secret');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'watched');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'measured');
ROLLBACK TO s;
-- not even the innocent one goes
SELECT nextauth.drop_properties('User', 'computed', 'viewed');
ROLLBACK TO s;
SELECT count(*) FROM nextauth.model_columns WHERE is_custom;
-- what is computed goes first, or with that from which it is
SELECT action FROM nextauth.drop_properties('User', 'computed');
SELECT action FROM nextauth.drop_properties('User', 'base');
DROP VIEW nextauth.viewing;
SELECT action FROM nextauth.drop_properties('User', 'viewed');
ROLLBACK;
BEGIN;
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "base", "type": "int", "nullable": true},
  {"property": "computed", "type": "int", "nullable": true, "asExpression": "base + 1", "generatedType": "STORED"}
]');
SELECT action FROM nextauth.drop_properties('User', 'base', 'computed');
ROLLBACK;
-- nor does a type go that something else is of
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user"], "default": "user"}}');
CREATE TABLE nextauth.other (role nextauth.users_role_enum);
SELECT action FROM nextauth.drop_properties('User', 'role');
SELECT typname FROM pg_type WHERE typtype = 'e';
ROLLBACK;

-- what cannot be dropped
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SAVEPOINT s;
SELECT nextauth.drop_properties('User', 'email');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', 'nick', 'nik');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', '');
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', NULL);
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', VARIADIC NULL::text[]);
ROLLBACK TO s;
SELECT nextauth.drop_properties('Nobody', 'nick');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.drop_properties('User', VARIADIC '{{nick,nick},{nick,nick}}'::text[]);
ROLLBACK;

--
-- A property that an adapter's views show as the adapter calls it keeps its name, while the column may get another
--
BEGIN;
RESET ROLE;
SELECT count(*) FROM nextauth.add_adapter('pg');
SET ROLE regress_nextauth_owner;
SELECT * FROM nextauth.rename_property('Account', 'scope', 'scope', 'oauth_scope');
SELECT scope FROM nextauth_pg.accounts;
SAVEPOINT s;
SELECT * FROM nextauth.rename_property('Account', 'scope', 'oauthScope');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT * FROM nextauth.drop_properties('Account', 'scope');
ROLLBACK TO s;
-- it is the application's again when the adapter is gone
SELECT count(*) FROM nextauth.drop_adapter('nextauth_pg');
SELECT * FROM nextauth.rename_property('Account', 'scope', 'oauthScope');
ROLLBACK;
