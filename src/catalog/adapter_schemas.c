/*-------------------------------------------------------------------------
 *
 * adapter_schemas.c
 *	  The schemas of the adapters' views, as the catalog keeps them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth_catalog.h"

static int
compare_schemas(const ListCell *a, const ListCell *b)
{
	return strcmp(((AdapterSchema *) lfirst(a))->schema_name,
				  ((AdapterSchema *) lfirst(b))->schema_name);
}

/*
 * The schemas of adapters, as a list of AdapterSchema, without rows that do
 * not count and adapters that only a later version supports.
 */
List *
read_adapter_schemas(void)
{
	List	   *result = NIL;
	CatalogRows rows;
	HeapTuple	row;

	begin_rows(&rows, CATALOG_ADAPTER, NULL, NEWEST_ROWS);
	while ((row = next_row(&rows)) != NULL)
	{
		AdapterSchema *schema = palloc_object(AdapterSchema);

		schema->schema_name = row_name(&rows, row, ADAPTER_SCHEMA);
		schema->schema = get_namespace_oid(schema->schema_name, true);
		schema->adapter = lookup_adapter(row_text(&rows, row, ADAPTER_NAME));
		if (schema->adapter && DatumGetBool(row_value(&rows, row, ADAPTER_VOUCHED)))
			result = lappend(result, schema);
	}
	end_rows(&rows);
	list_sort(result, compare_schemas);
	return result;
}

/*
 * The adapter whose views are in the schema, or NULL.
 */
AdapterSchema *
find_adapter_schema(const char *schema_name)
{
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		AdapterSchema *schema = lfirst(lc);

		if (strcmp(schema->schema_name, schema_name) == 0)
			return schema;
	}
	return NULL;
}

/*
 * The existing or missing view of a model in an adapter's schema.
 */
static AdapterView *
find_adapter_view(const AdapterSchema *schema, const ConventionView *convention,
				  const Model *model)
{
	AdapterView *view = palloc0_object(AdapterView);
	Oid			relid = get_relname_relid(convention->name, schema->schema);
	StoredView *stored;

	view->adapter = schema->adapter;
	view->convention = convention;
	view->schema_name = schema->schema_name;
	if (!OidIsValid(relid))
		return view;

	stored = read_view(relid);
	view->owner = stored ? stored->owner : InvalidOid;
	view->is_taken = (stored == NULL || !OidIsValid(stored->table) ||
					  stored->table != model->relid);
	if (view->is_taken)
		return view;
	view->relid = relid;
	view->is_foreign = !is_taken_from(stored->owner, model->owner);
	return view;
}

/*
 * The existing and missing views of a model for adapters, as a list of
 * AdapterView.  An object of another role in the place of one is left alone.
 */
List *
find_adapter_views(const Model *model)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		const AdapterSchema *schema = lfirst(lc);

		const ConventionView *convention = view_of(schema->adapter, model->definition);

		if (convention)
			result = lappend(result, find_adapter_view(schema, convention, model));
	}
	return result;
}

/*
 * The OIDs of the existing views in a list of AdapterView.
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
	Datum		values[ADAPTER_VOUCHED];

	delete_adapter(schema_name);
	values[ADAPTER_SCHEMA - 1] = DirectFunctionCall1(namein, CStringGetDatum(schema_name));
	values[ADAPTER_NAME - 1] = CStringGetTextDatum(adapter);
	values[ADAPTER_VOUCHED - 1] = BoolGetDatum(true);
	insert_row(CATALOG_ADAPTER, values);
}

/*
 * Delete a schema from the catalog, if it is an adapter's.
 */
void
delete_adapter(const char *schema_name)
{
	CatalogRows rows;
	HeapTuple	row;

	begin_writing(&rows, CATALOG_ADAPTER, schema_name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (strcmp(row_name(&rows, row, ADAPTER_SCHEMA), schema_name) == 0)
			delete_row(&rows, row);
	}
	end_rows(&rows);
}

/*
 * Record that a schema, if it is an adapter's, has another name.
 */
void
rename_adapter(const char *schema_name, const char *new_name)
{
	Datum		values[ADAPTER_VOUCHED] = {0};
	bool		replaces[ADAPTER_VOUCHED] = {true, false, false};
	CatalogRows rows;
	HeapTuple	row;

	/*
	 * No schema had this name before the rename, so such a row is out of date
	 */
	delete_adapter(new_name);

	values[ADAPTER_SCHEMA - 1] = DirectFunctionCall1(namein, CStringGetDatum(new_name));
	begin_writing(&rows, CATALOG_ADAPTER, schema_name);
	while ((row = next_row(&rows)) != NULL)
	{
		if (strcmp(row_name(&rows, row, ADAPTER_SCHEMA), schema_name) == 0)
			update_row(&rows, row, values, replaces);
	}
	end_rows(&rows);
}

/*
 * Does a row of the table adapter mention the schema?
 */
bool
is_mentioned_schema(const char *schema_name)
{
	ListCell   *lc;

	foreach(lc, peek_column(CATALOG_ADAPTER, ADAPTER_SCHEMA, NAMEOID))
	{
		if (strcmp(NameStr(*DatumGetName(PointerGetDatum(lfirst(lc)))), schema_name) == 0)
			return true;
	}
	return false;
}

/*
 * Can the transaction have dropped the schema of an adapter?  Then there is no
 * schema of this name, or a new one.
 */
bool
has_lost_schemas(void)
{
	ListCell   *lc;

	foreach(lc, peek_column(CATALOG_ADAPTER, ADAPTER_SCHEMA, NAMEOID))
	{
		HeapTuple	tuple = SearchSysCache1(NAMESPACENAME, PointerGetDatum(lfirst(lc)));
		bool		is_old = HeapTupleIsValid(tuple) &&
		!TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));

		if (HeapTupleIsValid(tuple))
			ReleaseSysCache(tuple);
		if (!is_old)
			return true;
	}
	return false;
}

/*
 * Delete from the catalog the schemas that were dropped by the command which
 * fired an sql_drop event trigger.
 */
void
forget_dropped_schemas(void)
{
	ListCell   *lc;

	foreach(lc, query_texts("SELECT object_name FROM pg_catalog.pg_event_trigger_dropped_objects()"
							" WHERE classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass",
							0, NULL, NULL))
		delete_adapter(lfirst(lc));
}
