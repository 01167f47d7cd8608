/*
 * The SQL side of the extension: catalog, functions, views.  It becomes the
 * install script nextauth--VERSION.sql.
 */

-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION nextauth" to load this file. \quit

/*
 * Whoever may create objects in schema nextauth may have planted operators and
 * functions there: none of them is to be found from here.
 */
SET LOCAL search_path = pg_catalog, pg_temp;

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

-- What a restore by the owner of the database loads
GRANT INSERT ON nextauth.model, nextauth.custom_column TO pg_database_owner;

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

CREATE FUNCTION nextauth.adopt_model(name text, relation regclass)
RETURNS void
AS 'MODULE_PATHNAME', 'adopt_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.adopt_model(text, regclass) IS
  'Puts a table that is there, in any schema and under any name, under management as a model; needs ownership of the table';

CREATE FUNCTION nextauth.grant_adapter(role regrole)
RETURNS void
AS 'MODULE_PATHNAME', 'grant_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.grant_adapter(regrole) IS
  'Gives a role what an adapter needs on the tables of the models and their sequences, and the use of the catalog';

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

CREATE FUNCTION nextauth.definition_of(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'definition_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.definition_of(text) IS
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

CREATE FUNCTION nextauth.check_models()
RETURNS TABLE (model text, property text, finding text, remedy text)
AS 'MODULE_PATHNAME', 'check_models'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.check_models() IS
  'Where tables and models have drifted apart, and what to do; no row when all is well';

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
SELECT m.model, m.relation, nextauth.definition_of(m.model) AS columns
FROM nextauth.models m
WHERE m.custom_columns > 0;

COMMENT ON VIEW nextauth.custom_models IS
  'The extended models and what was added to them; extend_model(model, columns) makes the same elsewhere';
COMMENT ON COLUMN nextauth.custom_models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.custom_models.relation IS 'The table that holds it';
COMMENT ON COLUMN nextauth.custom_models.columns IS 'Its custom columns, in the form that extend_model() takes';

GRANT SELECT ON nextauth.models, nextauth.model_columns, nextauth.custom_models TO PUBLIC;

/*
 * Event triggers protect the columns of models from DDL that does not know of
 * models, and keep the catalog true to what DDL does.  They never veto the
 * dropping of a table or a schema.  They look names up as the DDL does, in
 * the user's search_path, and then pin it by themselves.
 */
CREATE FUNCTION nextauth.guard_ddl_start()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_start'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_start() IS
  'Event trigger: keeps built-in columns from being renamed or retyped; makes way for a restore';

CREATE FUNCTION nextauth.guard_ddl_end()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_end'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_end() IS
  'Event trigger: makes the catalog follow the renaming of a custom column';

CREATE FUNCTION nextauth.guard_drop()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_drop'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_drop() IS
  'Event trigger: keeps columns of models from being dropped; makes the catalog forget a table that was';

CREATE EVENT TRIGGER nextauth_guard_ddl_start ON ddl_command_start
  WHEN TAG IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE',
               'CREATE TABLE', 'CREATE EXTENSION')
  EXECUTE FUNCTION nextauth.guard_ddl_start();

CREATE EVENT TRIGGER nextauth_guard_ddl_end ON ddl_command_end
  WHEN TAG IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE')
  EXECUTE FUNCTION nextauth.guard_ddl_end();

CREATE EVENT TRIGGER nextauth_guard_drop ON sql_drop
  EXECUTE FUNCTION nextauth.guard_drop();

COMMENT ON EVENT TRIGGER nextauth_guard_ddl_start IS 'Keeps built-in columns of models from being renamed or retyped';
COMMENT ON EVENT TRIGGER nextauth_guard_ddl_end IS 'Follows the renaming of custom columns of models';
COMMENT ON EVENT TRIGGER nextauth_guard_drop IS 'Keeps columns of models from being dropped, and forgets dropped models';

-- The tables themselves, which are no members of the extension
SELECT nextauth.install();
