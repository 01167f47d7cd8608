/*-------------------------------------------------------------------------
 *
 * adapter_columns.c
 *	  adapter_columns_of(): the property that each column of an adapter's
 *	  views shows
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(adapter_columns_of);

static Datum look_at_adapter_columns(FunctionCallInfo fcinfo);
static void put_view_columns(ReturnSetInfo *rsinfo, const AdapterView *view,
							 List *columns);

/*
 * adapter_columns_of(schema text)
 *
 * Returns a row for each column of the views that an adapter has in a schema,
 * as they are now: view, column, model, property, and column of the table.
 * The property is null if the model declares none for the column.  A view that
 * is missing, or replaced by another object, has no rows.
 *
 * Raises an ERROR if the schema is null.
 */
Datum
adapter_columns_of(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	return look_for_result(look_at_adapter_columns, fcinfo);
}

static Datum
look_at_adapter_columns(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *schema_name;
	ListCell   *lc;

	schema_name = get_text(fcinfo, 0, "schema");
	tuplestore_clear(rsinfo->setResult);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);
		List	   *columns;

		if (!OidIsValid(model->relid))
			continue;
		columns = read_model_columns(model, read_table(model->relid)->columns,
									 ROWS_OF_QUERY);
		foreach(lc, find_adapter_views(model))
		{
			const AdapterView *view = lfirst(lc);

			if (OidIsValid(view->relid) && !view->is_foreign &&
				strcmp(view->schema_name, schema_name) == 0)
				put_view_columns(rsinfo, view, columns);
		}
	}
	return (Datum) 0;
}

static void
put_view_columns(ReturnSetInfo *rsinfo, const AdapterView *view, List *columns)
{
	StoredView *stored = read_view(view->relid);
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, stored ? stored->columns : NIL)
	{
		const StoredColumn *shown = lfirst(lc);
		const char *texts[] = {
			view->convention->name, shown->name, view->convention->model, NULL, NULL
		};

		foreach(lc2, columns)
		{
			const ColumnSpec *column = lfirst(lc2);

			if (column->attnum != shown->attnum)
				continue;
			texts[3] = column->property;
			texts[4] = column->column_name;
		}
		put_texts(rsinfo, texts);
	}
}
