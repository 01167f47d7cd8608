/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  Reads and writes the extension's own tables: model, custom_column,
 *	  model_change and adapter
 *
 * Anyone who may use the schema may read them.  Nobody but their owner may
 * write them; here they are written with the owner's rights, after the caller
 * has checked that the user owns the model's table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth.h"

static void set_id_types(Model *model, Oid users);
static List *read_custom_columns(const Model *model, bool fresh);
static int	compare_properties(const ListCell *a, const ListCell *b);
static void merge_column(ColumnSpec *declared, const ColumnSpec *actual);
static Datum adapter_options(const ColumnSpec *column);
static void append_flag(StringInfo buf, const char *option, bool value);
static void set_adapter_options(ColumnSpec *column, Jsonb *options);
static bool read_flag(Jsonb *options, const char *option, bool missing);
static void write_catalog(SPIPlanPtr *plan, const char *command, int nargs,
						  Oid *types, Datum *values);
static void query_catalog(SPIPlanPtr *plan, const char *command, int nargs,
						  Oid *types, Datum *values, bool fresh);
static int	compare_position(const ListCell *a, const ListCell *b);

/*
 * The model of that name.  Its relid is invalid if it has no table.  "fresh"
 * asks for the newest row instead of the one that the caller's query sees.
 *
 * Raise an ERROR if there is no such model.
 */
Model *
read_model(const char *name, bool fresh)
{
	static SPIPlanPtr plan = NULL;
	Model	   *model = palloc0_object(Model);
	Datum		values[1] = {CStringGetTextDatum(name)};
	Oid			types[1] = {TEXTOID};
	Oid			relids[2];
	HeapTuple	tuple;

	model->builtin = find_builtin_model(name);

	SPI_connect();
	query_catalog(&plan,
				  "SELECT (SELECT relation FROM nextauth.model WHERE name = $1),"
				  " (SELECT relation FROM nextauth.model WHERE name = 'User')",
				  1, types, values, fresh);
	for (size_t i = 0; i < lengthof(relids); i++)
	{
		bool		isnull;

		relids[i] = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[0],
												   SPI_tuptable->tupdesc, i + 1,
												   &isnull));
	}
	SPI_finish();

	model->relid = relids[0];
	set_id_types(model, relids[1]);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(model->relid));
	if (!HeapTupleIsValid(tuple))
	{
		model->relid = InvalidOid;
		return model;
	}
	model->schema = ((Form_pg_class) GETSTRUCT(tuple))->relnamespace;
	model->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	model->schema_name = get_namespace_name(model->schema);
	model->table_name = pstrdup(NameStr(((Form_pg_class) GETSTRUCT(tuple))->relname));
	ReleaseSysCache(tuple);
	return model;
}

/*
 * The types of ids are those that the tables have; what has no table yet would
 * follow the users, and they the setting.
 */
static void
set_id_types(Model *model, Oid users)
{
	model->user_id_type = nextauth_id_type;
	if (!read_id_type(users, "id", &model->user_id_type))
		(void) read_id_type(model->relid, "user_id", &model->user_id_type);
	model->id_type = model->user_id_type;
	(void) read_id_type(model->relid, "id", &model->id_type);
}

/*
 * The model that is kept in a table, or NULL.
 */
Model *
find_model(Oid relid)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	char	   *name = NULL;
	Datum		values[1] = {ObjectIdGetDatum(relid)};
	Oid			types[1] = {REGCLASSOID};

	SPI_connect();
	query_catalog(&plan,
				  "SELECT name FROM nextauth.model WHERE relation = $1",
				  1, types, values, true);
	if (SPI_processed > 0)
		name = MemoryContextStrdup(caller,
								   SPI_getvalue(SPI_tuptable->vals[0],
												SPI_tuptable->tupdesc, 1));
	SPI_finish();
	return name ? read_model(name, true) : NULL;
}

/*
 * Raise an ERROR if the model has no table.
 */
void
check_model_table(const Model *model)
{
	if (!OidIsValid(model->relid))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has no table", model->builtin->name),
				 model->builtin->optional ?
				 errhint("nextauth.add_adapter() creates it for an adapter that needs it, nextauth.adopt_model() takes one that is there.") :
				 errhint("Call nextauth.install() to create or adopt it.")));
}

/*
 * Raise an ERROR if the user does not own the model's table.
 */
void
check_model_owner(const Model *model)
{
	if (!object_ownercheck(RelationRelationId, model->relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, model->table_name);
}

/*
 * Does the catalog know custom columns of the model?
 */
bool
has_custom_columns(const Model *model)
{
	return read_custom_columns(model, true) != NIL;
}

/*
 * All columns of a model, in the order of the table: the declared ones, built
 * in or custom, with what "actual", the columns of the table, says of them;
 * and those of the table that nobody declared (without a property).  Declared
 * ones that the table lacks come last, without an attribute number.  "fresh" is
 * as above.
 */
List *
read_model_columns(const Model *model, List *actual, bool fresh)
{
	List	   *declared = list_concat(builtin_columns(model),
									   read_custom_columns(model, fresh));
	List	   *result = list_copy(declared);
	ListCell   *lc;

	foreach(lc, declared)
	{
		ColumnSpec *found = find_column(actual,
										((ColumnSpec *) lfirst(lc))->column_name);

		if (found)
			merge_column(lfirst(lc), found);
	}
	foreach(lc, actual)
	{
		if (find_column(declared, ((ColumnSpec *) lfirst(lc))->column_name) == NULL)
			result = lappend(result, lfirst(lc));
	}

	list_sort(result, compare_position);
	return result;
}

static int
compare_position(const ListCell *a, const ListCell *b)
{
	/* as unsigned numbers, so that a missing column's 0 - 1 is the highest */
	uint16		left = (uint16) (((ColumnSpec *) lfirst(a))->attnum - 1);
	uint16		right = (uint16) (((ColumnSpec *) lfirst(b))->attnum - 1);

	return (left > right) - (left < right);
}

/*
 * Give a declared column what PostgreSQL says of it.
 */
static void
merge_column(ColumnSpec *declared, const ColumnSpec *actual)
{
	ColumnSpec	merged = *actual;

	merged.property = declared->property;
	merged.builtin = declared->builtin;
	merged.type_name = declared->type_name;
	merged.role = declared->role;
	merged.select = declared->select;
	merged.insert = declared->insert;
	merged.update = declared->update;
	merged.gives = declared->gives;
	merged.is_filling = declared->is_filling;
	merged.of_adapter = declared->of_adapter;
	*declared = merged;
}

static List *
read_custom_columns(const Model *model, bool fresh)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	Datum		values[1] = {CStringGetTextDatum(model->builtin->name)};
	Oid			types[1] = {TEXTOID};

	SPI_connect();
	query_catalog(&plan,
				  "SELECT property, column_name, type, options"
				  " FROM nextauth.custom_column WHERE model = $1",
				  1, types, values, fresh);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	tupdesc = SPI_tuptable->tupdesc;
		MemoryContext spi = MemoryContextSwitchTo(caller);
		ColumnSpec *column;
		Datum		values[4];
		bool		nulls[4];

		heap_deform_tuple(tuple, tupdesc, values, nulls);
		column = make_column(TextDatumGetCString(values[0]));
		column->column_name = pstrdup(NameStr(*DatumGetName(values[1])));
		column->type_name = TextDatumGetCString(values[2]);
		set_adapter_options(column, DatumGetJsonbP(values[3]));
		result = lappend(result, column);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	list_sort(result, compare_properties);
	return result;
}

static int
compare_properties(const ListCell *a, const ListCell *b)
{
	return strcmp(((ColumnSpec *) lfirst(a))->property,
				  ((ColumnSpec *) lfirst(b))->property);
}

/*
 * What the command that fired an sql_drop event trigger has dropped of the
 * models, as a list of DroppedObject: their tables, or columns of tables that
 * are still there.
 */
List *
read_dropped(void)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;

	SPI_connect();
	query_catalog(&plan,
				  "SELECT m.name, CASE WHEN d.objsubid > 0 THEN d.address_names[3] END"
				  " FROM pg_catalog.pg_event_trigger_dropped_objects() d"
				  " JOIN nextauth.model m ON m.relation = d.objid"
				  " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
				  " AND (d.objsubid = 0 OR EXISTS"
				  " (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objid))",
				  0, NULL, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	tupdesc = SPI_tuptable->tupdesc;
		MemoryContext spi = MemoryContextSwitchTo(caller);
		DroppedObject *dropped = palloc_object(DroppedObject);

		dropped->model = SPI_getvalue(tuple, tupdesc, 1);
		dropped->column_name = SPI_getvalue(tuple, tupdesc, 2);
		result = lappend(result, dropped);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * The models, as names, the tables of which the command altered that fired a
 * ddl_command_end event trigger.
 */
List *
read_altered(void)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;

	SPI_connect();
	query_catalog(&plan,
				  "SELECT m.name FROM pg_catalog.pg_event_trigger_ddl_commands() d"
				  " JOIN nextauth.model m ON m.relation = d.objid"
				  " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass",
				  0, NULL, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);

		result = lappend(result, SPI_getvalue(SPI_tuptable->vals[i],
											  SPI_tuptable->tupdesc, 1));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * Record that a model is kept in a table.
 */
void
write_model(const char *name, Oid relid)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[2] = {CStringGetTextDatum(name), ObjectIdGetDatum(relid)};
	Oid			types[2] = {TEXTOID, REGCLASSOID};

	write_catalog(&plan,
				  "INSERT INTO nextauth.model (name, relation) VALUES ($1, $2)"
				  " ON CONFLICT (name) DO UPDATE SET relation = excluded.relation",
				  2, types, values);
}

/*
 * Forget a model the table of which is gone, with its custom columns.
 */
void
delete_model(const char *name)
{
	static SPIPlanPtr delete_columns = NULL;
	static SPIPlanPtr delete_model = NULL;
	Datum		values[1] = {CStringGetTextDatum(name)};
	Oid			types[1] = {TEXTOID};

	write_catalog(&delete_columns,
				  "DELETE FROM nextauth.custom_column WHERE model = $1",
				  1, types, values);
	write_catalog(&delete_model, "DELETE FROM nextauth.model WHERE name = $1",
				  1, types, values);
}

/*
 * Record that a custom column, if it is one, has another name.
 */
void
rename_custom_column(const Model *model, const char *column_name,
					 const char *new_name)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[3];
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};

	values[0] = CStringGetTextDatum(model->builtin->name);
	values[1] = CStringGetTextDatum(column_name);
	values[2] = CStringGetTextDatum(new_name);

	write_catalog(&plan,
				  "UPDATE nextauth.custom_column SET column_name = $3"
				  " WHERE model = $1 AND column_name = $2",
				  3, types, values);
}

/*
 * Forget a custom column, if it is one.
 */
void
delete_custom_column(const Model *model, const char *column_name)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[2];
	Oid			types[2] = {TEXTOID, TEXTOID};

	values[0] = CStringGetTextDatum(model->builtin->name);
	values[1] = CStringGetTextDatum(column_name);

	write_catalog(&plan,
				  "DELETE FROM nextauth.custom_column"
				  " WHERE model = $1 AND column_name = $2",
				  2, types, values);
}

/*
 * Record that a custom property has another name.
 */
void
rename_custom_property(const Model *model, const char *property,
					   const char *new_property)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[3];
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};

	values[0] = CStringGetTextDatum(model->builtin->name);
	values[1] = CStringGetTextDatum(property);
	values[2] = CStringGetTextDatum(new_property);

	write_catalog(&plan,
				  "UPDATE nextauth.custom_column SET property = $3"
				  " WHERE model = $1 AND property = $2",
				  3, types, values);
}

/*
 * Add one thing and what happened to it to the members of a JSON object.
 */
void
append_change(StringInfo buf, const char *what, const char *happened)
{
	if (buf->len > 0)
		appendStringInfoString(buf, ", ");
	escape_json(buf, what);
	appendStringInfoString(buf, ": ");
	escape_json(buf, happened);
}

/*
 * Record a change of a model, which gives it its next version, and let running
 * adapters know.  "changes" is what append_change() made; the statements are
 * those that were run.
 */
void
write_change(const char *model, const char *action, const char *changes,
			 List *statements)
{
	static SPIPlanPtr plan = NULL;
	ArrayBuildState *texts = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	Datum		values[5];
	Oid			types[5] = {TEXTOID, TEXTOID, TEXTOID, JSONBOID, TEXTARRAYOID};
	ListCell   *lc;

	foreach(lc, statements)
		texts = accumArrayResult(texts, CStringGetTextDatum(lfirst(lc)), false,
								 TEXTOID, CurrentMemoryContext);

	values[0] = CStringGetTextDatum(model);
	values[1] = CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false));
	values[2] = CStringGetTextDatum(action);
	values[3] = DirectFunctionCall1(jsonb_in,
									CStringGetDatum(psprintf("{%s}", changes)));
	values[4] = makeArrayResult(texts, CurrentMemoryContext);
	write_catalog(&plan,
				  "INSERT INTO nextauth.model_change"
				  " (model, version, changed_by, action, changes, statements)"
				  " SELECT $1, COALESCE(pg_catalog.max(version), 0) + 1,"
				  " $2, $3, $4, $5"
				  " FROM nextauth.model_change WHERE model = $1",
				  5, types, values);
	Async_Notify(NEXTAUTH_SCHEMA, model);
}

/*
 * The number of the model's last change; 0 if there was none.
 */
int64
read_version(const char *model)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[1] = {CStringGetTextDatum(model)};
	Oid			types[1] = {TEXTOID};
	int64		result;
	bool		isnull;

	SPI_connect();
	query_catalog(&plan,
				  "SELECT COALESCE(pg_catalog.max(version), 0)"
				  " FROM nextauth.model_change WHERE model = $1",
				  1, types, values, true);
	result = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
										 SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	return result;
}

/*
 * What changed of the model after a version: texts of JSON objects.
 */
List *
read_changes(const char *model, int64 version)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	Datum		values[2] = {CStringGetTextDatum(model), Int64GetDatum(version)};
	Oid			types[2] = {TEXTOID, INT8OID};

	SPI_connect();
	query_catalog(&plan,
				  "SELECT changes FROM nextauth.model_change"
				  " WHERE model = $1 AND version > $2 ORDER BY version",
				  2, types, values, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);

		result = lappend(result, SPI_getvalue(SPI_tuptable->vals[i],
											  SPI_tuptable->tupdesc, 1));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * The schemas that adapters have, as a list of AdapterSchema; but for adapters
 * that only a later version knows.
 */
List *
read_adapter_schemas(void)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;

	SPI_connect();
	query_catalog(&plan,
				  "SELECT schema, adapter FROM nextauth.adapter ORDER BY schema",
				  0, NULL, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);
		AdapterSchema *schema = palloc_object(AdapterSchema);

		schema->schema_name = SPI_getvalue(SPI_tuptable->vals[i],
										   SPI_tuptable->tupdesc, 1);
		schema->schema = get_namespace_oid(schema->schema_name, true);
		schema->adapter = lookup_adapter(SPI_getvalue(SPI_tuptable->vals[i],
													  SPI_tuptable->tupdesc, 2));
		if (schema->adapter)
			result = lappend(result, schema);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * The views that adapters have of a model, or are to have, as a list of
 * AdapterView.  What somebody has put in the place of one is left to him.
 */
List *
find_adapter_views(const Model *model)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		const AdapterSchema *schema = lfirst(lc);

		for (const ConventionView *c = schema->adapter->views; c->name; c++)
		{
			AdapterView *view;

			if (strcmp(c->model, model->builtin->name) != 0)
				continue;
			view = palloc_object(AdapterView);
			view->adapter = schema->adapter;
			view->convention = c;
			view->schema_name = schema->schema_name;
			view->relid = get_relname_relid(c->name, schema->schema);
			view->is_taken = OidIsValid(view->relid) &&
				!shows_table(view->relid, model->relid);
			if (view->is_taken)
				view->relid = InvalidOid;
			result = lappend(result, view);
		}
	}
	return result;
}

/*
 * The OIDs of those of the views, a list of AdapterView, that are there.
 */
List *
view_oids(List *views)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, views)
	{
		AdapterView *view = lfirst(lc);

		if (OidIsValid(view->relid))
			result = lappend_oid(result, view->relid);
	}
	return result;
}

/*
 * Record that an adapter has a schema.
 */
void
write_adapter(const char *schema_name, const char *adapter)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[2] = {CStringGetTextDatum(schema_name), CStringGetTextDatum(adapter)};
	Oid			types[2] = {TEXTOID, TEXTOID};

	write_catalog(&plan,
				  "INSERT INTO nextauth.adapter (schema, adapter) VALUES ($1, $2)"
				  " ON CONFLICT (schema) DO UPDATE SET adapter = excluded.adapter",
				  2, types, values);
}

/*
 * Forget the schema of an adapter.
 */
void
delete_adapter(const char *schema_name)
{
	static SPIPlanPtr plan = NULL;
	Datum		values[1] = {CStringGetTextDatum(schema_name)};
	Oid			types[1] = {TEXTOID};

	write_catalog(&plan, "DELETE FROM nextauth.adapter WHERE schema = $1",
				  1, types, values);
}

/*
 * Record that a schema, if it is an adapter's, has another name.
 */
void
rename_adapter(const char *schema_name, const char *new_name)
{
	static SPIPlanPtr delete = NULL;
	static SPIPlanPtr update = NULL;
	Datum		values[2] = {CStringGetTextDatum(schema_name), CStringGetTextDatum(new_name)};
	Oid			types[2] = {TEXTOID, TEXTOID};

	/* There was no such schema, whatever the catalog says */
	write_catalog(&delete, "DELETE FROM nextauth.adapter WHERE schema = $1",
				  1, types, values + 1);
	write_catalog(&update,
				  "UPDATE nextauth.adapter SET schema = $2 WHERE schema = $1",
				  2, types, values);
}

/*
 * Forget the schemas that the command dropped that fired an sql_drop event
 * trigger.
 */
void
forget_dropped_schemas(void)
{
	static SPIPlanPtr plan = NULL;

	write_catalog(&plan,
				  "DELETE FROM nextauth.adapter a"
				  " USING pg_catalog.pg_event_trigger_dropped_objects() d"
				  " WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
				  " AND d.object_name = a.schema",
				  0, NULL, NULL);
}

/*
 * Record custom columns, or what is new of them.
 */
void
write_custom_columns(const Model *model, List *columns)
{
	static SPIPlanPtr plan = NULL;
	ArrayBuildState *property = NULL;
	ArrayBuildState *column_name = NULL;
	ArrayBuildState *type = NULL;
	ArrayBuildState *options = NULL;
	Datum		values[5];
	Oid			types[5] = {TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, JSONBARRAYOID};
	ListCell   *lc;

	if (columns == NIL)
		return;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		property = accumArrayResult(property,
									CStringGetTextDatum(column->property),
									false, TEXTOID, CurrentMemoryContext);
		column_name = accumArrayResult(column_name,
									   CStringGetTextDatum(column->column_name),
									   false, TEXTOID, CurrentMemoryContext);
		type = accumArrayResult(type, CStringGetTextDatum(column->type_name),
								false, TEXTOID, CurrentMemoryContext);
		options = accumArrayResult(options, adapter_options(column),
								   false, JSONBOID, CurrentMemoryContext);
	}
	values[0] = CStringGetTextDatum(model->builtin->name);
	values[1] = makeArrayResult(property, CurrentMemoryContext);
	values[2] = makeArrayResult(column_name, CurrentMemoryContext);
	values[3] = makeArrayResult(type, CurrentMemoryContext);
	values[4] = makeArrayResult(options, CurrentMemoryContext);

	write_catalog(&plan,
				  "INSERT INTO nextauth.custom_column"
				  " (model, property, column_name, type, options)"
				  " SELECT $1, * FROM ROWS FROM"
				  " (pg_catalog.unnest($2), pg_catalog.unnest($3),"
				  " pg_catalog.unnest($4), pg_catalog.unnest($5))"
				  " ON CONFLICT (model, property) DO UPDATE"
				  " SET column_name = excluded.column_name,"
				  " type = excluded.type, options = excluded.options",
				  5, types, values);
}

/*
 * Is the catalog where it belongs?  Schema nextauth can be renamed.
 */
bool
has_catalog(void)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, true);

	return OidIsValid(schema) && OidIsValid(get_relname_relid("model", schema));
}

/*
 * Take the rights of the catalog's owner until end_catalog_owner().  In
 * between nothing is run but commands whose text is fixed in this file.  On
 * error, the abort of the transaction gives the user's rights back.
 */
void
begin_catalog_owner(CatalogUser *user)
{
	Oid			catalog = get_relname_relid("model",
											get_namespace_oid(NEXTAUTH_SCHEMA, false));
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(catalog));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", catalog);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);

	user->nest = pin_search_path();
	GetUserIdAndSecContext(&user->id, &user->context);
	SetUserIdAndSecContext(owner, user->context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
}

void
end_catalog_owner(const CatalogUser *user)
{
	SetUserIdAndSecContext(user->id, user->context);
	AtEOXact_GUC(true, user->nest);
}

/*
 * Set the search_path that our functions run with, until AtEOXact_GUC(true,
 * result), for those that have to see the caller's first.
 */
int
pin_search_path(void)
{
	int			nest = NewGUCNestLevel();

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest;
}

static void
write_catalog(SPIPlanPtr *plan, const char *command, int nargs, Oid *types,
			  Datum *values)
{
	CatalogUser user;

	begin_catalog_owner(&user);
	SPI_connect();
	query_catalog(plan, command, nargs, types, values, true);
	SPI_finish();
	end_catalog_owner(&user);
}

/*
 * Run a command on the catalog, within SPI_connect(), by a plan that is kept
 * for the session.  "fresh" asks for the newest rows, whatever snapshot the
 * transaction has: that is how DDL sees PostgreSQL's own catalog, and the two
 * must not part.
 */
static void
query_catalog(SPIPlanPtr *plan, const char *command, int nargs, Oid *types,
			  Datum *values, bool fresh)
{
	if (*plan == NULL)
	{
		SPIPlanPtr	prepared = SPI_prepare(command, nargs, types);

		if (prepared == NULL)
			elog(ERROR, "SPI_prepare failed: %s",
				 SPI_result_code_string(SPI_result));
		SPI_keepplan(prepared);
		*plan = prepared;
	}
	SPI_execute_snapshot(*plan, values, NULL,
						 fresh ? GetLatestSnapshot() : InvalidSnapshot,
						 InvalidSnapshot, !fresh, true, 0);
}

/*
 * What PostgreSQL does not hold of a column, save what is at TypeORM's
 * defaults, as jsonb: the options that only an adapter understands, and
 * whether the comment and the foreign key are the definition's, not somebody's
 * by hand; whether extend_model_online() has still to fill it; and whether it
 * is there for an adapter.
 */
static Datum
adapter_options(const ColumnSpec *column)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	if (column->role != ROLE_NONE)
		append_flag(&buf, role_option(column->role), true);
	if (!column->select)
		append_flag(&buf, "select", false);
	if (!column->insert)
		append_flag(&buf, "insert", false);
	if (!column->update)
		append_flag(&buf, "update", false);
	if (column->gives & GIVES_COMMENT)
		append_flag(&buf, "comment", true);
	if (column->gives & GIVES_FOREIGN_KEY)
		append_flag(&buf, "foreignKey", true);
	if (column->is_filling)
		append_flag(&buf, "filling", true);
	if (column->of_adapter)
		append_flag(&buf, "adapter", true);
	appendStringInfoChar(&buf, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

static void
append_flag(StringInfo buf, const char *option, bool value)
{
	appendStringInfo(buf, "%s\"%s\": %s", buf->len > 1 ? ", " : "", option,
					 value ? "true" : "false");
}

static void
set_adapter_options(ColumnSpec *column, Jsonb *options)
{
	for (ColumnRole role = ROLE_CREATE_DATE; role <= ROLE_VERSION; role++)
	{
		if (read_flag(options, role_option(role), false))
			column->role = role;
	}
	column->select = read_flag(options, "select", true);
	column->insert = read_flag(options, "insert", true);
	column->update = read_flag(options, "update", true);
	column->is_filling = read_flag(options, "filling", false);
	column->of_adapter = read_flag(options, "adapter", false);
	if (read_flag(options, "comment", false))
		column->gives |= GIVES_COMMENT;
	if (read_flag(options, "foreignKey", false))
		column->gives |= GIVES_FOREIGN_KEY;
}

static bool
read_flag(Jsonb *options, const char *option, bool missing)
{
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(options) ||
		!getKeyJsonValueFromContainer(&options->root, option, strlen(option),
									  &value) ||
		value.type != jbvBool)
		return missing;
	return value.val.boolean;
}
