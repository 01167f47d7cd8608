/*-------------------------------------------------------------------------
 *
 * query.c
 *	  What a query of PostgreSQL's catalog finds
 *
 * Queries read the newest rows, as DDL sees them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "nextauth_catalog.h"

static void *read_text(HeapTuple row, TupleDesc columns);
static void *read_oid(HeapTuple row, TupleDesc columns);

/*
 * What "read" makes of the rows that a query returns, as a list.
 */
List *
query_rows(const char *query, int nargs, Oid *types, Datum *values,
		   RowReader read)
{
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	SPIPlanPtr	plan;

	SPI_connect();
	plan = SPI_prepare(query, nargs, types);
	SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);
		void	   *element = read(SPI_tuptable->vals[i], SPI_tuptable->tupdesc);

		if (element)
			result = lappend(result, element);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * The texts in the first column of a query's result, without nulls, which
 * describe dropped objects.
 */
List *
query_texts(const char *query, int nargs, Oid *types, Datum *values)
{
	return query_rows(query, nargs, types, values, read_text);
}

static void *
read_text(HeapTuple row, TupleDesc columns)
{
	return SPI_getvalue(row, columns, 1);
}

/*
 * The same of a query on a column of PostgreSQL's catalog.  "ignored", a list
 * of OIDs, is its third parameter.
 */
List *
query_column(const char *query, Oid relid, AttrNumber attnum, List *ignored)
{
	Datum		values[3] = {ObjectIdGetDatum(relid), Int32GetDatum(attnum), make_oid_array(ignored)};
	Oid			types[3] = {OIDOID, INT4OID, OIDARRAYOID};

	return query_texts(query, 3, types, values);
}

/*
 * The OIDs in the first column of a query's result.
 */
List *
query_oids(const char *query, int nargs, Oid *types, Datum *values)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, query_rows(query, nargs, types, values, read_oid))
		result = lappend_oid(result, *(Oid *) lfirst(lc));
	return result;
}

static void *
read_oid(HeapTuple row, TupleDesc columns)
{
	Oid		   *result = palloc_object(Oid);
	bool		isnull;

	*result = DatumGetObjectId(SPI_getbinval(row, columns, 1, &isnull));
	return result;
}

/*
 * A list of OIDs as an array, for a parameter of a query.
 */
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
