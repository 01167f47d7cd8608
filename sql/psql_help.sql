-- psql's help: comments for \d+, \df+, \dn+, \dv+, \dy+ and \dT+, settings for \dconfig

-- every object of the extension has a comment; a row type is its table's or view's
SELECT pg_describe_object(d.classid, d.objid, 0) AS undescribed
FROM pg_depend d
WHERE d.refclassid = 'pg_extension'::regclass
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nextauth')
  AND d.deptype = 'e'
  AND NOT EXISTS (SELECT FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND t.typtype <> 'p')
  AND obj_description(d.objid, d.classid::regclass::name) IS NULL;
-- so has every column of its tables and views
SELECT format('%s.%s', c.oid::regclass, a.attname) AS undescribed
FROM pg_depend d
JOIN pg_class c ON c.oid = d.objid AND d.classid = 'pg_class'::regclass
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE d.refclassid = 'pg_extension'::regclass
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nextauth')
  AND col_description(c.oid, a.attnum) IS NULL;
-- and its schema, and the models' tables
SELECT obj_description('nextauth'::regnamespace, 'pg_namespace');
SELECT table_name, obj_description(relation, 'pg_class') FROM nextauth.models ORDER BY table_name COLLATE "C";

-- the models' tables have no comments on columns, because TypeORM's schema diff
-- would drop them; nextauth.model_columns describes the columns
SELECT count(*) FROM nextauth.models m
JOIN pg_description d ON d.objoid = m.relation AND d.classoid = 'pg_class'::regclass AND d.objsubid > 0;
BEGIN;
GRANT CREATE ON DATABASE :"DBNAME" TO regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SELECT count(*) > 0 AS converted FROM nextauth.convert_ids('text');
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('prisma', 'regress_nextauth_auth');
SELECT model, property, description FROM nextauth.model_columns
WHERE NOT is_custom ORDER BY model COLLATE "C", "position";
SELECT model, property FROM nextauth.model_columns WHERE NOT is_custom AND description IS NULL;
-- a comment by the owner comes first
COMMENT ON COLUMN nextauth.users.name IS 'as they sign';
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true, "comment": "as friends say"}, "age": {"type": "int", "nullable": true}}');
SELECT property, comment, description FROM nextauth.model_columns
WHERE property IN ('name', 'nick', 'age', 'email') ORDER BY "position";
-- an adapter's schema says whose it is and which functions change it
SELECT obj_description('regress_nextauth_auth'::regnamespace, 'pg_namespace');
SELECT relname, obj_description(oid, 'pg_class') FROM pg_class
WHERE relnamespace = 'regress_nextauth_auth'::regnamespace AND relkind = 'v' ORDER BY relname COLLATE "C";
ROLLBACK;

-- if schema nextauth has a comment already, CREATE EXTENSION keeps it
BEGIN;
DROP EXTENSION nextauth;
COMMENT ON SCHEMA nextauth IS 'ours';
CREATE EXTENSION nextauth;
SELECT obj_description('nextauth'::regnamespace, 'pg_namespace');
ROLLBACK;

-- the settings are there as soon as the library is loaded
\c
LOAD 'nextauth';
\dconfig nextauth.*
SELECT name, short_desc, extra_desc FROM pg_settings WHERE name LIKE 'nextauth.%' ORDER BY name COLLATE "C";
-- a misspelt one is an error
SET nextauth.lock_timeouts = 1;
