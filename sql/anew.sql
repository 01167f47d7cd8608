--
-- A column that is dropped and made anew keeps all that somebody gave it, its indexes or its constraints by hand
--
-- So it is where a computed column gets another type, becomes stored or virtual, or a plain one becomes computed; on 15
-- also where it is computed in another way.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET allow_in_place_tablespaces TO on;
CREATE TABLESPACE regress_nextauth_space LOCATION '';
GRANT CREATE ON TABLESPACE regress_nextauth_space TO regress_nextauth_owner;
CREATE ROLE regress_nextauth_clerk;
SET ROLE regress_nextauth_owner;
-- the column with its indexes and constraints
CREATE FUNCTION pg_temp.describe(attribute text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid), 'statistics ' || NULLIF(attstattarget, -1),
    (SELECT string_agg(o, ' ') FROM unnest(attoptions) o WHERE o !~ '^pg_'), attstorage, attcompression, attacl,
    col_description(attrelid, attnum))
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attrelid = 'nextauth.users'::regclass AND attname = attribute
  UNION ALL
  (SELECT concat_ws(' ', pg_get_indexdef(c.oid), CASE WHEN indisreplident THEN 'replica identity' END,
    CASE WHEN indisclustered THEN 'clustered' END, 'tablespace ' || spcname, obj_description(c.oid, 'pg_class'),
    (SELECT string_agg(format('column %s: statistics %s', attnum, attstattarget), ', ' ORDER BY attnum)
     FROM pg_attribute WHERE attrelid = c.oid AND attstattarget >= 0))
  FROM pg_index JOIN pg_class c ON c.oid = indexrelid LEFT JOIN pg_tablespace s ON s.oid = reltablespace
  WHERE indrelid = 'nextauth.users'::regclass AND pg_get_indexdef(c.oid) ~ attribute ORDER BY relname)
  UNION ALL
  (SELECT concat_ws(' ', conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint'))
  FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype <> 'n' AND pg_get_constraintdef(oid) ~ attribute
  ORDER BY conname)
$$;
-- how a call ends: the actions, or the error
CREATE FUNCTION pg_temp.try(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  detail text;
  hint text;
  result text;
BEGIN
  EXECUTE format('SELECT string_agg(%s, '', '') FROM nextauth.%s', CASE WHEN call ~ '^plan' THEN 'statement' ELSE 'action' END, call) INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ' ' || message, detail, hint);
END $$;

--
-- A computed column
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"plain": {"type": "text", "nullable": true},
  "word": {"type": "varchar", "asExpression": "lower(name)", "generatedType": "STORED"}}',
  '{"indices": [{"columns": ["word"], "unique": true, "name": "word_u"}, {"columns": ["word", "plain"], "name": "word_plain"}]}')$$);
ALTER TABLE nextauth.users ALTER word SET STATISTICS 77, ALTER word SET (n_distinct = -0.5, n_distinct_inherited = 10),
  ALTER word SET STORAGE EXTERNAL, ALTER word SET COMPRESSION pglz;
COMMENT ON COLUMN nextauth.users.word IS 'in lower case';
GRANT SELECT (word), REFERENCES (word) ON nextauth.users TO regress_nextauth_clerk WITH GRANT OPTION;
GRANT SELECT (word) ON nextauth.users TO PUBLIC;
CREATE INDEX "Word 1" ON nextauth.users ((word IS NULL), name, (name IS NULL OR word IS NULL))
  WITH (fillfactor = 50) TABLESPACE regress_nextauth_space WHERE word IS NOT NULL;
ALTER INDEX nextauth."Word 1" ALTER COLUMN 1 SET STATISTICS 11, ALTER COLUMN 3 SET STATISTICS 33;
COMMENT ON INDEX nextauth."Word 1" IS 'the words';
CREATE INDEX word_hash ON nextauth.users USING hash (word) WITH (fillfactor = 40);
ALTER TABLE nextauth.users CLUSTER ON word_plain;
ALTER TABLE nextauth.users REPLICA IDENTITY USING INDEX word_u;
ALTER TABLE nextauth.users ADD CONSTRAINT word_once UNIQUE NULLS NOT DISTINCT (word) WITH (fillfactor = 60)
  USING INDEX TABLESPACE regress_nextauth_space DEFERRABLE,
  ADD CONSTRAINT word_twice UNIQUE (word), ADD CONSTRAINT word_known CHECK (word IS NOT NULL) NO INHERIT NOT VALID;
COMMENT ON CONSTRAINT word_once ON nextauth.users IS 'once';
COMMENT ON INDEX nextauth.word_once IS 'the index of it';
COMMENT ON CONSTRAINT word_known ON nextauth.users IS 'known';
CREATE TEMPORARY TABLE before ON COMMIT DROP AS SELECT * FROM pg_temp.describe('word');
SELECT * FROM before;
-- another expression
SAVEPOINT s;
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "varchar", "unique": true, "asExpression": "lower(email)", "generatedType": "STORED"}}')$$);
SELECT * FROM pg_temp.describe('word') EXCEPT SELECT * FROM before;
SELECT * FROM before EXCEPT SELECT * FROM pg_temp.describe('word');
ROLLBACK TO s;
-- another type
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "bytea", "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}')$$);
SELECT * FROM pg_temp.describe('word') EXCEPT SELECT * FROM before;
SELECT * FROM before EXCEPT SELECT * FROM pg_temp.describe('word');
-- once more, as it is a second column by now
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "varchar", "unique": true, "asExpression": "lower(name)", "generatedType": "STORED"}}')$$);
SELECT * FROM pg_temp.describe('word') EXCEPT SELECT * FROM before;
SELECT * FROM before EXCEPT SELECT * FROM pg_temp.describe('word');
-- what a type cannot have goes
SELECT statement FROM nextauth.plan_model('User', '{"word": {"type": "int", "unique": true, "asExpression": "length(name)", "generatedType": "STORED"}}');
-- an index of it that changes in the same call is made once
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "bytea", "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}',
  '{"indices": [{"columns": ["plain", "word"], "name": "word_plain"}, {"columns": ["word", "createdAt"], "unique": true, "name": "word_u"}],
    "uniques": [{"columns": ["word", "id"], "name": "word_once"}]}')$$);
SELECT * FROM pg_temp.describe('word') EXCEPT SELECT * FROM before;
ROLLBACK TO s;
-- neither is the replica identity lost
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "bytea", "nullable": true, "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}')$$);
-- nor a constraint that excludes, nor security labels
ALTER TABLE nextauth.users ADD CONSTRAINT no_two EXCLUDE (word WITH =);
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "bytea", "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}')$$);
ROLLBACK TO s;
RESET ROLE;
INSERT INTO pg_seclabel SELECT attrelid, 'pg_class'::regclass, attnum, 'guard', 'it''s secret'
FROM pg_attribute WHERE attrelid = 'nextauth.users'::regclass AND attname = 'word';
SET LOCAL ROLE regress_nextauth_owner;
SELECT statement, lock FROM nextauth.plan_model('User', '{"word": {"type": "bytea", "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}')
WHERE statement ~ 'LABEL';
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "bytea", "unique": true, "asExpression": "decode(name, ''hex'')", "generatedType": "STORED"}}')$$);
SELECT * FROM pg_temp.describe('word') EXCEPT SELECT * FROM before;
ROLLBACK;

--
-- A plain column becomes computed
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"boss": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "RESTRICT"}}}',
  '{"indices": [{"columns": ["boss"], "name": "boss_i"}]}')$$);
SELECT conname AS boss_fk FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype = 'f' \gset
COMMENT ON CONSTRAINT :"boss_fk" ON nextauth.users IS 'whom they work for';
ALTER TABLE nextauth.users ADD CONSTRAINT boss_too FOREIGN KEY (boss) REFERENCES nextauth.users NOT VALID;
COMMENT ON CONSTRAINT boss_too ON nextauth.users IS 'not yet';
ALTER TABLE nextauth.users ALTER boss SET STATISTICS 5;
GRANT SELECT (boss) ON nextauth.users TO regress_nextauth_clerk;
COMMENT ON INDEX nextauth.boss_i IS 'bosses';
SELECT * FROM pg_temp.describe('boss');
SELECT pg_temp.try($$extend_model('User', '{"boss": {"type": "int", "nullable": true, "asExpression": "length(name)", "generatedType": "STORED",
  "foreignKey": {"target": "User", "onDelete": "RESTRICT"}}}')$$);
SELECT * FROM pg_temp.describe('boss');
ROLLBACK;

--
-- Virtual columns, of PostgreSQL 18, have neither indexes nor foreign keys
--
-- is a call refused, by the name of what is on the column; or, before 18, since there is no such column?
CREATE FUNCTION pg_temp.is_refused(call text, name text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN current_setting('server_version_num')::int < 180000 AND answer LIKE '0A000 property "%" cannot be a virtual column%'
    OR answer LIKE '0A000 virtual column "%" of model "User" cannot have ' || name || '%' THEN 'refused' ELSE answer END
  FROM pg_temp.try(call) answer
$$;
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "STORED"}}',
  '{"indices": [{"columns": ["word"], "name": "word_i"}]}')$$);
SAVEPOINT s;
-- a column with an index becomes one, be the index on an expression, or partial; or a constraint's
SELECT pg_temp.is_refused($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$, 'index "word_i"');
SELECT pg_temp.is_refused($$plan_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$, 'index "word_i"');
DROP INDEX nextauth.word_i;
CREATE INDEX word_i ON nextauth.users (id) WHERE word IS NULL;
SELECT pg_temp.is_refused($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$, 'index "word_i"');
DROP INDEX nextauth.word_i;
CREATE INDEX word_i ON nextauth.users ((word IS NULL));
SELECT pg_temp.is_refused($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$, 'index "word_i"');
DROP INDEX nextauth.word_i;
ALTER TABLE nextauth.users ADD CONSTRAINT word_once UNIQUE (word);
SELECT pg_temp.is_refused($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "unique": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$, 'UNIQUE constraint "word_once"');
ALTER TABLE nextauth.users DROP CONSTRAINT word_once;
CREATE STATISTICS nextauth.word_s ON name, word FROM nextauth.users;
SELECT left(pg_temp.try($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "VIRTUAL"}}')$$), 5) IN ('2BP01', '0A000');
DROP STATISTICS nextauth.word_s;
-- a new column is to have one
SELECT pg_temp.is_refused($$extend_model('User', '{"call": {"type": "varchar", "nullable": true, "unique": true, "asExpression": "name", "generatedType": "VIRTUAL"}}')$$, 'UNIQUE constraint');
SELECT pg_temp.is_refused($$extend_model('User', '{"call": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}, "asExpression": "length(name)", "generatedType": "VIRTUAL"}}')$$, 'foreign key');
SELECT pg_temp.is_refused($$extend_model('User', '{"call": {"type": "varchar", "nullable": true, "asExpression": "name", "generatedType": "VIRTUAL"}}',
  '{"indices": [{"columns": ["name", "call"], "name": "call_i"}]}')$$, 'index "call_i"');
SELECT pg_temp.is_refused($$extend_model('User', '{"call": {"type": "varchar", "nullable": true, "asExpression": "name", "generatedType": "VIRTUAL"}}',
  '{"indices": [{"columns": ["name"], "where": "call IS NULL", "name": "call_i"}]}')$$, 'index "call_i"');
SELECT pg_temp.is_refused($$extend_model('User', '{"call": {"type": "varchar", "nullable": true, "asExpression": "name", "generatedType": "VIRTUAL"}}',
  '{"uniques": [{"columns": ["name", "call"], "name": "call_u"}]}')$$, 'UNIQUE constraint "call_u"');
-- it has privileges, a comment, checks and numbers of distinct values
SELECT CASE WHEN current_setting('server_version_num')::int < 180000 THEN 'STORED' ELSE 'VIRTUAL' END AS virtual \gset
GRANT SELECT (word) ON nextauth.users TO regress_nextauth_clerk;
ALTER TABLE nextauth.users ALTER word SET (n_distinct = 7), ADD CONSTRAINT word_known CHECK (word <> '');
COMMENT ON CONSTRAINT word_known ON nextauth.users IS 'known';
SELECT pg_temp.try(format($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(email)", "generatedType": "%s"}}')$$, :'virtual'));
SELECT * FROM pg_temp.describe('word');
-- and it is stored again
SELECT pg_temp.try($$extend_model('User', '{"word": {"type": "varchar", "nullable": true, "asExpression": "lower(name)", "generatedType": "STORED"}}')$$);
SELECT * FROM pg_temp.describe('word');
ROLLBACK;

RESET ROLE;
DROP ROLE regress_nextauth_clerk;
DROP TABLESPACE regress_nextauth_space;
