--
-- What would lose data, contradict it, or keep everybody waiting is refused,
-- with the way to do it all the same
--
SET ROLE regress_nextauth_owner;

--
-- Values that a type does not hold
--
-- a length below that of a value: the hint cuts
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true, "default": "nobody"}}');
INSERT INTO nextauth.users (nick) VALUES ('ada'), ('augusta'), (NULL), ('alan');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 3, "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
ALTER TABLE nextauth.users ALTER COLUMN nick DROP DEFAULT, ALTER COLUMN nick TYPE character varying(3) USING nick::character varying(3);
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 3, "nullable": true}}');
SELECT nick FROM nextauth.users ORDER BY id;
ROLLBACK;

-- a string that is no integer, or would be another: the zeros of a telephone
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "text", "nullable": true, "default": "1"}}');
INSERT INTO nextauth.users (n) VALUES ('12'), ('007'), (' 8'), ('one'), ('99999999999');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
DELETE FROM nextauth.users WHERE n IN ('one', '99999999999');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "nullable": true}}');
ROLLBACK TO s;
ALTER TABLE nextauth.users ALTER COLUMN n DROP DEFAULT, ALTER COLUMN n TYPE integer USING n::integer;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "nullable": true}}');
SELECT n FROM nextauth.users ORDER BY id;
ROLLBACK;

-- a number that would be rounded or is too high
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "numeric", "precision": 10, "scale": 4, "default": 1.2345}}');
INSERT INTO nextauth.users (n) VALUES (DEFAULT), (1.23), (123456);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"n": {"type": "numeric", "precision": 10, "scale": 2, "default": 1}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "default": 1}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"n": {"type": "smallint", "default": 1}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"n": {"type": "real", "default": 1}}');
ROLLBACK TO s;
ALTER TABLE nextauth.users ALTER COLUMN n DROP DEFAULT, ALTER COLUMN n TYPE numeric(10,2) USING n::numeric(10,2);
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "numeric", "precision": 10, "scale": 2, "default": 1}}');
SELECT n FROM nextauth.users ORDER BY id;
ROLLBACK;

-- a time of which the day remains
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"at": {"type": "timestamp", "nullable": true}}');
INSERT INTO nextauth.users (at) VALUES ('2020-02-02'), ('2020-02-02 20:20');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"at": {"type": "date", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
ALTER TABLE nextauth.users ALTER COLUMN at TYPE date USING at::date;
SELECT action FROM nextauth.extend_model('User', '{"at": {"type": "date", "nullable": true}}');
SELECT at FROM nextauth.users ORDER BY id;
ROLLBACK;

-- a type to which there is no cast
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"ref": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.users (ref) VALUES (1);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"ref": {"type": "uuid", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT action FROM nextauth.rename_property('User', 'ref', 'oldRef');
SELECT action FROM nextauth.extend_model('User', '{"ref": {"type": "uuid", "nullable": true}}');
SELECT old_ref, ref FROM nextauth.users;
ROLLBACK;

-- rows that row-level security hides would be converted with the others
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "numeric", "default": 1.5}}');
INSERT INTO nextauth.users DEFAULT VALUES;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "default": 1}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT statement FROM nextauth.plan_model('User', '{"n": {"type": "int", "default": 1}}');
ALTER TABLE nextauth.users NO FORCE ROW LEVEL SECURITY;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "default": 1}}');
ROLLBACK;
-- or replaced by computed ones
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "default": 1}}');
INSERT INTO nextauth.users DEFAULT VALUES;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "asExpression": "id", "generatedType": "STORED"}}');
ROLLBACK;
-- and so would those of tables that inherit
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "text", "default": "1.5"}}');
CREATE TABLE nextauth.former_users () INHERITS (nextauth.users);
INSERT INTO nextauth.former_users DEFAULT VALUES;
INSERT INTO nextauth.former_users (n) VALUES ('two');
SELECT nextauth.extend_model('User', '{"n": {"type": "int", "default": 1}}');
ROLLBACK;

--
-- Labels of an enum
--
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{
  "role": {"enum": ["user", "editor", "admin"], "default": "user"},
  "all": {"enum": ["user", "editor", "admin"], "array": true, "default": ["user", "editor"]}
}');
INSERT INTO nextauth.users (role) VALUES ('user'), ('editor'), ('editor');
SAVEPOINT s;
-- PostgreSQL drops none
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"all": {"enum": ["user", "admin"], "array": true, "default": ["user"]}}');
ROLLBACK TO s;
-- another type can do without it, as soon as no value needs it
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "enumName": "Role", "default": "user"}}');
ROLLBACK TO s;
UPDATE nextauth.users SET role = 'user';
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "enumName": "Role", "default": "user"}}');
ROLLBACK TO s;
-- a new name
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "author", "admin"], "default": "user"}}');
\echo :SQLSTATE
ROLLBACK TO s;
ALTER TYPE nextauth.users_role_enum RENAME VALUE 'editor' TO 'author';
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "author", "admin"], "default": "user"}}');
SELECT role FROM nextauth.users ORDER BY id;
ROLLBACK TO s;
-- another order
SELECT nextauth.extend_model('User', '{"role": {"enum": ["admin", "editor", "user"], "default": "user"}}');
\echo :SQLSTATE
ROLLBACK;
-- a string that is no label
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"role": {"type": "text", "default": "root"}, "all": {"type": "text", "array": true, "default": ["root"]}}');
INSERT INTO nextauth.users (role) VALUES (DEFAULT), ('user');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "user"}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"all": {"enum": ["user", "admin"], "array": true, "default": ["user"]}}');
ROLLBACK TO s;
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user", "root"], "default": "user"}}');
ROLLBACK;
-- a label is there for all after the transaction that added it
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"role": {"enum": ["user"], "default": "user"}, "all": {"enum": ["user"], "array": true, "default": ["user"]}}');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"role": {"enum": ["user", "admin"], "default": "admin"}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"all": {"enum": ["user", "admin"], "array": true, "default": ["user", "admin"]}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"all": {"enum": ["user", "admin"], "array": true, "default": "{{user},{admin}}"}}');
ROLLBACK;

--
-- Values that contradict
--
-- nulls
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (nick) VALUES (NULL), ('ada'), (NULL);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text"}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "default": "it''s"}}');
ROLLBACK TO s;
UPDATE nextauth.users SET nick = 'it''s'::text WHERE nick IS NULL;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "it''s"}}');
SELECT nick FROM nextauth.users ORDER BY id;
ROLLBACK;

-- duplicates, with their values
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "n": {"type": "int", "default": 1}}');
INSERT INTO nextauth.users (nick) SELECT chr(96 + i / 2) FROM generate_series(2, 15) i;
INSERT INTO nextauth.users (nick) VALUES ('z'), ('g'), (NULL), (NULL);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
DELETE FROM nextauth.users WHERE nick < 'e';
SAVEPOINT s;
-- of several columns, or of an index
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["n", "nick"]}]}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["nick"], "unique": true}]}');
\echo :SQLSTATE
ROLLBACK TO s;
-- of some rows, or of values that are to change: PostgreSQL itself says it
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["n"], "unique": true, "where": "nick = ''z''"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["n"], "unique": true, "where": "nick >= ''g''"}]}');
\echo :SQLSTATE
ROLLBACK TO s;
DELETE FROM nextauth.users u USING nextauth.users v WHERE u.nick = v.nick AND u.id > v.id;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}, "n": {"type": "int", "default": 1}}');
ROLLBACK;

-- orphans
BEGIN;
CREATE TABLE nextauth.team (id int PRIMARY KEY);
INSERT INTO nextauth.team VALUES (1);
SELECT action FROM nextauth.extend_model('User', '{"team": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.users (team) VALUES (1), (2), (NULL), (3);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"team": {"type": "int", "nullable": true, "foreignKey": {"target": "team"}}}');
\echo :SQLSTATE
ROLLBACK TO s;
DELETE FROM nextauth.users WHERE team > 1;
SAVEPOINT s;
-- those that row-level security hides are there for a foreign key
RESET ROLE;
ALTER TABLE nextauth.team OWNER TO CURRENT_USER;
ALTER TABLE nextauth.team ENABLE ROW LEVEL SECURITY;
GRANT SELECT, REFERENCES ON nextauth.team TO regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
SELECT action FROM nextauth.extend_model('User', '{"team": {"type": "int", "nullable": true, "foreignKey": {"target": "team"}}}');
ROLLBACK TO s;
-- and another database has none
SELECT nextauth.extend_model('User', '{"team": {"type": "int", "nullable": true, "foreignKey": {"target": "other.nextauth.team"}}}');
ROLLBACK TO s;
SELECT action FROM nextauth.extend_model('User', '{"team": {"type": "int", "nullable": true, "foreignKey": {"target": "team"}}}');
ROLLBACK;

-- a check
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"age": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (age) VALUES ('-1'), ('0'), ('1'), (NULL);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"name": "grown", "expression": "age <> ''0''"}]}');
\echo :SQLSTATE
ROLLBACK TO s;
-- on a column that gets its type in the same call
SELECT nextauth.extend_model('User', '{"age": {"type": "int", "nullable": true}}', '{"checks": [{"name": "grown", "expression": "age > 0"}]}');
\echo :SQLSTATE
ROLLBACK TO s;
DELETE FROM nextauth.users WHERE age IN ('-1', '0');
SELECT action FROM nextauth.extend_model('User', '{"age": {"type": "int", "nullable": true}}', '{"checks": [{"name": "grown", "expression": "age > 0"}]}');
ROLLBACK;

-- values that a computed column would replace
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"key": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (key) VALUES ('mine'), (NULL);
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"key": {"type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT action FROM nextauth.rename_property('User', 'key', 'oldKey');
SELECT action FROM nextauth.extend_model('User', '{"key": {"type": "text", "nullable": true, "asExpression": "lower(email)", "generatedType": "STORED"}}');
ROLLBACK;

-- what PostgreSQL refuses
BEGIN;
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "nick", "type": "varchar", "length": 5, "nullable": true, "unique": true},
  {"property": "upper", "type": "text", "nullable": true, "asExpression": "upper(nick)", "generatedType": "STORED"}
]');
CREATE VIEW nextauth.nicks AS SELECT upper FROM nextauth.users;
CREATE TABLE nextauth.friend (nick varchar(5) REFERENCES nextauth.users (nick));
SAVEPOINT s;
\set SHOW_CONTEXT never
SELECT nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 9, "nullable": true, "unique": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 5, "nullable": true}}');
\echo :SQLSTATE
\set SHOW_CONTEXT errors
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"upper": {"type": "int", "nullable": true, "asExpression": "length(nick)", "generatedType": "STORED"}}');
\echo :SQLSTATE
ROLLBACK;

-- nothing of a call is done if one thing of it is refused
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "text", "default": "x"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SAVEPOINT s;
SELECT nextauth.extend_models('{
  "Account": {"columns": {"b": {"type": "int", "nullable": true}}},
  "User": {"columns": {"a": {"type": "int", "default": 1}, "b": {"type": "int", "nullable": true}}}
}');
ROLLBACK TO s;
SELECT model, property FROM nextauth.custom_column;
ROLLBACK;

--
-- What would keep everybody waiting
--
SHOW nextauth.max_scan_rows;
SHOW nextauth.allow_rewrite;
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"a": {"type": "text", "default": "x"}, "n": {"type": "int", "nullable": true}, "u": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (n) VALUES (1), (2), (3);
CREATE TABLE nextauth.team (id int PRIMARY KEY);
SET LOCAL nextauth.max_scan_rows = 2;
SAVEPOINT s;
-- to read all rows
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "default": "x", "unique": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"n": {"type": "int"}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"u": {"type": "text", "nullable": true, "unique": true}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"new": {"type": "text", "nullable": true, "unique": true}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"t": {"type": "int", "nullable": true, "foreignKey": {"target": "team"}}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["a"], "name": "by_a"}]}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{}', '{"checks": [{"expression": "n > 0", "name": "positive"}]}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true, "unique": true, "length": 320}}');
ROLLBACK TO s;
-- to write them anew
SELECT nextauth.extend_model('User', '{"n": {"type": "bigint", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"token": {"generated": "uuid"}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"serial": {"type": "int", "generated": "increment"}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"key": {"type": "text", "asExpression": "lower(a)", "generatedType": "STORED"}}');
ROLLBACK TO s;
-- plan_model() says it as a notice
SELECT statement, cost, rows FROM nextauth.plan_model('User', '{"n": {"type": "bigint", "nullable": true}, "u": {"type": "text", "nullable": true, "unique": true}}');
-- what is instant is not in question
SELECT action FROM nextauth.extend_model('User', '{
  "a": {"type": "varchar", "nullable": true, "default": "y", "comment": "a"}, "n": {"type": "int", "nullable": true, "default": 1},
  "b": {"type": "text", "default": "b"}, "c": {"type": "timestamp", "defaultExpression": "now()"}, "role": {"enum": ["x"], "default": "x"}
}');
ROLLBACK TO s;
-- each setting does what its hint says
SET LOCAL nextauth.max_scan_rows = 3;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int"}}');
ROLLBACK TO s;
SET LOCAL nextauth.allow_rewrite = on;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "bigint", "nullable": true}, "token": {"generated": "uuid"}}');
ROLLBACK TO s;
-- a rewrite is no scan
SET LOCAL nextauth.allow_rewrite = on;
SELECT nextauth.extend_model('User', '{"n": {"type": "int"}}');
ROLLBACK TO s;
-- an empty table has no rows at all
DELETE FROM nextauth.users;
SET LOCAL nextauth.max_scan_rows = 0;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "bigint", "nullable": true, "unique": true}, "token": {"generated": "uuid"}}');
ROLLBACK;
-- by default nothing of that is in the way of a table with few rows
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.users (n) SELECT i FROM generate_series(1, 1000) i;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "bigint", "unique": true}, "token": {"generated": "uuid"}}', '{"indices": [{"columns": ["n", "token"]}]}');
ROLLBACK;

-- what the settings take
\set VERBOSITY sqlstate
SET nextauth.max_scan_rows = -1;
SET nextauth.max_scan_rows = 'all';
SET nextauth.allow_rewrite = 'perhaps';
SET nextauth.lock_timeout = 0;
SET nextauth.lock_retries = -1;
SET nextauth.lock_retry_delay = '-1s';
SET nextauth.batch_rows = 0;
SET nextauth.max_scan_row = 1;
\set VERBOSITY default
SET nextauth.lock_timeout = '1s';
SHOW nextauth.lock_timeout;
RESET nextauth.lock_timeout;
SHOW nextauth.lock_timeout;
SHOW nextauth.lock_retries;
SHOW nextauth.lock_retry_delay;

-- a rewrite that nobody foretold is stopped before it starts
RESET ROLE;
BEGIN;
CREATE FUNCTION pg_temp.interfere() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('regress.interfere', true) = 'on' THEN
    SET LOCAL regress.interfere = off;
    ALTER TABLE nextauth.users ALTER COLUMN undeclared TYPE bigint;
  END IF;
END $$;
ALTER TABLE nextauth.users ADD COLUMN undeclared int;
INSERT INTO nextauth.users (undeclared) VALUES (1), (2), (3);
CREATE EVENT TRIGGER regress_nextauth_interfere ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION pg_temp.interfere();
SET LOCAL nextauth.max_scan_rows = 2;
SET LOCAL regress.interfere = on;
SAVEPOINT s;
\set SHOW_CONTEXT never
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
\echo :SQLSTATE
\set SHOW_CONTEXT errors
ROLLBACK TO s;
SET LOCAL nextauth.allow_rewrite = on;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
ROLLBACK TO s;
-- by hand everything is allowed
SET LOCAL regress.interfere = off;
ALTER TABLE nextauth.users ALTER COLUMN undeclared TYPE bigint;
ROLLBACK;

-- a type that a view depends on: PostgreSQL would refuse it under the lock
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"code": {"type": "varchar", "nullable": true}}');
CREATE TEMP VIEW codes AS SELECT code FROM nextauth.users;
SAVEPOINT s;
SELECT nextauth.plan_model('User', '{"code": {"type": "text", "nullable": true}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"code": {"type": "text", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK;
