/*
 * The SQL side of the extension: catalog, functions, views.  It becomes the
 * install script nextauth--VERSION.sql.
 */

-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION nextauth" to load this file. \quit

/*
 * A role that may create objects in schema nextauth may have planted operators
 * and functions there.  This search_path finds none of them.
 */
SET LOCAL search_path = pg_catalog, pg_temp;

/*
 * The catalog holds only facts that PostgreSQL's own catalog cannot hold: which
 * table holds which model, and the options of a custom column that only adapters
 * use.
 *
 * Tables are stored as regclass, which follows every rename and is dumped as a
 * name.  Columns are stored as names, because attribute numbers change over dump
 * and restore.
 *
 * A restore, or the owner of the database, may insert rows.  Such a row counts
 * only if its writer could have made the described change without the extension:
 * a trigger decides, and sets "vouched".  It needs the table to decide, so rows of
 * columns store the table, too: there is no foreign key to the models, because a
 * parallel pg_restore loads these tables in any order.
 */
CREATE TABLE nextauth.model (
  name text PRIMARY KEY,
  relation regclass NOT NULL UNIQUE,
  not_unique text[] NOT NULL DEFAULT '{}',
  vouched boolean NOT NULL DEFAULT true
);

COMMENT ON TABLE nextauth.model IS 'Which table holds which model';
COMMENT ON COLUMN nextauth.model.name IS 'Model, as NextAuth.js names it: User, Account, Session, VerificationRequest, Authenticator';
COMMENT ON COLUMN nextauth.model.relation IS 'Table that holds the model';
COMMENT ON COLUMN nextauth.model.not_unique IS 'Built-in unique properties that were defined as not unique';
COMMENT ON COLUMN nextauth.model.vouched IS 'Whether the row counts: its writer had the right to put the table under management';

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

COMMENT ON TABLE nextauth.custom_column IS 'Columns declared by extend_model(), extend_models(), extend_model_online() or add_adapter()';
COMMENT ON COLUMN nextauth.custom_column.model IS 'The extended model';
COMMENT ON COLUMN nextauth.custom_column.property IS 'Property of the model, as applications name it';
COMMENT ON COLUMN nextauth.custom_column.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.custom_column.type IS 'TypeORM''s name of the type, as the definition spelled it';
COMMENT ON COLUMN nextauth.custom_column.options IS
  'Options that only adapters use: select, insert, update, input, createDate, updateDate, deleteDate, version; comment and foreignKey: true if the definition gave them; filling: true while extend_model_online() has rows left to fill; adapter: true if add_adapter() declared the column';
COMMENT ON COLUMN nextauth.custom_column.in_table IS 'Table that has the column';
COMMENT ON COLUMN nextauth.custom_column.vouched IS 'Whether the row counts: its writer had the right to extend the model';

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

COMMENT ON TABLE nextauth.model_change IS 'Changes of models: those made by the extension, and by hand the renaming and dropping of columns and tables';
COMMENT ON COLUMN nextauth.model_change.model IS 'The changed model';
COMMENT ON COLUMN nextauth.model_change.version IS 'Version of the model after the change, starting with 1';
COMMENT ON COLUMN nextauth.model_change.changed_at IS 'When the change was made';
COMMENT ON COLUMN nextauth.model_change.changed_by IS 'Role that had logged in (session_user)';
COMMENT ON COLUMN nextauth.model_change.action IS 'The called function, or the kind of change by hand';
COMMENT ON COLUMN nextauth.model_change.changes IS 'Changed properties, indices, constraints or relation, each with its change';
COMMENT ON COLUMN nextauth.model_change.statements IS 'Statements that the extension ran, if any';

/*
 * Schemas are stored as names, because pg_upgrade allows no regnamespace.
 */
CREATE TABLE nextauth.adapter (
  schema name PRIMARY KEY,
  adapter text NOT NULL,
  vouched boolean NOT NULL DEFAULT true
);

COMMENT ON TABLE nextauth.adapter IS 'Which schema holds which adapter''s views';
COMMENT ON COLUMN nextauth.adapter.schema IS 'Schema of the views';
COMMENT ON COLUMN nextauth.adapter.adapter IS 'Adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapter.vouched IS 'Whether the row counts: its writer had the right to add the adapter';

CREATE FUNCTION nextauth.vouch_row()
RETURNS trigger
AS 'MODULE_PATHNAME', 'vouch_row'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.vouch_row() IS
  'Trigger: sets vouched to false if the writer of a row had no right to make the change that it describes';

CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.model
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.custom_column
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();
CREATE TRIGGER vouch BEFORE INSERT OR UPDATE OR DELETE ON nextauth.adapter
  FOR EACH ROW EXECUTE FUNCTION nextauth.vouch_row();

/*
 * A publication FOR ALL TABLES replicates these tables, too.
 */
CREATE FUNCTION nextauth.merge_row()
RETURNS trigger
AS 'MODULE_PATHNAME', 'merge_row'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.merge_row() IS
  'Trigger: merges a replicated row into this catalog if it agrees with this database''s tables';

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

-- A restore by the owner of the database inserts rows
GRANT INSERT ON nextauth.model, nextauth.custom_column, nextauth.model_change, nextauth.adapter TO pg_database_owner;

/*
 * If there is a type f, a call with one literal, f('x'), is a cast to it, even if
 * there is a function f.  So each name of a function with one argument is reserved
 * by an undefined type: nobody else can create a type of this name, and PostgreSQL
 * casts to no undefined type.
 */
CREATE TYPE nextauth.extend_models;
CREATE TYPE nextauth.convert_ids;
CREATE TYPE nextauth.plan_convert_ids;
CREATE TYPE nextauth.grant_adapter;
CREATE TYPE nextauth.add_adapter;
CREATE TYPE nextauth.drop_adapter;
CREATE TYPE nextauth.describe_model;
CREATE TYPE nextauth.entity_schema;
CREATE TYPE nextauth.entity_schemas;
CREATE TYPE nextauth.definition_of;
CREATE TYPE nextauth.options_of;
CREATE TYPE nextauth.columns_of;
CREATE TYPE nextauth.adapter_columns_of;
CREATE TYPE nextauth.create_user;
CREATE TYPE nextauth.get_user;
CREATE TYPE nextauth.get_user_by_email;
CREATE TYPE nextauth.update_user;
CREATE TYPE nextauth.delete_user;
CREATE TYPE nextauth.link_account;
CREATE TYPE nextauth.create_session;
CREATE TYPE nextauth.get_session_and_user;
CREATE TYPE nextauth.update_session;
CREATE TYPE nextauth.delete_session;
CREATE TYPE nextauth.sessions_of;
CREATE TYPE nextauth.sign_out_everywhere;
CREATE TYPE nextauth.create_verification_token;
CREATE TYPE nextauth.create_authenticator;
CREATE TYPE nextauth.get_authenticator;
CREATE TYPE nextauth.list_authenticators_by_user_id;
CREATE TYPE nextauth.purge_expired;
CREATE TYPE nextauth.delete_expired;
CREATE TYPE nextauth.authenticate;
CREATE TYPE nextauth.authenticate_connection;
COMMENT ON TYPE nextauth.extend_models IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.convert_ids IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.plan_convert_ids IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.grant_adapter IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.add_adapter IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.drop_adapter IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.describe_model IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.entity_schema IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.entity_schemas IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.definition_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.options_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.columns_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.adapter_columns_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_user_by_email IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.update_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.link_account IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_session_and_user IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.update_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_session IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.sessions_of IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.sign_out_everywhere IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_verification_token IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.create_authenticator IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.get_authenticator IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.list_authenticators_by_user_id IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.purge_expired IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.delete_expired IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.authenticate IS 'Reserves the name: a defined type would be called instead of the function';
COMMENT ON TYPE nextauth.authenticate_connection IS 'Reserves the name: a defined type would be called instead of the function';

/*
 * The verbs
 *
 * A literal in a call has no type yet.  PostgreSQL prefers a function that takes
 * text, and one that needs no default arguments.  So there is a function of text
 * for every number of arguments: a role that may create functions in the schema
 * cannot create one that a superuser's call would find instead.
 */

CREATE FUNCTION nextauth.extend_model(name text, columns text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, text) IS
  'Adds and alters columns of a model as defined: {"property": {TypeORM column options}} or [{"property": ..., options}]; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns text, options text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, text, text) IS
  'Adds and alters columns of a model as defined: {"property": {TypeORM column options}} or [{"property": ..., options}]; options: {"indices": [...], "uniques": [...], "checks": [...]}; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns jsonb)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, jsonb) IS
  'Adds and alters columns of a model as defined: {"property": {TypeORM column options}} or [{"property": ..., options}]; needs ownership of the table';

CREATE FUNCTION nextauth.extend_model(name text, columns jsonb, options jsonb)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_model(text, jsonb, jsonb) IS
  'Adds and alters columns of a model as defined: {"property": {TypeORM column options}} or [{"property": ..., options}]; options: {"indices": [...], "uniques": [...], "checks": [...]}; needs ownership of the table';

CREATE FUNCTION nextauth.plan_model(name text, columns text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, text) IS
  'Shows the statements that extend_model() would run, each with its lock on the table, its cost (instant, scan, rewrite), the number of rows it concerns (null if they are hidden from the user) and the privilege for running it by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns text, options text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, text, text) IS
  'Shows the statements that extend_model() would run, each with its lock on the table, its cost (instant, scan, rewrite), the number of rows it concerns (null if they are hidden from the user) and the privilege for running it by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns jsonb)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, jsonb) IS
  'Shows the statements that extend_model() would run, each with its lock on the table, its cost (instant, scan, rewrite), the number of rows it concerns (null if they are hidden from the user) and the privilege for running it by hand; changes nothing';

CREATE FUNCTION nextauth.plan_model(name text, columns jsonb, options jsonb)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_model(text, jsonb, jsonb) IS
  'Shows the statements that extend_model() would run, each with its lock on the table, its cost (instant, scan, rewrite), the number of rows it concerns (null if they are hidden from the user) and the privilege for running it by hand; changes nothing';

-- It commits, so it cannot have a SET clause; it sets its search_path itself
CREATE PROCEDURE nextauth.extend_model_online(name text, columns text)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, text) IS
  'Does what extend_model() does, in several transactions: readers and writers do not wait while it reads or fills rows; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns text, options text)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, text, text) IS
  'Does what extend_model() does, in several transactions: readers and writers do not wait while it reads or fills rows; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns jsonb)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, jsonb) IS
  'Does what extend_model() does, in several transactions: readers and writers do not wait while it reads or fills rows; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.extend_model_online(name text, columns jsonb, options jsonb)
AS 'MODULE_PATHNAME', 'extend_model_online'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.extend_model_online(text, jsonb, jsonb) IS
  'Does what extend_model() does, in several transactions: readers and writers do not wait while it reads or fills rows; cannot run inside a transaction block';

CREATE FUNCTION nextauth.rename_property(name text, property text, new_property text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'rename_property'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.rename_property(text, text, text) IS
  'Renames a custom property, and its column after it; the column keeps its data';

CREATE FUNCTION nextauth.rename_property(name text, property text, new_property text, column_name text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'rename_property'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.rename_property(text, text, text, text) IS
  'Renames a custom property, and its column as given; the column keeps its data';

CREATE FUNCTION nextauth.drop_properties(name text, property text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text) IS
  'Drops custom properties and their columns, unless other objects depend on them; returns a row for each';

CREATE FUNCTION nextauth.drop_properties(name text, property text, another text)
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text, text) IS
  'Drops custom properties and their columns, unless other objects depend on them; returns a row for each';

CREATE FUNCTION nextauth.drop_properties(name text, VARIADIC properties text[])
RETURNS TABLE (property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'drop_properties'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_properties(text, text[]) IS
  'Drops custom properties and their columns, unless other objects depend on them; returns a row for each';

CREATE FUNCTION nextauth.extend_models(models text)
RETURNS TABLE (model text, property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_models'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_models(text) IS
  'Extends several models in one call, as extend_model() does: {"User": {"columns": {...}, "indices": [...], ...}, ...}';

CREATE FUNCTION nextauth.extend_models(models jsonb)
RETURNS TABLE (model text, property text, column_name text, data_type text, action text)
AS 'MODULE_PATHNAME', 'extend_models'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.extend_models(jsonb) IS
  'Extends several models in one call, as extend_model() does: {"User": {"columns": {...}, "indices": [...], ...}, ...}';

CREATE FUNCTION nextauth.install()
RETURNS TABLE (model text, relation regclass, action text)
AS 'MODULE_PATHNAME', 'install'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.install() IS
  'Creates the missing tables of the models, except Authenticator''s, and adopts the existing ones; CREATE EXTENSION calls it';

-- It looks up the table in the user's search_path, and then sets its own
CREATE FUNCTION nextauth.adopt_model(name text, relation text)
RETURNS void
AS 'MODULE_PATHNAME', 'adopt_model'
LANGUAGE C VOLATILE;

COMMENT ON FUNCTION nextauth.adopt_model(text, text) IS
  'Puts an existing table, in any schema and with any name, under management as a model; needs ownership of this table and of the users'' table';

CREATE FUNCTION nextauth.adopt_model(name text, relation regclass)
RETURNS void
AS 'MODULE_PATHNAME', 'adopt_model'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.adopt_model(text, regclass) IS
  'Puts an existing table, in any schema and with any name, under management as a model; needs ownership of this table and of the users'' table';

CREATE FUNCTION nextauth.convert_ids(id_type text)
RETURNS TABLE (model text, relation regclass, action text)
AS 'MODULE_PATHNAME', 'convert_ids'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.convert_ids(text) IS
  'Converts the ids of all models, and all columns with a foreign key to them, to text, from integer to bigint, or from text to uuid; needs ownership of all these tables';

CREATE FUNCTION nextauth.plan_convert_ids(id_type text)
RETURNS TABLE (step integer, statement text, lock text, cost text, "rows" bigint, needs text)
AS 'MODULE_PATHNAME', 'plan_convert_ids'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.plan_convert_ids(text) IS
  'Shows the statements that convert_ids() would run, in the form of plan_model(); changes nothing';

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

/*
 * Methods of an adapter, with the caller's rights.  Their statements name all
 * schemas, and leave the search_path to the triggers of the tables.  JSON has the
 * names that Auth.js gives properties.
 */

CREATE FUNCTION nextauth.create_user("user" text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_user(text) IS
  'Inserts a user of the given properties, and returns it: Auth.js''s createUser()';

CREATE FUNCTION nextauth.create_user("user" jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_user(jsonb) IS
  'Inserts a user of the given properties, and returns it: Auth.js''s createUser()';

CREATE FUNCTION nextauth.get_user(id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user(text) IS
  'Returns a user, or null: Auth.js''s getUser()';

CREATE FUNCTION nextauth.get_user_by_email(email text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user_by_email'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user_by_email(text) IS
  'Returns the user with an e-mail address, or null: Auth.js''s getUserByEmail()';

CREATE FUNCTION nextauth.get_user_by_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_user_by_account'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_user_by_account(text, text) IS
  'Returns the user who signs in with an account, or null: Auth.js''s getUserByAccount()';

CREATE FUNCTION nextauth.update_user("user" text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_user(text) IS
  'Gives the user with the id the other properties, and returns the user, or null: Auth.js''s updateUser()';

CREATE FUNCTION nextauth.update_user("user" jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'update_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_user(jsonb) IS
  'Gives the user with the id the other properties, and returns the user, or null: Auth.js''s updateUser()';

CREATE FUNCTION nextauth.delete_user(id text)
RETURNS json
AS 'MODULE_PATHNAME', 'delete_user'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.delete_user(text) IS
  'Deletes a user with all accounts, sessions and authenticators, and returns the user, or null: Auth.js''s deleteUser()';

CREATE FUNCTION nextauth.link_account(account text)
RETURNS json
AS 'MODULE_PATHNAME', 'link_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.link_account(text) IS
  'Inserts an account of a user, and returns it: Auth.js''s linkAccount()';

CREATE FUNCTION nextauth.link_account(account jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'link_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.link_account(jsonb) IS
  'Inserts an account of a user, and returns it: Auth.js''s linkAccount()';

CREATE FUNCTION nextauth.unlink_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'unlink_account'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.unlink_account(text, text) IS
  'Deletes an account, and returns it, or null: Auth.js''s unlinkAccount()';

CREATE FUNCTION nextauth.get_account(provider text, provider_account_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_account'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_account(text, text) IS
  'Returns an account, or null: Auth.js''s getAccount()';

CREATE FUNCTION nextauth.create_session(session text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_session(text) IS
  'Inserts a session of a user, with a random token unless one is given, and returns it: Auth.js''s createSession()';

CREATE FUNCTION nextauth.create_session(session jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_session(jsonb) IS
  'Inserts a session of a user, with a random token unless one is given, and returns it: Auth.js''s createSession()';

CREATE FUNCTION nextauth.get_session_and_user(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_session_and_user(text) IS
  'Returns a session that has not expired and its user, or null: Auth.js''s getSessionAndUser()';

CREATE FUNCTION nextauth.get_session_and_user(token text, max_age integer, update_age integer)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user_sliding'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.get_session_and_user(text, integer, integer) IS
  'The same, and moves the expiry to max_age seconds from now if that was last done update_age seconds ago';

CREATE FUNCTION nextauth.get_session_and_user(token text, max_age text, update_age text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_session_and_user_sliding'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.get_session_and_user(text, text, text) IS
  'The same, and moves the expiry to max_age seconds from now if that was last done update_age seconds ago';

CREATE FUNCTION nextauth.update_session(session text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_session(text) IS
  'Gives the session with the sessionToken the other properties, and returns it, or null: Auth.js''s updateSession()';

CREATE FUNCTION nextauth.update_session(session jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'update_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_session(jsonb) IS
  'Gives the session with the sessionToken the other properties, and returns it, or null: Auth.js''s updateSession()';

CREATE FUNCTION nextauth.delete_session(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'delete_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.delete_session(text) IS
  'Deletes a session, and returns it, or null: Auth.js''s deleteSession()';

CREATE FUNCTION nextauth.sessions_of(user_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'sessions_of'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.sessions_of(text) IS
  'Returns the sessions of a user that have not expired, as an array';

CREATE FUNCTION nextauth.sign_out_everywhere(user_id text)
RETURNS bigint
AS 'MODULE_PATHNAME', 'sign_out_everywhere'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_out_everywhere(text) IS
  'Deletes all sessions of a user, and returns how many there were';

CREATE FUNCTION nextauth.create_verification_token(token text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_verification_token(text) IS
  'Inserts a token that verifies an e-mail address, and returns it: Auth.js''s createVerificationToken()';

CREATE FUNCTION nextauth.create_verification_token(token jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_verification_token(jsonb) IS
  'Inserts a token that verifies an e-mail address, and returns it: Auth.js''s createVerificationToken()';

CREATE FUNCTION nextauth.use_verification_token(identifier text, token text)
RETURNS json
AS 'MODULE_PATHNAME', 'use_verification_token'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.use_verification_token(text, text) IS
  'Deletes a token, and returns it to the first caller unless it has expired; otherwise null: Auth.js''s useVerificationToken()';

CREATE FUNCTION nextauth.create_authenticator(authenticator text)
RETURNS json
AS 'MODULE_PATHNAME', 'create_authenticator'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_authenticator(text) IS
  'Inserts a WebAuthn authenticator of a user, and returns it: Auth.js''s createAuthenticator()';

CREATE FUNCTION nextauth.create_authenticator(authenticator jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'create_authenticator'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.create_authenticator(jsonb) IS
  'Inserts a WebAuthn authenticator of a user, and returns it: Auth.js''s createAuthenticator()';

CREATE FUNCTION nextauth.get_authenticator(credential_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'get_authenticator'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.get_authenticator(text) IS
  'Returns an authenticator, or null: Auth.js''s getAuthenticator()';

CREATE FUNCTION nextauth.list_authenticators_by_user_id(user_id text)
RETURNS json
AS 'MODULE_PATHNAME', 'list_authenticators_by_user_id'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION nextauth.list_authenticators_by_user_id(text) IS
  'Returns the authenticators of a user, as an array: Auth.js''s listAuthenticatorsByUserId()';

CREATE FUNCTION nextauth.update_authenticator_counter(credential_id text, counter integer)
RETURNS json
AS 'MODULE_PATHNAME', 'update_authenticator_counter'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_authenticator_counter(text, integer) IS
  'Sets the number of signatures of an authenticator, and returns it, or null: Auth.js''s updateAuthenticatorCounter()';

CREATE FUNCTION nextauth.update_authenticator_counter(credential_id text, counter text)
RETURNS json
AS 'MODULE_PATHNAME', 'update_authenticator_counter'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.update_authenticator_counter(text, text) IS
  'Sets the number of signatures of an authenticator, and returns it, or null: Auth.js''s updateAuthenticatorCounter()';

CREATE FUNCTION nextauth.sign_in(profile text, account text)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(text, text) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser';

CREATE FUNCTION nextauth.sign_in(profile jsonb, account jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(jsonb, jsonb) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser';

CREATE FUNCTION nextauth.sign_in(profile text, account text, options text)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(text, text, text) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser; options are allowDangerousEmailAccountLinking, maxAge, session and userId';

CREATE FUNCTION nextauth.sign_in(profile jsonb, account jsonb, options jsonb)
RETURNS json
AS 'MODULE_PATHNAME', 'sign_in'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION nextauth.sign_in(jsonb, jsonb, jsonb) IS
  'Signs in with an account at a provider: finds or makes the user, links the account and makes a session; returns user, account, session and isNewUser; options are allowDangerousEmailAccountLinking, maxAge, session and userId';
-- Expired rows

-- It commits, so it cannot have a SET clause; it sets its search_path itself
CREATE PROCEDURE nextauth.purge_expired()
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired() IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.purge_expired(batch text)
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired(text) IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (null: nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE PROCEDURE nextauth.purge_expired(batch integer)
AS 'MODULE_PATHNAME', 'purge_expired'
LANGUAGE C;

COMMENT ON PROCEDURE nextauth.purge_expired(integer) IS
  'Deletes the expired rows of all models, in transactions of at most so many rows (null: nextauth.batch_rows), as the owner of each table; needs DELETE on the tables; cannot run inside a transaction block';

CREATE FUNCTION nextauth.delete_expired()
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired() IS
  'Deletes all expired rows of the models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';

CREATE FUNCTION nextauth.delete_expired(max_rows text)
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired(text) IS
  'Deletes at most so many expired rows of all models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';

CREATE FUNCTION nextauth.delete_expired(max_rows integer)
RETURNS bigint
AS 'MODULE_PATHNAME', 'delete_expired'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.delete_expired(integer) IS
  'Deletes at most so many expired rows of all models in the caller''s transaction, as the owner of each table, and returns how many; needs DELETE on the tables';

/*
 * Who is asking, for row level security
 *
 * user_id() and session_id() look up no name, and policies call them for each
 * row: they need no search_path of their own, and are fast without one.
 */

CREATE FUNCTION nextauth.authenticate(token text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'authenticate'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.authenticate(text) IS
  'Whether a session has this token; if so, user_id() returns its user until the end of the transaction; needs no right on the tables';

CREATE FUNCTION nextauth.authenticate_connection(token text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'authenticate_connection'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.authenticate_connection(text) IS
  'Does what authenticate() does, until RESET ALL or DISCARD ALL; behind a transaction pooler the next client inherits the user';

CREATE FUNCTION nextauth.sign_out()
RETURNS void
AS 'MODULE_PATHNAME', 'sign_out'
LANGUAGE C VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.sign_out() IS
  'Forgets what authenticate() or authenticate_connection() remembered; leaves the row of the session';

CREATE FUNCTION nextauth.user_id()
RETURNS text
AS 'MODULE_PATHNAME', 'user_id'
LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE;

COMMENT ON FUNCTION nextauth.user_id() IS
  'Id of the authenticated user, or null';

CREATE FUNCTION nextauth.session_id()
RETURNS text
AS 'MODULE_PATHNAME', 'session_id'
LANGUAGE C STABLE LEAKPROOF PARALLEL SAFE;

COMMENT ON FUNCTION nextauth.session_id() IS
  'Id of the authenticated session, or null';

CREATE FUNCTION nextauth.grant_adapter(role text)
RETURNS void
AS 'MODULE_PATHNAME', 'grant_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.grant_adapter(text) IS
  'Grants a role the privileges that an adapter needs: on the models'' tables and sequences, on the adapters'' views and on the catalog';

CREATE FUNCTION nextauth.grant_adapter(role regrole)
RETURNS void
AS 'MODULE_PATHNAME', 'grant_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.grant_adapter(regrole) IS
  'Grants a role the privileges that an adapter needs: on the models'' tables and sequences, on the adapters'' views and on the catalog';

CREATE FUNCTION nextauth.add_adapter(adapter text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text) IS
  'Creates a schema with the views that an adapter expects (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth); a second call adds whatever is missing';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text) IS
  'Creates a schema with the views that an adapter expects (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth); a second call adds whatever is missing';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text, options text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text, text) IS
  'Creates a schema with the views that an adapter expects (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth); a second call adds whatever is missing; options: {"foreignKeys": true} adds foreign keys, so that any DELETE of a user deletes the user''s rows';

CREATE FUNCTION nextauth.add_adapter(adapter text, schema text, options jsonb)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'add_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.add_adapter(text, text, jsonb) IS
  'Creates a schema with the views that an adapter expects (pg, neon, supabase, hasura, prisma, kysely, drizzle, typeorm, sequelize, mikro-orm, better-auth); a second call adds whatever is missing; options: {"foreignKeys": true} adds foreign keys, so that any DELETE of a user deletes the user''s rows';

CREATE FUNCTION nextauth.drop_adapter(schema text)
RETURNS TABLE (kind text, name text, action text)
AS 'MODULE_PATHNAME', 'drop_adapter'
LANGUAGE C VOLATILE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.drop_adapter(text) IS
  'Drops the views that add_adapter() created in a schema, and the schema if it is then empty; drops no table, column or row';

-- Triggers that fill columns which adapters do not write

CREATE FUNCTION nextauth.fill_account()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_account'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_account() IS
  'Trigger: fills compound_id and provider_type of an account if they are null, and keeps expires_at and access_token_expires equal';

CREATE FUNCTION nextauth.fill_session()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_session'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_session() IS
  'Trigger: fills access_token of a session with a random one if it is null';

CREATE FUNCTION nextauth.fill_verification_request()
RETURNS trigger
AS 'MODULE_PATHNAME', 'fill_verification_request'
LANGUAGE C
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.fill_verification_request() IS
  'Trigger: shows Better Auth the token of a verification request, and gives one that Better Auth inserts a random token';

-- It keeps the caller's search_path for the triggers of the tables, and qualifies
-- the names of all objects that it uses
CREATE FUNCTION nextauth.write_through_view()
RETURNS trigger
AS 'MODULE_PATHNAME', 'write_through_view'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.write_through_view() IS
  'Trigger: writes a row of an adapter''s view to the model''s table, and converts the values of converted columns';

-- What the models are now

CREATE FUNCTION nextauth.entity_schema(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schema'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schema(text) IS
  'Returns a model as options for TypeORM''s new EntitySchema(); a default that is an expression is in "defaultExpression"';

CREATE FUNCTION nextauth.entity_schema(name text, driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schema'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schema(text, text) IS
  'Returns entity_schema() for a driver of TypeORM: postgres, mysql, mariadb, sqlite or mongodb; "remarks" says what is different there';

CREATE FUNCTION nextauth.entity_schemas()
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schemas'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schemas() IS
  'Returns entity_schema() of every model by name, for an application to pass on to its adapter';

CREATE FUNCTION nextauth.entity_schemas(driver text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'entity_schemas'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.entity_schemas(text) IS
  'Returns entity_schema() for a driver of every model by name';

CREATE FUNCTION nextauth.describe_model(format text)
RETURNS text
AS 'MODULE_PATHNAME', 'describe_model'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.describe_model(text) IS
  'Returns the source code that declares all models in an application: for typeorm, prisma, drizzle, kysely, sequelize, mikro-orm, better-auth, typescript or json-schema';

CREATE FUNCTION nextauth.describe_model(format text, model text)
RETURNS text
AS 'MODULE_PATHNAME', 'describe_model'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.describe_model(text, text) IS
  'Returns the source code that declares a model (null: all models) in an application: for typeorm, prisma, drizzle, kysely, sequelize, mikro-orm, better-auth, typescript or json-schema';

CREATE FUNCTION nextauth.definition_of(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'definition_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.definition_of(text) IS
  'Returns the custom columns of a model, and its built-in columns that have further options, in the form that extend_model() takes';

CREATE FUNCTION nextauth.options_of(name text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'options_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.options_of(text) IS
  'Returns the indices, uniques and checks that were added to a model, in the form that extend_model() takes';

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
  OUT description text,
  OUT definition jsonb
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'columns_of'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.columns_of(text) IS
  'Returns the columns of a model, for the view model_columns';

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
  'Returns the columns of an adapter''s views in a schema, for the view adapter_columns';

CREATE FUNCTION nextauth.check_models()
RETURNS TABLE (model text, property text, finding text, remedy text)
AS 'MODULE_PATHNAME', 'check_models'
LANGUAGE C STABLE
SET search_path = pg_catalog, pg_temp;

COMMENT ON FUNCTION nextauth.check_models() IS
  'Returns a row for each difference between a model and its table, with its remedy; no row if all is well';

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

COMMENT ON VIEW nextauth.models IS 'Models that have a table';
COMMENT ON COLUMN nextauth.models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.models.relation IS 'Table that holds the model';
COMMENT ON COLUMN nextauth.models.table_schema IS 'Schema of the table';
COMMENT ON COLUMN nextauth.models.table_name IS 'Name of the table';
COMMENT ON COLUMN nextauth.models.owner IS 'Owner of the table: the role that may extend the model';
COMMENT ON COLUMN nextauth.models.custom_columns IS 'Number of declared columns that are not built in';
COMMENT ON COLUMN nextauth.models.version IS 'Number of its last change; 0 if there was none';

-- MATERIALIZED: rows that do not count are left out before columns_of() sees them
CREATE VIEW nextauth.model_columns AS
WITH m AS MATERIALIZED (SELECT model FROM nextauth.models)
SELECT m.model, c.*
FROM m
CROSS JOIN LATERAL nextauth.columns_of(m.model) c;

COMMENT ON VIEW nextauth.model_columns IS
  'Columns of the models that have a table, built-in and custom ones, as PostgreSQL''s catalog has them now';
COMMENT ON COLUMN nextauth.model_columns.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.model_columns.property IS 'Property of the model';
COMMENT ON COLUMN nextauth.model_columns.column_name IS 'Column of the table';
COMMENT ON COLUMN nextauth.model_columns.is_custom IS 'Whether it was declared; false if it is built in';
COMMENT ON COLUMN nextauth.model_columns."position" IS 'Number of the column in the table; null if the table has no such column';
COMMENT ON COLUMN nextauth.model_columns.type IS 'TypeORM''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.data_type IS 'PostgreSQL''s name of the type';
COMMENT ON COLUMN nextauth.model_columns.is_nullable IS 'Whether it accepts null';
COMMENT ON COLUMN nextauth.model_columns.is_unique IS 'Whether the primary key or a constraint of its own makes it unique';
COMMENT ON COLUMN nextauth.model_columns.is_primary IS 'Whether it is part of the primary key';
COMMENT ON COLUMN nextauth.model_columns.column_default IS 'Default, as PostgreSQL prints it';
COMMENT ON COLUMN nextauth.model_columns.comment IS 'Comment on the column';
COMMENT ON COLUMN nextauth.model_columns.description IS 'Comment on the column; without one, the purpose of a built-in column';
COMMENT ON COLUMN nextauth.model_columns.definition IS 'TypeORM''s column options, as in entity_schema()';

CREATE VIEW nextauth.custom_models AS
WITH m AS MATERIALIZED (SELECT model, relation FROM nextauth.models)
SELECT m.model, m.relation, c.columns, o.options
FROM m
CROSS JOIN LATERAL nextauth.definition_of(m.model) c (columns)
CROSS JOIN LATERAL nextauth.options_of(m.model) o (options)
WHERE c.columns <> '{}' OR o.options <> '{}';

COMMENT ON VIEW nextauth.custom_models IS
  'Extended models and their additions; extend_model(model, columns, options) repeats these in another database';
COMMENT ON COLUMN nextauth.custom_models.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.custom_models.relation IS 'Table that holds the model';
COMMENT ON COLUMN nextauth.custom_models.columns IS 'Its custom columns, and its built-in columns that have further options, in the form that extend_model() takes';
COMMENT ON COLUMN nextauth.custom_models.options IS 'Its added indices, uniques and checks, in the form that extend_model() takes';

CREATE VIEW nextauth.model_changes AS
SELECT model, version, changed_at, changed_by, action, changes, statements
FROM nextauth.model_change;

COMMENT ON VIEW nextauth.model_changes IS 'Changes of models: those made by the extension, and by hand the renaming and dropping of columns and tables';
COMMENT ON COLUMN nextauth.model_changes.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.model_changes.version IS 'Version of the model after the change, starting with 1';
COMMENT ON COLUMN nextauth.model_changes.changed_at IS 'When the change was made';
COMMENT ON COLUMN nextauth.model_changes.changed_by IS 'Role that had logged in (session_user)';
COMMENT ON COLUMN nextauth.model_changes.action IS 'The called function, or the kind of change by hand';
COMMENT ON COLUMN nextauth.model_changes.changes IS 'Changed properties, indices, constraints or relation, each with its change';
COMMENT ON COLUMN nextauth.model_changes.statements IS 'Statements that the extension ran, if any';

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

COMMENT ON VIEW nextauth.adapters IS 'Added adapters and the schemas of their views';
COMMENT ON COLUMN nextauth.adapters.adapter IS 'Adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapters.schema IS 'Schema of its views';
COMMENT ON COLUMN nextauth.adapters.owner IS 'Owner of the schema; null if there is no such schema';
COMMENT ON COLUMN nextauth.adapters.views IS 'Names of the views in the schema';

-- MATERIALIZED: rows that do not count are left out before adapter_columns_of() sees them
CREATE VIEW nextauth.adapter_columns AS
WITH a AS MATERIALIZED (SELECT adapter, schema FROM nextauth.adapters)
SELECT a.adapter, a.schema, c.*
FROM a
CROSS JOIN LATERAL nextauth.adapter_columns_of(a.schema) c;

COMMENT ON VIEW nextauth.adapter_columns IS
  'Columns of the adapters'' views as they are now, and the properties that they show';
COMMENT ON COLUMN nextauth.adapter_columns.adapter IS 'Adapter, as add_adapter() names it';
COMMENT ON COLUMN nextauth.adapter_columns.schema IS 'Schema of its views';
COMMENT ON COLUMN nextauth.adapter_columns.view IS 'View';
COMMENT ON COLUMN nextauth.adapter_columns.view_column IS 'Column of the view';
COMMENT ON COLUMN nextauth.adapter_columns.model IS 'Model, as NextAuth.js names it';
COMMENT ON COLUMN nextauth.adapter_columns.property IS 'Property of the model; null if the model declares no such property';
COMMENT ON COLUMN nextauth.adapter_columns.column_name IS 'Column of the table';

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
  'What running calls of extend_model_online(), convert_ids(), extend_model(), extend_models(), add_adapter(), import_rows(), purge_expired() and delete_expired() are doing in this database';
COMMENT ON COLUMN nextauth.progress.pid IS 'The process that does the work; for extend_model_online() its background worker';
COMMENT ON COLUMN nextauth.progress.command IS 'The function that was called. This and the columns below are null to a role that may not read the caller''s statistics';
COMMENT ON COLUMN nextauth.progress.model IS 'The model of the table, if it has one';
COMMENT ON COLUMN nextauth.progress.relation IS 'The table that the phase is about';
COMMENT ON COLUMN nextauth.progress.phase IS
  'planning, waiting for another call, locking table, checking rows, reading table, rewriting table, rebuilding indexes, filling column, building index, validating constraint, deleting expired rows, reading keys, converting rows or inserting rows';
COMMENT ON COLUMN nextauth.progress.column_name IS 'The column that is filled';
COMMENT ON COLUMN nextauth.progress.blocks_done IS 'Blocks of the table that are filled, read for an index, or searched for expired rows';
COMMENT ON COLUMN nextauth.progress.blocks_total IS 'Blocks of the table';
COMMENT ON COLUMN nextauth.progress.rows_done IS 'Rows that are filled, rewritten in tables that are finished, in the index, deleted, or read for an import';
COMMENT ON COLUMN nextauth.progress.rows_total IS 'All rows: an estimate while a column is filled or an index is built';
COMMENT ON COLUMN nextauth.progress.started_at IS 'When the call began';
COMMENT ON COLUMN nextauth.progress.phase_started_at IS 'When the phase began. A statement that reads or rewrites a table does not show how far it is';

GRANT SELECT ON nextauth.models, nextauth.model_columns, nextauth.custom_models, nextauth.model_changes, nextauth.adapters,
  nextauth.adapter_columns, nextauth.progress TO PUBLIC;

/*
 * Event triggers protect the columns of models, and tables that have rows, from
 * DDL that ignores models, and update the catalog after DDL.  They do not veto a
 * drop by a restore.  They look up names as the DDL does, in the user's
 * search_path, and then set their own.
 */
CREATE FUNCTION nextauth.guard_ddl_start()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_start'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_start() IS
  'Event trigger: refuses to rename built-in columns, to change their type, and to drop tables that have rows; lets a restore replace empty tables';

CREATE FUNCTION nextauth.guard_ddl_end()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_ddl_end'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_ddl_end() IS
  'Event trigger: after a rename of a custom column or of an adapter''s schema updates the catalog and the adapters'' views, after a change of a default the views; records the renaming or moving of a table';

CREATE FUNCTION nextauth.guard_drop()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_drop'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_drop() IS
  'Event trigger: refuses to drop columns of models; deletes dropped columns, tables and adapters'' schemas from the catalog, and records the drop of a column or a table';

CREATE FUNCTION nextauth.guard_rewrite()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'guard_rewrite'
LANGUAGE C;

COMMENT ON FUNCTION nextauth.guard_rewrite() IS
  'Event trigger: refuses an unplanned rewrite of a large table by extend_model()';

-- The tags include all commands that can drop tables, except DROP OWNED, which may drop them
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
 * A command without a tag here works even if the library is missing.  The tags are
 * those of the commands that drop tables, columns, schemas, or an object on which a
 * column depends.
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

COMMENT ON EVENT TRIGGER nextauth_guard_rewrite IS 'Refuses an unplanned rewrite of a large table by extend_model()';
COMMENT ON EVENT TRIGGER nextauth_guard_ddl_start IS
  'Refuses to rename built-in columns of models, to change their type, and to drop tables that have rows; lets a restore replace empty tables';
COMMENT ON EVENT TRIGGER nextauth_guard_ddl_end IS 'Updates the catalog and the adapters'' views after a rename of custom columns or of adapters'' schemas; records the renaming or moving of tables';
COMMENT ON EVENT TRIGGER nextauth_guard_drop IS 'Refuses to drop columns of models; deletes dropped columns, tables and adapters'' schemas from the catalog';

-- The models' tables, which are not members of the extension
SELECT nextauth.install();
