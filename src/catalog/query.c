/*-------------------------------------------------------------------------
 *
 * query.c
 *	  Texts that a query of PostgreSQL's catalog finds
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "nextauth_catalog.h"

static List *get_texts(MemoryContext context);

/*
 * The first column of SPI's result, as a list; the list and its elements
 * outlive SPI_finish().
 */
static List *
get_texts(MemoryContext context)
{
	MemoryContext spi = MemoryContextSwitchTo(context);
	List	   *result = NIL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *text = SPI_getvalue(SPI_tuptable->vals[i],
										SPI_tuptable->tupdesc, 1);

		if (text)
			result = lappend(result, text);
	}
	MemoryContextSwitchTo(spi);
	return result;
}

Datum
make_oid_array(List *oids)
{
	ArrayBuildState *array = initArrayResult(OIDOID, CurrentMemoryContext, false);
	ListCell   *lc;

	foreach(lc, oids)
		array = accumArrayResult(array, ObjectIdGetDatum(lfirst_oid(lc)), false,
								 OIDOID, CurrentMemoryContext);
	return makeArrayResult(array, CurrentMemoryContext);
}

/*
 * Run a query on a column of PostgreSQL's catalog, the first column of which is
 * text.  "ignored", a list of OIDs, is its third parameter.
 */
List *
query_column(const char *query, Oid relid, AttrNumber attnum, List *ignored)
{
	Datum		values[3] = {ObjectIdGetDatum(relid), Int32GetDatum(attnum), make_oid_array(ignored)};
	Oid			types[3] = {OIDOID, INT4OID, OIDARRAYOID};

	return query_texts(query, 3, types, values);
}

/*
 * The texts that a query on PostgreSQL's catalog returns in its first column,
 * by the newest snapshot, as DDL sees it; without nulls, which describe
 * dropped objects.
 */
List *
query_texts(const char *query, int nargs, Oid *types, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	SPIPlanPtr	plan;
	List	   *result;

	SPI_connect();
	plan = SPI_prepare(query, nargs, types);
	SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	result = get_texts(caller);
	SPI_finish();
	return result;
}
