-- Models for MySQL, MariaDB, SQLite and MongoDB: the statements that make their tables there, TypeORM's EntitySchemas for these
-- drivers, and the queries that read the rows for import_rows()

\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SET ROLE regress_nextauth_owner;

-- The tutorial's User
BEGIN;
SELECT FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
SELECT nextauth.describe_model('mysql', 'User');
SELECT nextauth.describe_model('mariadb', 'Session');
SELECT nextauth.describe_model('sqlite', 'User');
SELECT nextauth.describe_model('mongodb', 'User');
SELECT nextauth.describe_model('mysql-export', 'User');
SELECT nextauth.describe_model('mariadb-export', 'User');
SELECT nextauth.describe_model('sqlite-export', 'User');
SELECT nextauth.describe_model('mongodb-export', 'User');

-- A driver's EntitySchema has its types, no schema, and says what is different
SELECT driver, nextauth.entity_schema('User', driver) #> '{columns,phoneNumber}', nextauth.entity_schema('User', driver) ->> 'remarks'
  FROM unnest('{postgres,mysql,mariadb,sqlite,mongodb}'::text[]) driver;
SELECT driver, nextauth.entity_schema('User', driver) ->> 'schema', nextauth.entity_schema('VerificationRequest', driver) ->> 'tableName'
  FROM unnest('{postgres,mysql,mongodb}'::text[]) driver;
SELECT nextauth.entity_schemas('postgres') = nextauth.entity_schemas();
SELECT bool_and(nextauth.entity_schemas(driver) -> model = nextauth.entity_schema(model, driver))
  FROM nextauth.models, unnest('{mysql,mariadb,sqlite,mongodb}'::text[]) driver;
ROLLBACK;

-- What another database does not have is left out, and named
BEGIN;
SELECT FROM nextauth.extend_model('User', '{
  "words": {"type": "tsvector", "nullable": true},
  "initial": {"type": "varchar", "asExpression": "\"left\"(name, 1)", "generatedType": "STORED", "nullable": true},
  "number": {"type": "int", "generated": "increment"},
  "mood": {"type": "enum", "enum": ["fine", "so, so", "it''s"], "nullable": true},
  "nick": {"type": "varchar", "nullable": true, "collation": "C"}}');
SELECT FROM nextauth.extend_model('User', '{}', '{
  "checks": [{"name": "short", "expression": "length(name) < 20"}, {"name": "known", "expression": "name <> ''root'' AND (nick IS NULL OR nick IN (''a'', ''b''))"}],
  "indices": [{"name": "one_fine", "columns": ["nick"], "unique": true, "where": "name IS NULL"}, {"name": "lower_name", "columns": [{"expression": "lower(name)"}]}]}');
SELECT driver, remark FROM unnest('{mysql,sqlite,mongodb}'::text[]) driver, jsonb_array_elements_text(nextauth.entity_schema('User', driver) -> 'remarks') remark;
SELECT line FROM regexp_split_to_table(nextauth.describe_model('sqlite', 'User'), '\n') line WHERE line ~ 'short|known|one_fine|lower';
SELECT line FROM regexp_split_to_table(nextauth.describe_model('mysql', 'User'), '\n') line WHERE line ~ 'short|known|one_fine|lower';
ROLLBACK;

-- Names and texts stay what they are
BEGIN;
SELECT FROM nextauth.extend_model('User', $${
  "we`ird": {"type": "varchar", "nullable": true},
  "quo\"te": {"type": "varchar", "nullable": true},
  "it's": {"type": "varchar", "default": "a\\b'c", "comment": "one\n*/ DROP TABLE users; --'\\"}}$$);
SELECT line FROM regexp_split_to_table(nextauth.describe_model('mysql', 'User'), '\n') line WHERE line ~ 'ird|te|s`' AND line !~ 'date|created|email|TABLE';
SELECT line FROM regexp_split_to_table(nextauth.describe_model('sqlite', 'User'), '\n') line WHERE line ~ 'ird|quo|it' AND line !~ 'date|created|email';
SELECT line FROM regexp_split_to_table(nextauth.describe_model('mongodb', 'User'), '\n') line WHERE line ~ 'ird|quo|it''s';
-- a character that ends a line, and so a comment, in JavaScript alone
SELECT FROM nextauth.extend_model('User', '{"later": {"type": "varchar", "nullable": true, "defaultExpression": "concat(''\u2028db.users.drop()'')"}}');
SELECT line FROM regexp_split_to_table(nextauth.describe_model('mongodb', 'User'), '\n|' || U&'\2028') line WHERE line ~ 'concat|drop';
ROLLBACK;

-- a table's name is one word of a shell's command, and no path
BEGIN;
RESET ROLE;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.sessions RENAME TO "x'; touch /tmp/$(id)'";
SELECT nextauth.describe_model('mongodb-export', 'Session');
ROLLBACK;
SET ROLE regress_nextauth_owner;

-- What MySQL has no room for, in an index or in a row
BEGIN;
SELECT FROM nextauth.extend_model('User', $${
  "long": {"type": "varchar", "length": 1000, "nullable": true, "unique": true},
  "a": {"type": "varchar", "nullable": true}, "b": {"type": "varchar", "nullable": true},
  "c": {"type": "varchar", "nullable": true}, "d": {"type": "varchar", "nullable": true},
  "e1": {"type": "varchar", "length": 4000, "nullable": true}, "e2": {"type": "varchar", "length": 4000, "nullable": true},
  "e3": {"type": "varchar", "length": 4000, "nullable": true}, "e4": {"type": "varchar", "length": 4000, "nullable": true}}$$,
  '{"indices": [{"columns": ["a", "b", "c", "d"], "name": "wide"}]}');
SELECT line FROM regexp_split_to_table(nextauth.describe_model('mysql', 'User'), '\n') line WHERE line ~ '`(long|a|e.)`|wide|long:';
ROLLBACK;

-- What compares texts by their order means something else elsewhere
BEGIN;
SELECT FROM nextauth.extend_model('User', '{"grade": {"enum": ["low", "high"], "nullable": true}, "nick": {"type": "varchar", "nullable": true}}');
SELECT FROM nextauth.extend_model('User', '{}', '{"checks": [{"name": "labels", "expression": "grade < ''high''"}, {"name": "texts", "expression": "nick >= ''a''"}, {"name": "same", "expression": "nick <> ''a''"}]}');
SELECT line FROM regexp_split_to_table(nextauth.describe_model('sqlite', 'User'), '\n') line WHERE line ~ 'labels|texts|same';
ROLLBACK;

-- Ids as they are here
RESET ROLE;
BEGIN;
SELECT count(*) FROM nextauth.plan_convert_ids('text');
SELECT driver, nextauth.entity_schema('User', driver) #> '{columns,id}', nextauth.entity_schema('Session', driver) #> '{columns,userId}'
  FROM unnest('{mysql,mariadb,sqlite,mongodb}'::text[]) driver;
ROLLBACK;

-- What there is not
SELECT nextauth.entity_schema('User', 'mariabd');
SELECT nextauth.entity_schema('User', NULL);
SELECT nextauth.entity_schemas('oracle');
SELECT nextauth.describe_model('mysql', 'Authenticator');
