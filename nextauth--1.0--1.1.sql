/*
 * Version 1.0 -> 1.1: what src/nextauth.sql has beyond 1.0.
 *
 * ALTER EXTENSION nextauth UPDATE runs this.  A database that was updated has
 * the same objects as one in which 1.1 was created; test/t/022_versions.pl
 * compares them.
 */

-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION nextauth UPDATE TO '1.1'" to load this file. \quit

-- Nothing that somebody made in schema nextauth is to be found from here
SET LOCAL search_path = pg_catalog, pg_temp;

-- What running calls are doing

CREATE FUNCTION nextauth.entity_schema(name text, driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schema'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schema(text, text) IS
  'Returns entity_schema() for a driver of TypeORM: postgres, mysql, mariadb, sqlite or mongodb; "remarks" says what is different there';

CREATE TYPE nextauth.entity_schemas;
COMMENT ON TYPE nextauth.entity_schemas IS 'Reserves the name: a defined type would be called instead of the function';

CREATE FUNCTION nextauth.entity_schemas(driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schemas'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schemas(text) IS
  'Returns entity_schema() for a driver of every model by name';

CREATE FUNCTION nextauth.running_calls(
  OUT pid integer,
  OUT command text,
  OUT relation regclass,
  OUT phase text,
  OUT column_name name,
  OUT blocks_done bigint,
  OUT blocks_total bigint,
  OUT rows_done bigint,
  OUT rows_total bigint,
  OUT started_at timestamp with time zone,
  OUT phase_started_at timestamp with time zone
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'running_calls'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.running_calls() IS
  'The calls that are running, behind the view progress';

CREATE VIEW nextauth.progress AS
SELECT
  r.pid,
  r.command,
  (SELECT m.name FROM nextauth.model m WHERE m.relation = r.relation AND m.vouched) AS model,
  r.relation,
  r.phase,
  r.column_name,
  r.blocks_done,
  r.blocks_total,
  r.rows_done,
  r.rows_total,
  r.started_at,
  r.phase_started_at
FROM nextauth.running_calls() r;

COMMENT ON VIEW nextauth.progress IS
  'What running calls of extend_model_online(), convert_ids(), extend_model(), extend_models(), add_adapter() and import_rows() are doing in this database';
COMMENT ON COLUMN nextauth.progress.pid IS 'The process that does the work; for extend_model_online() its background worker';
COMMENT ON COLUMN nextauth.progress.command IS 'The function that was called. This and the columns below are null to a role that may not read the caller''s statistics';
COMMENT ON COLUMN nextauth.progress.model IS 'The model of the table, if it has one';
COMMENT ON COLUMN nextauth.progress.relation IS 'The table that the phase is about';
COMMENT ON COLUMN nextauth.progress.phase IS
  'planning, waiting for another call, locking table, checking rows, reading table, rewriting table, rebuilding indexes, filling column, building index, validating constraint, reading keys, converting rows or inserting rows';
COMMENT ON COLUMN nextauth.progress.column_name IS 'The column that is filled';
COMMENT ON COLUMN nextauth.progress.blocks_done IS 'Blocks of the table that are filled, or read for an index';
COMMENT ON COLUMN nextauth.progress.blocks_total IS 'Blocks of the table';
COMMENT ON COLUMN nextauth.progress.rows_done IS 'Rows that are filled, rewritten in tables that are finished, in the index, or read for an import';
COMMENT ON COLUMN nextauth.progress.rows_total IS 'All rows: an estimate while a column is filled or an index is built';
COMMENT ON COLUMN nextauth.progress.started_at IS 'When the call began';
COMMENT ON COLUMN nextauth.progress.phase_started_at IS 'When the phase began. A statement that reads or rewrites a table does not show how far it is';

GRANT SELECT ON nextauth.progress TO PUBLIC;

-- Rows of another engine

CREATE FUNCTION nextauth.import_rows(model text, rows text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, text) IS
  'Imports rows of another engine, JSON objects in an array with properties or column names as keys, into the model''s table; rows whose id is there are left alone; needs ownership of the table';

CREATE FUNCTION nextauth.import_rows(model text, rows jsonb, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, jsonb) IS
  'Imports rows of another engine, JSON objects in an array with properties or column names as keys, into the model''s table; rows whose id is there are left alone; needs ownership of the table';

CREATE FUNCTION nextauth.import_rows(model text, source regclass, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, regclass) IS
  'Imports rows of another engine, JSON objects in the only column of a table that can hold them, into the model''s table; needs ownership of the model''s table';

-- It looks up the table in the user's search_path, and then sets its own
CREATE FUNCTION nextauth.import_rows(model text, source text, source_column text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE;

COMMENT ON FUNCTION nextauth.import_rows(text, text, text) IS
  'Imports rows of another engine, JSON objects in a column of a table, into the model''s table; needs ownership of the model''s table';

CREATE FUNCTION nextauth.import_rows(model text, source regclass, source_column text, OUT read bigint, OUT written bigint, OUT left_alone bigint)
AS 'MODULE_PATHNAME', 'import_rows'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.import_rows(text, regclass, text) IS
  'Imports rows of another engine, JSON objects in a column of a table, into the model''s table; needs ownership of the model''s table';
