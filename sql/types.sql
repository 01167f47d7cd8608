--
-- The types of columns: TypeORM's names for PostgreSQL's, in every spelling
--
SET ROLE regress_nextauth_owner;
-- What columns of these types become, each with the options; the properties are
-- named like the types, and have the suffix
CREATE FUNCTION pg_temp.added(types text[], options jsonb DEFAULT '{}', suffix text DEFAULT '')
RETURNS TABLE (property text, data_type text) LANGUAGE sql AS $$
  SELECT property, data_type
  FROM nextauth.extend_model('User', (
    SELECT jsonb_object_agg(type || suffix, options || jsonb_build_object('type', type, 'nullable', true))
    FROM unnest(types) type))
  WHERE action = 'added'
$$;
-- What happens when the model is extended by what it has
CREATE FUNCTION pg_temp.again() RETURNS TABLE (action text, count bigint) LANGUAGE sql AS $$
  SELECT x.action, count(*)
  FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
  GROUP BY x.action
$$;

--
-- Each type has its spellings
--
BEGIN;
CREATE TEMP TABLE types ON COMMIT DROP AS
SELECT property AS spelling, data_type FROM pg_temp.added(ARRAY[
  'int', 'int2', 'int4', 'int8', 'smallint', 'integer', 'bigint', 'decimal', 'numeric', 'real',
  'float', 'float4', 'float8', 'double precision', 'money',
  'character varying', 'varchar', 'character', 'char', 'text', 'bytea', 'bit', 'varbit', 'bit varying',
  'timetz', 'timestamptz', 'timestamp', 'timestamp without time zone', 'timestamp with time zone',
  'date', 'time', 'time without time zone', 'time with time zone', 'interval',
  'bool', 'boolean', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle',
  'cidr', 'inet', 'macaddr', 'macaddr8', 'tsvector', 'tsquery', 'uuid', 'xml', 'json', 'jsonb', 'jsonpath',
  'int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange',
  'int4multirange', 'int8multirange', 'nummultirange', 'tsmultirange', 'tstzmultirange', 'datemultirange',
  'simple-array', 'simple-json'
]);
SELECT count(*) AS spellings FROM types;
SELECT data_type, string_agg(spelling, ', ' ORDER BY spelling COLLATE "C") AS spellings
FROM types GROUP BY data_type ORDER BY data_type COLLATE "C";
-- and is described as it was spelled, but for timestamp, which elsewhere has no time zone
SELECT property AS spelling, type AS described FROM nextauth.model_columns WHERE is_custom AND type <> property;
SELECT * FROM pg_temp.again();
-- each can be an array's
SELECT count(*) AS arrays, count(*) FILTER (WHERE a.data_type = t.data_type || '[]') AS of_the_type
FROM (SELECT array_agg(spelling) AS all FROM types WHERE spelling !~ 'simple') s,
  pg_temp.added(s.all, '{"array": true}', '[]') a JOIN types t ON a.property = t.spelling || '[]';
SELECT property AS spelling, type AS described FROM nextauth.model_columns
WHERE is_custom AND definition ? 'array' AND type || '[]' <> property;
SELECT * FROM pg_temp.again();
ROLLBACK;

-- JavaScript's constructors name types, too
BEGIN;
SELECT * FROM pg_temp.added('{String,Number,Boolean,Date}');
SELECT property AS spelling, type AS described FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

--
-- Length, precision and scale
--
BEGIN;
SELECT * FROM pg_temp.added('{varchar,character varying,String}', '{"length": 50}');
SELECT * FROM pg_temp.added('{char,character,bit,varbit,bit varying}', '{"length": 8}');
SELECT * FROM pg_temp.added('{decimal}', '{"precision": 10}');
SELECT * FROM pg_temp.added('{numeric}', '{"precision": 12, "scale": 2}');
SELECT * FROM pg_temp.added('{timestamp,timestamp without time zone,time,timetz,interval}', '{"precision": 3}');
SELECT * FROM pg_temp.again();
ROLLBACK;
-- of arrays, too; TypeORM's length is a string; and all the precision that there is, is none
BEGIN;
SELECT property, data_type
FROM nextauth.extend_model('User', '[
  {"property": "varchar array", "type": "varchar", "length": 50, "array": true, "nullable": true},
  {"property": "numeric array", "type": "numeric", "precision": 12, "scale": 2, "array": true, "nullable": true},
  {"property": "length as TypeORM has it", "type": "varchar", "length": "50", "nullable": true},
  {"property": "no precision", "type": "timestamp without time zone", "precision": 0, "nullable": true},
  {"property": "full precision", "type": "timestamp", "precision": 6, "nullable": true}
]');
SELECT * FROM pg_temp.again();
ROLLBACK;
-- a type takes what PostgreSQL's takes
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "length": 10}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "precision": 10}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "precision": 3, "scale": 1}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "scale": 2}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "precision": 7}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 0}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 10485761}}');
-- and numbers are whole ones
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": -1}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 1.5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": "ten"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 99999999999}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "precision": "10"}}');

--
-- A type that comes with an extension is looked for in that extension, wherever
-- it is installed, and not by its name
--
RESET ROLE;
SELECT nextauth.extend_model('User', '{"a": {"type": "citext", "nullable": true}}');
BEGIN;
CREATE SCHEMA regress_nextauth_types;
GRANT USAGE ON SCHEMA regress_nextauth_types TO regress_nextauth_owner;
CREATE DOMAIN public.citext AS text;
CREATE EXTENSION citext SCHEMA regress_nextauth_types;
SELECT property, data_type, action
FROM nextauth.extend_model('User', '{
  "nick": {"type": "citext", "nullable": true},
  "nicks": {"type": "citext", "array": true, "nullable": true}}');
SELECT property, definition FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;
