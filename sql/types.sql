--
-- TypeORM's types for PostgreSQL, in every spelling, and what they become
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT action, count(*)
FROM nextauth.extend_model('User', (
  SELECT jsonb_agg(jsonb_build_object('property', type, 'type', type, 'nullable', true) ORDER BY position)
  FROM unnest(ARRAY[
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
  ]) WITH ORDINALITY AS types (type, position)
))
GROUP BY action;
SELECT property AS type, data_type, type AS described FROM nextauth.model_columns WHERE is_custom ORDER BY position;
-- again, it changes nothing
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;

-- JavaScript's constructors name types, too
BEGIN;
SELECT property AS type, data_type
FROM nextauth.extend_model('User', '{
  "String": {"type": "String", "nullable": true},
  "Number": {"type": "Number", "nullable": true},
  "Boolean": {"type": "Boolean", "nullable": true},
  "Date": {"type": "Date", "nullable": true}
}');
SELECT property, type FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;

-- each of them as an array
BEGIN;
SELECT property AS type, data_type
FROM nextauth.extend_model('User', (
  SELECT jsonb_agg(jsonb_build_object('property', type, 'type', type, 'array', true, 'nullable', true) ORDER BY position)
  FROM unnest(ARRAY['int', 'numeric', 'varchar', 'char', 'text', 'bit', 'timestamp', 'date', 'interval', 'bool',
    'point', 'inet', 'tsvector', 'uuid', 'xml', 'json', 'jsonb', 'int4range', 'int4multirange'])
    WITH ORDINALITY AS types (type, position)
));
ROLLBACK;

-- length, precision and scale
BEGIN;
SELECT property, data_type
FROM nextauth.extend_model('User', '[
  {"property": "varchar", "type": "varchar", "length": 50, "nullable": true},
  {"property": "length as TypeORM has it", "type": "varchar", "length": "50", "nullable": true},
  {"property": "char", "type": "char", "length": 2, "nullable": true},
  {"property": "bit", "type": "bit", "length": 8, "nullable": true},
  {"property": "varbit", "type": "varbit", "length": 8, "nullable": true},
  {"property": "varchar array", "type": "varchar", "length": 50, "array": true, "nullable": true},
  {"property": "decimal", "type": "decimal", "precision": 10, "nullable": true},
  {"property": "numeric", "type": "numeric", "precision": 12, "scale": 2, "nullable": true},
  {"property": "numeric array", "type": "numeric", "precision": 12, "scale": 2, "array": true, "nullable": true},
  {"property": "timestamp", "type": "timestamp", "precision": 3, "nullable": true},
  {"property": "timestamp without", "type": "timestamp without time zone", "precision": 0, "nullable": true},
  {"property": "time", "type": "time", "precision": 3, "nullable": true},
  {"property": "interval", "type": "interval", "precision": 3, "nullable": true},
  {"property": "full precision is none", "type": "timestamp", "precision": 6, "nullable": true}
]');
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;
SELECT nextauth.extend_model('User', '{"a": {"type": "text", "length": 10}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "precision": 10}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "precision": 3, "scale": 1}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "scale": 2}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "timestamp", "precision": 7}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 0}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 10485761}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": -1}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 1.5}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": "ten"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "varchar", "length": 99999999999}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "numeric", "precision": "10"}}');

-- types that come with an extension are looked for in that extension, wherever
-- it is installed, and not by their name
RESET ROLE;
SELECT nextauth.extend_model('User', '{"a": {"type": "citext", "nullable": true}}');
BEGIN;
CREATE SCHEMA regress_nextauth_types;
GRANT USAGE ON SCHEMA regress_nextauth_types TO regress_nextauth_owner;
CREATE DOMAIN public.citext AS text;
CREATE EXTENSION citext SCHEMA regress_nextauth_types;
SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "citext", "nullable": true}, "nicks": {"type": "citext", "array": true, "nullable": true}}');
SELECT property, definition FROM nextauth.model_columns WHERE is_custom;
ROLLBACK;
