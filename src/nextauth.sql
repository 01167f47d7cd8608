/*
 * The SQL side of the extension: catalog, functions, views.  It becomes the
 * install script nextauth--VERSION.sql.
 */

-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION nextauth" to load this file. \quit

/*
 * The catalog holds only what PostgreSQL itself cannot: which table is which
 * model, and what an adapter must know of a column that was added.
 *
 * A table is a regclass, which follows every rename and is dumped as a name.
 * A column is a name, because attribute numbers change over dump and restore.
 * There is no foreign key between the two: a parallel pg_restore loads them in
 * any order.
 */
CREATE TABLE nextauth.model (
  name text PRIMARY KEY,
  relation regclass NOT NULL UNIQUE
);

COMMENT ON TABLE nextauth.model IS 'Which table holds which model';
COMMENT ON COLUMN nextauth.model.name IS 'Model, as NextAuth.js names it: User, Account, Session, VerificationRequest';
COMMENT ON COLUMN nextauth.model.relation IS 'The table that holds the model';

CREATE TABLE nextauth.custom_column (
  model text,
  property text,
  column_name name NOT NULL,
  type text NOT NULL,
  options jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (model, property),
  UNIQUE (model, column_name)
);

COMMENT ON TABLE nextauth.custom_column IS 'The columns that extend_model() gave to a model';
COMMENT ON COLUMN nextauth.custom_column.model IS 'The extended model';
COMMENT ON COLUMN nextauth.custom_column.property IS 'Property of the model, as applications name it';
COMMENT ON COLUMN nextauth.custom_column.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.custom_column.type IS 'TypeORM''s name of the type, as it was defined';
COMMENT ON COLUMN nextauth.custom_column.options IS
  'What only an adapter understands: select, insert, update, createDate, updateDate, deleteDate, version';

SELECT pg_catalog.pg_extension_config_dump('nextauth.model', '');
SELECT pg_catalog.pg_extension_config_dump('nextauth.custom_column', '');

GRANT SELECT ON nextauth.model, nextauth.custom_column TO PUBLIC;

-- The verbs

CREATE FUNCTION nextauth.extend_model(name text, columns jsonb)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, jsonb) IS
  'Gives a model the columns it lacks: {"property": {TypeORM column options}} or [{"property": ..., options}]; needs ownership of the table';

CREATE FUNCTION nextauth.extend_models(models jsonb)
RETURNS TABLE (model text, property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_models'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_models(jsonb) IS
  'extend_model() for several models at once: {"User": {"columns": {...}}, ...}';

CREATE FUNCTION nextauth.install()
RETURNS TABLE (model text, relation regclass, action text)
AS 'MODULE_PATHNAME', 'install'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.install() IS
  'Creates the tables of the models where they are missing, and adopts those that are there; CREATE EXTENSION calls it';

-- What the models are now

CREATE FUNCTION nextauth.entity_schema(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schema'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schema(text) IS
  'The model as options for TypeORM''s new EntitySchema(); an expression that is a default is in "defaultExpression"';

CREATE FUNCTION nextauth.entity_schemas()
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schemas'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schemas() IS
  'entity_schema() of every model, by name: what an application passes on to its adapter';

CREATE FUNCTION nextauth.custom_columns(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'custom_columns'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.custom_columns(text) IS
  'The custom columns of a model, in the form that extend_model() takes';

CREATE FUNCTION nextauth.columns_of(
  name text,
  OUT property text,
  OUT column_name text,
  OUT is_custom boolean,
  OUT "position" integer,
  OUT type text,
  OUT data_type text,
  OUT is_nullable boolean,
  OUT is_unique boolean,
  OUT is_primary boolean,
  OUT column_default text,
  OUT comment text,
  OUT definition jsonb
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'columns_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.columns_of(text) IS
  'The columns of a model, behind the view model_columns';

CREATE VIEW nextauth.models AS
SELECT
  m.name AS model,
  m.relation,
  n.nspname AS table_schema,
  c.relname AS table_name,
  pg_catalog.pg_get_userbyid(c.relowner) AS owner,
  (SELECT pg_catalog.count(*) FROM nextauth.custom_column k WHERE k.model = m.name) AS custom_columns
FROM nextauth.model m
JOIN pg_catalog.pg_class c ON c.oid = m.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace;

COMMENT ON VIEW nextauth.models IS 'Every model and its table';
COMMENT ON COLUMN nextauth.models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.models.relation IS 'The table that holds it';
COMMENT ON COLUMN nextauth.models.table_schema IS 'Schema of the table';
COMMENT ON COLUMN nextauth.models.table_name IS 'Name of the table';
COMMENT ON COLUMN nextauth.models.owner IS 'Owner of the table, who may extend the model';
COMMENT ON COLUMN nextauth.models.custom_columns IS 'How many columns were added to it';

CREATE VIEW nextauth.model_columns AS
SELECT m.model, c.*
FROM nextauth.models m
CROSS JOIN LATERAL nextauth.columns_of(m.model) c;

COMMENT ON VIEW nextauth.model_columns IS
  'Every column of every model, built in and custom, with what PostgreSQL says of it now';
COMMENT ON COLUMN nextauth.model_columns.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.model_columns.property IS 'Property of the model';
COMMENT ON COLUMN nextauth.model_columns.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.model_columns.is_custom IS 'Added by extend_model(), not built in';
COMMENT ON COLUMN nextauth.model_columns."position" IS 'Number of the column in the table; null if the table lost it';
COMMENT ON COLUMN nextauth.model_columns.type IS 'TypeORM''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.data_type IS 'PostgreSQL''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.is_nullable IS 'Whether it takes null';
COMMENT ON COLUMN nextauth.model_columns.is_unique IS 'Whether a constraint makes it unique';
COMMENT ON COLUMN nextauth.model_columns.is_primary IS 'Whether it is part of the primary key';
COMMENT ON COLUMN nextauth.model_columns.column_default IS 'Its default, as PostgreSQL prints it';
COMMENT ON COLUMN nextauth.model_columns.comment IS 'The comment on the column';
COMMENT ON COLUMN nextauth.model_columns.definition IS 'TypeORM''s column options, as in entity_schema()';

CREATE VIEW nextauth.custom_models AS
SELECT m.model, m.relation, nextauth.custom_columns(m.model) AS columns
FROM nextauth.models m
WHERE m.custom_columns > 0;

COMMENT ON VIEW nextauth.custom_models IS
  'The extended models and what was added to them; extend_model(model, columns) makes the same elsewhere';
COMMENT ON COLUMN nextauth.custom_models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.custom_models.relation IS 'The table that holds it';
COMMENT ON COLUMN nextauth.custom_models.columns IS 'Its custom columns, in the form that extend_model() takes';

GRANT SELECT ON nextauth.models, nextauth.model_columns, nextauth.custom_models TO PUBLIC;

-- The tables themselves, which are no members of the extension
SELECT nextauth.install();
