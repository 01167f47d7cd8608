--
-- extend_model() with a definition that differs alters the column in place
--
SET ROLE regress_nextauth_owner;
-- define it, and define it again; was the table rewritten?
CREATE FUNCTION pg_temp.define(definition jsonb)
RETURNS TABLE (property text, data_type text, action text, again text, rewritten boolean)
LANGUAGE plpgsql AS $$
DECLARE
  file oid := pg_relation_filenode('nextauth.users');
BEGIN
  RETURN QUERY SELECT x.property, x.data_type, x.action,
    (SELECT y.action FROM nextauth.extend_model('User', definition) y WHERE y.property = x.property),
    pg_relation_filenode('nextauth.users') <> file
  FROM nextauth.extend_model('User', definition) x;
END $$;

--
-- Types
--
-- a length grows and goes, and is a string of any length then
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "length": 5, "nullable": true}}');
INSERT INTO nextauth.users (nick) VALUES ('ada'), (NULL), ('');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "length": 20, "nullable": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true}}');
-- a limit is not for free, as every value is looked at
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "length": 3, "nullable": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "char", "length": 4, "nullable": true}}');
SELECT nick FROM nextauth.users ORDER BY id;
ROLLBACK;

-- numbers
BEGIN;
SELECT * FROM pg_temp.define('{"n": {"type": "int", "default": 7}}');
INSERT INTO nextauth.users (n) VALUES (1), (DEFAULT);
SELECT * FROM pg_temp.define('{"n": {"type": "bigint", "default": 7}}');
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "default": 7}}');
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "precision": 10, "scale": 2, "default": 7}}');
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "precision": 12, "scale": 2, "default": 7}}');
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "precision": 12, "scale": 4, "default": 7}}');
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "default": 7.50}}');
SELECT * FROM pg_temp.define('{"n": {"type": "smallint", "default": 8}}');
SELECT * FROM pg_temp.define('{"n": {"type": "text", "default": "8"}}');
SELECT * FROM pg_temp.define('{"n": {"type": "double precision", "default": 8}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT n FROM nextauth.users ORDER BY id;
ROLLBACK;
-- zeros behind the point say nothing
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "numeric", "array": true, "default": [9.5, 1.00]}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"n": {"type": "numeric", "precision": 4, "scale": 2, "array": true, "default": [9.5, 1.00]}}');
SELECT n FROM nextauth.users;
ROLLBACK;

-- times
BEGIN;
SET LOCAL TimeZone = 'UTC';
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "precision": 3, "nullable": true}}');
INSERT INTO nextauth.users (at) VALUES ('2020-02-02 20:20:20.123Z');
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "precision": 5, "nullable": true}}');
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "nullable": true}}');
-- where no time zone is to be reckoned with, both are stored alike
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp without time zone", "nullable": true}}');
SAVEPOINT s;
SET LOCAL TimeZone = 'Europe/London';
-- elsewhere the table is rewritten, which is done if there are no values
UPDATE nextauth.users SET at = NULL;
SELECT * FROM pg_temp.define('{"at": {"type": "timestamptz", "nullable": true}}');
ROLLBACK TO s;
SELECT * FROM pg_temp.define('{"at": {"type": "timestamptz", "nullable": true}}');
SET LOCAL TimeZone = 'Europe/London';
SELECT * FROM pg_temp.define('{"at": {"type": "varchar", "nullable": true}}');
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "precision": 3, "nullable": true}}');
SELECT at FROM nextauth.users;
ROLLBACK;

-- others, by whatever cast there is
BEGIN;
SELECT action FROM nextauth.extend_model('User', '[
  {"property": "a", "type": "text", "default": "yes"},
  {"property": "b", "type": "varchar", "default": "4F4E4C59-0000-0000-0000-000000000000"},
  {"property": "c", "type": "json", "default": {"k": [1, 2]}},
  {"property": "d", "type": "simple-json", "default": {"k": 1}},
  {"property": "e", "type": "bit", "length": 4, "default": "1010", "unique": true},
  {"property": "f", "type": "varchar", "array": true, "default": ["x", "y z"]}
]');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('[
  {"property": "a", "type": "boolean", "default": true},
  {"property": "b", "type": "uuid", "default": "4f4e4c59-0000-0000-0000-000000000000"},
  {"property": "c", "type": "jsonb", "default": {"k": [1, 2]}},
  {"property": "d", "type": "jsonb", "default": {"k": 1}},
  {"property": "e", "type": "varbit", "default": "1010", "unique": true},
  {"property": "f", "type": "text", "array": true, "default": ["x", "y z"]}
]');
SELECT a, b, c, d, e, f FROM nextauth.users;
ROLLBACK;

-- a collation, the index of which is built anew
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "unique": true}}');
INSERT INTO nextauth.users (nick) VALUES ('b'), ('A');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "unique": true, "collation": "C"}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true, "unique": true, "collation": "POSIX"}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true, "unique": true}}');
SELECT nick FROM nextauth.users ORDER BY nick COLLATE "C";
ROLLBACK;
-- as are indexes on expressions, and those with a predicate, by any new type
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "length": 5, "nullable": true, "unique": true}}');
SELECT cost FROM nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
SAVEPOINT s;
CREATE INDEX users_nick_lower ON nextauth.users (lower(nick));
SELECT cost FROM nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
ROLLBACK TO s;
CREATE INDEX users_no_nick ON nextauth.users (name) WHERE nick IS NULL;
SELECT cost FROM nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
ROLLBACK;

--
-- Everything else of a column
--
-- nullability, both ways
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "default": ""}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "default": ""}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "default": ""}}');
-- which a CHECK that proves it makes instant
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT cost FROM nextauth.plan_model('User', '{"nick": {"type": "text"}}');
ALTER TABLE nextauth.users ADD CHECK (nick IS NOT NULL);
SELECT cost FROM nextauth.plan_model('User', '{"nick": {"type": "text"}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text"}}');
ROLLBACK;

-- a default: set, changed, of a volatile expression (for new rows alone), gone
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "default": "it''s"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "default": "\\"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "defaultExpression": "left(clock_timestamp()::text, 0)"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "default": null}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT nick FROM nextauth.users ORDER BY id;
ROLLBACK;

-- unique: added and dropped
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (nick) VALUES ('ada'), (NULL), (NULL);
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "unique": true}}');
SELECT conname FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype = 'u' ORDER BY 1;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT conname FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype = 'u' ORDER BY 1;
-- a bare unique index is no constraint, but one of its name is made it
CREATE UNIQUE INDEX mine ON nextauth.users (nick);
CREATE UNIQUE INDEX "UQ_7c154ca1d4ac730c755cfce9b7c" ON nextauth.users (nick);
SELECT statement, cost FROM nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "unique": true}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'nextauth.users'::regclass ORDER BY 1;
ROLLBACK;

-- a comment: added, changed, removed
BEGIN;
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "comment": "what friends say"}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true, "comment": "it''s \\ what friends say"}}');
SELECT comment FROM nextauth.model_columns WHERE property = 'nick';
SELECT * FROM pg_temp.define('{"nick": {"type": "text", "nullable": true}}');
SELECT comment FROM nextauth.model_columns WHERE property = 'nick';
-- one by hand stays, until the definition has its own
COMMENT ON COLUMN nextauth.users.nick IS 'by hand';
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true}}');
SELECT comment FROM nextauth.model_columns WHERE property = 'nick';
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true, "comment": "by hand"}}');
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true}}');
COMMENT ON COLUMN nextauth.users.nick IS 'by hand';
SELECT * FROM pg_temp.define('{"nick": {"type": "varchar", "nullable": true, "comment": ""}}');
SELECT comment FROM nextauth.model_columns WHERE property = 'nick';
ROLLBACK;

-- what is for adapters alone changes in the catalog
BEGIN;
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "nullable": true}}');
SELECT * FROM nextauth.plan_model('User', '{"at": {"type": "timestamp", "nullable": true, "select": false}}');
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "nullable": true, "select": false, "insert": false, "update": false}}');
SELECT options FROM nextauth.custom_column;
SELECT * FROM pg_temp.define('{"at": {"deleteDate": true, "readonly": true}}');
SELECT options FROM nextauth.custom_column;
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "nullable": true}}');
SELECT options FROM nextauth.custom_column;
-- both at once
SELECT * FROM pg_temp.define('{"at": {"type": "timestamp", "createDate": true}}');
ROLLBACK;

-- an option that is left out has its default again, all in one ALTER TABLE
BEGIN;
SELECT * FROM pg_temp.define('{"a": {"type": "varchar", "length": 9, "nullable": true, "default": "x", "unique": true, "collation": "C", "comment": "c", "select": false}}');
SELECT statement FROM nextauth.plan_model('User', '{"a": {"type": "varchar"}}');
SELECT * FROM pg_temp.define('{"a": {"type": "varchar"}}');
SELECT columns FROM nextauth.custom_models;
ROLLBACK;

-- columns that nobody declared are altered and taken over
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN phone varchar(20) UNIQUE, ADD COLUMN "Age" int DEFAULT 1;
INSERT INTO nextauth.users (phone) VALUES ('007');
SELECT * FROM pg_temp.define('[
  {"property": "phone", "type": "text", "nullable": true},
  {"property": "age", "name": "Age", "type": "bigint", "comment": "in years"}
]');
SELECT phone, "Age" FROM nextauth.users;
SELECT columns FROM nextauth.custom_models;
ROLLBACK;

--
-- Enums
--
-- labels are added where they belong
BEGIN;
SELECT * FROM pg_temp.define('{"role": {"enum": ["user", "admin"], "default": "user"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"role": {"enum": ["guest", "user", "it''s", "editor", "admin", "root"], "default": "user"}}');
SELECT enumlabel FROM pg_enum WHERE enumtypid = 'nextauth.users_role_enum'::regtype ORDER BY enumsortorder;
SELECT role FROM nextauth.users;
ROLLBACK;
-- also in an array of them, and to a type that others share
BEGIN;
SELECT * FROM pg_temp.define('[
  {"property": "role", "enum": ["user", "admin"], "enumName": "Role", "default": "user"},
  {"property": "roles", "enum": ["user", "admin"], "enumName": "Role", "array": true, "default": ["user"]}
]');
SELECT action FROM nextauth.extend_model('Account', '{"role": {"enum": ["user", "admin"], "enumName": "Role", "nullable": true}}');
INSERT INTO nextauth.users DEFAULT VALUES;
-- "use" is in "user", but no label of the default
SELECT * FROM pg_temp.define('[
  {"property": "role", "enum": ["user", "use", "admin"], "enumName": "Role", "default": "user"},
  {"property": "roles", "enum": ["user", "use", "admin"], "enumName": "Role", "array": true, "default": ["user"]}
]');
SELECT action FROM nextauth.extend_model('Account', '{"role": {"enum": ["user", "use", "admin"], "enumName": "Role", "nullable": true}}');
SELECT role, roles FROM nextauth.users;
-- those who share it have to agree
SELECT nextauth.extend_model('User', '[
  {"property": "role", "enum": ["user", "use", "admin", "root"], "enumName": "Role", "default": "user"},
  {"property": "roles", "enum": ["user", "use", "admin"], "enumName": "Role", "array": true, "default": ["user"]}
]');
ROLLBACK;
-- in any number of models
BEGIN;
SELECT * FROM nextauth.extend_models('{
  "User": {"columns": {"a": {"enum": ["x"], "enumName": "E", "nullable": true}}},
  "Account": {"columns": {"a": {"enum": ["x"], "enumName": "E", "nullable": true}}}
}');
SELECT * FROM nextauth.extend_models('{
  "User": {"columns": {"a": {"enum": ["x", "y"], "enumName": "E", "nullable": true}}},
  "Account": {"columns": {"a": {"enum": ["x", "y"], "enumName": "E", "nullable": true}}}
}');
ROLLBACK;
-- a string becomes an enum and back; the type that was made for it goes
BEGIN;
SELECT * FROM pg_temp.define('{"role": {"type": "text", "default": "user"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"role": {"enum": ["user", "admin"], "default": "user"}}');
SELECT * FROM pg_temp.define('{"role": {"type": "varchar", "length": 8, "default": "user"}}');
SELECT to_regtype('nextauth.users_role_enum');
SELECT role FROM nextauth.users;
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.define('{"role": {"type": "varchar", "array": true, "default": ["user", "admin"]}}');
INSERT INTO nextauth.users (role) VALUES (DEFAULT), ('{}'), ('{NULL,user}');
SELECT * FROM pg_temp.define('{"role": {"enum": ["user", "admin"], "array": true, "default": ["user", "admin"]}}');
-- and one enum another
SELECT * FROM pg_temp.define('{"role": {"enum": ["admin", "user"], "enumName": "role", "array": true, "default": ["user", "admin"]}}');
SELECT to_regtype('nextauth.users_role_enum');
SELECT role FROM nextauth.users;
ROLLBACK;

--
-- Values that are generated
--
-- a sequence goes on after the values that are there
BEGIN;
SELECT * FROM pg_temp.define('{"n": {"type": "int", "nullable": true}}');
INSERT INTO nextauth.users (n) VALUES (5), (-3);
SELECT statement FROM nextauth.plan_model('User', '{"n": {"type": "int", "generated": "increment"}}');
SELECT * FROM pg_temp.define('{"n": {"type": "int", "generated": "increment"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
-- it grows with its column
SELECT * FROM pg_temp.define('{"n": {"type": "bigint", "generated": "increment"}}');
SELECT data_type FROM pg_sequences WHERE sequencename = 'users_n_seq';
SELECT * FROM pg_temp.define('{"n": {"type": "bigint", "generated": "identity"}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"n": {"type": "bigint", "generated": true}}');
INSERT INTO nextauth.users DEFAULT VALUES;
SELECT * FROM pg_temp.define('{"n": {"type": "bigint"}}');
SELECT n FROM nextauth.users ORDER BY id;
SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'users%' ORDER BY 1;
SELECT * FROM pg_temp.define('{"n": {"type": "int", "generated": "identity"}}');
SELECT * FROM pg_temp.define('{"n": {"type": "int", "default": 0}}');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING n;
ROLLBACK;
-- by their value, not by their letters; and under another name if it must be
BEGIN;
SELECT * FROM pg_temp.define('{"n": {"type": "text", "nullable": true}}');
INSERT INTO nextauth.users (n) VALUES ('9'), ('10');
CREATE TABLE nextauth.users_n_seq ();
SELECT * FROM pg_temp.define('{"n": {"type": "int", "generated": "increment"}}');
INSERT INTO nextauth.users DEFAULT VALUES RETURNING n;
SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'users%' ORDER BY 1;
ROLLBACK;
-- a uuid
BEGIN;
SELECT * FROM pg_temp.define('{"token": {"type": "uuid", "nullable": true}}');
SELECT * FROM pg_temp.define('{"token": {"generated": "uuid", "nullable": true}}');
SELECT * FROM pg_temp.define('{"token": {"type": "uuid", "nullable": true}}');
ROLLBACK;

--
-- Columns that are computed
--
BEGIN;
INSERT INTO nextauth.users (email) VALUES ('Ada@Example.com');
SELECT * FROM pg_temp.define('{"lower": {"type": "varchar", "asExpression": "lower(email)", "generatedType": "STORED", "nullable": true}}');
SELECT lower FROM nextauth.users;
SELECT nextauth.entity_schema('User') #> '{columns,lower}';
-- also from columns of the same call
SELECT * FROM pg_temp.define('[
  {"property": "area", "type": "int", "asExpression": "width * height", "generatedType": "STORED"},
  {"property": "width", "type": "int", "default": 2},
  {"property": "height", "type": "smallint", "default": 3}
]');
SELECT area FROM nextauth.users;
-- another expression, another type
SELECT * FROM pg_temp.define('{"area": {"type": "int", "asExpression": "width + height", "generatedType": "STORED", "comment": "half of what is round it"}}');
SELECT * FROM pg_temp.define('{"area": {"type": "bigint", "asExpression": "width + height", "generatedType": "STORED"}}');
SELECT * FROM pg_temp.define('{"area": {"type": "boolean", "asExpression": "width > height", "generatedType": "STORED"}}');
SELECT area FROM nextauth.users;
-- its values stay when it becomes an ordinary one, from which there is no way back
SELECT * FROM pg_temp.define('{"lower": {"type": "varchar", "nullable": true}}');
SELECT lower FROM nextauth.users;
-- of another type, too
SELECT * FROM pg_temp.define('{"area": {"type": "int", "nullable": true}}');
SELECT area FROM nextauth.users;
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"lower": {"type": "varchar", "asExpression": "lower(email)", "generatedType": "STORED", "nullable": true}}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT action FROM nextauth.drop_properties('User', 'lower');
SELECT * FROM pg_temp.define('{"lower": {"type": "varchar", "asExpression": "lower(email)", "generatedType": "STORED", "nullable": true}}');
ROLLBACK;
-- indexes and constraints of it are there afterwards
BEGIN;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
SELECT action FROM nextauth.extend_model('User',
  '{"key": {"type": "text", "asExpression": "lower(email)", "generatedType": "STORED", "nullable": true}}',
  '{"indices": [{"columns": ["key", "name"]}], "checks": [{"name": "no_space", "expression": "key !~ '' ''"}],
    "uniques": [{"columns": ["key"], "name": "one_key", "deferrable": "INITIALLY DEFERRED"}]}');
CREATE INDEX by_length ON nextauth.users (length(key) DESC);
SELECT action FROM nextauth.extend_model('User',
  '{"key": {"type": "text", "asExpression": "upper(email)", "generatedType": "STORED", "nullable": true, "unique": true}}');
SELECT key FROM nextauth.users;
SELECT pg_get_indexdef(indexrelid) FROM pg_index, pg_get_indexdef(indexrelid) AS definition
WHERE indrelid = 'nextauth.users'::regclass AND definition LIKE '%key%' ORDER BY definition;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'nextauth.users'::regclass AND pg_get_constraintdef(oid) LIKE '%key%' AND contype <> 'p' ORDER BY 1;
ROLLBACK;

--
-- Built-in columns, given more
--
BEGIN;
INSERT INTO nextauth.users (name, email) VALUES ('Ada', 'ada@example.com');
SELECT * FROM pg_temp.define('{
  "name": {"type": "varchar", "nullable": true, "length": 60, "default": "nobody", "unique": true, "comment": "in full"},
  "email": {"type": "varchar", "nullable": true, "unique": true, "length": 320}
}');
\d nextauth.users
SELECT nextauth.entity_schema('User') #> '{columns,name}' AS name, nextauth.entity_schema('User') #> '{columns,email}' AS email;
SELECT * FROM nextauth.check_models();
-- what is left out is left alone
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true}}');
-- what is given changes
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true, "length": "80", "default": "somebody"}}');
-- and each is given back
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true, "length": ""}}');
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true, "default": null}}');
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true, "unique": false}}');
SELECT * FROM pg_temp.define('{"name": {"type": "varchar", "nullable": true, "comment": ""}}');
SELECT nextauth.entity_schema('User') #> '{columns,name}';
ROLLBACK;
-- what is built in is not contradicted, however it is put
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar"}}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{"name": {"type": "text", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "collation": "C"}}');
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "array": true}}');
SELECT nextauth.extend_model('User', '{"email": {"type": "varchar", "nullable": true}}');
SELECT nextauth.extend_model('User', '{"emailVerified": {"type": "timestamp", "nullable": true, "precision": 3}}');
SELECT nextauth.extend_model('User', '{"createdAt": {"createDate": true, "defaultExpression": "clock_timestamp()"}}');
SELECT nextauth.extend_model('User', '{"id": {"type": "int", "primary": true, "generated": "increment", "unique": true, "comment": "serial"}}');
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "asExpression": "email"}}');
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "foreignKey": {"target": "Account"}}}');
-- nor do values lose anything
BEGIN;
INSERT INTO nextauth.users (name) VALUES ('Ada'), ('Ada');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "length": 2}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "unique": true}}');
ROLLBACK;
DROP FUNCTION pg_temp.define;

--
-- What is there for an adapter stays so when somebody alters it: no other adapter's views are to show it
--
BEGIN;
RESET ROLE;
SELECT count(*) FROM nextauth.add_adapter('pg');
SET ROLE regress_nextauth_owner;
SELECT * FROM nextauth.extend_model('Account', '{"scope": {"type": "varchar", "nullable": true, "comment": "what we ask for"}}');
SELECT options FROM nextauth.custom_column WHERE property = 'scope';
SELECT * FROM nextauth.check_models();
ROLLBACK;
