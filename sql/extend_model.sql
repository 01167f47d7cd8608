--
-- extend_model(): says what should be, adds what is missing
--
SET ROLE regress_nextauth_owner;
-- the example of NextAuth.js: User with a phone number
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
\d nextauth.users
INSERT INTO nextauth.users (email, phone_number) VALUES ('ada@example.com', '+44 20 7946 0000');
SELECT id, email, phone_number FROM nextauth.users;
-- again, it changes nothing
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
SELECT model, property, column_name, type, options FROM nextauth.custom_column;
ROLLBACK;

-- all models can be extended
BEGIN;
SELECT m.model, x.*
FROM nextauth.models m, nextauth.extend_model(m.model, '{"tenant": {"type": "uuid", "nullable": true}}') x
ORDER BY m.model;
ROLLBACK;

-- jsonb does not keep the order of an object's keys; an array has one
BEGIN;
SELECT * FROM nextauth.extend_model('Session', '{
  "userAgent": {"type": "text", "nullable": true},
  "ip": {"type": "inet", "nullable": true}
}');
ROLLBACK;
BEGIN;
SELECT * FROM nextauth.extend_model('Session', '[
  {"property": "userAgent", "type": "text", "nullable": true},
  {"property": "ip", "type": "inet", "nullable": true}
]');
SELECT attname FROM pg_attribute
WHERE attrelid = 'nextauth.sessions'::regclass AND attnum > 7 ORDER BY attnum;
ROLLBACK;

-- JavaScript spreads the built-in columns into the custom ones: they may be
-- restated as they are
BEGIN;
SELECT * FROM nextauth.extend_model('User', '[
  {"property": "id", "primary": true, "type": "int", "generated": true},
  {"property": "name", "type": "varchar", "nullable": true},
  {"property": "email", "type": "varchar", "unique": true, "nullable": true},
  {"property": "emailVerified", "type": "timestamp", "nullable": true},
  {"property": "image", "type": "varchar", "nullable": true},
  {"property": "createdAt", "type": "timestamp", "createDate": true},
  {"property": "updatedAt", "type": "timestamp", "updateDate": true},
  {"property": "phoneNumber", "type": "varchar", "nullable": true}
]');
ROLLBACK;
-- in any spelling of the type
SELECT * FROM nextauth.extend_model('User', '{"id": {"type": "integer", "primary": true, "generated": "increment"}}');
-- also as the catalog gives them back
SELECT m.model, count(*), x.action
FROM nextauth.models m,
  nextauth.extend_model(m.model, nextauth.entity_schema(m.model) -> 'columns') x
GROUP BY m.model, x.action
ORDER BY m.model;
-- but not contradicted
SELECT nextauth.extend_model('User', '{"email": {"type": "text", "nullable": true, "unique": true}}');
SELECT nextauth.extend_model('User', '{"email": {"type": "varchar"}}');
SELECT nextauth.extend_model('User', '{"createdAt": {"type": "timestamp"}}');
SELECT nextauth.extend_model('User', '{"emailVerified": {"type": "timestamp", "nullable": true, "name": "verified"}}');
SELECT nextauth.extend_model('Account', '{"userId": {"type": "int", "select": false}}');

-- several models in one call, as one file exports several
BEGIN;
SELECT * FROM nextauth.extend_models('{
  "User": {"columns": {"phoneNumber": {"type": "varchar", "nullable": true}}},
  "Account": {"columns": [
    {"property": "scope", "type": "text", "nullable": true},
    {"property": "lastUsed", "type": "timestamp", "nullable": true}
  ]}
}');
ROLLBACK;
-- all or none
SELECT nextauth.extend_models('{
  "Account": {"columns": {"scope": {"type": "text", "nullable": true}}},
  "User": {"columns": {"phoneNumber": {"type": "varchr"}}}
}');
SELECT count(*) FROM nextauth.custom_column;

-- a column that is there is adopted if it is what is defined ...
BEGIN;
ALTER TABLE nextauth.users ADD COLUMN phone_number character varying, ADD COLUMN age integer DEFAULT 18;
SELECT * FROM nextauth.extend_model('User', '{
  "phoneNumber": {"type": "varchar", "nullable": true},
  "age": {"type": "int", "nullable": true, "default": 18}
}');
SELECT * FROM nextauth.extend_model('User', '{
  "phoneNumber": {"type": "varchar", "nullable": true},
  "age": {"type": "int", "nullable": true, "default": 18}
}');
-- ... else it is altered
ALTER TABLE nextauth.users ADD COLUMN nick text NOT NULL DEFAULT '';
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 10, "nullable": true, "unique": true, "comment": "nickname"}}');
ROLLBACK TO s;
-- and so is one that was declared
SELECT nextauth.extend_model('User', '{"age": {"type": "bigint", "default": 18}}');
ROLLBACK;

-- a comment by hand is left alone
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
COMMENT ON COLUMN nextauth.users.nick IS 'what friends say';
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
ROLLBACK;

-- what only an adapter understands changes in the catalog alone
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true}}');
SELECT * FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true, "select": false}}');
SELECT * FROM nextauth.extend_model('User', '{"secret": {"type": "text", "nullable": true, "select": false}}');
SELECT options FROM nextauth.custom_column;
ROLLBACK;

-- a column that must be filled but has no default: possible as long as there
-- are no rows, with a warning
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar"}}');
ROLLBACK;
BEGIN;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar"}}');
ROLLBACK;
BEGIN;
INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
SELECT * FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "default": ""}}');
SELECT email, phone_number FROM nextauth.users;
ROLLBACK;

-- one ALTER TABLE for all columns of a call
BEGIN;
RESET ROLE;
CREATE FUNCTION pg_temp.count_alter() RETURNS event_trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE NOTICE '%', tg_tag; END $$;
CREATE EVENT TRIGGER regress_nextauth_count ON ddl_command_start EXECUTE FUNCTION pg_temp.count_alter();
SELECT count(*) FROM nextauth.extend_model('User', '{
  "a": {"type": "int", "nullable": true},
  "b": {"type": "int", "nullable": true, "unique": true},
  "c": {"type": "enum", "enum": ["x", "y"], "default": "x"},
  "d": {"type": "int", "nullable": true, "comment": "the fourth"}
}');
-- and none when there is nothing to do
SELECT count(*) FROM nextauth.extend_model('User', '{"a": {"type": "int", "nullable": true}}');
ROLLBACK;
