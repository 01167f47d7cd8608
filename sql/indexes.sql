--
-- What somebody gave an index by hand outlives its replacement, and no call takes a table its replica identity
--
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET allow_in_place_tablespaces TO on;
CREATE TABLESPACE regress_nextauth_space LOCATION '';
GRANT CREATE ON TABLESPACE regress_nextauth_space TO regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
-- an index and all that it has; that of a constraint, what that has, too
CREATE FUNCTION pg_temp.describe(index text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(E'\n', regexp_replace(pg_get_indexdef(c.oid), '"?(\w+)"? ON nextauth.users', '\1'),
    CASE WHEN indisreplident THEN 'replica identity' END, CASE WHEN indisclustered THEN 'clustered' END,
    'tablespace ' || spcname, obj_description(c.oid, 'pg_class'),
    (SELECT string_agg(format('column %s: statistics %s', attnum, attstattarget), ', ' ORDER BY attnum)
     FROM pg_attribute WHERE attrelid = c.oid AND attstattarget >= 0),
    pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint'))
  FROM pg_index JOIN pg_class c ON c.oid = indexrelid LEFT JOIN pg_tablespace s ON s.oid = reltablespace
  LEFT JOIN pg_constraint k ON conindid = c.oid AND contype <> 'f'
  WHERE indrelid = 'nextauth.users'::regclass AND relname = index
$$;
-- how a call ends: the actions, or the error
CREATE FUNCTION pg_temp.try(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  detail text;
  hint text;
  result text;
BEGIN
  EXECUTE format('SELECT string_agg(action, '', '') FROM nextauth.%s', call) INTO result;
  RETURN result;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ' ' || message, detail, hint);
END $$;

--
-- An index of the options is replaced
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1"}, "site": {"type": "int", "default": 1}}',
  '{"indices": [{"columns": ["code"], "unique": true, "name": "code_u"}]}')$$);
ALTER INDEX nextauth.code_u SET (fillfactor = 70, deduplicate_items = off);
ALTER INDEX nextauth.code_u SET TABLESPACE regress_nextauth_space;
ALTER TABLE nextauth.users CLUSTER ON code_u;
ALTER TABLE nextauth.users REPLICA IDENTITY USING INDEX code_u;
COMMENT ON INDEX nextauth.code_u IS 'It''s "mine"';
SELECT statement, lock FROM nextauth.plan_model('User', '{}', '{"indices": [{"columns": ["site", "code"], "unique": true, "name": "code_u"}]}');
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["site", "code"], "unique": true, "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
-- a published row can still be updated
RESET ROLE;
SET LOCAL client_min_messages = error;    -- wal_level need not be logical
CREATE PUBLICATION regress_nextauth_publication FOR TABLE nextauth.users;
SET LOCAL ROLE regress_nextauth_owner;
INSERT INTO nextauth.users DEFAULT VALUES;
UPDATE nextauth.users SET name = 'ada';
-- it becomes a constraint, and an index again
SELECT pg_temp.try($$extend_model('User', '{}', '{"uniques": [{"columns": ["code", "site"], "name": "code_u"}]}')$$);
COMMENT ON CONSTRAINT code_u ON nextauth.users IS 'a constraint';
SELECT pg_temp.describe('code_u');
SELECT pg_temp.try($$extend_model('User', '{}', '{"uniques": [{"columns": ["site", "code"], "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "unique": true, "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
-- as it is, it is made a constraint
SELECT pg_temp.try($$extend_model('User', '{}', '{"uniques": [{"columns": ["code"], "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
-- what has no comment in the one form has that of the other
COMMENT ON INDEX nextauth.code_u IS NULL;
COMMENT ON CONSTRAINT code_u ON nextauth.users IS 'a constraint';
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "unique": true, "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');

-- what could not be the replica identity is refused, and a plan says so
SAVEPOINT s;
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "name": "code_u"}]}')$$);
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "unique": true, "where": "site > 0", "name": "code_u"}]}')$$) LIKE '2BP01%';
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["name"], "unique": true, "name": "code_u"}]}')$$) LIKE '2BP01%';
SELECT pg_temp.try($$extend_model('User', '{}', '{"uniques": [{"columns": ["code"], "deferrable": "INITIALLY DEFERRED", "name": "code_u"}]}')$$) LIKE '2BP01%';
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "nullable": true}}')$$) LIKE '2BP01%';
SELECT pg_temp.try($$drop_properties('User', 'code')$$);
SELECT pg_temp.try($$drop_properties('User', 'code', 'site')$$) LIKE '2BP01%';
SELECT * FROM nextauth.plan_model('User', '{"code": {"type": "varchar", "default": "c1", "nullable": true}}');
ROLLBACK TO s;
SELECT pg_temp.describe('code_u');
-- a column may be nullable if the call has the index go without it
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "nullable": true}}',
  '{"indices": [{"columns": ["site"], "unique": true, "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
-- another type, and another name of the column, leave it alone
SELECT pg_temp.try($$extend_model('User', '{"site": {"type": "bigint", "default": 1}}')$$);
SELECT pg_temp.try($$rename_property('User', 'site', 'place')$$);
SELECT pg_temp.describe('code_u');
-- and once another one is chosen all may change
ALTER TABLE nextauth.users REPLICA IDENTITY DEFAULT;
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "name": "code_u"}]}')$$);
SELECT pg_temp.describe('code_u');
ROLLBACK;

--
-- An index that PostgreSQL builds anew keeps the statistics targets of its expressions
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"site": {"type": "int", "default": 1}}')$$);
CREATE INDEX places ON nextauth.users ((site + 1), (site + id), (id + 1));
ALTER INDEX nextauth.places ALTER 1 SET STATISTICS 11, ALTER 2 SET STATISTICS 22, ALTER 3 SET STATISTICS 33;
SELECT pg_temp.try($$extend_model('User', '{"site": {"type": "bigint", "default": 1}}')$$);
SELECT pg_temp.describe('places');
SELECT pg_temp.try($$convert_ids('bigint')$$);
SELECT pg_temp.describe('places');
ROLLBACK;

--
-- "unique" of a property
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "unique": true}}')$$);
SELECT conname AS unique_code FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
WHERE conrelid = 'nextauth.users'::regclass AND attname = 'code' AND contype = 'u' \gset
ALTER TABLE nextauth.users REPLICA IDENTITY USING INDEX :"unique_code";
SAVEPOINT s;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1"}}')$$);
SELECT pg_temp.try($$drop_properties('User', 'code')$$) LIKE '2BP01%';
ROLLBACK TO s;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "text", "default": "c2", "unique": true}}')$$);
SELECT pg_temp.describe(:'unique_code');
-- the ids of all tables are converted, and it is still there
SELECT pg_temp.try($$convert_ids('text')$$);
SELECT pg_temp.describe(:'unique_code');
ROLLBACK;
-- a constraint that is checked at another time keeps what it includes, and how it takes nulls
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "nullable": true}, "site": {"type": "int", "nullable": true}}')$$);
ALTER TABLE nextauth.users ADD CONSTRAINT code_site UNIQUE NULLS NOT DISTINCT (code, site) INCLUDE (name) WITH (fillfactor = 60);
COMMENT ON CONSTRAINT code_site ON nextauth.users IS 'one of each';
SELECT pg_temp.try($$extend_model('User', '{}', '{"uniques": [{"columns": ["code", "site"], "name": "code_site", "deferrable": "INITIALLY DEFERRED"}]}')$$);
SELECT pg_temp.describe('code_site');
ROLLBACK;

--
-- A check and a foreign key keep their comments
--
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"site": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}',
  '{"checks": [{"expression": "site > 0", "name": "positive"}]}')$$);
SELECT conname AS site_fk FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype = 'f' \gset
COMMENT ON CONSTRAINT positive ON nextauth.users IS 'more than nothing';
COMMENT ON CONSTRAINT :"site_fk" ON nextauth.users IS 'where they are';
SELECT pg_temp.try($$extend_model('User', '{"site": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "CASCADE"}}}',
  '{"checks": [{"expression": "site > 1", "name": "positive"}]}')$$);
SELECT pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') FROM pg_constraint
WHERE conname IN ('positive', :'site_fk') ORDER BY 1;
ROLLBACK;

--
-- An index that an interrupted build left invalid, whoever's it was, is in nobody's way
--
-- invalidate an index as an interrupted CREATE INDEX CONCURRENTLY or, with "dead", DROP INDEX CONCURRENTLY does
RESET ROLE;
CREATE FUNCTION pg_temp.invalidate(index text, dead boolean) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE pg_catalog.pg_index SET indisvalid = false, indisready = NOT dead, indislive = NOT dead
  WHERE indexrelid = ('nextauth.' || quote_ident(index))::regclass
$$;
CREATE FUNCTION pg_temp.valid() RETURNS TABLE (index text, valid boolean) LANGUAGE sql AS $$
  SELECT relname::text, indisvalid AND indislive FROM pg_index JOIN pg_class c ON c.oid = indexrelid
  WHERE indrelid = 'nextauth.users'::regclass AND NOT indisprimary AND relname <> 'UQ_97672ac88f789774dd47f7c8be3'
  ORDER BY relname
$$;
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1"}, "site": {"type": "int", "default": 1}}')$$);
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "unique": true}}')$$);
SELECT index AS unique_code FROM pg_temp.valid() \gset
ALTER TABLE nextauth.users DROP CONSTRAINT :"unique_code";
SAVEPOINT s;
-- "unique", by either command, on the right column or another
CREATE UNIQUE INDEX :"unique_code" ON nextauth.users (code);
SELECT FROM pg_temp.invalidate(:'unique_code', false);
SELECT finding, remedy FROM nextauth.check_models() WHERE model = 'User';
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "unique": true}}')$$);
SELECT * FROM pg_temp.valid();
ROLLBACK TO s;
CREATE INDEX :"unique_code" ON nextauth.users (lower(name)) WHERE name <> '';
SELECT FROM pg_temp.invalidate(:'unique_code', true);
SELECT finding FROM nextauth.check_models() WHERE model = 'User';
SELECT pg_temp.try($$extend_model('User', '{"code": {"type": "varchar", "default": "c1", "unique": true}}')$$);
SELECT * FROM pg_temp.valid();
SELECT * FROM nextauth.check_models() WHERE model = 'User';
ROLLBACK TO s;
-- one of "indices", and one of "uniques"
CREATE INDEX one ON nextauth.users (code);
CREATE UNIQUE INDEX two ON nextauth.users (code, site);
SELECT FROM pg_temp.invalidate('one', true);
SELECT FROM pg_temp.invalidate('two', false);
SELECT finding FROM nextauth.check_models() WHERE model = 'User';
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["code"], "name": "one"}], "uniques": [{"columns": ["code", "site"], "name": "two"}]}')$$);
SELECT * FROM pg_temp.valid();
SELECT * FROM nextauth.check_models() WHERE model = 'User';
ROLLBACK TO s;
-- what extend_model_online() built to take the place of another, but did not put there
CREATE INDEX one ON nextauth.users (code);
CREATE INDEX nextauth_index_fe05bcdcdc4928012781a5f1a2 ON nextauth.users (site);
SELECT finding FROM nextauth.check_models() WHERE model = 'User';
SELECT pg_temp.try($$extend_model('User', '{}', '{"indices": [{"columns": ["site"], "name": "one"}]}')$$);
SELECT * FROM pg_temp.valid();
ROLLBACK;

RESET ROLE;
DROP TABLESPACE regress_nextauth_space;
