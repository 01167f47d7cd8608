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
 *
 * A row that a restore loads, or that the owner of the database inserts, counts
 * only if who wrote it could have done alone what it says: a trigger sets
 * "vouched".  To tell it needs the table, so a column has that, too: there is no
 * foreign key to the models, as a parallel pg_restore loads them in any order.
 */
CREATE TABLE nextauth.model (
  name text PRIMARY KEY,
  relation regclass NOT NULL UNIQUE,
  not_unique text[] NOT NULL DEFAULT '{}',
  vouched boolean NOT NULL DEFAULT true
);

COMMENT ON TABLE nextauth.model IS 'Which table holds which model';
COMMENT ON COLUMN nextauth.model.name IS 'Model, as NextAuth.js names it: User, Account, Session, VerificationRequest, Authenticator';
COMMENT ON COLUMN nextauth.model.relation IS 'The table that holds the model';
COMMENT ON COLUMN nextauth.model.not_unique IS 'Properties that are built in as unique, and were defined not to be';
COMMENT ON COLUMN nextauth.model.vouched IS 'Whether the row counts: who wrote it could have put the table under management';

CREATE TABLE nextauth.custom_column (
  model text,
  property text,
  column_name name NOT NULL,
  type text NOT NULL,
  options jsonb NOT NULL DEFAULT '{}',
  in_table regclass NOT NULL DEFAULT 0,
  vouched boolean NOT NULL DEFAULT true,
  PRIMARY KEY (model, property),
  UNIQUE (model, column_name)
);

COMMENT ON TABLE nextauth.custom_column IS 'The columns of a model that were declared: by extend_model(), extend_models(), extend_model_online() or add_adapter()';
COMMENT ON COLUMN nextauth.custom_column.model IS 'The extended model';
COMMENT ON COLUMN nextauth.custom_column.property IS 'Property of the model, as applications name it';
COMMENT ON COLUMN nextauth.custom_column.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.custom_column.type IS 'TypeORM''s name of the type, as it was defined';
COMMENT ON COLUMN nextauth.custom_column.options IS
  'What only an adapter understands: select, insert, update, input, createDate, updateDate, deleteDate, version; comment and foreignKey: whether these are the definition''s; filling: whether extend_model_online() has rows left to fill; adapter: whether add_adapter() declared it';
COMMENT ON COLUMN nextauth.custom_column.in_table IS 'The table that has the column';
COMMENT ON COLUMN nextauth.custom_column.vouched IS 'Whether the row counts: who wrote it could have extended the model';

CREATE TABLE nextauth.model_change (
  model text,
  version bigint,
  changed_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
  changed_by name NOT NULL,
  action text NOT NULL,
  changes jsonb NOT NULL,
  statements text[] NOT NULL,
  PRIMARY KEY (model, version)
);

COMMENT ON TABLE nextauth.model_change IS 'Every change of a model by the extension, and what it saw of those by hand: columns renamed or dropped, tables renamed, moved or dropped';
COMMENT ON COLUMN nextauth.model_change.model IS 'The model';
COMMENT ON COLUMN nextauth.model_change.version IS 'The version that the change gave it, from 1 on';
COMMENT ON COLUMN nextauth.model_change.changed_at IS 'When';
COMMENT ON COLUMN nextauth.model_change.changed_by IS 'Who: the role that had logged in';
COMMENT ON COLUMN nextauth.model_change.action IS 'The function that was called, or what was done by hand';
COMMENT ON COLUMN nextauth.model_change.changes IS 'What: properties, indices, constraints or the relation, each with what happened to it';
COMMENT ON COLUMN nextauth.model_change.statements IS 'The statements that were run, if any';

/*
 * A schema is a name, as pg_upgrade allows no regnamespace.
 */
CREATE TABLE nextauth.adapter (
  schema name PRIMARY KEY,
  adapter text NOT NULL,
  vouched boolean NOT NULL DEFAULT true
);

COMMENT ON TABLE nextauth.adapter IS 'Which schema holds the views of which adapter';
COMMENT ON COLUMN nextauth.adapter.schema IS 'The schema';
COMMENT ON COLUMN nextauth.adapter.adapter IS 'The adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapter.vouched IS 'Whether the row counts: who wrote it could have added the adapter';

CREATE FUNCTION nextauth.vouch_row()
RETURNS trigger
AS 'MODULE_PATHNAME', 'vouch_row'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.vouch_row() IS
  'Trigger: sets vouched to false in a row that says what the user could not have done alone';

CREATE TRIGGER vouch BEFORE INSERT OR UPDATE ON nextauth.model
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE ON nextauth.custom_column
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE ON nextauth.adapter
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();

/*
 * Logical replication has these tables, too, where a publication has all.
 */
CREATE FUNCTION nextauth.merge_row()
RETURNS trigger
AS 'MODULE_PATHNAME', 'merge_row'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.merge_row() IS
  'Trigger: merges a replicated row with the database''s own, as far as its tables bear it out';

CREATE TRIGGER merge BEFORE INSERT OR UPDATE OR DELETE ON nextauth.model
  FOR EACH ROW EXECUTE FUNCTION nextauth.merge_row();
CREATE TRIGGER merge BEFORE INSERT OR UPDATE OR DELETE ON nextauth.custom_column
  FOR EACH ROW EXECUTE FUNCTION nextauth.merge_row();
CREATE TRIGGER merge BEFORE INSERT OR UPDATE OR DELETE ON nextauth.model_change
  FOR EACH ROW EXECUTE FUNCTION nextauth.merge_row();
CREATE TRIGGER merge BEFORE INSERT OR UPDATE OR DELETE ON nextauth.adapter
  FOR EACH ROW EXECUTE FUNCTION nextauth.merge_row();
ALTER TABLE nextauth.model ENABLE ALWAYS TRIGGER vouch, ENABLE REPLICA TRIGGER merge;
ALTER TABLE nextauth.custom_column ENABLE ALWAYS TRIGGER vouch, ENABLE REPLICA TRIGGER merge;
ALTER TABLE nextauth.model_change ENABLE REPLICA TRIGGER merge;
ALTER TABLE nextauth.adapter ENABLE ALWAYS TRIGGER vouch, ENABLE REPLICA TRIGGER merge;

SELECT pg_catalog.pg_extension_config_dump('nextauth.model', '');
SELECT pg_catalog.pg_extension_config_dump('nextauth.custom_column', '');
SELECT pg_catalog.pg_extension_config_dump('nextauth.model_change', '');
SELECT pg_catalog.pg_extension_config_dump('nextauth.adapter', '');

GRANT SELECT ON nextauth.model, nextauth.custom_column, nextauth.model_change, nextauth.adapter TO PUBLIC;

-- What a restore by the owner of the database loads
GRANT INSERT ON nextauth.model, nextauth.custom_column, nextauth.model_change, nextauth.adapter TO pg_database_owner;

/*
 * A call with one literal, f('x'), is a cast if there is a type f, whatever
 * functions there are.  An undefined type by the name of each function of one
 * argument keeps everybody from making such a type, and is no type to cast to.
 */
CREATE TYPE nextauth.extend_models;
CREATE TYPE nextauth.convert_ids;
CREATE TYPE nextauth.plan_convert_ids;
CREATE TYPE nextauth.grant_adapter;
CREATE TYPE nextauth.add_adapter;
CREATE TYPE nextauth.drop_adapter;
CREATE TYPE nextauth.describe_model;
CREATE TYPE nextauth.entity_schema;
CREATE TYPE nextauth.definition_of;
CREATE TYPE nextauth.options_of;
CREATE TYPE nextauth.columns_of;
CREATE TYPE nextauth.adapter_columns_of;
COMMENT ON TYPE nextauth.extend_models IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.convert_ids IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.plan_convert_ids IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.grant_adapter IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.add_adapter IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.drop_adapter IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.describe_model IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.entity_schema IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.definition_of IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.options_of IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.columns_of IS 'reserved: a type of this name would be called instead of the function';
COMMENT ON TYPE nextauth.adapter_columns_of IS 'reserved: a type of this name would be called instead of the function';

/*
 * The verbs
 *
 * A literal in a call has no type yet, and PostgreSQL prefers a function that
 * takes text, and one that needs no default for what is left out.  So there is
 * such a one for every number of arguments: nobody who may create functions in
 * the schema can make one that a call by a superuser finds instead.
 */

CREATE FUNCTION nextauth.extend_model(name text, columns text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, text) IS
  'Makes a model what is defined, adding and altering columns in place: {"property": {TypeORM column options}} or [{"property": ..., options}]; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns text, options text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, text, text) IS
  'Makes a model what is defined, adding and altering columns in place: {"property": {TypeORM column options}} or [{"property": ..., options}]; options: {"indices": [...], "uniques": [...], "checks": [...]}; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns jsonb)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, jsonb) IS
  'Makes a model what is defined, adding and altering columns in place: {"property": {TypeORM column options}} or [{"property": ..., options}]; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns jsonb, options jsonb)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, jsonb, jsonb) IS
  'Makes a model what is defined, adding and altering columns in place: {"property": {TypeORM column options}} or [{"property": ..., options}]; options: {"indices": [...], "uniques": [...], "checks": [...]}; needs ownership of the table';

CREATE FUNCTION nextauth.plan_model(name text, columns text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, text) IS
  'The statements that extend_model() would run, with the lock that each takes on the table, its cost (instant, scan, rewrite), the rows concerned, unless they are hidden from the user, and the privilege that it needs by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns text, options text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, text, text) IS
  'The statements that extend_model() would run, with the lock that each takes on the table, its cost (instant, scan, rewrite), the rows concerned, unless they are hidden from the user, and the privilege that it needs by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns jsonb)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, jsonb) IS
  'The statements that extend_model() would run, with the lock that each takes on the table, its cost (instant, scan, rewrite), the rows concerned, unless they are hidden from the user, and the privilege that it needs by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns jsonb, options jsonb)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, jsonb, jsonb) IS
  'The statements that extend_model() would run, with the lock that each takes on the table, its cost (instant, scan, rewrite), the rows concerned, unless they are hidden from the user, and the privilege that it needs by hand; changes nothing';

-- It commits, so it can have no SET clause; it pins its search_path by itself
CREATE PROCEDURE nextauth.extend_model_online(name text, columns text)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, text) IS
  'extend_model() in several transactions, without keeping readers or writers waiting while rows are read or filled; not within a transaction';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns text, options text)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, text, text) IS
  'extend_model() in several transactions, without keeping readers or writers waiting while rows are read or filled; not within a transaction';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns jsonb)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, jsonb) IS
  'extend_model() in several transactions, without keeping readers or writers waiting while rows are read or filled; not within a transaction';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns jsonb, options jsonb)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, jsonb, jsonb) IS
  'extend_model() in several transactions, without keeping readers or writers waiting while rows are read or filled; not within a transaction';

CREATE FUNCTION nextauth.rename_property(name text, property text, new_property text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'rename_property'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.rename_property(text, text, text) IS
  'Gives a custom property another name, and its column, which keeps its data, the new property''s';

CREATE FUNCTION nextauth.rename_property(name text, property text, new_property text, column_name text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'rename_property'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.rename_property(text, text, text, text) IS
  'Gives a custom property another name, and its column, which keeps its data, the one given';

CREATE FUNCTION nextauth.drop_properties(name text, property text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text) IS
  'Drops custom properties and their columns, unless something else depends on them; says what is dropped';

CREATE FUNCTION nextauth.drop_properties(name text, property text, another text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text, text) IS
  'Drops custom properties and their columns, unless something else depends on them; says what is dropped';

CREATE FUNCTION nextauth.drop_properties(name text, VARIADIC properties text[])
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text[]) IS
  'Drops custom properties and their columns, unless something else depends on them; says what is dropped';

CREATE FUNCTION nextauth.extend_models(models text)
RETURNS TABLE (model text, property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_models'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_models(text) IS
  'extend_model() for several models at once: {"User": {"columns": {...}, "indices": [...], ...}, ...}';

CREATE FUNCTION nextauth.extend_models(models jsonb)
RETURNS TABLE (model text, property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_models'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_models(jsonb) IS
  'extend_model() for several models at once: {"User": {"columns": {...}, "indices": [...], ...}, ...}';

CREATE FUNCTION nextauth.install()
RETURNS TABLE (model text, relation regclass, action text)
AS 'MODULE_PATHNAME', 'install'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.install() IS
  'Creates the tables of the models where they are missing, but that of Authenticator, and adopts those that are there; CREATE EXTENSION calls it';

-- It looks the table up in the user's search_path, and then pins it by itself
CREATE FUNCTION nextauth.adopt_model(name text, relation text)
RETURNS void
AS 'MODULE_PATHNAME', 'adopt_model'
LANGUAGE C VOLATILE;

COMMENT ON FUNCTION nextauth.adopt_model(text, text) IS
  'Puts a table that is there, in any schema and under any name, under management as a model; needs ownership of the table, and of the users'' table';

CREATE FUNCTION nextauth.adopt_model(name text, relation regclass)
RETURNS void
AS 'MODULE_PATHNAME', 'adopt_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.adopt_model(text, regclass) IS
  'Puts a table that is there, in any schema and under any name, under management as a model; needs ownership of the table, and of the users'' table';

CREATE FUNCTION nextauth.convert_ids(id_type text)
RETURNS TABLE (model text, relation regclass, action text)
AS 'MODULE_PATHNAME', 'convert_ids'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.convert_ids(text) IS
  'Converts the ids of all models, and every column that refers to them by a foreign key, to text, from integer to bigint, or from text to uuid; needs ownership of all these tables';

CREATE FUNCTION nextauth.plan_convert_ids(id_type text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_convert_ids'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_convert_ids(text) IS
  'The statements that convert_ids() would run, as plan_model() tells them; changes nothing';

CREATE FUNCTION nextauth.grant_adapter(role text)
RETURNS void
AS 'MODULE_PATHNAME', 'grant_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.grant_adapter(text) IS
  'Gives a role what an adapter needs on the tables of the models and their sequences, on the adapters'' views, and the use of the catalog';

CREATE FUNCTION nextauth.grant_adapter(role regrole)
RETURNS void
AS 'MODULE_PATHNAME', 'grant_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.grant_adapter(regrole) IS
  'Gives a role what an adapter needs on the tables of the models and their sequences, on the adapters'' views, and the use of the catalog';

CREATE FUNCTION nextauth.add_adapter(adapter text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text) IS
  'Makes a schema of views in which an adapter (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth) finds the models as it calls them; called again it makes good what is missing';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text) IS
  'Makes a schema of views in which an adapter (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth) finds the models as it calls them; called again it makes good what is missing';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text, options text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text, text) IS
  'Makes a schema of views in which an adapter (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth) finds the models as it calls them; called again it makes good what is missing; options: {"foreignKeys": true} lets what is a user''s go with them, by whatever statement they are deleted';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text, options jsonb)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text, jsonb) IS
  'Makes a schema of views in which an adapter (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth) finds the models as it calls them; called again it makes good what is missing; options: {"foreignKeys": true} lets what is a user''s go with them, by whatever statement they are deleted';

CREATE FUNCTION nextauth.drop_adapter(schema text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'drop_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_adapter(text) IS
  'Drops the views that add_adapter() made in a schema, and the schema if nothing else is in it; no table, column or row';

-- What adapters do not write fills itself

CREATE FUNCTION nextauth.fill_account()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_account'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_account() IS
  'Trigger: fills compound_id and provider_type of an account that come without, and keeps expires_at and access_token_expires the same';

CREATE FUNCTION nextauth.fill_session()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_session'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_session() IS
  'Trigger: gives a session that comes without an access_token a random one';

CREATE FUNCTION nextauth.fill_verification_request()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_verification_request'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_verification_request() IS
  'Trigger: lets Better Auth see the token of a verification request, and gives Better Auth''s own a random one';

-- It leaves the search_path to the triggers of the tables, and names all that
-- it uses with its schema
CREATE FUNCTION nextauth.write_through_view()
RETURNS trigger
AS 'MODULE_PATHNAME', 'write_through_view'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.write_through_view() IS
  'Trigger: writes to a model''s table what an adapter''s view shows of it, in part converted';

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

CREATE FUNCTION nextauth.describe_model(format text)
RETURNS text
AS 'MODULE_PATHNAME', 'describe_model'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.describe_model(text) IS
  'The source that declares all models, in an application: for typeorm, prisma, drizzle, kysely, sequelize, mikro-orm, better-auth, typescript or json-schema';

CREATE FUNCTION nextauth.describe_model(format text, model text)
RETURNS text
AS 'MODULE_PATHNAME', 'describe_model'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.describe_model(text, text) IS
  'The source that declares a model, or, if it is null, all of them, in an application: for typeorm, prisma, drizzle, kysely, sequelize, mikro-orm, better-auth, typescript or json-schema';

CREATE FUNCTION nextauth.definition_of(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'definition_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.definition_of(text) IS
  'The custom columns of a model, and the built-in ones with further options, in the form that extend_model() takes';

CREATE FUNCTION nextauth.options_of(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'options_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.options_of(text) IS
  'The indices, uniques and checks of a model that are not built in, in the form that extend_model() takes';

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

CREATE FUNCTION nextauth.adapter_columns_of(
  schema text,
  OUT view text,
  OUT view_column text,
  OUT model text,
  OUT property text,
  OUT column_name text
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'adapter_columns_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.adapter_columns_of(text) IS
  'The columns of the views that an adapter has in a schema, behind the view adapter_columns';

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
  (SELECT pg_catalog.count(*) FROM nextauth.custom_column k WHERE k.model = m.name AND k.in_table = m.relation AND k.vouched) AS custom_columns,
  COALESCE((SELECT pg_catalog.max(v.version) FROM nextauth.model_change v
            WHERE v.model = m.name AND v.version BETWEEN 1 AND 2147483646), 0) AS version
FROM nextauth.model m
JOIN pg_catalog.pg_class c ON c.oid = m.relation AND c.relkind = 'r'
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE m.vouched;

COMMENT ON VIEW nextauth.models IS 'Every model that has a table, and the table';
COMMENT ON COLUMN nextauth.models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.models.relation IS 'The table that holds it';
COMMENT ON COLUMN nextauth.models.table_schema IS 'Schema of the table';
COMMENT ON COLUMN nextauth.models.table_name IS 'Name of the table';
COMMENT ON COLUMN nextauth.models.owner IS 'Owner of the table, who may extend the model';
COMMENT ON COLUMN nextauth.models.custom_columns IS 'How many columns are declared beside the built-in ones';
COMMENT ON COLUMN nextauth.models.version IS 'Number of its last change; 0 if it never was changed';

-- What does not count as a model is to be left out before anything is asked of it
CREATE VIEW nextauth.model_columns AS
WITH m AS MATERIALIZED (SELECT model FROM nextauth.models)
SELECT m.model, c.*
FROM m
CROSS JOIN LATERAL nextauth.columns_of(m.model) c;

COMMENT ON VIEW nextauth.model_columns IS
  'Every column of every model that has a table, built in and custom, with what PostgreSQL says of it now';
COMMENT ON COLUMN nextauth.model_columns.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.model_columns.property IS 'Property of the model';
COMMENT ON COLUMN nextauth.model_columns.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.model_columns.is_custom IS 'Declared, not built in';
COMMENT ON COLUMN nextauth.model_columns."position" IS 'Number of the column in the table; null if the table lost it';
COMMENT ON COLUMN nextauth.model_columns.type IS 'TypeORM''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.data_type IS 'PostgreSQL''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.is_nullable IS 'Whether it takes null';
COMMENT ON COLUMN nextauth.model_columns.is_unique IS 'Whether the primary key or a constraint of its own makes it unique';
COMMENT ON COLUMN nextauth.model_columns.is_primary IS 'Whether it is part of the primary key';
COMMENT ON COLUMN nextauth.model_columns.column_default IS 'Its default, as PostgreSQL prints it';
COMMENT ON COLUMN nextauth.model_columns.comment IS 'The comment on the column';
COMMENT ON COLUMN nextauth.model_columns.definition IS 'TypeORM''s column options, as in entity_schema()';

CREATE VIEW nextauth.custom_models AS
WITH m AS MATERIALIZED (SELECT model, relation FROM nextauth.models)
SELECT m.model, m.relation, c.columns, o.options
FROM m
CROSS JOIN LATERAL nextauth.definition_of(m.model) c (columns)
CROSS JOIN LATERAL nextauth.options_of(m.model) o (options)
WHERE c.columns <> '{}' OR o.options <> '{}';

COMMENT ON VIEW nextauth.custom_models IS
  'The extended models and what was added to them; extend_model(model, columns, options) makes the same elsewhere';
COMMENT ON COLUMN nextauth.custom_models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.custom_models.relation IS 'The table that holds it';
COMMENT ON COLUMN nextauth.custom_models.columns IS 'Its custom columns, and the built-in ones with further options, in the form that extend_model() takes';
COMMENT ON COLUMN nextauth.custom_models.options IS 'Its indices, uniques and checks, likewise';

CREATE VIEW nextauth.model_changes AS
SELECT model, version, changed_at, changed_by, action, changes, statements
FROM nextauth.model_change;

COMMENT ON VIEW nextauth.model_changes IS 'Every change of a model by the extension, and what it saw of those by hand: who, when, what, the statements';
COMMENT ON COLUMN nextauth.model_changes.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.model_changes.version IS 'The version that the change gave it, from 1 on';
COMMENT ON COLUMN nextauth.model_changes.changed_at IS 'When';
COMMENT ON COLUMN nextauth.model_changes.changed_by IS 'Who: the role that had logged in';
COMMENT ON COLUMN nextauth.model_changes.action IS 'The function that was called, or what was done by hand';
COMMENT ON COLUMN nextauth.model_changes.changes IS 'What: properties, indices, constraints or the relation, each with what happened to it';
COMMENT ON COLUMN nextauth.model_changes.statements IS 'The statements that were run, if any';

CREATE VIEW nextauth.adapters AS
SELECT
  a.adapter,
  a.schema,
  pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
  ARRAY(
    SELECT c.relname
    FROM pg_catalog.pg_class c
    WHERE c.relnamespace = n.oid AND c.relkind = 'v'
    ORDER BY c.relname
  ) AS views
FROM nextauth.adapter a
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = a.schema
WHERE a.vouched;

COMMENT ON VIEW nextauth.adapters IS 'The adapters that were added, and where their views are';
COMMENT ON COLUMN nextauth.adapters.adapter IS 'The adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapters.schema IS 'The schema of its views';
COMMENT ON COLUMN nextauth.adapters.owner IS 'Owner of the schema; null if there is no such schema';
COMMENT ON COLUMN nextauth.adapters.views IS 'The views in it';

-- What does not count as an adapter's is to be left out before anything is asked of it
CREATE VIEW nextauth.adapter_columns AS
WITH a AS MATERIALIZED (SELECT adapter, schema FROM nextauth.adapters)
SELECT a.adapter, a.schema, c.*
FROM a
CROSS JOIN LATERAL nextauth.adapter_columns_of(a.schema) c;

COMMENT ON VIEW nextauth.adapter_columns IS
  'Every column of every adapter''s view, as it is now, and the property of the model that it is';
COMMENT ON COLUMN nextauth.adapter_columns.adapter IS 'The adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapter_columns.schema IS 'The schema of its views';
COMMENT ON COLUMN nextauth.adapter_columns.view IS 'The view';
COMMENT ON COLUMN nextauth.adapter_columns.view_column IS 'The column of the view';
COMMENT ON COLUMN nextauth.adapter_columns.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.adapter_columns.property IS 'Property of the model; null if it declares none';
COMMENT ON COLUMN nextauth.adapter_columns.column_name IS 'Column of the table';

GRANT SELECT ON nextauth.models, nextauth.model_columns, nextauth.custom_models, nextauth.model_changes, nextauth.adapters,
  nextauth.adapter_columns TO PUBLIC;

/*
 * Event triggers protect the columns of models from DDL that does not know of
 * models, and the tables that have rows, and keep the catalog true to what DDL
 * does.  They veto nothing that a restore drops.  They look names up as the DDL
 * does, in the user's search_path, and then pin it by themselves.
 */
CREATE FUNCTION nextauth.guard_ddl_start()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_start'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_start() IS
  'Event trigger: keeps built-in columns from being renamed or retyped, and tables that have rows from being dropped; makes way for a restore';

CREATE FUNCTION nextauth.guard_ddl_end()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_end'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_end() IS
  'Event trigger: makes the catalog and the adapters'' views follow the renaming of a custom column, the views another default, and the catalog the renaming of an adapter''s schema; records the renaming or moving of a table';

CREATE FUNCTION nextauth.guard_drop()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_drop'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_drop() IS
  'Event trigger: keeps columns of models from being dropped; makes the catalog forget a column or a table that was, which it records, or an adapter''s schema';

CREATE FUNCTION nextauth.guard_rewrite()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_rewrite'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_rewrite() IS
  'Event trigger: keeps extend_model() from rewriting a large table unawares';

-- What drops tables is here, too, but for DROP OWNED, which is to drop them
CREATE EVENT TRIGGER nextauth_guard_ddl_start ON ddl_command_start
  WHEN TAG IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE', 'ALTER TYPE',
               'CREATE TABLE', 'CREATE EXTENSION',
               'DROP ACCESS METHOD', 'DROP AGGREGATE', 'DROP COLLATION', 'DROP DOMAIN', 'DROP FOREIGN DATA WRAPPER',
               'DROP FOREIGN TABLE', 'DROP FUNCTION', 'DROP LANGUAGE', 'DROP MATERIALIZED VIEW', 'DROP OPERATOR',
               'DROP OPERATOR CLASS', 'DROP OPERATOR FAMILY', 'DROP PROCEDURE', 'DROP ROUTINE', 'DROP SCHEMA', 'DROP SERVER',
               'DROP TABLE', 'DROP TEXT SEARCH CONFIGURATION', 'DROP TEXT SEARCH DICTIONARY', 'DROP TEXT SEARCH PARSER',
               'DROP TEXT SEARCH TEMPLATE', 'DROP TYPE', 'DROP VIEW')
  EXECUTE FUNCTION nextauth.guard_ddl_start();

CREATE EVENT TRIGGER nextauth_guard_ddl_end ON ddl_command_end
  WHEN TAG IN ('ALTER TABLE', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE', 'ALTER TYPE',
               'ALTER SCHEMA')
  EXECUTE FUNCTION nextauth.guard_ddl_end();

/*
 * A command that no tag names works also where the library is gone.  These are
 * those that drop tables, columns and schemas, or what a column depends on.
 */
CREATE EVENT TRIGGER nextauth_guard_drop ON sql_drop
  WHEN TAG IN ('ALTER TABLE', 'ALTER FOREIGN TABLE', 'ALTER TYPE', 'DROP ACCESS METHOD', 'DROP AGGREGATE', 'DROP COLLATION',
               'DROP DOMAIN', 'DROP EXTENSION', 'DROP FOREIGN DATA WRAPPER', 'DROP FOREIGN TABLE', 'DROP FUNCTION',
               'DROP LANGUAGE', 'DROP MATERIALIZED VIEW', 'DROP OPERATOR', 'DROP OPERATOR CLASS', 'DROP OPERATOR FAMILY',
               'DROP OWNED', 'DROP PROCEDURE', 'DROP ROUTINE', 'DROP SCHEMA', 'DROP SERVER', 'DROP TABLE',
               'DROP TEXT SEARCH CONFIGURATION', 'DROP TEXT SEARCH DICTIONARY', 'DROP TEXT SEARCH PARSER',
               'DROP TEXT SEARCH TEMPLATE', 'DROP TYPE', 'DROP VIEW')
  EXECUTE FUNCTION nextauth.guard_drop();

CREATE EVENT TRIGGER nextauth_guard_rewrite ON table_rewrite
  EXECUTE FUNCTION nextauth.guard_rewrite();

COMMENT ON EVENT TRIGGER nextauth_guard_rewrite IS 'Keeps extend_model() from rewriting a large table unawares';
COMMENT ON EVENT TRIGGER nextauth_guard_ddl_start IS
  'Keeps built-in columns of models from being renamed or retyped, and tables that have rows from being dropped; makes way for a restore';
COMMENT ON EVENT TRIGGER nextauth_guard_ddl_end IS 'Follows the renaming of custom columns of models, and of adapters'' schemas; records the renaming or moving of tables';
COMMENT ON EVENT TRIGGER nextauth_guard_drop IS 'Keeps columns of models from being dropped, and forgets dropped models and adapters'' schemas';

-- The tables themselves, which are no members of the extension
SELECT nextauth.install();
