--
-- Indices on expressions: "columns" has properties and, as PostgreSQL's CREATE INDEX, expressions among them
--
SET ROLE regress_nextauth_owner;
\set SHOW_CONTEXT never
-- the definition of several tests, and what extend_model() says of it
\set definition '{"indices": [{"columns": ["tenantId", {"expression": "lower(email)"}], "unique": true, "name": "one address"}, {"columns": [{"expression": "lower(name)"}, "tenantId"]}, {"columns": [{"expression": "COALESCE(name, email)"}], "where": "tenant_id > 0"}]}'
BEGIN;
SELECT * FROM nextauth.plan_model('User', '{"tenantId": {"type": "int", "nullable": true}}', :'definition');
SELECT * FROM nextauth.extend_model('User', '{"tenantId": {"type": "int", "nullable": true}}', :'definition');
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass AND indexprs IS NOT NULL ORDER BY 1;
-- again, nothing changes
SELECT * FROM nextauth.extend_model('User', '{}', :'definition');
SELECT * FROM nextauth.plan_model('User', '{}', :'definition');
-- the catalog gives them back, to be made again here or elsewhere
SELECT jsonb_pretty(options) FROM nextauth.custom_models;
CREATE TEMP TABLE kept AS SELECT * FROM nextauth.custom_models;
SELECT x.action, count(*) FROM kept m, nextauth.extend_model(m.model, m.columns, m.options) x GROUP BY x.action;
CREATE TEMP TABLE facts AS SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass;
DROP INDEX nextauth."one address", nextauth."IDX_f76c48a8ea49012db8108f187e";
SELECT x.* FROM kept m, nextauth.extend_model(m.model, m.columns, m.options) x WHERE action <> 'unchanged';
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'nextauth.users'::regclass EXCEPT SELECT * FROM facts;
-- TypeORM knows the columns of an index, and no expressions: it is told of those, and of no index without any
SELECT jsonb_pretty(nextauth.entity_schema('User') -> 'indices');
-- they hold
SAVEPOINT s;
INSERT INTO nextauth.users (email, tenant_id) VALUES ('ada@example.com', 1), ('Ada@example.com', 2), ('Ada@Example.com', 1);
ROLLBACK TO s;
-- a new name of a column is followed
SELECT action FROM nextauth.rename_property('User', 'tenantId', 'organizationId');
SELECT x.* FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) x;
-- what is of another column, too, is in a property's way; what is of it alone goes with it
SELECT nextauth.drop_properties('User', 'organizationId');
ROLLBACK TO s;
DROP INDEX nextauth."one address", nextauth."IDX_f76c48a8ea49012db8108f187e", nextauth."IDX_63d7d8d4be81cac0b5119d861c";
SELECT action FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "tenant_id + 1"}], "name": "next"}]}');
SELECT action FROM nextauth.drop_properties('User', 'tenantId');
SELECT to_regclass('nextauth.next');
ROLLBACK;

-- one of a name is changed to what is defined, from an index on columns and back; one without a name is another
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["email"], "name": "i"}]}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}], "name": "i"}]}');
ALTER INDEX nextauth.i ALTER COLUMN 1 SET STATISTICS 55;
COMMENT ON INDEX nextauth.i IS 'by hand';
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}], "name": "i", "unique": true}]}');
SELECT pg_get_indexdef(c.oid), attstattarget, obj_description(c.oid) FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relname = 'i';
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "upper(email)"}], "name": "i", "unique": true}]}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["name", "email"], "name": "i", "unique": true}]}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"uniques": [{"columns": ["name", "email"], "name": "i"}], "indices": [{"columns": [{"expression": "upper(email)"}]}]}');
SELECT options FROM nextauth.custom_models;
ROLLBACK;

-- an expression that is nothing but a column is the column
BEGIN;
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "(email)"}, "name"]}]}');
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["email", "name"]}]}');
ROLLBACK;

-- one that is there is what a definition without a name means, unless it has more to it: then it is nobody's definition
BEGIN;
CREATE INDEX by_hand ON nextauth.users (lower(email), name);
CREATE INDEX downward ON nextauth.users (lower(name) DESC);
CREATE INDEX "c order" ON nextauth.users (upper(name) COLLATE "C", email);
CREATE INDEX patterns ON nextauth.users (upper(email) text_pattern_ops);
CREATE INDEX included ON nextauth.users (upper(image)) INCLUDE (email);
CREATE INDEX words ON nextauth.users USING gin (to_tsvector('simple', name));
CREATE UNIQUE INDEX one_row ON nextauth.users ((true)) WHERE name = 'the only one';
CREATE INDEX whole ON nextauth.users ((users IS NULL));
SELECT options FROM nextauth.custom_models;
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}, "name"]}, {"columns": [{"expression": "lower(name)"}]}]}');
-- or has the name
SELECT * FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "to_tsvector(''simple'', name)"}], "name": "words"}]}');
SELECT pg_get_indexdef('nextauth.words'::regclass);
ROLLBACK;

-- a column that they use gets another type, or is made anew
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}, "n": {"type": "int", "nullable": true}}',
  '{"indices": [{"columns": [{"expression": "lower(nick)"}], "name": "nicks"}, {"columns": [{"expression": "n + 1"}], "name": "numbers"}]}');
SELECT statement, cost FROM nextauth.plan_model('User', '{"nick": {"type": "text", "nullable": true}}');
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "n": {"type": "bigint", "nullable": true}}');
SELECT options FROM nextauth.custom_models;
SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}', '{"indices": [{"columns": [{"expression": "lower(nick)"}], "name": "nicks"}]}');
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "asExpression": "name || ''!''", "generatedType": "STORED"}}');
SELECT options FROM nextauth.custom_models;
ROLLBACK;
-- so does one of an index that is made in the same call
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "varchar", "nullable": true}}');
SELECT statement FROM nextauth.plan_model('User', '{"n": {"type": "int", "nullable": true}}', '{"indices": [{"columns": [{"expression": "n + 1"}], "name": "numbers"}]}');
SELECT action FROM nextauth.extend_model('User', '{"n": {"type": "int", "nullable": true}}', '{"indices": [{"columns": [{"expression": "n + 1"}], "name": "numbers"}]}');
-- ids are not converted to what an expression does not understand
SELECT action FROM nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "id % 10"}], "name": "tens"}]}');
SELECT nextauth.plan_convert_ids('text');
\echo :SQLSTATE
ROLLBACK;

-- rows that contradict are shown
BEGIN;
INSERT INTO nextauth.users (name, email) VALUES ('ada', 'ada@example.com'), ('Ada', 'Ada@example.com'), (NULL, 'ADA@example.com');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}], "unique": true}]}');
\echo :SQLSTATE
ROLLBACK TO s;
SELECT nextauth.plan_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(name)"}, {"expression": "lower(email)"}], "unique": true}]}');
ROLLBACK;

-- what is none
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{}]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expresion": "lower(email)"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": 1}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"expression": "lower(email)"}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": ["lower(email)"]}]}');
SELECT nextauth.extend_model('User', '{}', '{"uniques": [{"columns": [{"expression": "lower(email)"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(mail)"}]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": ""}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)) WHERE (true"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "name, email"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "(SELECT email)"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "max(email)"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "unnest(ARRAY[email])"}]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "email || random()"}], "name": "r"}]}');
\echo :SQLSTATE
-- what is no expression by itself, a whole row, and what is of no column
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "*"}]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "users"}]}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "users.*"}, "email"]}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "true"}], "unique": true}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "2"}, "email"], "unique": true}]}');
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "email COLLATE \"C\""}], "name": "c"}]}');
\echo :SQLSTATE
SELECT nextauth.extend_model('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}]}, {"columns": [{"expression": "lower(email)"}]}]}');

-- online, such an index is built while others write
CALL nextauth.extend_model_online('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}], "unique": true, "name": "online"}]}');
CALL nextauth.extend_model_online('User', '{}', '{"indices": [{"columns": [{"expression": "lower(email)"}], "unique": true, "name": "online"}]}');
CALL nextauth.extend_model_online('User', '{}', '{"indices": [{"columns": [{"expression": "upper(email)"}], "name": "online"}]}');
SELECT pg_get_indexdef('nextauth.online'::regclass);
SELECT changes, statements FROM nextauth.model_changes WHERE model = 'User' ORDER BY version DESC LIMIT 2;
DROP INDEX nextauth.online;
RESET ROLE;
