/*-------------------------------------------------------------------------
 *
 * history.c
 *	  Changes of models, as the catalog keeps them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/async.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "nextauth_catalog.h"

/* No model has so many changes, so a row with such a version does not count */
#define MAX_VERSION		PG_INT32_MAX

/*
 * Append a changed object and its change to the members of a JSON object.
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
 * Record a change of a model as its next version, and notify running adapters.
 * "changes" comes from append_change(); "statements" were run.
 */
void
write_change(const char *model, const char *action, const char *changes,
			 List *statements)
{
	Datum		values[CHANGE_COLUMNS];
	CatalogRows rows;

	begin_writing(&rows, CATALOG_MODEL_CHANGE, model);
	end_rows(&rows);
	values[0] = CStringGetTextDatum(model);
	values[1] = Int64GetDatum(next_version(model));
	values[2] = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	values[3] = DirectFunctionCall1(namein,
									CStringGetDatum(GetUserNameFromId(GetSessionUserId(),
																	  false)));
	values[4] = CStringGetTextDatum(action);
	values[5] = DirectFunctionCall1(jsonb_in,
									CStringGetDatum(psprintf("{%s}", changes)));
	values[6] = make_texts(statements);
	insert_row(CATALOG_MODEL_CHANGE, values);
	Async_Notify(NEXTAUTH_SCHEMA, model);
}

/*
 * The number of the model's next change: the last number plus one, or the
 * first free number if a forged row has the highest possible one.
 */
int64
next_version(const char *model)
{
	int64		next = read_version(model) + 1;
	List	   *versions = NIL;
	CatalogRows rows;
	HeapTuple	row;

	if (next < MAX_VERSION)
		return next;

	begin_rows(&rows, CATALOG_MODEL_CHANGE, model, NEWEST_ROWS);
	while ((row = next_row(&rows)) != NULL)
	{
		int64		version = DatumGetInt64(row_value(&rows, row, CHANGE_VERSION));

		if (version > 0 && version < MAX_VERSION)
			versions = lappend_int(versions, (int) version);
	}
	end_rows(&rows);

	/* The highest version comes first */
	next = 1;
	for (int i = list_length(versions) - 1; i >= 0; i--)
	{
		if (list_nth_int(versions, i) != next)
			break;
		next++;
	}
	return next;
}

/*
 * The number of the model's last change; 0 if there was none.
 */
int64
read_version(const char *model)
{
	int64		result = 0;
	CatalogRows rows;
	HeapTuple	row;

	begin_rows(&rows, CATALOG_MODEL_CHANGE, model, NEWEST_ROWS);
	while (result == 0 && (row = next_row(&rows)) != NULL)
	{
		int64		version = DatumGetInt64(row_value(&rows, row, CHANGE_VERSION));

		if (version > 0 && version < MAX_VERSION)
			result = version;
	}
	end_rows(&rows);
	return result;
}

/*
 * The changes of the model after a version, as texts of JSON objects.
 */
List *
read_changes(const char *model, int64 version)
{
	List	   *result = NIL;
	CatalogRows rows;
	HeapTuple	row;

	begin_rows(&rows, CATALOG_MODEL_CHANGE, model, NEWEST_ROWS);
	while ((row = next_row(&rows)) != NULL &&
		   DatumGetInt64(row_value(&rows, row, CHANGE_VERSION)) > version)
	{
		Datum		changes = row_value(&rows, row, CHANGE_CHANGES);

		result = lcons(DatumGetCString(DirectFunctionCall1(jsonb_out, changes)), result);
	}
	end_rows(&rows);
	return result;
}
